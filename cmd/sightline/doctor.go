package main

import (
	"context"

	"github.com/sightline-go/sightline/internal/app"
	"github.com/sightline-go/sightline/internal/doctor"
)

// doctorCmd says whether an installation is right.
type doctorCmd struct {
	app.ServeFlags `embed:""`
	JSON           bool   `name:"json" help:"Print one JSON document."`
	URL            string `arg:"" optional:"" help:"Where the app answers; default: its base URL."`
}

// Run prints a line for each check, and fails if there is a fault.
func (d doctorCmd) Run(ctx context.Context, con console) error {
	d.Environ = con.env
	report := doctor.Doctor{Flags: d.ServeFlags, URL: d.URL}.Examine(ctx)
	if err := report.Print(con.stdout, d.JSON); err != nil {
		return err
	}
	if !report.OK {
		return doctor.ErrFaults
	}
	return nil
}
