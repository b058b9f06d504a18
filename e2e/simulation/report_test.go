package simulation

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/sightline-go/sightline/internal/quota"
)

// document is docs/quota.md, which has the tables that "make simulate" makes.
type document struct{ mu sync.Mutex }

// put puts a text between the marks of a section.
func (d *document) put(t *testing.T, section, text string) {
	t.Helper()
	d.mu.Lock()
	defer d.mu.Unlock()
	t.Logf("%s\n%s", section, text)
	root, err := os.OpenRoot("../../docs")
	if err != nil {
		t.Fatal(err)
	}
	defer root.Close()
	page, err := root.ReadFile("quota.md")
	if err != nil {
		t.Fatal(err)
	}
	begin, end := "<!-- "+section+" -->\n", "<!-- end of "+section+" -->"
	before, rest, found := strings.Cut(string(page), begin)
	_, after, ended := strings.Cut(rest, end)
	if !found || !ended {
		t.Fatalf("docs/quota.md has no section %s", section)
	}
	if err := root.WriteFile("quota.md", []byte(before+begin+"\n"+text+"\n"+end+after), 0o644); err != nil {
		t.Fatal(err)
	}
}

// table is one in Markdown.
func table(rows ...[]string) string {
	var b strings.Builder
	for n, row := range rows {
		fmt.Fprintf(&b, "| %s |\n", strings.Join(row, " | "))
		if n == 0 {
			b.WriteString("|" + strings.Repeat(" --- |", len(row)) + "\n")
		}
	}
	return b.String()
}

// thousands writes a number with commas.
func thousands(n int) string {
	text := fmt.Sprint(n)
	for at := len(text) - 3; at > 0; at -= 3 {
		text = text[:at] + "," + text[at:]
	}
	return text
}

// upTo scales a sample's number to so many tenants.
func upTo(tenants, number, sample int) int { return number * tenants / sample }

// byHour is the points of the hours that were played by purpose, for all tenants.
func (d day) byHour() string {
	head := []string{"hour"}
	for _, p := range quota.Purposes() {
		head = append(head, string(p))
	}
	rows := [][]string{append(head, "weekly reading", "all")}
	for n := d.span.from; n < d.span.to; n++ {
		row, spent := []string{fmt.Sprint(n)}, d.hours[n].purposes
		for _, p := range quota.Purposes() {
			row = append(row, thousands(upTo(all, spent[p], d.tenants)))
		}
		rows = append(rows, append(row, thousands(upTo(all, d.reading(d.hours[n]), d.tenants)), thousands(upTo(all, total(spent)+d.reading(d.hours[n]), d.tenants))))
	}
	return fmt.Sprintf("%d tenants were played, in %s.\n\n", d.tenants, d.took) + table(rows...)
}

// growth is what a day and its worst hour cost with more tenants and fewer.
func (d day) growth() string {
	rows := [][]string{{"tenants", "points of a day", "of the worst hour", "share of 65,000"}}
	for _, n := range []int{1000, 10_000, 100_000} {
		worst := upTo(n, d.worst(), d.tenants)
		rows = append(rows, []string{thousands(n), thousands(upTo(n, d.sum(), d.tenants)), thousands(worst), fmt.Sprintf("%d %%", 100*worst/firstTier)})
	}
	return table(rows...)
}

// compared is a line for each run.
func compared(days []day) string {
	rows := [][]string{{"build", "tenants played", "points: an ordinary hour", "the worst hour", "the day", "views", "refused"}}
	for _, d := range days {
		first := total(d.hours[d.span.from].purposes) + d.reading(d.hours[d.span.from])
		rows = append(rows, []string{
			d.build.name, fmt.Sprint(d.tenants), thousands(upTo(all, first, d.tenants)), thousands(upTo(all, d.worst(), d.tenants)),
			thousands(upTo(all, d.sum(), d.tenants)), fmt.Sprint(d.views), fmt.Sprint(d.refused),
		})
	}
	return table(rows...)
}

// report is what a filling has shown.
func (f filling) report() string {
	rows := [][]string{{"hour", "fill", "glance", "events", "reconcile", "person", "all", "share of the quota"}}
	for n, h := range f.hours {
		row := []string{fmt.Sprint(n)}
		for _, p := range []quota.Purpose{quota.Fill, quota.Glance, quota.Events, quota.Reconcile, quota.Person} {
			row = append(row, thousands(h[p]))
		}
		rows = append(rows, append(row, thousands(total(h)), fmt.Sprintf("%d %%", 100*total(h)/f.limit)))
	}
	text := table(rows...)
	text += fmt.Sprintf("\n%d tenants with %s open issues at %s points an hour: %s points of filling; half of those at whom somebody had looked were full after %s and the last after %s, of the others after %s and %s. %d of %d views were refused.\n",
		f.tenants, thousands(f.open), thousands(f.limit), thousands(f.spent), hours(median(f.looked)), hours(slices.Max(f.looked)), hours(median(f.others)), hours(slices.Max(f.others)), f.refusals, f.views)
	rows = [][]string{{"tenants", "points of filling", "points an hour", "all full after"}}
	rate := f.spent * int(time.Hour/time.Minute) / max(int(f.full()/time.Minute), 1)
	for _, n := range []int{1000, 10_000, 100_000} {
		points := upTo(n, f.spent, f.tenants)
		perHour := rate * firstTier / f.limit
		rows = append(rows, []string{thousands(n), thousands(points), thousands(perHour), fmt.Sprintf("%.1f days", float64(points)/float64(max(perHour, 1))/24)})
	}
	return text + "\n" + table(rows...)
}

func hours(d time.Duration) string { return fmt.Sprintf("%.1f h", d.Hours()) }

func median(list []time.Duration) time.Duration {
	slices.Sort(list)
	return list[len(list)/2]
}
