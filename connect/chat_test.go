package connect_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/sightline-go/sightline/connect"
)

const (
	chatClient       = "AbCdEf"
	chatCloud        = "5b0e6a0e-0000-4000-8000-00000000c10d"
	chatConversation = "9f1c2d3e-0000-4000-8000-0000000000aa"
)

func newChat() *connect.ChatVerifier {
	return &connect.ChatVerifier{ClientID: chatClient, ClientSecret: connect.NewSecret(testSecret), Now: newApp().clock}
}

func chatClaims() claimSet {
	return claimSet{
		"iss": chatClient, "sub": "557058:1111", "iat": testStart.Unix(), "exp": testStart.Unix() + 900,
		"context": claimSet{"cloudId": chatCloud, "resourceId": chatConversation, "resourceType": "conversation"},
	}
}

func chatCall(token string) *http.Request {
	r := httptest.NewRequest(http.MethodGet, "/chat/glance", nil)
	r.Header.Set("Authorization", "Bearer "+token)
	return r
}

func TestChat(t *testing.T) {
	t.Parallel()
	token := hostToken(chatClaims())
	for _, r := range []*http.Request{chatCall(token), page("/chat/glance?x=1", token)} {
		c, err := newChat().Verify(r)
		if err != nil {
			t.Fatal(err)
		}
		if c.Cloud() != chatCloud || c.Conversation() != chatConversation || c.Account() != "557058:1111" {
			t.Errorf("got %+v", c)
		}
	}
}

func TestChatRefuses(t *testing.T) {
	t.Parallel()
	context := func(cloud, conversation, kind any) claimSet {
		return claimSet{"context": claimSet{"cloudId": cloud, "resourceId": conversation, "resourceType": kind}}
	}
	tests := []struct {
		name   string
		change claimSet
		want   string
	}{
		{"no context", claimSet{"context": absent{}}, connect.CodeChatContext},
		{"null context", claimSet{"context": nil}, connect.CodeChatContext},
		{"context a text", claimSet{"context": "x"}, connect.CodeMalformed},
		{"no cloud id", context("", chatConversation, "conversation"), connect.CodeChatContext},
		{"no conversation", context(chatCloud, nil, "conversation"), connect.CodeChatContext},
		{"not a conversation", context(chatCloud, chatConversation, "site"), connect.CodeChatContext},
		{"no resource type", context(chatCloud, chatConversation, nil), ""},
		{"other issuer", claimSet{"iss": "other"}, connect.CodeIssuer},
		{"no issuer", claimSet{"iss": absent{}}, connect.CodeIssuer},
		{"no expiry", claimSet{"exp": absent{}}, connect.CodeNoExpiry},
		{"no iat", claimSet{"iat": absent{}}, ""},
		{"within the leeway", claimSet{"exp": testStart.Unix() - 14}, ""},
		{"expired", claimSet{"exp": testStart.Unix() - 15}, connect.CodeExpired},
		{"not yet", claimSet{"nbf": testStart.Unix() + 16}, connect.CodeNotYet},
		{"year 9999", claimSet{"exp": 253402300799}, connect.CodeLifetime},
	}
	for _, tt := range tests {
		_, err := newChat().Verify(chatCall(hostToken(chatClaims().with(tt.change))))
		if got := code(err); got != tt.want {
			t.Errorf("%s: got %q, want %q", tt.name, got, tt.want)
		}
	}
	for name, tt := range shapes() {
		_, err := newChat().Verify(chatCall(tt.token))
		if got := code(err); got != tt.want {
			if name != "payload null" { // has an issuer of its own
				t.Errorf("%s: got %q, want %q", name, got, tt.want)
			}
		}
	}
}

func TestChatTokenPlaces(t *testing.T) {
	t.Parallel()
	token := hostToken(chatClaims())
	both := page("/chat/glance?x=1", token)
	both.Header.Set("Authorization", "Bearer "+token)
	other := chatCall(token)
	other.Header.Set("Authorization", "JWT "+token)
	bare := chatCall(token)
	bare.Header.Set("Authorization", token)
	for want, r := range map[string]*http.Request{connect.CodeTwoTokens: both, connect.CodeMissing: other} {
		_, err := newChat().Verify(r)
		wantCode(t, err, want)
	}
	_, err := newChat().Verify(bare)
	wantCode(t, err, connect.CodeMissing)

	for _, v := range []*connect.ChatVerifier{{}, {ClientID: chatClient}, {ClientSecret: connect.NewSecret(testSecret)}} {
		v.Now = newApp().clock
		for _, secret := range []string{"", testSecret} {
			if _, err := v.Verify(chatCall(hs256(claimSet{"alg": "HS256"}, chatClaims().with(claimSet{"iss": v.ClientID}), secret))); err == nil {
				t.Errorf("accepted by a verifier without settings")
			}
		}
	}
}

func TestChatLifecycle(t *testing.T) {
	t.Parallel()
	right := claimSet{
		"key": "ops-board", "productType": "chat", "cloudId": chatCloud, "resourceType": "conversation",
		"resourceId": chatConversation, "eventType": "installed", "userId": "557058:1111", "oauthClientId": chatClient, "version": "1",
	}
	tests := []struct {
		name   string
		change claimSet
		want   string
	}{
		{"right", nil, ""},
		{"other conversation", claimSet{"resourceId": "other"}, connect.CodeChatBody},
		{"no conversation", claimSet{"resourceId": absent{}}, connect.CodeChatBody},
		{"other cloud id", claimSet{"cloudId": "other"}, connect.CodeChatBody},
		{"other client", claimSet{"oauthClientId": "other"}, connect.CodeChatBody},
		{"no client", claimSet{"oauthClientId": absent{}}, ""},
		{"version a number", claimSet{"version": 1}, "body"},
	}
	for _, tt := range tests {
		body, err := json.Marshal(right.with(tt.change))
		if err != nil {
			t.Fatal(err)
		}
		in, err := newChat().Lifecycle(chatCall(hostToken(chatClaims())), body)
		if got := code(err); got != tt.want {
			t.Errorf("%s: got %q, want %q", tt.name, got, tt.want)
		}
		if err == nil && (in.ResourceID != chatConversation || in.UserID != "557058:1111") {
			t.Errorf("%s: got %+v", tt.name, in)
		}
	}
	for _, body := range []string{"", "[]", "null", "{", `{"cloudId":"a","cloudId":"b"}`, strings.Repeat("[", 99999), "\xff"} {
		_, err := newChat().Lifecycle(chatCall(hostToken(chatClaims())), []byte(body))
		wantCode(t, err, "body")
	}
	_, err := newChat().Lifecycle(chatCall("x"), nil)
	wantCode(t, err, connect.CodeMalformed)
}
