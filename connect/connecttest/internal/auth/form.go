package auth

import (
	"fmt"
	"mime"
	"net/http"
	"net/url"
	"time"

	"github.com/sightline-go/sightline/connect/connecttest/internal/reply"
)

const formType = "application/x-www-form-urlencoded"

// FormLimit bounds what a token endpoint reads, in bytes.
const FormLimit = 64 << 10

// Refusal is an error answer of RFC 6749.
type Refusal struct {
	Status      int    `json:"-"`
	Code        string `json:"error"`
	Description string `json:"error_description"`
}

// Refuse makes a Refusal.
func Refuse(status int, code, format string, args ...any) *Refusal {
	return &Refusal{Status: status, Code: code, Description: fmt.Sprintf(format, args...)}
}

// Write answers with the refusal.
func (e *Refusal) Write(w http.ResponseWriter) {
	reply.Note(w, e.Code+": "+e.Description)
	reply.JSON(w, e.Status, e)
}

// ReadForm reads the form of a call to a token endpoint.
func ReadForm(w http.ResponseWriter, r *http.Request) (url.Values, *Refusal) {
	if kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type")); kind != formType {
		return nil, Refuse(http.StatusBadRequest, "invalid_request", "the content type must be %s", formType)
	}
	r.Body = http.MaxBytesReader(w, r.Body, FormLimit)
	if err := r.ParseForm(); err != nil {
		return nil, Refuse(http.StatusBadRequest, "invalid_request", "the form cannot be read")
	}
	for name, values := range r.PostForm {
		if len(values) > 1 {
			return nil, Refuse(http.StatusBadRequest, "invalid_request", "%s is given twice", name)
		}
	}
	return r.PostForm, nil
}

// WriteToken answers with an access token. An empty scope is left out.
func WriteToken(w http.ResponseWriter, token string, life time.Duration, scope string) {
	w.Header().Set("Cache-Control", "no-store")
	reply.JSON(w, http.StatusOK, struct {
		AccessToken string `json:"access_token"`
		ExpiresIn   int    `json:"expires_in"`
		Scope       string `json:"scope,omitempty"`
		TokenType   string `json:"token_type"`
	}{token, int(life / time.Second), scope, "Bearer"})
}
