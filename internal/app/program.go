package app

import (
	"context"
	"errors"
	"log/slog"
	"math/rand/v2"
	"net"
	"net/http"
	"sync"
	"time"

	"github.com/sightline-go/sightline"
	"github.com/sightline-go/sightline/connect"
	"github.com/sightline-go/sightline/handlers"
	"github.com/sightline-go/sightline/internal/absence"
	"github.com/sightline-go/sightline/internal/feed"
	"github.com/sightline-go/sightline/internal/glance"
	"github.com/sightline-go/sightline/internal/lang"
	"github.com/sightline-go/sightline/internal/outage"
	"github.com/sightline-go/sightline/internal/privacy"
	"github.com/sightline-go/sightline/internal/quota"
	"github.com/sightline-go/sightline/internal/slackapp"
	"github.com/sightline-go/sightline/internal/source"
	"github.com/sightline-go/sightline/internal/tracing"
	"github.com/sightline-go/sightline/internal/viewer"
	"github.com/sightline-go/sightline/internal/weekly"
	"github.com/sightline-go/sightline/store"
)

// Program is the whole app, ready to be run on a listener.
type Program struct {
	settings     Settings
	log          *slog.Logger
	outages      *outage.Log
	store        *store.Store
	self         store.Program
	follower     *store.Follower
	connected    *connect.App
	readiness    *readiness
	server       *handlers.Server
	clients      *clients
	cloudIDs     *cloudIDs
	metrics      *metrics
	ledger       *quota.Ledger
	calendars    *absence.Reader
	feed         *feed.Feed         // nil when the index is off
	onForge      *handlers.Forge    // nil when Forge is off
	reconciler   *glance.Reconciler // nil when every chat is off
	tracer       *tracing.Tracer    // nil when nothing is traced
	reports      *privacy.Reporter  // nil when they are off
	slackSurface *slackapp.Surface
	zones        *viewer.OddZones
	weekly       *weekly.Runner // nil without a chat that takes messages
}

// New opens the database and wires the parts. The caller closes the program.
func New(ctx context.Context, set Settings) (*Program, error) {
	build := ThisBuild()
	set.log.InfoContext(ctx, "starting", "version", build.Version, "commit", build.Commit, "date", build.Date)
	p := &Program{settings: set, log: set.log, metrics: newMetrics()}
	if err := p.open(ctx); err != nil {
		return nil, errors.Join(err, p.Close())
	}
	return p, nil
}

// open opens the database and wires the parts.
func (p *Program) open(ctx context.Context) (err error) {
	set := p.settings
	if err := p.trace(ctx); err != nil {
		return err
	}
	options := set.database
	options.Log, options.Now, options.Traced = p.log, set.now, p.tracedStatements()
	if p.store, err = openStore(ctx, options); err != nil {
		return err
	}
	p.self, p.outages = self(set.now()), outage.New(p.log, set.now)
	// Of real time: an answer is old after five seconds whatever the clock says.
	p.readiness = &readiness{check: p.store.Ready, now: time.Now, log: p.log}
	p.calendars = absence.NewReader(absence.Fetcher{Hosts: set.calendarHosts}, set.now)
	p.ledger = &quota.Ledger{Storage: p.store.Quota, Now: set.now, Counted: p.metrics.spent, Held: p.metrics.heldBack, Shared: p.shared}
	p.metrics.follow(p.ledger)
	p.follower, err = p.store.Follow(ctx)
	if err := errors.Join(err, p.indexes(ctx), p.assemble()); err != nil {
		return err
	}
	return p.watch(ctx)
}

// assemble wires the protocol, the clients and the handlers.
func (p *Program) assemble() error {
	set := p.settings
	network := p.metrics.measured(p.tracedCalls(newNetwork(set.dial)))
	shared := newPaces()
	app, err := p.connect(network, shared)
	if err != nil {
		return err
	}
	p.connected = app
	p.cloudIDs = &cloudIDs{
		store: p.store, client: &http.Client{Transport: network}, outages: p.outages, now: set.now, rand: rand.Float64,
	}
	if p.onForge, err = p.forge(network, app); err != nil {
		return err
	}
	p.clients = &clients{
		app: app, network: network, chatSet: set.chat, connected: set.connect, tokens: p.store.Forge, around: shared.around, now: set.now, ledger: p.ledger, cut: p.metrics.cut,
	}
	if p.onForge != nil {
		p.clients.forge = p.onForge.Tenants.Outbound
	}
	p.reports = p.reporter(network)
	config := handlers.Config{
		BaseURL: set.baseURL, Dev: set.signed != nil, Signed: set.signed, HostScript: set.acjsURL, Ancestors: set.hostSources,
		Patience: set.patience, App: app, ConnectOff: !set.connect, Forge: p.onForge,
		Store: kept(p.store), Ready: p.readiness.Ready, Jira: p.clients.jiraAs, AsApp: p.clients.jiraAsApp, Refusing: p.refusing, Feed: p.feed, Facts: p.facts(), Calendars: p.calendars, Saved: p.tellPreferences, MaxAge: set.maxAge, Wake: func() {}, Served: p.metrics.served, Refused: p.metrics.refused, Traced: p.tracedRequests(), MaxPages: set.maxPages, Shed: p.metrics.shedPage,
		Ignored: p.metrics.ignoredEvent, Log: p.log, Now: set.now,
		InPage: set.reader.inPage(p.ledger, p.feed.Open),
	}
	if err := p.surfaces(&config, network); err != nil {
		return err
	}
	p.server, err = handlers.New(config)
	return err
}

// connect wires the Connect protocol.
func (p *Program) connect(network http.RoundTripper, shared *paces) (*connect.App, error) {
	set := p.settings
	return connect.NewApp(connect.AppConfig{
		Descriptor:  sightline.ConnectDescriptor,
		BaseURL:     set.baseURL.String(),
		Store:       p.store.Tenants,
		Hosts:       set.hosts,
		KeysURL:     set.installKeysURL,
		TokenURL:    set.oauthTokenURL,
		SessionKeys: set.keys.Derive("sightline session"),
		Network:     network,
		UserAgent:   UserAgent(),
		Around:      shared.around,
		Dropped: func(ctx context.Context, t *connect.Tenant, what string) {
			p.log.WarnContext(ctx, "a part of an install was not taken", "tenant", string(t.ID), "dropped", what)
		},
		Now: set.now,
		Changed: func(t *connect.Tenant) {
			if p.onForge != nil {
				p.onForge.Tenants.Forget(t)
			}
			p.server.Forget(t)
			p.feed.Survey()
			p.cloudIDs.wake(t.ID)
		},
	})
}

// surfaces wires the chats that are on, and the reconciler when there is one.
func (p *Program) surfaces(config *handlers.Config, network http.RoundTripper) error {
	on := map[glance.SurfaceName]glance.Surface{}
	p.zones = &viewer.OddZones{Log: p.log}
	if p.settings.chat != nil {
		chat, err := p.chat(config)
		if err != nil {
			return err
		}
		on[glance.SurfaceChat] = chat
	}
	if p.settings.slack != nil {
		on[glance.SurfaceSlack] = p.slack(config, network)
	}
	if len(on) == 0 {
		return nil
	}
	p.reconciler = &glance.Reconciler{
		Rows:     p.store.Glances,
		Source:   p.glances(),
		Surfaces: on,
		Words:    glanceWords(lang.New()),
		Log:      p.log,
		Now:      p.settings.now,
	}
	config.Wake, config.PushNow = p.reconciler.Wake, p.reconciler.PushNow
	if p.slackSurface != nil {
		p.weekly = &weekly.Runner{
			Rows: p.store.Glances, Count: p.glances().Team, Tellers: map[glance.SurfaceName]glance.Teller{glance.SurfaceSlack: p.slackSurface},
			Language: lang.New().Of, Log: p.log, Outages: p.outages, Now: p.settings.now,
		}
	}
	return nil
}

// glances counts what rooms show.
func (p *Program) glances() glanceSource {
	return glanceSource{
		store: p.store, clients: p.clients, feed: p.feed, counted: p.metrics.counted,
		now: p.settings.now, zones: p.zones,
	}
}

// chat wires the chat platform.
func (p *Program) chat(config *handlers.Config) (glance.Surface, error) {
	set := p.settings.chat
	chat, err := p.clients.chatSurface()
	if err != nil {
		return nil, err
	}
	app, err := RenderChatDescriptor(p.settings.baseURL.String())
	if err != nil {
		return nil, err
	}
	config.Chat = &handlers.Chat{
		Verifier: &connect.ChatVerifier{ClientID: set.clientID, ClientSecret: set.clientSecret, Now: p.settings.now},
		Platform: chat.Client, Origins: set.origins, Descriptor: app, Store: kept(p.store),
		Numbers: func(ctx context.Context, reader source.Reader, c glance.Config) (glance.Numbers, error) {
			return countGlance(ctx, reader, c, p.settings.now())
		},
	}
	return chat, nil
}

// Run serves until the context ends and, while probes are told that it is not
// ready, for the time to drain; then it lets what is in flight finish. The work
// in the background ends with the context.
func (p *Program) Run(ctx context.Context, listener net.Listener) error {
	server := &http.Server{
		Handler:           p.closing(p.server),
		ReadHeaderTimeout: HeaderTimeout,
		ReadTimeout:       readTimeout,
		WriteTimeout:      writeTimeout,
		IdleTimeout:       idleTimeout,
		MaxHeaderBytes:    MaxHeader,
		ErrorLog:          slog.NewLogLogger(p.log.Handler(), slog.LevelDebug),
	}
	background, stop := context.WithCancel(ctx)
	defer stop()
	var work sync.WaitGroup
	p.background(background, &work)
	served, last := context.WithCancel(context.WithoutCancel(ctx)) // while it drains, too
	defer last()
	work.Go(func() { p.follower.Run(served, p.learn) })
	p.log.InfoContext(ctx, "serving", "addr", listener.Addr().String(), "base_url", p.settings.baseURL.String())
	drained, end := p.drained(ctx)
	defer end()
	err := Serve(drained, server, listener)
	stop()
	last()
	work.Wait()
	if cut := new(CutOffError); errors.As(err, &cut) {
		p.log.WarnContext(ctx, "requests did not finish and were cut off", "requests", cut.Requests, "within", StopTimeout)
		err = nil
	}
	p.log.InfoContext(ctx, "stopped")
	return err
}

// background starts the work that runs next to the requests.
func (p *Program) background(ctx context.Context, work *sync.WaitGroup) {
	work.Go(func() { p.attend(ctx) })
	work.Go(func() { p.cloudIDs.run(ctx) })
	work.Go(func() { p.erase(ctx) })
	work.Go(func() { p.sweep(ctx) })
	work.Go(func() { p.ledger.Run(ctx) })
	if p.feed != nil {
		work.Go(func() { p.feed.Run(ctx) })
	}
	if p.reports != nil {
		work.Go(func() { p.reports.Run(ctx) })
	}
	if p.slackSurface != nil {
		work.Go(func() { p.tendSlack(ctx, p.slackSurface) })
	}
	if p.reconciler != nil {
		work.Go(func() { p.reconciler.Run(ctx) })
	}
	if p.weekly != nil {
		work.Go(func() { p.weekly.Run(ctx) })
	}
}

// Store is the program's database.
func (p *Program) Store() *store.Store { return p.store }

// Server answers all requests, without a listener.
func (p *Program) Server() *handlers.Server { return p.server }

// Reconciler brings states to the chats; nil when every chat is off.
func (p *Program) Reconciler() *glance.Reconciler { return p.reconciler }

// Weekly writes summaries of the week; nil without a chat that takes messages.
func (p *Program) Weekly() *weekly.Runner { return p.weekly }

// Close ends background refreshes and closes the database.
func (p *Program) Close() error {
	if p.server != nil { // all is open
		p.server.Close()
		p.calendars.Close()
		p.readiness.wait()
	}
	var err error
	if p.store != nil {
		err = p.store.Close()
	}
	if p.tracer != nil {
		p.tracer.Close()
	}
	return err
}
