package connecttest

import (
	"net/http"
	"strings"
	"testing"
)

// Two sites of one Forge: a backend checks the tokens of both with the keys of
// one and calls both at one address, and each token opens its own site.
func TestForgeSitesSideBySide(t *testing.T) {
	t.Parallel()
	one := quick(t)
	two := NewSite(t, Options{Forge: one})
	b := newForgeBackend(t, one)
	first := b.mustInstall()
	second, err := two.InstallForge(t.Context(), ForgeInstall{Source: ForgeSource{Manifest: b.manifest()}})
	if err != nil || second.Status != http.StatusNoContent || second.CloudID == first.CloudID || second.InstallationID == first.InstallationID {
		t.Fatalf("got %+v, %v", second, err)
	}
	calls := b.taken("/life")
	if len(calls) != 2 {
		t.Fatalf("told %d times", len(calls))
	}
	for i, c := range calls {
		mine, other := calls[i], calls[1-i]
		if !strings.HasPrefix(mine.token.App.APIBaseURL, one.URL()+ForgeAPIPath) {
			t.Errorf("apiBaseUrl: got %s", mine.token.App.APIBaseURL)
		}
		for address, want := range map[string]int{
			mine.token.App.APIBaseURL: http.StatusOK, other.token.App.APIBaseURL: http.StatusUnauthorized,
		} {
			if got := get(t, address+"/rest/api/3/myself", "Bearer "+c.system); got.status != want {
				t.Errorf("%d at %s: got %d, want %d", i, address, got.status, want)
			}
		}
		body := `{"query":"offlineUserAuthToken","variables":{"input":{"contextIds":["x"],"userId":"y"}}}`
		if got := do(t, http.MethodPost, one.URL()+ForgeGraphQLPath, "application/json", body, "Bearer "+c.system); got.status != http.StatusOK {
			t.Errorf("offline tokens of %d: got %d %s", i, got.status, got.body)
		}
	}
	if err := one.RotateForgeKey(); err != nil {
		t.Fatal(err)
	}
	if _, err := two.ForgeTick(t.Context(), ""); err != nil {
		t.Errorf("after the rotation: %v", err)
	}
}

// A site that is renamed has another address in a browser; its API stays where
// it is.
func TestForgeSiteRenamed(t *testing.T) {
	t.Parallel()
	one := NewSite(t)
	two := NewSite(t, Options{Forge: one})
	b := newForgeBackend(t, one)
	if _, err := two.InstallForge(t.Context(), ForgeInstall{Source: ForgeSource{Manifest: b.manifest()}, Quiet: true}); err != nil {
		t.Fatal(err)
	}
	call := func() forgeToken {
		t.Helper()
		if _, err := two.Invoke(t.Context(), forgeAppID, "", "start-page", ForgeCall{Path: "/ui"}); err != nil {
			t.Fatal(err)
		}
		return b.one("/ui").token
	}
	before := call()
	if err := two.SetBaseURL("http://renamed.localhost:2990"); err != nil {
		t.Fatal(err)
	}
	after := call()
	if after.Context.SiteURL != "http://renamed.localhost:2990" || after.App.APIBaseURL != before.App.APIBaseURL || after.App.InstallationID != before.App.InstallationID {
		t.Errorf("got %+v after %+v", after, before)
	}
}
