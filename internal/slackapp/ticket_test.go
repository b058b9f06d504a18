package slackapp_test

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"github.com/sightline-go/sightline/connect"
	"github.com/sightline-go/sightline/internal/slackapp"
)

func TestTickets(t *testing.T) {
	t.Parallel()
	now := testStart
	tickets := &slackapp.Tickets{Keys: [][]byte{[]byte(strings.Repeat("k", 32))}, Now: func() time.Time { return now }}
	want := slackapp.Ticket{
		Use: slackapp.UsePerson, Tenant: "t1", Generation: 3, Team: "T1", TeamName: "Harbour", User: "U1", UserName: "ann",
	}
	text, err := tickets.Issue(want)
	if err != nil {
		t.Fatal(err)
	}
	got, err := tickets.Open(slackapp.UsePerson, text)
	if err != nil || got.ID == "" {
		t.Fatalf("got %+v, %v", got, err)
	}
	want.ID = got.ID
	if got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
	if again, _ := tickets.Issue(want); again == text {
		t.Error("two tickets are the same")
	}
	refuses := func(name string, use slackapp.Use, text, code string, by *slackapp.Tickets) {
		t.Helper()
		var refused *connect.AuthError
		if _, err := by.Open(use, text); !errors.As(err, &refused) || refused.Code != code {
			t.Errorf("%s: got %v, want %s", name, err, code)
		}
	}
	foreign := &slackapp.Tickets{Keys: [][]byte{[]byte(strings.Repeat("x", 32))}, Now: tickets.Now}
	refuses("another use", slackapp.UseInstall, text, slackapp.RefusedTicket, tickets)
	refuses("another key", slackapp.UsePerson, text, connect.CodeSignature, foreign)
	refuses("none", slackapp.UsePerson, "", connect.CodeMissing, tickets)
	refuses("no token", slackapp.UsePerson, "a.b", connect.CodeMalformed, tickets)
	now = testStart.Add(10*time.Minute + time.Second)
	refuses("expired", slackapp.UsePerson, text, connect.CodeExpired, tickets)
	if _, err := new(slackapp.Tickets).Issue(want); err == nil {
		t.Error("without a key: got no error")
	}
}

// A session of the app, signed with the same key, is not a ticket, and a ticket
// is not a session.
func TestSessionIsNotATicket(t *testing.T) {
	t.Parallel()
	keys := [][]byte{[]byte(strings.Repeat("k", 32))}
	tickets := &slackapp.Tickets{Keys: keys}
	sessions := &connect.Sessions{Keys: keys, AppKey: "app"}
	tenants := new(connect.Memory)
	tenant, err := tenants.SaveInstall(t.Context(), connect.Install{Key: "app", ClientKey: "c", SharedSecret: connect.NewSecret("shared")})
	if err != nil {
		t.Fatal(err)
	}
	v := &connect.Verifier{AppKey: "app", Tenants: tenants, Sessions: sessions}
	call := func(token string) *http.Request {
		r := httptest.NewRequest(http.MethodGet, "/api", nil)
		r.Header.Set("Authorization", "JWT "+token)
		return r
	}
	now := time.Now().Unix()
	text, err := jwt.NewWithClaims(jwt.SigningMethodHS256, jwt.MapClaims{
		"iss": "c", "sub": "ann", "qsh": "context-qsh", "iat": now, "exp": now + 60,
	}).SignedString([]byte("shared"))
	if err != nil {
		t.Fatal(err)
	}
	caller, err := v.Context(call(text))
	if err != nil {
		t.Fatal(err)
	}
	session, err := sessions.Mint(caller, connect.DashboardItem{})
	if err != nil {
		t.Fatal(err)
	}
	var refused *connect.AuthError
	if _, err := tickets.Open(slackapp.UseInstall, session.Reveal()); !errors.As(err, &refused) || refused.Code != slackapp.RefusedTicket {
		t.Errorf("a session as a ticket: got %v, want %s", err, slackapp.RefusedTicket)
	}
	ticket, err := tickets.Issue(slackapp.Ticket{Use: slackapp.UseInstall, Tenant: tenant.ID, Generation: 1})
	if err != nil {
		t.Fatal(err)
	}
	if _, err = v.Session(call(ticket)); !errors.As(err, &refused) || refused.Code != connect.CodeNotSession {
		t.Errorf("a ticket as a session: got %v, want %s", err, connect.CodeNotSession)
	}
}
