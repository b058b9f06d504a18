// Command worker measures parts of the program in a process of its own, and
// serves the floors that are servers. The load program builds it from each
// commit that it compares, so it uses as little as it can: connect, its
// clients, Gin, and the standard library.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/sightline-go/sightline/bench/internal/measure"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, os.Args[1:], os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1) //nolint:gocritic // nothing is left to be stopped
	}
}

func run(ctx context.Context, args []string, out io.Writer) error {
	if len(args) == 0 {
		return errors.New("want loop, serve or address")
	}
	switch args[0] {
	case "loop":
		return runLoop(ctx, args[1:], out)
	case "serve":
		return runServe(ctx, args[1:], out)
	case "address":
		return runAddress(ctx, args[1:], out)
	}
	return fmt.Errorf("%q: want loop, serve or address", args[0])
}

// loop makes an operation, and ends what the operation needs.
type loop func(ctx context.Context) (op func() error, end func(), err error)

// loops are all loops, by name.
func loops() map[string]loop {
	return map[string]loop{
		"verify":      verifyLoop,
		"verify-hash": hashLoop,
		"verify-hand": handLoop,
		"call":        callLoop,
		"call-plain":  plainCallLoop,
	}
}

// runLoop runs a loop and prints its sample as JSON.
func runLoop(ctx context.Context, args []string, out io.Writer) error {
	flags := flag.NewFlagSet("loop", flag.ContinueOnError)
	limit := flags.Duration("time", time.Second, "")
	count := flags.Int("count", 1000, "")
	name := flags.String("name", "", "")
	if err := flags.Parse(args); err != nil {
		return err
	}
	l, ok := loops()[*name]
	if !ok {
		return fmt.Errorf("loop %q: not found", *name)
	}
	op, end, err := l(ctx)
	if err != nil {
		return fmt.Errorf("loop %s: %w", *name, err)
	}
	defer end()
	s, err := measure.Loop(measure.Limits{Time: *limit, Count: *count}, op)
	if err != nil {
		return fmt.Errorf("loop %s: %w", *name, err)
	}
	return json.NewEncoder(out).Encode(s)
}
