package handlers

import (
	"net/http"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"github.com/sightline-go/sightline/internal/lang"
	"github.com/sightline-go/sightline/web"
)

// retryAfter is when a page looks again by itself after Jira did not answer
// and did not say when to come back.
const retryAfter = 30 * time.Second

// passes reports whether trying again later may help, without anybody doing
// anything.
func (p *problem) passes() bool {
	switch p.status {
	case http.StatusTooManyRequests, http.StatusBadGateway, http.StatusGatewayTimeout, http.StatusServiceUnavailable:
		return true
	}
	return false
}

// wait is how long to leave Jira alone before the next try.
func (p *problem) wait() time.Duration {
	if p.retry > 0 {
		return p.retry
	}
	return retryAfter
}

// message is a problem in place of a view. One that passes says when the page
// looks again, and does.
func (s *Server) message(l *lang.Language, p *problem) web.Message {
	m := web.Message{Kind: web.MessageError, Title: p.title(l.Texts), Text: p.text(l.Texts)}
	if p.passes() {
		m.Kind = web.MessageWarning
		m.Text += " " + l.Say(l.State.TriesAgain, l.Wait(p.wait()))
		m.Retry = int((p.wait() + time.Second - 1) / time.Second)
		m.Action, m.ActionCall = l.State.TryNow, web.ActionView
	}
	if p.code == codeImpersonation {
		m.Kind = web.MessageWarning
	}
	if s.Dev {
		m.Details = p.details
	}
	return m
}

// failIn shows a problem that passes in the page's own shell, so that its
// script can look again, with a token that it asks the host for. Every other
// problem goes to the error exit.
func (s *Server) failIn(c *gin.Context, shell web.Shell, err error) error {
	p := s.explain(err)
	if !p.passes() {
		return err
	}
	outcome(c).set(p, err)
	problemHeaders(c, p)
	shell.Body = web.MessageView(s.message(shell.L, p))
	s.renderPage(c, p.status, shell)
	return nil
}

// wantsFragment reports whether a later call of a page asks, which puts the
// answer into the page.
func wantsFragment(c *gin.Context) bool {
	return strings.HasPrefix(c.GetHeader("Accept"), "text/html")
}
