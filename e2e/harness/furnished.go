package harness

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/sightline-go/sightline/connect"
	"github.com/sightline-go/sightline/connect/connecttest"
	"github.com/sightline-go/sightline/internal/app"
	"github.com/sightline-go/sightline/internal/onsite"
)

// OnSite is the program with its site.
func (r *Running) OnSite() onsite.Stage {
	return onsite.Stage{Site: r.Site.URL(), App: r.URL, ChatToken: r.Site.ChatToken, Known: r.knows}
}

// knows waits until the program knows its tenant's cloud id.
func (r *Running) knows(ctx context.Context, cloudID string) error {
	for {
		_, err := r.Store.Tenants.TenantByCloudID(ctx, connect.CloudID(cloudID))
		if !errors.Is(err, connect.ErrNotFound) {
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(10 * time.Millisecond):
		}
	}
}

// AdminAccount is an admin of the site's Jira.
func (r *Running) AdminAccount(t testing.TB) string {
	t.Helper()
	account, err := r.OnSite().Admin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return account
}

// Furnished is the program on a site of its own, set up as the dev command
// does, with the waits that people get.
func Furnished(t testing.TB) *Running {
	t.Helper()
	site := connecttest.NewSite(t)
	r := Start(t, site, AsPeople, func(f *app.ServeFlags) { f.Signed = site.Signed })
	stage := r.OnSite()
	if err := stage.Furnish(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := stage.AddToSlack(t.Context()); err != nil {
		t.Fatal(err)
	}
	return r
}
