package confluence_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"path"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/sightline-go/sightline/connect/confluence"
	"github.com/sightline-go/sightline/connect/internal/clienttest"
	"github.com/sightline-go/sightline/connect/rest"
)

// store keeps properties as Confluence does: POST creates, PUT updates.
type store struct {
	values map[string]json.RawMessage
	keys   []string // in the order of their creation
	asked  []string
	// meddle is called after each call.
	meddle func(s *store, method string)
}

func (s *store) serve(w http.ResponseWriter, r *http.Request) {
	s.asked = append(s.asked, r.Method)
	key := path.Base(r.URL.Path)
	status := http.StatusNotFound
	_, found := s.values[key]
	switch {
	case key == "property":
		s.list(w, r)
		return
	case r.Method == http.MethodGet && found:
		clienttest.Answer(w, http.StatusOK, fmt.Sprintf(`{"key":%q,"value":%s}`, key, s.values[key]))
		return
	case r.Method == http.MethodPost && found:
		status = http.StatusConflict
	case r.Method == http.MethodPost:
		s.put(r, key)
		status = http.StatusCreated
	case r.Method == http.MethodPut && found:
		s.put(r, key)
		status = http.StatusNoContent
	case r.Method == http.MethodDelete && found:
		delete(s.values, key)
		s.keys = slices.DeleteFunc(s.keys, func(k string) bool { return k == key })
		status = http.StatusNoContent
	}
	clienttest.Answer(w, status, "")
	if s.meddle != nil {
		s.meddle(s, r.Method)
	}
}

func (s *store) put(r *http.Request, key string) {
	var body struct{ Value json.RawMessage }
	data, _ := io.ReadAll(r.Body)
	_ = json.Unmarshal(data, &body)
	if s.values[key] == nil {
		s.keys = append(s.keys, key)
	}
	s.values[key] = body.Value
}

func (s *store) list(w http.ResponseWriter, r *http.Request) {
	start, _ := strconv.Atoi(r.URL.Query().Get("start"))
	limit, _ := strconv.Atoi(r.URL.Query().Get("limit"))
	keys := s.keys[min(start, len(s.keys)):min(start+limit, len(s.keys))]
	var b strings.Builder
	for i, key := range keys {
		fmt.Fprintf(&b, "%s{\"key\":%q}", strings.Repeat(",", min(i, 1)), key)
	}
	clienttest.Answer(w, http.StatusOK, fmt.Sprintf(`{"results":[%s],"start":%d,"limit":%d,"size":%d}`, b.String(), start, limit, len(keys)))
}

func TestPropertiesOf(t *testing.T) {
	t.Parallel()
	s := &store{values: map[string]json.RawMessage{}}
	view, ctx := newClient(t, s.serve).PropertiesOf("5b10"), t.Context()
	if created, err := view.Set(ctx, "prefs", preferences{}); !created || err != nil {
		t.Errorf("first set: got %v, %v, want true", created, err)
	}
	if created, err := view.Set(ctx, "prefs", preferences{true}); created || err != nil {
		t.Errorf("second set: got %v, %v, want false", created, err)
	}
	if got, err := rest.GetProperty[preferences](ctx, view, "prefs"); err != nil || !got.Compact {
		t.Errorf("get: got %v, %v, want true", got, err)
	}
	var number int
	if err := view.Get(ctx, "prefs", &number); err == nil {
		t.Error("get into a number: got no error")
	}
	for i := range 25 {
		if _, err := view.Set(ctx, fmt.Sprintf("k%d", i), preferences{}); err != nil {
			t.Fatal(err)
		}
	}
	keys, err := clienttest.Collect(view.Keys(ctx))
	if diff := cmp.Diff(s.keys, keys); diff != "" || err != nil || len(keys) != 26 {
		t.Errorf("keys: %v (-want +got):\n%s", err, diff)
	}
	if err := view.Delete(ctx, "prefs"); err != nil {
		t.Error(err)
	}
	if err := view.Delete(ctx, "prefs"); !errors.Is(err, rest.ErrNotFound) {
		t.Errorf("second delete: got %v, want ErrNotFound", err)
	}
	if err := view.Get(ctx, "prefs", &number); !errors.Is(err, rest.ErrNotFound) {
		t.Errorf("get after delete: got %v, want ErrNotFound", err)
	}
}

func TestSetPropertyAgainstOthers(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name   string
		meddle func(s *store, method string)
		asked  []string
		bad    error
	}{
		{"nobody", nil, []string{"PUT", "POST"}, nil},
		{"somebody creates it first", func(s *store, _ string) {
			s.values["k"] = json.RawMessage(`{}`)
		}, []string{"PUT", "POST", "PUT"}, nil},
		{"somebody creates and deletes it", func(s *store, method string) {
			delete(s.values, "k")
			if method == http.MethodPut {
				s.values["k"] = json.RawMessage(`{}`)
			}
		}, []string{"PUT", "POST", "PUT"}, rest.ErrNotFound},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			s := &store{values: map[string]json.RawMessage{}, meddle: tc.meddle}
			created, err := newClient(t, s.serve).UserProperties.SetProperty(t.Context(), "5b10", "k", preferences{true})
			if created != (tc.meddle == nil) || !errors.Is(err, tc.bad) {
				t.Errorf("got %v, %v, want an error that is %v", created, err, tc.bad)
			}
			if diff := cmp.Diff(tc.asked, s.asked); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestNothingIsSentBeyondTheLimits(t *testing.T) {
	t.Parallel()
	c := newClient(t, func(_ http.ResponseWriter, r *http.Request) { t.Errorf("got %s %s", r.Method, r.URL) })
	ctx, properties := t.Context(), c.UserProperties
	for _, key := range []string{"a.b", "a b", "é", "a/b", "..", "\xff", "a\n"} {
		_, getErr := confluence.GetUserProperty[any](ctx, c, "x", key)
		_, setErr := properties.SetProperty(ctx, "x", key, preferences{})
		for _, err := range []error{getErr, setErr, properties.CreateProperty(ctx, "x", key, preferences{}), properties.DeleteProperty(ctx, "x", key)} {
			if !errors.Is(err, rest.ErrLimit) || !strings.Contains(err.Error(), "user property key") {
				t.Errorf("key %q: got %v, want ErrLimit", key, err)
			}
		}
	}
	if err := properties.DeleteProperty(ctx, "x", ""); !errors.Is(err, rest.ErrParam) {
		t.Errorf("no key: got %v, want ErrParam", err)
	}
	for _, value := range []any{nil, 1, "{}", []int{1}, json.RawMessage(" [] "), (*preferences)(nil)} {
		if err := properties.UpdateProperty(ctx, "x", "k", value); !errors.Is(err, confluence.ErrNotObject) {
			t.Errorf("value %v: got %v, want ErrNotObject", value, err)
		}
	}
	if err := properties.UpdateProperty(ctx, "x", "k", func() {}); err == nil {
		t.Error("a func: got no error")
	}
	for _, limit := range []int{26, -1} {
		_, err := clienttest.Collect(properties.KeysAll(ctx, "x", confluence.UserPropertyListOptions{Limit: limit}))
		var over *rest.LimitError
		if !errors.As(err, &over) || over.Limit != 25 || over.Got != limit {
			t.Errorf("limit %d: got %v, want a *rest.LimitError", limit, err)
		}
	}
}
