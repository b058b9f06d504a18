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

// personFresh is how long a person's time zone, language and preferences are
// believed; siteFresh is the same for a site's settings.
const (
	personFresh = 15 * time.Minute
	siteFresh   = time.Hour
)

// People keeps what Jira says of viewers and of their sites, for a while.
type People struct {
	languages *lang.Catalogue
	// wait is how long a view waits to learn what a site tracks time with.
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

// Known reports whether Jira need not be asked about a person.
func (p *People) Known(person Person) bool {
	_, _, _, ok := p.people.Peek(person.key())
	return ok
}

// Language is that of a person's Jira, nil while it is not known. It asks
// nobody.
func (p *People) Language(person Person) *lang.Language {
	found, _, _, ok := p.people.Peek(person.key())
	if !ok {
		return nil
	}
	return p.languages.Of(found.Locale)
}

// Site is a site's settings, which all of its people share.
func (p *People) Site(ctx context.Context, t *connect.Tenant, j *jira.Client) (jira.Settings, error) {
	site, _, _, err := p.sites.Get(ctx, Person{Tenant: t}.key(), j.Settings.Get)
	return site, err
}

// Provider is what a site tracks time with. The zero value is Jira itself, or
// what the person may not know.
type Provider struct {
	// Name is that of another provider than Jira.
	Name string
	// Off says that the site tracks no time.
	Off bool
}

// jiraProvider is the key of Jira's own time tracking.
const jiraProvider = "JIRA"

// provider asks what the site tracks time with. Most people may not know that,
// and no answer of Jira's is a reason to show nothing. An answer that comes
// late is there for the next view.
func (p *People) provider(ctx context.Context, person Person, j *jira.Client) Provider {
	ctx, cancel := context.WithTimeout(ctx, p.wait)
	defer cancel()
	found, _, _, err := p.providers.Get(ctx, person.key(), func(ctx context.Context) (Provider, error) {
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
	})
	if err != nil {
		return Provider{}
	}
	return found
}

// forgetTracking has the next view ask anew how the site tracks time.
func (p *People) forgetTracking(t *connect.Tenant) {
	site := Person{Tenant: t}.key()
	p.sites.Drop(func(k personKey) bool { return k == site })
	p.providers.Drop(func(k personKey) bool { return k.tenant == t.ID })
}
