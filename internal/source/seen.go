package source

import (
	"context"
	"errors"
	"slices"
	"sync"

	"github.com/sightline-go/sightline/connect/jira"
	"github.com/sightline-go/sightline/connect/rest"
	"github.com/sightline-go/sightline/internal/workload"
)

// seenPart reads again what Jira refused with 400, because the reader may not see
// something that the search names, without that.
type seenPart struct {
	reader Reader

	once   sync.Once
	left   workload.Narrowing // what the reader sees of the narrowing
	unseen []string
	some   bool // a field of the narrowing has values left, or had none
	err    error
}

// again reads a part again. A project that the reader may not browse is hidden, one
// where Jira shows nothing of the narrowing is empty. Any other refusal is an error.
func (s *seenPart) again(ctx context.Context, key string, b *budget, p *part, read readPart, refused error) error {
	r := s.reader
	switch {
	case r.Where.IsQuery():
		return r.refused(ctx, p, refused)
	case r.isHidden(ctx, key):
		*p = part{hidden: true}
		return nil
	}
	s.once.Do(func() { s.err = s.look(ctx) })
	switch {
	case s.err != nil:
		return s.err
	case len(s.unseen) == 0:
		return refused
	}
	*p = part{}
	if !s.some {
		return nil
	}
	r.Where.Narrow = s.left
	return read(r, ctx, key, b, p)
}

// look asks which values of the narrowing the reader may not see. Who sees an issue
// sees its values, so that leaving those out finds the same issues.
func (s *seenPart) look(ctx context.Context) error {
	values, queries := s.reader.Where.Narrow.Each()
	if len(queries) == 0 {
		return nil
	}
	parsed, err := s.reader.Jira.JQL.Parse(ctx, jira.ParseStrict, queries)
	if err != nil {
		return err
	}
	gone := map[int]bool{}
	for n, q := range parsed {
		if gone[n] = len(q.Errors) > 0; gone[n] && !slices.Contains(s.unseen, values[n]) {
			s.unseen = append(s.unseen, values[n])
		}
	}
	s.left, s.some = s.reader.Where.Narrow.Without(gone)
	return nil
}

// where is what was read in the end, and what of it the reader may not see.
func (s *seenPart) where() (w workload.Where, unseen []string) {
	w = s.reader.Where
	if len(s.unseen) > 0 && s.some {
		w.Narrow = s.left
	}
	return w, s.unseen
}

// refused finds out why Jira does not run a query or a filter for the reader; the error
// if it does not say.
func (r Reader) refused(ctx context.Context, p *part, refused error) error {
	if r.Where.Filter != "" {
		if _, err := r.Jira.Filters.Get(ctx, r.Where.Filter); errors.Is(err, rest.ErrBadRequest) || errors.Is(err, rest.ErrNotFound) {
			*p = part{noFilter: true}
			return nil
		}
	}
	parsed, err := r.Jira.JQL.Parse(ctx, jira.ParseStrict, []string{r.Where.Open()})
	if err != nil || len(parsed[0].Errors) == 0 {
		return errors.Join(refused, err)
	}
	*p = part{noQuery: parsed[0].Errors}
	return nil
}
