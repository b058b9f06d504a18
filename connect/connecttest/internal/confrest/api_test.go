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
		path := strings.ReplaceAll(c.path, "{other}", s.account(other))
		r := httptest.NewRequest(c.method, "/wiki/rest/api/"+path, http.NoBody)
		if got := s.api.Operation(r); got != c.name {
			t.Errorf("%s %s: got %q, want %q", c.method, c.path, got, c.name)
		}
		headers := []string{"Scopes", "READ WRITE ACCESS_EMAIL_ADDRESSES", "X-Atlassian-Token", "no-check"}
		if got := s.send(lead, c.method, path, c.body, headers...); got.status > 204 {
			t.Errorf("%s: got %d %s", c.name, got.status, got.body)
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
		path := strings.ReplaceAll(c.path, "{other}", s.account(other))
		outside, unscoped := http.StatusForbidden, http.StatusForbidden
		if strings.Contains(path, "email") || strings.Contains(path, "property") {
			outside = http.StatusUnauthorized
		}
		if strings.Contains(path, "email") {
			unscoped = http.StatusBadRequest
		}
		for _, as := range []string{nobody, inactive, "stranger"} {
			s.send(as, c.method, path, c.body, "Scopes", "READ WRITE", "X-Atlassian-Token", "no-check").fails(outside, "permission")
		}
		s.send(lead, c.method, path, c.body, "Scopes", "NONE", "X-Atlassian-Token", "no-check").fails(unscoped, "scope")
		sign := map[bool]string{true: "&", false: "?"}[strings.Contains(path, "?")]
		headers := []string{"Scopes", "READ WRITE ACCESS_EMAIL_ADDRESSES", "X-Atlassian-Token", "no-check"}
		strict.send(lead, c.method, path+sign+"zebra=1&jwt=x", c.body, headers...).fails(400, "zebra")
	}
}

func TestNoOperation(t *testing.T) {
	t.Parallel()
	s := newSite(t, false)
	for _, path := range []string{"", "user", "user/watch/content/", "user/watch/label//", "user/watch/space", "user/x/property/", "user//property/k"} {
		if got := s.get(lead, path); got.status != 404 {
			t.Errorf("%s: got %d", path, got.status)
		}
	}
	s.get(lead, "user/watch/content/").fails(404, "")
	s.get(lead, "user/watch/label/").fails(404, "")
	s.get(lead, "user/watch/space/").fails(404, "")
	got := s.send(lead, "PATCH", "user/x/property/k", "{}")
	got.fails(405, "")
	if allow := got.header.Get("Allow"); allow != "DELETE, GET, POST, PUT" {
		t.Errorf("Allow: got %q", allow)
	}
}

func TestReset(t *testing.T) {
	t.Parallel()
	s := newSite(t, false)
	s.send(lead, "POST", "user/{mlindqvist}/property/k", `{"value":{"a":1}}`).empty(201)
	s.send(lead, "POST", "user/watch/space/DOCK", "", "X-Atlassian-Token", "no-check").empty(204)
	s.api.Reset()
	s.get(lead, "user/{mlindqvist}/property/k").fails(404, "k")
	var w struct{ Watching bool }
	s.get(lead, "user/watch/space/DOCK").into(&w)
	if w.Watching {
		t.Error("still watching")
	}
	spaces, content, labels := s.api.Objects()
	if len(spaces) != 3 || len(content) != 8 || len(labels) == 0 {
		t.Errorf("got %v %v %v", spaces, content, labels)
	}
}
