//go:build !serveonly

package main

// localCommands are the commands that need the local site.
type localCommands struct {
	Dev   devCmd   `cmd:"" help:"Run the app and the local site in one process, installed and with sample data."`
	Site  siteCmd  `cmd:"" help:"Run only the local site, for any Connect app."`
	Judge judgeCmd `cmd:"" help:"Try the security and conformance of any Connect or Forge backend from outside."`
}
