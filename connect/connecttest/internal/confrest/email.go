package confrest

import (
	"net/http"

	"github.com/sightline-go/sightline/connect/connecttest/internal/api"
)

type emailRecord struct {
	AccountID string `json:"accountId"`
	Email     string `json:"email"`
}

// emailOn answers 501 while the operations are switched off.
func (c *call) emailOn() error {
	if c.w.Settings().EmailsOff {
		return api.Refuse(http.StatusNotImplemented, "This API is not currently enabled.")
	}
	return nil
}

// email gives one address, whatever the profile's visibility is.
func (c *call) email() (api.Answer, error) {
	if err := c.emailOn(); err != nil {
		return api.Answer{}, err
	}
	id := c.query.Get("accountId")
	if id == "" {
		return api.Answer{}, missingAccount()
	}
	p, found := c.w.Person(id)
	if !found || p.Email == "" {
		return api.Answer{}, noUser(id)
	}
	return api.OK(emailRecord{p.AccountID, p.Email})
}

// emails leaves out accounts that do not exist.
func (c *call) emails() (api.Answer, error) {
	if err := c.emailOn(); err != nil {
		return api.Answer{}, err
	}
	ids := c.query.List("accountId")
	if len(ids) == 0 {
		return api.Answer{}, missingAccount()
	}
	found := []emailRecord{}
	for _, id := range ids {
		if p, ok := c.w.Person(id); ok && p.Email != "" {
			found = append(found, emailRecord{p.AccountID, p.Email})
		}
	}
	return api.OK(found)
}
