package absence_test

import (
	"net/http"
	"sync/atomic"
	"testing"
	"time"

	"github.com/sightline-go/sightline/internal/absence"
)

// TestReader keeps what a calendar said while it is away, for a day.
func TestReader(t *testing.T) {
	t.Parallel()
	i := newInternet(t)
	var broken atomic.Bool
	var asked atomic.Int64
	i.names["team.example"] = []string{"93.184.216.40"}
	i.serve(t, "93.184.216.40:443", func(w http.ResponseWriter, _ *http.Request) {
		asked.Add(1)
		if broken.Load() {
			w.WriteHeader(http.StatusGone)
			return
		}
		_, _ = w.Write([]byte(calendar("SUMMARY:Ada Moreno\nDTSTART;VALUE=DATE:20261224")))
	})
	const address = "https://team.example/a.ics"
	now := time.Date(2026, 11, 29, 12, 0, 0, 0, time.UTC)
	r := absence.NewReader(i.fetcher(), func() time.Time { return now })
	t.Cleanup(r.Close)
	check := func(step string, reading absence.Reading, ok bool, events int, problem absence.Problem) {
		t.Helper()
		if !ok || len(reading.Events) != events || reading.Problem != problem {
			t.Errorf("%s: %+v, %v", step, reading, ok)
		}
	}
	reading, ok := r.Get(t.Context(), address)
	check("at first", reading, ok, 1, "")
	reading, ok = r.Get(t.Context(), address)
	if check("again", reading, ok, 1, ""); asked.Load() != 1 {
		t.Errorf("asked %d times", asked.Load())
	}
	broken.Store(true)
	reading, ok = r.GetFresh(t.Context(), address)
	check("away", reading, ok, 1, absence.Refused)
	now = now.Add(25 * time.Hour)
	reading, ok = r.GetFresh(t.Context(), address)
	check("away for a day", reading, ok, 0, absence.Refused)
	reading, ok = r.Get(t.Context(), "https://intranet.example/")
	check("a private one", reading, ok, 0, absence.Private)
	if err := r.Check("https://team.example"); err != nil {
		t.Error(err)
	}
	r.Sweep()
}
