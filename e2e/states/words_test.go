package states

import (
	"maps"
	"net/http"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/sightline-go/sightline/e2e/harness"
	"github.com/sightline-go/sightline/internal/browsertest"
	"github.com/sightline-go/sightline/internal/lang"
	"github.com/sightline-go/sightline/web"
)

// words tell whether a text is in a language: a text of the catalogue whose
// arguments are in the language too, several of them together, or something
// that has no language.
type words struct {
	texts []pattern
	month *regexp.Regexp
	// data are the names that Jira gives to its people, projects and issues.
	data map[string]bool
	// known are the answers so far.
	known map[string]bool
}

// pattern is a text of the catalogue, cut where its arguments go.
type pattern []string

// joined are how the pages put texts together.
func joined(l *lang.Language) []string {
	return []string{"%s; %s", "%s %s", "%s. %s", "%s, %s", "%s " + l.Formats.And + " %s"}
}

var verb = regexp.MustCompile(`%(?:\[\d+\])?s`)

// wordsOf reads the catalogue of a language. Data that English has as a text
// proves nothing and is left out.
func wordsOf(l *lang.Language, data []string) *words {
	w := &words{data: map[string]bool{}, known: map[string]bool{}}
	for _, text := range append(catalogued(reflect.ValueOf(*l.Texts)), joined(l)...) {
		if cut := pattern(verb.Split(text, -1)); strings.Join(cut, "") != "" {
			w.texts = append(w.texts, cut)
		}
	}
	months := make([]string, 0, len(l.Formats.Months))
	for _, name := range l.Formats.Months {
		months = append(months, regexp.QuoteMeta(name))
	}
	w.month = regexp.MustCompile(`^\d{1,2}\. (?:` + strings.Join(months, "|") + `)(?: \d{4})?$`)
	english := catalogued(reflect.ValueOf(*lang.New().English().Texts))
	for _, text := range data {
		w.data[text] = !slices.Contains(english, text)
	}
	return w
}

// catalogued are all texts in a value of the catalogue.
func catalogued(v reflect.Value) (list []string) {
	switch v.Kind() {
	case reflect.String:
		list = append(list, v.String())
	case reflect.Struct:
		for i := range v.NumField() {
			list = append(list, catalogued(v.Field(i))...)
		}
	case reflect.Array:
		for i := range v.Len() {
			list = append(list, catalogued(v.Index(i))...)
		}
	case reflect.Map:
		for _, key := range v.MapKeys() {
			list = append(list, catalogued(v.MapIndex(key))...)
		}
	}
	return list
}

var (
	letter   = regexp.MustCompile(`\p{L}`)
	issueKey = regexp.MustCompile(`^[A-Z]+-\d+$`)
	timeZone = regexp.MustCompile(`^(?:UTC(?:[+-]\d\d:\d\d)?|[A-Z]\w+(?:/[A-Z][\w +-]*)+)$`)
)

// have reports whether a text is in the language.
func (w *words) have(text string) bool {
	answer, ok := w.known[text]
	if !ok {
		answer = !letter.MatchString(text) || w.data[text] || issueKey.MatchString(text) || timeZone.MatchString(text) || w.month.MatchString(text) ||
			slices.ContainsFunc(w.texts, func(p pattern) bool { return w.fits(p, text) })
		w.known[text] = answer
	}
	return answer
}

// fits reports whether a text is that of a pattern, with arguments that are in
// the language.
func (w *words) fits(p pattern, text string) bool {
	rest, ok := strings.CutPrefix(text, p[0])
	if !ok || len(p) == 1 {
		return ok && rest == ""
	}
	for end := 1; end <= len(rest); end++ {
		last := len(p) == 2 && rest[end:] != p[1]
		if !last && strings.HasPrefix(rest[end:], p[1]) && w.have(rest[:end]) && w.fits(p[1:], rest[end:]) {
			return true
		}
	}
	return false
}

// jiraNames are the names that the pages may show of a site: of people, roles,
// projects, issues, labels, filters and apps, and what its Jira says against a query.
func jiraNames(t *testing.T, s *harness.Stage) []string {
	t.Helper()
	list := []string{"Sightline", otherProvider, ownTitle, refusedByJira, oldPoints, "assignee"}
	var fields []struct {
		Name   string
		Custom bool
	}
	s.Rest(t, s.Dashboard.Owner, http.MethodGet, "/rest/api/3/field", nil, &fields)
	for _, f := range fields {
		if f.Custom {
			list = append(list, f.Name)
		}
	}
	var statuses []struct{ Name string }
	s.Rest(t, s.Dashboard.Owner, http.MethodGet, "/rest/api/3/status", nil, &statuses)
	for _, status := range statuses {
		list = append(list, status.Name)
	}
	var filters struct{ Values []struct{ Name string } }
	s.Rest(t, s.Dashboard.Owner, http.MethodGet, "/rest/api/3/filter/search?maxResults=100", nil, &filters)
	for _, f := range filters.Values {
		list = append(list, f.Name)
	}
	var labels struct{ Values []string }
	s.Rest(t, s.Dashboard.Owner, http.MethodGet, "/rest/api/3/label?maxResults=100", nil, &labels)
	list = append(list, labels.Values...)
	var roles map[string]string
	s.Rest(t, s.Dashboard.Owner, http.MethodGet, "/rest/api/3/project/HARB/role", nil, &roles)
	list = slices.AppendSeq(list, maps.Keys(roles))
	var groups struct{ Groups []struct{ Name string } }
	s.Rest(t, s.Dashboard.Owner, http.MethodGet, "/rest/api/3/groups/picker", nil, &groups)
	for _, g := range groups.Groups {
		list = append(list, g.Name)
	}
	var teams struct {
		Results []struct{ DisplayName string }
	}
	s.Rest(t, s.Dashboard.Owner, http.MethodGet, "/rest/api/3/jql/autocompletedata/suggestions?fieldName=cf%5B10001%5D", nil, &teams)
	for _, team := range teams.Results {
		list = append(list, team.DisplayName)
	}
	slack := s.Site.Slack().State()
	list = append(list, slack.Team.Name, slack.Team.Domain+".slack.com")
	for _, p := range slack.People {
		list = append(list, p.Name, p.ID)
	}
	for _, p := range s.Site.People() {
		list = append(list, p.DisplayName, web.Initials(p.DisplayName))
	}
	for _, p := range s.Site.Objects().Projects {
		list = append(list, p.Key, p.Name)
	}
	list = append(list, s.Site.Objects().Labels...)
	var project struct {
		Roles      map[string]string
		IssueTypes []struct{ Name string }
	}
	s.Rest(t, s.Dashboard.Owner, http.MethodGet, "/rest/api/3/project/HARB", nil, &project)
	list = slices.AppendSeq(list, maps.Keys(project.Roles))
	for _, of := range project.IssueTypes {
		list = append(list, of.Name)
	}
	return append(list, s.Summaries(t, s.Dashboard.Owner, "project is not EMPTY")...)
}

// jiraData are the elements with data that is not translated: Jira's names of
// statuses and priorities, descriptions, comments, files, tables taken along, and the
// names of countries and holidays. Code has no language.
const jiraData = `code, .lozenge[class*=" status-"], .priority, .description, .file-name, .entry-comment, [data-group], .taken td, [data-seconds], [data-announce], select[name=region] option, .holiday-list label`

// speaks checks that every text of the page is in the language.
func speaks(t *testing.T, w *words, page *browsertest.Frame) {
	t.Helper()
	texts := page.Texts(jiraData)
	if len(texts) < 10 { // seven of them are the script's, in attributes
		t.Errorf("the page has too few texts: %q", texts)
	}
	for _, text := range texts {
		if !w.have(text) {
			t.Errorf("the catalogue does not have %q", text)
		}
	}
}

// TestWordsKnowTheirLanguage: text that is not German is found, also in an argument
// of a text.
func TestWordsKnowTheirLanguage(t *testing.T) {
	t.Parallel()
	w := wordsOf(lang.New().Of("de"), []string{"Rowan Petrie", "HARB", "Overdue"})
	for text, want := range map[string]bool{
		"Offene Vorgänge: Rowan Petrie":         true,
		"Verbleibend (Stunden)":                 true,
		"Nach Überfällig absteigend sortiert.":  true,
		"Fällig 5. März":                        true,
		"2 Std. 30 Min.":                        true,
		"America/New York (UTC-05:00)":          true,
		"HARB-12, 3/20":                         true,
		"HARB, HARB und HARB":                   true,
		"Open issues: Rowan Petrie":             false,
		"Remaining (Stunden)":                   false,
		"Verbleibend (hours)":                   false,
		"Nach Overdue absteigend sortiert.":     false,
		"Offene Vorgänge: Somebody Else":        false,
		"Offene Vorgänge":                       true,
		"Offene Vorgänge: ":                     false,
		"Fällig 5 Mar":                          false,
		"Show the open issues: Offene Vorgänge": false,
	} {
		if got := w.have(text); got != want {
			t.Errorf("%q: %v, want %v", text, got, want)
		}
	}
}
