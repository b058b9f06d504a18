package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
)

// pages are the contestants that serve a gadget's page in an encoding, "" for
// none. With hand the floor verifies each request by hand.
func pages(encoding string, hand bool) func(context.Context, *bench) ([]contestant, error) {
	return func(ctx context.Context, b *bench) ([]contestant, error) {
		var list []contestant
		for _, side := range b.sides {
			c, err := b.gadgetPage(ctx, side, encoding)
			if err != nil {
				return nil, errors.Join(fmt.Errorf("start %s: %w", side.name, err), closeAll(list))
			}
			list = append(list, c)
		}
		floor, err := b.barePage(ctx, list[0].(*served), hand)
		if err != nil {
			return nil, errors.Join(fmt.Errorf("start the floor: %w", err), closeAll(list))
		}
		return append([]contestant{floor}, list...), nil
	}
}

// gadgetPage starts a side's program on a site of its own, with one gadget and as
// many other tenants as were asked for. site are the site's own flags.
func (b *bench) gadgetPage(ctx context.Context, s *side, encoding string, site ...string) (*served, error) {
	h, err := b.host(ctx, s, site...)
	if err != nil {
		return nil, err
	}
	p, base, metrics, err := h.serve(ctx)
	if err != nil {
		h.close()
		return nil, err
	}
	c := &served{process: p, encoding: encoding, metrics: metrics, end: h.close}
	g, err := h.site.install(ctx, base)
	if err == nil && b.tenants > 1 {
		err = errors.Join(h.crowd.install(ctx, base, b.tenants-1), h.crowd.events(ctx, base, b.tenants-1))
	}
	if err != nil {
		return nil, errors.Join(c.explain(err), c.close())
	}
	c.address = func(ctx context.Context) (string, error) { return h.site.page(ctx, g) }
	c.host, c.base, c.gadget = h, base, g
	return c, nil
}

// barePage serves the bytes of a page with bare Gin, with hand after the verification
// by hand of a page that the worker has signed.
func (b *bench) barePage(ctx context.Context, of *served, hand bool) (*served, error) {
	address, err := of.address(ctx)
	if err != nil {
		return nil, err
	}
	// The first request may come without numbers, the second has them.
	var body []byte
	for range 2 {
		client := &http.Client{Transport: &http.Transport{DisableCompression: true, DisableKeepAlives: true}}
		if body, err = get(ctx, client, address, of.encoding); err != nil {
			return nil, of.explain(err)
		}
	}
	file := filepath.Join(b.temp, "page"+of.encoding)
	if err := os.WriteFile(file, body, 0o600); err != nil {
		return nil, err
	}
	u, err := url.Parse(address)
	if err != nil {
		return nil, err
	}
	b.note("the page has %d bytes", len(body))
	args := []string{"-file", file, "-encoding", of.encoding, "-path", u.Path}
	if !hand {
		return b.bareGin(ctx, u.RequestURI(), args...)
	}
	worker, err := b.sides[0].worker(ctx)
	if err != nil {
		return nil, err
	}
	signed, err := output(ctx, "", worker, "address")
	if err != nil {
		return nil, err
	}
	path, _, _ := strings.Cut(string(signed), "?")
	args[len(args)-1] = path
	return b.bareGin(ctx, string(signed), append(args, "-hand")...)
}

// bareGin starts the worker's server, to be asked for a path and query.
func (b *bench) bareGin(ctx context.Context, request string, args ...string) (*served, error) {
	worker, err := b.sides[0].worker(ctx)
	if err != nil {
		return nil, err
	}
	addr, err := freeAddr(ctx)
	if err != nil {
		return nil, err
	}
	p, err := start(ctx, nil, nil, worker, append([]string{"serve", "-addr", addr}, args...)...)
	if err != nil {
		return nil, err
	}
	if err := p.ready(ctx, "http://"+addr+"/readyz"); err != nil {
		p.stop()
		return nil, err
	}
	return &served{
		process: p, metrics: "http://" + addr + "/metrics",
		address: func(context.Context) (string, error) { return "http://" + addr + request, nil },
	}, nil
}
