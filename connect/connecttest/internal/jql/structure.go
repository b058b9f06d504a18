package jql

import (
	"slices"
	"strings"

	"github.com/sightline-go/sightline/connect/connecttest/internal/world"
)

// Tree is a query as a tree, in the shape of Jira's API.
type Tree struct {
	Where   any        `json:"where,omitempty"`
	OrderBy *orderTree `json:"orderBy,omitempty"`
}

type orderTree struct {
	Fields []orderField `json:"fields"`
}

type orderField struct {
	Field     fieldName `json:"field"`
	Direction string    `json:"direction,omitempty"`
}

type fieldName struct {
	Name    string `json:"name"`
	Encoded string `json:"encodedName"`
}

type compound struct {
	Clauses  []any  `json:"clauses"`
	Operator string `json:"operator"`
}

type comparisonTree struct {
	Field    fieldName `json:"field"`
	Operator string    `json:"operator"`
	Operand  any       `json:"operand"`
}

type valueOperand struct {
	Value   string `json:"value"`
	Encoded string `json:"encodedValue"`
}

type functionOperand struct {
	Function  string   `json:"function"`
	Arguments []string `json:"arguments"`
	Encoded   string   `json:"encodedOperand"`
}

type keywordOperand struct {
	Keyword string `json:"keyword"`
}

type listOperand struct {
	Values  []any  `json:"values"`
	Encoded string `json:"encodedOperand"`
}

// Tree shows how the query was understood.
func (q *Query) Tree() Tree {
	var t Tree
	if q.where != nil {
		t.Where = q.where.tree()
	}
	if len(q.order) > 0 {
		t.OrderBy = &orderTree{}
	}
	for _, k := range q.order {
		f := orderField{Field: nameTree(k.written)}
		if k.given {
			f.Direction = map[bool]string{true: "desc", false: "asc"}[k.desc]
		}
		t.OrderBy.Fields = append(t.OrderBy.Fields, f)
	}
	return t
}

func nameTree(name string) fieldName { return fieldName{name, Quote(name)} }

func (n *node) tree() any {
	if n.join == "" {
		return n.clause.tree()
	}
	out := compound{Operator: strings.ToLower(n.join)}
	for _, k := range n.kids {
		out.Clauses = append(out.Clauses, k.tree())
	}
	return out
}

func (c clause) tree() comparisonTree {
	out := comparisonTree{Field: nameTree(c.field), Operator: strings.ToLower(c.op)}
	if c.op == "!~" { // the specification's spelling
		out.Operator = "~="
	}
	if c.op != "IN" && c.op != "NOT IN" || len(c.operands) == 1 && !c.listed {
		out.Operand = c.operands[0].tree()
		return out
	}
	list := listOperand{}
	var written []string
	for _, o := range c.operands {
		list.Values = append(list.Values, o.tree())
		written = append(written, o.String())
	}
	list.Encoded = "(" + strings.Join(written, ", ") + ")"
	out.Operand = list
	return out
}

func (o operand) tree() any {
	switch o.kind {
	case isEmpty:
		return keywordOperand{"empty"}
	case isFunction:
		return functionOperand{o.text, append([]string{}, o.args...), o.String()}
	}
	return valueOperand{o.text, Quote(o.text)}
}

// String writes the operand as a query has it.
func (o operand) String() string {
	switch o.kind {
	case isEmpty:
		return "EMPTY"
	case isFunction:
		var args []string
		for _, a := range o.args {
			args = append(args, Quote(a))
		}
		return o.text + "(" + strings.Join(args, ", ") + ")"
	}
	return Quote(o.text)
}

// Check finds out whether the caller can run the query: its fields, operators,
// functions and values exist for them. Errors are of type *Error.
func (q *Query) Check(e Env) error {
	_, err := q.bind(&e)
	return err
}

// String writes the query.
func (q *Query) String() string {
	var parts []string
	if q.where != nil {
		parts = append(parts, q.where.String())
	}
	for i, k := range q.order {
		part := Quote(k.written)
		if k.given {
			part += map[bool]string{true: " DESC", false: " ASC"}[k.desc]
		}
		if i == 0 {
			part = "ORDER BY " + part
		} else {
			parts[len(parts)-1] += ","
		}
		parts = append(parts, part)
	}
	return strings.Join(parts, " ")
}

// String writes the part, with brackets around parts that are joined.
func (n *node) String() string {
	if n.join == "" {
		return n.clause.String()
	}
	var kids []string
	for _, k := range n.kids {
		text := k.String()
		if k.join == "OR" || k.join == "AND" && n.join != "OR" {
			text = "(" + text + ")"
		}
		kids = append(kids, text)
	}
	if n.join == "NOT" {
		return "NOT " + kids[0]
	}
	return strings.Join(kids, " "+n.join+" ")
}

// String writes the comparison.
func (c clause) String() string {
	var operands []string
	for _, o := range c.operands {
		operands = append(operands, o.String())
	}
	text := strings.Join(operands, ", ")
	if c.listed {
		text = "(" + text + ")"
	}
	return Quote(c.field) + " " + strings.ToLower(c.op) + " " + text
}

// Sanitize puts ids in the place of the names of projects, components, versions,
// sprints and filters that the account of the environment may not see, so that the
// query can be shown to them.
func (q *Query) Sanitize(e Env) *Query {
	out := &Query{order: q.order}
	if q.where != nil {
		out.where = q.where.sanitized(&e)
	}
	return out
}

func (n *node) sanitized(e *Env) *node {
	out := &node{join: n.join, clause: n.clause}
	for _, k := range n.kids {
		out.kids = append(out.kids, k.sanitized(e))
	}
	out.clause.operands = slices.Clone(n.clause.operands)
	for i, o := range out.clause.operands {
		if id := e.hidden(n.clause.field, o); id != "" {
			out.clause.operands[i].text = id
		}
	}
	return out
}

// hidden is the id of what an operand names and the caller does not see, else "".
func (e *Env) hidden(fieldName string, o operand) string {
	f, known := e.named(fieldName)
	if !known || o.kind != isValue {
		return ""
	}
	same := func(name string) bool { return strings.EqualFold(name, o.text) }
	switch f.names[0] {
	case "project":
		for _, p := range e.World.Projects() {
			if (same(p.Key) || same(p.Name)) && !e.sees(p.Key) {
				return p.ID
			}
		}
	case "component":
		for _, c := range e.World.Components("") {
			if same(c.Name) && len(component(&binder{env: e}, clause{}, o)) == 0 {
				return c.ID
			}
		}
	case "fixVersion":
		for _, v := range e.World.Versions("") {
			if same(v.Name) && len(version(&binder{env: e}, clause{}, o)) == 0 {
				return v.ID
			}
		}
	case "filter":
		return e.hiddenFilter(same)
	}
	return ""
}

func (e *Env) hiddenFilter(same func(string) bool) string {
	i := slices.IndexFunc(e.World.Filters(), func(f world.Filter) bool { return same(f.Name) && !e.World.SeesFilter(e.Account, f) })
	if i < 0 {
		return ""
	}
	return e.World.Filters()[i].ID
}
