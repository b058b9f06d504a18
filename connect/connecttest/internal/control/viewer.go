package control

import (
	"net/http"
	"net/url"

	"github.com/sightline-go/sightline/connect/connecttest/internal/reply"
	"github.com/sightline-go/sightline/connect/connecttest/internal/world"
)

// nobody is how the site's pages call an anonymous viewer.
const nobody = "anonymous"

// AskedBy is the account id of ?as=, "" for nobody.
func AskedBy(q url.Values) string {
	if as := q.Get("as"); as != nobody {
		return as
	}
	return ""
}

// Viewer is a person as the pages show them.
type Viewer struct {
	AccountID   string `json:"accountId"`
	DisplayName string `json:"displayName"`
	TimeZone    string `json:"timeZone,omitempty"`
	Locale      string `json:"locale,omitempty"`
	Label       string `json:"label,omitempty"`
}

// Show shows a person; nil for an anonymous visitor and for an account that the
// world does not have.
func Show(w *world.World, account, label string) *Viewer {
	p, ok := w.Person(account)
	if !ok {
		return nil
	}
	return &Viewer{AccountID: p.AccountID, DisplayName: p.DisplayName, TimeZone: p.TimeZone, Locale: p.Locale, Label: label}
}

// Token answers with a token, or with what went wrong.
func Token(w http.ResponseWriter, token string, err error) {
	if err != nil {
		Error(w, err)
		return
	}
	reply.JSON(w, http.StatusOK, map[string]string{"token": token})
}
