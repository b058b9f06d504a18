package localsite

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"strings"

	"github.com/sightline-go/sightline/connect/connecttest"
	"github.com/sightline-go/sightline/internal/app"
)

// Flags are the local site's settings, with command line tags.
type Flags struct {
	Data      string `type:"existingfile" help:"Load issues and worklogs from this file instead of the built-in sample."`
	Large     bool   `help:"Add to the built-in sample a project with a team of eighty people."`
	KeepDates bool   `help:"Leave the file's dates as they are; without it they are moved so that the newest is today."`
	Strict    bool   `help:"Refuse query parameters and body fields that an operation does not have."`
	Quota     bool   `help:"Count points and enforce Jira's limits, as it does for apps."`
	Points    int    `default:"65000" help:"With --quota: how many points an app has an hour."`
}

// Site is the site on its listener.
type Site struct {
	*connecttest.Site
	listener net.Listener
}

// Start listens on addr, so that the site knows its own address.
func (f Flags) Start(ctx context.Context, addr string, log *slog.Logger) (*Site, error) {
	data, err := f.open()
	if err != nil {
		return nil, err
	}
	if data != nil {
		defer data.Close()
	}
	options := connecttest.Options{Data: reader(data), Large: f.Large, KeepDates: f.KeepDates, Strict: f.Strict, Log: log}
	if f.Quota {
		options.Quota = &connecttest.Quota{Global: f.Points}
	}
	site, err := connecttest.New(options)
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
	return &Site{Site: site, listener: listener}, nil
}

func (f Flags) open() (*os.File, error) {
	if f.Data == "" {
		return nil, nil
	}
	return os.Open(f.Data)
}

// reader keeps a nil file from becoming a non-nil reader.
func reader(f *os.File) io.Reader {
	if f == nil {
		return nil
	}
	return f
}

// Greeting says where the site's pages are, how an app is installed, and what an app
// must be told.
func (s *Site) Greeting() string {
	return strings.ReplaceAll(`The local site is running.

  Dashboards  SITE/jira/dashboards
  Chat        SITE/chat
  Apps        SITE/plugins/servlet/upm
  All calls   SITE/-/

Install an app with POST SITE/-/apps {"descriptor": URL}, or on the page Apps. Tell it:

  install keys    SITE/install-keys
  token address   SITE/oauth2/token
  script          SITE/atlassian-connect/all.js
  sites           `+strings.TrimPrefix(s.URL(), "http://")+` may install it
  Forge's keys    SITE`+connecttest.ForgeKeysPath+`
  Forge's API     SITE

docs/site.md has the names of these settings for atlassian-connect-express, Spring Boot
and sightline serve. Stop with Ctrl+C.
`, "SITE", s.URL())
}

// Run serves until the context ends.
func (s *Site) Run(ctx context.Context) error {
	defer s.Site.Close()
	stream := &http.Server{Handler: s.Site, ReadHeaderTimeout: app.HeaderTimeout, MaxHeaderBytes: app.MaxHeader}
	stream.RegisterOnShutdown(s.Site.Close) // ends the pages' event streams
	return app.Serve(ctx, stream, s.listener)
}

// Close ends a site that does not run.
func (s *Site) Close() error {
	s.Site.Close()
	return s.listener.Close()
}
