package web

import (
	"fmt"
	"math"
	"strconv"
	"testing"
	"time"

	"github.com/sightline-go/sightline/internal/browsertest"
)

// longTimelog is a timelog of some days on each of which another time was
// logged, up to today.
func longTimelog(days int) (view Timelog, total float64) {
	w := someTimelog()
	w.Days, w.Sums, w.Amounts, w.Rows, w.Months = nil, nil, nil, w.Rows[:1], []TimelogMonth{{Name: "Nov", Days: days}}
	w.Rows[0].Cells = nil
	for i := range days {
		day := time.Date(2026, time.November, i+1, 0, 0, 0, 0, time.UTC)
		hours := float64(i) + 0.5
		text := strconv.FormatFloat(hours, 'f', -1, 64)
		w.Days = append(w.Days, TimelogDay{ID: day.Format(time.DateOnly), Weekday: "Mon", Number: day.Day(), Label: text, Today: i == days-1})
		w.Rows[0].Cells = append(w.Rows[0].Cells, TimelogCell{Text: text, Step: 1, Open: "/x", Label: text})
		w.Sums, w.Amounts = append(w.Sums, text), append(w.Amounts, hours)
		total += hours
	}
	w.Total = strconv.FormatFloat(total, 'f', -1, 64)
	return w, total
}

// inView is the sum of the footer's fully visible cells, their number, and the
// note's text.
const inView = `(() => {
	const part = document.getElementById("sl-sheet");
	const cells = [...part.querySelector("tfoot tr").cells];
	const [from, to] = [cells[0].getBoundingClientRect().right - 1, cells.at(-1).getBoundingClientRect().left + 1];
	const seen = cells.slice(1, -1).filter((cell) => { const r = cell.getBoundingClientRect(); return r.left >= from && r.right <= to; });
	return [seen.reduce((sum, cell) => sum + Number(cell.textContent), 0), seen.length, document.querySelector(".outside").textContent].join("|");
})()`

// TestWhatIsCountedIsVisibleOrSaid: at every width and scroll position, the visible
// days and those in the note are all days, and their times add up to the total.
func TestWhatIsCountedIsVisibleOrSaid(t *testing.T) {
	t.Parallel()
	chromium := browsertest.Start(t)
	for _, days := range []int{7, 14, 30} {
		view, total := longTimelog(days)
		s := newSite(t, gadget(TimelogView(view)), hostScript)
		for _, width := range []int64{320, 480, 640, 800} {
			b := &tab{chromium.Open(t, s.URL+"/page", width, 700), t}
			b.Until(`window.edit`)
			for _, scroll := range []string{"1e6", "0", "45"} {
				b.Do(`document.getElementById("sl-sheet").scrollLeft = ` + scroll + `; window.frames2 = false;
					requestAnimationFrame(() => requestAnimationFrame(() => { window.frames2 = true; }))`)
				b.Until(`window.frames2`)
				got := browsertest.Eval[string](b.Tab, inView)
				var seen, said float64
				var shown, out, all int
				if _, err := fmt.Sscanf(got, "%g|%d|Scroll sideways to see %d of the %d days, with %g hours.", &seen, &shown, &out, &all, &said); err != nil && shown != days {
					t.Fatalf("%d days at %d px, scrolled to %s: %q", days, width, scroll, got)
				}
				if shown+out != days || math.Abs(seen+said-total) > 0.05 {
					t.Errorf("%d days at %d px, scrolled to %s: %q, want %d days and %g hours in all", days, width, scroll, got, days, total)
				}
			}
		}
	}
}

// TestColumnsDoNotVanish: at every width each column of the table is in view or
// counted in the note, and can be scrolled to.
func TestColumnsDoNotVanish(t *testing.T) {
	t.Parallel()
	chromium := browsertest.Start(t)
	s := newSite(t, gadget(choosing(unchanged)), hostScript)
	for _, width := range []int64{320, 480, 640, 800} {
		b := &tab{chromium.Open(t, s.URL+"/page", width, 700), t}
		b.Until(`window.edit`)
		seen := `(() => {
			const heads = [...document.querySelector("#sl-table thead tr").cells].map((head) => head.getBoundingClientRect());
			const [from, to] = [heads[0].right - 1, heads.at(-1).left + 1];
			return heads.filter((r, i) => r.width > 0 && (i === 0 || i === heads.length - 1 || r.left >= from && r.right <= to)).length;
		})()`
		var out int
		shown := browsertest.Eval[int](b.Tab, seen)
		_, _ = fmt.Sscanf(browsertest.Eval[string](b.Tab, `document.querySelector(".outside").textContent`), "More columns to the side: %d.", &out)
		if shown+out != 9 || width == 800 && out > 0 {
			t.Errorf("at %d px: %d columns in view, %d said to be outside, want 9 in all", width, shown, out)
		}
		if width == 320 && out == 0 {
			t.Error("everything fits 320 px, so this shows nothing")
		}
		b.Do(`document.getElementById("sl-table").scrollLeft = 1e6; window.frames2 = false;
			requestAnimationFrame(() => requestAnimationFrame(() => { window.frames2 = true; }))`)
		b.Until(`window.frames2`)
		if browsertest.Eval[bool](b.Tab, `document.querySelector("#sl-table thead tr").cells[7].getBoundingClientRect().right > document.querySelector("#sl-table thead tr").cells[8].getBoundingClientRect().left + 1`) {
			t.Errorf("at %d px the last number cannot be scrolled to", width)
		}
	}
}
