package main

import (
	"html"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// figures are the numbers of one row, as a page shows them.
type figures struct {
	Open, ToDo, InProgress, Overdue, DueSoon int
	Remaining, Logged                        string
}

// shownRow is a row of the page: whose it is and what it says.
type shownRow struct {
	Account, Name, Load string
	Figures             figures
}

// shownTeam is all numbers of a page.
type shownTeam struct {
	Totals     figures
	Rows       []shownRow
	Unassigned figures
}

var (
	tableRow  = regexp.MustCompile(`(?s)<tr[^>]* data-person="([^"]*)"[^>]*>(.*?)</tr>`)
	dataCount = regexp.MustCompile(`(?s)<(?:td|dd)[^>]* data-count="(\w+)"[^>]*>(.*?)</(?:td|dd)>`)
	personOf  = regexp.MustCompile(`(?s)<span class="name"[^>]*>(.*?)</span>`)
	lozenge   = regexp.MustCompile(`(?s)<span class="lozenge [^>]*>(.*?)</span>`)
	anyTag    = regexp.MustCompile(`<[^>]*>`)
	totalsOf  = regexp.MustCompile(`(?s)<dl class="totals[^"]*">(.*?)</dl>`)
)

func plainText(markup string) string {
	return strings.TrimSpace(html.UnescapeString(anyTag.ReplaceAllString(markup, "")))
}

func firstText(pattern *regexp.Regexp, markup string) string {
	m := pattern.FindStringSubmatch(markup)
	if m == nil {
		return ""
	}
	return plainText(m[1])
}

// readFigures reads the numbers out of a piece of a page.
func readFigures(t *testing.T, markup string) figures {
	t.Helper()
	cells := map[string]string{}
	for _, m := range dataCount.FindAllStringSubmatch(markup, -1) {
		cells[m[1]] = strings.ReplaceAll(plainText(m[2]), ",", "") // 1,234 in English
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
	return figures{
		number("open"), number("todo"), number("inprogress"), number("overdue"), number("duesoon"),
		cells["remaining"], cells["logged"],
	}
}

// readTeam reads all numbers out of a gadget's page.
func readTeam(t *testing.T, page string) shownTeam {
	t.Helper()
	totals := totalsOf.FindStringSubmatch(page)
	if totals == nil {
		t.Fatalf("the page has no totals:\n%s", page)
	}
	out := shownTeam{Totals: readFigures(t, totals[1]), Rows: []shownRow{}}
	for _, m := range tableRow.FindAllStringSubmatch(page, -1) {
		if m[1] == "" {
			out.Unassigned = readFigures(t, m[2])
			continue
		}
		out.Rows = append(out.Rows, shownRow{
			html.UnescapeString(m[1]), firstText(personOf, m[2]), firstText(lozenge, m[2]), readFigures(t, m[2]),
		})
	}
	return out
}
