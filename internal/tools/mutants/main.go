// Command mutants shows that every refusal of a table has a test of its own: it
// changes the code in one place, runs the tests on it, and checks that only the
// row's case fails. The tree stays as it is: the compiler gets the changed file
// in place of the real one.
//
//	go run ./internal/tools/mutants [-only REGEXP] [-jobs N] TABLE
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"regexp"
	"sync"
	"time"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, os.Args[1:], os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, err)
		stop()
		os.Exit(1) //nolint:gocritic // stop was called
	}
}

// run reads the arguments and writes one line for each row.
func run(ctx context.Context, args []string, out io.Writer) error {
	flags := flag.NewFlagSet("mutants", flag.ContinueOnError)
	only := flags.String("only", "", "run the rows whose case matches")
	jobs := flags.Int("jobs", 2, "how many mutants run at once")
	if err := flags.Parse(args); err != nil {
		return err
	}
	chosen, err := regexp.Compile(*only)
	if err != nil {
		return err
	}
	if flags.NArg() != 1 {
		return errors.New("usage: mutants [-only REGEXP] [-jobs N] TABLE")
	}
	table, err := Read(flags.Arg(0))
	if err != nil {
		return err
	}
	if err := Check(".", table); err != nil {
		return err
	}
	return runAll(ctx, choose(table, chosen), max(*jobs, 1), out)
}

func choose(table []Row, chosen *regexp.Regexp) (rows []Row) {
	for _, row := range table {
		if chosen.MatchString(row.Case) {
			rows = append(rows, row)
		}
	}
	return rows
}

// runAll runs the tests as they are, then on each mutant.
func runAll(ctx context.Context, rows []Row, jobs int, out io.Writer) error {
	begun := time.Now()
	if err := runUnchanged(ctx, rows); err != nil {
		return err
	}
	var (
		all   sync.WaitGroup
		lock  sync.Mutex
		bad   int
		slots = make(chan struct{}, jobs)
	)
	for _, row := range rows {
		slots <- struct{}{}
		if ctx.Err() != nil {
			break
		}
		all.Go(func() {
			defer func() { <-slots }()
			err := runMutant(ctx, row)
			lock.Lock()
			defer lock.Unlock()
			if err != nil {
				bad++
				fmt.Fprintf(out, "BAD\t%s\t%v\n", row.Case, err)
				return
			}
			fmt.Fprintf(out, "ok\t%s\n", row.Case)
		})
	}
	all.Wait()
	if ctx.Err() != nil {
		return ctx.Err()
	}
	fmt.Fprintf(out, "%d mutants in %s\n", len(rows), time.Since(begun).Round(time.Second))
	if bad > 0 {
		return fmt.Errorf("%d of %d mutants are not caught by exactly their case", bad, len(rows))
	}
	return nil
}
