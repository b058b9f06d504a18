package timelog

import (
	"encoding/json"
	"strings"

	"github.com/sightline-go/sightline/connect/jira"
)

// maxText is how much of a comment's text is read, in characters: more than
// Jira takes.
const maxText = 100_000

// Comment is what a comment in the Atlassian Document Format says.
type Comment struct {
	Text string
	// Rich says that the document holds more than plain paragraphs: written
	// back as text it would lose that.
	Rich bool
}

// ReadComment reads a document. What cannot be read has no text, and is rich
// unless it is absent: nothing is known of it.
func ReadComment(doc json.RawMessage) Comment {
	if len(doc) == 0 || string(doc) == "null" {
		return Comment{}
	}
	text, cut := jira.DocumentText(doc, maxText)
	return Comment{Text: text, Rich: cut || !isPlain(doc)}
}

// node is a node of a document, as far as it matters whether it is plain.
// https://developer.atlassian.com/cloud/jira/platform/apis/document/structure/
type node struct {
	Type    string            `json:"type"`
	Marks   []json.RawMessage `json:"marks"`
	Content []node            `json:"content"`
}

// isPlain reports whether a comment is paragraphs of bare text, or the bare text
// of version 2.
func isPlain(raw json.RawMessage) bool {
	var text string
	if json.Unmarshal(raw, &text) == nil {
		return true
	}
	var root node
	if json.Unmarshal(raw, &root) != nil || root.Type != "doc" {
		return false
	}
	for _, p := range root.Content {
		if p.Type != "paragraph" || len(p.Marks) > 0 || !isPlainLine(p.Content) {
			return false
		}
	}
	return true
}

func isPlainLine(content []node) bool {
	for _, n := range content {
		if n.Type != "text" && n.Type != "hardBreak" || len(n.Marks) > 0 {
			return false
		}
	}
	return true
}

// doc is a document as it is written.
type doc struct {
	Type    string      `json:"type"`
	Version int         `json:"version"`
	Content []paragraph `json:"content"`
}

type paragraph struct {
	Type    string     `json:"type"`
	Content []textNode `json:"content"`
}

type textNode struct {
	Type string `json:"type"`
	Text string `json:"text"`
}

// WriteComment makes a document of plain text, a paragraph for each line.
func WriteComment(text string) (json.RawMessage, error) {
	d := doc{Type: "doc", Version: 1, Content: []paragraph{}}
	if text == "" {
		return json.Marshal(d)
	}
	for line := range strings.SplitSeq(text, "\n") {
		p := paragraph{Type: "paragraph", Content: []textNode{}}
		if line != "" {
			p.Content = append(p.Content, textNode{Type: "text", Text: line})
		}
		d.Content = append(d.Content, p)
	}
	return json.Marshal(d)
}
