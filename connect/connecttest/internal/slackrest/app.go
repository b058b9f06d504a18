package slackrest

import (
	"crypto/rand"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"
)

// App is an app as registered with Slack: what its developer enters there.
type App struct {
	// Name is how people see it.
	Name          string `json:"name"`
	ClientID      string `json:"clientId"`
	ClientSecret  string `json:"clientSecret"`
	SigningSecret string `json:"signingSecret"`
	// RedirectURL begins every address that a person may be sent back to.
	RedirectURL string `json:"redirectUrl"`
	// Command is the slash command, for example "/status".
	Command         string `json:"command"`
	CommandURL      string `json:"commandUrl"`
	InteractionsURL string `json:"interactionsUrl"`
	OptionsURL      string `json:"optionsUrl"`
	EventsURL       string `json:"eventsUrl"`
	// UnfurlDomains are the hosts of which the app wants to know that somebody links to
	// them, at most five, without a port.
	UnfurlDomains []string `json:"unfurlDomains,omitempty"`
}

func (a App) check() error {
	if a.Name == "" {
		return errors.New("name: is missing")
	}
	if a.ClientID == "" || a.ClientSecret == "" || a.SigningSecret == "" {
		return errors.New("clientId, clientSecret and signingSecret: all are needed")
	}
	if !strings.HasPrefix(a.Command, "/") {
		return errors.New("command: must begin with /")
	}
	if len(a.UnfurlDomains) > maxDomains || slices.ContainsFunc(a.UnfurlDomains, func(d string) bool { return d == "" || strings.ContainsAny(d, ":/ ") }) {
		return fmt.Errorf("unfurlDomains: at most %d hosts", maxDomains)
	}
	for name, address := range map[string]string{
		"redirectUrl": a.RedirectURL, "commandUrl": a.CommandURL, "interactionsUrl": a.InteractionsURL,
		"optionsUrl": a.OptionsURL, "eventsUrl": a.EventsURL,
	} {
		if u, err := url.Parse(address); err != nil || u.Host == "" {
			return fmt.Errorf("%s: must be an absolute address", name)
		}
	}
	return nil
}

// maxDomains is how many domains an app may have.
// See https://docs.slack.dev/messaging/unfurling-links-in-messages
const maxDomains = 5

// appID is the id of the registered app.
const appID = "A0SLAPP001"

// install is the registered app in the workspace.
type install struct {
	token, botUser, botID string
	scopes                []string
	// refresh renews the token, once; "" without rotation.
	refresh string
}

func (i *install) has(scope string) bool { return slices.Contains(i.scopes, scope) }

// tokenState is what has become of a bot token.
type tokenState int

const (
	tokenValid tokenState = iota + 1
	tokenRevoked
	tokenInactive
)

// code is an authorization code not yet exchanged.
type code struct {
	user, redirect string
	scopes         []string
	expires        time.Time
	used           bool
}

// trigger lets an app open a modal for a person, once, for three seconds.
type trigger struct {
	user, channel string
	expires       time.Time
	used          bool
}

const triggerLife = 3 * time.Second

// Register registers an app in place of the previous one, which is uninstalled
// without being told.
func (s *Server) Register(a App) error {
	if err := a.check(); err != nil {
		return fmt.Errorf("register app: %w", err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.drop(tokenInactive)
	s.app = &a
	return nil
}

// drop removes the app from the workspace; it needs the lock.
func (s *Server) drop(state tokenState) {
	for token := range s.tokens {
		if s.tokens[token] == tokenValid {
			s.tokens[token] = state
		}
	}
	s.installed = nil
	for _, c := range s.team.channels {
		c.bot = false
	}
	s.team.open = map[string]*view{}
}

// put installs the app; installing it again keeps bot and token, as in Slack,
// unless tokens rotate.
func (s *Server) put(scopes []string) *install {
	if s.installed == nil {
		s.installed = &install{botUser: s.id("U"), botID: s.id("B")}
	}
	if s.installed.token == "" || s.rotation {
		s.newToken()
	}
	for _, scope := range scopes {
		if !s.installed.has(scope) {
			s.installed.scopes = append(s.installed.scopes, scope)
		}
	}
	return s.installed
}

// trigger makes a trigger id; it needs the lock.
func (s *Server) trigger(user, channel string) string {
	id := "13345224609.738474920." + strings.ToLower(rand.Text())
	s.triggers[id] = trigger{user: user, channel: channel, expires: s.Now().Add(triggerLife)}
	return id
}
