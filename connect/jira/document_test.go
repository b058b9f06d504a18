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
		{"version 2", `" plain *text* "`, "plain *text*"},
		{"empty", doc(``), ""},
		{"paragraphs", doc(paragraph(text("a")) + `,` + paragraph(``) + `,` + paragraph(text("b")+`,{"type":"hardBreak"},`+text("c"))), "a\n\nb\nc"},
		{"marks", doc(paragraph(`{"type":"text","text":"<b>bold</b>","marks":[{"type":"strong"}]}`)), "<b>bold</b>"},
		{"heading", doc(`{"type":"heading","attrs":{"level":2},"content":[` + text("Title") + `]},` + paragraph(text("x"))), "Title\nx"},
		{
			"lists", doc(`{"type":"bulletList","content":[` + item(paragraph(text("one"))+`,{"type":"orderedList","content":[`+item(paragraph(text("in")))+`,`+item(paragraph(text("on")))+`]}`) + `,` + item(paragraph(text("two"))) + `]}`),
			"• one\n   1. in\n   2. on\n• two",
		},
		{"tasks", doc(`{"type":"taskList","attrs":{},"content":[{"type":"taskItem","attrs":{"state":"DONE"},"content":[` + text("do") + `]},{"type":"taskItem","attrs":{"state":"TODO"},"content":[` + text("wait") + `,{"type":"hardBreak"},` + text("long") + `]}]}`), "☑ do\n☐ wait\n   long"},
		{"decisions", doc(`{"type":"decisionList","content":[{"type":"decisionItem","attrs":{"state":"DECIDED"},"content":[` + text("go") + `]}]}`), "◆ go"},
		{"a list that begins with 0", doc(`{"type":"orderedList","attrs":{"order":0},"content":[` + item(paragraph(text("a"))) + `,` + item(paragraph(text("b"))) + `]}`), "0. a\n1. b"},
		{"a list whose beginning is a text", doc(`{"type":"orderedList","attrs":{"order":"7"},"content":[` + item(paragraph(text("a"))) + `]}`), "7. a"},
		{"lists with odd beginnings", doc(`{"type":"orderedList","attrs":{"order":-3},"content":[` + item(paragraph(text("a"))) + `]},{"type":"orderedList","attrs":{"order":[]},"content":[` + item(paragraph(text("b"))) + `]},{"type":"orderedList","attrs":{"order":1e300},"content":[` + item(paragraph(text("c"))) + `]}`), "1. a\n1. b\n1. c"},
		{
			"further lines of an item", doc(`{"type":"bulletList","content":[` + item(paragraph(text("one")+`,{"type":"hardBreak"},`+text("more"))+`,`+paragraph(text("last"))+`,{"type":"codeBlock","content":[{"type":"text","text":"a\nb"}]}`) + `]}`),
			"• one\n   more\n   last\n   a\n   b",
		},
		{"a table in an item", doc(`{"type":"bulletList","content":[` + item(paragraph(text("t"))+`,{"type":"table","content":[{"type":"tableRow","content":[{"type":"tableCell","content":[`+paragraph(text("a"))+`]}]},{"type":"tableRow","content":[{"type":"tableCell","content":[`+paragraph(text("b"))+`]}]}]}`) + `]}`), "• t\n   a\n   b"},
		{"a list in a cell", doc(`{"type":"table","content":[{"type":"tableRow","content":[{"type":"tableCell","content":[{"type":"bulletList","content":[` + item(paragraph(text("a"))) + `,` + item(paragraph(text("b"))) + `]}]},{"type":"tableCell","content":[` + paragraph(text("c")) + `]}]}]}`), "• a • b | c"},
		{"dates", doc(paragraph(`{"type":"date","attrs":{"timestamp":"2025-11-26"}},` + text(" ") + `,{"type":"date","attrs":{"timestamp":1764115200000}},` + text(" ") + `,{"type":"date","attrs":{"timestamp":"576147686400000"}},` + text(" ") + `,{"type":"date","attrs":{"timestamp":"-1"}}`)), "2025-11-26 2025-11-26 20227-05-25 1969-12-31"},
		{"a date beyond time", doc(paragraph(`{"type":"date","attrs":{"timestamp":"9e300"}},` + text("x"))), "x"},
		{"mentions without a name", doc(paragraph(`{"type":"mention","attrs":{"id":"5b10ac8d"}},` + text(" ") + `,{"type":"mention","attrs":{"id":"all","text":"","userType":"SPECIAL"}},` + text(" ") + `,{"type":"mention","attrs":{"id":"1","text":"Bo"}}`)), "@5b10ac8d @all @Bo"},
		{
			"cards by their data", doc(paragraph(`{"type":"inlineCard","attrs":{"data":{"@type":"Document","name":"Plan","url":"https://example.com/p"}}},`+text(" ")+`,{"type":"inlineCard","attrs":{"data":{"@id":"https://example.com/i"}}},`+text(" ")+`,{"type":"inlineCard","attrs":{"data":{"url":{"href":"https://example.com/h"}}}}`) + `,{"type":"blockCard","attrs":{"data":{"url":"https://example.com/u"}}},{"type":"blockCard","attrs":{"data":[1]}}`),
			"Plan https://example.com/i https://example.com/h\nhttps://example.com/u",
		},
		{"a placeholder", doc(paragraph(text("a") + `,{"type":"placeholder","attrs":{"text":"Type here"}}`)), "a"},
		{"text without a paragraph", doc(text("a") + `,` + text("b") + `,` + paragraph(text("c"))), "ab\nc"},
		{"an unknown kind in a line", doc(paragraph(text("a ") + `,{"type":"sparkle","attrs":{"text":"b"}},{"type":"shine","text":" c"},{"type":"glow","content":[` + text(" d") + `]}`)), "a b c d"},
		{"odd types", `{"type":"doc","version":[],"content":[{"type":7,"text":{},"content":"none","attrs":[1]},{"type":"paragraph","content":{}},` + paragraph(text("x")+`,5,null,`+text("y")) + `]}`, "xy"},
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
		{"attributes of other kinds", doc(paragraph(`{"type":"date","attrs":{"timestamp":{}}},{"type":"mention","attrs":{"text":7}},` + text("x"))), "x"},
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
	blank := `{"type":"doc","content":[{"type":"text","text":"` + strings.Repeat(" ", 5000) + `"},{"type":"text","text":"x"}]}`
	if got, cut := jira.DocumentText(json.RawMessage(blank), 100); got != "" || !cut {
		t.Errorf("got %q, cut %v, want a cut text", got, cut)
	}
	if got, cut := jira.DocumentText(json.RawMessage(`"abc"`), -1); got != "" || !cut {
		t.Errorf("a negative limit: got %q, cut %v", got, cut)
	}
}

func TestDocumentTextOfDeepDocuments(t *testing.T) {
	t.Parallel()
	deep := func(open, inside, end string, n int) string {
		return strings.Repeat(open, n) + inside + strings.Repeat(end, n)
	}
	const text = `{"type":"text","text":"x"}`
	if got, cut := jira.DocumentText(json.RawMessage(deep(`{"type":"blockquote","content":[`, text, `]}`, 4000)), 100); got != "x" || cut {
		t.Errorf("quotes in quotes: got %q, cut %v", got, cut)
	}
	lists := deep(`{"type":"bulletList","content":[{"type":"listItem","content":[`+text+`,`, text, `]}]}`, 2000)
	got, cut := jira.DocumentText(json.RawMessage(lists), 2_000)
	if !strings.HasPrefix(got, "• x\n   • x\n      • x") || !cut || len(got) > 8_000 {
		t.Errorf("lists in lists: got %d bytes, cut %v", len(got), cut)
	}
	if got, cut := jira.DocumentText(json.RawMessage(deep(`{"content":[`, text, `]}`, 20_000)), 100); got != "" || !cut {
		t.Errorf("deeper than can be read: got %q, cut %v", got, cut)
	}
}

// What cannot be read is not taken for an empty document.
func TestDocumentTextOfUnreadable(t *testing.T) {
	t.Parallel()
	for _, doc := range []string{`[1]`, `5`, `{"type":"doc","content":[`, `{"type":7}`} {
		if got, cut := jira.DocumentText(json.RawMessage(doc), 100); got != "" || !cut {
			t.Errorf("%s: got %q, cut %v, want a cut text", doc, got, cut)
		}
	}
}
