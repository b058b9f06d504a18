package gadget

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/sightline-go/sightline/connect"
	"github.com/sightline-go/sightline/internal/outage"
)

// shelf is a store that can fail.
type shelf struct {
	err   error
	value []byte
	at    time.Time
	calls int
}

func (s *shelf) GadgetConfig(context.Context, connect.TenantID, connect.DashboardItem) ([]byte, time.Time, error) {
	s.calls++
	return s.value, s.at, s.err
}

func (s *shelf) SaveGadgetConfig(_ context.Context, _ connect.TenantID, _ connect.DashboardItem, value []byte, at time.Time) error {
	s.calls++
	if s.err == nil {
		s.value, s.at = value, at
	}
	return s.err
}

func (s *shelf) ChangeGadgetConfig(ctx context.Context, tenant connect.TenantID, item connect.DashboardItem, value []byte, at time.Time) error {
	return s.SaveGadgetConfig(ctx, tenant, item, value, at)
}

func (s *shelf) SaveFound(context.Context, connect.TenantID, connect.DashboardItem, []string) error {
	return s.err
}

// TestCopiesAreNotNeeded: a copy that fails is logged once, is left alone for a
// while, and an old one is not shown after a configuration was saved.
func TestCopiesAreNotNeeded(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 29, 9, 0, 0, 0, time.UTC)
	var logs bytes.Buffer
	store := &shelf{}
	c := &copies{store: store, now: func() time.Time { return now }, outages: outage.New(slog.New(slog.NewTextHandler(&logs, nil)), nil)}
	item := connect.DashboardItem{Dashboard: "1", Item: "2"}
	ctx := t.Context()
	shows := func(want string) {
		t.Helper()
		value, ok := c.fresh(ctx, "t", item)
		if got := string(value); ok != (want != "") || ok && got != want {
			t.Errorf("got %q %v, want %q", got, ok, want)
		}
	}
	c.keep(ctx, "t", item, []byte("old"), now)
	shows("old")
	store.err = errors.New("the disk is full")
	now = now.Add(time.Second)
	c.keep(ctx, "t", item, []byte("new"), now)
	calls := store.calls
	for range 100 {
		shows("")
	}
	if store.calls != calls {
		t.Error("a failing database is asked all the time")
	}
	now = now.Add(copyPause)
	shows("")
	store.err = nil
	now = now.Add(copyPause)
	shows("") // what it holds is older than what was saved
	c.keep(ctx, "t", item, []byte("new"), now)
	shows("new")
	for text, want := range map[string]int{"level=WARN": 1, "works again": 1} {
		if got := strings.Count(logs.String(), text); got != want {
			t.Errorf("the log has %q %d times, want %d:\n%s", text, got, want, &logs)
		}
	}
	c.doubt(ctx, "t", item, now.Add(saveTime))
	shows("") // Jira may have something else by now
	c.change(ctx, "t", item, []byte("saved"), now.Add(saveTime))
	shows("saved")
	gone, cancel := context.WithCancel(ctx)
	cancel()
	store.err = context.Canceled
	_, _ = c.fresh(gone, "t", item)
	if c.resting() {
		t.Error("a caller who has gone says nothing about the database")
	}
}
