package lang_test

import (
	"reflect"
	"regexp"
	"slices"
	"testing"
	"time"

	"golang.org/x/text/feature/plural"
	"golang.org/x/text/language"

	"github.com/sightline-go/sightline/internal/lang"
)

func TestOfFindsTheLanguage(t *testing.T) {
	t.Parallel()
	c := lang.New()
	for locale, want := range map[string]string{
		"": "en", "de": "de", "de_DE": "de", "de-AT": "de", "en_US": "en", "fr_FR": "en",
		"zz_ZZ": "en", "no locale at all": "en", "../../etc": "en", "DE_de": "de",
	} {
		if got := c.Of(locale).Tag; got != want {
			t.Errorf("Of(%q) is %q, want %q", locale, got, want)
		}
	}
	for header, want := range map[string]string{
		"": "en", "fr, de;q=0.8": "de", "de-CH,de;q=0.9,en;q=0.8": "de", "fr": "en", ";;;": "en",
	} {
		if got := c.Accepted(header).Tag; got != want {
			t.Errorf("Accepted(%q) is %q, want %q", header, got, want)
		}
	}
}

var verb = regexp.MustCompile(`%(\[\d+\])?[a-z]`)

// word is a word of a text, once the verbs are taken out.
var word = regexp.MustCompile(`\p{L}+`)

// TestEveryLanguageIsComplete compares each language with English, field by
// field: no text is empty, each takes the same arguments, and none is the
// English one. Single words may be the same in two languages.
func TestEveryLanguageIsComplete(t *testing.T) {
	t.Parallel()
	c := lang.New()
	english := reflect.ValueOf(*c.English().Texts)
	for _, l := range c.All() {
		if got := c.Of(l.Tag).Tag; got != l.Tag {
			t.Errorf("Of(%q) is %q", l.Tag, got)
		}
		compare(t, l.Tag, "", english, reflect.ValueOf(*l.Texts))
	}
}

func compare(t *testing.T, tag, path string, want, got reflect.Value) {
	t.Helper()
	switch {
	case want.Type() == reflect.TypeFor[lang.Plural]():
		comparePlural(t, tag, path, want.Interface().(lang.Plural), got.Interface().(lang.Plural))
	case want.Type() == reflect.TypeFor[lang.ProblemTexts]():
		// TestEveryProblemHasWords compares these with their codes.
	case want.Kind() == reflect.Struct:
		for i := range want.NumField() {
			compare(t, tag, path+"."+want.Type().Field(i).Name, want.Field(i), got.Field(i))
		}
	case want.Kind() == reflect.Array:
		for i := range want.Len() {
			compare(t, tag, path, want.Index(i), got.Index(i))
		}
	default:
		compareText(t, tag, path, want.String(), got.String())
	}
}

func comparePlural(t *testing.T, tag, path string, want, got lang.Plural) {
	t.Helper()
	compareText(t, tag, path+".Other", want.Other, got.Other)
	forms := map[plural.Form]string{
		plural.Zero: got.Zero, plural.One: got.One, plural.Two: got.Two, plural.Few: got.Few, plural.Many: got.Many, plural.Other: got.Other,
	}
	for n := range 200 { // every form that the language uses
		form := plural.Cardinal.MatchPlural(language.MustParse(tag), n, 0, 0, 0, 0)
		if forms[form] == "" {
			t.Fatalf("%s%s has no form for %d", tag, path, n)
		}
	}
}

func compareText(t *testing.T, tag, path, want, got string) {
	t.Helper()
	if got == "" {
		t.Errorf("%s%s is empty", tag, path)
	}
	a, b := verb.FindAllString(want, -1), verb.FindAllString(got, -1)
	if len(a) != len(b) || slices.Equal(a, b) == false && !numbered(b) {
		t.Errorf("%s%s takes %q, English takes %q", tag, path, b, a)
	}
	if words := word.FindAllString(verb.ReplaceAllString(got, ""), -1); tag != "en" && got == want && len(words) > 1 {
		t.Errorf("%s%s is not translated: %q", tag, path, got)
	}
}

// numbered texts may take their arguments in another order.
func numbered(verbs []string) bool {
	return !slices.ContainsFunc(verbs, func(v string) bool { return len(v) == 2 })
}

func TestFormats(t *testing.T) {
	t.Parallel()
	c := lang.New()
	en, de := c.English(), c.Of("de_DE")
	at := time.Date(2026, time.March, 5, 14, 7, 0, 0, time.UTC)
	for _, tt := range []struct{ name, got, want string }{
		{"number", en.Number(1234567), "1,234,567"},
		{"German number", de.Number(1234567), "1.234.567"},
		{"decimal", en.Decimal(1234.56), "1,234.6"},
		{"German decimal", de.Decimal(12.5), "12,5"},
		{"whole decimal", de.Decimal(12), "12"},
		{"hours", en.Amount(90*time.Minute, 0), "1.5"},
		{"days", en.Amount(12*time.Hour, 8), "1.5"},
		{"German days", de.Amount(12*time.Hour, 8), "1,5"},
		{"duration", en.Duration(90 * time.Minute), "1 h 30 min"},
		{"whole hours", en.Duration(2 * time.Hour), "2 h"},
		{"minutes", de.Duration(5 * time.Minute), "5 Min."},
		{"date", en.Date(at), "5 Mar 2026"},
		{"German date", de.Date(at), "5. März 2026"},
		{"far date", en.Date(at.AddDate(18200, 0, 0)), "5 Mar 20226"},
		{"far German date", de.Date(at.AddDate(18200, 0, 0)), "5. März 20226"},
		{"early date", en.Date(at.AddDate(-2030, 0, 0)), "5 Mar 5 BC"},
		{"early German date", de.Date(at.AddDate(-2026, 0, 0)), "5. März 1 v. Chr."},
		{"day", de.Day(at), "5. März"},
		{"weekday", de.Weekday(at), "Do"},
		{"clock", en.Clock(at), "14:07"},
		{"moment", en.Moment(at), "5 Mar 2026, 14:07"},
		{"one", en.Count(en.Ages.Minutes, 1), "Updated 1 minute ago"},
		{"many", de.Count(de.Ages.Hours, 1234), "Vor 1.234 Stunden aktualisiert"},
		{"age", en.Age(30 * time.Second), "Updated just now"},
		{"older", en.Age(61 * time.Minute), "Updated 1 hour ago"},
		{"list", de.List([]string{"A", "B", "C"}), "A, B und C"},
		{"nothing", en.List(nil), ""},
		{"percent", en.Percent(0.25), "25%"},
	} {
		if tt.got != tt.want {
			t.Errorf("%s: %q, want %q", tt.name, tt.got, tt.want)
		}
	}
}
