package timelog_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/sightline-go/sightline/internal/timelog"
)

func TestReadComment(t *testing.T) {
	t.Parallel()
	doc := func(content string) string { return `{"type":"doc","version":1,"content":[` + content + `]}` }
	p := func(content string) string { return `{"type":"paragraph","content":[` + content + `]}` }
	text := func(s string) string { return `{"type":"text","text":"` + s + `"}` }
	for _, tt := range []struct {
		name, doc, want string
		rich            bool
	}{
		{"absent", ``, "", false},
		{"null", `null`, "", false},
		{"empty", doc(``), "", false},
		{"version 2", `"plain\ntext"`, "plain\ntext", false},
		{"one paragraph", doc(p(text("Fixed it."))), "Fixed it.", false},
		{"paragraphs", doc(p(text("One")) + "," + `{"type":"paragraph"}` + "," + p(text("Two"))), "One\n\nTwo", false},
		{"a break", doc(p(text("One") + `,{"type":"hardBreak"},` + text("two"))), "One\ntwo", false},
		{"bold", doc(p(`{"type":"text","text":"so","marks":[{"type":"strong"}]}`)), "so", true},
		{"a link", doc(p(`{"type":"text","text":"here","marks":[{"type":"link","attrs":{"href":"https://x.example"}}]}`)), "here", true},
		{"a mention", doc(p(text("Ask ") + `,{"type":"mention","attrs":{"id":"1","text":"@Ada"}}`)), "Ask @Ada", true},
		{"an emoji", doc(p(`{"type":"emoji","attrs":{"shortName":":tada:"}}`)), ":tada:", true},
		{"a card", doc(p(`{"type":"inlineCard","attrs":{"url":"https://x.example/1"}}`)), "https://x.example/1", true},
		{"a list", doc(`{"type":"bulletList","content":[{"type":"listItem","content":[` + p(text("a")) + "," + p(text("b")) + `]},{"type":"listItem","content":[` + p(text("c")) + `]}]}`), "• a\n   b\n• c", true},
		{"a heading", doc(`{"type":"heading","attrs":{"level":2},"content":[` + text("Head") + `]},` + p(text("body"))), "Head\nbody", true},
		{"code", doc(`{"type":"codeBlock","content":[` + text(`a\nb`) + `]}`), "a\nb", true},
		{"a table", doc(`{"type":"table","content":[{"type":"tableRow","content":[{"type":"tableCell","content":[` + p(text("x")) + `]}]}]}`), "x", true},
		{"a panel", doc(`{"type":"panel","content":[` + p(text("mind")) + `]}`), "mind", true},
		{"something new", doc(`{"type":"unheardOf","content":[` + p(text("still read")) + `]}`), "still read", true},
		{"no document", `{"type":"paragraph"}`, "", true},
		{"no JSON", `{`, "", true},
		{"a number for attributes", doc(p(`{"type":"status","attrs":{"text":7}}`)), "", true},
	} {
		got := timelog.ReadComment(json.RawMessage(tt.doc))
		if got.Text != tt.want || got.Rich != tt.rich {
			t.Errorf("%s: %q rich %v, want %q %v", tt.name, got.Text, got.Rich, tt.want, tt.rich)
		}
	}
}

func TestWriteCommentComesBack(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"", "one", "one\ntwo", "one\n\ntwo", `<b>"&\`, "äöü – 你好"} {
		doc, err := timelog.WriteComment(text)
		if err != nil {
			t.Fatal(err)
		}
		if got := timelog.ReadComment(doc); got.Text != text || got.Rich {
			t.Errorf("%q came back as %+v", text, got)
		}
	}
}

// Text that lies deep in a document is still read.
func TestReadCommentOfDeepDocuments(t *testing.T) {
	t.Parallel()
	const depth = 2000
	doc := `{"type":"doc","version":1,"content":[` + strings.Repeat(`{"type":"blockquote","content":[`, depth) +
		`{"type":"paragraph","content":[{"type":"text","text":"deep"}]}` + strings.Repeat(`]}`, depth) + `]}`
	if got := timelog.ReadComment(json.RawMessage(doc)); got.Text != "deep" || !got.Rich {
		t.Errorf("got %+v", got)
	}
}
