package chatrest

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"github.com/sightline-go/sightline/connect/connecttest/internal/install"
	"github.com/sightline-go/sightline/connect/connecttest/internal/outbox"
	"github.com/sightline-go/sightline/connect/connecttest/internal/sign"
	"github.com/sightline-go/sightline/connect/connecttest/internal/uri"
)

// The scopes of the chat platform.
const (
	scopeParticipate = "participate:conversation"
	scopeManage      = "manage:conversation"
)

// payload is the body of a chat lifecycle call.
type payload struct {
	Key           string `json:"key"`
	ProductType   string `json:"productType"`
	CloudID       string `json:"cloudId"`
	ResourceType  string `json:"resourceType"`
	ResourceID    string `json:"resourceId"`
	EventType     string `json:"eventType"`
	UserID        string `json:"userId"`
	OAuthClientID string `json:"oauthClientId"`
	Version       string `json:"version"`
}

type place struct {
	CloudID      string `json:"cloudId"`
	ResourceID   string `json:"resourceId"`
	ResourceType string `json:"resourceType"`
}

// Install is what an install in the chat needs.
type Install struct {
	// DescriptorURL is where the chat descriptor is.
	DescriptorURL string
	// Conversation is where to install the app; empty: the first one.
	Conversation string
	// ClientID and ClientSecret are those of the app's OAuth client; both
	// empty: those of the last install.
	ClientID, ClientSecret string
	// Scopes are those of the OAuth client; nil: both.
	Scopes []string
}

// Install puts an app into a conversation. If the app refuses, the error is an
// *InstallError and App holds its answer.
func (s *Server) Install(ctx context.Context, in Install) (install.App, error) {
	s.installing.Lock()
	defer s.installing.Unlock()
	data, err := s.Sender.Fetch(ctx, in.DescriptorURL)
	if err != nil {
		return install.App{}, err
	}
	d, err := parseDescriptor(data)
	if err != nil {
		return install.App{}, err
	}
	if in.Conversation == "" {
		in.Conversation = s.firstConversation()
	}
	a, before, err := s.register(d, in)
	if err != nil {
		return install.App{}, err
	}
	got, err := s.notify(ctx, a, in.Conversation, install.EventInstalled, d.Lifecycle.Installed)
	out := a.public(in.Conversation, got)
	if err == nil && got.Status >= 200 && got.Status < 300 {
		return out, nil
	}
	s.chat.restore(d.Key, in.Conversation, before)
	return out, &install.Error{Key: d.Key, Status: got.Status, Answer: string(got.Body), Err: err}
}

func (a *app) public(conversation string, got outbox.Answer) install.App {
	return install.App{
		Key: a.descriptor.Key, Name: a.name(), Product: install.ProductChat, BaseURL: a.descriptor.BaseURL,
		OAuthClientID: a.clientID, Conversation: conversation, Status: got.Status, Answer: string(got.Body),
	}
}

// firstConversation is "" if all were deleted.
func (s *Server) firstConversation() string {
	s.chat.mu.Lock()
	defer s.chat.mu.Unlock()
	if len(s.chat.rooms) == 0 {
		return ""
	}
	return s.chat.rooms[0].id
}

// earlier is the state before an install, to restore if it fails.
type earlier struct {
	app    *app
	client oauthClient
	in     *roomApp
}

// register lets the app call back while it is being installed.
func (s *Server) register(d *appDescriptor, in Install) (*app, earlier, error) {
	c := s.chat
	c.mu.Lock()
	defer c.mu.Unlock()
	r := c.find(in.Conversation)
	if r == nil {
		return nil, earlier{}, fmt.Errorf("install in %q: %w", in.Conversation, errNoConversation)
	}
	before := earlier{app: c.apps[d.Key], in: r.installs[d.Key]}
	if before.app != nil {
		before.client = c.clients[before.app.clientID]
		if in.ClientID == "" && in.ClientSecret == "" {
			in.ClientID, in.ClientSecret = before.app.clientID, before.app.secret
			in.Scopes = before.client.scopes
		}
	}
	if in.ClientID == "" || in.ClientSecret == "" {
		return nil, before, errors.New("install in chat: clientId and clientSecret are needed")
	}
	if other, taken := c.clients[in.ClientID]; taken && other.app != d.Key {
		return nil, before, fmt.Errorf("install in chat: client %s belongs to app %s", in.ClientID, other.app)
	}
	if in.Scopes == nil {
		in.Scopes = []string{scopeParticipate, scopeManage}
	}
	a := &app{descriptor: d, clientID: in.ClientID, secret: in.ClientSecret}
	c.apps[d.Key] = a
	c.clients[in.ClientID] = oauthClient{secret: in.ClientSecret, app: d.Key, scopes: in.Scopes}
	r.installs[d.Key] = &roomApp{states: map[string]moduleState{}}
	return a, before, nil
}

// restore undoes a refused install.
func (c *chat) restore(key, conversation string, before earlier) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if r := c.find(conversation); r != nil {
		r.installs[key] = before.in
		if before.in == nil {
			delete(r.installs, key)
		}
	}
	if refused := c.apps[key]; refused != nil {
		delete(c.clients, refused.clientID)
	}
	delete(c.apps, key)
	if before.app != nil {
		c.apps[key], c.clients[before.app.clientID] = before.app, before.client
	}
}

// Uninstall removes a chat app from a conversation ("" is all of them) and
// tells it. App holds the app's last answer.
func (s *Server) Uninstall(ctx context.Context, key, conversation string) (install.App, error) {
	s.installing.Lock()
	defer s.installing.Unlock()
	a, rooms := s.chat.remove(key, conversation)
	if a == nil || len(rooms) == 0 {
		return install.App{}, fmt.Errorf("chat app %q: %w", key, install.ErrNotInstalled)
	}
	var out install.App
	for _, id := range rooms {
		got, _ := s.notify(ctx, a, id, install.EventUninstalled, a.descriptor.Lifecycle.Uninstalled)
		out = a.public(id, got)
	}
	return out, nil
}

func (c *chat) remove(key, conversation string) (*app, []string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	var rooms []string
	for _, r := range c.rooms {
		if r.installs[key] != nil && (conversation == "" || conversation == r.id) {
			delete(r.installs, key)
			rooms = append(rooms, r.id)
		}
	}
	return c.apps[key], rooms
}

// notify makes a lifecycle call for one conversation.
func (s *Server) notify(ctx context.Context, a *app, conversation, event, path string) (outbox.Answer, error) {
	s.Journal.Events.Send("chat", change{Conversation: conversation})
	if path == "" {
		return outbox.Answer{Status: http.StatusNoContent}, nil
	}
	target, err := a.url(path)
	if err != nil {
		return outbox.Answer{}, err
	}
	admin := s.World.AdminID()
	token, err := s.token(a, conversation, admin)
	if err != nil {
		return outbox.Answer{}, err
	}
	body, err := json.Marshal(payload{
		Key: a.descriptor.Key, ProductType: install.ProductChat, CloudID: s.CloudID, ResourceType: "conversation",
		ResourceID: conversation, EventType: event, UserID: admin, OAuthClientID: a.clientID, Version: "1",
	})
	if err != nil {
		return outbox.Answer{}, fmt.Errorf("encode %s call: %w", event, err)
	}
	return s.Sender.Send(ctx, outbox.Call{
		Method: http.MethodPost, Operation: "chat." + event, Target: target, To: a.descriptor.Key,
		Account: admin, Scheme: "Bearer", Token: token, Body: body,
	})
}

// url resolves a relative address of the descriptor against the base URL.
func (a *app) url(path string) (*url.URL, error) {
	u, err := url.Parse(uri.Join(strings.TrimSuffix(a.descriptor.BaseURL, "/"), path))
	if err != nil {
		return nil, fmt.Errorf("make address of app %s: %w", a.descriptor.Key, err)
	}
	return u, nil
}

// claims are the claims of a token from the chat to an app.
type claims struct {
	jwt.RegisteredClaims
	Context place `json:"context"`
}

func (s *Server) token(a *app, conversation, account string) (string, error) {
	return sign.HS256(a.secret, claims{
		RegisteredClaims: sign.NewClaims(s.Now(), a.clientID, account, 15*time.Minute).RegisteredClaims,
		Context:          place{CloudID: s.CloudID, ResourceID: conversation, ResourceType: "conversation"},
	})
}

// Token is the token that a chat iframe gets from AP.auth.withToken and that
// the chat itself sends: it names the person and the conversation.
func (s *Server) Token(key, conversation, account string) (string, error) {
	a, err := s.chat.installedIn(conversation, key)
	if err != nil {
		return "", err
	}
	if err := s.World.KnownAccount(account); err != nil {
		return "", err
	}
	return s.token(a, conversation, account)
}

// Sign signs claims of the caller's choosing with the client secret of a
// chat app, for tests that need a wrong token.
func (s *Server) Sign(key string, claims map[string]any) (string, error) {
	s.chat.mu.Lock()
	a := s.chat.apps[key]
	s.chat.mu.Unlock()
	if a == nil {
		return "", fmt.Errorf("chat app %q: %w", key, install.ErrNotInstalled)
	}
	return sign.HS256(a.secret, jwt.MapClaims(claims))
}

// PageURL is the address that the chat would open for a sidebar, dialog
// or configuration page of an app, signed for the account.
func (s *Server) PageURL(key, module, conversation, account string) (string, error) {
	a, err := s.chat.installedIn(conversation, key)
	if err != nil {
		return "", err
	}
	path, ok := a.descriptor.page(module)
	if !ok {
		return "", fmt.Errorf("module %q of app %s: %w", module, key, install.ErrNoModule)
	}
	token, err := s.Token(key, conversation, account)
	if err != nil {
		return "", err
	}
	u, err := a.url(path)
	if err != nil {
		return "", err
	}
	uri.AppendQuery(u, "jwt", token)
	return u.String(), nil
}

// Conversations are the ids of the chat's rooms.
func (s *Server) Conversations() []string {
	s.chat.mu.Lock()
	defer s.chat.mu.Unlock()
	ids := make([]string, len(s.chat.rooms))
	for i, r := range s.chat.rooms {
		ids[i] = r.id
	}
	return slices.Clip(ids)
}
