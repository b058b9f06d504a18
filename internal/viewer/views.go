package viewer

import (
	"cmp"
	"context"
	"log/slog"
	"time"

	"github.com/sightline-go/sightline/connect"
	"github.com/sightline-go/sightline/connect/jira"
	"github.com/sightline-go/sightline/internal/lang"
	"github.com/sightline-go/sightline/internal/source"
	"github.com/sightline-go/sightline/internal/swr"
	"github.com/sightline-go/sightline/internal/workload"
)

// Config is everything that views need. The fields are required
// unless they say otherwise.
type Config struct {
	// Jira returns a client for one tenant that acts as a person.
	Jira      func(t *connect.Tenant, account connect.AccountID) (*jira.Client, error)
	Languages *lang.Catalogue
	// Refusing is until when Jira takes no calls at a tenant because its limits are
	// reached, zero if it does; nil: it always does.
	Refusing func(id connect.TenantID) time.Time
	// Facts may be nil: then none are kept at home.
	Facts Facts
	// Calendars may be nil: then none can be read.
	Calendars Calendars
	// Saved is called after Jira has saved a person's preferences; it may be nil.
	Saved func(ctx context.Context, id connect.TenantID, account connect.AccountID)
	// MaxAge is the age up to which what a person saw is shown at all; zero:
	// [DefaultMaxAge].
	MaxAge time.Duration
	// Patience is how long people wait; zero: [DefaultPatience].
	Patience Patience
	Log      *slog.Logger
	Now      func() time.Time
}

// Facts returns those that are kept at home of a tenant.
type Facts func(id connect.TenantID) source.Facts

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
	refusing  func(connect.TenantID) time.Time
	facts     Facts
	calendars Calendars
	maxAge    time.Duration
	now       func() time.Time
	changes   *changes
	zones     *OddZones
	shared    shared
	names     *names
	caches    []kept
}

// kept is a cache of any view.
type kept interface {
	forget(id connect.TenantID)
	forgetPlace(id connect.TenantID, name string)
	sweep()
	asked() swr.Asked
	close()
}

// New makes views that keep nothing yet.
func New(c Config) *Views {
	if c.Patience == (Patience{}) {
		c.Patience = DefaultPatience()
	}
	v := &Views{
		jira: c.Jira, languages: c.Languages, refusing: c.Refusing, Patience: c.Patience, facts: c.Facts, calendars: c.Calendars, maxAge: cmp.Or(c.MaxAge, DefaultMaxAge),
		now: c.Now, changes: newChanges(c.Now), zones: &OddZones{Log: c.Log}, names: newNames(c.Now),
	}
	v.shared = newShared(c.Now, v.maxAge, v.changes)
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
	v.shared.close()
	v.names.kept.Close()
	v.People.close()
}

// Forget drops everything of one tenant.
func (v *Views) Forget(id connect.TenantID) {
	for _, c := range v.caches {
		c.forget(id)
	}
	v.shared.drop(func(k sharedKey) bool { return k.tenant == id })
	v.names.forget(id)
	v.People.forget(id)
	v.Preferences.forget(id)
	v.changes.forget(id)
}

// ForgetPlace drops what anybody of a tenant saw at a place, or at one whose name goes
// on with a slash.
func (v *Views) ForgetPlace(id connect.TenantID, name string) {
	for _, c := range v.caches {
		c.forgetPlace(id, name)
	}
}

// ForgetPreferences drops the preferences of people of a tenant, which another program
// has saved.
func (v *Views) ForgetPreferences(id connect.TenantID, whose func(connect.AccountID) bool) {
	v.Preferences.kept.Drop(func(k personKey) bool { return k.tenant == id && whose(k.account) })
}

// Sweep lets go what is too old to show and what nobody asks for any more. Call
// it now and then.
func (v *Views) Sweep() {
	for _, c := range v.caches {
		c.sweep()
	}
	v.shared.sweep()
	v.names.kept.Sweep()
	v.People.sweep()
	v.Preferences.kept.Sweep()
}

// Asked is what readers have found in the caches, by the name of each.
func (v *Views) Asked() map[string]swr.Asked {
	found := map[string]swr.Asked{
		"readings": v.shared.kept.Asked(), "names": v.names.kept.Asked(), "preferences": v.Preferences.kept.Asked(),
		"people": v.People.people.Asked(), "sites": v.People.sites.Asked(), "providers": v.People.providers.Asked(),
	}
	for _, c := range v.caches {
		found["views"] = found["views"].Plus(c.asked())
	}
	return found
}

// Changed notes that a tenant's issues or work logs have just changed: earlier views are
// out of date. issue is the id of the one that changed, empty if that is not known; what
// is kept at home of it must be known to be old, or new, by now.
func (v *Views) Changed(id connect.TenantID, issue string) { v.changes.note(id, issue) }

// Refusing is until when Jira takes no calls at a tenant; zero: it does.
func (v *Views) Refusing(id connect.TenantID) time.Time {
	if v.refusing == nil {
		return time.Time{}
	}
	return v.refusing(id)
}

// Jira returns a client that acts as a person from the server.
func (v *Views) Jira(p Person) (*jira.Client, error) { return v.jira(p.Tenant, p.Account) }

// Reader returns a client that reads as a person: in their page if that reads.
func (v *Views) Reader(p Person) (*jira.Client, error) {
	if p.Page != nil {
		return p.Page, nil
	}
	return v.Jira(p)
}

// Source reads as a person, with j that acts for them, and uses the facts that are
// kept at home. What a person's page says that they see is not believed that far:
// one that lies would be told what is hidden from it.
func (v *Views) Source(p Person, j *jira.Client) source.Reader {
	r := source.NewReader(j)
	if v.facts != nil && p.Page == nil {
		r.Facts, r.Names = v.facts(p.Tenant.ID), v.names.of(p, j)
	}
	return r
}

// choice says which people are in the configured team.
func choice(c workload.GadgetConfig, since workload.Date) source.Choice {
	return source.Choice{Projects: c.Projects, Role: c.Role, Query: c.Query, Group: c.Group, Since: since}
}
