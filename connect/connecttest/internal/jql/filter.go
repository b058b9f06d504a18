package jql

import (
	"slices"
	"strings"

	"github.com/sightline-go/sightline/connect/connecttest/internal/world"
)

// filtersNamed are the filters that the caller may see and that a text names, by id
// or by name in any case.
func (e *Env) filtersNamed(name string) []world.Filter {
	return slices.DeleteFunc(e.World.Filters(), func(f world.Filter) bool {
		return f.ID != name && !strings.EqualFold(f.Name, name) || !e.World.SeesFilter(e.Account, f)
	})
}

// bindFilter runs saved queries in place of their names.
func bindFilter(b *binder, c clause) predicate {
	negative := c.op == "!=" || c.op == "NOT IN"
	var kids []predicate
	for _, o := range c.operands {
		if o.kind == isFunction {
			b.noFunction(c, o)
			continue
		}
		found := b.env.filtersNamed(o.text)
		b.mustExist(c, o, idsOf(found))
		for _, f := range found {
			kids = append(kids, b.saved(c, o, f, negative))
		}
	}
	return func(i *world.Issue) bool {
		for _, holds := range kids {
			if holds(i) != negative {
				return !negative
			}
		}
		return negative
	}
}

func idsOf(filters []world.Filter) []string {
	var ids []string
	for _, f := range filters {
		ids = append(ids, f.ID)
	}
	return ids
}

// saved binds a filter's query, unless it comes back to itself.
func (b *binder) saved(c clause, o operand, f world.Filter, negate bool) predicate {
	if slices.Contains(b.within, f.ID) {
		b.fault("Field '%s' with value '%s' matches filter '%s' and causes a cyclical reference, this query can not be executed and should be edited.", clip(c.field), clip(o.text), clip(f.Name))
		return never
	}
	q, err := Parse(f.JQL)
	if err != nil {
		b.fault("%s", strings.Join(messages(err), " "))
		return never
	}
	if q.where == nil {
		return func(*world.Issue) bool { return !negate }
	}
	b.within = append(b.within, f.ID)
	defer func() { b.within = b.within[:len(b.within)-1] }()
	return b.node(q.where, negate)
}
