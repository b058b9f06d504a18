package jira_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/sightline-go/sightline/connect/jira"
)

func TestDocumentText(t *testing.T) {
	t.Parallel()
	doc := func(content string) string { return `{"type":"doc","version":1,"content":[` + content + `]}` }
	paragraph := func(content string) string { return `{"type":"paragraph","content":[` + content + `]}` }
	text := func(s string) string { return `{"type":"text","text":"` + s + `"}` }
	item := func(content string) string { return `{"type":"listItem","content":[` + content + `]}` }
	for _, tt := range []struct{ name, doc, want string }{
		{"absent", ``, ""},
		{"null", `null`, ""},
		{"no document", `[1]`, ""},
		{"cut off", `{"type":"doc","content":[`, ""},
		{"version 2", `" plain *text* "`, "plain *text*"},
		{"empty", doc(``), ""},
		{"paragraphs", doc(paragraph(text("a")) + `,` + paragraph(``) + `,` + paragraph(text("b")+`,{"type":"hardBreak"},`+text("c"))), "a\n\nb\nc"},
		{"marks", doc(paragraph(`{"type":"text","text":"<b>bold</b>","marks":[{"type":"strong"}]}`)), "<b>bold</b>"},
		{"heading", doc(`{"type":"heading","attrs":{"level":2},"content":[` + text("Title") + `]},` + paragraph(text("x"))), "Title\nx"},
		{
			"lists", doc(`{"type":"bulletList","content":[` + item(paragraph(text("one"))+`,{"type":"orderedList","content":[`+item(paragraph(text("in")))+`,`+item(paragraph(text("on")))+`]}`) + `,` + item(paragraph(text("two"))) + `]}`),
			"• one\n   1. in\n   2. on\n• two",
		},
		{"tasks", doc(`{"type":"taskList","attrs":{},"content":[{"type":"taskItem","attrs":{"state":"DONE"},"content":[` + text("do") + `]}]}`), "• do"},
		{
			"inline", doc(paragraph(`{"type":"mention","attrs":{"id":"1","text":"@Ann"}},` + text(" ") + `,{"type":"emoji","attrs":{"shortName":":smile:","text":"😄"}},` +
				text(" ") + `,{"type":"emoji","attrs":{"shortName":":own:"}},` + text(" ") + `,{"type":"status","attrs":{"text":"READY","color":"green"}},` +
				text(" ") + `,{"type":"date","attrs":{"timestamp":"1764115200000"}},` + text(" ") + `,{"type":"inlineCard","attrs":{"url":"https://example.com/x"}}`)),
			"@Ann 😄 :own: READY 2025-11-26 https://example.com/x",
		},
		{"table", doc(`{"type":"table","content":[{"type":"tableRow","content":[{"type":"tableHeader","content":[` + paragraph(text("a")) + `]},{"type":"tableCell","content":[` + paragraph(text("b")) + `]}]},{"type":"tableRow","content":[{"type":"tableCell","content":[` + paragraph(text("c")) + `]}]}]}`), "a | b\nc"},
		{"code", doc(`{"type":"codeBlock","attrs":{"language":"go"},"content":[{"type":"text","text":"a\n\tb"}]}`), "a\n\tb"},
		{"panel, rule, expand", doc(`{"type":"panel","attrs":{"panelType":"info"},"content":[` + paragraph(text("note")) + `]},{"type":"rule"},{"type":"expand","attrs":{"title":"More"},"content":[` + paragraph(text("inside")) + `]}`), "note\n—\nMore\ninside"},
		{"file", doc(`{"type":"mediaSingle","content":[{"type":"media","attrs":{"id":"x","type":"file","alt":"shot.png","width":20}}]}`), "shot.png"},
		{"card", doc(`{"type":"blockCard","attrs":{"url":"https://example.com/"}}`), "https://example.com/"},
		{"attributes of other kinds", doc(paragraph(`{"type":"date","attrs":{"timestamp":5}},{"type":"mention","attrs":{"text":7}},` + text("x"))), "x"},
		{"an unknown kind", doc(`{"type":"hologram","content":[` + paragraph(text("x")) + `]}`), "x"},
	} {
		if got, cut := jira.DocumentText(json.RawMessage(tt.doc), 1000); got != tt.want || cut {
			t.Errorf("%s: got %q, cut %v, want %q", tt.name, got, cut, tt.want)
		}
	}
}

func TestDocumentTextIsBounded(t *testing.T) {
	t.Parallel()
	long := `{"type":"doc","content":[{"type":"paragraph","content":[{"type":"text","text":"` + strings.Repeat("ü", 5000) + `"}]}]}`
	if got, cut := jira.DocumentText(json.RawMessage(long), 100); got != strings.Repeat("ü", 100) || !cut {
		t.Errorf("got %d bytes, cut %v", len(got), cut)
	}
	if got, cut := jira.DocumentText(json.RawMessage(`"abc"`), 2); got != "ab" || !cut {
		t.Errorf("got %q, cut %v", got, cut)
	}
	deep := strings.Repeat(`{"type":"blockquote","content":[`, 4000) + strings.Repeat(`]}`, 4000)
	if got, cut := jira.DocumentText(json.RawMessage(deep), 100); got != "" || cut {
		t.Errorf("a deep document: got %q, cut %v", got, cut)
	}
}
