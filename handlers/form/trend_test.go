package form

import (
	"net/url"
	"testing"

	"github.com/sightline-go/sightline/handlers/edge"
	"github.com/sightline-go/sightline/internal/lang"
	"github.com/sightline-go/sightline/internal/viewer"
	"github.com/sightline-go/sightline/internal/workload"
	"github.com/sightline-go/sightline/web"
)

// A workload's form offers how far to look back, and other forms do not.
func TestTrendField(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]workload.Trend{"0": 0, "7": 7, "28": 28, "91": 91, "364": 364, "365": 365, "8": 8, "-7": -7, "": -1, "week": -1} {
		d := ReadDraft(url.Values{web.FieldProjects: {"ABC"}, web.FieldWindow: {"7"}, web.FieldUnit: {"hours"}, web.FieldTrend: {text}})
		if d.Trend != want || d.Wrong().Has(workload.FieldTrend) == want.Valid() {
			t.Errorf("%q: got %d, wrong: %v", text, d.Trend, d.Wrong())
		}
	}
	l := lang.New().Of("en")
	for _, columns := range []bool{true, false} {
		to := For{Person: viewer.Person{}, Address: edge.Address{}, Columns: columns}
		form := Plain(l, to, DraftOf(workload.GadgetConfig{Trend: workload.TrendMonth}))
		if columns != (len(form.Trends) == 5) || columns && !form.Trends[2].Selected {
			t.Errorf("with columns %v: got %+v", columns, form.Trends)
		}
	}
	wrong := WrongTexts(l, workload.FieldErrors{workload.FieldTrend: {Code: workload.WrongTrend}})
	if wrong[web.FieldTrend] != l.Trend.Wrong {
		t.Errorf("got %q", wrong)
	}
}
