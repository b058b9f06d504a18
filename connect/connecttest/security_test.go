package connecttest

import (
	"net/http"
	"strings"
	"testing"
)

func putSecurity(t *testing.T, site *Site, set Security) answered {
	t.Helper()
	return do(t, http.MethodPut, site.URL()+"/-/security", "application/json", string(marshal(t, set)), "")
}

func TestSecurity(t *testing.T) {
	t.Parallel()
	site := quick(t)
	key, _ := anIssue(site)
	person := site.People()[0]
	set := Security{Levels: []SecurityLevel{{Name: "Few", People: []string{person.AccountID}}}, Issues: map[string]string{key: "Few"}}
	if got := putSecurity(t, site, set); got.status != 200 || !strings.Contains(string(got.body), person.AccountID) {
		t.Fatalf("got %d %s", got.status, got.body)
	}
	var got Security
	get(t, site.URL()+"/-/security", "").into(t, &got)
	if got.Issues[key] != "Few" || len(got.Levels) != 1 {
		t.Errorf("got %+v", got)
	}
	for _, tt := range []struct {
		what string
		set  Security
		want string
	}{
		{"no name", Security{Levels: []SecurityLevel{{}}}, "needs a name"},
		{"the same name", Security{Levels: []SecurityLevel{{Name: "A"}, {Name: "A"}}}, "needs a name"},
		{"nobody", Security{Levels: []SecurityLevel{{Name: "A", People: []string{"x"}}}}, `account "x"`},
		{"no issue", Security{Levels: set.Levels, Issues: map[string]string{"NO-1": "Few"}}, `issue "NO-1"`},
		{"no level", Security{Levels: set.Levels, Issues: map[string]string{key: "Other"}}, `level "Other"`},
	} {
		if got := putSecurity(t, site, tt.set); got.status != 422 || !strings.Contains(string(got.body), strings.ReplaceAll(tt.want, `"`, `\"`)) {
			t.Errorf("%s: got %d %s", tt.what, got.status, got.body)
		}
		if _, err := New(Options{Security: tt.set}); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: got %v", tt.what, err)
		}
	}
	site.Reset()
	if got := site.Security(); len(got.Levels)+len(got.Issues) > 0 {
		t.Errorf("after a reset: %+v", got)
	}
}
