package timelog

import (
	"encoding/json"
	"strings"

	"github.com/sightline-go/sightline/connect/jira"
)

// maxText is how much of a comment's text is read, in characters. It is more
// than Jira accepts.
const maxText = 100_000

// Comment is the text of a comment in the Atlassian Document Format.
type Comment struct {
	Text string
	// Rich says that the document has more than plain paragraphs, which saving
	// it as text would lose.
	Rich bool
}

// ReadComment reads a document. An unreadable one has no text and counts as
// rich; an absent one is empty.
func ReadComment(doc json.RawMessage) Comment {
	if len(doc) == 0 || string(doc) == "null" {
		return Comment{}
	}
	text, cut := jira.DocumentText(doc, maxText)
	return Comment{Text: text, Rich: cut || !isPlain(doc)}
}

// node is the part of a document's node that shows whether it is plain.
// https://developer.atlassian.com/cloud/jira/platform/apis/document/structure/
type node struct {
	Type    string            `json:"type"`
	Marks   []json.RawMessage `json:"marks"`
	Content []node            `json:"content"`
}

// isPlain reports whether a comment is paragraphs of plain text, or the plain
// text of the API's version 2.
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

// doc is a document to write.
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

// WriteComment returns a document of plain text, one paragraph for each line.
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
