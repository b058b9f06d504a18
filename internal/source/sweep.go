package source

import (
	"context"
	"errors"
	"iter"
	"slices"
	"sync"

	"golang.org/x/sync/errgroup"

	"github.com/sightline-go/sightline/connect/jira"
	"github.com/sightline-go/sightline/connect/rest"
)

const (
	// headPages are read one after the other before a search is read in another
	// way. A page holds a hundred issues: most searches end there.
	headPages  = 2
	searchPage = 100
	// idPage is how many issues a page holds if only their ids are asked for.
	idPage = 5000
	// fetches is how many calls of one search fetch issues at the same time. More
	// would wait for the tenant's other calls.
	fetches = 8
)

// What a call fetches: a thousand issues if each field has one value, else a
// hundred.
const (
	fetchMany = 1000
	fetchFew  = 100
)

// sweep reads the issues that a search finds. A cursor cannot be split, so page
// after page a search of five thousand issues would wait fifty times. A sweep reads
// two pages; if more follow, it asks for the ids of all, five thousand a page, and
// fetches those that it does not have yet side by side. The ids cost as many points
// of Jira's quota as the issues.
//
// Issues are told apart by their ids: none is used twice. One that is fetched but
// has left its project since is left out, as one is that Jira does not return any
// more.
type sweep struct {
	client *jira.Client
	jql    string
	fields []string // with project
	size   int      // of one fetch
	// most is how many issues can be used: no more ids are collected.
	most    int64
	written []int64
	missing *gap
	// thrifty reads page after page: it takes long, and half the points.
	thrifty bool
	// eager asks for the ids as soon as a page is full, beside the second page: it
	// saves a trip, and costs their points if no third page follows.
	eager bool
	// anywhere says that the issues are of many projects.
	anywhere bool

	ids     <-chan listed // nil: not asked for yet
	mu      sync.Mutex
	seen    map[string]bool // ids
	odd     map[string]bool // keys of what cannot be read
	project string          // id
	full    bool
}

// each uses issue after issue until use returns false.
func (s *sweep) each(ctx context.Context, use func(jira.Issue) bool) error {
	s.seen, s.odd = map[string]bool{}, map[string]bool{}
	s.client = s.client.WithLists(s.tellOnce(s.client.Lists()))
	if s.thrifty {
		return s.walk(s.client.Search.All(ctx, s.options()), use)
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	more, err := s.head(ctx, use)
	if err != nil || !more {
		return err
	}
	ids, err := s.rest(ctx)
	if err = s.missing.cut(ctx, err); err != nil {
		return err
	}
	err = s.fetchAll(ctx, ids, s.still(use))
	if isUnfetchable(err) {
		return s.walk(s.client.Search.All(ctx, s.options()), use)
	}
	return err
}

// tellOnce tells of an issue that cannot be read once, though it is found and then
// fetched.
func (s *sweep) tellOnce(lists rest.ListPolicy) rest.ListPolicy {
	tell := lists.Skip
	lists.Skip = func(u rest.Unreadable) {
		s.mu.Lock()
		again := u.Key != "" && s.odd[u.Key]
		s.odd[u.Key] = true
		s.mu.Unlock()
		if !again {
			tell(u)
		}
	}
	return lists
}

func (s *sweep) options() jira.SearchOptions {
	return jira.SearchOptions{JQL: s.jql, Fields: s.fields, MaxResults: searchPage, ReconcileIssues: s.written}
}

// head reads the first pages and reports whether more follow.
func (s *sweep) head(ctx context.Context, use func(jira.Issue) bool) (more bool, err error) {
	lists := s.client.Lists()
	told := lists.Cut
	lists.Pages = headPages
	lists.Cut = func(e *rest.WalkError) {
		if e.Reason != rest.WalkPages && told != nil {
			told(e)
		}
	}
	used := 0
	err = s.walk(s.client.WithLists(lists).Search.All(ctx, s.options()), func(i jira.Issue) bool {
		if used++; used == searchPage && s.eager {
			s.ids = s.list(ctx)
		}
		return use(i)
	})
	var walk *rest.WalkError
	if errors.As(err, &walk) && walk.Reason == rest.WalkPages {
		return true, nil
	}
	return false, err
}

// walk uses what is new of a list. Several lists may be walked at once.
func (s *sweep) walk(issues iter.Seq2[jira.Issue, error], use func(jira.Issue) bool) error {
	for issue, err := range issues {
		if err != nil {
			return err
		}
		if !s.one(issue, use) {
			return nil
		}
	}
	return nil
}

// one uses an issue unless it was used before, and reports whether more can be
// used.
func (s *sweep) one(issue jira.Issue, use func(jira.Issue) bool) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.project == "" {
		s.project = issue.Fields.Project.ID
	}
	if !s.full && s.isNew(issue.ID) {
		s.full = !use(issue)
	}
	return !s.full
}

// isNew reports whether an issue comes for the first time; one without an id
// cannot be told apart.
func (s *sweep) isNew(id string) bool {
	if id == "" {
		return true
	}
	before := s.seen[id]
	s.seen[id] = true
	return !before
}

// listed are the ids of a search, as far as they could be read.
type listed struct {
	ids []string
	err error
}

// list asks for the ids of all issues, a few more than can be used, so that it is
// noticed.
func (s *sweep) list(ctx context.Context) <-chan listed {
	answer := make(chan listed, 1)
	opts := s.options()
	opts.Fields, opts.MaxResults = nil, idPage
	go func() {
		var out listed
		for issue, err := range s.client.Search.All(ctx, opts) {
			if out.err = err; err != nil || int64(len(out.ids)) > s.most+headPages*searchPage {
				break
			}
			if issue.ID != "" {
				out.ids = append(out.ids, issue.ID)
			}
		}
		answer <- out
	}()
	return answer
}

// rest are the ids of the issues that were not read yet.
func (s *sweep) rest(ctx context.Context) ([]string, error) {
	if s.ids == nil {
		s.ids = s.list(ctx)
	}
	all := <-s.ids
	ids := slices.DeleteFunc(all.ids, func(id string) bool { return s.seen[id] })
	return ids[:min(int64(len(ids)), s.most+1)], all.err
}

// fetchAll fetches issues side by side, in lanes that share the client's bound of
// bytes.
func (s *sweep) fetchAll(ctx context.Context, ids []string, use func(jira.Issue) bool) error {
	calls := (len(ids) + s.size - 1) / s.size
	lanes := max(1, min(calls, fetches))
	lists := s.client.Lists()
	lists.Bytes /= int64(lanes)
	client := s.client.WithLists(lists)
	g, ctx := errgroup.WithContext(ctx)
	for lane := range slices.Chunk(ids, max(1, (calls+lanes-1)/lanes*s.size)) {
		g.Go(func() error {
			return s.walk(client.Issues.FetchAll(ctx, jira.IssueFetchOptions{Issues: lane, Fields: s.fields}), use)
		})
	}
	return g.Wait()
}

// still uses only issues that are still in the project where they were found, if that
// is one.
func (s *sweep) still(use func(jira.Issue) bool) func(jira.Issue) bool {
	return func(i jira.Issue) bool {
		project := i.Fields.Project.ID
		moved := !s.anywhere && project != "" && s.project != "" && project != s.project
		return moved || use(i)
	}
}

// isUnfetchable reports whether Jira does not fetch issues for this caller, who may
// search all the same: Connect wants the right to write for it, and how many issues
// one call may name has changed before.
func isUnfetchable(err error) bool {
	for _, reason := range []error{rest.ErrForbidden, rest.ErrMissingScope, rest.ErrBadRequest, rest.ErrNotFound, rest.ErrMethodNotAllowed, rest.ErrTooLarge} {
		if errors.Is(err, reason) {
			return true
		}
	}
	return false
}
