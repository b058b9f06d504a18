package localsite

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"slices"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/sightline-go/sightline"
	"github.com/sightline-go/sightline/connect"
	"github.com/sightline-go/sightline/connect/connecttest"
	"github.com/sightline-go/sightline/internal/app"
	"github.com/sightline-go/sightline/internal/onsite"
)

// DevFlags are the settings of the app and the local site in one process, with
// command line tags.
type DevFlags struct {
	Addr         string `default:"127.0.0.1:8080" help:"Listen address of the app."`
	SiteAddr     string `default:"127.0.0.1:2990" help:"Listen address of the local site."`
	Database     string `name:"database-url" help:"Keep the app's data there; default: a file that is removed at the end."`
	Flags        `embed:""`
	app.LogFlags `embed:""`
}

// Development is the app and the site, listening.
type Development struct {
	site     *Site
	app      *app.Program
	log      *slog.Logger
	listener net.Listener
	url      string
	remove   func() error
}

// Start opens everything, so that both know each other's address. Both log to
// logs. Close what it returns.
func (d DevFlags) Start(ctx context.Context, logs io.Writer) (*Development, error) {
	log, err := d.Logger(logs)
	if err != nil {
		return nil, err
	}
	site, err := d.Flags.Start(ctx, d.SiteAddr, log)
	if err != nil {
		return nil, err
	}
	var config net.ListenConfig
	listener, err := config.Listen(ctx, "tcp", d.Addr)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("listen: %w", err), site.Close())
	}
	out := &Development{site: site, log: log, listener: listener, url: "http://" + listener.Addr().String()}
	if err := out.open(ctx, d, logs); err != nil {
		return nil, errors.Join(err, listener.Close(), site.Close())
	}
	return out, nil
}

// open builds the app with settings that point to the site.
func (v *Development) open(ctx context.Context, d DevFlags, logs io.Writer) error {
	database, remove, err := d.database()
	if err != nil {
		return err
	}
	v.remove = remove
	flags := onsite.Flags(v.url, v.site.URL(), database)
	flags.ForgeFlags = onsite.ForgeFlags(v.site.URL())
	flags.LogFlags, flags.Signed = d.LogFlags, v.site.Signed
	set, err := flags.Parse(logs)
	if err != nil {
		return errors.Join(err, remove())
	}
	if v.app, err = app.New(ctx, set); err != nil {
		return errors.Join(err, remove())
	}
	return nil
}

// database is where the app's data goes, and what removes it.
func (d DevFlags) database() (address string, remove func() error, err error) {
	if d.Database != "" {
		return d.Database, func() error { return nil }, nil
	}
	dir, err := os.MkdirTemp("", "sightline-dev-")
	if err != nil {
		return "", nil, err
	}
	return "sqlite://" + filepath.Join(dir, "sightline.db"), func() error { return os.RemoveAll(dir) }, nil
}

// Run serves both, calls ready once they answer, and waits.
func (v *Development) Run(ctx context.Context, ready func(context.Context) error) error {
	g, ctx := errgroup.WithContext(ctx)
	// The site stops last, so that the app can still call it while stopping.
	siteCtx, stopSite := context.WithCancel(context.WithoutCancel(ctx))
	g.Go(func() error { return v.site.Run(siteCtx) })
	g.Go(func() error {
		defer stopSite()
		return v.app.Run(ctx, v.listener)
	})
	g.Go(func() error { return ready(ctx) })
	return g.Wait()
}

// Furnish installs the app through Forge and Connect and sets up its gadgets,
// one room and Slack.
func (v *Development) Furnish(ctx context.Context) error {
	folder, err := os.MkdirTemp("", "sightline-forge-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(folder) // the site has read it by then
	if err := onsite.WriteForge(folder, v.url); err != nil {
		return err
	}
	stage := onsite.Stage{Site: v.site.URL(), App: v.url, ChatToken: v.site.ChatToken, Known: v.known, Folder: folder}
	if err := stage.Furnish(ctx); err != nil {
		return err
	}
	if err := stage.DeployForge(ctx); err != nil {
		return err
	}
	err = stage.AddToSlack(ctx)
	if err == nil {
		err = stage.SetUpSlack(ctx)
	}
	if err != nil {
		// In a kept database the workspace may belong to an earlier site.
		v.log.WarnContext(ctx, "Slack is not set up", "error", err)
	}
	return nil
}

// known waits until the app knows the site's cloud id.
func (v *Development) known(ctx context.Context, cloudID string) error {
	ctx, cancel := context.WithTimeout(ctx, 30*time.Second)
	defer cancel()
	for {
		_, err := v.app.Store().Tenants.TenantByCloudID(ctx, connect.CloudID(cloudID))
		if !errors.Is(err, connect.ErrNotFound) {
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(20 * time.Millisecond):
		}
	}
}

// Close closes what Run served, and removes what is not kept.
func (v *Development) Close() error { return errors.Join(v.app.Close(), v.remove()) }

// Greeting says where everything is.
func (v *Development) Greeting() string {
	dashboards := v.site.Objects().Dashboards
	return fmt.Sprintf(`Sightline %s is running on a local site with sample data.

  Dashboard  %s/jira/dashboards/%s  (on Forge)
  Another    %s/jira/dashboards/%s  (on Connect)
  Capacity   %s/jira/dashboards/%s  (load by working time, what is due ahead, and groups)
  Chat       %s/chat
  Slack      %s/slack  (type /sightline)
  Issues     %s/issues/
  Apps       %s/plugins/servlet/upm?as=%s  (upgrade from Connect to hybrid and to Forge)

Change an issue and watch the gadget and the room follow. Stop with Ctrl+C.
`, sightline.Version, v.site.URL(), dashboards[0].ID, v.site.URL(), dashboards[min(1, len(dashboards)-1)].ID,
		v.site.URL(), dashboards[min(2, len(dashboards)-1)].ID, v.site.URL(), v.site.URL(), v.site.URL(), v.site.URL(), v.admin())
}

// admin is the account id of somebody who administers the site.
func (v *Development) admin() string {
	people := v.site.People()
	return people[slices.IndexFunc(people, func(p connecttest.Person) bool { return p.Admin && p.Active })].AccountID
}
