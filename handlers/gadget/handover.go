package gadget

import (
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"golang.org/x/sync/errgroup"

	"github.com/sightline-go/sightline/connect"
	"github.com/sightline-go/sightline/connect/rest"
	"github.com/sightline-go/sightline/handlers/edge"
	"github.com/sightline-go/sightline/handlers/gadget/board"
	"github.com/sightline-go/sightline/internal/lang"
	"github.com/sightline-go/sightline/internal/source"
	"github.com/sightline-go/sightline/internal/viewer"
	"github.com/sightline-go/sightline/internal/workload"
	"github.com/sightline-go/sightline/web"
)

// The calls that hand issues over and give them back.
const (
	callHandover = "handover"
	callUndo     = "undo"
)

// toNobody is the choice to take issues from whoever has them. No account has this id.
const toNobody = "-"

// handing is a list of which issues are handed over.
type handing struct {
	issueSearch
	at      board.At
	account string
	list    []source.Listed
}

func (w *Workload) handing(r *edge.Request, at board.At) (handing, error) {
	s, err := w.findIssues(r, at)
	if err != nil {
		return handing{}, err
	}
	h := handing{issueSearch: s, at: at, account: r.Query("account")}
	if s.jql != "" {
		h.list, h.whose.gap, err = s.reader.List(r.Request.Context(), s.jql, source.Orders()[0])
	}
	return h, err
}

// handover answers the form that hands a person's issues over.
func (w *Workload) handover(r *edge.Request, at board.At) error {
	h, err := w.handing(r, at)
	if err != nil {
		return err
	}
	r.Render(http.StatusOK, web.HandoverView(h.form(nil, "")))
	return nil
}

func (h handing) form(chosen []string, to string) web.Handover {
	l := h.Language
	out := web.Handover{
		L: l, Person: h.whose.name, Save: h.at.With(callHandover, url.Values{"account": {h.account}}),
		People: h.people(to), Errors: map[string]string{},
	}
	for _, i := range h.list[:min(len(h.list), maxIssues)] {
		out.Issues = append(out.Issues, web.HandedIssue{Key: i.Key, Summary: i.Summary, Chosen: slices.Contains(chosen, i.Key)})
	}
	if len(h.list) > maxIssues || h.whose.gap.Limit {
		out.Note = l.Count(l.Handover.ListedFirst, maxIssues)
	}
	return out
}

// people are those of the view who can work, and nobody. Jira decides for each issue
// whether it can be assigned to them.
func (h handing) people(to string) []web.Option {
	l := h.Language
	list := []web.Option{{Value: "", Label: l.Handover.Choose, Selected: to == ""}}
	for _, row := range h.Summary.Rows {
		if id := row.Person.AccountID; id != h.account && !row.Person.Inactive {
			list = append(list, web.Option{Value: id, Label: row.Person.Name, Selected: id == to})
		}
	}
	slices.SortFunc(list[1:], func(a, b web.Option) int { return strings.Compare(strings.ToLower(a.Label), strings.ToLower(b.Label)) })
	if h.account != "" {
		list = append(list, web.Option{Value: toNobody, Label: l.Handover.Nobody, Selected: to == toNobody})
	}
	return list
}

// handOver changes the assignees in Jira as the person who looks.
func (w *Workload) handOver(r *edge.Request, at board.At) error {
	if err := r.ParseForm(); err != nil {
		return err
	}
	h, err := w.handing(r, at)
	if err != nil {
		return err
	}
	chosen, to := unique(r.Request.PostForm[web.FieldHanded]), r.Request.PostForm.Get(web.FieldTaker)
	form := h.form(chosen, to)
	h.check(chosen, to, form)
	if len(form.Errors) > 0 {
		r.Render(http.StatusUnprocessableEntity, web.HandoverView(form))
		return nil
	}
	return w.change(r, h, viewer.Handover{Issues: chosen, From: connect.AccountID(h.account), To: takerOf(to)}, false)
}

func takerOf(to string) connect.AccountID {
	if to == toNobody {
		return ""
	}
	return connect.AccountID(to)
}

func unique(keys []string) []string {
	keys = slices.Clone(keys)
	slices.Sort(keys)
	return slices.Compact(keys)
}

func (h handing) check(chosen []string, to string, form web.Handover) {
	t := h.Language.Handover
	switch {
	case len(chosen) == 0 || slices.ContainsFunc(chosen, func(key string) bool { return !workload.IsIssueKey(key) }):
		form.Errors[web.FieldHanded] = t.NoIssue
	case len(chosen) > viewer.MaxHandedOver:
		form.Errors[web.FieldHanded] = h.Language.Count(t.Many, viewer.MaxHandedOver)
	}
	if to == "" || !slices.ContainsFunc(form.People, func(o web.Option) bool { return o.Value == to }) {
		form.Errors[web.FieldTaker] = t.NoTo
	}
}

// undo gives issues back that were just handed over, as far as whoever got them still
// has them.
func (w *Workload) undo(r *edge.Request, at board.At) error {
	h, err := w.handing(r, at)
	if err != nil {
		return err
	}
	keys := unique(strings.Split(r.Query("issues"), ","))
	bad := slices.ContainsFunc(keys, func(key string) bool { return !workload.IsIssueKey(key) })
	if bad || len(keys) > viewer.MaxHandedOver || r.Query("to") != toNobody && !board.IsAccountID(r.Query("to")) {
		return edge.Refuse(lang.ProblemNotFound)
	}
	return w.change(r, h, viewer.Handover{Issues: keys, From: takerOf(r.Query("to")), To: connect.AccountID(h.account)}, true)
}

// change hands over and answers the list as it is now. The whole view is read anew as
// well, so that it is ready when the person goes back.
func (w *Workload) change(r *edge.Request, h handing, what viewer.Handover, back bool) error {
	ctx := r.Request.Context()
	done, err := w.Views.HandOver(ctx, h.at.Person, what)
	if err != nil && len(done.Done) == 0 {
		if errors.Is(err, rest.ErrNotFound) {
			return edge.Because(lang.ProblemNotFound, err)
		}
		return err
	}
	if len(done.Done) > 0 {
		w.Views.Changed(h.at.Tenant.ID, "")
	}
	h.reader.Written = done.Written
	g, asked := errgroup.WithContext(ctx)
	g.Go(func() error {
		if len(done.Done) > 0 {
			_ = w.workloads.Reread(asked, h.at.Place, done.Written) // the error shows when the person goes back
		}
		return nil
	})
	g.Go(func() (err error) {
		if h.jql != "" {
			h.list, h.whose.gap, err = h.reader.List(asked, h.jql, source.Orders()[0])
		}
		return err
	})
	if err := g.Wait(); err != nil {
		return err
	}
	r.Render(http.StatusOK, web.IssueListView(h.changed(what, done, back)))
	return nil
}

// changed is the list after a change, with what became of it.
func (h handing) changed(what viewer.Handover, done viewer.HandedOver, back bool) web.IssueList {
	l := h.Language
	out := presentIssues(h.issueSearch, h.at, peek{order: source.Orders()[0], by: groupings(l)[0]}, h.list)
	about := url.Values{"account": {h.account}}
	out.URL, out.Export = h.at.With("person", about), h.at.With(callIssueTable, about)
	if len(h.list) > 0 {
		out.Handover = h.at.With(callHandover, about)
	}
	if n := len(done.Done); n > 0 {
		out.Saved = h.said(what, n, back)
	}
	if len(done.Done) > 0 && !back {
		to := string(what.To)
		if to == "" {
			to = toNobody
		}
		about.Set("to", to)
		about.Set("issues", strings.Join(done.Done, ","))
		out.Undo = h.at.With(callUndo, about)
	}
	if len(done.Kept) > 0 {
		out.Notes = append(out.Notes, l.Say(l.Handover.Kept, strings.Join(done.Kept, ", ")))
	}
	if len(done.Refused) > 0 {
		out.Notes = append(out.Notes, l.Say(l.Handover.Refused, strings.Join(done.Refused, ", ")))
	}
	return out
}

func (h handing) said(what viewer.Handover, n int, back bool) string {
	l := h.Language
	switch {
	case back:
		return l.Count(l.Handover.Undone, n)
	case what.To == "":
		return l.Count(l.Handover.DoneNobody, n)
	}
	name := string(what.To)
	if row, known := h.Workload.Row(name); known {
		name = row.Person.Name
	}
	return l.Count(l.Handover.Done, n, name)
}
