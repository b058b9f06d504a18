package store

import (
	"errors"
	"os"
	"os/exec"
	"sync"
	"syscall"
	"testing"
	"time"

	"gorm.io/gorm"

	"github.com/sightline-go/sightline/connect"
	"github.com/sightline-go/sightline/internal/glance"
)

func TestInstallsAndUninstallsAtOnce(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		w.installed(t, "k", "site")
		w.begun(t, "site", "room")
		w.configured(t, "site", "room", "ABC")
		var wait sync.WaitGroup
		calls := []func() error{
			func() error { _, err := w.SaveInstall(t.Context(), install("k")); return err },
			func() error {
				_, err := w.SetState(t.Context(), "k", connect.StateUninstalled, time.Time{})
				return err
			},
			func() error { _, err := w.SetState(t.Context(), "k", connect.StateDisabled, time.Time{}); return err },
			func() error { _, err := w.SetState(t.Context(), "k", connect.StateActive, time.Time{}); return err },
			func() error { _, err := w.Rekey(t.Context()); return err },
			func() error { _, err := w.Erase(t.Context(), w.clock.Now().Add(time.Hour)); return err },
			func() error {
				return w.Begin(t.Context(), glance.Conversation{Site: "site", ID: "room"},
					glanceKey("site", "room"), setupKey("site", "room"), w.clock.Now())
			},
			func() error {
				return w.Configure(t.Context(), glanceKey("site", "room"), setupKey("site", "room"),
					glance.Config{Projects: []string{"ABC"}}, w.clock.Now())
			},
			func() error {
				return w.RemoveConversation(t.Context(), glance.SurfaceChat, "site", "room", time.Time{})
			},
			func() error { _, err := w.MarkOlder(t.Context(), w.clock.Now(), w.clock.Now()); return err },
		}
		for range 10 {
			for i, call := range calls {
				wait.Go(func() {
					// Erased or removed meanwhile is an answer, a deadlock is not.
					if err := call(); err != nil && !errors.Is(err, connect.ErrNotFound) {
						t.Errorf("call %d: %v", i, err)
					}
				})
			}
		}
		wait.Wait()
		must(w.SaveInstall(t.Context(), install("k")))(t)
		got := must(w.TenantByClientKey(t.Context(), "k"))(t)
		if got.State != connect.StateActive || got.SharedSecret.Reveal() != "secret of k" {
			t.Errorf("after the last install: got %s, secret %q", got.State, got.SharedSecret.Reveal())
		}
	})
}

// TestCrash kills a process within a transaction; the child runs the same
// test with the address of the database.
func TestCrash(t *testing.T) {
	const variable = "SIGHTLINE_TEST_CRASH"
	if url := os.Getenv(variable); url != "" {
		s := must(Open(t.Context(), Options{URL: url, Version: "0.1.0", Keys: ring(t, keyOne), Limits: Limits{Call: unhurried}}))(t)
		must(s.Tenants.SaveInstall(t.Context(), install("committed")))(t)
		check(t, s.db.Transaction(t.Context(), func(tx *gorm.DB) error {
			must(s.Tenants.saveInstall(tx, install("committed")))(t)
			must(s.Tenants.saveInstall(tx, install("lost")))(t)
			return syscall.Kill(os.Getpid(), syscall.SIGKILL)
		}))
		return
	}
	onBothURLs(t, func(t *testing.T, url string) {
		child := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestCrash$")
		child.Env = append(os.Environ(), variable+"="+url)
		out, err := child.CombinedOutput()
		if err == nil || err.Error() != "signal: killed" {
			t.Fatalf("child: got %v, want it killed: %s", err, out)
		}
		w := newWorld(t, url)
		if got := must(w.TenantByClientKey(t.Context(), "committed"))(t); got.Generation != 1 {
			t.Errorf("got generation %d, want 1", got.Generation)
		}
		if _, err := w.TenantByClientKey(t.Context(), "lost"); !errors.Is(err, connect.ErrNotFound) {
			t.Errorf("got %v, want %v", err, connect.ErrNotFound)
		}
		w.installed(t, "lost", "")
	})
}
