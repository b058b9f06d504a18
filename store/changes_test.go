package store

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"gorm.io/gorm"

	"github.com/sightline-go/sightline/connect"
	"github.com/sightline-go/sightline/internal/glance"
	"github.com/sightline-go/sightline/store/internal/database"
)

// learned are the changes that a follower has not read yet, in the order of their
// names.
func learned(t *testing.T, f *Follower) []string {
	t.Helper()
	var list []string
	for _, c := range must(f.read(t.Context()))(t) {
		list = append(list, fmt.Sprint(c.Kind, " ", c.Tenant, " ", c.Name))
	}
	slices.Sort(list)
	return list
}

// What one program changes another one learns, once; its own it knows.
func TestChangesAreTold(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		id := w.peopled(t, "one")
		tenant := string(id)
		item := connect.DashboardItem{Dashboard: "1", Item: "2"}
		own := must(w.Follow(ctx))(t)
		other := must(w.again(t, keyOne).Follow(ctx))(t)
		whole := []string{"connect " + tenant + " one", "forge " + tenant + " i-one", "tenant " + tenant + " "}
		rotated := install("one")
		rotated.SharedSecret = connect.NewSecret("another secret")
		call := connect.ForgeInstall{
			ID: "i-one", Cloud: "site-one", Environment: connect.EnvironmentProduction, APIBaseURL: "https://api.atlassian.com/ex/jira/one", Revives: true,
		}
		upgrade, over, late := call, call, call
		upgrade.InstalledAt, over.ConnectOver = w.clock.Now(), true
		for _, tt := range []struct {
			what string
			do   func() error
			want []string
		}{
			{"a rotated secret", func() error { _, err := w.SaveInstall(ctx, rotated); return err }, whole},
			{"disabled by Jira", func() error { _, err := w.SetState(ctx, "one", connect.StateDisabled, time.Time{}); return err }, whole},
			{"enabled by Jira", func() error { _, err := w.SetState(ctx, "one", connect.StateActive, time.Time{}); return err }, whole},
			{"disabled by an operator", func() error { return w.Disable(ctx, id) }, whole},
			{"enabled by an operator", func() error { return w.Enable(ctx, id) }, whole},
			{"an upgrade on Forge", func() error { _, err := w.SaveForgeInstall(ctx, upgrade); return err }, whole},
			{"any other call of Forge", func() error { _, err := w.SaveForgeInstall(ctx, call); return err }, nil},
			{"the end of Connect", func() error { _, err := w.SaveForgeInstall(ctx, over); return err }, whole},
			{"the same again", func() error { _, err := w.SaveForgeInstall(ctx, over); return err }, nil},
			{"an event", func() error { _, err := w.MarkChanged(ctx, id, "ABC", "10001", "d-1", w.clock.Now()); return err }, []string{"issues " + tenant + " 10001"}},
			{"the same event", func() error { _, err := w.MarkChanged(ctx, id, "ABC", "10001", "d-1", w.clock.Now()); return err }, nil},
			{"no event", func() error { _, err := w.MarkDirty(ctx, id, "", "", w.clock.Now()); return err }, nil},
			{"a configuration that was read", func() error { return w.SaveGadgetConfig(ctx, id, item, []byte(`{}`), w.clock.Now()) }, nil},
			{"one that was saved", func() error { return w.ChangeGadgetConfig(ctx, id, item, []byte(`{}`), w.clock.Now()) }, []string{"gadget " + tenant + " 1/2"}},
			{"a roster", func() error { return w.SaveRoster(ctx, id, item, nil) }, []string{"gadget " + tenant + " 1/2"}},
			{"preferences", func() error { return w.Tell(ctx, Change{ChangedPreferences, id, PersonName(id, "ann")}) }, []string{"preferences " + tenant + " " + PersonName(id, "ann")}},
			{"a room", func() error {
				return w.Configure(ctx, glanceKey("site-one", "room"), setupKey("site-one", "room"), glance.Config{Projects: []string{"ABC"}, Window: 14, Zone: "UTC"}, w.clock.Now())
			}, []string{"room " + tenant + " room"}},
			{"a room that is gone", func() error { return w.RemoveConversation(ctx, glance.SurfaceChat, "site-one", "room", time.Time{}) }, []string{"room " + tenant + " room"}},
			{"an uninstall on Forge", func() error { _, err := w.UninstallForge(ctx, "i-one", time.Time{}); return err }, whole},
			{"a late call", func() error { late.Revives = false; _, err := w.SaveForgeInstall(ctx, late); return err }, nil},
			{"its return", func() error { _, err := w.SaveForgeInstall(ctx, call); return err }, whole},
			{"its removal", func() error { return w.Remove(ctx, id) }, whole},
		} {
			check(t, tt.do())
			if diff := cmp.Diff(tt.want, learned(t, other)); diff != "" {
				t.Errorf("%s (-want +learned):\n%s", tt.what, diff)
			}
			if got := append(learned(t, other), learned(t, own)...); len(got) > 0 {
				t.Errorf("%s: learned again, or by the program itself: %v", tt.what, got)
			}
		}
	})
}

// A change that fails tells nothing.
func TestChangeUndone(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		other := must(w.again(t, keyOne).Follow(t.Context()))(t)
		err := w.core.db.Transaction(t.Context(), func(tx *gorm.DB) error {
			check(t, w.tell(tx, Change{Kind: ChangedIssues, Tenant: "t"}))
			return ErrNotEmpty
		})
		if got := learned(t, other); err == nil || len(got) > 0 {
			t.Errorf("learned %v, %v", got, err)
		}
	})
}

// On PostgreSQL transactions do not end in the order of their ids: a reader that has
// read a later one still gets the earlier one, once.
func TestChangesOutOfOrder(t *testing.T) {
	t.Parallel()
	w := newWorld(t, postgresURL(t))
	other := must(w.again(t, keyOne).Follow(t.Context()))(t)
	slow := w.db.Begin()
	defer slow.Rollback()
	check(t, w.tell(slow, Change{ChangedRoom, "t", "slow"}))
	check(t, w.db.Transaction(func(tx *gorm.DB) error { return w.tell(tx, Change{ChangedRoom, "t", "quick"}) }))
	for range 2 {
		if got := strings.Join(learned(t, other), ", "); got != "room t quick" && got != "" {
			t.Errorf("before the slow one: %s", got)
		}
	}
	check(t, slow.Commit().Error)
	if got := strings.Join(learned(t, other), ", "); got != "room t slow" {
		t.Errorf("after the slow one: %s", got)
	}
	if got := learned(t, other); len(got) > 0 {
		t.Errorf("learned again: %v", got)
	}
}

// Old changes go; what comes after them is learned all the same.
func TestChangesForgotten(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		other := must(w.again(t, keyOne).Follow(t.Context()))(t)
		tell := func(name string) {
			t.Helper()
			check(t, w.core.db.Transaction(t.Context(), func(tx *gorm.DB) error { return w.tell(tx, Change{ChangedRoom, "t", name}) }))
		}
		tell("old")
		tell("older than ten minutes")
		learned(t, other)
		w.clock.forward(changesKept + time.Second)
		check(t, w.forget(t.Context()))
		check(t, w.forget(t.Context()))
		tell("new")
		if got := learned(t, other); !slices.Equal(got, []string{"room t new"}) {
			t.Errorf("learned %v", got)
		}
		check(t, w.forget(t.Context()))
		var left []string
		check(t, w.read.Raw("SELECT name FROM changes").Scan(&left).Error)
		if !slices.Equal(left, []string{"new"}) {
			t.Errorf("left are %v", left)
		}
	})
}

// follower runs one and gathers what it learns.
type follower struct {
	t  *testing.T
	mu sync.Mutex
	of map[string]int
}

func follow(t *testing.T, s *Store) *follower {
	t.Helper()
	f := &follower{t: t, of: map[string]int{}}
	following := must(s.Follow(t.Context()))(t)
	ctx, stop := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() {
		defer close(done)
		following.Run(ctx, func(c Change) {
			f.mu.Lock()
			defer f.mu.Unlock()
			f.of[c.Name]++
		})
	}()
	t.Cleanup(func() { stop(); <-done })
	return f
}

// learns waits for a change for as long as the table may be needed, on a busy machine.
func (f *follower) learns(name string) {
	f.t.Helper()
	deadline := time.After(time.Minute)
	for {
		f.mu.Lock()
		n := f.of[name]
		f.mu.Unlock()
		if n > 0 {
			return
		}
		select {
		case <-deadline:
			f.t.Fatalf("never learned: %.80s", name)
		case <-time.After(5 * time.Millisecond):
		}
	}
}

// listener is the process on the server that listens, 0 for none.
func (w *world) listener(t *testing.T) (pid int) {
	t.Helper()
	var table int64
	check(t, w.read.Raw("SELECT 'changes'::regclass::oid::bigint").Scan(&table).Error)
	check(t, w.read.Raw("SELECT COALESCE(MAX(pid), 0) FROM pg_stat_activity WHERE query = ?",
		fmt.Sprintf("LISTEN %s%d", database.ChannelPrefix, table)).Scan(&pid).Error)
	return pid
}

// Notices are heard; those that say nothing, are too long or come while the connection
// is lost are made up for by the table.
func TestNotices(t *testing.T) {
	t.Parallel()
	w := newWorld(t, postgresURL(t))
	f := follow(t, w.again(t, keyOne))
	tell := func(name string) {
		t.Helper()
		check(t, w.core.db.Transaction(t.Context(), func(tx *gorm.DB) error { return w.tell(tx, Change{ChangedRoom, "t", name}) }))
		f.learns(name)
	}
	tell("at first")
	pid := 0
	for pid == 0 {
		pid = w.listener(t)
	}
	tell(`with "quotes", 'others' and ümläute`)
	for _, notice := range []string{"", "no JSON", "{}", "[]", "[1]", `["1","room","t","forged",""]`, `[1,"room","t","",""]`, `[9,2,3,4,5]`, `[null,null,null,null,null]`, strings.Repeat("9", 7000)} {
		check(t, w.db.Exec("SELECT pg_notify('"+database.ChannelPrefix+"' || 'changes'::regclass::oid::bigint, ?)", notice).Error)
	}
	tell("after nonsense")
	tell(strings.Repeat("long ", 1500))
	check(t, w.db.Exec("SELECT pg_terminate_backend(?)", pid).Error)
	tell("without a connection")
	for again := 0; again == 0 || again == pid; {
		again = w.listener(t)
	}
	tell("with another one")
	f.mu.Lock()
	defer f.mu.Unlock()
	for name, n := range f.of {
		if n != 1 || name == "forged" {
			t.Errorf("learned %d times: %.80s", n, name)
		}
	}
}

// Schemas of one database do not hear each other.
func TestNoticesOfAnotherSchema(t *testing.T) {
	t.Parallel()
	w, stranger := newWorld(t, postgresURL(t)), newWorld(t, postgresURL(t))
	f := follow(t, w.again(t, keyOne))
	for w.listener(t) == 0 {
		continue
	}
	check(t, stranger.core.db.Transaction(t.Context(), func(tx *gorm.DB) error { return stranger.tell(tx, Change{ChangedRoom, "t", "strange"}) }))
	check(t, w.core.db.Transaction(t.Context(), func(tx *gorm.DB) error { return w.tell(tx, Change{ChangedRoom, "t", "own"}) }))
	f.learns("own")
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.of["strange"] > 0 {
		t.Error("it was heard")
	}
}

// Behind a pooler nobody listens: the connection would be somebody else's.
func TestNoNoticesBehindPooler(t *testing.T) {
	t.Parallel()
	w := newWorld(t, postgresURL(t)+"&default_query_exec_mode=exec")
	if w.core.db.Listens() {
		t.Error("it listens")
	}
	other := must(w.again(t, keyOne).Follow(t.Context()))(t)
	check(t, w.core.db.Transaction(t.Context(), func(tx *gorm.DB) error { return w.tell(tx, Change{ChangedRoom, "t", "a"}) }))
	if got := learned(t, other); !slices.Equal(got, []string{"room t a"}) {
		t.Errorf("learned %v", got)
	}
}
