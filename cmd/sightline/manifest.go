package main

import (
	"github.com/sightline-go/sightline/forge"
	"github.com/sightline-go/sightline/web"
)

// manifestCmd prints, writes, checks or compares the Forge manifest.
type manifestCmd struct {
	Stage      forge.Stage `enum:"forge,hybrid" default:"forge" help:"forge, or hybrid for sites that still have the Connect app."`
	BaseURL    string      `name:"base-url" help:"Public base URL." default:"https://sightline.example"`
	Dir        string      `help:"Write all that \"forge deploy\" needs to this folder. An app id that is there stays."`
	AppID      string      `name:"app-id" help:"The app's id, an ARI or a UUID; default: that of SIGHTLINE_FORGE_APP_ID."`
	ConnectKey string      `help:"Key that the app had as a Connect app. It can never be changed."`
	Diff       string      `help:"Say what an admin must approve after this manifest or Connect descriptor."`
	Check      string      `help:"Check this manifest (any app's) and the files next to it."`
}

// Run does the first of --check, --diff and --dir; without one it prints the
// manifest.
func (m manifestCmd) Run(con console) error {
	shared, err := web.Files()
	if err != nil {
		return err
	}
	if m.AppID == "" {
		if m.AppID, _, err = con.env.Setting("forge-app-id"); err != nil {
			return err
		}
	}
	return forge.Command{
		Options: forge.Options{Stage: m.Stage, BaseURL: m.BaseURL, AppID: m.AppID, ConnectKey: m.ConnectKey},
		Check:   m.Check, Diff: m.Diff, Dir: m.Dir, Shared: shared,
	}.Run(con.stdout)
}
