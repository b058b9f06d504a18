package edge

import (
	"cmp"
	"context"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"github.com/sightline-go/sightline/connect"
	"github.com/sightline-go/sightline/internal/lang"
	"github.com/sightline-go/sightline/internal/viewer"
)

// Request is one request and its answer, as its handler sees it.
type Request struct {
	*gin.Context
	// Person is whose request it is, once verified; nobody before.
	Person viewer.Person

	edge *Edge
	// forge says that a verified Forge page asks; it is answered in JSON.
	forge bool
	// part is what a page that reads Jira itself has sent, read what it is to read
	// next.
	part PagePart
	read any
	// tenant is whose request it is, for the log. Requests without a person may
	// have one too.
	tenant connect.TenantID
	// scheme is how the route's callers authenticate.
	scheme string
	// code and err say in the log how the request ended.
	code string
	err  error
	// panicked is what the handler panicked with; nil if it did not.
	panicked *Panic
	// quiet lowers the log line of a request that went well.
	quiet bool
	// broken says that an answer has begun and cannot be finished.
	broken bool
	// done is the status of an ignored event, 0 for 200.
	done int
}

// PersonOf is a verified caller as a person.
func PersonOf(caller *connect.Caller) viewer.Person {
	return viewer.Person{Tenant: caller.Tenant(), Account: caller.Account()}
}

// IsFrom notes whose request it is: the tenant for the log line, the person for
// the language. Adapters call it, or a handler if only it can tell.
func (r *Request) IsFrom(p viewer.Person) {
	r.tenant, r.Person = p.Tenant.ID, p
}

// IsOf notes whose request it is if there is a tenant and no person.
func (r *Request) IsOf(id connect.TenantID) { r.tenant = id }

// Language is the one to answer in: that of the person's Jira if already known,
// otherwise the one that the browser asks for.
func (r *Request) Language() *lang.Language {
	if r.Person.Tenant != nil {
		if l := r.edge.People.Language(r.Person); l != nil {
			return l
		}
	}
	return r.edge.Languages.Accepted(r.GetHeader("Accept-Language"))
}

// Query is the first value of a parameter of the address, "" for none. It reads
// as url.ParseQuery does, and hides Gin's, which makes a map of all parameters.
func (r *Request) Query(name string) string {
	for rest := r.Request.URL.RawQuery; rest != ""; {
		var pair string
		pair, rest, _ = strings.Cut(rest, "&")
		key, value, _ := strings.Cut(pair, "=")
		if found, err := url.QueryUnescape(key); err != nil || found != name || strings.Contains(pair, ";") {
			continue
		}
		if value, err := url.QueryUnescape(value); err == nil {
			return value
		}
	}
	return ""
}

// limit bounds what the handler does until the result is called. A failure is
// answered after that, without the bound.
func (r *Request) limit(d time.Duration) (end func()) {
	whole := r.Request
	ctx, cancel := context.WithTimeout(whole.Context(), d)
	r.Request = whole.WithContext(ctx)
	return func() {
		cancel()
		r.Request = whole
	}
}

// LimitForm bounds the body of a form.
func (r *Request) LimitForm() {
	r.Request.Body = http.MaxBytesReader(r.Writer, r.Request.Body, maxFormBody)
}

// ParseForm reads a posted form into the request's PostForm.
func (r *Request) ParseForm() error {
	if err := r.Request.ParseForm(); err != nil {
		return &bodyReadError{err}
	}
	return nil
}

// Failed puts a problem that the handler has answered itself on the request's
// log line.
func (r *Request) Failed(p *Problem, err error) { r.code, r.err = p.logged(), err }

// Note puts an error that did not change the answer on the request's log line.
func (r *Request) Note(err error) { r.err = err }

// Ignored counts an event that changed nothing, and acknowledges it unless the
// handler has answered. The log line says why, for those who look.
func (r *Request) Ignored(why *connect.IgnoredError) {
	r.quiet, r.code, r.err = true, "ignored."+why.Reason, why
	if r.edge.Config.Ignored != nil {
		r.edge.Config.Ignored(r.FullPath(), why.Reason)
	}
	if !r.Writer.Written() {
		r.Status(cmp.Or(r.done, http.StatusOK))
	}
}
