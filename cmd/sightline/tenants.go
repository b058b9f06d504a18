package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"text/tabwriter"
	"time"

	"github.com/sightline-go/sightline"
	"github.com/sightline-go/sightline/store"
)

// tenantsCmd lists the tenants.
type tenantsCmd struct {
	storeFlags `embed:""`
}

// Run prints a line a tenant.
func (t tenantsCmd) Run(ctx context.Context, con console) error {
	st, err := t.open(ctx)
	if err != nil {
		return err
	}
	tenants, err := st.Tenants.List(ctx)
	if err != nil {
		return errors.Join(err, st.Close())
	}
	w := tabwriter.NewWriter(con.stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "CLIENT KEY\tSTATE\tPRODUCT\tSITE\tCLOUD ID\tINSTALLED")
	for _, t := range tenants {
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\t%s\n", t.ClientKey, t.State, t.Product, t.DisplayURL, t.CloudID, t.InstalledAt.UTC().Format(time.DateOnly))
	}
	return errors.Join(w.Flush(), st.Close())
}

// rekeyCmd seals all secrets anew.
type rekeyCmd struct {
	storeFlags `embed:""`
}

// Run is safe while the app serves, and goes on where an earlier run stopped.
func (r rekeyCmd) Run(ctx context.Context, con console) error {
	st, err := r.open(ctx)
	if err != nil {
		return err
	}
	n, err := st.Rekey(ctx)
	if err == nil {
		fmt.Fprintf(con.stdout, "%d secrets encrypted anew\n", n)
	}
	return errors.Join(err, st.Close())
}

// open opens the database with checked settings.
func (f storeFlags) open(ctx context.Context) (*store.Store, error) {
	var c checks
	url, keys := f.check(&c)
	if err := c.err(); err != nil {
		return nil, err
	}
	return store.Open(ctx, store.Options{URL: url, Keys: keys, Version: sightline.Version, Log: slog.New(slog.DiscardHandler)})
}

// versionCmd prints the version.
type versionCmd struct{}

// Run prints it alone on a line, for scripts.
func (versionCmd) Run(con console) error {
	_, err := fmt.Fprintln(con.stdout, sightline.Version)
	return err
}
