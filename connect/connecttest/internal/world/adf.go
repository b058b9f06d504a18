package world

import (
	"encoding/json"
	"strings"
)

// node is one node of a document in Atlassian Document Format,
// https://developer.atlassian.com/cloud/jira/platform/apis/document/structure/.
type node struct {
	Type    string `json:"type"`
	Version int    `json:"version,omitempty"`
	Text    string `json:"text,omitempty"`
	Content []node `json:"content,omitempty"`
}

// Document makes a document of plain text, a paragraph for each line; "" makes
// nil.
func Document(text string) json.RawMessage {
	if text == "" {
		return nil
	}
	doc := node{Type: "doc", Version: 1}
	for line := range strings.SplitSeq(text, "\n") {
		p := node{Type: "paragraph"}
		if line != "" {
			p.Content = []node{{Type: "text", Text: line}}
		}
		doc.Content = append(doc.Content, p)
	}
	raw, err := json.Marshal(doc)
	if err != nil {
		return nil
	}
	return raw
}

// ValidDocument tells whether raw is a document that Jira accepts.
func ValidDocument(raw json.RawMessage) bool {
	var doc node
	return json.Unmarshal(raw, &doc) == nil && doc.Type == "doc" && doc.Version == 1
}

// PlainText returns a document's text, a line for each paragraph.
func PlainText(raw json.RawMessage) string {
	var doc node
	if len(raw) == 0 || json.Unmarshal(raw, &doc) != nil {
		return ""
	}
	lines := make([]string, 0, len(doc.Content))
	for _, block := range doc.Content {
		var b strings.Builder
		block.write(&b)
		lines = append(lines, b.String())
	}
	return strings.Join(lines, "\n")
}

func (n node) write(b *strings.Builder) {
	if n.Type == "hardBreak" {
		b.WriteByte('\n')
	}
	b.WriteString(n.Text)
	for _, child := range n.Content {
		child.write(b)
	}
}
