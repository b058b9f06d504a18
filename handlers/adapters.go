package handlers

import (
	"errors"
	"io"
	"mime"
	"net/http"

	"github.com/gin-gonic/gin"

	"github.com/sightline-go/sightline/connect"
	"github.com/sightline-go/sightline/internal/viewer"
)

// The largest bodies read, in bytes. A webhook carries a whole issue.
const (
	maxLifecycleBody = 64 << 10
	maxWebhookBody   = 4 << 20
	maxFormBody      = 64 << 10
)

// endpoint is a handler behind its adapter. Only the adapters make one.
type endpoint struct{ handle gin.HandlerFunc }

type (
	publicFunc    func(c *gin.Context) error
	callerFunc    func(c *gin.Context, caller *connect.Caller) error
	lifecycleFunc func(c *gin.Context, body []byte) error
	webhookFunc   func(c *gin.Context, caller *connect.Caller, body []byte) error
	chatFunc      func(c *gin.Context, caller *connect.ChatCaller) error
	chatLifeFunc  func(c *gin.Context, in connect.ChatInstall) error
)

// public serves anybody: descriptors, health, static files.
func (s *Server) public(h publicFunc) endpoint {
	return s.endpoint(asProblem, h)
}

// page serves a signed iframe address (class B).
func (s *Server) page(h callerFunc) endpoint {
	return s.endpoint(asPage, func(c *gin.Context) error {
		s.pageHeaders(c, s.Ancestors...)
		caller, err := s.Verifier.Host(c.Request)
		if err != nil {
			return err
		}
		s.seen(c, viewer.Person{Tenant: caller.Tenant(), Account: caller.Account()})
		s.pageHeaders(c, origins(caller.Tenant())...)
		return h(c, caller)
	})
}

// api serves the page's own later calls, with a session token or a context
// token (class D or C).
func (s *Server) api(h callerFunc) endpoint {
	return s.endpoint(asProblem, func(c *gin.Context) error {
		c.Request.Body = http.MaxBytesReader(c.Writer, c.Request.Body, maxFormBody)
		caller, err := s.apiCaller(c.Request)
		if err != nil {
			return err
		}
		s.seen(c, viewer.Person{Tenant: caller.Tenant(), Account: caller.Account()})
		return h(c, caller)
	})
}

// apiCaller tries the app's own session first; only a token that is none is
// checked as a context token. Each check is whole.
func (s *Server) apiCaller(r *http.Request) (*connect.Caller, error) {
	caller, err := s.Verifier.Session(r)
	if refused := new(connect.AuthError); errors.As(err, &refused) && refused.Code == connect.CodeNotSession {
		return s.Verifier.Context(r)
	}
	return caller, err
}

// lifecycle serves the four lifecycle calls; their own checks need the body.
func (s *Server) lifecycle(h lifecycleFunc) endpoint {
	return s.endpoint(asProblem, func(c *gin.Context) error {
		body, err := jsonBody(c, maxLifecycleBody)
		if err != nil {
			return err
		}
		if err := h(c, body); err != nil {
			return err
		}
		c.Status(http.StatusNoContent)
		return nil
	})
}

// webhook serves Jira's events (class B).
func (s *Server) webhook(h webhookFunc) endpoint {
	return s.endpoint(asProblem, func(c *gin.Context) error {
		caller, err := s.Verifier.Host(c.Request)
		if err != nil {
			return err
		}
		s.seen(c, viewer.Person{Tenant: caller.Tenant(), Account: caller.Account()})
		body, err := readBody(c, maxWebhookBody)
		if err != nil {
			return err
		}
		return h(c, caller, body)
	})
}

// chatPage serves a page of the chat platform.
func (s *Server) chatPage(h chatFunc) endpoint {
	return s.endpoint(asPage, func(c *gin.Context) error {
		s.pageHeaders(c, s.ChatOrigins...)
		return s.chatCall(c, h)
	})
}

// chatAPI serves the later calls of a chat page.
func (s *Server) chatAPI(h chatFunc) endpoint {
	return s.endpoint(asProblem, func(c *gin.Context) error {
		c.Request.Body = http.MaxBytesReader(c.Writer, c.Request.Body, maxFormBody)
		return s.chatCall(c, h)
	})
}

// chatState serves the state addresses, which browsers ask from another
// origin.
func (s *Server) chatState(h chatFunc) endpoint {
	return s.endpoint(asProblem, func(c *gin.Context) error {
		if err := s.crossOrigin(c); err != nil {
			return err
		}
		return s.chatCall(c, h)
	})
}

func (s *Server) chatCall(c *gin.Context, h chatFunc) error {
	outcome(c).scheme = "Bearer"
	caller, err := s.Chat.Verify(c.Request)
	if err != nil {
		return err
	}
	return h(c, caller)
}

// chatLifecycle serves installed and uninstalled of one conversation.
func (s *Server) chatLifecycle(h chatLifeFunc) endpoint {
	return s.endpoint(asProblem, func(c *gin.Context) error {
		outcome(c).scheme = "Bearer"
		body, err := jsonBody(c, maxLifecycleBody)
		if err != nil {
			return err
		}
		in, err := s.Chat.Lifecycle(c.Request, body)
		if err != nil {
			return err
		}
		if err := h(c, in); err != nil {
			return err
		}
		c.Status(http.StatusNoContent)
		return nil
	})
}

// endpoint sends what the handler returns through the one error exit.
func (s *Server) endpoint(as style, h publicFunc) endpoint {
	return endpoint{func(c *gin.Context) {
		s.baseHeaders(c)
		if err := h(c); err != nil {
			s.fail(c, as, err)
		}
	}}
}

// jsonBody reads a body that has to be JSON; another type is refused as the
// host never sends one.
func jsonBody(c *gin.Context, limit int64) ([]byte, error) {
	kind, _, err := mime.ParseMediaType(c.GetHeader("Content-Type"))
	if err != nil || kind != "application/json" {
		return nil, &connect.BodyError{Detail: "content type is not application/json"}
	}
	return readBody(c, limit)
}

func readBody(c *gin.Context, limit int64) ([]byte, error) {
	body, err := io.ReadAll(http.MaxBytesReader(c.Writer, c.Request.Body, limit))
	if err != nil {
		return nil, &bodyReadError{err}
	}
	return body, nil
}
