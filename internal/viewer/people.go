package viewer

import (
	"context"
	"errors"
	"time"

	"github.com/sightline-go/sightline/connect"
	"github.com/sightline-go/sightline/connect/jira"
	"github.com/sightline-go/sightline/connect/rest"
	"github.com/sightline-go/sightline/internal/lang"
	"github.com/sightline-go/sightline/internal/swr"
)

// personFresh is how long a person's time zone, language and preferences stay
// fresh; siteFresh is the same for a site's settings.
const (
	personFresh = 15 * time.Minute
	siteFresh   = time.Hour
)

// People keeps, for a while, what Jira says about viewers and their sites.
type People struct {
	languages *lang.Catalogue
	// wait is how long a view waits to learn which time tracking a site uses.
	wait      time.Duration
	people    *swr.Cache[personKey, jira.User]
	sites     *swr.Cache[personKey, jira.Settings]
	providers *swr.Cache[personKey, Provider]
}

func newPeople(c Config) *People {
	return &People{
		languages: c.Languages, wait: c.Patience.Provider,
		people:    newKept[personKey, jira.User](c.Now, personFresh),
		sites:     newKept[personKey, jira.Settings](c.Now, siteFresh),
		providers: newKept[personKey, Provider](c.Now, siteFresh),
	}
}

func (p *People) close() {
	p.providers.Close()
	p.people.Close()
	p.sites.Close()
}

func (p *People) sweep() {
	p.providers.Sweep()
	p.people.Sweep()
	p.sites.Sweep()
}

func (p *People) forget(id connect.TenantID) {
	of := func(k personKey) bool { return k.tenant == id }
	p.providers.Drop(of)
	p.people.Drop(of)
	p.sites.Drop(of)
}

// Get is a person as Jira knows them; j acts for them.
func (p *People) Get(ctx context.Context, person Person, j *jira.Client) (jira.User, error) {
	found, _, _, err := p.people.Get(ctx, person.key(), j.Myself.Get)
	return found, err
}

// Known reports whether the person is known without asking Jira.
func (p *People) Known(person Person) bool {
	_, ok := p.known(person)
	return ok
}

// known is a person as they are kept, whoever read that.
func (p *People) known(person Person) (jira.User, bool) {
	found, _, _, ok := p.people.Peek(person.key())
	if !ok {
		found, _, _, ok = p.people.Peek(person.key().other())
	}
	return found, ok
}

// Language is that of a person's Jira, nil if it is not known. It does not ask
// Jira.
func (p *People) Language(person Person) *lang.Language {
	found, ok := p.known(person)
	if !ok {
		return nil
	}
	return p.languages.Of(found.Locale)
}

// Site is the settings of a person's site; j acts for the person. All people share
// them, but what was read in somebody's page only that person gets.
func (p *People) Site(ctx context.Context, person Person, j *jira.Client) (jira.Settings, error) {
	key := siteOf(person)
	if person.Page != nil {
		if site, _, stale, ok := p.sites.Peek(key); ok && !stale {
			return site, nil
		}
		key = person.key()
	}
	site, _, _, err := p.sites.Get(ctx, key, j.Settings.Get)
	return site, err
}

// siteOf is the key of what all people of a person's site share.
func siteOf(person Person) personKey { return Person{Tenant: person.Tenant}.key() }

// Provider is the time tracking that a site uses. The zero value is Jira's own,
// or one that the person may not see.
type Provider struct {
	// Name is that of a provider other than Jira.
	Name string
	// Off says that the site tracks no time.
	Off bool
}

// jiraProvider is the key of Jira's own time tracking.
const jiraProvider = "JIRA"

// provider asks which time tracking the site uses. Most people may not know
// that, and no answer of Jira's is a reason to show nothing. A late answer
// serves the next view; a page is waited for, because it brings this answer with
// others.
func (p *People) provider(ctx context.Context, person Person, j *jira.Client) <-chan Provider {
	answer := make(chan Provider, 1)
	go func() {
		wait := p.wait
		if person.Page != nil {
			wait = pageTime
		}
		ctx, cancel := context.WithTimeout(ctx, wait)
		defer cancel()
		found, _, _, err := p.providers.Get(ctx, person.key(), func(ctx context.Context) (Provider, error) { return readProvider(ctx, j) })
		if err != nil {
			found = Provider{}
		}
		answer <- found
	}()
	return answer
}

func readProvider(ctx context.Context, j *jira.Client) (Provider, error) {
	selected, on, err := j.TimeTracking.Selected(ctx)
	switch {
	case errors.Is(err, rest.ErrForbidden), errors.Is(err, rest.ErrUnauthorized):
		return Provider{}, nil
	case err != nil || !on:
		return Provider{Off: err == nil}, err
	case selected.Key == jiraProvider:
		return Provider{}, nil
	}
	return Provider{Name: selected.Name}, nil
}

// forgetTracking makes the next view ask again how the site tracks time: for
// everybody, unless it was a person's page that said so.
func (p *People) forgetTracking(person Person) {
	site, own := siteOf(person), person.key()
	p.sites.Drop(func(k personKey) bool { return k == own || k == site && person.Page == nil })
	p.providers.Drop(func(k personKey) bool { return k == own || k.tenant == own.tenant && person.Page == nil })
}
