// Package datecheck_test compares the holidays that the product offers with those of
// the npm package date-holidays, in the version of package-lock.json. "npm ci
// --ignore-scripts" in this folder installs it.
package datecheck_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/sightline-go/sightline/internal/capacity"
	"github.com/sightline-go/sightline/internal/workload"
)

var update = flag.Bool("update", false, "write the differences that are known")

// known are the differences that somebody has looked at: neither side is right by
// itself, and the form lets people add and remove days.
const known = "differences.tsv"

// The years that are compared.
const firstYear, lastYear = 2026, 2027

// needsHolidays skips where node or the package is absent, or fails where
// SIGHTLINE_TEST_ALL=1 says that nothing may be skipped.
func needsHolidays(t *testing.T) {
	t.Helper()
	_, err := exec.LookPath("node")
	if err == nil {
		_, err = os.Stat(filepath.Join("node_modules", "date-holidays", "package.json"))
	}
	switch {
	case err != nil && os.Getenv("SIGHTLINE_TEST_ALL") == "1":
		t.Fatalf("node and the package of internal/capacity/datecheck are needed (npm ci --ignore-scripts there): %v", err)
	case err != nil:
		t.Skipf("node or the package of internal/capacity/datecheck is not installed: %v", err)
	}
}

// TestHolidays names every region and working day on which only one of the two
// lists has a holiday, and fails if that is not exactly what is known.
func TestHolidays(t *testing.T) {
	t.Parallel()
	needsHolidays(t)
	theirs := readTheirs(t)
	var lines []string
	for _, region := range capacity.Regions() {
		other, ok := theirs[region.Code]
		if !ok {
			lines = append(lines, region.Code+"\t\tonly ours\tthe whole region")
			continue
		}
		lines = append(lines, compare(region.Code, ours(region.Code), other)...)
	}
	slices.Sort(lines)
	if *update {
		if err := os.WriteFile(known, []byte(strings.Join(lines, "\n")+"\n"), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	text, err := os.ReadFile(known)
	if err != nil {
		t.Fatal(err)
	}
	want := strings.Split(strings.TrimSpace(string(text)), "\n")
	if diff := cmp.Diff(want, lines); diff != "" {
		t.Errorf("%s says otherwise, -update writes it after you have looked (-known +found)\n%s", known, diff)
	}
}

func ours(region string) map[string]string {
	days := map[string]string{}
	for _, h := range capacity.Holidays(region, workload.Date{Year: firstYear, Month: 1, Day: 1}, workload.Date{Year: lastYear, Month: 12, Day: 31}) {
		days[h.Day.String()] = h.Name
	}
	return days
}

// list is a region's holidays: names by day. Banks close on some that are none for
// others: nobody has to know those.
type list struct{ public, bank map[string]string }

func compare(region string, ours map[string]string, theirs list) []string {
	var lines []string
	for day, name := range ours {
		if theirs.public[day] == "" && theirs.bank[day] == "" && !weekend(day) {
			lines = append(lines, fmt.Sprintf("%s\t%s\tonly ours\t%s", region, day, name))
		}
	}
	for day, name := range theirs.public {
		if ours[day] == "" && !weekend(day) {
			lines = append(lines, fmt.Sprintf("%s\t%s\tonly theirs\t%s", region, day, name))
		}
	}
	return lines
}

func weekend(day string) bool {
	d, err := workload.ParseDate(day)
	return err == nil && (d.Weekday() == 0 || d.Weekday() == 6)
}

func readTheirs(t *testing.T) map[string]list {
	t.Helper()
	args := []string{"holidays.mjs", strconv.Itoa(firstYear), strconv.Itoa(lastYear)}
	for _, r := range capacity.Regions() {
		args = append(args, r.Code)
	}
	cmd := exec.CommandContext(t.Context(), "node", args...)
	var complaints bytes.Buffer
	cmd.Stderr = &complaints
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("list holidays: %v\n%s", err, complaints.String())
	}
	regions := map[string]list{}
	for line := range bytes.Lines(out) {
		var h struct {
			Region, Day, Name, Type string
			Unknown                 bool
		}
		if err := json.Unmarshal(line, &h); err != nil {
			t.Fatalf("the script printed %q", line)
		}
		if h.Unknown {
			continue
		}
		of, ok := regions[h.Region]
		if !ok {
			of = list{map[string]string{}, map[string]string{}}
			regions[h.Region] = of
		}
		if h.Type == "bank" {
			of.bank[h.Day] = h.Name
		} else {
			of.public[h.Day] = h.Name
		}
	}
	return regions
}
