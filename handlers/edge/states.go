package edge

import (
	"net/http"
	"strings"
	"time"

	"github.com/sightline-go/sightline/internal/lang"
	"github.com/sightline-go/sightline/web"
)

// retryAfter is when a page reloads by itself after Jira did not answer and did
// not say when to come back.
const retryAfter = 30 * time.Second

// passes reports whether the problem may go away without anybody doing
// anything.
func (p *Problem) passes() bool {
	switch p.Status() {
	case http.StatusTooManyRequests, http.StatusBadGateway, http.StatusGatewayTimeout, http.StatusServiceUnavailable:
		return true
	}
	return false
}

// wait is how long to leave Jira alone before the next try.
func (p *Problem) wait() time.Duration {
	if p.Retry > 0 {
		return p.Retry
	}
	return retryAfter
}

// message shows a problem in place of a view. If the problem may pass, it says
// when the page reloads, and the page does.
func (e *Edge) message(l *lang.Language, p *Problem) web.Message {
	m := web.Message{Kind: web.MessageError, Title: l.Heading(p.heading()), Text: l.Problem(p.Code)}
	if p.passes() {
		m.Kind = web.MessageWarning
		m.Text += " " + l.Say(l.State.TriesAgain, l.Wait(p.wait()))
		m.Retry = int((p.wait() + time.Second - 1) / time.Second)
		m.Action, m.ActionCall = l.State.TryNow, web.ActionView
	}
	if p.Code == lang.ProblemImpersonation || p.Code == lang.ProblemNoConsent || p.Code == lang.ProblemMissingScope {
		m.Kind = web.MessageWarning
	}
	if e.Dev {
		m.Details = p.Details
	}
	return m
}

// FailIn shows a problem that may pass in the page's own shell, so that its
// script can reload with a token that it asks the host for. Every other problem
// goes to the error exit.
func (r *Request) FailIn(shell web.Shell, err error) error {
	p := r.edge.Explain(err)
	if !p.passes() {
		return err
	}
	r.Failed(p, err)
	r.problemHeaders(p)
	shell.Body = web.MessageView(r.edge.message(shell.L, p))
	r.RenderPage(p.Status(), shell)
	return nil
}

// wantsFragment reports whether this is a later call of a page, which puts the
// answer into the page.
func (r *Request) wantsFragment() bool {
	return strings.HasPrefix(r.GetHeader("Accept"), "text/html")
}
