package auth

import (
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"net/http"
	"strings"

	"github.com/sightline-go/sightline/connect/connecttest/internal/world"
)

// Password accepts a person's e-mail address and API token.
func Password(w *world.World) Way {
	return Way{Scheme: "basic", Caller: func(_ *http.Request, c Credentials) (Identity, error) {
		refused := errors.New("wrong e-mail address or API token")
		plain, err := base64.StdEncoding.DecodeString(c.Text)
		if err != nil {
			return Identity{}, refused
		}
		email, token, _ := strings.Cut(string(plain), ":")
		p, ok := w.PersonByEmail(email)
		if !ok || !p.Active || p.Token == "" || subtle.ConstantTimeCompare([]byte(p.Token), []byte(token)) != 1 {
			return Identity{}, refused
		}
		return Identity{Account: p.AccountID, Via: ViaPassword}, nil
	}}
}
