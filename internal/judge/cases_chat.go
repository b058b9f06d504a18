package judge

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// chatRules is what is left of the chat platform's documentation: there is none any
// more, so that the rules of all tokens count.
const chatRules = rfcJWT

// ChatApp is the part of an app that is in a chat, which signs with the secret of the
// app's OAuth client. Its zero value says that there is none.
type ChatApp struct {
	// Descriptor is the address of its descriptor.
	Descriptor string
	// ClientID and ClientSecret are its OAuth client's.
	ClientID, ClientSecret string
}

// chat is a conversation that has the app.
type chat struct {
	ChatApp
	key, installed string
	// page is a path that the chat asks for with a token.
	page string
	// conversation has the app, cloud is its site.
	conversation, cloud string
}

// readChat reads the descriptor of a chat app.
func (s *stand) readChat(ctx context.Context, app ChatApp) error {
	target, ok := strings.CutPrefix(app.Descriptor, s.base)
	if !ok {
		return fmt.Errorf("the chat's descriptor %s is not below %s", app.Descriptor, s.base)
	}
	a := s.send(ctx, http.MethodGet, target, nil, nil)
	var d descriptor
	if err := json.Unmarshal([]byte(a.body), &d); err != nil || a.status != http.StatusOK {
		return fmt.Errorf("read chat descriptor %s: status %d", app.Descriptor, a.status)
	}
	c := &chat{ChatApp: app, key: d.Key, installed: d.Lifecycle.Installed, conversation: s.newTenant().clientKey, cloud: s.site.CloudID()}
	for _, kind := range []string{"chat:glance", "chat:sidebar", "chat:dialog"} {
		var list []struct{ URL, QueryURL string }
		if json.Unmarshal(d.Modules[kind], &list) != nil {
			continue
		}
		for _, m := range list {
			for _, path := range []string{m.QueryURL, m.URL} {
				if c.page == "" && strings.HasPrefix(path, "/") && !strings.ContainsAny(path, "{}?") {
					c.page = path
				}
			}
		}
	}
	if c.page == "" || c.installed == "" {
		return errors.New("the chat's descriptor has no lifecycle.installed, or no glance, sidebar or dialog")
	}
	s.chat = c
	if a := s.putInto(ctx, c.conversation, c.conversation); !a.good() {
		return fmt.Errorf("the chat's right install was answered %s: are the client id and secret the app's?", a)
	}
	return nil
}

// chatToken is a right token of the chat for a conversation.
func (s *stand) chatToken(conversation string) token {
	now := s.now().Unix()
	return token{
		header: object{"alg": "HS256", "typ": "JWT"}, key: []byte(s.chat.ClientSecret), method: http.MethodGet, target: s.chat.page,
		claims: object{
			"iss": s.chat.ClientID, "sub": "judge-person", "iat": now, "exp": now + 600,
			"context": object{"cloudId": s.chat.cloud, "resourceId": conversation, "resourceType": "conversation"},
		},
	}
}

// putInto installs the app in a conversation, with a token for one.
func (s *stand) putInto(ctx context.Context, conversation, tokenFor string) answer {
	header := bearer(s.chatToken(tokenFor).text())
	header.Set("Content-Type", "application/json")
	return s.send(ctx, http.MethodPost, s.chat.installed, header, bytesOf(object{
		"key": s.chat.key, "productType": "chat", "cloudId": s.chat.cloud, "resourceType": "conversation", "resourceId": conversation,
		"eventType": "installed", "userId": "judge-person", "oauthClientId": s.chat.ClientID, "version": "1",
	}))
}

// inChat is a case that needs a chat app.
func inChat(name, title string, run func(ctx context.Context, s *stand) outcome) Case {
	return Case{"chat." + name, title, chatRules, func(ctx context.Context, s *stand) outcome {
		if s.chat == nil {
			return skip("no chat app was given")
		}
		return run(ctx, s)
	}}
}

func chatCases() []Case {
	names := []string{"alg-none", "alg-hs512", "key-empty", "key-other", "exp-missing", "exp-past", "form-changed", "form-no-signature", "iss-missing"}
	var all []Case
	for _, w := range slices.Concat(secretTwists(), timeTwists(), formTwists(), issuerTwists(), chatTwists()) {
		if slices.Contains(names, w.name) || strings.HasPrefix(w.name, "chat-") {
			all = append(all, inChat(strings.TrimPrefix(w.name, "chat-"), w.title, func(ctx context.Context, s *stand) outcome {
				text := w.do(s, s.chatToken(s.chat.conversation)).text()
				return s.refusal("GET "+s.chat.page, s.send(ctx, http.MethodGet, s.chat.page+"?jwt="+url.QueryEscape(text), nil, nil), text)
			}))
		}
	}
	return append(all, chatPlaces()...)
}

// chatTwists are tokens that do not say for whom they are.
func chatTwists() []twist {
	inContext := func(name, title, claim string) twist {
		return twist{name, title, chatRules, func(_ *stand, t token) token {
			place, _ := t.claims["context"].(object)
			return t.change("context", with(place, claim, nil))
		}}
	}
	return []twist{
		claimed("chat-iss-other", "refuse a token that another client issued", chatRules, "iss", "judge-another"),
		claimed("chat-context-missing", "refuse a token that is for no place", chatRules, "context", nil),
		claimed("chat-context-text", "refuse a token whose place is a text", chatRules, "context", "judge"),
		inContext("chat-cloud-missing", "refuse a token that names no site", "cloudId"),
		inContext("chat-conversation-missing", "refuse a token that names no conversation", "resourceId"),
	}
}

// chatPlaces are right tokens in right and wrong places.
func chatPlaces() []Case {
	asked := func(name, title string, header func(text string) http.Header, query bool, right func(a answer) bool) Case {
		return inChat(name, title, func(ctx context.Context, s *stand) outcome {
			text, target := s.chatToken(s.chat.conversation).text(), s.chat.page
			if query {
				target += "?jwt=" + text
			}
			a := s.send(ctx, http.MethodGet, target, header(text), nil)
			return judged(right(a), "GET "+s.chat.page, a)
		})
	}
	none := func(string) http.Header { return http.Header{} }
	return []Case{
		asked("accept-query", "serve a token in the address", none, true, answer.taken),
		asked("accept-header", "serve a token in the header", bearer, false, answer.taken),
		asked("token-missing", "refuse a call without a token", none, false, answer.refused),
		asked("token-cookie", "refuse a token in a cookie", func(text string) http.Header { return http.Header{"Cookie": {"jwt=" + text}} }, false, answer.refused),
		asked("token-two-places", "refuse two tokens", func(string) http.Header { return bearer("x.y.z") }, true, answer.refused),
		asked("origin", "let no stranger's page read what the chat may", func(text string) http.Header {
			header := bearer(text)
			header.Set("Origin", "https://"+elsewhere)
			return header
		}, false, func(a answer) bool {
			allowed := a.header.Get("Access-Control-Allow-Origin")
			return a.unbroken() && allowed != "*" && !strings.Contains(allowed, elsewhere)
		}),
		inChat("body-other-conversation", "believe the token's conversation, not the one of the body", func(ctx context.Context, s *stand) outcome {
			a := s.putInto(ctx, s.newTenant().clientKey, s.chat.conversation)
			return judged(a.refused(), "POST "+s.chat.installed, a)
		}),
		inChat("life-again", "take the install of a conversation that has the app", func(ctx context.Context, s *stand) outcome {
			a := s.putInto(ctx, s.chat.conversation, s.chat.conversation)
			return judged(a.good(), "POST "+s.chat.installed, a)
		}),
	}
}
