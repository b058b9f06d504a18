package rest_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sightline-go/sightline/connect/rest"
)

func itself(text string) string { return text }

type fetched func(c *rest.Client, at int) ([]string, int, bool, error)

// walkAll collects what a walk yields and its error.
func walkAll(c *rest.Client, from, limit int, fetch fetched) (got []string, err error) {
	for item, err := range rest.Each(c, from, itself, fetch) {
		if err != nil {
			return got, err
		}
		if got = append(got, item); len(got) == limit {
			break
		}
	}
	return got, nil
}

func TestEach(t *testing.T) {
	t.Parallel()
	boom := errors.New("boom")
	pages := func(_ *rest.Client, at int) ([]string, int, bool, error) {
		switch at {
		case 0:
			return []string{"a", "b"}, 2, true, nil
		case 2:
			return nil, 3, true, nil
		case 3:
			return []string{"b", "", "c"}, 4, false, nil
		}
		return []string{"never"}, 0, true, boom
	}
	cases := []struct {
		name  string
		from  int
		limit int
		want  []string
		bad   error
	}{
		{"all once, over an empty page", 0, 9, []string{"a", "b", "", "c"}, nil},
		{"from the middle", 3, 9, []string{"b", "", "c"}, nil},
		{"stopped early", 0, 1, []string{"a"}, nil},
		{"error", 9, 9, nil, boom},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			got, err := walkAll(&rest.Client{}, tc.from, tc.limit, pages)
			checkErr(t, err, tc.bad)
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// fresh has one new item a page, for ever.
func fresh(_ *rest.Client, at int) ([]string, int, bool, error) {
	return []string{fmt.Sprint(at)}, at + 1, true, nil
}

// empty has nothing, for ever; stale has the same, barren nothing that can be told
// apart.
func empty(_ *rest.Client, at int) ([]string, int, bool, error) { return nil, at + 1, true, nil }

func stale(_ *rest.Client, at int) ([]string, int, bool, error) {
	return []string{"same"}, at + 1, true, nil
}

func TestWalksEnd(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		policy rest.ListPolicy
		fetch  fetched
		want   rest.WalkError
	}{
		"cursor twice": {rest.ListPolicy{}, func(_ *rest.Client, at int) ([]string, int, bool, error) {
			return []string{fmt.Sprint(at)}, (at + 1) % 3, true, nil
		}, rest.WalkError{Reason: rest.WalkRepeats, Pages: 3, Items: 3}},
		"empty pages":      {rest.ListPolicy{}, empty, rest.WalkError{Reason: rest.WalkFruitless, Pages: 21}},
		"stale pages":      {rest.ListPolicy{}, stale, rest.WalkError{Reason: rest.WalkFruitless, Pages: 22, Items: 1}},
		"fewer of them":    {rest.ListPolicy{Fruitless: 2}, empty, rest.WalkError{Reason: rest.WalkFruitless, Pages: 3}},
		"allowance":        {rest.ListPolicy{Allowance: rest.NewAllowance(5)}, empty, rest.WalkError{Reason: rest.WalkAllowance, Pages: 6}},
		"pages":            {rest.ListPolicy{}, fresh, rest.WalkError{Reason: rest.WalkPages, Pages: 10_000, Items: 10_000}},
		"fewer pages":      {rest.ListPolicy{Pages: 7}, fresh, rest.WalkError{Reason: rest.WalkPages, Pages: 7, Items: 7}},
		"time":             {rest.ListPolicy{Time: 10 * time.Second}, fresh, rest.WalkError{Reason: rest.WalkTime, Pages: 10, Items: 10}},
		"the caller's end": {rest.ListPolicy{}, until(3, context.DeadlineExceeded), rest.WalkError{Reason: rest.WalkTime, Pages: 3, Items: 3}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var told []rest.WalkReason
			tc.policy.Cut = func(e *rest.WalkError) { told = append(told, e.Reason) }
			now := time.Unix(0, 0)
			c := &rest.Client{Lists: tc.policy, Now: func() time.Time { return now }}
			got, err := walkAll(c, 0, -1, func(c *rest.Client, at int) ([]string, int, bool, error) {
				now = now.Add(time.Second)
				return tc.fetch(c, at)
			})
			var cut *rest.WalkError
			if !errors.As(err, &cut) || !errors.Is(err, rest.ErrWalk) {
				t.Fatalf("got %v, want a WalkError", err)
			}
			if cut.Reason != tc.want.Reason || cut.Pages != tc.want.Pages || cut.Items != tc.want.Items || len(got) != cut.Items {
				t.Errorf("got %v with %d items, want %v", cut, len(got), &tc.want)
			}
			if diff := cmp.Diff([]rest.WalkReason{tc.want.Reason}, told); diff != "" {
				t.Errorf("told (-want +got):\n%s", diff)
			}
		})
	}
}

func until(end int, err error) fetched {
	return func(c *rest.Client, at int) ([]string, int, bool, error) {
		if at == end {
			return nil, 0, false, err
		}
		return fresh(c, at)
	}
}

// A walk that could not read even its first page has nothing to show: its error is
// the call's.
func TestFirstPageIsNoPart(t *testing.T) {
	t.Parallel()
	_, err := walkAll(&rest.Client{}, 0, -1, until(0, context.DeadlineExceeded))
	if errors.Is(err, rest.ErrWalk) || !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("got %v, want the deadline alone", err)
	}
	if _, err := walkAll(&rest.Client{}, 0, -1, until(3, context.DeadlineExceeded)); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("got %v, want one that wraps the deadline", err)
	}
	if _, err := walkAll(&rest.Client{}, 0, -1, until(3, context.Canceled)); errors.Is(err, rest.ErrWalk) {
		t.Errorf("got %v, want the cancellation alone", err)
	}
}

// Walks of one view share what they may read in vain.
func TestAllowanceIsShared(t *testing.T) {
	t.Parallel()
	c := &rest.Client{Lists: rest.ListPolicy{Allowance: rest.NewAllowance(100)}}
	pages := 0
	for range 10 {
		_, err := walkAll(c, 0, -1, func(c *rest.Client, at int) ([]string, int, bool, error) {
			pages++
			return empty(c, at)
		})
		checkErr(t, err, rest.ErrWalk)
	}
	// Five walks end at their own 21st page, and each further one with its first.
	if want := 110; pages != want {
		t.Errorf("got %d pages, want %d", pages, want)
	}
	if got, err := walkAll(c, 0, 50, fresh); err != nil || len(got) != 50 {
		t.Errorf("a walk with items: got %d, %v, want 50", len(got), err)
	}
}

// A walk's bytes are counted over its pages, and a page that exceeds them is not
// read to its end.
func TestWalkBytes(t *testing.T) {
	t.Parallel()
	page := `[` + strings.Repeat(`"`+strings.Repeat("x", 997)+`",`, 9) + `"y"]` // 9,004 bytes
	sent := 0
	c := newClient(t, func(w http.ResponseWriter, _ *http.Request) {
		sent++
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write([]byte(page))
	})
	c.Lists.Bytes = 20_000
	_, err := walkAll(c, 0, -1, func(c *rest.Client, at int) ([]string, int, bool, error) {
		list, _, err := rest.DoList[string, rest.None](t.Context(), c, rest.Request{Method: http.MethodGet, Path: "/x"}, "")
		for i := range list.Items {
			list.Items[i] += fmt.Sprint(at)
		}
		return list.Items, at + 1, true, err
	})
	var cut *rest.WalkError
	if !errors.As(err, &cut) || cut.Reason != rest.WalkBytes || cut.Pages != 2 || sent != 3 {
		t.Errorf("got %v after %d answers, want to be cut for its bytes after two whole pages", err, sent)
	}
}
