//go:build !race

package connect_test

import (
	"context"
	"net/http"
	"testing"

	"github.com/sightline-go/sightline/connect"
)

// A signed page and a session cost few allocations and, their tenant known, no
// read of the store.
func TestVerifyAllocations(t *testing.T) { //nolint:paralleltest // counts the allocations of the whole process
	a := newApp()
	r := page("/connect/gadget?"+benchQuery, benchToken()).WithContext(context.WithoutCancel(t.Context()))
	c, err := a.Host(r)
	if err != nil {
		t.Fatal(err)
	}
	session, err := a.Sessions.Mint(c, connect.DashboardItem{Dashboard: "10001", Item: "10022"})
	if err != nil {
		t.Fatal(err)
	}
	later := call(http.MethodGet, "/connect/api", session.Reveal(), "")
	for name, tt := range map[string]struct {
		verify func(*http.Request) (*connect.Caller, error)
		r      *http.Request
		most   float64
	}{"page": {a.Host, r, 28}, "session": {a.Session, later, 36}} {
		got := testing.AllocsPerRun(100, func() {
			if _, err := tt.verify(tt.r); err != nil {
				t.Error(err)
			}
		})
		if got > tt.most {
			t.Errorf("%s: got %v allocations, want at most %v", name, got, tt.most)
		}
	}
	if a.store.reads != 1 {
		t.Errorf("got %d reads of the store, want 1", a.store.reads)
	}
}
