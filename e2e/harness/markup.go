package harness

import (
	"bytes"
	"compress/gzip"
	"html"
	"io"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// Loaded says that the page's scripts have run.
const Loaded = `document.readyState === "complete" && `

// Unzipped is a compressed body's content.
func Unzipped(t testing.TB, body []byte) string {
	t.Helper()
	reader, err := gzip.NewReader(bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	whole, err := io.ReadAll(reader)
	if err != nil {
		t.Fatal(err)
	}
	return string(whole)
}

// Hostile are strings that must come out as text wherever they are shown.
func Hostile() []string {
	return []string{
		`<script>alert(1)</script>`, `"><img src=x onerror=alert(2)>`, `' onmouseover='alert(3)`,
		`</textarea></title></option></select><svg onload=alert(4)>`, `{{constructor.constructor('alert(5)')()}}`,
		`javascript:alert(6)`, "\u202egnp.exe", `&lt;b&gt;`, `--><!--`, `]]>`,
	}
}

// tag is a start tag with its attributes, as a browser would find it.
var tag = regexp.MustCompile(`<[a-zA-Z](?:[^>"']|"[^"]*"|'[^']*')*>`)

// Harmless checks that a page has only its own markup: no event handlers, no
// inline scripts, no script addresses.
func Harmless(t testing.TB, name, body string) {
	t.Helper()
	for _, text := range Hostile()[:5] {
		if strings.Contains(text, "<") && strings.Contains(body, text) {
			t.Errorf("%s: %q comes out as markup:\n%s", name, text, body)
		}
	}
	for _, element := range tag.FindAllString(body, -1) {
		bare := regexp.MustCompile(`"[^"]*"`).ReplaceAllString(element, `""`)
		switch {
		case regexp.MustCompile(`(?i)\son[a-z]+\s*=|\sstyle=|\ssrcdoc=`).MatchString(bare),
			regexp.MustCompile(`(?i)(href|src|action)="\s*(javascript|data|vbscript):`).MatchString(element),
			strings.HasPrefix(element, "<script") && !strings.Contains(element, ` src="`),
			strings.HasPrefix(element, "<svg") && strings.Contains(element, "onload"):
			t.Errorf("%s: an element that may run: %s", name, element)
		}
	}
}

// Figures are the numbers of one row, as a page shows them.
type Figures struct {
	Open, ToDo, InProgress, Overdue, DueSoon int
	Remaining, Logged                        string
}

// ShownRow is a row of the page: whose it is and what it shows.
type ShownRow struct {
	Account, Name, Load string
	Figures             Figures
}

// ShownTeam is all numbers of a page.
type ShownTeam struct {
	Totals     Figures
	Rows       []ShownRow
	Unassigned Figures
}

// TableRow finds the rows of a gadget's table: the person and the cells.
var TableRow = regexp.MustCompile(`(?s)<tr[^>]* data-person="([^"]*)"[^>]*>(.*?)</tr>`)

var dataCount = regexp.MustCompile(`(?s)<(?:td|dd)[^>]* data-count="(\w+)"[^>]*>(.*?)</(?:td|dd)>`)

var personOf = regexp.MustCompile(`(?s)<span class="name"[^>]*>(.*?)</span>`)

var lozenge = regexp.MustCompile(`(?s)<span class="lozenge [^>]*>(.*?)</span>`)

var anyTag = regexp.MustCompile(`<[^>]*>`)

var totalsOf = regexp.MustCompile(`(?s)<dl class="totals[^"]*">(.*?)</dl>`)

// PlainText is the text that a person reads in markup.
func PlainText(markup string) string {
	return strings.TrimSpace(html.UnescapeString(anyTag.ReplaceAllString(markup, "")))
}

func firstText(pattern *regexp.Regexp, markup string) string {
	m := pattern.FindStringSubmatch(markup)
	if m == nil {
		return ""
	}
	return PlainText(m[1])
}

// readFigures reads the numbers from a part of a page.
func readFigures(t *testing.T, markup string) Figures {
	t.Helper()
	cells := map[string]string{}
	for _, m := range dataCount.FindAllStringSubmatch(markup, -1) {
		cells[m[1]] = strings.ReplaceAll(PlainText(m[2]), ",", "") // 1,234 in English
	}
	if len(cells) != 7 {
		t.Fatalf("%d numbers, want 7:\n%s", len(cells), markup)
	}
	number := func(name string) int {
		n, err := strconv.Atoi(cells[name])
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		return n
	}
	return Figures{
		number("open"), number("todo"), number("inprogress"), number("overdue"), number("duesoon"),
		cells["remaining"], cells["logged"],
	}
}

// ReadTeam reads all numbers from a gadget's page.
func ReadTeam(t *testing.T, page string) ShownTeam {
	t.Helper()
	totals := totalsOf.FindStringSubmatch(page)
	if totals == nil {
		t.Fatalf("the page has no totals:\n%s", page)
	}
	out := ShownTeam{Totals: readFigures(t, totals[1]), Rows: []ShownRow{}}
	for _, m := range TableRow.FindAllStringSubmatch(page, -1) {
		if m[1] == "" {
			out.Unassigned = readFigures(t, m[2])
			continue
		}
		out.Rows = append(out.Rows, ShownRow{
			html.UnescapeString(m[1]), firstText(personOf, m[2]), firstText(lozenge, m[2]), readFigures(t, m[2]),
		})
	}
	return out
}
