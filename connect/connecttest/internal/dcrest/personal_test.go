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
		s.send(other, "PUT", path, `{"x": 1}`).empty(201)
		s.send(admin, "PUT", path, `"two"`).empty(200)
		var p struct{ Key, Value string }
		s.get(lead, path).into(200, &p)
		if p.Key != "a/b" || p.Value != "two" {
			t.Errorf("got %+v", p)
		}
		var list struct{ Keys []struct{ Self, Key string } }
		s.get(lead, "user/properties?"+who).into(200, &list)
		if len(list.Keys) != 1 || list.Keys[0].Key != "a/b" {
			t.Fatalf("got %+v", list)
		}
		s.get(lead, strings.TrimPrefix(list.Keys[0].Self, s.url)).into(200, &p)
		s.send(other, "DELETE", path, "").empty(204)
		s.send(other, "DELETE", path, "").fails(404, "a/b")
		s.get(lead, path).fails(404, "a/b")
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
		s.refuses([]refusal{
			{admin, c.method, c.path, c.body, 400, "userKey"},
			{admin, c.method, c.path + "?username=unknown", c.body, 404, ""},
			{admin, c.method, c.path + "?userKey=unknown", c.body, 404, ""},
			{lead, c.method, c.path + "?username=unknown", c.body, stranger, ""},
			{hermit, c.method, c.path + "?username=ytanabe", c.body, 403, ""},
			{nobody, c.method, c.path + "?username=ytanabe", c.body, 401, ""},
		})
	}
	s.refuses([]refusal{
		{lead, "PUT", "user/properties/k?username=ytanabe", "1", 403, "administer"},
		{lead, "DELETE", "user/properties/k?username=ytanabe", "", 403, "administer"},
		{lead, "PUT", "user/properties/k?username=mlindqvist", "", 400, "JSON"},
		{lead, "PUT", "user/properties/k?username=mlindqvist", "{", 400, "JSON"},
		{lead, "PUT", "user/properties/" + strings.Repeat("é", 128) + "?username=mlindqvist", "1", 400, "255"},
		{lead, "PUT", "user/properties/k?username=mlindqvist", `"` + strings.Repeat("é", 16384) + `"`, 400, "32768"},
	})
	s.send(lead, "PUT", "user/properties/"+url.PathEscape(strings.Repeat("k", 255))+"?username=mlindqvist", `"`+strings.Repeat("x", 32766)+`"`).empty(201)
}

func TestColumns(t *testing.T) {
	t.Parallel()
	s := newSite(t, true)
	type column struct{ Label, Value string }
	values := func(as, path string) string {
		var list []column
		s.get(as, path).into(200, &list)
		var out []string
		for _, c := range list {
			out = append(out, c.Value)
		}
		return strings.Join(out, " ")
	}
	put := func(as, form string) reply {
		return s.send(as, "PUT", "user/columns", form, "Content-Type", "application/x-www-form-urlencoded")
	}
	const standard = "issuetype issuekey summary assignee reporter priority status resolution created updated duedate"
	if got := values(other, "user/columns"); got != standard {
		t.Errorf("got %q", got)
	}
	put(other, "columns=summary&columns=issuekey&columns=summary").empty(200)
	put(admin, "username=mlindqvist&columns=votes").empty(200)
	for as, want := range map[string]string{other: "summary issuekey", lead: "votes", admin: standard} {
		if got := values(as, "user/columns"); got != want {
			t.Errorf("%s: got %q, want %q", as, got, want)
		}
		if got := values(admin, "user/columns?username="+as); got != want {
			t.Errorf("%s, for the administrator: got %q, want %q", as, got, want)
		}
	}
	put(other, "columns=nope").fails(500, "nope")
	put(other, "columns=votes&username=mlindqvist").fails(401, "")
	put(admin, "columns=votes&username=unknown").fails(404, "unknown")
	put(other, "columns=votes&colour=red").fails(400, "colour")
	put(other, "columns=%zz").fails(400, "form")
	put(nobody, "columns=votes").fails(401, "")
	s.send(other, "PUT", "user/columns", `{"columns":["votes"]}`).fails(415, "form")
	s.send(other, "DELETE", "user/columns", "").empty(204)
	s.send(admin, "DELETE", "user/columns?username=mlindqvist", "").empty(204)
	if got := values(other, "user/columns") + values(lead, "user/columns"); got != standard+standard {
		t.Errorf("after a reset: got %q", got)
	}
	for _, method := range []string{"GET", "DELETE"} {
		s.refuses([]refusal{
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
		s.get(as, "user/duplicated/count"+query).into(200, &c)
		return c.Count
	}
	var list map[string][]directory
	s.get(admin, "user/duplicated/list").into(200, &list)
	want := map[string][]directory{twice: {{1, "Jira Internal Directory", true}, {10000, "Crowd Server", true}}}
	if diff := cmp.Diff(want, list); diff != "" {
		t.Error(diff)
	}
	s.send(admin, "DELETE", "user?username="+twice, "").empty(204)
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
	s.send(admin, "DELETE", "user?username="+twice, "").empty(204)
	s.clock.pass(10 * time.Minute)
	if count(lead, "") != 0 {
		t.Error("kept for more than ten minutes")
	}
	s.refuses([]refusal{
		{lead, "GET", "user/duplicated/list", "", 403, ""},
		{lead, "GET", "user/duplicated/count?flush=x", "", 400, "flush"},
		{admin, "GET", "user/duplicated/list?flush=x", "", 400, "flush"},
		{nobody, "GET", "user/duplicated/list", "", 401, ""},
		{nobody, "GET", "user/duplicated/count", "", 401, ""},
	})
}

// embedded reads JSON out of the text area of a page.
func embedded(r reply, v any) {
	r.Helper()
	_, rest, ok := strings.Cut(r.body, "<textarea>")
	text, _, closed := strings.Cut(rest, "</textarea>")
	if !ok || !closed || r.header.Get("Content-Type") != "text/html;charset=UTF-8" {
		r.Fatalf("got %d %v %s", r.status, r.header, r.body)
	}
	if err := json.Unmarshal([]byte(strings.ReplaceAll(text, "&#34;", `"`)), v); err != nil {
		r.Fatal(err)
	}
}
