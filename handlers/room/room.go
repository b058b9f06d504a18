// Package room sets up a chat's room, the same way for every chat: what the
// dialog starts from, how its fields are read and checked, and what people are
// told while the room does not show the result yet.
//
// Every member of a room may set it up: the chats have no permission for that,
// and all members see the label anyway. A member may choose what Jira shows
// them; projects that somebody else chose, and that this member may not browse,
// stay unless this member removes them.
//
// It knows neither a chat nor a gadget: a chat says who is setting up which room,
// and draws the dialog.
package room

import (
	"context"
	"errors"
	"time"

	"github.com/a-h/templ"

	"github.com/sightline-go/sightline/connect"
	"github.com/sightline-go/sightline/connect/jira"
	"github.com/sightline-go/sightline/handlers/edge"
	"github.com/sightline-go/sightline/handlers/form"
	"github.com/sightline-go/sightline/internal/glance"
	"github.com/sightline-go/sightline/internal/lang"
	"github.com/sightline-go/sightline/internal/viewer"
	"github.com/sightline-go/sightline/internal/workload"
	"github.com/sightline-go/sightline/web"
)

// ErrNoTenant is a chat on a site whose Jira does not have the app.
var ErrNoTenant = errors.New("no jira tenant on this site")

// Rooms shows what was set up.
type Rooms struct {
	// PushNow shows states while a person waits and says what failed, see
	// [glance.PushError].
	PushNow func(ctx context.Context, states ...glance.Key) error
	// Forms knows a site's fields.
	Forms *form.Forms
	// AsApp is Jira as the app sees it, which is whose sight a label counts.
	AsApp func(ctx context.Context, t *connect.Tenant) (*jira.Client, error)
}

// Setup is a person using the dialog of a room.
type Setup struct {
	viewer.Person
	// Row is the room as it is set up now; empty if it is not.
	Row glance.Row
	// Jira acts for the person.
	Jira     *jira.Client
	Language *lang.Language
	// Zone is the name of the person's own time zone, FirstDay the first day of their
	// week.
	Zone     string
	FirstDay time.Weekday
}

// NoTenant says what to install and where.
func NoTenant(l *lang.Language, cloud connect.CloudID) templ.Component {
	return web.MessageView(web.Message{
		Kind: web.MessageWarning, Title: l.State.NoTenant, Text: l.Say(l.Chat.WhereToInstall, edge.Product, string(cloud)),
	})
}

// Pulled is the stored label. A placeholder for a missing label is in the
// reader's language.
func Pulled(l *lang.Language, row glance.Row) string {
	words := glance.WordsIn(l)
	if len(row.Config.Projects) > 0 {
		words.Unset = l.Label.Counting
	}
	return row.PullLabelIn(words)
}

// ConfigSource is a room's configuration in a gadget's form.
func ConfigSource(c glance.Config) viewer.ConfigSource {
	return func(context.Context, *jira.Client) (workload.GadgetConfig, bool, error) {
		return c.Shared(), len(c.Projects) > 0, nil
	}
}
