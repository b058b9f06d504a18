package connect_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/sightline-go/sightline/connect"
)

// forgeStore is a second implementation of connect.ForgeInstallations.
type forgeStore struct {
	mu      sync.Mutex
	tenants map[connect.ForgeInstallationID]*connect.Tenant
	saved   []connect.ForgeInstall
	reads   int
	refused int
	token   connect.Secret
	expires time.Time
	err     error
}

func (s *forgeStore) ForgeTenant(_ context.Context, id connect.ForgeInstallationID) (*connect.Tenant, connect.ForgeStatus, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.reads++
	t := s.tenants[id]
	if s.err != nil || t == nil {
		return nil, connect.ForgeStatus{}, errors.Join(s.err, connect.ErrNotFound)
	}
	own := *t
	return &own, connect.ForgeStatus{ID: id, Tenant: t.ID}, nil
}

func (s *forgeStore) HasForgeTenant(_ context.Context, cloud connect.CloudID, environment string) (bool, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, t := range s.tenants {
		if t.CloudID == cloud && t.Environment == environment {
			return true, nil
		}
	}
	return false, s.err
}

func (s *forgeStore) SaveForgeInstall(_ context.Context, in connect.ForgeInstall) (*connect.Tenant, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.err != nil {
		return nil, s.err
	}
	t := s.tenants[in.ID]
	if t == nil {
		t = &connect.Tenant{
			ID: connect.TenantID(fmt.Sprintf("tenant-%d", len(s.tenants)+1)), CloudID: in.Cloud, Environment: in.Environment,
			ForgeInstallation: in.ID, APIBaseURL: in.APIBaseURL, DisplayURL: in.SiteURL, State: connect.StateActive, Generation: 1,
			ClientKey: in.ClientKey,
		}
		s.tenants[in.ID] = t
	}
	if t.CloudID != in.Cloud {
		return nil, connect.ErrOtherSite
	}
	if in.Revives && t.State != connect.StateActive {
		t.State, t.Generation = connect.StateActive, t.Generation+1
	}
	s.saved = append(s.saved, in)
	own := *t
	return &own, nil
}

func (s *forgeStore) UninstallForge(_ context.Context, id connect.ForgeInstallationID, _ time.Time) (*connect.Tenant, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	t := s.tenants[id]
	t.State, t.Generation, t.UninstalledAt = connect.StateUninstalled, t.Generation+1, testStart
	own := *t
	return &own, s.err
}

func (s *forgeStore) ForgeToken(context.Context, connect.TenantID) (connect.Secret, time.Time, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.token.IsZero() {
		return s.token, s.expires, connect.ErrNotFound
	}
	return s.token, s.expires, nil
}

func (s *forgeStore) ForgeRefused(context.Context, connect.TenantID) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.refused++
	return nil
}

// forgeSide is the app's side of Forge over an API that answers as a test says.
type forgeSide struct {
	*connect.ForgeTenants
	store   *forgeStore
	api     *httptest.Server
	answer  atomic.Pointer[http.HandlerFunc] // a late call may still read it
	now     time.Time
	changed []connect.State
}

func newForgeSide(t *testing.T, answer http.HandlerFunc) *forgeSide {
	t.Helper()
	f := &forgeSide{store: &forgeStore{tenants: map[connect.ForgeInstallationID]*connect.Tenant{}}, now: testStart}
	f.answers(answer)
	f.api = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { (*f.answer.Load())(w, r) }))
	t.Cleanup(f.api.Close)
	clock := func() time.Time { return f.now }
	f.ForgeTenants = &connect.ForgeTenants{
		Store: f.store, Now: clock,
		Outbound: &connect.ForgeOutbound{Store: f.store, Now: clock, GraphQLURL: f.api.URL + "/graphql", UserAgent: "test/1"},
		Changed:  func(t *connect.Tenant) { f.changed = append(f.changed, t.State) },
	}
	return f
}

// answers says how the API answers from now on.
func (f *forgeSide) answers(with http.HandlerFunc) { f.answer.Store(&with) }

// oauth is an OAuth token that ends after a while.
func oauth(name string, after time.Duration) string {
	return "e30." + segment(claimSet{"exp": testStart.Add(after).Unix(), "name": name}) + ".x"
}

// call verifies claims that came with tokens, "" for none.
func (f *forgeSide) call(t *testing.T, c claimSet, system, user string) *connect.Invocation {
	t.Helper()
	v := newForge()
	v.APIURL, v.Environments = f.api.URL, []string{"PRODUCTION", "DEVELOPMENT"}
	v.Now = func() time.Time { return time.Unix(c["iat"].(int64), 0) }
	cloud := c["context"].(claimSet)["cloudId"].(string)
	r := invoke(forgeToken(c.inApp(claimSet{"apiBaseUrl": f.api.URL + "/ex/jira/" + cloud})))
	for name, value := range map[string]string{"X-Forge-Oauth-System": system, "X-Forge-Oauth-User": user} {
		if value != "" {
			r.Header.Set(name, value)
		}
	}
	i, err := v.Verify(r, forgeGadget())
	if err != nil {
		t.Fatal(err)
	}
	return i
}

func TestForgeCaller(t *testing.T) {
	t.Parallel()
	f := newForgeSide(t, http.NotFound)
	c := pageInvocation().inContext(claimSet{"extension": claimSet{
		"dashboard": claimSet{"id": "10001"}, "gadget": claimSet{"id": 10022},
	}})
	i := f.call(t, c, oauth("system", 3*time.Hour), oauth("user", 3*time.Hour))
	caller, err := f.Caller(t.Context(), i, connect.ForgePage)
	if err != nil {
		t.Fatal(err)
	}
	if caller.Tenant().CloudID != forgeCloud || caller.Account() != testAccount || caller.Invocation() != i ||
		caller.Item() != (connect.DashboardItem{Dashboard: "10001", Item: "10022"}) {
		t.Errorf("got %+v", caller)
	}
	if !f.Outbound.Knows(caller.Tenant(), testAccount) || f.Outbound.Knows(caller.Tenant(), "somebody") {
		t.Error("the person's token is not kept as theirs")
	}
	// What says nothing new costs no storage.
	if _, err := f.Caller(t.Context(), i, connect.ForgePage); err != nil || f.store.reads != 1 || len(f.store.saved) != 1 {
		t.Errorf("%v: %d reads, %d writes", err, f.store.reads, len(f.store.saved))
	}
	for name, next := range map[string]*connect.Invocation{
		"a later token": f.call(t, c, oauth("system", 4*time.Hour), ""),
		"a new version": f.call(t, c.inApp(claimSet{"appVersion": "3.0.0"}), "", ""),
		"a new address": f.call(t, c.inContext(claimSet{"siteUrl": "https://renamed.atlassian.net"}), "", ""),
	} {
		before := len(f.store.saved)
		if _, err := f.Caller(t.Context(), next, connect.ForgePage); err != nil || len(f.store.saved) != before+1 {
			t.Errorf("%s: %v, %d writes", name, err, len(f.store.saved)-before)
		}
	}
	before := len(f.store.saved)
	if _, err := f.Caller(t.Context(), i, connect.ForgeTick); err != nil || !f.store.saved[len(f.store.saved)-1].Tick || len(f.store.saved) != before+1 {
		t.Errorf("a tick: %v, %+v", err, f.store.saved[before:])
	}
}

// Another site under a known installation is refused, and changes nothing.
func TestForgeCallerOfAnotherSite(t *testing.T) {
	t.Parallel()
	f := newForgeSide(t, http.NotFound)
	if _, err := f.Caller(t.Context(), f.call(t, pageInvocation(), "", ""), connect.ForgePage); err != nil {
		t.Fatal(err)
	}
	f.store.tenants[forgeInstallation].CloudID = "another-site"
	f.now = f.now.Add(time.Minute)
	for _, event := range []connect.ForgeEvent{connect.ForgePage, connect.ForgeTick, connect.ForgeInstalled} {
		_, err := f.Caller(t.Context(), f.call(t, pageInvocation(), "", ""), event)
		if denied := new(connect.DeniedError); !errors.As(err, &denied) || denied.Code != connect.CodeOtherSite {
			t.Errorf("got %v", err)
		}
	}
	err := f.Uninstall(t.Context(), f.call(t, pageInvocation(), "", ""))
	if denied := new(connect.DeniedError); !errors.As(err, &denied) || f.store.tenants[forgeInstallation].State != connect.StateActive {
		t.Errorf("uninstall: got %v", err)
	}
}

// After an uninstall only what shows a new installation revives.
func TestForgeCallerAfterUninstall(t *testing.T) {
	t.Parallel()
	at := func(after time.Duration) claimSet {
		now := testStart.Add(after).Unix()
		return pageInvocation().with(claimSet{"iat": now, "nbf": now, "exp": now + 25})
	}
	for name, tt := range map[string]struct {
		after time.Duration
		event connect.ForgeEvent
		lives bool
	}{
		"a page that was under way": {time.Second, connect.ForgePage, false},
		"an event that was late":    {2 * time.Hour, connect.ForgeTrigger, false},
		"a tick that was late":      {2 * time.Hour, connect.ForgeTick, false},
		"a page later":              {2 * time.Minute, connect.ForgePage, true},
		"installed":                 {time.Second, connect.ForgeInstalled, true},
	} {
		f := newForgeSide(t, http.NotFound)
		if err := f.Uninstall(t.Context(), f.call(t, at(0), "", "")); err != nil {
			t.Errorf("%s: unknown: %v", name, err)
		}
		if _, err := f.Caller(t.Context(), f.call(t, at(0), "", ""), connect.ForgePage); err != nil {
			t.Fatal(err)
		}
		if err := f.Uninstall(t.Context(), f.call(t, at(0), "", "")); err != nil || !slices.Contains(f.changed, connect.StateUninstalled) {
			t.Errorf("%s: %v, told of %v", name, err, f.changed)
		}
		_, err := f.Caller(t.Context(), f.call(t, at(tt.after), "", ""), tt.event)
		if got := code(err); tt.lives && err != nil || !tt.lives && got != connect.CodeInactiveTenant {
			t.Errorf("%s: got %v", name, err)
		}
	}
}

// A new installation asks for its Connect tenant once; what cannot be had is
// asked again and makes no tenant.
func TestForgeLink(t *testing.T) {
	t.Parallel()
	system := oauth("system", 3*time.Hour)
	for name, tt := range map[string]struct {
		status int
		body   string
		key    connect.ClientKey
		fails  bool
	}{
		"a property":        {200, `{"key":"x","value":"` + testClientKey + `"}`, testClientKey, false},
		"an object":         {200, `{"value":{"clientKey":"` + testClientKey + `"}}`, testClientKey, false},
		"a bare text":       {200, `"` + testClientKey + `"`, testClientKey, false},
		"no such property":  {404, `{}`, "", false},
		"no key in it":      {200, `{"value":""}`, "", true},
		"too long":          {200, `"` + testClientKey + `"` + strings.Repeat(" ", 64<<10), "", true},
		"HTML":              {200, `<html>`, "", true},
		"too many requests": {429, ``, "", true},
		"down":              {503, ``, "", true},
		"not yet granted":   {403, ``, "", true},
		"a redirect":        {302, ``, "", true},
	} {
		var asked []string
		f := newForgeSide(t, func(w http.ResponseWriter, r *http.Request) {
			asked = append(asked, r.Method+" "+r.URL.Path+" "+r.Header.Get("Authorization"))
			w.Header().Set("Location", "/elsewhere")
			w.WriteHeader(tt.status)
			_, _ = w.Write([]byte(tt.body))
		})
		f.ConnectKey = testAppKey
		i := f.call(t, pageInvocation(), system, "")
		caller, err := f.Caller(t.Context(), i, connect.ForgePage)
		if tt.fails {
			if !errors.Is(err, connect.ErrLinkUnavailable) || len(f.store.tenants) != 0 {
				t.Errorf("%s: got %v, %d tenants", name, err, len(f.store.tenants))
			}
			_, _ = f.Caller(t.Context(), i, connect.ForgePage)
		} else if err != nil || caller.Tenant().ClientKey != tt.key {
			t.Errorf("%s: got %+v, %v", name, caller, err)
		}
		_, _ = f.Caller(t.Context(), i, connect.ForgePage)
		want := "GET /ex/jira/" + forgeCloud + "/rest/atlassian-connect/1/addons/" + testAppKey +
			"/properties/connect_client_key_019cdff3-8bfb-71fe-9628-875b700aebb8 Bearer " + system
		if n := map[bool]int{true: 3, false: 1}[tt.fails]; len(asked) != n || asked[0] != want {
			t.Errorf("%s: asked %d times: %v", name, len(asked), asked)
		}
	}

	// Refused for longer than granting takes: there is nothing to take over.
	late := newForgeSide(t, status(http.StatusForbidden))
	late.ConnectKey = testAppKey
	for _, after := range []time.Duration{0, 9 * time.Minute, 10 * time.Minute} {
		late.now = testStart.Add(after)
		_, err := late.Caller(t.Context(), late.call(t, pageInvocation(), system, ""), connect.ForgePage)
		if unknown := errors.Is(err, connect.ErrLinkUnavailable); unknown != (after < 10*time.Minute) {
			t.Errorf("refused for %s: got %v", after, err)
		}
	}

	f := newForgeSide(t, func(http.ResponseWriter, *http.Request) { t.Error("asked without a reason") })
	if _, err := f.Caller(t.Context(), f.call(t, pageInvocation(), system, ""), connect.ForgePage); err != nil {
		t.Error(err) // no Connect app
	}
	f = newForgeSide(t, http.NotFound)
	f.ConnectKey = testAppKey
	if _, err := f.Caller(t.Context(), f.call(t, pageInvocation(), "", ""), connect.ForgePage); !errors.Is(err, connect.ErrLinkUnavailable) {
		t.Errorf("without a token: got %v", err)
	}
}

// A page's first call is stored at once, however lately another call was: it shows
// that the installation is in use. Only the hourly call of a program with Connect
// off ends the tenant's Connect installation.
func TestForgeStoresUse(t *testing.T) {
	t.Parallel()
	for _, over := range []bool{false, true} {
		f := newForgeSide(t, nil)
		f.ConnectOver = over
		i := f.call(t, pageInvocation(), "", "")
		var stored []string
		for _, event := range []connect.ForgeEvent{connect.ForgeInstalled, connect.ForgeTrigger, connect.ForgePage, connect.ForgePage, connect.ForgeTick, connect.ForgePage} {
			before := len(f.store.saved)
			if _, err := f.Caller(t.Context(), i, event); err != nil {
				t.Fatal(err)
			}
			for _, in := range f.store.saved[before:] {
				stored = append(stored, fmt.Sprintf("%d used %t over %t", event, in.InUse, in.ConnectOver))
			}
		}
		want := []string{
			fmt.Sprintf("%d used false over false", connect.ForgeInstalled), fmt.Sprintf("%d used true over false", connect.ForgePage),
			fmt.Sprintf("%d used true over %t", connect.ForgeTick, over),
		}
		if !slices.Equal(stored, want) {
			t.Errorf("stored %q, want %q", stored, want)
		}
	}
}
