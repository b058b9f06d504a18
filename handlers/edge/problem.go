package edge

import (
	"cmp"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"github.com/sightline-go/sightline/internal/lang"
	"github.com/sightline-go/sightline/web"
)

// Style is how an endpoint's errors look.
type Style int

// The styles.
const (
	AsProblem Style = iota // application/problem+json
	AsPage                 // a small HTML page in the gadget's look
)

// Problem is an error that the caller is told about in the words of its code,
// which never hold a secret, a token, SQL or an upstream body.
type Problem struct {
	Code lang.Problem
	// Reason is what the log says instead of the code; "" means the code.
	Reason string
	// Field is the input field that is wrong.
	Field string
	// Retry is when to try again; 0 means unknown.
	Retry time.Duration
	// Details are shown on the page, only in development.
	Details []string
	// Err is the cause, for the log.
	Err error
}

// Error is for the log; it may contain the cause's text.
func (p *Problem) Error() string {
	if p.Err != nil {
		return fmt.Sprintf("%s: %v", p.logged(), p.Err)
	}
	return p.logged()
}

// Unwrap returns the cause.
func (p *Problem) Unwrap() error { return p.Err }

func (p *Problem) logged() string { return cmp.Or(p.Reason, string(p.Code)) }

// Refuse is an error with only a code.
func Refuse(code lang.Problem) error { return &Problem{Code: code} }

// Because is an error with the code and its cause.
func Because(code lang.Problem, err error) error { return &Problem{Code: code, Err: err} }

// Invalid is input that is readable but wrong in a field.
func Invalid(field string, code lang.Problem) error { return &Problem{Code: code, Field: field} }

// bodyReadError is a body that did not arrive completely.
type bodyReadError struct{ err error }

func (e *bodyReadError) Error() string { return "read body: " + e.err.Error() }

func (e *bodyReadError) Unwrap() error { return e.err }

func notFound(*Request) error { return Refuse(lang.ProblemNotFound) }

// wrongMethod answers for an address that takes other methods; the router has
// listed them in Allow.
func wrongMethod(*Request) error { return Refuse(lang.ProblemWrongMethod) }

// fail is the one exit of errors: it answers, and leaves the reason for the
// request's one log line.
func (r *Request) fail(as Style, err error) {
	p := r.edge.Explain(err)
	r.Failed(p, err)
	if r.Writer.Written() {
		return
	}
	r.problemHeaders(p)
	l := r.Language()
	switch {
	case r.forge:
		r.failForge(p)
	case as == AsPage:
		r.RenderPage(p.Status(), r.edge.Shell(l, Product, web.MessageView(r.edge.message(l, p))))
	case r.wantsFragment():
		r.Render(p.Status(), web.MessageView(r.edge.message(l, p)))
	default:
		r.failJSON(p, l.Problem(p.Code))
	}
}

func (r *Request) problemHeaders(p *Problem) {
	r.RetryAfter(p)
	if p.Status() == http.StatusUnauthorized {
		r.Header("WWW-Authenticate", r.scheme)
	}
}

// RetryAfter says in a header when to try again, if the problem does.
func (r *Request) RetryAfter(p *Problem) {
	if p.Retry > 0 {
		r.Header("Retry-After", strconv.Itoa(int((p.Retry+time.Second-1)/time.Second)))
	}
}

// typeBase comes before a problem's code in the type of its answer, see RFC 9457.
const typeBase = "urn:sightline:problem:"

func (r *Request) failJSON(p *Problem, detail string) {
	body, _ := json.Marshal(struct {
		Type   string `json:"type"`
		Title  string `json:"title"`
		Status int    `json:"status"`
		Detail string `json:"detail"`
		Field  string `json:"field,omitempty"`
	}{typeBase + string(p.Code), http.StatusText(p.Status()), p.Status(), detail, p.Field})
	r.Data(p.Status(), "application/problem+json", body)
}
