package simulation

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/sightline-go/sightline/connect"
	"github.com/sightline-go/sightline/connect/connecttest"
	"github.com/sightline-go/sightline/e2e/harness"
	"github.com/sightline-go/sightline/forge"
	"github.com/sightline-go/sightline/internal/app"
	"github.com/sightline-go/sightline/internal/glance"
	"github.com/sightline-go/sightline/internal/onsite"
)

// build is a way of running the program.
type build struct {
	name          string
	index, reader string
}

// fleet is one program with the sites of a sample of tenants.
type fleet struct {
	network
	harness.Running

	http    *http.Client
	quota   *connecttest.Quota
	rng     *rand.Rand
	tenants []*tenant
	pushed  int // labels that the chat was sent
	begun   time.Time
}

// tenant is a site with the app, a room and a gadget.
type tenant struct {
	harness.Forge

	open    int
	full    bool // its index
	id      connect.TenantID
	viewers []string
	// issues are the keys of those that change, moves the ids of the transitions,
	// logs what was logged.
	issues, moves []string
	logs          []work
	team          []connecttest.Person
}

// work is a work log that somebody made.
type work struct {
	path   string // of the REST API
	author connecttest.Person
}

// unlimited is a quota that nothing reaches.
const unlimited = 1 << 40

// newFleet starts the program and installs it on a site for each of the numbers of
// open issues. Nothing is filled.
func newFleet(t *testing.T, b build, open []int) *fleet {
	t.Helper()
	f := &fleet{quota: &connecttest.Quota{Global: unlimited}, rng: rand.New(rand.NewPCG(13, 4)), begun: time.Now()}
	f.http = f.client(t)
	var hub *connecttest.Site
	var sites []*connecttest.Site
	for _, n := range open {
		site := f.site(t, connecttest.Options{
			Data: strings.NewReader(siteData(f.rng, n, time.Now())), KeepDates: true, Quota: f.quota, Forge: hub, Dial: f.dial,
		})
		if hub == nil {
			hub = site
		}
		sites = append(sites, site)
	}
	f.run(t, hub.URL(), f.chat(t), b)
	for k, site := range sites {
		f.tenants = append(f.tenants, f.install(t, site, open[k]))
	}
	return f
}

// site is one that is served over the network.
func (f *fleet) site(t *testing.T, o connecttest.Options) *connecttest.Site {
	t.Helper()
	s, err := connecttest.New(o)
	if err != nil {
		t.Fatal(err)
	}
	l := f.listen()
	if err := s.SetBaseURL(l.url()); err != nil {
		t.Fatal(err)
	}
	serve(t, l, s)
	t.Cleanup(s.Close)
	return s
}

// chat is a platform that takes every state.
func (f *fleet) chat(t *testing.T) (address string) {
	t.Helper()
	mux := http.NewServeMux()
	mux.HandleFunc("POST /oauth/token", func(w http.ResponseWriter, _ *http.Request) {
		_, _ = fmt.Fprint(w, `{"access_token":"chat","expires_in":3600,"token_type":"Bearer"}`)
	})
	mux.HandleFunc("PUT /site/{cloud}/conversation/{room}/app/module/{kind}/{module}/state", func(w http.ResponseWriter, _ *http.Request) {
		f.mu.Lock()
		defer f.mu.Unlock()
		f.pushed++
		w.WriteHeader(http.StatusNoContent)
	})
	l := f.listen()
	serve(t, l, mux)
	return l.url()
}

// run runs the program until the test ends.
func (f *fleet) run(t *testing.T, hub, chat string, b build) {
	t.Helper()
	l := f.listen()
	f.URL, f.Logs = l.url(), &harness.LogBuffer{}
	f.Flags = onsite.Flags(f.URL, hub, "sqlite://"+filepath.Join(t.TempDir(), "sightline.db"))
	f.Flags.ForgeFlags, f.Flags.Connect = onsite.ForgeFlags(hub), "off"
	f.Flags.ChatAPIURL, f.Flags.ChatTokenURL, f.Flags.ChatOrigins = chat, chat+"/oauth/token", chat
	f.Flags.Index, f.Flags.Reader, f.Flags.Dial, f.Flags.LogLevel, f.Flags.Drain = b.index, b.reader, f.dial, "warn", "0s"
	f.Flags.SlackFlags.ClientID, f.Flags.SlackFlags.ClientSecret, f.Flags.SlackFlags.SigningSecret = "", "", ""
	f.Flags.LogFormat = "text"
	set, err := f.Flags.Parse(f.Logs)
	if err == nil {
		f.App, err = app.New(t.Context(), set)
	}
	if err != nil {
		t.Fatal(err)
	}
	f.Store = f.App.Store()
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error)
	go func() { done <- f.App.Run(ctx, l) }()
	t.Cleanup(func() {
		cancel()
		if err := errors.Join(<-done, f.App.Close()); err != nil {
			t.Errorf("program: %v", err)
		}
		if t.Failed() {
			t.Log(f.Logs)
		}
	})
}

// install installs the app on a site and sets up a gadget and a room.
func (f *fleet) install(t *testing.T, site *connecttest.Site, open int) *tenant {
	t.Helper()
	r := f.Running
	r.Site = site
	n := &tenant{Forge: r.InstallForge(t, forge.StageForge, ""), open: open}
	found, err := f.Store.Tenants.TenantByCloudID(t.Context(), connect.CloudID(site.CloudID()))
	if err != nil {
		t.Fatal(err)
	}
	n.id = found.ID
	n.Configure(t, "workload", project)
	for _, p := range site.People() {
		if !p.App && p.Email != "" {
			n.team = append(n.team, p)
		}
	}
	n.viewers = []string{n.Dashboard.Owner, n.Viewer(t, n.Dashboard)} // two a day
	for k := range open {
		n.issues = append(n.issues, fmt.Sprint(project, "-", k+1))
	}
	var moves struct{ Transitions []struct{ ID string } }
	f.call(t, n, http.MethodGet, "/rest/api/3/issue/"+n.issues[0]+"/transitions", nil, &moves)
	for _, m := range moves.Transitions {
		n.moves = append(n.moves, m.ID)
	}
	f.setUpRoom(t, n)
	return n
}

// setUpRoom has a room show the tenant's project.
func (f *fleet) setUpRoom(t *testing.T, n *tenant) {
	t.Helper()
	c := glance.Conversation{Surface: glance.SurfaceChat, Site: n.Site.CloudID(), ID: "room"}
	shows := glance.Key{Surface: glance.SurfaceChat, Site: c.Site, Conversation: c.ID, Kind: glance.KindGlance, Module: "workload"}
	setup := shows
	setup.Kind, setup.Module = glance.KindConfiguration, "setup"
	err := f.Store.Conversations.Begin(t.Context(), c, shows, setup, time.Now())
	if err == nil {
		err = f.Store.Conversations.Configure(t.Context(), shows, setup, glance.Config{Projects: []string{project}, Window: 14, Zone: "Etc/UTC"}, time.Now())
	}
	if err != nil {
		t.Fatal(err)
	}
	f.App.Reconciler().Wake()
}

// someone is a member of the tenant's team.
func (f *fleet) someone(n *tenant) connecttest.Person { return n.team[f.rng.IntN(len(n.team))] }

// filled reports whether all that a tenant shows is held.
func (f *fleet) filled() bool {
	s := f.App.Feed().Standing()
	return s.Filled == len(f.tenants) && s.Needs == 0
}

// sum is how many open issues the tenants have.
func sum(open []int) (n int) {
	for _, k := range open {
		n += k
	}
	return n
}
