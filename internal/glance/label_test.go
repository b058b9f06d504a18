package glance_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/sightline-go/sightline/internal/glance"
	"github.com/sightline-go/sightline/internal/workload"
)

func TestLabel(t *testing.T) {
	t.Parallel()
	all := glance.AllParts()
	for _, tc := range []struct {
		parts   []glance.Part
		numbers glance.Numbers
		want    string
	}{
		{nil, glance.Numbers{}, "0 open"},
		{nil, glance.Numbers{Open: 12}, "12 open"},
		{nil, glance.Numbers{Open: 12, Overdue: 3, DueSoon: 2, Unassigned: 1, Heavy: 4}, "12 open · 3 overdue"},
		{[]glance.Part{"open", "overdue", "heavy"}, glance.Numbers{Open: 12, Overdue: 3, Heavy: 2}, "12 open · 3 overdue · 2 heavy"},
		{[]glance.Part{"overdue", "open"}, glance.Numbers{Open: 12}, "0 overdue · 12 open"},
		{[]glance.Part{"dueSoon"}, glance.Numbers{Open: 12}, "0 due soon"},
		{[]glance.Part{"what", "heavy", "heavy"}, glance.Numbers{Open: 12, Heavy: 1}, "1 heavy"},
		{[]glance.Part{"what"}, glance.Numbers{Open: 12}, "12 open"},
		{all, glance.Numbers{Open: 9999, Overdue: 10_000, DueSoon: 12_999, Unassigned: 999_999, Heavy: 1_000_000}, "9999 open · 10k overdue · 12k due soon · 999k unassigned · 1M heavy"},
		{nil, glance.Numbers{Open: -1, Overdue: -5}, "0 open"},
		{nil, glance.Numbers{Open: 12, Overdue: 3, More: true}, "12+ open · 3+ overdue"},
		{nil, glance.Numbers{More: true}, "0+ open"},
		{[]glance.Part{"open", "heavy"}, glance.Numbers{Open: 12, Heavy: 2, Rough: true}, "12 open · ~2 heavy"},
		{[]glance.Part{"open", "overdue", "blank", "unassigned"}, glance.Numbers{
			Open: 12, Overdue: 3, Blank: 2, Measure: workload.MeasureRemaining, Sizes: glance.Sizes{Open: 432_000, Overdue: 1799},
		}, "120 h open · <1 h overdue · 2 not estimated"},
		{[]glance.Part{"open", "dueSoon"}, glance.Numbers{
			Open: 12, DueSoon: 2, Measure: workload.MeasurePoints, Sizes: glance.Sizes{Open: 34_500, DueSoon: 12_000_000}, More: true,
		}, "34+ points open · 12k+ points due soon"},
		{[]glance.Part{"logged"}, glance.Numbers{Logged: 7 * 3600}, "7 h logged"},
		{[]glance.Part{"logged"}, glance.Numbers{}, "0 h logged"},
		{[]glance.Part{"open", "heavy"}, glance.Numbers{Open: 12_345, Heavy: 2, More: true, Rough: true}, "12k+ open · ~2 heavy"},
	} {
		if got := glance.Label(glance.English(), tc.parts, tc.numbers); got != tc.want {
			t.Errorf("Label(%v, %+v) = %q, want %q", tc.parts, tc.numbers, got, tc.want)
		}
	}
}

// sized are words of given lengths.
func sized(long, short int) glance.Words {
	w := glance.Words{Separator: " · ", Parts: map[glance.Part]glance.Word{}}
	for _, p := range glance.AllParts() {
		w.Parts[p] = func(int) (string, string) { return strings.Repeat("ä", long), strings.Repeat("b", short) }
	}
	return w
}

func TestLabelIsShortenedByRule(t *testing.T) {
	t.Parallel()
	n := glance.Numbers{Open: 1, Overdue: 2, DueSoon: 3, Unassigned: 4, Heavy: 5}
	word := func(letter string, n int) string { return strings.Repeat(letter, n) }
	for _, tc := range []struct {
		long, short int
		want        string
	}{
		{11, 1, "1 " + word("ä", 11) + " · 2 " + word("ä", 11) + " · 3 " + word("ä", 11) + " · 4 " + word("ä", 11) + " · 5 " + word("ä", 11)},
		{12, 3, "1 bbb · 2 bbb · 3 bbb · 4 bbb · 5 bbb"},
		{30, 20, "1 " + word("b", 20) + " · 2 " + word("b", 20) + " · 3 " + word("b", 20)},
		{90, 50, "1 " + word("b", 50)},
		{90, 79, "1"},
		{0, 0, "1 · 2 · 3 · 4 · 5"},
	} {
		if got := glance.Label(sized(tc.long, tc.short), glance.AllParts(), n); got != tc.want {
			t.Errorf("words of %d and %d: got %q, want %q", tc.long, tc.short, got, tc.want)
		}
	}
	if got := glance.Label(glance.Words{Separator: "/"}, glance.AllParts(), n); got != "1/2/3/4/5" {
		t.Errorf("no words: got %q", got)
	}
}

// FuzzLabel: whatever the numbers and words, a label fits, and every number in
// it is one of the glance's, written by the rule, in the order of the parts.
func FuzzLabel(f *testing.F) {
	f.Add(12, 3, 0, 1, 2, uint8(0b11111), 8, 4)
	f.Add(10_000, 123_456_789, -4, 1<<62, 0, uint8(0b10110), 40, 30)
	f.Fuzz(func(t *testing.T, open, overdue, soon, unassigned, heavy int, mask uint8, long, short int) {
		long, short = int(uint8(long)), int(uint8(short))
		n := glance.Numbers{Open: open, Overdue: overdue, DueSoon: soon, Unassigned: unassigned, Heavy: heavy}
		values := map[glance.Part]int{"open": open, "overdue": overdue, "dueSoon": soon, "unassigned": unassigned, "heavy": heavy}
		var parts []glance.Part
		for i, p := range glance.AllParts() {
			if mask&(1<<i) != 0 {
				parts = append(parts, p)
			}
		}
		label := glance.Label(sized(long, short), parts, n)
		if got := utf8.RuneCountInString(label); got > glance.MaxLabel || got == 0 || !utf8.ValidString(label) {
			t.Fatalf("%d characters: %q", got, label)
		}
		if len(parts) == 0 {
			parts = glance.DefaultParts()
		}
		var shown []string
		for i, p := range parts {
			if i == 0 || values[p] > 0 {
				shown = append(shown, glance.Count(values[p]))
			}
		}
		for i, text := range strings.Split(label, " · ") {
			number, _, _ := strings.Cut(text, " ")
			if i >= len(shown) || number != shown[i] {
				t.Fatalf("%q: part %d is %q, want the start of %v", label, i, number, shown)
			}
		}
	})
}
