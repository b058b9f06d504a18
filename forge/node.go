package forge

import (
	"iter"

	"go.yaml.in/yaml/v4"
)

// node is a place in a YAML document. One that is not there is absent and
// answers every question with nothing.
type node struct{ n *yaml.Node }

// parse reads the first document of a YAML text, or a JSON one.
func parse(data []byte) (node, error) {
	var n yaml.Node
	if err := yaml.Load(data, &n); err != nil {
		return node{}, err
	}
	return node{&n}.plain(), nil
}

// plain is what the node stands for: a document's content, an alias' anchor.
func (n node) plain() node {
	switch {
	case n.n == nil:
		return n
	case n.n.Kind == yaml.DocumentNode && len(n.n.Content) > 0:
		return node{n.n.Content[0]}.plain()
	case n.n.Kind == yaml.AliasNode:
		return node{n.n.Alias}.plain()
	}
	return n
}

func (n node) absent() bool  { return n.n == nil || n.n.Kind == 0 || n.n.Tag == "!!null" }
func (n node) isMap() bool   { return n.n != nil && n.n.Kind == yaml.MappingNode }
func (n node) isList() bool  { return n.n != nil && n.n.Kind == yaml.SequenceNode }
func (n node) isText() bool  { return n.n != nil && n.n.Kind == yaml.ScalarNode && n.n.Tag != "!!null" }

// fields are the keys and values of a mapping, in their order.
func (n node) fields() iter.Seq2[node, node] {
	return func(yield func(node, node) bool) {
		if !n.isMap() {
			return
		}
		for i := 0; i+1 < len(n.n.Content); i += 2 {
			if !yield(node{n.n.Content[i]}, node{n.n.Content[i+1]}.plain()) {
				return
			}
		}
	}
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
	return node{}
}

// key is the key of a field, which carries the comments above it.
func (n node) key(name string) node {
	for key := range n.fields() {
		if key.text() == name {
			return key
		}
	}
	return node{}
}

// items are the parts of a list.
func (n node) items() []node {
	if !n.isList() {
		return nil
	}
	list := make([]node, 0, len(n.n.Content))
	for _, c := range n.n.Content {
		list = append(list, node{c}.plain())
	}
	return list
}

func (n node) item(i int) node {
	if items := n.items(); i < len(items) {
		return items[i]
	}
	return node{}
}

// text is a scalar as it is written.
func (n node) text() string {
	if !n.isText() {
		return ""
	}
	return n.n.Value
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
