package main

import (
	"fmt"
	"io"
	"math"
	"os"
	"runtime"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/sightline-go/sightline/bench/internal/measure"
)

// report writes results, as text or as Markdown.
type report struct {
	out      io.Writer
	markdown bool
	sides    []*side
	options  options
}

// head says what was measured on what.
func (r report) head(now time.Time) error {
	line := fmt.Sprintf("%s, %s %s/%s, %d processors, load %s: %d rounds of %s, %d clients, %s, %d tenants",
		now.UTC().Format("2006-01-02 15:04"), runtime.Version(), runtime.GOOS, runtime.GOARCH, runtime.NumCPU(),
		machineLoad(), r.options.runs, r.options.limits.Time, r.options.limits.Clients,
		r.options.databaseName(), r.options.tenants)
	for _, s := range r.sides {
		line += fmt.Sprintf("; %s is %s", s.name, s.commit)
	}
	_, err := fmt.Fprintf(r.out, "%s\n", line)
	return err
}

// databaseName is the kind of database that is used.
func (o options) databaseName() string {
	if o.postgres != "" {
		return "PostgreSQL"
	}
	return "SQLite"
}

// machineLoad is how busy the machine was in the last minute.
func machineLoad() string {
	data, err := os.ReadFile("/proc/loadavg")
	first, _, ok := strings.Cut(string(data), " ")
	if err != nil || !ok {
		return "unknown"
	}
	return first
}

// result writes the table of a case.
func (r report) result(res result) error {
	rows := r.table(res)
	title := fmt.Sprintf("%s: %s. Floor: %s.", res.of.name, res.of.about, res.of.floor)
	if r.markdown {
		if _, err := fmt.Fprintf(r.out, "\n**%s**\n\n", title); err != nil {
			return err
		}
		for i, row := range rows {
			fmt.Fprintf(r.out, "| %s |\n", strings.Join(row, " | "))
			if i == 0 {
				fmt.Fprintf(r.out, "|%s\n", strings.Repeat(" --- |", len(row)))
			}
		}
		return r.notes(res, "\n*", "*\n")
	}
	if _, err := fmt.Fprintf(r.out, "\n%s\n", title); err != nil {
		return err
	}
	w := tabwriter.NewWriter(r.out, 0, 0, 3, ' ', 0)
	for _, row := range rows {
		fmt.Fprintf(w, "  %s\n", strings.Join(row, "\t"))
	}
	if err := w.Flush(); err != nil {
		return err
	}
	return r.notes(res, "  (", ")\n")
}

func (r report) notes(res result, before, after string) error {
	for _, note := range res.notes {
		if _, err := io.WriteString(r.out, before+strings.TrimSpace(note)+after); err != nil {
			return err
		}
	}
	return nil
}

// table has a line for each measured metric: what each contestant reached, and
// this side's ratios. The metric that sums up the case is marked.
func (r report) table(res result) [][]string {
	head := []string{"", "floor"}
	for i := range res.samples[1:] {
		head = append(head, r.sides[i].name)
	}
	head = append(head, "this/floor")
	for i := range res.samples[2:] {
		head = append(head, "this/"+r.sides[i+1].name)
	}
	rows := [][]string{head}
	for _, m := range measure.Metrics() {
		if len(values(res.samples[1], m)) == 0 {
			continue
		}
		name := string(m)
		if m == res.of.shown {
			name += " *"
		}
		row := []string{name}
		for _, samples := range res.samples {
			row = append(row, amount(m, summarize(values(samples, m))))
		}
		row = append(row, ratio(summarize(ratios(res.samples[1], res.samples[0], m))))
		for _, other := range res.samples[2:] {
			row = append(row, ratio(summarize(ratios(res.samples[1], other, m))))
		}
		rows = append(rows, row)
	}
	return rows
}

// amount writes a median in its unit, and its spread.
func amount(m measure.Metric, s summary) string {
	if s.count == 0 {
		return "-"
	}
	text := ""
	switch m {
	case measure.Mean, measure.Best, measure.P50, measure.P95, measure.P99, measure.CPU:
		text = duration(s.median)
	case measure.Resident, measure.Peak:
		text = fmt.Sprintf("%.1f MiB", s.median/(1<<20))
	case measure.PerSecond, measure.Allocs, measure.Growth:
		text = significant(s.median)
	}
	return text + spread(s)
}

func ratio(s summary) string {
	if s.count == 0 {
		return "-"
	}
	return significant(s.median) + spread(s)
}

func spread(s summary) string { return fmt.Sprintf(" ±%.0f%%", s.spread*100) }

// duration writes seconds with three digits.
func duration(seconds float64) string {
	for _, unit := range []struct {
		size float64
		name string
	}{{1, "s"}, {1e-3, "ms"}, {1e-6, "µs"}} {
		if seconds >= unit.size {
			return significant(seconds/unit.size) + " " + unit.name
		}
	}
	return significant(seconds*1e9) + " ns"
}

// significant writes a number with three digits, or all digits before the
// point when there are more.
func significant(v float64) string {
	if v == 0 {
		return "0"
	}
	digits := 2 - int(math.Floor(math.Log10(math.Abs(v))))
	return fmt.Sprintf("%.*f", max(digits, 0), v)
}
