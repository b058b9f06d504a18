package connect_test

import (
	"errors"
	"net/http"
	"testing"
	"time"

	"github.com/sightline-go/sightline/connect"
)

// TestForgePageWithoutStorage: a page whose tenant is known is served although
// what it brings cannot be stored; everything else is told to come again.
func TestForgePageWithoutStorage(t *testing.T) {
	t.Parallel()
	f := newForgeSide(t, http.NotFound)
	c := pageInvocation()
	if _, err := f.Caller(t.Context(), f.call(t, c, oauth("system", 3*time.Hour), ""), connect.ForgePage); err != nil {
		t.Fatal(err)
	}
	f.store.err = &connect.UnavailableError{Reason: "locked", Err: errors.New("a lock")}
	later := f.call(t, c, oauth("system", 4*time.Hour), oauth("user", 4*time.Hour))
	caller, err := f.Caller(t.Context(), later, connect.ForgePage)
	if err != nil || !f.Outbound.Knows(caller.Tenant(), testAccount) {
		t.Fatalf("got %v, want the known tenant and the person's token", err)
	}
	if _, err := f.Caller(t.Context(), later, connect.ForgeTick); !errors.As(err, new(*connect.UnavailableError)) {
		t.Errorf("tick: got %v, want it to come again", err)
	}
	saved := len(f.store.saved)
	f.store.err, f.now = nil, f.now.Add(time.Minute)
	if _, err := f.Caller(t.Context(), later, connect.ForgePage); err != nil || len(f.store.saved) != saved+1 {
		t.Errorf("%v: %d stored, want %d", err, len(f.store.saved), saved+1)
	}
	f.store.err, f.now = &connect.UnavailableError{Reason: "locked", Err: errors.New("a lock")}, f.now.Add(time.Hour)
	if _, err := f.Caller(t.Context(), later, connect.ForgePage); !errors.As(err, new(*connect.UnavailableError)) {
		t.Errorf("unknown: got %v, want it to come again", err)
	}
}
