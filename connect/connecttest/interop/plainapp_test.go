package interop_test

import (
	"net/http"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"github.com/sightline-go/sightline/connect/connecttest"
)

// TestPlainApps installs apps that use no framework, opens their page, lets them call
// back, and uninstalls them. They are told where the site's keys are, and nothing else.
func TestPlainApps(t *testing.T) {
	t.Parallel()
	t.Run("Python", func(t *testing.T) {
		t.Parallel()
		plainApp(t, needsPython(t, "jwt", "cryptography"), "app.py")
	})
	t.Run("Java", func(t *testing.T) {
		t.Parallel()
		plainApp(t, needsJava(t), "-XX:TieredStopAtLevel=1", "App.java")
	})
}

// needsJava returns a Java that compiles. Like needsPython it skips or fails.
func needsJava(t *testing.T) string {
	t.Helper()
	java, err := exec.LookPath("java")
	if err == nil {
		_, err = exec.LookPath("javac")
	}
	switch {
	case err != nil && os.Getenv("SIGHTLINE_TEST_ALL") == "1":
		t.Fatalf("a Java development kit is needed: %v", err)
	case err != nil:
		t.Skipf("there is no Java development kit: %v", err)
	}
	return java
}

func plainApp(t *testing.T, program string, arguments ...string) {
	t.Helper()
	site := newSite(t)
	address := startProgram(t, site, nil, program, arguments...)
	installed, err := site.Install(t.Context(), address+"/atlassian-connect.json")
	if err != nil {
		t.Fatal(err)
	}
	a := &frameworkApp{site, address, installed, person(t, site, "mlindqvist")}
	page, board := a.page(t)
	refused := func(what, address, token string) {
		t.Helper()
		if status := fetch(t, "GET", address, token, nil, nil); status != http.StatusUnauthorized {
			t.Errorf("%s: got %d, want 401", what, status)
		}
	}
	var v visit
	if status := fetch(t, "GET", page, "", nil, &v); status != http.StatusOK || v.Account != a.viewer.AccountID {
		t.Fatalf("page: got %d, %+v", status, v)
	}
	refused("another dashboard", strings.Replace(page, "dashboard="+board.ID, "dashboard=1", 1), "")
	refused("no token", address+"/gadget", "")
	context := a.contextToken(t, a.viewer.AccountID)
	v = visit{}
	if status := fetch(t, "GET", address+"/context", context, nil, &v); status != http.StatusOK || v.Account != a.viewer.AccountID {
		t.Errorf("context token: got %d, %+v", status, v)
	}
	refused("a context token where an address must be signed", address+"/gadget", context)
	var me struct{ AccountType string }
	if status := fetch(t, "GET", address+"/myself", context, nil, &me); status != http.StatusOK || me.AccountType != "app" {
		t.Errorf("call to Jira: got %d, %+v", status, me)
	}
	if _, err := site.Rotate(t.Context(), appKey); err != nil {
		t.Fatal(err)
	}
	refused("a page signed with the old secret", page, "")
	if page, _ = a.page(t); fetch(t, "GET", page, "", nil, nil) != http.StatusOK {
		t.Error("a page signed with the new secret is refused")
	}
	if _, err := site.Uninstall(t.Context(), appKey); err != nil {
		t.Fatal(err)
	}
	refused("page afterwards", page, "")
	answered := func(r connecttest.Request) bool { return r.Path == "/uninstalled" && r.Status == http.StatusOK }
	if !slices.ContainsFunc(site.Requests(0), answered) {
		t.Error("the app did not accept that it is uninstalled")
	}
}
