package edge

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/sightline-go/sightline/connect"
	"github.com/sightline-go/sightline/internal/lang"
	"github.com/sightline-go/sightline/web"
)

// forgeRetry is when Forge may call again after we could not tell whether a
// call is good.
const forgeRetry = 10 * time.Second

// forgeCallTime bounds a call that Forge makes by itself. The first one of an
// installation also asks Jira.
const forgeCallTime = 8 * time.Second

// Forge is how calls of Forge are verified and whose they are. All fields are
// required.
type Forge struct {
	Verifier *connect.ForgeVerifier
	Tenants  *connect.ForgeTenants
	// Names are the names of the manifest.
	Names ForgeNames
	// Manifest is the app's manifest as it is served.
	Manifest []byte
}

// ForgeNames are the keys and addresses that the app's manifest has for what
// the descriptor names.
type ForgeNames struct {
	// Gadget is the key of the gadget for a dashboard item, Page that of the page
	// for a page.
	Gadget, Page func(key string) string
	// Pages comes before a module's key: the address of its page's first call.
	Pages string
	// The addresses of the triggers and the keys of their endpoints.
	Lifecycle, Events, Tick, Uninstall ForgeEndpoint
}

// ForgeEndpoint is an endpoint of the manifest: its key, and its address below
// the base URL.
type ForgeEndpoint struct{ Key, Path string }

// GlobalPage is the address of the app's global page in a tenant's Jira.
// See https://developer.atlassian.com/platform/forge/manifest-reference/modules/jira-global-page/
func (f *Forge) GlobalPage(t *connect.Tenant) string {
	last := func(id string) string { return id[strings.LastIndexByte(id, '/')+1:] }
	return "/jira/apps/" + url.PathEscape(last(f.Verifier.AppID)) + "/" + url.PathEscape(last(t.EnvironmentID))
}

// The kinds of module that have a page.
const (
	ForgeGadget     = "jira:dashboardGadget"
	ForgeAdminPage  = "jira:adminPage"
	ForgeGlobalPage = "jira:globalPage"
)

// GoneFunc serves the call before an installation goes.
type GoneFunc func(r *Request, i *connect.Invocation) error

// ForgePage serves the calls of a page of one of the modules. Every answer is a
// JSON object, as package forge describes: the bridge hands texts and failures
// over in pieces. A posted form comes in the field form of a JSON body; what the
// page cannot have sent, such as a body that is too large, is refused with the
// status itself. A person for whom Forge sends no token gets no data.
func (e *Edge) ForgePage(h CallerFunc, modules ...connect.ForgeModule) Endpoint {
	return e.forgePage(maxFormBody, h, modules)
}

// ForgeReader is ForgePage for a call that brings what the page has read in Jira,
// see [Request.Part].
func (e *Edge) ForgeReader(h CallerFunc, modules ...connect.ForgeModule) Endpoint {
	return e.forgePage(maxPartBody, h, modules)
}

func (e *Edge) forgePage(most int64, h CallerFunc, modules []connect.ForgeModule) Endpoint {
	return e.Endpoint(AsProblem, SchemeBearer, func(r *Request) error {
		i, err := e.Forge.Verifier.Verify(r.Request, modules...)
		if err != nil {
			return undecided(err)
		}
		caller, err := e.Forge.Tenants.Caller(r.Request.Context(), i, connect.ForgePage)
		if err != nil {
			return undecided(err)
		}
		r.IsFrom(PersonOf(caller))
		if err := r.readForgeForm(most); err != nil {
			return err
		}
		r.forge = true
		if caller.Account() != "" && i.UserToken().IsZero() {
			// A person who has withdrawn consent does not see what was read before.
			return &Problem{Code: lang.ProblemNoConsent, Err: connect.ErrNoConsent}
		}
		return e.notReady(e.served(r, caller, h))
	})
}

// ForgeTrigger serves what Forge calls by itself, at one endpoint of the
// manifest. What must not be lost is stored before the answer.
func (e *Edge) ForgeTrigger(at ForgeEndpoint, event connect.ForgeEvent, h EventFunc) Route {
	return Post(at.Path, e.Endpoint(AsProblem, SchemeBearer, func(r *Request) error {
		r.done = http.StatusNoContent
		i, err := e.Forge.Verifier.Verify(r.Request, connect.ForgeEndpoint(at.Key))
		if err != nil {
			return undecided(err)
		}
		defer r.limit(forgeCallTime)()
		caller, err := e.Forge.Tenants.Caller(r.Request.Context(), i, event)
		if err != nil {
			return undecided(err)
		}
		r.IsFrom(PersonOf(caller))
		defer r.limit(e.EventTime)()
		if err := h(r, caller, r.eventBody()); err != nil {
			return undecided(err)
		}
		r.Status(http.StatusNoContent)
		return nil
	}))
}

// ForgeGone serves the call before an installation goes, at one endpoint of the
// manifest.
func (e *Edge) ForgeGone(at ForgeEndpoint, h GoneFunc) Route {
	return Post(at.Path, e.Endpoint(AsProblem, SchemeBearer, func(r *Request) error {
		r.done = http.StatusNoContent
		i, err := e.Forge.Verifier.Verify(r.Request, connect.ForgeEndpoint(at.Key))
		if err != nil {
			return undecided(err)
		}
		defer r.limit(forgeCallTime)()
		if err := h(r, i); err != nil {
			return undecided(err)
		}
		r.Status(http.StatusNoContent)
		return nil
	}))
}

// undecided keeps refusals as they are. Everything else that fails before a
// call of Forge is known to be good, or stored, is answered so that Forge tries
// again: 503, never 500.
func undecided(err error) error {
	var (
		refused *connect.AuthError
		denied  *connect.DeniedError
		known   *Problem
		ignored *connect.IgnoredError
		down    *connect.UnavailableError
	)
	switch {
	case errors.As(err, &refused), errors.As(err, &known), errors.As(err, &ignored), IsBodyError(err):
		return err
	case errors.As(err, &down):
		return &Problem{Code: lang.ProblemNotReady, Reason: "database." + down.Reason, Retry: forgeRetry, Err: err}
	case errors.As(err, &denied):
		return &Problem{Code: lang.ProblemForbidden, Reason: denied.Code, Err: err}
	}
	return &Problem{Code: lang.ProblemNotReady, Retry: forgeRetry, Err: err}
}

// notReady keeps what a page can be told. What is left is a failure of our own,
// most often of storage: 503 as well, and the page asks again.
func (e *Edge) notReady(err error) error {
	if err == nil || e.Explain(err).Code != lang.ProblemInternal {
		return err
	}
	return &Problem{Code: lang.ProblemNotReady, Retry: forgeRetry, Err: err}
}

// PagePart is what a page that reads Jira itself brings.
type PagePart struct {
	// Page is the page's own id.
	Page string `json:"page"`
	// Path is the address of what it shows then.
	Path string `json:"path"`
	// Answers are Jira's, packed.
	Answers string `json:"answers"`
}

// Part is what the page has brought.
func (r *Request) Part() PagePart { return r.part }

// ReadFirst tells the page what to read in Jira; it comes with the answer.
func (r *Request) ReadFirst(read any) { r.read = read }

// AnswerRead answers with nothing but what the page is to read.
func (r *Request) AnswerRead() { r.answerForge(forgeAnswer{Code: http.StatusOK}) }

// Within has the handler's work end with another context, until the result is
// called.
func (r *Request) Within(ctx context.Context) (restore func()) {
	whole := r.Request
	r.Request = whole.WithContext(ctx)
	return func() { r.Request = whole }
}

// readForgeForm takes a posted form out of the JSON around it.
func (r *Request) readForgeForm(most int64) error {
	if r.Request.Method != http.MethodPost {
		return nil
	}
	body, err := r.ReadBody(most)
	if err != nil {
		return err
	}
	var in struct {
		PagePart
		Form string `json:"form"`
	}
	if len(bytes.TrimSpace(body)) > 0 && json.Unmarshal(body, &in) != nil {
		return Refuse(lang.ProblemIncomplete)
	}
	r.part = in.PagePart
	if r.Request.PostForm, err = url.ParseQuery(in.Form); err != nil {
		return Refuse(lang.ProblemIncomplete)
	}
	return nil
}

// forgeAnswer is what a page of Forge gets, whatever happened.
type forgeAnswer struct {
	// Code is the status that a page of Connect would get.
	Code int `json:"code"`
	// HTML is a fragment, Detail what failed in words.
	HTML   string `json:"html,omitempty"`
	Detail string `json:"detail,omitempty"`
	// Submit is a configuration that Jira is to keep with the gadget.
	Submit any `json:"submit,omitempty"`
	// File is a piece of a file.
	File *filePiece `json:"file,omitempty"`
	// Read is what the page is to read in Jira.
	Read any `json:"read,omitempty"`
}

// IsForge reports whether a page of Forge asks.
func (r *Request) IsForge() bool { return r.forge }

// CanActAsPeople reports whether the app may act for the people of a caller's
// tenant: on Connect that is a permission of the installation, on Forge each
// person's own.
func CanActAsPeople(caller *connect.Caller) bool {
	return caller.Invocation() != nil || caller.Tenant().OAuthClientID != ""
}

// Submit answers a page of Forge with a configuration that Jira is to keep.
func (r *Request) Submit(config any) {
	r.answerForge(forgeAnswer{Code: http.StatusOK, Submit: config})
}

// answerForge writes an answer of 200: the bridge keeps the body of no other.
func (r *Request) answerForge(a forgeAnswer) {
	a.Read = r.read
	body, err := json.Marshal(a)
	if err != nil {
		r.Note(err)
		r.Status(http.StatusInternalServerError)
		return
	}
	r.send(http.StatusOK, []string{JSONType}, Drawn{html: body})
}

// failForge answers a page of Forge with a problem as a fragment and in words.
func (r *Request) failForge(p *Problem) {
	l := r.Language()
	var html bytes.Buffer
	if err := web.MessageView(r.edge.message(l, p)).Render(r.Request.Context(), &html); err != nil {
		r.Note(err)
	}
	r.answerForge(forgeAnswer{Code: p.Status(), HTML: html.String(), Detail: l.Problem(p.Code)})
}
