package main

import (
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
	limits         measure.Limits
}

// The bounds of what flags may ask for.
const (
	maxRuns    = 50
	minTime    = 10 * time.Millisecond
	maxTime    = time.Minute
	maxCount   = 5_000_000
	maxClients = 64
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
	return errors.Join(o.run(ctx, out, temp), os.RemoveAll(temp))
}

// run measures, and uses the folder temp for what is built and stored.
func (o options) run(ctx context.Context, out io.Writer, temp string) (err error) {
	this, err := thisSide(ctx, temp)
	if err != nil {
		return err
	}
	b := &bench{sides: []*side{this}, temp: temp}
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
		between("runs", o.runs, 1, maxRuns), between("count", o.limits.Count, 1, maxCount), between("clients", o.limits.Clients, 1, maxClients))
	if o.limits.Time < minTime || o.limits.Time > maxTime {
		err = errors.Join(err, fmt.Errorf("-time: want %s to %s", minTime, maxTime))
	}
	if err != nil {
		return o, fmt.Errorf("%w\n%w", err, errUsage)
	}
	o.cases = chosen
	return o, nil
}

func noArguments(args []string) error {
	if len(args) > 0 {
		return fmt.Errorf("%q: only flags are accepted", args[0])
	}
	return nil
}

func between(name string, got, low, high int) error {
	if got < low || got > high {
		return fmt.Errorf("-%s: want %d to %d", name, low, high)
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
