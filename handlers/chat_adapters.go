package handlers

import (
	"net/http"

	"github.com/sightline-go/sightline/connect"
	"github.com/sightline-go/sightline/handlers/edge"
)

// Handlers of the chat, by what their adapter has verified.
type (
	chatFunc      func(r *edge.Request, caller *connect.ChatCaller) error
	chatLifeFunc  func(r *edge.Request, in connect.ChatInstall) error
	chatEventFunc func(r *edge.Request, e connect.ChatEvent) error
)

// chatPage serves a page of the chat platform.
func (s *Server) chatPage(h chatFunc) edge.Endpoint {
	return s.edge.Endpoint(edge.AsPage, edge.SchemeBearer, func(r *edge.Request) error {
		r.FramedBy(s.ChatOrigins...)
		return s.chatCall(r, h)
	})
}

// chatAPI serves the later calls of a chat page.
func (s *Server) chatAPI(h chatFunc) edge.Endpoint {
	return s.edge.Endpoint(edge.AsProblem, edge.SchemeBearer, func(r *edge.Request) error {
		r.LimitForm()
		return s.chatCall(r, h)
	})
}

// chatState serves the state addresses, which browsers ask from another
// origin.
func (s *Server) chatState(h chatFunc) edge.Endpoint {
	return s.edge.Endpoint(edge.AsProblem, edge.SchemeBearer, func(r *edge.Request) error {
		if err := s.crossOrigin(r); err != nil {
			return err
		}
		return s.chatCall(r, h)
	})
}

func (s *Server) chatCall(r *edge.Request, h chatFunc) error {
	caller, err := s.Chat.Verify(r.Request)
	if err != nil {
		return err
	}
	return h(r, caller)
}

// chatLifecycle serves installed and uninstalled of one conversation.
func (s *Server) chatLifecycle(h chatLifeFunc) edge.Endpoint {
	return s.edge.Endpoint(edge.AsProblem, edge.SchemeBearer, func(r *edge.Request) error {
		body, err := r.JSONBody(edge.MaxLifecycleBody)
		if err != nil {
			return err
		}
		in, err := s.Chat.Lifecycle(r.Request, body)
		if err != nil {
			return err
		}
		if err := h(r, in); err != nil {
			return err
		}
		r.Status(http.StatusNoContent)
		return nil
	})
}

// chatWebhook serves the chat platform's events.
func (s *Server) chatWebhook(h chatEventFunc) edge.Endpoint {
	return s.edge.Endpoint(edge.AsProblem, edge.SchemeBearer, func(r *edge.Request) error {
		body, err := r.JSONBody(edge.MaxLifecycleBody)
		if err != nil {
			return err
		}
		event, err := s.Chat.Webhook(r.Request, body)
		if err != nil {
			return err
		}
		if err := h(r, event); err != nil {
			return err
		}
		r.Status(http.StatusOK)
		return nil
	})
}
