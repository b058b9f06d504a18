package chatrest

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"sync"

	"github.com/sightline-go/sightline/connect/connecttest/internal/descriptor"
	"github.com/sightline-go/sightline/connect/connecttest/internal/outbox"
)

// pull asks an app for every state that is not known yet, as the chat does
// when a person first opens a conversation.
func (s page) pull(ctx context.Context, conversation, account string) {
	var asking sync.WaitGroup
	for _, key := range s.chat.appsIn(conversation) {
		a, err := s.chat.installedIn(conversation, key)
		if err != nil {
			continue
		}
		for _, g := range a.descriptor.glances {
			asking.Go(func() { s.pullState(ctx, a, conversation, account, kindGlance, g.Key, g.QueryURL) })
		}
		for _, m := range a.descriptor.configurations {
			asking.Go(func() { s.pullState(ctx, a, conversation, account, kindConfiguration, m.Key, m.State.URL) })
		}
	}
	asking.Wait()
}

// appsIn lists the apps in a conversation by key.
func (c *chat) appsIn(conversation string) []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	r := c.find(conversation)
	if r == nil {
		return nil
	}
	return slices.Sorted(maps.Keys(r.installs))
}

func (s page) pullState(ctx context.Context, a *app, conversation, account, kind, key, path string) {
	if _, known := s.chat.state(conversation, a.descriptor.Key, kind, key); known {
		return
	}
	state, err := s.askState(ctx, a, conversation, account, kind, path)
	if err != nil {
		s.Log.Warn("pull state", "app", a.descriptor.Key, "module", key, "error", err)
		return
	}
	s.chat.setState(conversation, a.descriptor.Key, kind, key, state, false, push{})
}

// askState calls as the chat client in a browser does: across origins, so the
// answer counts only if the app allows the origin.
func (s page) askState(ctx context.Context, a *app, conversation, account, kind, path string) (moduleState, error) {
	target, err := a.url(path)
	if err != nil {
		return moduleState{}, err
	}
	token, err := s.token(a, conversation, account)
	if err != nil {
		return moduleState{}, err
	}
	got, err := s.Sender.Send(ctx, outbox.Call{
		Method: http.MethodGet, Operation: "chat.pull " + kind, Target: target, To: a.descriptor.Key,
		Account: account, Token: token, Header: http.Header{"Origin": {s.URL()}},
	})
	if err != nil {
		return moduleState{}, err
	}
	if got.Status != http.StatusOK {
		return moduleState{}, fmt.Errorf("the app answered %d", got.Status)
	}
	if allowed := got.Header.Get("Access-Control-Allow-Origin"); allowed != "*" && allowed != s.URL() {
		return moduleState{}, fmt.Errorf("the app does not allow the origin %s", s.URL())
	}
	return pulledState(kind, got.Body)
}

// pulledState reads an answer: a pulled label is an object, a pushed one text.
func pulledState(kind string, body []byte) (moduleState, error) {
	var in struct {
		Label      *descriptor.Text `json:"label"`
		Metadata   json.RawMessage  `json:"metadata"`
		Configured *bool            `json:"configured"`
	}
	if err := json.Unmarshal(body, &in); err != nil {
		return moduleState{}, fmt.Errorf("read state: %w", err)
	}
	switch {
	case kind == kindGlance && in.Label != nil:
		return moduleState{Label: in.Label.Value, Metadata: in.Metadata}, nil
	case kind == kindConfiguration && in.Configured != nil:
		return moduleState{Configured: in.Configured}, nil
	}
	return moduleState{}, fmt.Errorf("read state: the answer has no state of %s", kind)
}
