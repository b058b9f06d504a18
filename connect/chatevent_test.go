package connect_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/sightline-go/sightline/connect"
)

func TestChatWebhook(t *testing.T) {
	t.Parallel()
	right := claimSet{
		"type": "roster:updates", "action": "remove", "cloudId": chatCloud,
		"conversation": claimSet{"id": chatConversation, "name": "Release room", "isArchived": false},
		"user":         claimSet{"id": "557058:2222"}, "initiator": claimSet{"id": "557058:1111"},
	}
	tests := []struct {
		name   string
		change claimSet
		want   string
	}{
		{"right", nil, ""},
		{"the id alone", claimSet{"conversation": chatConversation}, ""},
		{"unknown members", claimSet{"x": []int{1}}, ""},
		{"other conversation", claimSet{"conversation": claimSet{"id": "other"}}, connect.CodeChatBody},
		{"other id alone", claimSet{"conversation": "other"}, connect.CodeChatBody},
		{"no conversation", claimSet{"conversation": absent{}}, connect.IgnoredShape},
		{"conversation null", claimSet{"conversation": nil}, connect.IgnoredShape},
		{"conversation without id", claimSet{"conversation": claimSet{}}, connect.IgnoredShape},
		{"conversation a number", claimSet{"conversation": 7}, connect.IgnoredShape},
		{"conversation a list", claimSet{"conversation": []string{chatConversation}}, connect.IgnoredShape},
		{"other cloud id", claimSet{"cloudId": "other"}, connect.CodeChatBody},
		{"no cloud id", claimSet{"cloudId": absent{}}, connect.IgnoredShape},
		{"cloud id a number", claimSet{"cloudId": 7}, connect.IgnoredShape},
		{"user a text", claimSet{"user": "557058:2222"}, ""},
		{"id a number", claimSet{"conversation": claimSet{"id": 7}}, connect.IgnoredShape},
	}
	for _, tt := range tests {
		body, err := json.Marshal(right.with(tt.change))
		if err != nil {
			t.Fatal(err)
		}
		got, err := newChat().Webhook(chatCall(hostToken(chatClaims())), body)
		if refused := code(err); refused != tt.want {
			t.Errorf("%s: got %q, want %q", tt.name, refused, tt.want)
		}
		want := connect.ChatEvent{
			Cloud: chatCloud, Conversation: chatConversation, Action: "remove", User: "557058:2222", Initiator: "557058:1111", IssuedAt: testStart,
		}
		if err == nil && got != want {
			t.Errorf("%s: got %+v", tt.name, got)
		}
	}
	for _, body := range []string{
		"", "[]", "null", "{", `{"cloudId":"a","cloudId":"b"}`, `{"conversation":"a","Conversation":"b"}`,
		`{"action":"a","action":"b"}`, strings.Repeat("[", 99999), "\xff",
	} {
		_, err := newChat().Webhook(chatCall(hostToken(chatClaims())), []byte(body))
		wantCode(t, err, connect.IgnoredShape)
	}
	_, err := newChat().Webhook(chatCall("x"), nil)
	wantCode(t, err, connect.CodeMalformed)
}
