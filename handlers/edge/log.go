package edge

import (
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"runtime/debug"
	"strings"
	"time"
)

// logged writes one line per request: the route, never the query, which holds
// the token.
func (e *Edge) logged(r *Request, id string, took time.Duration) {
	status, method := r.Writer.Status(), knownMethod(r.Request.Method)
	if e.Served != nil {
		e.Served(method, r.FullPath(), status, took)
	}
	if e.Refused != nil && r.code != "" && status >= http.StatusBadRequest {
		e.Refused(r.code)
	}
	as := level(r, status)
	if !e.Log.Enabled(r.Request.Context(), as) {
		return
	}
	attrs := []slog.Attr{
		slog.String("request", id),
		slog.String("method", method),
		slog.String("route", r.FullPath()),
		slog.Int("status", status),
		slog.Duration("took", took.Round(time.Microsecond)),
	}
	if r.tenant != "" {
		attrs = append(attrs, slog.String("tenant", string(r.tenant)))
	}
	if r.code != "" {
		attrs = append(attrs, slog.String("code", r.code))
	}
	if setting := settingOf(r.FullPath(), r.code); setting != "" {
		attrs = append(attrs, slog.String("setting", setting))
	}
	if r.err != nil {
		attrs = append(attrs, slog.String("error", r.err.Error()))
	}
	e.Log.LogAttrs(r.Request.Context(), as, "request", attrs...)
}

// level raises what an operator should look at and lowers what probes repeat.
func level(r *Request, status int) slog.Level {
	switch {
	case status == http.StatusServiceUnavailable && strings.HasSuffix(r.FullPath(), "/readyz"):
		return slog.LevelDebug // the check of the database logs each change once
	case strings.HasPrefix(r.code, loadCode):
		return slog.LevelWarn // many at once, and no failure of their own
	case status >= http.StatusInternalServerError:
		return slog.LevelError
	case status >= http.StatusBadRequest:
		return slog.LevelWarn
	case r.quiet, r.FullPath() == "" || r.Request.Method == http.MethodGet && isQuiet(r.FullPath()):
		return slog.LevelDebug
	}
	return slog.LevelInfo
}

// knownMethod keeps an invented method, which may be any text, out of the log.
func knownMethod(m string) string {
	switch m {
	case http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodPatch,
		http.MethodDelete, http.MethodOptions, http.MethodConnect, http.MethodTrace:
		return m
	}
	return "other"
}

func requestID() string {
	var b [8]byte
	binary.NativeEndian.PutUint64(b[:], rand.Uint64()) // it is no secret
	return hex.EncodeToString(b[:])
}

// recovered answers 500 for a handler that panicked, and logs its stack.
func (e *Edge) recovered(r *Request) {
	v := recover()
	if v == nil {
		return
	}
	if err, ok := v.(error); ok && errors.Is(err, http.ErrAbortHandler) {
		panic(v)
	}
	stack := string(debug.Stack())
	r.panicked = &Panic{Value: v, Stack: stack}
	e.Log.ErrorContext(r.Request.Context(), "panic", "route", r.FullPath(), "value", fmt.Sprint(v), "stack", stack)
	r.fail(AsProblem, fmt.Errorf("panic: %v", v))
	r.Abort()
}

// isQuiet names the routes that probes and browsers repeat.
func isQuiet(route string) bool {
	return strings.HasSuffix(route, "/healthz") || strings.HasSuffix(route, "/readyz") || strings.HasSuffix(route, "/static/*file")
}
