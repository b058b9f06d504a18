package kept

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"
)

var start = time.Unix(1700000000, 0)

func fixed(at time.Time) func() time.Time { return func() time.Time { return at } }

func text(value string, until time.Time) Fetch[string] {
	return func(context.Context) (string, time.Time, error) { return value, until, nil }
}

func TestValuesEnd(t *testing.T) {
	t.Parallel()
	var values Values[string, string]
	fetches := 0
	fetch := func(context.Context) (string, time.Time, error) {
		fetches++
		return "x", start.Add(time.Hour), nil
	}
	for _, step := range []struct {
		name string
		at   time.Time
		want int
	}{
		{"first", start, 1},
		{"just before the end", start.Add(time.Hour - 1), 1},
		{"at the end", start.Add(time.Hour), 2},
		{"ended when it came", start.Add(time.Hour), 3},
	} {
		if got, err := values.Get(t.Context(), fixed(step.at), "a", fetch); got != "x" || err != nil || fetches != step.want {
			t.Errorf("%s: got %q, %v after %d fetches, want %d", step.name, got, err, fetches, step.want)
		}
	}
}

func TestMemoryFollowsWhatLives(t *testing.T) {
	t.Parallel()
	var values Values[int, string]
	const maxValues = maxBytes / overhead
	for i := range maxValues + 5 {
		values.Put(start, i, "a", start.Add(15*time.Minute+time.Duration(i)))
	}
	if got := values.Len(); got != maxValues {
		t.Errorf("full: got %d values, want %d", got, maxValues)
	}
	if _, ok := values.Peek(start, 4); ok {
		t.Error("full: what ends first was kept")
	}
	if _, ok := values.Peek(start, maxValues+4); !ok {
		t.Error("full: the newest was not kept")
	}
	later := start.Add(time.Hour)
	for i := range 3 {
		values.Put(later, i, "b", later.Add(time.Minute))
	}
	if got, want := values.Len(), 3; got != want {
		t.Errorf("an hour later: got %d values, want %d", got, want)
	}
	values.Put(later, 0, "over", later)
	if got, want := values.Len(), 2; got != want {
		t.Errorf("replaced by what has ended: got %d values, want %d", got, want)
	}
}

type sized int

func (s sized) Size() int { return int(s) }

// TestBytesAreBounded: large values leave room for fewer, and one that is
// larger than everything is not kept.
func TestBytesAreBounded(t *testing.T) {
	t.Parallel()
	var values Values[string, sized]
	until := func(i int) time.Time { return start.Add(time.Hour + time.Duration(i)) }
	for i, key := range []string{"a", "b", "c", "d", "e"} {
		values.Put(start, key, maxBytes/4-2*overhead, until(i))
	}
	if got, want := values.Len(), 4; got != want {
		t.Errorf("large values: got %d, want %d", got, want)
	}
	values.Put(start, "e", 1, until(9)) // smaller now
	values.Put(start, "f", maxBytes/4-2*overhead, until(9))
	if got, want := values.Len(), 5; got != want {
		t.Errorf("after one became small: got %d, want %d", got, want)
	}
	values.Put(start, "g", maxBytes, until(9))
	if _, ok := values.Peek(start, "g"); ok || values.Len() != 5 {
		t.Errorf("a value larger than everything: kept %v, %d values", ok, values.Len())
	}
	values.Put(start, strings.Repeat("long", maxBytes/4), 1, until(9))
	if got, want := values.Len(), 5; got != want {
		t.Errorf("a key larger than everything: got %d, want %d", got, want)
	}
	values.Drop(func(string) bool { return true })
	if values.bytes != 0 {
		t.Errorf("empty: got %d bytes", values.bytes)
	}
}

func TestDropDuringFetch(t *testing.T) {
	t.Parallel()
	var values Values[string, string]
	entered, release := make(chan struct{}), make(chan struct{})
	done := make(chan error, 1)
	go func() {
		got, err := values.Get(t.Context(), fixed(start), "ann", func(context.Context) (string, time.Time, error) {
			close(entered)
			<-release
			return "old", start.Add(time.Hour), nil
		})
		if got != "old" {
			t.Errorf("who waited: got %q, want old", got)
		}
		done <- err
	}()
	<-entered
	values.Drop(func(key string) bool { return key == "ann" })
	if got, err := values.Get(t.Context(), fixed(start), "ann", text("new", start.Add(time.Hour))); err != nil || got != "new" {
		t.Errorf("after the drop: got %q, %v", got, err)
	}
	close(release)
	if err := <-done; err != nil {
		t.Error(err)
	}
	if got, _ := values.Peek(start, "ann"); got != "new" {
		t.Errorf("kept: got %q, want new", got)
	}
	if len(values.loading) != 0 {
		t.Errorf("%d fetches are still noted", len(values.loading))
	}
}

func TestDropOthers(t *testing.T) {
	t.Parallel()
	var values Values[string, string]
	values.Put(start, "ann", "old", start.Add(time.Hour))
	values.Put(start, "bob", "old", start.Add(time.Hour))
	values.Drop(func(key string) bool { return key == "ann" })
	if got := values.Len(); got != 1 {
		t.Errorf("got %d values, want 1", got)
	}
	values.DropValue("bob", "another")
	if _, ok := values.Peek(start, "bob"); !ok {
		t.Error("another value's drop took this one")
	}
	values.DropValue("bob", "old")
	if _, ok := values.Peek(start, "bob"); ok {
		t.Error("the value was not dropped")
	}
}

func TestOneFetchForAll(t *testing.T) {
	t.Parallel()
	var values Values[string, string]
	entered, release := make(chan struct{}), make(chan struct{})
	fetches := 0
	fetch := func(ctx context.Context) (string, time.Time, error) {
		if fetches++; fetches == 1 {
			close(entered)
		}
		<-release
		return "x", start.Add(time.Hour), ctx.Err()
	}
	ctx, cancel := context.WithCancel(t.Context())
	first := make(chan error, 1)
	go func() {
		_, err := values.Get(ctx, fixed(start), "a", fetch)
		first <- err
	}()
	<-entered
	cancel()
	if err := <-first; !errors.Is(err, context.Canceled) {
		t.Errorf("who gave up: got %v, want context.Canceled", err)
	}
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			if got, err := values.Get(t.Context(), fixed(start), "a", fetch); got != "x" || err != nil {
				t.Errorf("other: got %q, %v", got, err)
			}
		})
	}
	close(release)
	wg.Wait()
	if fetches != 1 {
		t.Errorf("got %d fetches, want 1", fetches)
	}
}

func TestFailureIsNotKept(t *testing.T) {
	t.Parallel()
	var values Values[string, string]
	failure := errors.New("down")
	if _, err := values.Get(t.Context(), fixed(start), "a", func(context.Context) (string, time.Time, error) {
		return "half", start.Add(time.Hour), failure
	}); !errors.Is(err, failure) {
		t.Errorf("got %v, want %v", err, failure)
	}
	if got, err := values.Get(t.Context(), fixed(start), "a", text("x", start.Add(time.Hour))); got != "x" || err != nil {
		t.Errorf("second: got %q, %v", got, err)
	}
}
