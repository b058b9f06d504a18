package glance

import (
	"context"
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// asked is a source that counts and answers as told.
type asked struct {
	n      int
	answer func() (Numbers, error)
}

func (a *asked) Numbers(context.Context, string, Config) (Numbers, error) {
	a.n++
	return a.answer()
}

func question(projects ...string) Row {
	return Row{Tenant: "t", Config: Config{Projects: projects}, DirtyAt: time.Now()}
}

func TestReadingsServeOlderMarksOnly(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		source := &asked{answer: func() (Numbers, error) { return Numbers{Open: 1}, nil }}
		s := newShared(source, time.Now)
		ask := func(row Row, claim uint64, want int) {
			t.Helper()
			if _, _, err := s.numbers(t.Context(), row, claim); err != nil {
				t.Fatal(err)
			}
			if source.n != want {
				t.Errorf("read %d times, want %d", source.n, want)
			}
		}
		row, claim := question("A", "B"), s.claimed()
		ask(row, claim, 1)
		ask(question("B", "A", "A"), claim, 1) // the same question, of the same claim
		ask(question("A"), claim, 2)
		later := s.claimed()
		ask(row, later, 3) // marked just now: another replica's clock may be behind
		<-time.After(time.Second)
		ask(row, s.claimed(), 3+1) // the reading began within the clocks' difference
		ask(row, s.claimed(), 4)   // this one began after it
		<-time.After(2 * keepNumbers)
		ask(row, s.claimed(), 5) // too old to be kept
		<-time.After(2 * keepNumbers)
		ask(question("C"), s.claimed(), 6)
		if len(s.newest) != 1 {
			t.Errorf("%d readings are kept, want the last", len(s.newest))
		}
	})
}

func TestReadingsThatFail(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		down := errors.New("down")
		source := &asked{answer: func() (Numbers, error) { return Numbers{}, down }}
		s := newShared(source, time.Now)
		claim := s.claimed()
		for range 3 { // of one claim: a failure is shared too
			if _, _, err := s.numbers(t.Context(), question("A"), claim); !errors.Is(err, down) {
				t.Errorf("got %v", err)
			}
		}
		if source.n != 1 {
			t.Errorf("read %d times, want once", source.n)
		}
		<-time.After(2 * keepErrors)
		source.answer = func() (Numbers, error) { panic("no such thing") }
		_, _, err := s.numbers(t.Context(), question("A"), claim)
		if err == nil || !strings.Contains(err.Error(), "no such thing") {
			t.Errorf("a panic: got %v", err)
		}

		// A row that gives up leaves the reading to the others.
		done := make(chan struct{})
		source.answer = func() (Numbers, error) { <-done; return Numbers{Open: 7}, nil }
		ctx, cancel := context.WithCancel(t.Context())
		go func() {
			synctest.Wait()
			cancel()
		}()
		if _, _, err := s.numbers(ctx, question("B"), claim); !errors.Is(err, context.Canceled) {
			t.Errorf("gave up: got %v", err)
		}
		n := source.n
		close(done)
		if got, _, err := s.numbers(t.Context(), question("B"), claim); got.Open != 7 || err != nil || source.n != n {
			t.Errorf("got %+v, %v after %d readings, want the previous one", got, err, source.n-n)
		}
	})
}

func TestQuestionsDiffer(t *testing.T) {
	t.Parallel()
	base := Config{Projects: []string{"A"}, Role: "1", Window: 7, Zone: "UTC"}
	seen := map[string]string{base.question("t"): "base", base.question("u"): "tenant"}
	for name, change := range map[string]func(*Config){
		"projects": func(c *Config) { c.Projects = []string{"A", "B"} },
		"role":     func(c *Config) { c.Role = "2" },
		"query":    func(c *Config) { c.Role, c.Query = "", "1" },
		"window":   func(c *Config) { c.Window = 14 },
		"zone":     func(c *Config) { c.Zone = "Asia/Tokyo" },
		"heavy":    func(c *Config) { c.Parts = []Part{PartOpen, PartHeavy} },
	} {
		c := base
		change(&c)
		if other := seen[c.question("t")]; other != "" {
			t.Errorf("%s asks the same as %s", name, other)
		}
		seen[c.question("t")] = name
	}
	same := base
	same.Parts, same.Language, same.QuietFrom, same.QuietTo = []Part{PartDueSoon, PartUnassigned}, "de", "22:00", "07:00"
	if same.question("t") != base.question("t") {
		t.Error("what the label does with the numbers changes the question")
	}
}
