package confrest_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// calls has each operation once; the lead may make all of them in this order.
func calls() []struct{ name, method, path, body string } {
	const value = `{"value":{"a":1}}`
	return []struct{ name, method, path, body string }{
		{"getAnonymousUser", "GET", "user/anonymous", ""},
		{"getCurrentUser", "GET", "user/current", ""},
		{"getGroupMembershipsForUser", "GET", "user/memberof?accountId={other}", ""},
		{"getBulkUserLookup", "GET", "user/bulk?accountId={other}", ""},
		{"addContentWatcher", "POST", "user/watch/content/65601", ""},
		{"getContentWatchStatus", "GET", "user/watch/content/65601", ""},
		{"removeContentWatcher", "DELETE", "user/watch/content/65601", ""},
		{"addLabelWatcher", "POST", "user/watch/label/runbook", ""},
		{"isWatchingLabel", "GET", "user/watch/label/runbook", ""},
		{"removeLabelWatcher", "DELETE", "user/watch/label/runbook", ""},
		{"addSpaceWatcher", "POST", "user/watch/space/DOCK", ""},
		{"isWatchingSpace", "GET", "user/watch/space/DOCK", ""},
		{"removeSpaceWatch", "DELETE", "user/watch/space/DOCK", ""},
		{"getPrivacyUnsafeUserEmail", "GET", "user/email?accountId={other}", ""},
		{"getPrivacyUnsafeUserEmailBulk", "GET", "user/email/bulk?accountId={other}", ""},
		{"createUserProperty", "POST", "user/{other}/property/k", value},
		{"updateUserProperty", "PUT", "user/{other}/property/k", value},
		{"getUserProperty", "GET", "user/{other}/property/k", ""},
		{"getUserProperties", "GET", "user/{other}/property", ""},
		{"deleteUserProperty", "DELETE", "user/{other}/property/k", ""},
	}
}

func TestEveryOperation(t *testing.T) {
	t.Parallel()
	s := newSite(t, true)
	seen := map[string]bool{}
	for _, c := range calls() {
		path := strings.ReplaceAll(c.path, "{other}", s.Account(other))
		r := httptest.NewRequest(c.method, "/wiki/rest/api/"+path, http.NoBody)
		if got := s.api.Operation(r); got != c.name {
			t.Errorf("%s %s: got %q, want %q", c.method, c.path, got, c.name)
		}
		headers := []string{"Scopes", "READ WRITE ACCESS_EMAIL_ADDRESSES", "X-Atlassian-Token", "no-check"}
		if got := s.Send(lead, c.method, path, c.body, headers...); got.Status > 204 {
			t.Errorf("%s: got %d %s", c.name, got.Status, got.Body)
		}
		seen[c.name] = true
	}
	if len(seen) != 20 {
		t.Errorf("got %d operations, want 20", len(seen))
	}
}

// TestWithoutRights calls each operation as nobody, with no scope, and with an
// unknown parameter.
func TestWithoutRights(t *testing.T) {
	t.Parallel()
	s, strict := newSite(t, false), newSite(t, true)
	for _, c := range calls() {
		path := strings.ReplaceAll(c.path, "{other}", s.Account(other))
		outside, unscoped := http.StatusForbidden, http.StatusForbidden
		if strings.Contains(path, "email") || strings.Contains(path, "property") {
			outside = http.StatusUnauthorized
		}
		if strings.Contains(path, "email") {
			unscoped = http.StatusBadRequest
		}
		for _, as := range []string{nobody, inactive, "stranger"} {
			s.Send(as, c.method, path, c.body, "Scopes", "READ WRITE", "X-Atlassian-Token", "no-check").Fails(outside, "permission")
		}
		s.Send(lead, c.method, path, c.body, "Scopes", "NONE", "X-Atlassian-Token", "no-check").Fails(unscoped, "scope")
		sign := map[bool]string{true: "&", false: "?"}[strings.Contains(path, "?")]
		headers := []string{"Scopes", "READ WRITE ACCESS_EMAIL_ADDRESSES", "X-Atlassian-Token", "no-check"}
		strict.Send(lead, c.method, path+sign+"zebra=1&jwt=x", c.body, headers...).Fails(400, "zebra")
	}
}

func TestNoOperation(t *testing.T) {
	t.Parallel()
	s := newSite(t, false)
	for _, path := range []string{"", "user/watch/content/", "user/watch/label//", "user/watch/space", "user/x/property/", "user//property/k"} {
		if got := s.Get(lead, path); got.Status != 404 {
			t.Errorf("%s: got %d", path, got.Status)
		}
	}
	s.Get(lead, "user/watch/content/").Fails(404, "")
	s.Get(lead, "user/watch/label/").Fails(404, "")
	s.Get(lead, "user/watch/space/").Fails(404, "")
	got := s.Send(lead, "PATCH", "user/x/property/k", "{}")
	got.Fails(405, "")
	if allow := got.Header.Get("Allow"); allow != "DELETE, GET, POST, PUT" {
		t.Errorf("Allow: got %q", allow)
	}
}

func TestReset(t *testing.T) {
	t.Parallel()
	s := newSite(t, false)
	s.Send(lead, "POST", "user/{mlindqvist}/property/k", `{"value":{"a":1}}`).Empty(201)
	s.Send(lead, "POST", "user/watch/space/DOCK", "", "X-Atlassian-Token", "no-check").Empty(204)
	s.api.Reset()
	s.Get(lead, "user/{mlindqvist}/property/k").Fails(404, "k")
	var w struct{ Watching bool }
	s.Get(lead, "user/watch/space/DOCK").Into(http.StatusOK, &w)
	if w.Watching {
		t.Error("still watching")
	}
	spaces, content, labels := s.api.Objects()
	if len(spaces) != 3 || len(content) != 8 || len(labels) == 0 {
		t.Errorf("got %v %v %v", spaces, content, labels)
	}
}
