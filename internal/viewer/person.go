package viewer

import (
	"context"
	"sync"

	"github.com/sightline-go/sightline/connect"
	"github.com/sightline-go/sightline/connect/jira"
	"github.com/sightline-go/sightline/internal/capacity"
	"github.com/sightline-go/sightline/internal/workload"
)

// Person is somebody on a tenant, whether they came through Jira, the chat or
// Slack. The zero value is nobody.
type Person struct {
	Tenant *connect.Tenant
	// Account is "" for somebody the tenant's Jira does not know.
	Account connect.AccountID
	// Page reads Jira in the person's own page; nil: the server reads for them.
	// What it reads is believed for this person alone and kept apart from what the
	// server reads, in every cache.
	Page *jira.Client
}

// Served is the person for whom the server reads.
func (p Person) Served() Person {
	p.Page = nil
	return p
}

func (p Person) key() personKey {
	return personKey{p.Tenant.ID, p.Tenant.Generation, p.Account, p.Page != nil}
}

// personKey names a person under one installation: data read under an older one
// stays separate.
type personKey struct {
	tenant     connect.TenantID
	generation int64
	account    connect.AccountID
	// page says that the person's own page read it.
	page bool
}

// of reports whether the key is a person's, whoever read.
func (k personKey) of(p Person) bool { return k == p.key() || k == p.key().other() }

// other is the same person, read by the other reader.
func (k personKey) other() personKey {
	k.page = !k.page
	return k
}

// Place is where a person looks at a view: a dashboard item in Jira, or the
// sidebar of a room.
type Place struct {
	Person
	// Name names the place among those of the tenant, for example
	// "item/10000/10001".
	Name string
	// Config finds out what is shown there.
	Config ConfigSource
	// Roster is what the place's editors have noted about its people's working time;
	// nil: nothing is kept for the place.
	Roster func(ctx context.Context) (capacity.Roster, error)
	// Thought finds out sooner what is probably shown there, for a person who is not
	// known yet; ok is false if it cannot. Reading begins with it while Config asks;
	// only what Config says is shown. nil: there is no sooner way.
	Thought func(ctx context.Context) (config workload.GadgetConfig, ok bool)
	// Found is told of which projects the issues of a query with a history are; it may be
	// nil.
	Found func(ctx context.Context, projects []string)
}

// askedOnce is the place with a configuration that is asked for once.
func (p Place) askedOnce() Place {
	var once sync.Once
	var config workload.GadgetConfig
	var configured bool
	var err error
	ask := p.Config
	p.Config = func(ctx context.Context, j *jira.Client) (workload.GadgetConfig, bool, error) {
		once.Do(func() { config, configured, err = ask(ctx, j) })
		return config, configured, err
	}
	return p
}

func (p Place) key() placeKey { return placeKey{p.Person.key(), p.Name} }

// placeKey names what one person sees at one place.
type placeKey struct {
	personKey
	name string
}

// other is the same place, read by the other reader.
func (k placeKey) other() placeKey { return placeKey{k.personKey.other(), k.name} }

// ConfigSource finds out what a place is configured to show, asking as the
// person that j acts for. configured is false if nobody has set it up.
type ConfigSource func(ctx context.Context, j *jira.Client) (config workload.GadgetConfig, configured bool, err error)
