package main

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/sightline-go/sightline"
	"github.com/sightline-go/sightline/connect"
	"github.com/sightline-go/sightline/connect/connecttest"
	"github.com/sightline-go/sightline/internal/workload"
	"github.com/sightline-go/sightline/web"
)

// devCmd runs the app and the local site in one process.
type devCmd struct {
	Addr      string `default:"127.0.0.1:8080" help:"Listen address of the app."`
	SiteAddr  string `default:"127.0.0.1:2990" help:"Listen address of the local site."`
	Database  string `name:"database-url" help:"Keep the app's data there; default: a file that is removed at the end."`
	siteFlags `embed:""`
	logFlags  `embed:""`
}

// Run installs the app on the site, sets up its gadgets and one room as
// people would, and serves both until it is interrupted.
func (d devCmd) Run(ctx context.Context, con console) error {
	v, err := d.start(ctx, con)
	if err != nil {
		return err
	}
	err = v.run(ctx, func(ctx context.Context) error {
		if err := v.furnish(ctx); err != nil {
			return err
		}
		_, err := io.WriteString(con.stdout, v.greeting())
		return err
	})
	if ctx.Err() != nil && errors.Is(err, ctx.Err()) {
		err = nil // interrupted while it was starting
	}
	return errors.Join(err, v.close())
}

// development is the app and the site, listening.
type development struct {
	site     *localSite
	app      *program
	listener net.Listener
	url      string
	appKey   string
	chatKey  string
	remove   func() error
}

// The chat app's OAuth client on the local site.
const (
	devClientID     = "sightline-dev"
	devClientSecret = "a client secret for the local site alone"
)

// start opens everything, so that both know each other's address.
func (d devCmd) start(ctx context.Context, con console) (*development, error) {
	var c checks
	log := d.logger(&c, con)
	if err := c.err(); err != nil {
		return nil, err
	}
	site, err := d.siteFlags.start(ctx, d.SiteAddr, log)
	if err != nil {
		return nil, err
	}
	var config net.ListenConfig
	listener, err := config.Listen(ctx, "tcp", d.Addr)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("listen: %w", err), site.close())
	}
	out := &development{site: site, listener: listener, url: "http://" + listener.Addr().String()}
	if err := out.open(ctx, d, con); err != nil {
		return nil, errors.Join(err, listener.Close(), site.close())
	}
	return out, nil
}

// open builds the app with settings that point to the site.
func (v *development) open(ctx context.Context, d devCmd, con console) error {
	database, remove, err := d.database()
	if err != nil {
		return err
	}
	v.remove = remove
	set, err := d.settings(v.url, v.site.url, database).parse(con)
	if err != nil {
		return errors.Join(err, remove())
	}
	set.dev, set.signed = true, v.site.Signed
	if v.app, err = newProgram(ctx, set); err != nil {
		return errors.Join(err, remove())
	}
	return nil
}

// database is where the app's data goes, and what removes it.
func (d devCmd) database() (address string, remove func() error, err error) {
	if d.Database != "" {
		return d.Database, func() error { return nil }, nil
	}
	dir, err := os.MkdirTemp("", "sightline-dev-")
	if err != nil {
		return "", nil, err
	}
	return "sqlite://" + filepath.Join(dir, "sightline.db"), func() error { return os.RemoveAll(dir) }, nil
}

func (d devCmd) settings(app, site, database string) serveFlags {
	host := strings.TrimPrefix(site, "http://")
	key := base64.StdEncoding.EncodeToString(randomBytes(32))
	return serveFlags{
		Addr: d.Addr, BaseURL: app,
		storeFlags:     storeFlags{DatabaseURL: database, SecretKeys: "dev:" + key},
		InstallKeysURL: site + "/install-keys",
		AllowedHosts:   host,
		ACJSURL:        site + "/atlassian-connect/all.js",
		OAuthTokenURL:  site + "/oauth2/token",
		ChatAPIURL:     site, ChatTokenURL: site + "/oauth/token",
		ChatClientID: devClientID, ChatClientSecret: devClientSecret,
		ChatOrigins: site,
		slackFlags:  devSlackFlags(site),
		logFlags:    d.logFlags,
	}
}

// run serves both and, once they answer, what ready does; then waits.
func (v *development) run(ctx context.Context, ready func(context.Context) error) error {
	g, ctx := errgroup.WithContext(ctx)
	// The site goes last, so that the app can say its last words to it.
	siteCtx, stopSite := context.WithCancel(context.WithoutCancel(ctx))
	g.Go(func() error { return v.site.run(siteCtx) })
	g.Go(func() error {
		defer stopSite()
		return v.app.run(ctx, v.listener)
	})
	g.Go(func() error { return ready(ctx) })
	return g.Wait()
}

func (v *development) close() error { return errors.Join(v.app.Close(), v.remove()) }

// furnish installs the app in Jira and in the chat, and sets up the gadgets of
// one dashboard and one room as their people would: with the same calls.
func (v *development) furnish(ctx context.Context) error {
	app, err := v.site.Install(ctx, v.url+"/atlassian-connect.json")
	if err != nil {
		return err
	}
	v.appKey = app.Key
	dashboard := v.site.Objects().Dashboards[0]
	for _, item := range dashboard.Items {
		if err := v.setUpGadget(ctx, dashboard, item.ID); err != nil {
			return fmt.Errorf("set up gadget: %w", err)
		}
	}
	rooms := v.site.Objects().Conversations
	for _, room := range rooms[:min(2, len(rooms))] {
		app, err := v.site.InstallChat(ctx, v.url+"/atlassian-chat.json", room.ID, devClientID, devClientSecret)
		if err != nil {
			return err
		}
		v.chatKey = app.Key
	}
	if err := v.setUpRoom(ctx, rooms[0]); err != nil {
		return fmt.Errorf("set up room: %w", err)
	}
	if err := v.setUpSlack(ctx); err != nil {
		// A kept database may have given the workspace to an earlier site.
		v.app.log.WarnContext(ctx, "Slack is not set up", "error", err)
	}
	return nil
}

// setUpGadget writes the configuration of a gadget into Jira as the dashboard's
// owner.
func (v *development) setUpGadget(ctx context.Context, dashboard connecttest.Dashboard, item string) error {
	config := workload.NewGadgetConfig()
	config.Projects = v.projects()
	body, err := json.Marshal(config)
	if err != nil {
		return err
	}
	address := fmt.Sprintf("%s/rest/api/3/dashboard/%s/items/%s/properties/%s",
		v.site.url, dashboard.ID, item, workload.ConfigProperty)
	req, err := http.NewRequestWithContext(ctx, http.MethodPut, address, bytes.NewReader(body))
	if err != nil {
		return err
	}
	owner := v.person(dashboard.Owner)
	req.SetBasicAuth(owner.Email, owner.Token)
	req.Header.Set("Content-Type", "application/json")
	return v.do(req)
}

// setUpRoom fills in the room's configuration dialog as one of its members.
func (v *development) setUpRoom(ctx context.Context, room connecttest.Conversation) error {
	if err := v.waitForCloudID(ctx); err != nil {
		return err
	}
	account := room.Members[0]
	token, err := v.site.ChatToken(v.chatKey, room.ID, account)
	if err != nil {
		return err
	}
	form := url.Values{
		web.FieldProjects: v.projects(), web.FieldWindow: {"14"}, web.FieldZone: {v.person(account).TimeZone},
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, v.url+"/chat/setup", strings.NewReader(form.Encode()))
	if err != nil {
		return err
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.Header.Set("Authorization", "Bearer "+token)
	return v.do(req)
}

// waitForCloudID waits until the app knows its tenant's cloud id, which it
// looks up after the install was answered.
func (v *development) waitForCloudID(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, 30*time.Second)
	defer cancel()
	for {
		_, err := v.app.store.Tenants.TenantByCloudID(ctx, connect.CloudID(v.site.CloudID()))
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

// maxDevProjects is how many projects are shown at first.
const maxDevProjects = 2

func (v *development) projects() []string {
	var keys []string
	for _, project := range v.site.Objects().Projects {
		keys = append(keys, project.Key)
	}
	return keys[:min(len(keys), maxDevProjects)]
}

func (v *development) person(account string) connecttest.Person {
	for _, p := range v.site.People() {
		if p.AccountID == account {
			return p
		}
	}
	return connecttest.Person{}
}

func (v *development) do(req *http.Request) error {
	client := &http.Client{Timeout: 30 * time.Second}
	resp, err := client.Do(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	if resp.StatusCode >= http.StatusBadRequest {
		return fmt.Errorf("%s %s: %s", req.Method, req.URL.Path, resp.Status)
	}
	return nil
}

func (v *development) greeting() string {
	return fmt.Sprintf(`Sightline %s is running on a local site with sample data.

  Dashboard  %s/jira/dashboards/%s
  Chat       %s/chat
  Slack      %s/slack  (type /sightline)
  Issues     %s/issues/

Change an issue and watch the gadget and the room follow. Stop with Ctrl+C.
`, sightline.Version, v.site.url, v.site.Objects().Dashboards[0].ID, v.site.url, v.site.url, v.site.url)
}
