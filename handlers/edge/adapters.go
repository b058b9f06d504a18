package edge

import (
	"errors"
	"io"
	"mime"
	"net/http"
	"time"

	"github.com/gin-gonic/gin"

	"github.com/sightline-go/sightline/connect"
)

// The largest bodies accepted, in bytes. An event carries a whole issue; Jira sends
// none above 25 MB.
// https://developer.atlassian.com/cloud/jira/platform/webhooks/
const (
	MaxLifecycleBody = 64 << 10
	maxEventBody     = 25 << 20
	maxFormBody      = 64 << 10
	maxPartBody      = 256 << 10
)

// lifecycleTime bounds a lifecycle call. Its caller gives up after ten seconds, and
// would then not read the answer that it may try again.
const lifecycleTime = 8 * time.Second

// How callers authenticate, as a 401 answer names it.
const (
	SchemeJWT    = "JWT"
	SchemeBearer = "Bearer"
)

// Endpoint is a handler behind its adapter. Only the adapters make one.
type Endpoint struct {
	handle gin.HandlerFunc
	// public says that anybody may call it. One that is read with GET then
	// answers HEAD, too.
	public bool
}

// PublicFunc serves a request whose sender is unknown, or was verified by the
// adapter in its own way.
type PublicFunc func(r *Request) error

// CallerFunc serves a verified caller.
type CallerFunc func(r *Request, caller *connect.Caller) error

// EventFunc serves an event of a verified caller. body is read as it arrives; for
// its errors see [IsBodyError].
type EventFunc func(r *Request, caller *connect.Caller, body io.Reader) error

// Public serves anybody: descriptors, health, static files.
func (e *Edge) Public(h PublicFunc) Endpoint {
	endpoint := e.Endpoint(AsProblem, SchemeJWT, h)
	endpoint.public = true
	return endpoint
}

// Page serves an iframe address that the host signed (a host token).
func (e *Edge) Page(h CallerFunc) Endpoint {
	return e.Endpoint(AsPage, SchemeJWT, func(r *Request) error {
		r.framedByAnyTenant()
		caller, err := e.Verifier.Host(r.Request)
		if err != nil {
			return err
		}
		r.IsFrom(PersonOf(caller))
		r.framedByTenant(caller.Tenant())
		return e.served(r, caller, h)
	})
}

// API serves the page's own later calls, with a session token or a context
// token.
func (e *Edge) API(h CallerFunc) Endpoint {
	return e.Endpoint(AsProblem, SchemeJWT, func(r *Request) error {
		r.LimitForm()
		caller, err := e.apiCaller(r.Request)
		if err != nil {
			return err
		}
		r.IsFrom(PersonOf(caller))
		return e.served(r, caller, h)
	})
}

// served serves a call of a page, if it is not one too many.
func (e *Edge) served(r *Request, caller *connect.Caller, h CallerFunc) error {
	site := string(caller.Tenant().ID)
	if err := e.Enter(site); err != nil {
		return err
	}
	defer e.Leave(site)
	return h(r, caller)
}

// apiCaller tries the app's own session first; only a token that is not a
// session is checked as a context token. Each check is complete.
func (e *Edge) apiCaller(r *http.Request) (*connect.Caller, error) {
	caller, err := e.Verifier.Session(r)
	if refused := new(connect.AuthError); errors.As(err, &refused) && refused.Code == connect.CodeNotSession {
		return e.Verifier.Context(r)
	}
	return caller, err
}

// Lifecycle serves a lifecycle call, whose own checks need the body.
func (e *Edge) Lifecycle(call connect.Call) Endpoint {
	return e.Endpoint(AsProblem, SchemeJWT, func(r *Request) error {
		r.done = http.StatusNoContent
		defer r.limit(lifecycleTime)()
		body, err := r.JSONBody(MaxLifecycleBody)
		if err != nil {
			return err
		}
		tenant, err := call.Receive(r.Request, body)
		if err != nil {
			return err
		}
		if tenant != nil {
			r.IsOf(tenant.ID)
		}
		r.Status(http.StatusNoContent)
		return nil
	})
}

// Webhook serves Jira's events, which the host signed (a host token).
func (e *Edge) Webhook(h EventFunc) Endpoint {
	return e.Endpoint(AsProblem, SchemeJWT, func(r *Request) error {
		caller, err := e.Verifier.Host(r.Request)
		if err != nil {
			return err
		}
		r.IsFrom(PersonOf(caller))
		return h(r, caller, r.eventBody())
	})
}

// Endpoint runs a handler: it sends what the handler returns through the one
// error exit and writes the request's log line. A room whose callers
// authenticate differently builds its own adapters on it; their handlers take a
// caller that only its verifier can make.
func (e *Edge) Endpoint(as Style, scheme string, h PublicFunc) Endpoint {
	return Endpoint{handle: func(c *gin.Context) {
		r := &Request{Context: c, edge: e, scheme: scheme}
		if e.Traced != nil {
			defer e.traced(r)()
		}
		start, id := e.Now(), requestID()
		r.Writer.Header()["X-Request-Id"] = []string{id}
		e.run(r, as, h)
		e.logged(r, id, e.Now().Sub(start))
		if r.broken {
			panic(http.ErrAbortHandler)
		}
	}}
}

// run calls the handler. If it panics, the answer is 500 and the stack is
// logged.
func (e *Edge) run(r *Request, as Style, h PublicFunc) {
	defer e.recovered(r)
	e.baseHeaders(r.Writer.Header())
	err := h(r)
	if ignored := (*connect.IgnoredError)(nil); errors.As(err, &ignored) {
		r.Ignored(ignored)
	} else if err != nil {
		r.fail(as, err)
	}
}

// JSONBody reads a body that must be JSON; another type is refused, because the
// host never sends one.
func (r *Request) JSONBody(limit int64) ([]byte, error) {
	kind, _, err := mime.ParseMediaType(r.GetHeader("Content-Type"))
	if err != nil || kind != "application/json" {
		return nil, &connect.BodyError{Detail: "content type is not application/json"}
	}
	return r.ReadBody(limit)
}

// eventBody is the body of an event, bounded, with its errors marked.
func (r *Request) eventBody() io.Reader {
	return markedReader{http.MaxBytesReader(r.Writer, r.Request.Body, maxEventBody)}
}

// markedReader makes errors of reading a body a [bodyReadError].
type markedReader struct{ from io.Reader }

// Read implements io.Reader.
func (m markedReader) Read(p []byte) (int, error) {
	n, err := m.from.Read(p)
	if err != nil && !errors.Is(err, io.EOF) {
		err = &bodyReadError{err}
	}
	return n, err
}

// IsBodyError reports whether an error says that a body did not arrive
// completely, or is too large.
func IsBodyError(err error) bool {
	var read *bodyReadError
	return errors.As(err, &read)
}

// ReadBody reads a body of at most limit bytes.
func (r *Request) ReadBody(limit int64) ([]byte, error) {
	body, err := io.ReadAll(http.MaxBytesReader(r.Writer, r.Request.Body, limit))
	if err != nil {
		return nil, &bodyReadError{err}
	}
	return body, nil
}
