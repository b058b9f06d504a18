package handlers

import (
	"context"
	"net/http"
	"slices"
	"time"

	"github.com/sightline-go/sightline/connect"
	"github.com/sightline-go/sightline/connect/descriptor"
	"github.com/sightline-go/sightline/handlers/edge"
	"github.com/sightline-go/sightline/internal/glance"
	"github.com/sightline-go/sightline/internal/lang"
)

// chatStore keeps conversations and their states.
type chatStore interface {
	TenantByCloudID(ctx context.Context, id connect.CloudID) (*connect.Tenant, error)
	// Begin records a conversation that the app was put into, with both its
	// states due.
	Begin(ctx context.Context, c glance.Conversation, glanceKey, configurationKey glance.Key, now time.Time) error
	// RemoveConversation forgets a conversation and stops all work for it at
	// once.
	RemoveConversation(ctx context.Context, surface glance.SurfaceName, site, id string) error
	// StopConversation does so until it is resumed, or the app put there or
	// configured again.
	StopConversation(ctx context.Context, surface glance.SurfaceName, site, id string, why glance.Reason) error
	// ResumeConversation takes a stopped conversation's work up again.
	ResumeConversation(ctx context.Context, surface glance.SurfaceName, site, id string) error
	Glance(ctx context.Context, key glance.Key) (glance.Row, error)
	// Configure saves what a glance shows and that its conversation is set up.
	Configure(ctx context.Context, glanceKey, configurationKey glance.Key, c glance.Config, now time.Time) error
}

// chatKeys reads the keys of the app and of its two states out of the chat
// descriptor.
func (s *Server) chatKeys() error {
	if s.Chat == nil {
		return nil
	}
	d, err := descriptor.ParseChat(s.ChatDescriptor)
	if err != nil {
		return err
	}
	s.chatKey, s.setupDialog = d.Key, d.Modules.Configurations[0].Page.Target
	s.glance = glance.Key{Surface: glance.SurfaceChat, Kind: glance.KindGlance, Module: d.Modules.Glances[0].Key}
	s.setup = glance.Key{Surface: glance.SurfaceChat, Kind: glance.KindConfiguration, Module: d.Modules.Configurations[0].Key}
	return nil
}

// in names a state of one conversation.
func in(k glance.Key, cloud connect.CloudID, conversation string) glance.Key {
	k.Site, k.Conversation = string(cloud), conversation
	return k
}

func (s *Server) chatInstalled(r *edge.Request, call connect.ChatInstall) error {
	if err := s.checkCall(call, "installed"); err != nil {
		return err
	}
	conversation := glance.Conversation{Surface: glance.SurfaceChat, Site: string(call.CloudID), ID: call.ResourceID, InstalledBy: string(call.UserID)}
	err := s.Store.Begin(r.Request.Context(), conversation,
		in(s.glance, call.CloudID, call.ResourceID), in(s.setup, call.CloudID, call.ResourceID), s.Now())
	if err != nil {
		return err
	}
	s.Wake()
	return nil
}

func (s *Server) chatUninstalled(r *edge.Request, call connect.ChatInstall) error {
	if err := s.checkCall(call, "uninstalled"); err != nil {
		return err
	}
	return s.forgetRoom(r.Request.Context(), call.CloudID, call.ResourceID)
}

// checkCall compares what a lifecycle call says of itself with what we are and
// where it was sent.
func (s *Server) checkCall(call connect.ChatInstall, event string) error {
	switch {
	case call.Key != s.chatKey:
		return &connect.AuthError{Code: connect.CodeChatBody, Detail: "for another app"}
	case call.EventType != "" && call.EventType != event:
		return &connect.AuthError{Code: connect.CodeChatBody, Detail: "of another event"}
	}
	return nil
}

// row is a state of the caller's own conversation.
func (s *Server) row(r *edge.Request, caller *connect.ChatCaller, k glance.Key) (glance.Row, error) {
	row, err := s.Store.Glance(r.Request.Context(), in(k, caller.Cloud(), caller.Conversation()))
	if isAbsent(err) {
		return row, edge.Because(lang.ProblemUnknownConversation, err)
	}
	return row, err
}

// glanceState answers the label that is pushed too.
func (s *Server) glanceState(r *edge.Request, caller *connect.ChatCaller) error {
	row, err := s.row(r, caller, s.glance)
	if err != nil {
		return err
	}
	r.JSON(http.StatusOK, map[string]any{
		"label":    map[string]any{"value": s.pulled(r.Language(), row)},
		"metadata": row.Desired.Numbers,
	})
	return nil
}

// pulled is the stored label; what stands in for it while there is none is in
// the language of who asks.
func (s *Server) pulled(l *lang.Language, row glance.Row) string {
	words := glance.WordsIn(l)
	if len(row.Config.Projects) > 0 {
		words.Unset = l.Label.Counting
	}
	return row.PullLabelIn(words)
}

// configurationState answers whether the conversation is set up.
func (s *Server) configurationState(r *edge.Request, caller *connect.ChatCaller) error {
	row, err := s.row(r, caller, s.setup)
	if err != nil {
		return err
	}
	r.JSON(http.StatusOK, map[string]any{"configured": row.Desired.Configured})
	return nil
}

// crossOrigin lets the listed origins read a state and refuses others. A
// caller that is no browser sends no origin.
func (s *Server) crossOrigin(r *edge.Request) error {
	r.Header("Vary", "Origin")
	origin := r.GetHeader("Origin")
	if origin == "" {
		return nil
	}
	if !slices.Contains(s.ChatOrigins, origin) {
		return edge.Refuse(lang.ProblemChatOrigin)
	}
	r.Header("Access-Control-Allow-Origin", origin)
	return nil
}

// preflight answers what a browser asks before it sends the token in a header.
func (s *Server) preflight(r *edge.Request) error {
	if err := s.crossOrigin(r); err != nil {
		return err
	}
	r.Header("Access-Control-Allow-Methods", "GET")
	r.Header("Access-Control-Allow-Headers", "Authorization, Content-Type")
	r.Header("Access-Control-Max-Age", "600")
	r.Status(http.StatusNoContent)
	return nil
}
