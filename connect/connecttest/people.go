package connecttest

import (
	"net/http"

	"github.com/sightline-go/sightline/connect/connecttest/internal/reply"
	"github.com/sightline-go/sightline/connect/connecttest/internal/world"
)

// Person is a person on the site. Email and Token together are their Basic
// authentication.
type Person struct {
	AccountID   string `json:"accountId"`
	DisplayName string `json:"displayName"`
	Email       string `json:"email"`
	Username    string `json:"username"`
	UserKey     string `json:"userKey"`
	Token       string `json:"token"`
	Admin       bool   `json:"admin"`
	Active      bool   `json:"active"`
	App         bool   `json:"app"`
	TimeZone    string `json:"timeZone"`
	Locale      string `json:"locale"`
}

func newPerson(p world.Person) Person {
	return Person{
		AccountID: p.AccountID, DisplayName: p.DisplayName, Email: p.Email, Username: p.Username, UserKey: p.UserKey,
		Token: p.Token, Admin: p.Admin, Active: p.Active, App: p.App, TimeZone: p.TimeZone, Locale: p.Locale,
	}
}

// People lists everybody except the users of installed apps.
func (s *Site) People() []Person {
	list := make([]Person, 0)
	for _, p := range s.world.People() {
		if p.AppKey == "" {
			list = append(list, newPerson(p))
		}
	}
	return list
}

func (s *Site) servePeople(w http.ResponseWriter, _ *http.Request) {
	reply.JSON(w, http.StatusOK, s.People())
}
