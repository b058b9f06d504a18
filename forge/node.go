package forge

import (
	"fmt"
	"iter"
	"slices"
	"strconv"

	"go.yaml.in/yaml/v4"
)

// node is a place in a YAML document. One that is not there is absent and
// answers every question with nothing; it still knows where it would be.
type node struct {
	n    *yaml.Node
	path string
	near int // the line of what it would be in
}

// parse reads the first document of a YAML text, or a JSON one. One whose
// aliases have no end is an [endlessError].
func parse(data []byte) (node, error) {
	var n yaml.Node
	if err := yaml.Load(data, &n); err != nil {
		return node{}, err
	}
	root := node{n: plain(&n)}
	if at, ok := endless(root, nil, new(int)); ok {
		return node{}, &endlessError{at}
	}
	return root, nil
}

// endlessError is a document whose aliases have no end.
type endlessError struct{ at node }

func (*endlessError) Error() string { return "the aliases have no end" }

// mostParts bounds a document, with each alias as long as what it stands for.
const mostParts = 100_000

// endless finds an alias inside of what it stands for, or aliases of aliases
// that come to more than anybody would write.
func endless(n node, above []*yaml.Node, parts *int) (node, bool) {
	*parts++
	if *parts > mostParts || slices.Contains(above, n.n) {
		return n, true
	}
	above = append(above, n.n)
	for _, value := range n.fields() {
		if at, ok := endless(value, above, parts); ok {
			return at, true
		}
	}
	for _, item := range n.items() {
		if at, ok := endless(item, above, parts); ok {
			return at, true
		}
	}
	return node{}, false
}

// plain is what a node stands for: a document's content, an alias' anchor.
func plain(n *yaml.Node) *yaml.Node {
	switch {
	case n.Kind == yaml.DocumentNode && len(n.Content) > 0:
		return plain(n.Content[0])
	case n.Kind == yaml.AliasNode && n.Alias != nil:
		return plain(n.Alias)
	}
	return n
}

func (n node) absent() bool  { return n.n == nil || n.n.Kind == 0 || n.n.Tag == "!!null" }
func (n node) present() bool { return !n.absent() }
func (n node) isMap() bool   { return n.n != nil && n.n.Kind == yaml.MappingNode }
func (n node) isList() bool  { return n.n != nil && n.n.Kind == yaml.SequenceNode }
func (n node) isText() bool  { return n.n != nil && n.n.Kind == yaml.ScalarNode && n.n.Tag != "!!null" }

// line is where it is in the text; of what is absent, where it would be.
func (n node) line() int {
	if n.n == nil {
		return n.near
	}
	return n.n.Line
}

// in is a part of the node; its line is 0 where the document was not read.
func (n node) in(part *yaml.Node, path string) node {
	return node{n: part, path: path, near: n.line()}
}

// fields are the keys and values of a mapping, in their order.
func (n node) fields() iter.Seq2[node, node] {
	return func(yield func(node, node) bool) {
		if !n.isMap() {
			return
		}
		for i := 0; i+1 < len(n.n.Content); i += 2 {
			key, path := n.n.Content[i], n.pathOf(n.n.Content[i].Value)
			if !yield(n.in(key, path), n.in(plain(n.n.Content[i+1]), path)) {
				return
			}
		}
	}
}

func (n node) pathOf(name string) string {
	if n.path == "" {
		return name
	}
	return n.path + "." + name
}

// get goes down by keys.
func (n node) get(path ...string) node {
	for _, name := range path {
		n = n.field(name)
	}
	return n
}

func (n node) field(name string) node {
	for key, value := range n.fields() {
		if key.text() == name {
			return value
		}
	}
	return n.in(nil, n.pathOf(name))
}

// key is the key of a field, which carries the comments above it.
func (n node) key(name string) node {
	for key := range n.fields() {
		if key.text() == name {
			return key
		}
	}
	return n.in(nil, n.pathOf(name))
}

// items are the parts of a list.
func (n node) items() []node {
	if !n.isList() {
		return nil
	}
	list := make([]node, 0, len(n.n.Content))
	for i, c := range n.n.Content {
		list = append(list, n.in(plain(c), fmt.Sprintf("%s[%d]", n.path, i)))
	}
	return list
}

func (n node) item(i int) node {
	if items := n.items(); i < len(items) {
		return items[i]
	}
	return n.in(nil, fmt.Sprintf("%s[%d]", n.path, i))
}

// text is a scalar as it is written.
func (n node) text() string {
	if !n.isText() {
		return ""
	}
	return n.n.Value
}

// isTrue reports whether the node is the boolean true.
func (n node) isTrue() bool {
	yes, err := strconv.ParseBool(n.text())
	return err == nil && yes
}

// texts are a list's scalars.
func (n node) texts() []string {
	var list []string
	for _, item := range n.items() {
		if item.isText() {
			list = append(list, item.text())
		}
	}
	return list
}

// beside puts a comment behind a value, above one before a key.
func (n node) beside(text string) {
	if n.n != nil {
		n.n.LineComment = "# " + text
	}
}

func (n node) above(text string) {
	if n.n != nil {
		n.n.HeadComment = "# " + text
	}
}
