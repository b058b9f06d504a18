package handlers

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"github.com/gin-gonic/gin"

	"github.com/sightline-go/sightline/connect"
	"github.com/sightline-go/sightline/connect/rest"
	"github.com/sightline-go/sightline/web"
)

// style is how an endpoint's errors look.
type style int

const (
	asProblem style = iota // application/problem+json
	asPage                 // a small HTML page in the gadget's look
)

// problem is an error that the caller is told about. Text never holds a
// secret, a token, SQL or an upstream body.
type problem struct {
	status int
	code   string
	text   says
	// heading stands over the text where it is shown as a message; nil is that
	// of the status.
	heading says
	field   string
	retry   time.Duration
	// details are shown on the page in development only.
	details []string
	err     error
}

func (p *problem) Error() string {
	if p.err != nil {
		return fmt.Sprintf("%s: %v", p.code, p.err)
	}
	return p.code
}

func (p *problem) Unwrap() error { return p.err }

// bodyReadError is a body that did not arrive whole.
type bodyReadError struct{ err error }

func (e *bodyReadError) Error() string { return "read body: " + e.err.Error() }

func (e *bodyReadError) Unwrap() error { return e.err }

// codeImpersonation is a tenant whose people the app cannot act as.
const codeImpersonation = "impersonation"

var errNotFound = &problem{status: http.StatusNotFound, code: "not_found", text: saysNotFound}

func notFound(*gin.Context) error { return errNotFound }

// wrongMethod answers for an address that takes other methods; the router has
// named them in Allow.
func wrongMethod(*gin.Context) error {
	return &problem{status: http.StatusMethodNotAllowed, code: "wrong_method", text: saysWrongMethod}
}

// forbidden is known but not allowed.
func forbidden(text says) error {
	return &problem{status: http.StatusForbidden, code: "forbidden", text: text}
}

// invalid is readable but wrong input.
func invalid(field string, text says) error {
	return &problem{status: http.StatusUnprocessableEntity, code: "invalid", field: field, text: text}
}

// fail is the one exit of errors: it answers, and leaves the reason for the
// request's one log line.
func (s *Server) fail(c *gin.Context, as style, err error) {
	p := s.explain(err)
	outcome(c).set(p, err)
	if c.Writer.Written() {
		return
	}
	problemHeaders(c, p)
	l := s.language(c)
	switch {
	case as == asPage:
		s.renderPage(c, p.status, s.shell(l, "Sightline", web.MessageView(s.message(l, p))))
	case wantsFragment(c):
		s.render(c, p.status, web.MessageView(s.message(l, p)))
	default:
		failJSON(c, p, p.text(l.Texts))
	}
}

func problemHeaders(c *gin.Context, p *problem) {
	if p.retry > 0 {
		c.Header("Retry-After", strconv.Itoa(int((p.retry+time.Second-1)/time.Second)))
	}
	if p.status == http.StatusUnauthorized {
		c.Header("WWW-Authenticate", cmp.Or(outcome(c).scheme, "JWT"))
	}
}

func failJSON(c *gin.Context, p *problem, detail string) {
	body, _ := json.Marshal(struct {
		Type   string `json:"type"`
		Title  string `json:"title"`
		Status int    `json:"status"`
		Detail string `json:"detail"`
		Field  string `json:"field,omitempty"`
	}{"about:blank", http.StatusText(p.status), p.status, detail, p.field})
	c.Data(p.status, "application/problem+json", body)
}

// explain finds what the caller may be told.
func (s *Server) explain(err error) *problem {
	var (
		known   *problem
		refused *connect.AuthError
		body    *connect.BodyError
		read    *bodyReadError
		large   *http.MaxBytesError
	)
	switch {
	case errors.As(err, &known):
		return known
	case errors.As(err, &large):
		return &problem{status: http.StatusRequestEntityTooLarge, code: "body.too_large", text: saysTooLarge, err: err}
	case errors.As(err, &refused):
		return s.unverified(refused)
	case errors.As(err, &body):
		return &problem{status: http.StatusUnauthorized, code: "install.body", text: saysUnverified, err: err}
	case errors.As(err, &read):
		return &problem{status: http.StatusBadRequest, code: "body.incomplete", text: saysIncomplete, err: err}
	default:
		return upstream(err)
	}
}

func (s *Server) unverified(refused *connect.AuthError) *problem {
	p := &problem{status: http.StatusUnauthorized, code: refused.Code, text: saysUnverified, err: refused}
	if !s.Dev {
		return p
	}
	p.details = []string{refused.Error()}
	if refused.Want != "" {
		p.details = []string{"This request:\n" + refused.Want, "What the host signed:\n" + s.signed(refused.Got)}
	}
	return p
}

// signed is the canonical request behind a hash, where somebody knows it.
func (s *Server) signed(hash string) string {
	if s.Signed != nil {
		if canonical, ok := s.Signed(hash); ok {
			return canonical
		}
	}
	return "something else, with the hash " + hash
}

// upstream explains what Atlassian said, and everything else.
func upstream(err error) *problem {
	var (
		service *rest.Error
		token   *connect.TokenError
	)
	switch {
	case errors.As(err, &token) && token.Temporary():
		return &problem{status: http.StatusBadGateway, code: "upstream.token", text: saysRefused, err: err}
	case errors.Is(err, connect.ErrImpersonation):
		return &problem{
			status: http.StatusForbidden, code: codeImpersonation, err: err,
			text: saysImpersonation,
		}
	case errors.Is(err, rest.ErrRateLimited):
		p := &problem{status: http.StatusTooManyRequests, code: "upstream.rate_limited", text: saysRateLimited, err: err}
		if errors.As(err, &service) {
			p.retry = service.RetryAfter
		}
		return p
	case errors.As(err, &service):
		return &problem{status: http.StatusBadGateway, code: "upstream.refused", text: saysRefused, err: err}
	case errors.Is(err, context.DeadlineExceeded):
		return &problem{status: http.StatusGatewayTimeout, code: "upstream.timeout", text: saysTimeout, err: err}
	case errors.Is(err, context.Canceled):
		return &problem{status: 499, code: "client.gone", text: saysGivenUp, err: err}
	case errors.Is(err, rest.ErrNoAnswer) || errors.Is(err, rest.ErrUnreadable):
		return &problem{status: http.StatusBadGateway, code: "upstream.unreachable", text: saysUnreachable, err: err}
	}
	return &problem{status: http.StatusInternalServerError, code: "internal", text: saysInternal, err: err}
}
