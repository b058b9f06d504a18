package confrest_test

import (
	"net/http"
	"testing"
)

func (s *site) watching(as, path string) bool {
	s.Helper()
	var w struct{ Watching *bool }
	s.Get(as, path).Into(http.StatusOK, &w)
	return *w.Watching
}

func TestWatch(t *testing.T) {
	t.Parallel()
	for _, target := range []string{"content/65604", "label/runbook", "space/DOCK"} {
		s := newSite(t, true)
		path := "user/watch/" + target
		if s.watching(other, path) {
			t.Errorf("%s: watched at first", target)
		}
		for range 2 { // doing it twice is not an error
			s.Send(other, "POST", path, "", "X-Atlassian-Token", "no-check").Empty(204)
		}
		if !s.watching(other, path) || !s.watching(other, path+"?accountId={ytanabe}") || s.watching(lead, path) {
			t.Errorf("%s: not watched, or by others", target)
		}
		if !s.watching(admin, path+"?accountId={ytanabe}") {
			t.Errorf("%s: the administrator does not see it", target)
		}
		for range 2 {
			s.Send(other, "DELETE", path, "", "X-Atlassian-Token", "no-check").Empty(204)
		}
		if s.watching(other, path) {
			t.Errorf("%s: still watched", target)
		}
	}
}

func TestWatchNeedsToken(t *testing.T) {
	t.Parallel()
	s := newSite(t, false)
	for _, target := range []string{"content/65604", "label/runbook", "space/DOCK"} {
		for _, method := range []string{"POST", "DELETE"} {
			s.Send(lead, method, "user/watch/"+target, "").Fails(403, "X-Atlassian-Token")
			s.Send(lead, method, "user/watch/"+target, "", "X-Atlassian-Token", "yes").Fails(403, "X-Atlassian-Token")
		}
	}
}

func TestWatchRefused(t *testing.T) {
	t.Parallel()
	s := newSite(t, false)
	tests := []struct {
		as, target string
		status     int
		part       string
	}{
		{outsider, "content/65604?accountId={mlindqvist}", 403, "administrator"},
		{outsider, "space/DOCK?accountId={mlindqvist}", 403, "administrator"},
		{outsider, "label/runbook?accountId={mlindqvist}", 403, "administrator"},
		{lead, "label/runbook?accountId={ytanabe}", 403, "administrator"}, // a space administrator does not administer labels
		{lead, "content/65604?accountId={ytanabe}", 204, ""},
		{lead, "space/DOCK?accountId={ytanabe}", 204, ""},
		{admin, "label/runbook?accountId={ytanabe}", 204, ""},
		{admin, "label/runbook?accountId=unknown", 404, "unknown"},
		{outsider, "content/65606", 403, "65606"},
		{outsider, "space/CREW", 403, "CREW"},
		{other, "content/65606", 204, ""},
		{other, "space/CREW", 204, ""},
		{admin, "content/1", 403, "1"},
		{admin, "label/none", 403, "none"},
		{admin, "space/NONE", 403, "NONE"},
		{admin, "space/DOCK?username=ytanabe", 403, "accountId"},
		{admin, "space/DOCK?key=JIRAUSER10100", 403, "accountId"},
	}
	for _, tt := range tests {
		path := "user/watch/" + tt.target
		for _, method := range []string{"GET", "POST", "DELETE"} {
			got := s.Send(tt.as, method, path, "", "X-Atlassian-Token", "no-check")
			switch {
			case tt.status >= 400:
				got.Fails(tt.status, tt.part)
			case method == "GET" && got.Status != 200, method != "GET" && got.Status != 204:
				t.Errorf("%s %s as %s: got %d %s", method, tt.target, tt.as, got.Status, got.Body)
			}
		}
	}
}
