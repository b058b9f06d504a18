package userquery

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// SyntaxError says where a text stops being a query.
type SyntaxError struct {
	// Pos is the position in characters, from 1.
	Pos int
	// Problem says what is wrong at that position.
	Problem string
}

// Error gives position and problem.
func (e *SyntaxError) Error() string {
	return fmt.Sprintf("user query, character %d: %s", e.Pos, e.Problem)
}

// Is matches [ErrInvalid].
func (e *SyntaxError) Is(target error) bool { return target == ErrInvalid }

// Parse reads a query. A text that is not a query is a [*SyntaxError].
func Parse(text string) (Query, error) {
	p := &parser{text: text}
	if !utf8.ValidString(text) {
		return Query{}, p.problem("not UTF-8")
	}
	q, err := p.query()
	if err != nil {
		return Query{}, err
	}
	return q, nil
}

type parser struct {
	text string
	at   int // in bytes
}

func (p *parser) query() (Query, error) {
	q := Query{Any: [][]Term{nil}}
	for {
		term, err := p.term()
		if err != nil {
			return q, err
		}
		last := len(q.Any) - 1
		q.Any[last] = append(q.Any[last], term)
		p.space()
		if p.at == len(p.text) {
			return q, nil
		}
		switch {
		case p.keyword("AND"):
		case p.keyword("OR"):
			q.Any = append(q.Any, nil)
		default:
			return q, p.expected("AND, OR or the end")
		}
	}
}

func (p *parser) term() (Term, error) {
	p.space()
	if p.symbol("[") {
		return p.value()
	}
	if p.keyword("is") {
		return p.role()
	}
	return nil, p.expected(`"is" or "["`)
}

func (p *parser) role() (Term, error) {
	p.space()
	kind := Kind(p.peek())
	if !kind.known() {
		return nil, p.expected("a role such as assignee")
	}
	p.at += len(kind)
	p.space()
	if !p.keyword("of") {
		return nil, p.expected(`"of"`)
	}
	p.space()
	r := Role{Kind: kind}
	if p.symbol("(") {
		err := p.issues(&r)
		return r, err
	}
	r.Project = p.peek()
	switch {
	case issueKey.MatchString(r.Project):
		return nil, p.problem("issue keys are written in parentheses")
	case !projectKey.MatchString(r.Project):
		return nil, p.expected("a project key or issue keys in parentheses")
	}
	p.at += len(r.Project)
	return r, nil
}

func (p *parser) issues(r *Role) error {
	for {
		p.space()
		key := p.peek()
		if !issueKey.MatchString(key) {
			return p.expected("an issue key")
		}
		r.Issues = append(r.Issues, key)
		p.at += len(key)
		p.space()
		if p.symbol(")") {
			return nil
		}
		if !p.symbol(",") {
			return p.expected(`"," or ")"`)
		}
	}
}

func (p *parser) value() (Term, error) {
	end := strings.IndexByte(p.text[p.at:], ']')
	if end < 0 {
		return nil, p.problem(`"[" without "]"`)
	}
	v := Value{Key: p.text[p.at : p.at+end]}
	if n := utf8.RuneCountInString(v.Key); n == 0 || n > maxKey {
		return nil, p.problem(fmt.Sprintf("a property key has 1 to %d characters", maxKey))
	}
	p.at += end + 1
	for p.symbol(".") {
		name := p.peek()
		if name == "" {
			return nil, p.expected("a name")
		}
		v.Path = append(v.Path, name)
		p.at += len(name)
	}
	if len(v.Path) == 0 {
		return nil, p.expected(`"." and a name`)
	}
	p.space()
	if !p.keyword("is") {
		return nil, p.expected(`"is"`)
	}
	p.space()
	err := p.quoted(&v)
	return v, err
}

func (p *parser) quoted(v *Value) error {
	if !p.symbol(`"`) {
		return p.expected("a text in quotation marks")
	}
	start := p.at
	var b strings.Builder
	for p.at < len(p.text) {
		c := p.text[p.at]
		p.at++
		switch c {
		case '"':
			v.Text = b.String()
			return nil
		case '\\':
			if !strings.HasPrefix(p.text[p.at:], `"`) && !strings.HasPrefix(p.text[p.at:], `\`) {
				return p.expected(`a quotation mark or a backslash after "\"`)
			}
			c = p.text[p.at]
			p.at++
		}
		b.WriteByte(c)
	}
	p.at = start
	return p.problem("the quotation mark is not closed")
}

func (p *parser) space() {
	p.at = len(p.text) - len(strings.TrimLeft(p.text[p.at:], " \t\r\n"))
}

// peek returns the word that comes next, empty if it is something else.
func (p *parser) peek() string {
	rest := p.text[p.at:]
	end := strings.IndexFunc(rest, func(r rune) bool {
		return r != '_' && r != '$' && r != '-' && !unicode.IsLetter(r) && !unicode.IsNumber(r)
	})
	if end < 0 {
		return rest
	}
	return rest[:end]
}

func (p *parser) keyword(word string) bool {
	if p.peek() != word {
		return false
	}
	p.at += len(word)
	return true
}

func (p *parser) symbol(s string) bool {
	if !strings.HasPrefix(p.text[p.at:], s) {
		return false
	}
	p.at += len(s)
	return true
}

func (p *parser) expected(what string) error {
	return p.problem("expected " + what)
}

func (p *parser) problem(text string) error {
	return &SyntaxError{Pos: utf8.RuneCountInString(p.text[:p.at]) + 1, Problem: text}
}
