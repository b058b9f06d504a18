package confrest_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestProperty(t *testing.T) {
	t.Parallel()
	s := newSite(t, true)
	const path = "user/{ytanabe}/property/my-key_1"
	s.Send(lead, "PUT", path, `{"value":{"a":1}}`).Fails(404, "my-key_1")
	s.Send(lead, "DELETE", path, "").Fails(404, "my-key_1")
	s.Send(lead, "POST", path, `{"value":{"a":1}}`).Empty(201)
	s.Send(lead, "POST", path, `{"value":{"a":2}}`).Fails(409, "my-key_1")
	s.Send(lead, "PUT", path, `{"value":{"b":[2]}}`).Empty(204)
	var p struct {
		Key, ID, CreatedDate, LastModifiedDate string
		Value                                  map[string]any
		Links                                  map[string]string `json:"_links"`
	}
	s.Get(other, path).Into(http.StatusOK, &p)
	_, created := time.Parse(time.RFC3339, p.CreatedDate)
	_, modified := time.Parse(time.RFC3339, p.LastModifiedDate)
	if p.Key != "my-key_1" || p.ID == "" || created != nil || modified != nil || !cmp.Equal(p.Value, map[string]any{"b": []any{2.0}}) {
		t.Errorf("got %+v", p)
	}
	s.Send(lead, "DELETE", path, "").Empty(204)
	s.Get(lead, path).Fails(404, "my-key_1")
}

func TestPropertiesOfApps(t *testing.T) {
	t.Parallel()
	s := newSite(t, false)
	const path = "user/{ytanabe}/property/k"
	for _, app := range []string{"", "acme", "zeta"} {
		s.Send(lead, "POST", path, `{"value":{"app":"`+app+`"}}`, "App", app).Empty(201)
	}
	var p struct{ Value struct{ App string } }
	s.Send(other, "GET", path, "", "App", "zeta").Into(http.StatusOK, &p)
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
		s.Send(lead, method, "user/{ytanabe}/property/a.b", body).Fails(400, "must match")
		s.Send(lead, method, "user/{ytanabe}/property/"+long, body).Fails(400, "too long")
		s.Send(lead, method, "user/no%20body/property/k", body).Fails(400, "valid user id")
		s.Send(lead, method, "user/unknown/property/k", body).Fails(404, "unknown")
	}
	bodies := map[string]string{
		"": "JSON", "{": "JSON", "{}": "empty", `{"value":null}`: "empty", `{"value":{}}`: "empty", `{"value":[1]}`: "object",
		`{"value":"x"}`: "object", `{"value":{"a":1},"key":"x"}`: `"key"`, `{"value":{"a":1}} x`: "follows", `null`: "empty",
		`{"value":{"a":"` + strings.Repeat("x", 32768) + `"}}`: "too long",
	}
	for _, key := range []string{"there", "new"} {
		s.Send(lead, "POST", "user/{ytanabe}/property/there", `{"value":{"a":1}}`)
		for body, part := range bodies {
			s.Send(lead, "POST", "user/{ytanabe}/property/"+key, body).Fails(400, part)
			s.Send(lead, "PUT", "user/{ytanabe}/property/"+key, body).Fails(400, part)
		}
	}
	s.Send(lead, "PUT", "user/{ytanabe}/property/there", "{}", "Content-Type", "text/plain").Fails(415, "application/json")
}

func TestPropertyKeys(t *testing.T) {
	t.Parallel()
	s := newSite(t, false)
	var want, got []string
	for i := range 12 {
		key := "k" + string(rune('a'+i))
		want = append(want, key)
		s.Send(lead, "POST", "user/{ytanabe}/property/"+key, `{"value":{"a":1}}`).Empty(201)
	}
	type entry struct{ Key string }
	for next := "user/{ytanabe}/property"; next != ""; {
		var p page[entry]
		s.Get(lead, next).Into(http.StatusOK, &p)
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
	s.Get(lead, "user/{ytanabe}/property?limit=99").Into(http.StatusOK, &p)
	if p.Limit != 25 || p.Size != 12 || p.Links["next"] != "" {
		t.Errorf("got %+v", p)
	}
	s.Get(lead, "user/{ytanabe}/property?limit=0").Into(http.StatusOK, &p)
	if p.Size != 0 || p.Links["next"] != "" {
		t.Errorf("none: got %+v", p)
	}
	s.Get(lead, "user/{ytanabe}/property?start=-1").Fails(400, "start")
	s.Get(lead, "user/{ytanabe}/property?limit=-1").Fails(400, "limit")
	s.Get(lead, "user/unknown/property").Fails(404, "unknown")
	s.Get(lead, "user/a%20b/property").Fails(400, "valid user id")
	newSite(t, true).Get(lead, "user/{ytanabe}/property?limit=26").Fails(400, "limit")
}
