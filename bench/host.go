package main

import (
	"context"
	"errors"
)

// host is what a program of one side runs on: a local site, other tenants, and a
// database that outlives the program.
type host struct {
	app      string
	site     *site
	crowd    *crowd
	database string
	drop     func()
}

// host makes a host for a side's program. The site is always this side's, with
// its own flags.
func (b *bench) host(ctx context.Context, s *side, flags ...string) (*host, error) {
	ours, err := b.sides[0].app(ctx)
	if err != nil {
		return nil, err
	}
	app, err := s.app(ctx)
	if err != nil {
		return nil, err
	}
	h := &host{app: app}
	if h.site, err = startSite(ctx, ours, flags...); err != nil {
		return nil, err
	}
	if h.crowd, err = newCrowd(ctx, h.site); err != nil {
		h.close()
		return nil, err
	}
	if h.database, h.drop, err = b.database(ctx); err != nil {
		h.close()
		return nil, err
	}
	return h, nil
}

// serve starts the program and waits until it is ready.
func (h *host) serve(ctx context.Context) (p *process, base, metrics string, err error) {
	addr, err1 := freeAddr(ctx)
	metricsAddr, err2 := freeAddr(ctx)
	if err := errors.Join(err1, err2); err != nil {
		return nil, "", "", err
	}
	// Later settings win.
	settings := append(h.site.settings(addr, metricsAddr, h.database),
		"SIGHTLINE_ALLOWED_HOSTS="+h.site.host()+","+h.crowd.host, "SIGHTLINE_INSTALL_KEYS_URL="+h.crowd.keyHost)
	if p, err = start(ctx, nil, settings, h.app, "serve"); err != nil {
		return nil, "", "", err
	}
	if err := p.ready(ctx, "http://"+addr+"/readyz"); err != nil {
		p.stop()
		return nil, "", "", err
	}
	return p, "http://" + addr, "http://" + metricsAddr + "/metrics", nil
}

// close ends all but the program.
func (h *host) close() {
	h.site.process.stop()
	if h.crowd != nil {
		h.crowd.close()
	}
	if h.drop != nil {
		h.drop()
	}
}
