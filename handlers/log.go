package handlers

import (
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"runtime/debug"
	"time"

	"github.com/gin-gonic/gin"

	"github.com/sightline-go/sightline/connect"
	"github.com/sightline-go/sightline/internal/viewer"
)

// result is what a request's log line says of how it ended.
type result struct {
	tenant connect.TenantID
	// who is the person, once the request is verified.
	who viewer.Person
	// scheme is how the route's callers authenticate; empty is JWT.
	scheme string
	code   string
	err    error
}

const resultKey = "sightline.result"

// outcome is the request's result, made by the outermost middleware.
func outcome(c *gin.Context) *result {
	if r, ok := c.Get(resultKey); ok {
		return r.(*result)
	}
	r := &result{}
	c.Set(resultKey, r)
	return r
}

func (r *result) set(p *problem, err error) { r.code, r.err = p.code, err }

// seen notes whose request it is: the tenant for the log line, the person for
// the language.
func (s *Server) seen(c *gin.Context, w viewer.Person) {
	r := outcome(c)
	r.tenant, r.who = w.Tenant.ID, w
}

// logged writes one line a request: the route, never the query, which holds
// the token.
func (s *Server) logged(c *gin.Context) {
	start := s.Now()
	id := requestID()
	c.Header("X-Request-Id", id)
	r := outcome(c)
	c.Next()
	status, took := c.Writer.Status(), s.Now().Sub(start)
	if s.Served != nil {
		s.Served(method(c.Request.Method), c.FullPath(), status, took)
	}
	attrs := []slog.Attr{
		slog.String("request", id),
		slog.String("method", method(c.Request.Method)),
		slog.String("route", c.FullPath()),
		slog.Int("status", status),
		slog.Duration("took", took.Round(time.Microsecond)),
	}
	if r.tenant != "" {
		attrs = append(attrs, slog.String("tenant", string(r.tenant)))
	}
	if r.code != "" {
		attrs = append(attrs, slog.String("code", r.code))
	}
	if r.err != nil {
		attrs = append(attrs, slog.String("error", r.err.Error()))
	}
	s.Log.LogAttrs(c.Request.Context(), level(c, status), "request", attrs...)
}

// level lifts what an operator should look at and lowers what a probe repeats.
func level(c *gin.Context, status int) slog.Level {
	switch {
	case status >= http.StatusInternalServerError:
		return slog.LevelError
	case status >= http.StatusBadRequest:
		return slog.LevelWarn
	case c.FullPath() == "" || c.Request.Method == http.MethodGet && isQuiet(c.FullPath()):
		return slog.LevelDebug
	}
	return slog.LevelInfo
}

// method keeps an invented method, which may be any text, out of the log.
func method(m string) string {
	switch m {
	case http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodPatch,
		http.MethodDelete, http.MethodOptions, http.MethodConnect, http.MethodTrace:
		return m
	}
	return "other"
}

func requestID() string {
	var b [8]byte
	_, _ = rand.Read(b[:]) // never fails, see crypto/rand
	return hex.EncodeToString(b[:])
}

// recovered answers 500 to a handler that panicked, with its stack in the log.
func (s *Server) recovered(c *gin.Context) {
	defer func() {
		v := recover()
		if v == nil {
			return
		}
		if err, ok := v.(error); ok && errors.Is(err, http.ErrAbortHandler) {
			panic(v)
		}
		s.Log.ErrorContext(c.Request.Context(), "panic", "route", c.FullPath(), "value", fmt.Sprint(v), "stack", string(debug.Stack()))
		s.fail(c, asProblem, fmt.Errorf("panic: %v", v))
		c.Abort()
	}()
	c.Next()
}
