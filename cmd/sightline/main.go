// Command sightline is the app, the local site to try it on, and their tools.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"
	_ "time/tzdata" // people's time zones, also where the system has none

	"github.com/alecthomas/kong"
	"github.com/gin-gonic/gin"
)

// The exit codes.
const (
	exitFailed = 1
	exitUsage  = 2
)

// cli is the command line: one file a command.
type cli struct {
	Serve      serveCmd      `cmd:"" help:"Run the app."`
	Dev        devCmd        `cmd:"" help:"Run the app and the local site in one process, installed and with sample data."`
	Site       siteCmd       `cmd:"" help:"Run the local site alone, for any Connect app."`
	API        apiCmd        `cmd:"" name:"api" help:"Make one signed call to a tenant's API."`
	Descriptor descriptorCmd `cmd:"" help:"Print the rendered descriptor."`
	Tenants    tenantsCmd    `cmd:"" help:"List the tenants; never a secret."`
	Glances    glancesCmd    `cmd:"" help:"List what conversations see; --retry tries again what failed."`
	Rekey      rekeyCmd      `cmd:"" help:"Encrypt all secrets anew under the newest key."`
	Version    versionCmd    `cmd:"" help:"Print the version."`
}

// console is what a command gets from the world.
type console struct {
	stdin          io.Reader
	stdout, stderr io.Writer
	// terminal says that stdout is one.
	terminal bool
	// env looks up an environment variable.
	env func(string) (string, bool)
}

func main() {
	gin.SetMode(gin.ReleaseMode)
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	os.Exit(run(ctx, os.Args[1:], console{
		stdin: os.Stdin, stdout: os.Stdout, stderr: os.Stderr, terminal: isTerminal(os.Stdout), env: os.LookupEnv,
	}))
}

func isTerminal(f *os.File) bool {
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}

// run parses and runs one command and returns the exit code.
func run(ctx context.Context, args []string, con console) int {
	var exit *int
	parser, err := kong.New(&cli{},
		kong.Name("sightline"),
		kong.Description("Shows a team who is carrying what, in Jira and in the chat."),
		kong.Writers(con.stdout, con.stderr),
		kong.Exit(func(code int) { exit = &code }),
		kong.Resolvers(environment(con.env)),
		kong.ValueFormatter(describe),
		kong.UsageOnError(),
	)
	if err != nil {
		fmt.Fprintln(con.stderr, "sightline:", err)
		return exitFailed
	}
	command, err := parser.Parse(args)
	if exit != nil {
		return *exit
	}
	if err != nil {
		parser.Errorf("%s", err)
		return exitUsage
	}
	command.BindTo(ctx, (*context.Context)(nil))
	return exitCode(con, command.Run(con))
}

func exitCode(con console, err error) int {
	var wrong settingsError
	switch {
	case err == nil:
		return 0
	case errors.As(err, &wrong):
		fmt.Fprintln(con.stderr, wrong)
		return exitUsage
	default:
		fmt.Fprintln(con.stderr, "sightline:", err)
		return exitFailed
	}
}
