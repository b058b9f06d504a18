package connecttest

import (
	"net/http"
	"net/url"

	"github.com/sightline-go/sightline/connect/connecttest/internal/world"
)

// nobody is how the site's pages call an anonymous viewer.
const nobody = "anonymous"

// viewerOf is the account id of ?as=, "" for nobody.
func viewerOf(q url.Values) string {
	if as := q.Get("as"); as != nobody {
		return as
	}
	return ""
}

// viewer is a person as the pages show them.
type viewer struct {
	AccountID   string `json:"accountId"`
	DisplayName string `json:"displayName"`
	TimeZone    string `json:"timeZone,omitempty"`
	Locale      string `json:"locale,omitempty"`
	Label       string `json:"label,omitempty"`
}

// showViewer shows a person; nil for nobody and for somebody whom the world does not
// have.
func showViewer(w *world.World, account, label string) *viewer {
	p, ok := w.Person(account)
	if !ok {
		return nil
	}
	return &viewer{AccountID: p.AccountID, DisplayName: p.DisplayName, TimeZone: p.TimeZone, Locale: p.Locale, Label: label}
}

func writeToken(w http.ResponseWriter, token string, err error) {
	if err != nil {
		controlError(w, err)
		return
	}
	writeJSON(w, http.StatusOK, map[string]string{"token": token})
}
