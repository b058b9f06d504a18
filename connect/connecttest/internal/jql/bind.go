package jql

import (
	"fmt"
	"slices"
	"strings"

	"github.com/sightline-go/sightline/connect/connecttest/internal/world"
)

// predicate tells whether an issue satisfies a part of a query.
type predicate func(*world.Issue) bool

// binder turns nodes into predicates and collects what is wrong with them.
type binder struct {
	env      *Env
	messages []string
	within   []string // ids of the filters whose queries are being bound
}

func (b *binder) fault(format string, args ...any) {
	message := fmt.Sprintf(format, args...)
	if !slices.Contains(b.messages, message) && len(b.messages) < 50 {
		b.messages = append(b.messages, message)
	}
}

// node binds a part; negate is whether it stands under an odd number of NOTs.
func (b *binder) node(n *node, negate bool) predicate {
	switch n.join {
	case "NOT":
		return b.node(n.kids[0], !negate)
	case "":
		return b.clause(n.clause, negate)
	}
	kids := make([]predicate, 0, len(n.kids))
	for _, k := range n.kids {
		kids = append(kids, b.node(k, negate))
	}
	stop := (n.join == "OR") != negate
	return func(i *world.Issue) bool {
		for _, holds := range kids {
			if holds(i) == stop {
				return stop
			}
		}
		return !stop
	}
}

// opposite is the operator under NOT.
func opposite(op string) string {
	pairs := []string{"=", "!=", "IN", "NOT IN", "IS", "IS NOT", "<", ">=", ">", "<=", "~", "!~"}
	i := slices.Index(pairs, op)
	return pairs[i^1]
}

// Groups of operators that a field may support.
const (
	membership = " = != IN NOT IN "
	equality   = membership + "IS IS NOT "
	ordering   = " < <= > >= "
	matching   = " ~ !~ IS IS NOT "
)

func orders(op string) bool { return strings.Contains(ordering, " "+op+" ") }

// clause binds a comparison by its field.
func (b *binder) clause(c clause, negate bool) predicate {
	f, ok := b.env.named(c.field)
	if !ok {
		b.fault("Field '%s' does not exist or you do not have permission to view it.", clip(c.field))
		return never
	}
	if !strings.Contains(f.operators, " "+c.op+" ") {
		b.fault("The operator '%s' is not supported by the '%s' field.", strings.ToLower(c.op), clip(c.field))
		return never
	}
	if orders(c.op) && c.operands[0].kind == isEmpty {
		b.fault("The operator '%s' does not support searching for EMPTY values in the field '%s'.", c.op, clip(c.field))
		return never
	}
	if c.op == "=" || c.op == "!=" {
		b.single(c)
	}
	if negate {
		c.op = opposite(c.op)
	}
	return f.bind(b, c)
}

// single refuses a function that stands for a list where one value is compared.
func (b *binder) single(c clause) {
	if o := c.operands[0]; o.kind == isFunction && isList(o.text) {
		b.fault("Operator '%s' does not support the list value '%s' for field '%s'.", c.op, clip(o.String()), clip(c.field))
	}
}

func never(*world.Issue) bool { return false }

// set is what a list of operands stands for.
type set struct {
	values map[string]bool
	empty  bool // EMPTY is one of them
}

// set resolves the operands; resolve returns the values that a text names.
func (b *binder) set(c clause, resolve func(*binder, clause, operand) []string) set {
	s := set{values: map[string]bool{}}
	for _, o := range c.operands {
		if o.kind == isEmpty {
			s.empty = true
			continue
		}
		for _, v := range resolve(b, c, o) {
			s.values[v] = true
		}
	}
	return s
}

// test compares one value, "" for none. No negative comparison holds for a
// missing value.
func (s set) test(op, value string) bool {
	if op == "=" || op == "IN" || op == "IS" {
		return s.values[value] || s.empty && value == ""
	}
	return value != "" && !s.values[value]
}

// noFunction says that the field does not take the function, or that it does
// not exist.
func (b *binder) noFunction(c clause, o operand) {
	if knownFunction(o.text) {
		b.fault("The function '%s' can not be used with the field '%s'.", clip(o.text), clip(c.field))
		return
	}
	b.fault("Unable to find JQL function '%s(%s)'.", clip(o.text), clip(strings.Join(o.args, ", ")))
}

func (b *binder) noValue(c clause, o operand) {
	b.fault("The value '%s' does not exist for the field '%s'.", clip(o.text), clip(c.field))
}
