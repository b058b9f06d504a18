package browsertest

import (
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

//nolint:gochecknoglobals // a flag has to be there before the tests' flags are parsed
var update = flag.Bool("update", false, "write the golden files")

// Golden compares HTML with testdata/NAME.html, after [Normalise]. "go test
// -update" writes the file.
func Golden(tb testing.TB, name, html string) {
	tb.Helper()
	file := filepath.Join("testdata", name+".html")
	got := Normalise(html)
	if *update {
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			tb.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			tb.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(file)
	if err != nil {
		tb.Fatalf("no golden file; go test -update writes it: %v", err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		tb.Errorf("%s has changed (-want +got); if that is intended, go test -update:\n%s", file, diff)
	}
}

// The values that differ between runs.
var (
	attributeValue = regexp.MustCompile(`(\s(?:id|for|href|src|srcset|action|nonce|integrity|aria-(?:labelledby|describedby|controls|owns|activedescendant|details|errormessage)|popovertarget|list|form|data-(?:session|form|view|save|url|person))=")[^"]*"`)
	token          = regexp.MustCompile(`eyJ[\w-]+\.[\w-]+\.[\w-]+`)
	address        = regexp.MustCompile(`(?:https?:)?//[\w.-]+(?::\d+)?(?:/[^\s"<]*)?`)
	account        = regexp.MustCompile(`\b\d{6}:[0-9a-f-]{36}\b`)
	hash           = regexp.MustCompile(`\b[0-9a-f]{16,}\b`)
	isoDate        = regexp.MustCompile(`\b\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)?)?`)
	wordDate       = regexp.MustCompile(`\b(?:(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)\w*,?(?: |&nbsp;|\x{a0}))?(?:\d{1,2}\.?(?: |&nbsp;|\x{a0})(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)\w*|(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)\w*(?: |&nbsp;|\x{a0})\d{1,2}\b)(?:,?(?: |&nbsp;|\x{a0})\d{4})?`)
	clock          = regexp.MustCompile(`\b\d{1,2}:\d\d(?::\d\d)?\b`)
	space          = regexp.MustCompile(`\s+`)
)

// Normalise returns HTML with one tag a line, without all that differs between
// runs: ids and references to them, addresses, tokens, account ids, hashes, dates
// and times.
func Normalise(html string) string {
	text := space.ReplaceAllString(html, " ")
	text = attributeValue.ReplaceAllString(text, `$1…"`)
	for _, one := range []struct {
		pattern *regexp.Regexp
		instead string
	}{
		{token, "TOKEN"},
		{address, "ADDRESS"},
		{account, "ACCOUNT"},
		{hash, "HASH"},
		{isoDate, "DATE"},
		{wordDate, "DATE"},
		{clock, "TIME"},
	} {
		text = one.pattern.ReplaceAllString(text, one.instead)
	}
	var lines []string
	for _, line := range strings.Split(strings.ReplaceAll(text, "<", "\n<"), "\n") {
		if line = strings.TrimSpace(line); line != "" {
			lines = append(lines, line)
		}
	}
	return strings.Join(lines, "\n") + "\n"
}

// HTML returns the markup of the first element in the frame that matches the
// selector.
func (f *Frame) HTML(selector string) string {
	f.tab.tb.Helper()
	return FrameEval[string](f, "document.querySelector("+quote(selector)+").outerHTML")
}

// HTML returns the markup of the first element in the page that matches the
// selector.
func (t *Tab) HTML(selector string) string {
	t.tb.Helper()
	return Eval[string](t, "document.querySelector("+quote(selector)+").outerHTML")
}

// Shot writes a picture of the tab as NAME.png into the folder that
// SIGHTLINE_SCREENSHOTS names, if it is set.
func (t *Tab) Shot(name string) {
	t.tb.Helper()
	dir := os.Getenv("SIGHTLINE_SCREENSHOTS")
	if dir == "" {
		return
	}
	file := filepath.Join(dir, strings.NewReplacer("/", "-", " ", "-").Replace(name)+".png")
	if err := os.WriteFile(file, t.Screenshot(), 0o644); err != nil {
		t.tb.Fatal(err)
	}
}
