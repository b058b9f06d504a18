package jira_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/sightline-go/sightline/connect/jira"
)

// documentKinds are the types of nodes that Atlassian's own schema knows, each
// with a sample and the text that a reader gets; skipped ones have none.
func documentKinds() map[string]struct{ doc, want string } {
	const (
		text = `{"type":"text","text":"x"}`
		p    = `{"type":"paragraph","content":[` + text + `]}`
		ext  = `"attrs":{"extensionType":"com.example","extensionKey":"k","parameters":{"a":1}`
	)
	return map[string]struct{ doc, want string }{
		"blockCard":            {`{"type":"blockCard","attrs":{"url":"https://example.com/c"}}`, "https://example.com/c"},
		"blockTaskItem":        {`{"type":"taskList","content":[{"type":"blockTaskItem","attrs":{"state":"DONE"},"content":[` + p + `,` + p + `]}]}`, "☑ x\n   x"},
		"blockquote":           {`{"type":"blockquote","content":[` + p + `]}`, "x"},
		"bodiedExtension":      {`{"type":"bodiedExtension",` + ext + `},"content":[` + p + `]}`, "x"},
		"bodiedRule":           {`{"type":"bodiedRule","attrs":{"color":"#ff0000"},"content":[` + p + `]}`, "— x"},
		"bodiedSyncBlock":      {`{"type":"bodiedSyncBlock","attrs":{"resourceId":"r"},"content":[` + p + `]}`, "x"},
		"bulletList":           {`{"type":"bulletList","content":[{"type":"listItem","content":[` + p + `]}]}`, "• x"},
		"caption":              {`{"type":"mediaSingle","content":[{"type":"media","attrs":{"id":"i","alt":"shot.png"}},{"type":"caption","content":[` + text + `]}]}`, "shot.png\nx"},
		"codeBlock":            {`{"type":"codeBlock","attrs":{"language":"go"},"content":[` + text + `]}`, "x"},
		"date":                 {`{"type":"paragraph","content":[{"type":"date","attrs":{"timestamp":"1764115200000"}}]}`, "2025-11-26"},
		"decisionItem":         {`{"type":"decisionItem","attrs":{"state":"DECIDED"},"content":[` + text + `]}`, "x"},
		"decisionList":         {`{"type":"decisionList","content":[{"type":"decisionItem","attrs":{"state":"DECIDED"},"content":[` + text + `]}]}`, "◆ x"},
		"doc":                  {p, "x"},
		"embedCard":            {`{"type":"embedCard","attrs":{"url":"https://example.com/e","layout":"wide"}}`, "https://example.com/e"},
		"emoji":                {`{"type":"paragraph","content":[{"type":"emoji","attrs":{"shortName":":own:"}}]}`, ":own:"},
		"expand":               {`{"type":"expand","attrs":{"title":"More"},"content":[` + p + `]}`, "More\nx"},
		"extension":            {`{"type":"extension",` + ext + `,"text":"shown instead"}}`, "shown instead"},
		"extensionFrame":       {`{"type":"extensionFrame","content":[` + p + `]}`, "x"},
		"hardBreak":            {`{"type":"paragraph","content":[` + text + `,{"type":"hardBreak","attrs":{"text":"\n"}},` + text + `]}`, "x\nx"},
		"heading":              {`{"type":"heading","attrs":{"level":3},"content":[` + text + `]}`, "x"},
		"inlineCard":           {`{"type":"paragraph","content":[{"type":"inlineCard","attrs":{"data":{"@type":"Document","name":"Plan","url":"https://example.com/p"}}}]}`, "Plan"},
		"inlineExtension":      {`{"type":"paragraph","content":[{"type":"inlineExtension",` + ext + `,"text":"in"}}]}`, "in"},
		"layoutColumn":         {`{"type":"layoutColumn","attrs":{"width":50},"content":[` + p + `]}`, "x"},
		"layoutSection":        {`{"type":"layoutSection","content":[{"type":"layoutColumn","content":[` + p + `]},{"type":"layoutColumn","content":[` + p + `]}]}`, "x\nx"},
		"listItem":             {`{"type":"listItem","content":[` + p + `]}`, "x"},
		"media":                {`{"type":"media","attrs":{"type":"external","url":"https://example.com/i.png"}}`, "https://example.com/i.png"},
		"mediaGroup":           {`{"type":"mediaGroup","content":[{"type":"media","attrs":{"id":"1","alt":"a.pdf"}},{"type":"media","attrs":{"id":"2","alt":"b.pdf"}}]}`, "a.pdf\nb.pdf"},
		"mediaInline":          {`{"type":"paragraph","content":[` + text + `,{"type":"mediaInline","attrs":{"id":"1","alt":" a.pdf"}}]}`, "x a.pdf"},
		"mediaSingle":          {`{"type":"mediaSingle","content":[{"type":"media","attrs":{"id":"1","type":"file"}}]}`, ""}, // a picture without a name
		"mention":              {`{"type":"paragraph","content":[{"type":"mention","attrs":{"id":"5b10","text":"@Ann"}}]}`, "@Ann"},
		"multiBodiedExtension": {`{"type":"multiBodiedExtension",` + ext + `},"content":[{"type":"extensionFrame","content":[` + p + `]},{"type":"extensionFrame","content":[` + p + `]}]}`, "x\nx"},
		"nestedExpand":         {`{"type":"nestedExpand","attrs":{"title":"More"},"content":[` + p + `]}`, "More\nx"},
		"orderedList":          {`{"type":"orderedList","attrs":{"order":3},"content":[{"type":"listItem","content":[` + p + `]},{"type":"listItem","content":[` + p + `]}]}`, "3. x\n4. x"},
		"panel":                {`{"type":"panel","attrs":{"panelType":"custom","panelIconText":"🔥"},"content":[` + p + `]}`, "x"},
		"paragraph":            {p, "x"},
		"placeholder":          {`{"type":"paragraph","content":[{"type":"placeholder","attrs":{"text":"Type here"}}]}`, ""}, // only an editor shows it
		"rule":                 {`{"type":"rule"}`, "—"},
		"status":               {`{"type":"paragraph","content":[{"type":"status","attrs":{"text":"READY","color":"green"}}]}`, "READY"},
		"syncBlock":            {`{"type":"syncBlock","attrs":{"resourceId":"r","localId":"l"}}`, ""}, // its text is in another document
		"table":                {`{"type":"table","attrs":{"isNumberColumnEnabled":true},"content":[{"type":"tableRow","content":[{"type":"tableHeader","content":[` + p + `]}]},{"type":"tableRow","content":[{"type":"tableCell","content":[` + p + `]}]}]}`, "# | x\n1 | x"},
		"tableCell":            {`{"type":"tableRow","content":[{"type":"tableCell","content":[` + p + `,` + p + `]},{"type":"tableCell","content":[` + p + `]}]}`, "x x | x"},
		"tableHeader":          {`{"type":"tableRow","content":[{"type":"tableHeader","content":[` + p + `]}]}`, "x"},
		"tableRow":             {`{"type":"tableRow","content":[{"type":"tableCell","content":[` + p + `]},{"type":"tableCell","content":[` + p + `]}]}`, "x | x"},
		"taskItem":             {`{"type":"taskList","content":[{"type":"taskItem","attrs":{"state":"TODO"},"content":[` + text + `]}]}`, "☐ x"},
		"taskList":             {`{"type":"taskList","content":[{"type":"taskItem","attrs":{"state":"DONE"},"content":[` + text + `]},{"type":"taskList","content":[{"type":"taskItem","attrs":{"state":"TODO"},"content":[` + text + `]}]}]}`, "☑ x\n   ☐ x"},
		"text":                 {text, "x"},
	}
}

// documentMarks change how text looks, and a reader of plain text does without.
func documentMarks() []string {
	return []string{
		"alignment", "annotation", "backgroundColor", "border", "breakout", "code", "dataConsumer", "em", "fontSize",
		"fragment", "indentation", "link", "strike", "strong", "subsup", "textColor", "underline",
	}
}

func TestDocumentKinds(t *testing.T) {
	t.Parallel()
	for name, kind := range documentKinds() {
		doc := `{"type":"doc","version":1,"content":[` + kind.doc + `]}`
		if !json.Valid([]byte(doc)) {
			t.Fatalf("%s: the sample is not JSON", name)
		}
		if got, cut := jira.DocumentText(json.RawMessage(doc), 1000); got != kind.want || cut {
			t.Errorf("%s: got %q, cut %v, want %q", name, got, cut, kind.want)
		}
	}
	for _, mark := range documentMarks() {
		doc := `{"type":"doc","content":[{"type":"paragraph","content":[{"type":"text","text":"x","marks":[{"type":"` + mark +
			`","attrs":{"href":"https://example.com/","color":"#fff"}}]}]}]}`
		if got, _ := jira.DocumentText(json.RawMessage(doc), 1000); got != "x" {
			t.Errorf("mark %s: got %q, want x", mark, got)
		}
	}
}

// Every type of node and mark that Atlassian's package accepts is one that the
// tests above decide about.
func TestDocumentKindsAreAtlassians(t *testing.T) {
	t.Parallel()
	folder := filepath.Join("..", "connecttest", "interop", "node_modules", "@atlaskit", "adf-schema", "json-schema", "v1")
	_, err := os.Stat(folder)
	switch {
	case err != nil && os.Getenv("SIGHTLINE_TEST_ALL") == "1":
		t.Fatalf("needs the packages of connect/connecttest/interop: %v", err)
	case err != nil:
		t.Skip("npm package @atlaskit/adf-schema is not installed in connect/connecttest/interop")
	}
	for _, file := range []string{"full.json", "stage-0.json"} {
		for _, name := range schemaTypes(t, filepath.Join(folder, file)) {
			_, node := documentKinds()[name]
			if !node && !slices.Contains(documentMarks(), name) {
				t.Errorf("%s has the type %s, which no test decides about", file, name)
			}
		}
	}
}

// schemaTypes are the values of the property type of all definitions of nodes
// and marks.
func schemaTypes(t *testing.T, path string) []string {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var schema struct {
		Definitions map[string]struct {
			Properties struct {
				Type struct {
					Enum []string `json:"enum"`
				} `json:"type"`
			} `json:"properties"`
		} `json:"definitions"`
	}
	if err := json.Unmarshal(data, &schema); err != nil {
		t.Fatal(err)
	}
	var names []string
	for name, d := range schema.Definitions {
		if strings.Contains(name, "_node") || strings.Contains(name, "_mark") {
			names = append(names, d.Properties.Type.Enum...)
		}
	}
	if len(names) < 50 {
		t.Fatalf("%s: got %d types, want more: is its form another?", path, len(names))
	}
	return names
}

// FuzzDocument reads any document: it ends, within its limit, and says so when
// it left something out.
func FuzzDocument(f *testing.F) {
	for _, kind := range documentKinds() {
		f.Add([]byte(`{"type":"doc","version":1,"content":[`+kind.doc+`]}`), 100)
	}
	for _, odd := range []string{
		``, `null`, `"text"`, `[1]`, `{`, `{"type":7,"content":{},"attrs":[]}`, `{"content":[{"content":"x"},{"type":"text","text":"y"}]}`,
		strings.Repeat(`{"content":[`, 300) + strings.Repeat(`]}`, 300),
		`{"type":"orderedList","attrs":{"order":1e400},"content":[{}]}`, `{"type":"date","attrs":{"timestamp":"-1e300"}}`,
	} {
		f.Add([]byte(odd), 10)
	}
	f.Fuzz(func(t *testing.T, doc []byte, most int) {
		text, _ := jira.DocumentText(doc, most)
		if got := len([]rune(text)); got > max(most, 0) {
			t.Errorf("got %d characters, want at most %d", got, most)
		}
	})
}
