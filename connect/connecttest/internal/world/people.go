package world

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
	"time"
)

// Person is an account of the site: a human, a bot, or the user of an
// installed app.
type Person struct {
	AccountID   string
	DisplayName string
	Email       string // not shown to others; with Token it is Basic auth
	Username    string // Data Center's name of the same person
	UserKey     string // Data Center's key of the same person
	Token       string // API token
	TimeZone    string // IANA name
	Locale      string // such as en_GB
	Admin       bool   // holds Administer Jira
	Active      bool
	App         bool   // accountType app
	AppKey      string // the installed app whose user this is, else ""
	// ShowsEmail says that everybody who is logged in may see the address.
	ShowsEmail bool
	// NoUserBrowsing says that the person lacks the global permission Browse
	// users and groups.
	NoUserBrowsing bool
	// LogsOnly says that the person may log work but not change it.
	LogsOnly bool
}

// Location is the person's time zone, UTC if it is not known here.
func (p Person) Location() *time.Location {
	loc, err := time.LoadLocation(p.TimeZone)
	if err != nil {
		return time.UTC
	}
	return loc
}

// People lists everybody, in the order loaded, app users last.
func (w *World) People() []Person {
	w.mu.RLock()
	defer w.mu.RUnlock()
	return slices.Clone(w.state.people)
}

// Person finds an account by its id.
func (w *World) Person(accountID string) (Person, bool) {
	w.mu.RLock()
	defer w.mu.RUnlock()
	return w.state.person(accountID)
}

// PersonByEmail finds an account by its e-mail address, in any case. App
// users have none.
func (w *World) PersonByEmail(email string) (Person, bool) {
	w.mu.RLock()
	defer w.mu.RUnlock()
	i := slices.IndexFunc(w.state.people, func(p Person) bool {
		return p.Email != "" && strings.EqualFold(p.Email, email)
	})
	if i < 0 {
		return Person{}, false
	}
	return w.state.people[i], true
}

// AppAccount is the account id of an app's own user.
func AppAccount(appKey string) string { return "addon_" + appKey }

// AddApp gives an installed app its user, which may browse and administer
// every project that does not exclude apps. A second call renames it.
func (w *World) AddApp(appKey, name string) Person {
	w.mu.Lock()
	defer w.mu.Unlock()
	p := Person{
		AccountID: AppAccount(appKey), DisplayName: name, AppKey: appKey,
		Username: AppAccount(appKey), UserKey: AppAccount(appKey),
		TimeZone: "Etc/UTC", Locale: "en_US", Active: true, App: true,
	}
	w.state.addPerson(p)
	return p
}

// RemoveApp removes an app's user, its dashboard items and their properties.
func (w *World) RemoveApp(appKey string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.state.people = slices.DeleteFunc(w.state.people, func(p Person) bool { return p.AppKey == appKey && appKey != "" })
	w.state.indexPeople()
	w.state.removeItems(appKey)
}

func (s *state) person(accountID string) (Person, bool) {
	i, ok := s.personIndex[accountID]
	if !ok {
		return Person{}, false
	}
	return s.people[i], true
}

// SetLocale gives everybody's Jira one locale, in what Reset restores too.
func (w *World) SetLocale(locale string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, s := range []*state{&w.state, &w.loaded} {
		for i := range s.people {
			s.people[i].Locale = locale
		}
	}
}

func (s *state) addPerson(p Person) {
	if i, ok := s.personIndex[p.AccountID]; ok {
		s.people[i] = p
		return
	}
	s.personIndex[p.AccountID] = len(s.people)
	s.people = append(s.people, p)
}

func (s *state) indexPeople() {
	clear(s.personIndex)
	for i, p := range s.people {
		s.personIndex[p.AccountID] = i
	}
}

// newPerson makes an account whose ids follow from the user name, so that they
// are the same on every start. Real sites have account ids of both shapes.
func newPerson(number int, username, displayName, zone string) Person {
	sum := sha256.Sum256([]byte("account " + username))
	h := hex.EncodeToString(sum[:])
	id := h[:24]
	if number%2 == 1 {
		id = fmt.Sprintf("712020:%s-%s-%s-%s-%s", h[:8], h[8:12], h[12:16], h[16:20], h[20:32])
	}
	token := sha256.Sum256([]byte("token " + username))
	return Person{
		AccountID: id, DisplayName: displayName, Username: username,
		Email: mailName(username) + "@example.com", UserKey: fmt.Sprintf("JIRAUSER%d", 10100+number),
		Token: "ATATT" + hex.EncodeToString(token[:12]), TimeZone: zone, Locale: "en_GB", Active: true,
	}
}

// mailName makes the local part of an address out of any user name.
func mailName(username string) string {
	return strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' || r == '.' || r == '_' || r == '-' {
			return r
		}
		return '-'
	}, strings.ToLower(username))
}

// Humans are the people who can look at a page: active, and not apps.
func (w *World) Humans() []Person {
	return slices.DeleteFunc(w.People(), func(p Person) bool { return p.App || !p.Active })
}

// AdminID is the account that installs apps; empty if nobody is an admin.
func (w *World) AdminID() string {
	for _, p := range w.Humans() {
		if p.Admin {
			return p.AccountID
		}
	}
	return ""
}

// KnownAccount refuses an account that does not exist or is not active. The
// empty one is an anonymous viewer and is accepted.
func (w *World) KnownAccount(account string) error {
	if account == "" {
		return nil
	}
	if p, ok := w.Person(account); !ok || !p.Active {
		return fmt.Errorf("account %q: not an active account of this site", account)
	}
	return nil
}
