// Command sightline is the app, the local site to try it on, and their tools.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"
	_ "time/tzdata" // people's time zones, also where the system has none

	"github.com/gin-gonic/gin"
	_ "golang.org/x/crypto/x509roots/fallback" // root certificates, where the system has none
)

func main() {
	gin.SetMode(gin.ReleaseMode)
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	// A second signal ends the program at once, as if nothing caught it.
	context.AfterFunc(ctx, stop)
	os.Exit(run(ctx, os.Args[1:], systemConsole()))
}

// run parses and runs one command and returns the exit code.
func run(ctx context.Context, args []string, con console) int {
	var exit *int
	parser, err := newParser(con, func(code int) { exit = &code })
	if err != nil {
		return exitCode(con, err)
	}
	if len(args) == 0 {
		args = []string{"--help"}
	}
	command, err := parser.Parse(args)
	if exit != nil {
		return *exit
	}
	if err != nil {
		parser.Errorf("%s", err)
		return exitUsage
	}
	warn(command, con)
	command.BindTo(ctx, (*context.Context)(nil))
	return exitCode(con, command.Run(con))
}
