package viewer

import (
	"context"

	"github.com/sightline-go/sightline/connect"
	"github.com/sightline-go/sightline/connect/jira"
	"github.com/sightline-go/sightline/internal/workload"
)

// Person is somebody on a tenant, whether they came through Jira, the chat or
// Slack. The zero value is nobody.
type Person struct {
	Tenant *connect.Tenant
	// Account is "" for somebody the tenant's Jira does not know.
	Account connect.AccountID
}

func (p Person) key() personKey {
	return personKey{p.Tenant.ID, p.Tenant.Generation, p.Account}
}

// personKey names a person under one installation: data read under an older one
// stays separate.
type personKey struct {
	tenant     connect.TenantID
	generation int64
	account    connect.AccountID
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
}

func (p Place) key() placeKey { return placeKey{p.Person.key(), p.Name} }

// placeKey names what one person sees at one place.
type placeKey struct {
	personKey
	name string
}

// ConfigSource finds out what a place is configured to show, asking as the
// person that j acts for. configured is false if nobody has set it up.
type ConfigSource func(ctx context.Context, j *jira.Client) (config workload.GadgetConfig, configured bool, err error)
