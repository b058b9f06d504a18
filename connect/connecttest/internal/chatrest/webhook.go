package chatrest

import (
	"context"
	"encoding/json"
	"maps"
	"net/http"
	"slices"

	"github.com/sightline-go/sightline/connect/connecttest/internal/outbox"
)

// The events that a chat:webhook module can listen to.
const (
	eventConversation = "conversation:updates"
	eventRoster       = "roster:updates"
)

// maxRetries is how often a webhook of the chat is sent again.
const maxRetries = 3

// webhookModule is a module that is told what happens in its conversations.
type webhookModule struct {
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

// tellConversation sends a webhook per change to the apps in the conversation.
func (s *Server) tellConversation(id, account string, actions ...string) {
	s.Journal.Events.Send("chat", change{Conversation: id})
	for _, action := range actions {
		s.post(s.conversationNews(id, account, action))
	}
}

// conversationNews is what the apps in the conversation are told.
func (s *Server) conversationNews(id, account, action string) []outbox.Delivery {
	return s.news(id, account, eventConversation, func(bean conversationBean) any {
		return conversationUpdate{action, s.CloudID, bean, eventConversation, senderBean{account}}
	})
}

// tellRoster sends a webhook per person to the apps in the conversation.
func (s *Server) tellRoster(id, account, action string, people []string) {
	s.Journal.Events.Send("chat", change{Conversation: id})
	for _, one := range people {
		s.post(s.news(id, account, eventRoster, func(bean conversationBean) any {
			return rosterUpdate{action, s.CloudID, bean, eventRoster, senderBean{one}}
		}))
	}
}

// news makes a delivery for each module that listens to the event.
func (s *Server) news(id, account, event string, body func(conversationBean) any) []outbox.Delivery {
	s.chat.mu.Lock()
	defer s.chat.mu.Unlock()
	r := s.chat.find(id)
	if r == nil {
		return nil
	}
	data, err := json.Marshal(body(s.conversationBean(r)))
	if err != nil {
		s.Log.Error("encode webhook of the chat", "event", event, "error", err)
		return nil
	}
	var list []outbox.Delivery
	for _, key := range slices.Sorted(maps.Keys(r.installs)) {
		for _, m := range s.chat.apps[key].descriptor.webhooks {
			if m.Event == event {
				list = append(list, s.delivery(key, id, webhookCall{event: event, account: account, path: m.URL, body: data}))
			}
		}
	}
	return list
}

// post queues the deliveries.
func (s *Server) post(list []outbox.Delivery) {
	for _, d := range list {
		s.Outbox.Enqueue(d)
	}
}

// webhookCall is a webhook to one app.
type webhookCall struct {
	event, account, path string
	body                 []byte
}

// delivery is what is queued. One to an app that has left the conversation is
// dropped.
func (s *Server) delivery(key, conversation string, d webhookCall) outbox.Delivery {
	return outbox.Delivery{App: key, Retries: maxRetries, Attempt: func(ctx context.Context, _ int) bool {
		s.chat.mu.Lock()
		a, r := s.chat.apps[key], s.chat.find(conversation)
		ended := a == nil || r != nil && r.installs[key] == nil
		s.chat.mu.Unlock()
		return !ended && s.sendWebhook(ctx, a, conversation, d)
	}}
}

// sendWebhook sends once and says whether to try again: as long as the app
// has not answered 2xx in time.
func (s *Server) sendWebhook(ctx context.Context, a *app, conversation string, d webhookCall) (again bool) {
	target, err := a.url(d.path)
	if err != nil {
		return false
	}
	token, err := s.token(a, conversation, d.account)
	if err != nil {
		return false
	}
	got, err := s.Sender.Send(ctx, outbox.Call{
		Method: http.MethodPost, Operation: "chat.webhook " + d.event, Target: target, To: a.descriptor.Key,
		Account: d.account, Scheme: "Bearer", Token: token, Body: d.body,
	})
	return err != nil || got.Status < 200 || got.Status > 299
}

// change tells those who watch the site that a conversation has changed.
type change struct {
	Conversation string `json:"conversation"`
}
