package main

import (
	"errors"
	"fmt"

	"github.com/alecthomas/kong"

	"github.com/sightline-go/sightline/internal/app"
)

const exitFailed, exitUsage = 1, 2

// cli is the command line; each command has its own file.
type cli struct {
	Serve         serveCmd `cmd:"" help:"Run the app."`
	localCommands `embed:""`
	API           apiCmd         `cmd:"" name:"api" help:"Make one signed call to a tenant's API."`
	Descriptor    descriptorCmd  `cmd:"" help:"Print the rendered descriptor."`
	Manifest      manifestCmd    `cmd:"" help:"Print, write, compare or check a Forge manifest."`
	Doctor        doctorCmd      `cmd:"" help:"Say whether this installation is right: settings, database, services outside, public address."`
	Tenants       tenantsCmd     `cmd:"" help:"List the tenants, or do something with one; never a secret."`
	Backup        backupCmd      `cmd:"" help:"Write all data to a file, while the app runs."`
	Restore       restoreCmd     `cmd:"" help:"Fill the database with a backup."`
	Migrate       migrateCmd     `cmd:"" help:"Move all data to another database, of either kind."`
	Glances       glancesCmd     `cmd:"" help:"List what conversations see; --retry tries again what failed."`
	Explain       explainCmd     `cmd:"" help:"Say why a token is refused, without a network; exit 1 for a bad one."`
	Rekey         rekeyCmd       `cmd:"" help:"Encrypt all secrets anew under the newest key."`
	Healthcheck   healthcheckCmd `cmd:"" help:"Ask the running app whether it is ready; exit 0 or 1."`
	Version       versionCmd     `cmd:"" help:"Print version, commit and date."`
	VersionFlag   versionFlag    `name:"version" help:"Print version, commit and date."`
}

func newParser(con console, exit func(code int)) (*kong.Kong, error) {
	return kong.New(&cli{},
		kong.Name("sightline"), kong.Description("Shows a team who is carrying what, in Jira and in the chat."),
		kong.Writers(con.stdout, con.stderr), kong.Exit(exit), kong.UsageOnError(),
		kong.Resolvers(environment(con.env)), kong.ValueFormatter(describe))
}

func exitCode(con console, err error) int {
	var wrong app.SettingsError
	switch {
	case err == nil:
		return 0
	case errors.As(err, &wrong):
		fmt.Fprintln(con.stderr, wrong)
		return exitUsage
	}
	fmt.Fprintln(con.stderr, "sightline:", err)
	return exitFailed
}
