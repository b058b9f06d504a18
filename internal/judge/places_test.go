package judge

import (
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/sightline-go/sightline/connect/connecttest"
)

// What an app has no place for is skipped, with a reason; the rest is tried.
func TestBareApp(t *testing.T) {
	t.Parallel()
	s := standOf(t, connecttest.NewSite(t), "bare")
	s.remote, s.chat = nil, nil
	r := run(t.Context(), s, Cases(), nil)
	skipped := map[string]bool{}
	for _, one := range r.Results {
		family, _, _ := strings.Cut(one.ID, ".")
		switch {
		case one.Verdict == Fail && one.ID != "descriptor.uninstalled":
			t.Errorf("%s: sent %s, came %s", one.ID, one.Sent, one.Got)
		case one.Verdict == Skip && one.Got == "":
			t.Errorf("%s is skipped without a reason", one.ID)
		}
		skipped[family] = skipped[family] || one.Verdict == Skip
	}
	for _, family := range []string{"uninstall", "enabled", "disabled", "hook", "forge", "chat", "calls", "life"} {
		if !skipped[family] {
			t.Errorf("nothing of %s is skipped", family)
		}
	}
	if skipped["install"] || skipped["page"] {
		t.Error("an install or a page is skipped")
	}
}

// An app in a chat that cannot be tried is an error, not a list of failures.
func TestChatApp(t *testing.T) {
	t.Parallel()
	s := standOf(t, connecttest.NewSite(t), "")
	for want, app := range map[string]ChatApp{
		"is not below":             {"http://elsewhere.invalid/c.json", chatClient, chatSecret},
		"status 404":               {s.base + "/none.json", chatClient, chatSecret},
		"no lifecycle.installed":   {s.base + "/atlassian-connect.json", chatClient, chatSecret},
		"client id and secret":     {s.base + "/atlassian-chat.json", chatClient, "another"},
		"was answered 401":         {s.base + "/atlassian-chat.json", "another", chatSecret},
		"read chat descriptor htt": {s.base + "/page", chatClient, chatSecret},
	} {
		if err := s.readChat(t.Context(), app); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%+v: got %v, want %s", app.Descriptor, err, want)
		}
	}
	secret := filepath.Join(t.TempDir(), "secret")
	if err := os.WriteFile(secret, []byte(" "+chatSecret+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	got, err := Command{Chat: s.base + "/atlassian-chat.json", ChatID: chatClient, ChatFile: secret}.chat()
	if err != nil || got.ClientSecret != chatSecret {
		t.Errorf("the secret's file: %v", err)
	}
	if err := s.readChat(t.Context(), got); err != nil {
		t.Errorf("the right one: %v", err)
	}
}

// A canary counts who comes with credentials, and nobody else.
func TestCanary(t *testing.T) {
	t.Parallel()
	c := bird(t)
	handler := c.handler(&stranger().PublicKey)
	ask := func(target, token string) string {
		t.Helper()
		r := httptest.NewRequest(http.MethodGet, target, nil)
		if token != "" {
			r.Header.Set("Authorization", token)
		}
		w := httptest.NewRecorder()
		handler.ServeHTTP(w, r)
		return w.Body.String()
	}
	ask("/rest/api/3/myself", "")
	if !strings.HasPrefix(ask("/key", "JWT x"), "-----BEGIN PUBLIC KEY-----") || !strings.Contains(ask("/jwks", ""), `"kty":"RSA"`) || c.heard() != 0 {
		t.Errorf("without credentials: heard %d", c.heard())
	}
	ask("/rest/api/3/myself", "Bearer x")
	ask("/rest/api/3/myself?jwt=x", "")
	if c.heard() != 2 {
		t.Errorf("with credentials: heard %d", c.heard())
	}
}
