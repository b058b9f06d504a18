package jira

import (
	"encoding/json"
	"errors"
	"strconv"
	"strings"
	"unicode/utf8"
)

const (
	// maxIndents is how many levels of lists move their text to the right.
	maxIndents = 20
	// maxDocumentText is the most text that is kept of a document, in
	// characters, whatever the caller asks for.
	maxDocumentText = 1 << 24
)

// DocumentText returns the text of a document in the Atlassian Document Format, or
// of the plain string that version 2 gives, as a person reads it in Jira: blocks
// on lines of their own, list items marked and indented, people, files and links
// by their names. Marks (bold, colours, a link's address) are left out, and so is
// an editor's placeholder, which readers do not see. Of a node that is not known
// its text is kept.
//
// The text ends after most characters; cut reports whether there was more. A
// document that cannot be read has no text, and is cut.
// https://developer.atlassian.com/cloud/jira/platform/apis/document/structure/
func DocumentText(doc json.RawMessage, most int) (text string, cut bool) {
	most = min(max(most, 0), maxDocumentText)
	var plain string
	if json.Unmarshal(doc, &plain) == nil {
		return cutText(strings.TrimSpace(plain), most)
	}
	var root documentNode
	if err := json.Unmarshal(doc, &root); !readable(err) || err != nil && root.isEmpty() {
		return "", len(doc) > 0
	}
	w := documentWriter{most: 4*most + 64} // bytes: what is cut here is cut below too
	w.block(root, "\n")
	text, cut = cutText(strings.TrimSpace(w.text.String()), most)
	return text, cut || w.full()
}

// readable reports whether the document could be read but for values of an
// unexpected type, which encoding/json leaves out.
func readable(err error) bool {
	var odd *json.UnmarshalTypeError
	return err == nil || errors.As(err, &odd)
}

func cutText(text string, most int) (string, bool) {
	if utf8.RuneCountInString(text) <= most {
		return text, false
	}
	runes := []rune(text)
	return strings.TrimSpace(string(runes[:most])), true
}

// documentNode is one node. How deep nodes may lie in each other is limited by
// encoding/json.
type documentNode struct {
	Type    string         `json:"type"`
	Text    string         `json:"text"`
	Content []documentNode `json:"content"`
	Attrs   documentAttrs  `json:"attrs"`
}

func (n documentNode) isEmpty() bool { return n.Type == "" && n.Text == "" && len(n.Content) == 0 }

type documentWriter struct {
	text strings.Builder
	most int
}

func (w *documentWriter) full() bool { return w.text.Len() > w.most }

// write writes text with br for each line break in it: a line break and an
// indent, or in a table's cell a space.
func (w *documentWriter) write(text, br string) {
	if !w.full() {
		w.text.WriteString(strings.ReplaceAll(text, "\n", br))
	}
}

// block writes a node that fills lines.
func (w *documentWriter) block(n documentNode, br string) {
	if w.full() {
		return
	}
	switch n.Type {
	case "paragraph", "heading", "codeBlock", "caption":
		w.inline(n, br)
	case "bulletList", "orderedList", "taskList", "decisionList":
		w.list(n, br)
	case "table":
		w.table(n, br)
	case "tableRow":
		w.row(n, br)
	case "rule", "bodiedRule":
		w.rule(n, br)
	case "expand", "nestedExpand":
		w.write(n.Attrs.text("title"), br)
		if n.Attrs.text("title") != "" && len(n.Content) > 0 {
			w.write("\n", br)
		}
		w.blocks(n, br)
	default:
		if len(n.Content) == 0 {
			w.inlineNode(n, br)
			return
		}
		w.blocks(n, br)
	}
}

// blocks writes a node's children. Text that stands among blocks stays on one
// line.
func (w *documentWriter) blocks(n documentNode, br string) {
	for i, child := range n.Content {
		if i > 0 && (!isInline(child) || !isInline(n.Content[i-1])) {
			w.write("\n", br)
		}
		w.block(child, br)
	}
}

// list writes a list's items, each after its mark. A list that stands directly in
// a list, as sublists of tasks do, is indented and has no mark.
func (w *documentWriter) list(n documentNode, br string) {
	number := n.Attrs.order()
	for i, item := range n.Content {
		if i > 0 {
			w.write("\n", br)
		}
		if isList(item) {
			w.write(strings.TrimPrefix(indented(br), br), br)
			w.block(item, indented(br))
			continue
		}
		w.write(itemMark(n.Type, item, number), br)
		number++
		w.block(item, indented(br))
	}
}

// itemMark is what stands before an item of a list.
func itemMark(list string, item documentNode, number int64) string {
	switch {
	case list == "orderedList":
		return strconv.FormatInt(number, 10) + ". "
	case list == "decisionList", item.Type == "decisionItem":
		return "◆ "
	case item.Type != "taskItem" && item.Type != "blockTaskItem":
		return "• "
	case item.Attrs.text("state") == "DONE":
		return "☑ "
	}
	return "☐ "
}

// table writes a table's rows on lines of their own, numbered if Jira numbers
// them: a first row of headings is not counted.
func (w *documentWriter) table(n documentNode, br string) {
	numbered := n.Attrs.yes("isNumberColumnEnabled")
	number := 1
	for i, row := range n.Content {
		if i > 0 {
			w.write("\n", br)
		}
		switch {
		case !numbered:
		case i == 0 && isHeading(row):
			w.write("# | ", br)
		default:
			w.write(strconv.Itoa(number)+" | ", br)
			number++
		}
		w.block(row, br)
	}
}

// row writes a row's cells on one line.
func (w *documentWriter) row(n documentNode, br string) {
	for i, cell := range n.Content {
		if i > 0 {
			w.write(" | ", br)
		}
		w.block(cell, " ")
	}
}

func (w *documentWriter) rule(n documentNode, br string) {
	w.write("—", br)
	for _, child := range n.Content {
		w.write(" ", br)
		w.block(child, br)
	}
}

func (w *documentWriter) inline(n documentNode, br string) {
	for _, child := range n.Content {
		w.inlineNode(child, br)
	}
}

func (w *documentWriter) inlineNode(n documentNode, br string) {
	if w.full() {
		return
	}
	switch n.Type {
	case "placeholder": // only an editor shows it
	case "text":
		w.write(n.Text, br)
	case "hardBreak":
		w.write("\n", br)
	case "date":
		w.write(n.Attrs.date(), br)
	case "mention":
		w.write(n.Attrs.mention(), br)
	case "inlineCard", "blockCard", "embedCard":
		w.write(n.Attrs.card(), br)
	default: // emoji, status, media, extensions, and what is not known
		w.write(n.Attrs.text("text", "shortName", "alt", "title", "url"), br)
		w.write(n.Text, br)
		w.blocks(n, br)
	}
}

// indented is the line break of an item's further lines.
func indented(br string) string {
	const step = "   "
	if !strings.HasPrefix(br, "\n") || len(br) > maxIndents*len(step) {
		return br
	}
	return br + step
}

func isList(n documentNode) bool {
	switch n.Type {
	case "bulletList", "orderedList", "taskList", "decisionList":
		return true
	}
	return false
}

func isInline(n documentNode) bool {
	switch n.Type {
	case "text", "hardBreak", "date", "emoji", "inlineCard", "inlineExtension", "mediaInline", "mention", "placeholder", "status":
		return true
	}
	return false
}

func isHeading(row documentNode) bool {
	for _, cell := range row.Content {
		if cell.Type != "tableHeader" {
			return false
		}
	}
	return len(row.Content) > 0
}
