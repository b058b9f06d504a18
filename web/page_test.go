package web

import (
	"regexp"
	"strings"
	"testing"

	"github.com/a-h/templ"

	"github.com/sightline-go/sightline/internal/lang"
)

const nasty = `<script>alert("1")</script>'&`

func render(t *testing.T, c templ.Component) string {
	t.Helper()
	var b strings.Builder
	if err := c.Render(t.Context(), &b); err != nil {
		t.Fatalf("render: %v", err)
	}
	return b.String()
}

// wanted are patterns that must, and must not, be in a text of HTML.
type wanted struct{ yes, no []string }

func (w wanted) check(t *testing.T, html string) {
	t.Helper()
	for _, p := range w.yes {
		if !regexp.MustCompile(p).MatchString(html) {
			t.Errorf("no match for %s in:\n%s", p, html)
		}
	}
	for _, p := range w.no {
		if regexp.MustCompile(p).MatchString(html) {
			t.Errorf("unwanted match for %s in:\n%s", p, html)
		}
	}
}

func TestPage(t *testing.T) {
	t.Parallel()
	gadget := Shell{
		L: english(), Title: "Workload", Static: "/base/static/1a2b3c4d", HostScript: "https://cdn.example/all.js",
		Kind: KindGadget, Session: "tok", Calls: Calls{View: "/v?a=1&b=2", Form: "/f"},
		Body: MessageView(Message{Title: "Hello"}),
	}
	with := func(change func(*Shell)) Shell {
		s := gadget
		change(&s)
		return s
	}
	tests := map[string]struct {
		shell Shell
		want  wanted
	}{
		"gadget": {gadget, wanted{yes: []string{
			`^<!doctype html><html lang="en">`,
			`<link rel="stylesheet" href="/base/static/1a2b3c4d/sightline.css">`,
			`<script id="ac-iframe-options" src="https://cdn.example/all.js" data-options="[^"]+" defer></script>`,
			`<script type="module" src="/base/static/1a2b3c4d/gadget.js"></script>`,
			`class="ac-content" data-app="gadget" data-session="tok" data-view="/v\?a=1&amp;b=2" data-form="/f"`,
			`<main data-slot><section class="message message-info" data-fragment="message"`,
			`role="status" data-status></p>`,
		}}},
		"chat dialog":  {with(func(s *Shell) { s.Kind = KindChatDialog; s.L = lang.New().Of("de") }), wanted{yes: []string{`/chat.js"`, `lang="de"`}}},
		"chat sidebar": {with(func(s *Shell) { s.Kind = KindChatSidebar }), wanted{yes: []string{`/chat.js"`}}},
		"plain page": {
			with(func(s *Shell) { s.Kind, s.HostScript = KindPage, "" }),
			wanted{yes: []string{"Hello"}, no: []string{"<script", "modulepreload"}},
		},
		"nothing given": {Shell{L: english()}, wanted{yes: []string{`<main data-slot></main>`}, no: []string{"<script"}}},
		"escaped": {
			with(func(s *Shell) { s.Title, s.Session, s.Calls.View = nasty, nasty, nasty }),
			wanted{yes: []string{`<title>&lt;script&gt;`}, no: []string{`<script>`, `"1"`}},
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tt.want.check(t, render(t, Page(tt.shell)))
		})
	}
}

func english() *lang.Language { return lang.New().English() }
