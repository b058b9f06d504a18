package app

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"time"

	"github.com/sightline-go/sightline"
	"github.com/sightline-go/sightline/connect"
	"github.com/sightline-go/sightline/connect/jira"
	"github.com/sightline-go/sightline/handlers"
	"github.com/sightline-go/sightline/internal/glance"
	"github.com/sightline-go/sightline/internal/lang"
	"github.com/sightline-go/sightline/store"
)

// Program is the whole app, ready to be run on a listener.
type Program struct {
	settings   Settings
	log        *slog.Logger
	store      *store.Store
	server     *handlers.Server
	clients    *clients
	cloudIDs   *cloudIDs
	metrics    *metrics
	onForge    *handlers.Forge    // nil when Forge is off
	reconciler *glance.Reconciler // nil when every chat is off
}

// New opens the database and wires the parts. The caller closes the program.
func New(ctx context.Context, set Settings) (*Program, error) {
	st, err := store.Open(ctx, store.Options{URL: set.databaseURL, Keys: set.keys, Version: sightline.Version, Log: set.log})
	if err != nil {
		return nil, err
	}
	p := &Program{settings: set, log: set.log, store: st, metrics: newMetrics()}
	if err := p.assemble(); err != nil {
		return nil, errors.Join(err, st.Close())
	}
	return p, nil
}

// assemble wires the protocol, the clients and the handlers.
func (p *Program) assemble() error {
	set, network := p.settings, p.metrics.measured(newNetwork())
	shared := newPaces()
	app, err := p.connect(network, shared)
	if err != nil {
		return err
	}
	p.cloudIDs = newCloudIDs(p.store, network, p.log)
	if p.onForge, err = p.forge(network, app); err != nil {
		return err
	}
	p.clients = &clients{
		app: app, network: network, chatSet: set.chat, connected: set.connect, tokens: p.store.Forge, around: shared.around,
	}
	if p.onForge != nil {
		p.clients.forge = p.onForge.Tenants.Outbound
	}
	config := handlers.Config{
		BaseURL: set.baseURL, Dev: set.signed != nil, Signed: set.signed, HostScript: set.acjsURL, Ancestors: set.hostSources,
		Patience: set.patience, App: app, ConnectOff: !set.connect, Forge: p.onForge,
		Store: kept(p.store), Jira: p.clients.jiraAs, Wake: func() {}, Served: p.metrics.served, Log: p.log, Now: time.Now,
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
		Changed: func(t *connect.Tenant) {
			if p.onForge != nil {
				p.onForge.Tenants.Forget(t)
			}
			p.server.Forget(t)
			p.cloudIDs.wake()
		},
	})
}

// surfaces wires the chats that are on, and the reconciler when there is one.
func (p *Program) surfaces(config *handlers.Config, network http.RoundTripper) error {
	on := map[glance.SurfaceName]glance.Surface{}
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
		Source:   glanceSource{store: p.store, clients: p.clients, now: time.Now},
		Surfaces: on,
		Words:    glanceWords(lang.New()),
		Log:      p.log,
	}
	config.Wake, config.PushNow = p.reconciler.Wake, p.reconciler.PushNow
	return nil
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
		Verifier: &connect.ChatVerifier{ClientID: set.clientID, ClientSecret: set.clientSecret},
		Platform: chat.Client, Origins: set.origins, Descriptor: app, Store: kept(p.store),
		Numbers: func(ctx context.Context, j *jira.Client, c glance.Config) (glance.Numbers, error) {
			return countGlance(ctx, j, c, time.Now())
		},
	}
	return chat, nil
}

// Run serves until the context ends, then lets what is in flight finish.
func (p *Program) Run(ctx context.Context, listener net.Listener) error {
	server := &http.Server{
		Handler:           p.server,
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
	build := ThisBuild()
	p.log.InfoContext(ctx, "serving", "addr", listener.Addr().String(), "base_url", p.settings.baseURL.String(),
		"version", build.Version, "commit", build.Commit)
	err := Serve(ctx, server, listener)
	stop()
	work.Wait()
	p.log.InfoContext(ctx, "stopped")
	return err
}

// background starts the work that runs next to the requests.
func (p *Program) background(ctx context.Context, work *sync.WaitGroup) {
	work.Go(func() { p.cloudIDs.run(ctx) })
	work.Go(func() { p.erase(ctx) })
	if p.reconciler != nil {
		work.Go(func() { p.reconciler.Run(ctx) })
	}
}

// Store is the program's database.
func (p *Program) Store() *store.Store { return p.store }

// Server answers all requests, without a listener.
func (p *Program) Server() *handlers.Server { return p.server }

// Reconciler brings states to the chats; nil when every chat is off.
func (p *Program) Reconciler() *glance.Reconciler { return p.reconciler }

// Close ends background refreshes and closes the database.
func (p *Program) Close() error {
	p.server.Close()
	return p.store.Close()
}
