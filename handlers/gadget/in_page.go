package gadget

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strings"

	"github.com/a-h/templ"

	"github.com/sightline-go/sightline/connect"
	"github.com/sightline-go/sightline/handlers/edge"
	"github.com/sightline-go/sightline/internal/lang"
	"github.com/sightline-go/sightline/internal/pageread"
	"github.com/sightline-go/sightline/web"
)

const (
	// readCall is the name of the call that brings what a page has read.
	readCall = "read"
	// readsParam has the id of a page that can read, in the query of its calls.
	readsParam = "reads"
	// maxPageID is how long such an id may be.
	maxPageID = 40
)

// pageRead tells a page what to read in Jira, and what to do with the answers.
type pageRead struct {
	// Path is the address of what is shown then, To the one that takes the answers.
	Path string          `json:"path"`
	To   string          `json:"to"`
	Want []pageread.Want `json:"want"`
	// Headers are those of Jira's answers that are handed over, Drop the members of
	// their JSON that are not.
	Headers []string `json:"headers"`
	Drop    []string `json:"drop"`
}

// unread are members of Jira's answers that no view reads.
func unread() []string {
	return []string{
		"self", "expand", "iconUrl", "16x16", "32x32", "48x48", "emailAddress", "description", "colorName", "projectTypeKey", "simplified",
		"groups", "applicationRoles", "comment", "updateAuthor", "timeSpent", "visibility",
	}
}

// onPage is a call of a page that can read: its id, what it has brought, and the
// address of what it shows.
type onPage struct{ page, answers, path string }

// readsInPage reports whether the views of a call are read in the page that makes
// it.
func (s *Gadgets) readsInPage(r *edge.Request, it item) bool {
	id := r.Query(readsParam)
	return id != "" && len(id) <= maxPageID && !it.forge.edits && s.InPage(it.Tenant)
}

// forgeHandle serves a call; what it shows of a view is read in the page if that
// can read. A call that changes something is served as ever.
func (s *Gadgets) forgeHandle(r *edge.Request, it item, h itemFunc) error {
	if r.Request.Method != http.MethodGet || !s.readsInPage(r, it) {
		return h(r, it)
	}
	return s.inPage(r, it, onPage{page: r.Query(readsParam), path: s.calledPath(r)}, h)
}

// calledPath is the address of a call as its page knows it, without what says that
// it can read.
func (s *Gadgets) calledPath(r *edge.Request) string {
	path := strings.TrimPrefix(r.Request.URL.Path, s.Edge.Path(""))
	var kept []string
	for part := range strings.SplitSeq(r.Request.URL.RawQuery, "&") {
		if part != "" && !strings.HasPrefix(part, readsParam+"=") {
			kept = append(kept, part)
		}
	}
	if len(kept) == 0 {
		return path
	}
	return path + "?" + strings.Join(kept, "&")
}

// freshPath is the address of a view's fresh numbers.
func freshPath(path string) string {
	switch {
	case strings.Contains(path, "fresh=1"):
		return path
	case strings.Contains(path, "?"):
		return path + "&fresh=1"
	}
	return path + "?fresh=1"
}

// inPage serves a call whose view is read in the page. If there is something to
// read first, the answer says what, and the page calls again.
func (s *Gadgets) inPage(r *edge.Request, it item, on onPage, h itemFunc) error {
	of := pageread.Viewer{Tenant: it.Tenant.ID, Generation: it.Tenant.Generation, Account: it.Account}
	ctx, call, err := s.Pages.Begin(r.Request.Context(), of, pageread.Part{Page: on.page, Answers: on.answers})
	switch {
	case errors.Is(err, pageread.ErrBusy):
		return h(r, it) // the server reads
	case err != nil:
		return edge.Because(lang.ProblemIncomplete, err)
	}
	defer call.End()
	it.Page, it.forge.call, it.forge.path = call.Client(), call, on.path
	restore := r.Within(ctx)
	err = h(r, it)
	restore()
	if read, ok := it.toRead(on.path, err); ok {
		r.ReadFirst(read)
		r.AnswerRead()
		return nil
	}
	return err
}

// toRead is what the page is to read, if that ended the work with an error.
func (it item) toRead(path string, err error) (pageRead, bool) {
	if !errors.Is(err, context.Canceled) {
		return pageRead{}, false
	}
	want, parked := it.forge.call.Wants()
	return pageRead{Path: path, To: it.Call(readCall), Want: want, Headers: pageread.Headers(), Drop: unread()}, parked
}

// firstInPage is a page's first content when the page reads: the view if it is
// known, else a placeholder. It never waits for Jira, but a while for what another
// page of the viewer's is reading.
func (s *Gadgets) firstInPage(r *edge.Request, it item) error {
	ctx := r.Request.Context()
	defer it.forge.call.Within(s.Views.Patience.FirstLook)()
	path := freshPath(it.forge.path)
	body, err := s.body(ctx, it, false)
	if err == nil {
		// Old numbers: what newer ones need comes with them.
		newer, failed := s.body(ctx, it, true)
		if failed == nil {
			body = newer
		} else if read, ok := it.toRead(path, failed); ok {
			r.ReadFirst(read)
		}
	} else if read, ok := it.toRead(path, err); ok {
		l := r.Language()
		r.ReadFirst(read)
		body, err = web.LoadingView(l, it.gadget.Title(l)), nil
	}
	if err != nil {
		return err
	}
	s.renderWhole(r, body)
	return nil
}

// renderWhole renders though the page's call has ended its context.
func (s *Gadgets) renderWhole(r *edge.Request, body templ.Component) {
	defer r.Within(context.WithoutCancel(r.Request.Context()))()
	r.Render(http.StatusOK, body)
}

// forgeReader serves the call that brings what a page has read. It goes on with
// the call that the page makes for what it shows.
func (s *Gadgets) forgeReader(g Gadget, module connect.ForgeModule, at string) edge.Endpoint {
	reads := s.reads(g)
	return s.Edge.ForgeReader(s.forgeServe(g, at, func(r *edge.Request, it item) error {
		part := r.Part()
		address, err := url.Parse(part.Path)
		if err != nil || len(part.Page) > maxPageID {
			return edge.Refuse(lang.ProblemIncomplete)
		}
		name, ours := strings.CutPrefix(address.Path, at)
		h := reads[strings.TrimPrefix(name, "/")]
		if !ours || h == nil || address.Host != "" || it.forge.edits {
			return edge.Refuse(lang.ProblemNotFound)
		}
		r.Request.URL.RawQuery = address.RawQuery // nobody has looked at this call's own
		return s.inPage(r, it, onPage{page: part.Page, answers: part.Answers, path: part.Path}, h)
	}), module)
}

// reads are the calls of a gadget's page that show something of a view.
func (s *Gadgets) reads(g Gadget) map[string]itemFunc {
	reads := map[string]itemFunc{"": s.forgeFirst, "view": s.view}
	for _, c := range g.Calls() {
		if c.Method == http.MethodGet {
			reads[c.Name] = func(r *edge.Request, it item) error { return c.Serve(r, it.At) }
		}
	}
	return reads
}
