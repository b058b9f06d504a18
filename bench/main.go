package main

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"slices"
	"strings"
	"syscall"
	"text/tabwriter"
	"time"

	"github.com/sightline-go/sightline/bench/internal/measure"
)

// options are what the flags say.
type options struct {
	list, markdown bool
	cases          []benchCase
	runs           int
	against        string
	postgres       string
	write          string
	tenants        int
	limits         measure.Limits
}

// The bounds of what flags may ask for.
const (
	maxRuns    = 50
	minTime    = 10 * time.Millisecond
	maxTime    = 15 * time.Minute
	maxCount   = 5_000_000
	maxClients = 64
	maxTenants = 20_000
)

// errUsage says that the flags are wrong; exit code 2.
var errUsage = errors.New("see go run ./bench -help")

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	switch {
	case err == nil, errors.Is(err, flag.ErrHelp):
	case errors.Is(err, errUsage):
		fmt.Fprintln(os.Stderr, err)
		os.Exit(2)
	default:
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// run measures what the arguments ask for.
func run(ctx context.Context, args []string, out, errOut io.Writer) error {
	o, err := parse(args, errOut)
	if err != nil {
		return err
	}
	if o.list {
		return list(out)
	}
	temp, err := os.MkdirTemp("", "sightline-bench-")
	if err != nil {
		return err
	}
	var tables bytes.Buffer
	if o.write != "" {
		out = io.MultiWriter(out, &tables)
	}
	err = errors.Join(o.run(ctx, out, temp), os.RemoveAll(temp))
	if err != nil || o.write == "" {
		return err
	}
	return o.writeInto(o.write, tables.Bytes())
}

// run measures, and uses the folder temp for what is built and stored.
func (o options) run(ctx context.Context, out io.Writer, temp string) (err error) {
	this, err := thisSide(ctx, temp)
	if err != nil {
		return err
	}
	b := &bench{sides: []*side{this}, temp: temp, postgres: o.postgres, tenants: o.tenants}
	if o.against != "" {
		other, remove, err := otherSide(ctx, this, o.against, temp)
		if err != nil {
			return err
		}
		defer func() { err = errors.Join(err, remove()) }()
		b.sides = append(b.sides, other)
	}
	return o.report(ctx, b, out)
}

// report measures the cases and writes each one as soon as it is done.
func (o options) report(ctx context.Context, b *bench, out io.Writer) error {
	r := report{out: out, markdown: o.markdown, sides: b.sides, options: o}
	if err := r.head(time.Now()); err != nil {
		return err
	}
	for _, c := range o.cases {
		res, err := b.measureCase(ctx, c, o.runs, o.limits)
		if err != nil {
			return err
		}
		if err := r.result(res); err != nil {
			return err
		}
	}
	_, err := fmt.Fprintf(out, "\nThe machine's load at the end: %s.\n", machineLoad())
	return err
}

// parse reads and checks the flags.
func parse(args []string, errOut io.Writer) (options, error) {
	var o options
	var names string
	flags := flag.NewFlagSet("bench", flag.ContinueOnError)
	flags.SetOutput(errOut)
	flags.BoolVar(&o.list, "list", false, "list the cases and measure nothing")
	flags.StringVar(&names, "case", "", "measure these cases only, separated by commas")
	flags.IntVar(&o.runs, "runs", 5, "how many rounds; each measures everything once")
	flags.StringVar(&o.against, "against", "", "measure this commit, too: any name that git knows")
	flags.StringVar(&o.postgres, "postgres", "", "use this PostgreSQL server instead of SQLite: postgres://…")
	flags.StringVar(&o.write, "write", "", "put the tables, as Markdown, into this document, too")
	flags.IntVar(&o.tenants, "tenants", 1, "how many tenants the program has")
	flags.BoolVar(&o.markdown, "markdown", false, "write Markdown")
	flags.DurationVar(&o.limits.Time, "time", time.Second, "how long one measurement takes at most")
	flags.IntVar(&o.limits.Count, "count", 1_000_000, "how many operations one measurement makes at most")
	flags.IntVar(&o.limits.Clients, "clients", 8, "how many requests are made at a time")
	if err := flags.Parse(args); err != nil {
		if errors.Is(err, flag.ErrHelp) {
			return o, err
		}
		return o, fmt.Errorf("%w: %w", err, errUsage)
	}
	chosen, err := choose(names)
	err = errors.Join(err, noArguments(flags.Args()),
		within("runs", o.runs, maxRuns), within("count", o.limits.Count, maxCount), within("clients", o.limits.Clients, maxClients), within("tenants", o.tenants, maxTenants))
	if o.limits.Time < minTime || o.limits.Time > maxTime {
		err = errors.Join(err, fmt.Errorf("-time: want %s to %s", minTime, maxTime))
	}
	if err != nil {
		return o, fmt.Errorf("%w\n%w", err, errUsage)
	}
	o.cases, o.markdown = chosen, o.markdown || o.write != ""
	return o, nil
}

func noArguments(args []string) error {
	if len(args) > 0 {
		return fmt.Errorf("%q: only flags are accepted", args[0])
	}
	return nil
}

func within(name string, got, most int) error {
	if got < 1 || got > most {
		return fmt.Errorf("-%s: want 1 to %d", name, most)
	}
	return nil
}

// choose finds the cases of a list of names; all when it is empty.
func choose(names string) ([]benchCase, error) {
	if names == "" {
		return cases(), nil
	}
	var chosen []benchCase
	for name := range strings.SplitSeq(names, ",") {
		i := slices.IndexFunc(cases(), func(c benchCase) bool { return c.name == name })
		if i < 0 {
			return nil, fmt.Errorf("-case: there is no case %q, see -list", name)
		}
		chosen = append(chosen, cases()[i])
	}
	return chosen, nil
}

func list(out io.Writer) error {
	w := tabwriter.NewWriter(out, 0, 0, 3, ' ', 0)
	for _, c := range cases() {
		fmt.Fprintf(w, "%s\t%s\tfloor: %s\n", c.name, c.about, c.floor)
	}
	return w.Flush()
}
