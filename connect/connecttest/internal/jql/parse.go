package jql

import (
	"slices"
	"strings"
)

// maxDepth bounds how deep brackets and NOT may be nested.
const maxDepth = 200

// parser reads one token ahead.
type parser struct {
	lexer
	tok   token
	depth int
}

// Parse reads a query. "" is a query without restriction. Errors are of type
// *Error and name the place.
func Parse(query string) (*Query, error) {
	p := parser{lexer: lexer{src: query}}
	if err := p.advance(); err != nil {
		return nil, err
	}
	q := &Query{}
	var err error
	if p.tok.kind != end && !p.tok.is("ORDER") {
		if q.where, err = p.either(); err != nil {
			return nil, err
		}
	}
	if p.tok.is("ORDER") {
		if q.order, err = p.orderBy(); err != nil {
			return nil, err
		}
	}
	if p.tok.kind != end {
		return nil, p.unexpected("either 'OR' or 'AND'")
	}
	return q, nil
}

func (p *parser) advance() (err error) {
	p.tok, err = p.next()
	return err
}

func (p *parser) unexpected(wanted string) error {
	if p.tok.kind == end {
		return p.fail(p.tok.at, "Expecting %s before the end of the query.", wanted)
	}
	return p.fail(p.tok.at, "Expecting %s but got '%s'.", wanted, clip(p.tok.text))
}

func (p *parser) either() (*node, error) { return p.joined("OR", "||", p.both) }

func (p *parser) both() (*node, error) { return p.joined("AND", "&&", p.not) }

// joined reads one or more parts with the same word between them.
func (p *parser) joined(join, sign string, part func() (*node, error)) (*node, error) {
	first, err := part()
	if err != nil {
		return nil, err
	}
	kids := []*node{first}
	for p.tok.is(join) || p.tok.is(sign) {
		if err := p.advance(); err != nil {
			return nil, err
		}
		kid, err := part()
		if err != nil {
			return nil, err
		}
		kids = append(kids, kid)
	}
	if len(kids) == 1 {
		return first, nil
	}
	return &node{join: join, kids: kids}, nil
}

func (p *parser) not() (*node, error) {
	if p.depth++; p.depth > maxDepth {
		return nil, p.fail(p.tok.at, "The query is nested too deeply.")
	}
	defer func() { p.depth-- }()
	switch {
	case p.tok.is("NOT"), p.tok.is("!"):
		if err := p.advance(); err != nil {
			return nil, err
		}
		kid, err := p.not()
		if err != nil {
			return nil, err
		}
		return &node{join: "NOT", kids: []*node{kid}}, nil
	case p.tok.is("("):
		return p.group()
	}
	return p.comparison()
}

func (p *parser) group() (*node, error) {
	if err := p.advance(); err != nil {
		return nil, err
	}
	n, err := p.either()
	if err != nil {
		return nil, err
	}
	return n, p.expect(")")
}

func (p *parser) expect(s string) error {
	if !p.tok.is(s) {
		return p.unexpected("'" + s + "'")
	}
	return p.advance()
}

func (p *parser) comparison() (*node, error) {
	field, err := p.name("a field name")
	if err != nil {
		return nil, err
	}
	op, err := p.operator()
	if err != nil {
		return nil, err
	}
	n := &node{clause: clause{field: field, op: op}}
	if op == "IN" || op == "NOT IN" {
		return n, p.members(&n.clause)
	}
	o, err := p.operand()
	if (op == "IS" || op == "IS NOT") && err == nil && o.kind != isEmpty {
		return nil, &Error{Messages: []string{"The '" + strings.ToLower(op) + "' operator only takes EMPTY or NULL."}}
	}
	n.clause.operands = []operand{o}
	return n, err
}

// name reads a word that is not reserved, or a quoted text.
func (p *parser) name(what string) (string, error) {
	t := p.tok
	if t.kind != word && t.kind != text {
		return "", p.unexpected(what)
	}
	if t.kind == word && reserved(t.text) {
		return "", p.fail(t.at, "'%s' is a reserved JQL word. You must surround it in quotation marks to use it as %s.", t.text, what)
	}
	return t.text, p.advance()
}

func (p *parser) operator() (string, error) {
	op := strings.ToUpper(p.tok.text)
	known := p.tok.kind == symbol && slices.Contains([]string{"=", "!=", "<", "<=", ">", ">=", "~", "!~"}, op) ||
		p.tok.kind == word && slices.Contains([]string{"IN", "NOT", "IS"}, op)
	if !known {
		return "", p.unexpected("operator")
	}
	if err := p.advance(); err != nil {
		return "", err
	}
	switch {
	case op == "NOT":
		return "NOT IN", p.expect("IN")
	case op == "IS" && p.tok.is("NOT"):
		return "IS NOT", p.advance()
	}
	return op, nil
}

// members reads what IN compares with: a list in brackets, or a function.
func (p *parser) members(c *clause) (err error) {
	if c.listed = p.tok.is("("); c.listed {
		c.operands, err = p.values()
		return err
	}
	at := p.tok
	o, err := p.operand()
	if err == nil && o.kind != isFunction {
		return p.fail(at.at, "Expecting '(' but got '%s'.", clip(at.text))
	}
	c.operands = []operand{o}
	return err
}

// values reads a list in brackets.
func (p *parser) values() ([]operand, error) {
	if err := p.expect("("); err != nil {
		return nil, err
	}
	var list []operand
	for {
		o, err := p.operand()
		if err != nil {
			return nil, err
		}
		list = append(list, o)
		if !p.tok.is(",") {
			return list, p.expect(")")
		}
		if err := p.advance(); err != nil {
			return nil, err
		}
	}
}

func (p *parser) operand() (operand, error) {
	if p.tok.kind == word && (p.tok.is("EMPTY") || p.tok.is("NULL")) {
		return operand{kind: isEmpty}, p.advance()
	}
	name, err := p.name("a value")
	if err != nil || !p.tok.is("(") {
		return operand{text: name}, err
	}
	args, err := p.arguments()
	return operand{kind: isFunction, text: name, args: args}, err
}

func (p *parser) arguments() ([]string, error) {
	if err := p.advance(); err != nil {
		return nil, err
	}
	var args []string
	for !p.tok.is(")") {
		arg, err := p.name("an argument")
		if err != nil {
			return nil, err
		}
		args = append(args, arg)
		if p.tok.is(",") {
			if err := p.advance(); err != nil {
				return nil, err
			}
		} else if !p.tok.is(")") {
			return nil, p.unexpected("')' or ','")
		}
	}
	return args, p.advance()
}

func (p *parser) orderBy() ([]sortKey, error) {
	if err := p.advance(); err != nil {
		return nil, err
	}
	if err := p.expect("BY"); err != nil {
		return nil, err
	}
	var keys []sortKey
	for {
		at := p.tok.at
		field, err := p.name("a field name")
		if err != nil {
			return nil, err
		}
		key := sortKey{field: sortName(field), written: field, desc: p.tok.is("DESC")}
		if key.field == "" {
			return nil, p.fail(at, "Not able to sort using field '%s'.", clip(field))
		}
		if key.given = p.tok.is("ASC") || p.tok.is("DESC"); key.given {
			if err := p.advance(); err != nil {
				return nil, err
			}
		}
		keys = append(keys, key)
		if !p.tok.is(",") {
			return keys, nil
		}
		if err := p.advance(); err != nil {
			return nil, err
		}
	}
}
