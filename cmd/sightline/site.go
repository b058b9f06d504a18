package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"

	"github.com/sightline-go/sightline/connect/connecttest"
)

// siteFlags are the local site's settings.
type siteFlags struct {
	Data      string `type:"existingfile" help:"Load issues and worklogs from this file instead of the built-in sample."`
	Large     bool   `help:"Add to the built-in sample a project with a team of eighty people."`
	KeepDates bool   `help:"Leave the file's dates as they are; without it they are moved so that the newest is today."`
	Strict    bool   `help:"Refuse query parameters and body fields that an operation does not have."`
}

// siteCmd runs the local site alone.
type siteCmd struct {
	Addr      string `default:"127.0.0.1:2990" help:"Listen address."`
	Open      bool   `help:"Print nothing but the address, as JSON, for scripts."`
	siteFlags `embed:""`
	logFlags  `embed:""`
}

// Run serves the site until it is interrupted.
func (s siteCmd) Run(ctx context.Context, con console) error {
	var c checks
	log := s.logger(&c, con)
	if err := c.err(); err != nil {
		return err
	}
	site, err := s.start(ctx, s.Addr, log)
	if err != nil {
		return err
	}
	if s.Open {
		err = json.NewEncoder(con.stdout).Encode(map[string]string{"url": site.url})
	} else {
		_, err = fmt.Fprintf(con.stdout, "The local site is running.\n\n  Dashboards  %s/jira/dashboards\n  Chat        %s/chat\n\nInstall an app with POST %s/-/apps {\"descriptor\": URL}. Stop with Ctrl+C.\n", site.url, site.url, site.url)
	}
	if err != nil {
		return errors.Join(err, site.close())
	}
	return site.run(ctx)
}

// localSite is the site on its listener.
type localSite struct {
	*connecttest.Site
	url      string
	listener net.Listener
}

// start listens, so that the site knows its own address.
func (f siteFlags) start(ctx context.Context, addr string, log *slog.Logger) (*localSite, error) {
	data, err := f.open()
	if err != nil {
		return nil, err
	}
	if data != nil {
		defer data.Close()
	}
	site, err := connecttest.New(connecttest.Options{Data: reader(data), Large: f.Large, KeepDates: f.KeepDates, Strict: f.Strict, Log: log})
	if err != nil {
		return nil, fmt.Errorf("load %s: %w", f.Data, err)
	}
	var config net.ListenConfig
	listener, err := config.Listen(ctx, "tcp", addr)
	if err != nil {
		site.Close()
		return nil, fmt.Errorf("listen: %w", err)
	}
	url := "http://" + listener.Addr().String()
	if err := site.SetBaseURL(url); err != nil {
		site.Close()
		return nil, errors.Join(err, listener.Close())
	}
	return &localSite{Site: site, url: url, listener: listener}, nil
}

func (f siteFlags) open() (*os.File, error) {
	if f.Data == "" {
		return nil, nil
	}
	return os.Open(f.Data)
}

// reader keeps a missing file from becoming a reader that is not nil.
func reader(f *os.File) io.Reader {
	if f == nil {
		return nil
	}
	return f
}

// run serves until the context ends.
func (s *localSite) run(ctx context.Context) error {
	defer s.Close()
	stream := &http.Server{Handler: s.Site, ReadHeaderTimeout: headerTimeout, MaxHeaderBytes: maxHeader}
	stream.RegisterOnShutdown(s.Close) // ends the pages' event streams
	return serve(ctx, stream, s.listener)
}

func (s *localSite) close() error {
	s.Close()
	return s.listener.Close()
}
