// Package control guards the site's own calls, under /-/, and answers them. The
// calls themselves are in the rooms that they are about.
package control

import (
	"errors"
	"mime"
	"net"
	"net/http"
	"net/url"

	"github.com/sightline-go/sightline/connect/connecttest/internal/reply"
	"github.com/sightline-go/sightline/connect/connecttest/internal/uri"
	"github.com/sightline-go/sightline/connect/connecttest/internal/world"
)

// Guard answers the site's own calls only to this machine: not to another
// machine, nor to a page of another origin, nor to one whose host name was made
// to point here.
func Guard(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case !uri.Loopback(hostname(r.RemoteAddr)) || !uri.Loopback(hostname(r.Host)):
			reply.Problem(w, http.StatusForbidden, "control calls are answered on loopback only")
		case !sameOrigin(r):
			reply.Problem(w, http.StatusForbidden, "control calls are not answered to other origins")
		case !jsonOrNothing(r):
			reply.Problem(w, http.StatusUnsupportedMediaType, "the content type must be application/json")
		default:
			next.ServeHTTP(w, r)
		}
	})
}

func hostname(address string) string {
	if host, _, err := net.SplitHostPort(address); err == nil {
		return host
	}
	return address
}

func sameOrigin(r *http.Request) bool {
	from := r.Header.Get("Origin")
	if from == "" {
		return len(r.Header.Values("Origin")) == 0
	}
	u, err := url.Parse(from)
	return err == nil && u.Host == r.Host
}

func jsonOrNothing(r *http.Request) bool {
	kind := r.Header.Get("Content-Type")
	if r.Method == http.MethodGet || r.Method == http.MethodHead || kind == "" && r.ContentLength == 0 {
		return true
	}
	media, _, err := mime.ParseMediaType(kind)
	return err == nil && media == "application/json"
}

// Error answers with what went wrong: 404 if something named in the call does
// not exist, otherwise 422.
func Error(w http.ResponseWriter, err error) {
	status := http.StatusUnprocessableEntity
	if gone := reply.Absent(""); errors.As(err, &gone) || errors.Is(err, world.ErrNotFound) {
		status = http.StatusNotFound
	}
	reply.Problem(w, status, err.Error())
}

// Do reads a body, does what it asks for and answers the result.
func Do[T any](w http.ResponseWriter, r *http.Request, do func(T) (any, error)) {
	var in T
	if err := reply.Decode(w, r, &in); err != nil {
		reply.Problem(w, http.StatusBadRequest, err.Error())
		return
	}
	out, err := do(in)
	if err != nil {
		Error(w, err)
		return
	}
	reply.JSON(w, http.StatusOK, out)
}
