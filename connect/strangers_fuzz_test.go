package connect_test

import (
	"errors"
	"net/http"
	"testing"
	"time"

	"github.com/sightline-go/sightline/connect"
)

// refusal fails unless an error is one that is answered as the sender's fault.
func refusal(t *testing.T, err error) {
	t.Helper()
	var (
		refused *connect.AuthError
		denied  *connect.DeniedError
		body    *connect.BodyError
		ignored *connect.IgnoredError
	)
	if err != nil && !errors.As(err, &refused) && !errors.As(err, &denied) && !errors.As(err, &body) && !errors.As(err, &ignored) {
		t.Errorf("a stranger makes a failure of ours: %v", err)
	}
}

// oddTokens are seeds for all kinds of token.
func oddTokens(f *testing.F) {
	f.Helper()
	for _, seed := range []string{
		"", ".", "..", "a.b.c", "e30.e30.", "eyJhbGciOiJub25lIn0.e30.", "e30.e30.e30", "\x00.\xff.é",
		hostToken(pageClaims()), hs256(claimSet{"alg": "none"}, pageClaims(), testSecret), hs256(`{"alg":["HS256"]}`, `[]`, testSecret),
	} {
		f.Add(seed)
	}
}

// FuzzToken sends any text as each kind of token: it is refused.
func FuzzToken(f *testing.F) {
	oddTokens(f)
	now := time.Now().Add(10 * 365 * 24 * time.Hour) // no seed is valid
	a, forge, chat := newApp(), newForge(), newChat()
	a.Now, forge.Now, chat.Now = func() time.Time { return now }, func() time.Time { return now }, func() time.Time { return now }
	f.Fuzz(func(t *testing.T, token string) {
		for name, verify := range map[string]func(*http.Request) error{
			"host":    func(r *http.Request) error { _, err := a.Host(r); return err },
			"context": func(r *http.Request) error { _, err := a.Context(r); return err },
			"install": func(r *http.Request) error { _, err := a.Install(r, []byte(installBody(nil))); return err },
			"forge":   func(r *http.Request) error { _, err := forge.Verify(r, forgeGadget()); return err },
			"chat":    func(r *http.Request) error { _, err := chat.Verify(r); return err },
		} {
			for _, scheme := range []string{"JWT ", "Bearer ", ""} {
				r := call("POST", "/connect/x", "", "{}")
				r.Header.Set("Authorization", scheme+token)
				err := verify(r)
				if refusal(t, err); err == nil {
					t.Errorf("%s: %q is accepted", name, token)
				}
			}
		}
	})
}

// FuzzClaims signs any claims as a host would: they are refused, or those of the
// tenant.
func FuzzClaims(f *testing.F) {
	for _, seed := range []string{
		segmentText(pageClaims()), segmentText(contextClaims()), `{}`, `null`, `[]`, `{"iss":7}`, `{"exp":1e99}`, `{"exp":"1"}`,
		`{"aud":[[]],"iss":"` + testClientKey + `"}`, `{"iss":"a","iss":"b"}`, `{"qsh":null}`, `{"sub":{}}`,
	} {
		f.Add(seed)
	}
	a := newApp()
	a.Tenants = a.store // without the turns of a cache
	f.Fuzz(func(t *testing.T, claims string) {
		token := hs256(claimSet{"alg": "HS256"}, claims, testSecret)
		for _, verify := range []func(*http.Request) (*connect.Caller, error){a.Host, a.Context} {
			caller, err := verify(call("GET", "/connect/page?a=1", token, ""))
			if refusal(t, err); err == nil && caller.Tenant().ClientKey != testClientKey {
				t.Errorf("%s is accepted as %q", claims, caller.Tenant().ClientKey)
			}
		}
	})
}

// FuzzInvocation signs any claims as Forge would: they are refused, or name an
// installation and an API below the origin.
func FuzzInvocation(f *testing.F) {
	for _, seed := range []string{
		segmentText(pageInvocation()), segmentText(pageInvocation().inContext(claimSet{"extension": claimSet{"gadget": claimSet{"id": 1}, "dashboard": claimSet{"id": "2"}}})),
		`{}`, `null`, `{"app":[]}`, `{"app":{"license":7}}`, `{"context":{"extension":null}}`, `{"app":{"apiBaseUrl":"https://api.atlassian.com/ex/jira/../x"}}`,
	} {
		f.Add(seed, forgeBearer)
	}
	v := newForge()
	f.Fuzz(func(t *testing.T, claims, oauth string) {
		r := invoke(rs256(claimSet{"alg": "RS256", "kid": forgeKid}, claims, installKey()))
		r.Header["X-Forge-Oauth-System"] = []string{oauth}
		i, err := v.Verify(r, forgeGadget(), connect.ForgeEndpoint("tick"))
		if refusal(t, err); err != nil {
			return
		}
		if i.Installation() == "" || i.Cloud() == "" || i.APIBaseURL() != "https://api.atlassian.com/ex/jira/"+string(i.Cloud()) && i.APIBaseURL() != "https://api.atlassian.com/ex/confluence/"+string(i.Cloud()) {
			t.Errorf("accepted %q, %q, %q", i.Installation(), i.Cloud(), i.APIBaseURL())
		}
		_, _, _, _ = i.DashboardItem(), i.License(), i.Environment().Name(), i.Version()
		_, _ = connect.TokenExpiry(i.SystemToken())
	})
}

// FuzzLifecycleBody sends any body with a good token: it is refused, or that of an
// install by the token's issuer for this app.
func FuzzLifecycleBody(f *testing.F) {
	for _, seed := range []string{
		installBody(nil), installBody(claimSet{"baseUrl": "https://evil.example"}), installBody(claimSet{"displayUrl": "javascript:1"}),
		`{}`, `null`, `[]`, `{"key":"a","KEY":"b"}`, "\xff", `{"clientKey":[]}`, `{"baseUrl":"https://acme.atlassian.net@evil.example"}`,
	} {
		f.Add([]byte(seed))
	}
	a := newApp()
	token := installToken(installClaims(installedPath))
	f.Fuzz(func(t *testing.T, body []byte) {
		in, err := a.Install(call("POST", installedPath, token, string(body)), body)
		if refusal(t, err); err == nil && (in.Key != testAppKey || in.ClientKey != testClientKey || a.Hosts.Check(in.BaseURL) != nil) {
			t.Errorf("accepted %+v", in)
		}
	})
}

// FuzzChatBody sends any body with a good token, as an install and as an event:
// what is accepted is about the token's conversation.
func FuzzChatBody(f *testing.F) {
	for _, seed := range []string{
		`{"cloudId":"` + chatCloud + `","resourceId":"` + chatConversation + `"}`,
		`{"cloudId":"` + chatCloud + `","conversation":{"id":"` + chatConversation + `"},"action":"archive","initiator":{"id":7}}`,
		`{"cloudId":"` + chatCloud + `","conversation":"` + chatConversation + `","action":[]}`, `{}`, `null`, `{"cloudId":{}}`, `{"user":[[[[`, "\xff",
	} {
		f.Add([]byte(seed))
	}
	v := newChat()
	token := hostToken(chatClaims())
	f.Fuzz(func(t *testing.T, body []byte) {
		in, err := v.Lifecycle(chatCall(token), body)
		if refusal(t, err); err == nil && (in.CloudID != chatCloud || in.ResourceID != chatConversation) {
			t.Errorf("accepted the install %+v", in)
		}
		event, err := v.Webhook(chatCall(token), body)
		if refusal(t, err); err == nil && (event.Cloud != chatCloud || event.Conversation != chatConversation) {
			t.Errorf("accepted the event %+v", event)
		}
	})
}
