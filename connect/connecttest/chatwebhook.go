package connecttest

import (
	"encoding/json"
	"net/http"
)

// The events that a chat:webhook module can listen to.
const (
	eventConversation = "conversation:updates"
	eventRoster       = "roster:updates"
)

// maxChatRetries is how often a webhook of the chat is sent again.
const maxChatRetries = 3

// chatWebhook is a module that is told what happens in its conversations.
type chatWebhook struct {
	Key   string `json:"key"`
	Event string `json:"event"`
	URL   string `json:"url"`
}

// conversationUpdate is the body of conversation:updates.
type conversationUpdate struct {
	Action       string           `json:"action"`
	CloudID      string           `json:"cloudId"`
	Conversation conversationBean `json:"conversation"`
	Type         string           `json:"type"`
	Initiator    senderBean       `json:"initiator"`
}

// rosterUpdate is the body of roster:updates.
type rosterUpdate struct {
	Action       string           `json:"action"`
	CloudID      string           `json:"cloudId"`
	Conversation conversationBean `json:"conversation"`
	Type         string           `json:"type"`
	User         senderBean       `json:"user"`
}

// tellConversation sends a webhook a change to the apps in the conversation.
func (s *Site) tellConversation(id, account string, actions ...string) {
	s.events.send("chat", chatEvent{Conversation: id})
	for _, action := range actions {
		s.post(s.conversationNews(id, account, action))
	}
}

// conversationNews is what the apps in the conversation are to hear.
func (s *Site) conversationNews(id, account, action string) []delivery {
	return s.news(id, account, eventConversation, func(bean conversationBean) any {
		return conversationUpdate{action, s.cloudID, bean, eventConversation, senderBean{account}}
	})
}

// tellRoster sends a webhook a person to the apps in the conversation.
func (s *Site) tellRoster(id, account, action string, people []string) {
	s.events.send("chat", chatEvent{Conversation: id})
	for _, one := range people {
		s.post(s.news(id, account, eventRoster, func(bean conversationBean) any {
			return rosterUpdate{action, s.cloudID, bean, eventRoster, senderBean{one}}
		}))
	}
}

// news makes a delivery for each module that listens to the event.
func (s *Site) news(id, account, event string, body func(conversationBean) any) []delivery {
	s.chat.mu.Lock()
	defer s.chat.mu.Unlock()
	r := s.chat.find(id)
	if r == nil {
		return nil
	}
	data, err := json.Marshal(body(s.conversationBean(r)))
	if err != nil {
		s.log.Error("encode webhook of the chat", "event", event, "error", err)
		return nil
	}
	var list []delivery
	for _, key := range sortedKeys(r.installs) {
		for _, m := range s.chat.apps[key].descriptor.webhooks {
			if m.Event == event {
				list = append(list, delivery{app: key, conversation: id, event: event, account: account, path: m.URL, body: data})
			}
		}
	}
	return list
}

// post sends what was written.
func (s *Site) post(list []delivery) {
	for _, d := range list {
		s.enqueue(d)
	}
}

// attemptChat sends once and says whether it is worth trying again: it is as
// long as the app has not answered 2xx in time.
func (s *Site) attemptChat(d delivery) bool {
	s.chat.mu.Lock()
	a, r := s.chat.apps[d.app], s.chat.find(d.conversation)
	ended := a == nil || r != nil && r.installs[d.app] == nil
	s.chat.mu.Unlock()
	if ended {
		return false
	}
	target, err := a.url(d.path)
	if err != nil {
		return false
	}
	token, err := s.chatToken(a, d.conversation, d.account)
	if err != nil {
		return false
	}
	got, err := s.send(s.life, outgoing{
		method: http.MethodPost, operation: "chat.webhook " + d.event, target: target, to: d.app,
		account: d.account, scheme: "Bearer", token: token, body: d.body,
	})
	return err != nil || got.status < 200 || got.status > 299
}
