package timelog

import (
	"encoding/json"
	"slices"
	"strings"
)

// Comment is what a comment in the Atlassian Document Format says.
type Comment struct {
	Text string
	// Rich says that the document holds more than plain paragraphs: written
	// back as text it would lose that.
	Rich bool
}

// node is a node of a document, as far as its text goes.
// https://developer.atlassian.com/cloud/jira/platform/apis/document/structure/
type node struct {
	Type    string            `json:"type"`
	Text    string            `json:"text"`
	Marks   []json.RawMessage `json:"marks"`
	Attrs   attrs             `json:"attrs"`
	Content []node            `json:"content"`
}

// attrs are the attributes that stand for text.
type attrs struct {
	Text      loose `json:"text"`
	ShortName loose `json:"shortName"`
	URL       loose `json:"url"`
	Title     loose `json:"title"`
	Alt       loose `json:"alt"`
}

// loose is a text; anything else in its place is none.
type loose string

// UnmarshalJSON never fails.
func (l *loose) UnmarshalJSON(data []byte) error {
	var text string
	if json.Unmarshal(data, &text) == nil {
		*l = loose(text)
	}
	return nil
}

// maxDepth bounds how deep a document is read.
const maxDepth = 40

// ReadComment reads a document. What is none has no text, and is rich unless it
// is absent: nothing is known of it.
func ReadComment(doc json.RawMessage) Comment {
	if len(doc) == 0 || string(doc) == "null" {
		return Comment{}
	}
	var text string
	if json.Unmarshal(doc, &text) == nil {
		return Comment{Text: strings.TrimSpace(text)} // version 2 writes plain text
	}
	var root node
	if json.Unmarshal(doc, &root) != nil || root.Type != "doc" {
		return Comment{Rich: true}
	}
	var r reading
	r.block(root, "", 0)
	return Comment{Text: strings.TrimSpace(strings.Join(r.lines, "\n")), Rich: !plain(root)}
}

// plain reports whether a document is paragraphs of bare text.
func plain(root node) bool {
	for _, p := range root.Content {
		if p.Type != "paragraph" || len(p.Marks) > 0 {
			return false
		}
		for _, n := range p.Content {
			if n.Type != "text" && n.Type != "hardBreak" || len(n.Marks) > 0 {
				return false
			}
		}
	}
	return true
}

// reading gathers the lines of a document.
type reading struct{ lines []string }

// block reads a node that holds lines; lead begins its first one.
func (r *reading) block(n node, lead string, depth int) {
	if depth > maxDepth {
		return
	}
	switch n.Type {
	case "paragraph", "heading", "codeBlock", "tableCell", "tableHeader", "caption", "decisionItem", "taskItem":
		if !hasBlocks(n) {
			r.text(lead + inline(n))
			return
		}
	case "listItem":
		lead += "• "
	case "rule":
		r.text("—")
		return
	case "blockCard", "embedCard", "media":
		r.text(lead + leaf(n))
		return
	}
	for i, child := range n.Content {
		if i > 0 && n.Type == "listItem" {
			lead = "  "
		}
		r.block(child, lead, depth+1)
	}
}

func (r *reading) text(text string) { r.lines = append(r.lines, strings.Split(text, "\n")...) }

// hasBlocks reports whether a node holds more than one line's pieces.
func hasBlocks(n node) bool {
	return slices.ContainsFunc(n.Content, func(child node) bool { return len(child.Content) > 0 })
}

func inline(n node) string {
	var b strings.Builder
	for _, child := range n.Content {
		b.WriteString(leaf(child))
	}
	return b.String()
}

// leaf is the text that a node without lines stands for.
func leaf(n node) string {
	switch {
	case n.Type == "hardBreak":
		return "\n"
	case n.Text != "":
		return n.Text
	}
	for _, text := range []loose{n.Attrs.Text, n.Attrs.ShortName, n.Attrs.URL, n.Attrs.Title, n.Attrs.Alt} {
		if text != "" {
			return string(text)
		}
	}
	return ""
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
