//go:build !serveonly

package main

// localCommands carry the local site.
type localCommands struct {
	Dev  devCmd  `cmd:"" help:"Run the app and the local site in one process, installed and with sample data."`
	Site siteCmd `cmd:"" help:"Run the local site alone, for any Connect app."`
}
