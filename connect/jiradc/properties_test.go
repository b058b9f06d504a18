package jiradc_test

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"path"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/sightline-go/sightline/connect/internal/clienttest"
	"github.com/sightline-go/sightline/connect/jiradc"
	"github.com/sightline-go/sightline/connect/rest"
)

// store keeps fred's properties as Jira does.
type store map[string]string

func (s store) serve(w http.ResponseWriter, r *http.Request) {
	key := path.Base(r.URL.Path)
	value, found := s[key]
	switch {
	case r.URL.Query().Get("username") != "fred":
		clienttest.Answer(w, http.StatusNotFound, `{}`)
	case key == "properties":
		clienttest.Answer(w, http.StatusOK, s.keys())
	case r.Method == http.MethodPut:
		data, _ := io.ReadAll(r.Body)
		s[key] = string(data)
		clienttest.Answer(w, map[bool]int{true: http.StatusOK, false: http.StatusCreated}[found], "")
	case !found:
		clienttest.Answer(w, http.StatusNotFound, `{}`)
	case r.Method == http.MethodDelete:
		delete(s, key)
		clienttest.Answer(w, http.StatusNoContent, "")
	default:
		clienttest.Answer(w, http.StatusOK, fmt.Sprintf(`{"key":%q,"value":%s}`, key, value))
	}
}

func (s store) keys() string {
	list := ""
	for key := range s {
		list += fmt.Sprintf(`,{"key":%q}`, key)
	}
	return `{"keys":[` + list[min(1, len(list)):] + `]}`
}

func TestPropertiesOf(t *testing.T) {
	t.Parallel()
	c, ctx := newClient(t, store{}.serve), t.Context()
	view := c.PropertiesOf(fred())
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
	keys, err := clienttest.Collect(view.Keys(ctx))
	if diff := cmp.Diff([]string{"prefs"}, keys); diff != "" || err != nil {
		t.Errorf("keys: %v (-want +got):\n%s", err, diff)
	}
	if err := view.Delete(ctx, "prefs"); err != nil {
		t.Error(err)
	}
	if err := view.Delete(ctx, "prefs"); !errors.Is(err, rest.ErrNotFound) {
		t.Errorf("second delete: got %v, want ErrNotFound", err)
	}
	if _, err := clienttest.Collect(c.PropertiesOf(jiradc.UserRef{Key: "JIRAUSER1"}).Keys(ctx)); !errors.Is(err, rest.ErrNotFound) {
		t.Errorf("keys of nobody: got %v, want ErrNotFound", err)
	}
}
