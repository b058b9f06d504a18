package jira

import (
	"encoding/json"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// maxDocumentDepth is how deep a document is read; deeper parts are left out.
const maxDocumentDepth = 60

// DocumentText returns the text of a document in the Atlassian Document Format, or
// of the plain string that version 2 gives. Blocks stand on lines of their own,
// list items are marked, and people, files and links appear by their names. The
// text ends after most characters; cut reports whether there was more. A document
// that cannot be read has no text.
// https://developer.atlassian.com/cloud/jira/platform/apis/document/structure/
func DocumentText(doc json.RawMessage, most int) (text string, cut bool) {
	var plain string
	if json.Unmarshal(doc, &plain) == nil {
		return cutText(strings.TrimSpace(plain), most)
	}
	var root documentNode
	if json.Unmarshal(doc, &root) != nil {
		return "", false
	}
	w := documentWriter{most: 4*most + 64} // bytes: what is cut here is cut below too
	w.block(root, "", 0)
	return cutText(strings.TrimSpace(w.text.String()), most)
}

func cutText(text string, most int) (string, bool) {
	if utf8.RuneCountInString(text) <= most {
		return text, false
	}
	runes := []rune(text)
	return strings.TrimSpace(string(runes[:max(0, most)])), true
}

// documentNode is one node; those of other kinds have only children.
type documentNode struct {
	Type    string         `json:"type"`
	Text    string         `json:"text"`
	Content []documentNode `json:"content"`
	Attrs   documentAttrs  `json:"attrs"`
}

// documentAttrs are the attributes of all kinds of nodes that are read. Their
// types vary, so each is read by itself.
type documentAttrs map[string]json.RawMessage

func (a documentAttrs) text(names ...string) string {
	for _, name := range names {
		var text string
		if json.Unmarshal(a[name], &text) == nil && text != "" {
			return text
		}
	}
	return ""
}

type documentWriter struct {
	text strings.Builder
	most int
}

func (w *documentWriter) full() bool { return w.text.Len() > w.most }

// block writes a node that fills lines; indent precedes each line after the
// first.
func (w *documentWriter) block(n documentNode, indent string, depth int) {
	if depth > maxDocumentDepth || w.full() {
		return
	}
	switch n.Type {
	case "paragraph", "heading", "codeBlock", "caption", "decisionItem", "taskItem":
		w.inline(n, depth)
	case "bulletList", "taskList", "decisionList":
		w.items(n, indent, depth, func(int) string { return "• " })
	case "orderedList":
		w.items(n, indent, depth, func(i int) string { return strconv.Itoa(i+1) + ". " })
	case "tableRow":
		w.join(n, " | ", indent, depth)
	case "rule":
		w.text.WriteString("—")
	case "expand", "nestedExpand":
		if title := n.Attrs.text("title"); title != "" {
			w.text.WriteString(title + "\n" + indent)
		}
		w.join(n, "\n"+indent, indent, depth)
	default:
		if len(n.Content) == 0 {
			w.inlineNode(n, depth)
			return
		}
		w.join(n, "\n"+indent, indent, depth)
	}
}

func (w *documentWriter) join(n documentNode, between, indent string, depth int) {
	for i, child := range n.Content {
		if i > 0 {
			w.text.WriteString(between)
		}
		w.block(child, indent, depth+1)
	}
}

func (w *documentWriter) items(n documentNode, indent string, depth int, mark func(int) string) {
	for i, item := range n.Content {
		if i > 0 {
			w.text.WriteString("\n" + indent)
		}
		w.text.WriteString(mark(i))
		w.block(item, indent+"   ", depth+1)
	}
}

func (w *documentWriter) inline(n documentNode, depth int) {
	for _, child := range n.Content {
		w.inlineNode(child, depth+1)
	}
}

func (w *documentWriter) inlineNode(n documentNode, depth int) {
	if depth > maxDocumentDepth || w.full() {
		return
	}
	switch n.Type {
	case "hardBreak":
		w.text.WriteByte('\n')
	case "date":
		w.text.WriteString(documentDate(n.Attrs.text("timestamp")))
	case "media", "mediaInline":
		w.text.WriteString(n.Attrs.text("alt"))
	case "text":
		w.text.WriteString(n.Text)
	default: // mention, emoji, status, cards
		w.text.WriteString(n.Attrs.text("text", "shortName", "url"))
		w.inline(n, depth)
	}
}

// documentDate is a day out of milliseconds, as the format keeps it.
func documentDate(timestamp string) string {
	ms, err := strconv.ParseInt(timestamp, 10, 64)
	if err != nil {
		return ""
	}
	return time.UnixMilli(ms).UTC().Format(time.DateOnly)
}
