package gadget

import (
	"context"
	"errors"
	"io"
	"strings"

	"github.com/sightline-go/sightline/handlers/edge"
	"github.com/sightline-go/sightline/handlers/gadget/board"
	"github.com/sightline-go/sightline/internal/export"
	"github.com/sightline-go/sightline/internal/lang"
	"github.com/sightline-go/sightline/internal/source"
	"github.com/sightline-go/sightline/internal/viewer"
)

// The calls for taking a list of issues along.
const (
	callIssueTable = "issuetable"
	callIssueFile  = "issuecsv"
)

// issueSearch is a list of issues to be read, as the viewer.
type issueSearch struct {
	viewer.Workload
	whose  listed
	jql    string
	reader source.Reader
}

// findIssues is the list that a call is about.
func (w *Workload) findIssues(r *edge.Request, at board.At) (issueSearch, error) {
	found, err := w.workloads.Get(r.Request.Context(), at.Place, false)
	if err != nil {
		return issueSearch{}, err
	}
	whose, known := whoseIssues(found.View, r.Query("account"), r.Query(inParam))
	if !found.View.Configured || !known {
		return issueSearch{}, edge.Refuse(lang.ProblemNotFound)
	}
	j, err := w.Views.Jira(at.Person)
	if err != nil {
		return issueSearch{}, err
	}
	scope := found.View.Scope()
	scope.In, scope.Fits = whose.in, func(jql string) bool { return searchAddress("", jql) != "" }
	return issueSearch{found.View, whose, scope.Open(whose.assignees), source.NewReader(j)}, nil
}

func (s issueSearch) head() []string {
	t := s.Language
	return []string{t.Export.Key, t.Export.Summary, t.Issues.Status, t.Issues.Due, t.Export.Priority, t.Export.Files}
}

// page reads one page of the list as rows, and what asks for the next one. What
// could not be read is said in a row.
func (s issueSearch) page(ctx context.Context, next string) (rows [][]export.Cell, after string, err error) {
	if s.jql == "" {
		return nil, "", nil
	}
	page, err := s.reader.ListPage(ctx, s.jql, next)
	if err != nil {
		return nil, "", err
	}
	for _, i := range page.Issues {
		day := ""
		if !i.Due.IsZero() {
			day = i.Due.String()
		}
		rows = append(rows, append(board.Texts(i.Key, i.Summary, i.Status, day, i.Priority), export.Number(float64(i.Files))))
	}
	for _, note := range board.ListNote(s.Language, board.IssueGap(s.Language, page.Gap)) {
		rows = append(rows, append(board.Texts(note), make([]export.Cell, len(s.head())-1)...))
	}
	return rows, page.Next, nil
}

func (s issueSearch) title() string { return s.Language.Say(s.Language.Issues.Title, s.whose.name) }

// issueTable is the page for taking a list along: it has the first issues, the file
// has all.
func (w *Workload) issueTable(r *edge.Request, at board.At) error {
	s, err := w.findIssues(r, at)
	if err != nil {
		return err
	}
	rows, next, err := s.page(r.Request.Context(), "")
	if err != nil {
		return err
	}
	t := board.Table{
		L: s.Language, Title: s.title(), Moment: board.MomentOf(s.View), Head: s.head(), Rows: rows,
		Page: callIssueTable, File: callIssueFile, About: s.whose.about,
	}
	if next != "" {
		t.Notes = append(t.Notes, s.Language.Count(s.Language.Export.First, len(rows)))
	}
	return t.Show(r, at)
}

var errPages = errors.New("the same page of a list again")

// issueFile is the whole list: one page of Jira's after the other, none of which is
// held longer than it takes to send it.
func (w *Workload) issueFile(r *edge.Request, at board.At) error {
	s, err := w.findIssues(r, at)
	if err != nil {
		return err
	}
	format, err := board.FormatOf(r, s.Language)
	if err != nil {
		return err
	}
	ctx := r.Request.Context()
	if r.IsForge() {
		from := r.Query(board.NextParam)
		rows, next, err := s.page(ctx, from)
		if err != nil {
			return err
		}
		return board.Piece(r, format, from != "", next, board.Texts(s.head()...), rows)
	}
	return r.File(board.CSVType, board.FileName(s.title(), board.MomentOf(s.View)), func(to io.Writer) error {
		return s.stream(ctx, to, format)
	})
}

func (s issueSearch) stream(ctx context.Context, to io.Writer, format export.Format) error {
	for part, next := false, ""; !part || next != ""; part = true {
		rows, after, err := s.page(ctx, next)
		if err != nil {
			return err
		}
		if after != "" && after == next {
			return errPages
		}
		next = after
		var text strings.Builder
		if err := board.WriteRows(&text, format, part, board.Texts(s.head()...), rows); err != nil {
			return err
		}
		if _, err := io.WriteString(to, text.String()); err != nil {
			return err
		}
	}
	return nil
}
