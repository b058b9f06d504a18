package confrest_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestProperty(t *testing.T) {
	t.Parallel()
	s := newSite(t, true)
	const path = "user/{ytanabe}/property/my-key_1"
	s.send(lead, "PUT", path, `{"value":{"a":1}}`).fails(404, "my-key_1")
	s.send(lead, "DELETE", path, "").fails(404, "my-key_1")
	s.send(lead, "POST", path, `{"value":{"a":1}}`).empty(201)
	s.send(lead, "POST", path, `{"value":{"a":2}}`).fails(409, "my-key_1")
	s.send(lead, "PUT", path, `{"value":{"b":[2]}}`).empty(204)
	var p struct {
		Key, ID, CreatedDate, LastModifiedDate string
		Value                                  map[string]any
		Links                                  map[string]string `json:"_links"`
	}
	s.get(other, path).into(&p)
	_, created := time.Parse(time.RFC3339, p.CreatedDate)
	_, modified := time.Parse(time.RFC3339, p.LastModifiedDate)
	if p.Key != "my-key_1" || p.ID == "" || created != nil || modified != nil || !cmp.Equal(p.Value, map[string]any{"b": []any{2.0}}) {
		t.Errorf("got %+v", p)
	}
	s.send(lead, "DELETE", path, "").empty(204)
	s.get(lead, path).fails(404, "my-key_1")
}

func TestPropertiesOfApps(t *testing.T) {
	t.Parallel()
	s := newSite(t, false)
	const path = "user/{ytanabe}/property/k"
	for _, app := range []string{"", "acme", "zeta"} {
		s.send(lead, "POST", path, `{"value":{"app":"`+app+`"}}`, "App", app).empty(201)
	}
	var p struct{ Value struct{ App string } }
	s.send(other, "GET", path, "", "App", "zeta").into(&p)
	if p.Value.App != "zeta" {
		t.Errorf("got %+v", p)
	}
}

func TestPropertyRefused(t *testing.T) {
	t.Parallel()
	s := newSite(t, false)
	long := strings.Repeat("k", 256)
	for _, method := range []string{"GET", "PUT", "POST", "DELETE"} {
		body := ""
		if method == "PUT" || method == "POST" {
			body = `{"value":{"a":1}}`
		}
		s.send(lead, method, "user/{ytanabe}/property/a.b", body).fails(400, "must match")
		s.send(lead, method, "user/{ytanabe}/property/"+long, body).fails(400, "too long")
		s.send(lead, method, "user/no%20body/property/k", body).fails(400, "valid user id")
		s.send(lead, method, "user/unknown/property/k", body).fails(404, "unknown")
	}
	bodies := map[string]string{
		"": "JSON", "{": "JSON", "{}": "empty", `{"value":null}`: "empty", `{"value":{}}`: "empty", `{"value":[1]}`: "object",
		`{"value":"x"}`: "object", `{"value":{"a":1},"key":"x"}`: `"key"`, `{"value":{"a":1}} x`: "follows", `null`: "empty",
		`{"value":{"a":"` + strings.Repeat("x", 32768) + `"}}`: "too long",
	}
	for _, key := range []string{"there", "new"} {
		s.send(lead, "POST", "user/{ytanabe}/property/there", `{"value":{"a":1}}`)
		for body, part := range bodies {
			s.send(lead, "POST", "user/{ytanabe}/property/"+key, body).fails(400, part)
			s.send(lead, "PUT", "user/{ytanabe}/property/"+key, body).fails(400, part)
		}
	}
	s.send(lead, "PUT", "user/{ytanabe}/property/there", "{}", "Content-Type", "text/plain").fails(415, "application/json")
}

func TestPropertyKeys(t *testing.T) {
	t.Parallel()
	s := newSite(t, false)
	var want, got []string
	for i := range 12 {
		key := "k" + string(rune('a'+i))
		want = append(want, key)
		s.send(lead, "POST", "user/{ytanabe}/property/"+key, `{"value":{"a":1}}`).empty(201)
	}
	type entry struct{ Key string }
	for next := "user/{ytanabe}/property"; next != ""; {
		var p page[entry]
		s.get(lead, next).into(&p)
		if p.Limit != 5 || p.Size != len(p.Results) || p.Start != len(got) {
			t.Errorf("got %+v", p)
		}
		for _, e := range p.Results {
			got = append(got, e.Key)
		}
		next = strings.TrimPrefix(p.Links["next"], "/rest/api/")
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	var p page[entry]
	s.get(lead, "user/{ytanabe}/property?limit=99").into(&p)
	if p.Limit != 25 || p.Size != 12 || p.Links["next"] != "" {
		t.Errorf("got %+v", p)
	}
	s.get(lead, "user/{ytanabe}/property?limit=0").into(&p)
	if p.Size != 0 || p.Links["next"] != "" {
		t.Errorf("none: got %+v", p)
	}
	s.get(lead, "user/{ytanabe}/property?start=-1").fails(400, "start")
	s.get(lead, "user/{ytanabe}/property?limit=-1").fails(400, "limit")
	s.get(lead, "user/unknown/property").fails(404, "unknown")
	s.get(lead, "user/a%20b/property").fails(400, "valid user id")
	newSite(t, true).get(lead, "user/{ytanabe}/property?limit=26").fails(400, "limit")
}
