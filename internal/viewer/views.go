package viewer

import (
	"context"
	"log/slog"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/sightline-go/sightline/connect"
	"github.com/sightline-go/sightline/connect/jira"
	"github.com/sightline-go/sightline/internal/lang"
	"github.com/sightline-go/sightline/internal/source"
	"github.com/sightline-go/sightline/internal/workload"
)

// Config is everything that views need. All fields except Patience are
// required.
type Config struct {
	// Jira returns a client for one tenant that acts as a person.
	Jira      func(t *connect.Tenant, account connect.AccountID) (*jira.Client, error)
	Languages *lang.Catalogue
	// Patience is how long people wait; zero: [DefaultPatience].
	Patience Patience
	Log      *slog.Logger
	Now      func() time.Time
}

// Views is what all views of all people share. Make it with [New] and close it.
type Views struct {
	// People are the viewers as Jira knows them.
	People *People
	// Preferences are how each of them wants to see things.
	Preferences *Preferences
	// Patience is how long viewers wait.
	Patience Patience

	jira      func(*connect.Tenant, connect.AccountID) (*jira.Client, error)
	languages *lang.Catalogue
	now       func() time.Time
	changes   *changes
	caches    []kept
}

// kept is a cache of any view.
type kept interface {
	forget(id connect.TenantID)
	forgetPlace(id connect.TenantID, name string)
	close()
}

// New makes views that keep nothing yet.
func New(c Config) *Views {
	if c.Patience == (Patience{}) {
		c.Patience = DefaultPatience()
	}
	v := &Views{jira: c.Jira, languages: c.Languages, Patience: c.Patience, now: c.Now, changes: newChanges(c.Now)}
	v.People = newPeople(c)
	v.Preferences = newPreferences(c)
	return v
}

// Close ends all background reading and saving.
func (v *Views) Close() {
	v.Preferences.close()
	for _, c := range v.caches {
		c.close()
	}
	v.People.close()
}

// Forget drops everything of one tenant.
func (v *Views) Forget(id connect.TenantID) {
	for _, c := range v.caches {
		c.forget(id)
	}
	v.People.forget(id)
	v.Preferences.forget(id)
	v.changes.forget(id)
}

// ForgetPlace drops what anybody of a tenant saw at a place.
func (v *Views) ForgetPlace(id connect.TenantID, name string) {
	for _, c := range v.caches {
		c.forgetPlace(id, name)
	}
}

// Changed notes that a tenant's issues or work logs have just changed: earlier
// views are out of date.
func (v *Views) Changed(id connect.TenantID) { v.changes.note(id) }

// Jira returns a client that acts as a person.
func (v *Views) Jira(p Person) (*jira.Client, error) { return v.jira(p.Tenant, p.Account) }

// prepare asks in parallel for what every reading depends on.
func (v *Views) prepare(ctx context.Context, p Place, j *jira.Client, out *View) (person jira.User, site jira.Settings, err error) {
	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() (err error) {
		person, err = v.People.Get(ctx, p.Person, j)
		return err
	})
	g.Go(func() (err error) {
		site, err = v.People.Site(ctx, p.Tenant, j)
		return err
	})
	g.Go(func() (err error) {
		out.Config, out.Configured, err = p.Config(ctx, j)
		return err
	})
	err = g.Wait()
	out.Language = v.languages.Of(person.Locale)
	return person, site, err
}

// choice says which people are in the configured team.
func choice(c workload.GadgetConfig) source.Choice {
	return source.Choice{Projects: c.Projects, Role: c.Role, Query: c.Query}
}
