//go:build !serveonly

package main

import (
	"context"
	"encoding/json"
	"errors"
	"io"

	"github.com/sightline-go/sightline/cmd/sightline/internal/localsite"
	"github.com/sightline-go/sightline/internal/app"
)

// siteCmd runs only the local site.
type siteCmd struct {
	Addr            string `default:"127.0.0.1:2990" help:"Listen address."`
	Open            bool   `help:"Print nothing but the address, as JSON, for scripts."`
	localsite.Flags `embed:""`
	app.LogFlags    `embed:""`
}

// Run serves the site until it is interrupted.
func (s siteCmd) Run(ctx context.Context, con console) error {
	log, err := s.Logger(con.stderr)
	if err != nil {
		return err
	}
	site, err := s.Start(ctx, s.Addr, log)
	if err != nil {
		return err
	}
	if s.Open {
		err = json.NewEncoder(con.stdout).Encode(map[string]string{"url": site.URL()})
	} else {
		_, err = io.WriteString(con.stdout, site.Greeting())
	}
	if err != nil {
		return errors.Join(err, site.Close())
	}
	return site.Run(ctx)
}
