package dcrest_test

import (
	"encoding/json"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestProperty(t *testing.T) {
	t.Parallel()
	s := newSite(t, true)
	for _, who := range []string{"username=ytanabe", "userKey=" + s.key(other)} {
		path := "user/properties/a%2Fb?" + who
		s.Send(other, "PUT", path, `{"x": 1}`).Empty(201)
		s.Send(admin, "PUT", path, `"two"`).Empty(200)
		var p struct{ Key, Value string }
		s.Get(lead, path).Into(200, &p)
		if p.Key != "a/b" || p.Value != "two" {
			t.Errorf("got %+v", p)
		}
		var list struct{ Keys []struct{ Self, Key string } }
		s.Get(lead, "user/properties?"+who).Into(200, &list)
		if len(list.Keys) != 1 || list.Keys[0].Key != "a/b" {
			t.Fatalf("got %+v", list)
		}
		s.Get(lead, strings.TrimPrefix(list.Keys[0].Self, s.URL)).Into(200, &p)
		s.Send(other, "DELETE", path, "").Empty(204)
		s.Send(other, "DELETE", path, "").Fails(404, "a/b")
		s.Get(lead, path).Fails(404, "a/b")
	}
}

func TestPropertyRefused(t *testing.T) {
	t.Parallel()
	s := newSite(t, false)
	for _, c := range []struct{ method, path, body string }{
		{"GET", "user/properties", ""}, {"GET", "user/properties/k", ""}, {"PUT", "user/properties/k", "1"}, {"DELETE", "user/properties/k", ""},
	} {
		stranger := 403
		if c.method == "GET" {
			stranger = 404
		}
		s.Refuses([]refusal{
			{admin, c.method, c.path, c.body, 400, "userKey"},
			{admin, c.method, c.path + "?username=unknown", c.body, 404, ""},
			{admin, c.method, c.path + "?userKey=unknown", c.body, 404, ""},
			{lead, c.method, c.path + "?username=unknown", c.body, stranger, ""},
			{hermit, c.method, c.path + "?username=ytanabe", c.body, 403, ""},
			{nobody, c.method, c.path + "?username=ytanabe", c.body, 401, ""},
		})
	}
	s.Refuses([]refusal{
		{lead, "PUT", "user/properties/k?username=ytanabe", "1", 403, "administer"},
		{lead, "DELETE", "user/properties/k?username=ytanabe", "", 403, "administer"},
		{lead, "PUT", "user/properties/k?username=mlindqvist", "", 400, "JSON"},
		{lead, "PUT", "user/properties/k?username=mlindqvist", "{", 400, "JSON"},
		{lead, "PUT", "user/properties/" + strings.Repeat("é", 128) + "?username=mlindqvist", "1", 400, "255"},
		{lead, "PUT", "user/properties/k?username=mlindqvist", `"` + strings.Repeat("é", 16384) + `"`, 400, "32768"},
	})
	s.Send(lead, "PUT", "user/properties/"+url.PathEscape(strings.Repeat("k", 255))+"?username=mlindqvist", `"`+strings.Repeat("x", 32766)+`"`).Empty(201)
}

func TestColumns(t *testing.T) {
	t.Parallel()
	s := newSite(t, true)
	type column struct{ Label, Value string }
	values := func(as, path string) string {
		var list []column
		s.Get(as, path).Into(200, &list)
		var out []string
		for _, c := range list {
			out = append(out, c.Value)
		}
		return strings.Join(out, " ")
	}
	put := func(as, form string) reply {
		return s.Send(as, "PUT", "user/columns", form, "Content-Type", "application/x-www-form-urlencoded")
	}
	const standard = "issuetype issuekey summary assignee reporter priority status resolution created updated duedate"
	if got := values(other, "user/columns"); got != standard {
		t.Errorf("got %q", got)
	}
	put(other, "columns=summary&columns=issuekey&columns=summary").Empty(200)
	put(admin, "username=mlindqvist&columns=votes").Empty(200)
	for as, want := range map[string]string{other: "summary issuekey", lead: "votes", admin: standard} {
		if got := values(as, "user/columns"); got != want {
			t.Errorf("%s: got %q, want %q", as, got, want)
		}
		if got := values(admin, "user/columns?username="+as); got != want {
			t.Errorf("%s, for the administrator: got %q, want %q", as, got, want)
		}
	}
	put(other, "columns=nope").Fails(500, "nope")
	put(other, "columns=votes&username=mlindqvist").Fails(401, "")
	put(admin, "columns=votes&username=unknown").Fails(404, "unknown")
	put(other, "columns=votes&colour=red").Fails(400, "colour")
	put(other, "columns=%zz").Fails(400, "form")
	put(nobody, "columns=votes").Fails(401, "")
	s.Send(other, "PUT", "user/columns", `{"columns":["votes"]}`).Fails(415, "form")
	s.Send(other, "DELETE", "user/columns", "").Empty(204)
	s.Send(admin, "DELETE", "user/columns?username=mlindqvist", "").Empty(204)
	if got := values(other, "user/columns") + values(lead, "user/columns"); got != standard+standard {
		t.Errorf("after a reset: got %q", got)
	}
	for _, method := range []string{"GET", "DELETE"} {
		s.Refuses([]refusal{
			{other, method, "user/columns?username=mlindqvist", "", 401, "permitted"},
			{other, method, "user/columns?username=unknown", "", 401, "permitted"},
			{admin, method, "user/columns?username=unknown", "", 404, "unknown"},
			{nobody, method, "user/columns", "", 401, ""},
		})
	}
}

func TestDuplicates(t *testing.T) {
	t.Parallel()
	s := newSite(t, false)
	type directory struct {
		DirectoryID   int
		DirectoryName string
		UserActive    bool
	}
	count := func(as, query string) int {
		var c struct{ Count int }
		s.Get(as, "user/duplicated/count"+query).Into(200, &c)
		return c.Count
	}
	var list map[string][]directory
	s.Get(admin, "user/duplicated/list").Into(200, &list)
	want := map[string][]directory{twice: {{1, "Jira Internal Directory", true}, {10000, "Crowd Server", true}}}
	if diff := cmp.Diff(want, list); diff != "" {
		t.Error(diff)
	}
	s.Send(admin, "DELETE", "user?username="+twice, "").Empty(204)
	if count(lead, "") != 1 || count(lead, "?flush=true") != 1 {
		t.Error("not kept, or flushed by somebody")
	}
	s.clock.pass(9 * time.Minute)
	if count(lead, "") != 1 {
		t.Error("not kept for ten minutes")
	}
	if count(admin, "?flush=true") != 0 {
		t.Error("not flushed")
	}
	s.api.Reset()
	if count(lead, "") != 1 {
		t.Error("not reset")
	}
	s.Send(admin, "DELETE", "user?username="+twice, "").Empty(204)
	s.clock.pass(10 * time.Minute)
	if count(lead, "") != 0 {
		t.Error("kept for more than ten minutes")
	}
	s.Refuses([]refusal{
		{lead, "GET", "user/duplicated/list", "", 403, ""},
		{lead, "GET", "user/duplicated/count?flush=x", "", 400, "flush"},
		{admin, "GET", "user/duplicated/list?flush=x", "", 400, "flush"},
		{nobody, "GET", "user/duplicated/list", "", 401, ""},
		{nobody, "GET", "user/duplicated/count", "", 401, ""},
	})
}

// embedded reads JSON from the text area of a page.
func embedded(r reply, v any) {
	r.Helper()
	_, rest, ok := strings.Cut(r.Body, "<textarea>")
	text, _, closed := strings.Cut(rest, "</textarea>")
	if !ok || !closed || r.Header.Get("Content-Type") != "text/html;charset=UTF-8" {
		r.Fatalf("got %d %v %s", r.Status, r.Header, r.Body)
	}
	if err := json.Unmarshal([]byte(strings.ReplaceAll(text, "&#34;", `"`)), v); err != nil {
		r.Fatal(err)
	}
}
