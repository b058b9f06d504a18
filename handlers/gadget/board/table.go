package board

import (
	"context"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"unicode"

	"github.com/sightline-go/sightline/handlers/edge"
	"github.com/sightline-go/sightline/internal/export"
	"github.com/sightline-go/sightline/internal/lang"
	"github.com/sightline-go/sightline/internal/viewer"
	"github.com/sightline-go/sightline/web"
)

// The calls for taking a view along: its page, and the file.
const (
	CallTable = "table"
	CallFile  = "csv"
)

// CSVType is the media type of the files. https://www.rfc-editor.org/rfc/rfc7111
const CSVType = "text/csv; charset=utf-8"

// NextParam asks for the next piece of a file, in the query.
const NextParam = "next"

// rowsAPiece is how many rows a piece of a file has for a page of Forge.
const rowsAPiece = 500

// Table is what somebody takes along.
type Table struct {
	L     *lang.Language
	Title string
	// Moment is when its numbers were read, in words.
	Moment string
	Notes  []string
	Head   []string
	Rows   [][]export.Cell
	// Page and File are the calls that answer it, about what is in their queries.
	Page, File string
	About      url.Values
}

// FormatOf is how a call wants its numbers: as it says, or as the reader's language
// writes them.
func FormatOf(r *edge.Request, l *lang.Language) (export.Format, error) {
	asked := r.Query(web.FieldFormat)
	if asked == "" {
		return usualFormat(l), nil
	}
	for _, f := range export.Formats() {
		if asked == string(f) {
			return f, nil
		}
	}
	return "", edge.Invalid(web.FieldFormat, lang.ProblemNoSuchChoice)
}

// usualFormat is the format of a language's own numbers.
func usualFormat(l *lang.Language) export.Format {
	if strings.Contains(l.Decimal(0.5), ",") {
		return export.Comma
	}
	return export.Point
}

// Show answers the page for taking a table along, or only its table in another
// format if the call asks for one.
func (t Table) Show(r *edge.Request, at At) error {
	format, err := FormatOf(r, t.L)
	if err != nil {
		return err
	}
	taken := t.taken(format)
	if r.Query(web.FieldFormat) != "" {
		r.Render(http.StatusOK, web.TakenView(taken))
		return nil
	}
	page := web.Export{
		L: t.L, Title: t.Title, Moment: t.Moment, Taken: taken, Name: FileName(t.Title, t.Moment),
		URL: at.With(t.Page, t.About), File: at.With(t.File, t.About),
	}
	labels := map[export.Format]string{export.Point: t.L.Export.Point, export.Comma: t.L.Export.Comma}
	for _, f := range export.Formats() {
		page.Formats = append(page.Formats, web.Option{Value: string(f), Label: labels[f], Selected: f == format})
	}
	r.Render(http.StatusOK, web.ExportView(page))
	return nil
}

func (t Table) taken(format export.Format) web.Taken {
	out := web.Taken{L: t.L, Title: t.Title, Notes: t.Notes, Head: t.Head}
	for _, row := range t.Rows {
		cells := make([]web.TakenCell, len(row))
		for i, c := range row {
			cells[i] = web.TakenCell{Text: c.Shown(format), Copied: c.In(format), Number: c.Counts()}
		}
		out.Rows = append(out.Rows, cells)
	}
	return out
}

// Send answers the table as a file, on Forge in pieces.
func (t Table) Send(r *edge.Request) error {
	format, err := FormatOf(r, t.L)
	if err != nil {
		return err
	}
	if !r.IsForge() {
		return r.File(CSVType, FileName(t.Title, t.Moment), func(w io.Writer) error {
			return WriteRows(w, format, false, t.heading(), t.Rows)
		})
	}
	from, err := strconv.Atoi("0" + r.Query(NextParam))
	if err != nil || from > len(t.Rows) {
		return edge.Refuse(lang.ProblemNotFound)
	}
	to, next := from+rowsAPiece, ""
	if to < len(t.Rows) {
		next = strconv.Itoa(to)
	}
	return Piece(r, format, from > 0, next, t.heading(), t.Rows[from:min(to, len(t.Rows))])
}

// Piece answers a page of Forge with rows.
func Piece(r *edge.Request, format export.Format, part bool, next string, head []export.Cell, rows [][]export.Cell) error {
	var text strings.Builder
	if err := WriteRows(&text, format, part, head, rows); err != nil {
		return err
	}
	r.Piece(text.String(), next)
	return nil
}

// WriteRows writes rows, and before them the heading unless they are a later part of
// a file.
func WriteRows(to io.Writer, format export.Format, part bool, head []export.Cell, rows [][]export.Cell) error {
	w, err := export.NewWriter(to, format, part)
	if err != nil {
		return err
	}
	if !part {
		if err := w.Write(head); err != nil {
			return err
		}
	}
	for _, row := range rows {
		if err := w.Write(row); err != nil {
			return err
		}
	}
	return w.Flush()
}

func (t Table) heading() []export.Cell { return Texts(t.Head...) }

// Texts are cells with texts.
func Texts(list ...string) []export.Cell {
	cells := make([]export.Cell, len(list))
	for i, text := range list {
		cells[i] = export.Text(text)
	}
	return cells
}

// maxName is how many characters of a title a file's name keeps.
const maxName = 80

// FileName is a name that every system takes for a file.
func FileName(title, moment string) string {
	clean := func(r rune) rune {
		if strings.ContainsRune(`/\:*?"<>|%`, r) || unicode.IsControl(r) {
			return '-'
		}
		return r
	}
	name := []rune(strings.Trim(strings.Map(clean, title), " ."))
	name = name[:min(len(name), maxName)]
	return strings.TrimSpace(string(name)+" "+strings.Map(clean, moment)) + ".csv"
}

// MomentOf is when a view's numbers were read, in the viewer's zone.
func MomentOf(v viewer.View) string {
	if v.Zone == nil {
		return v.Language.Moment(v.ReadAt.UTC())
	}
	return v.Language.Moment(v.ReadAt.In(v.Zone))
}

// Exported answers with a table, made for the place and the person of a call.
func Exported(find func(ctx context.Context, at At) (Table, error), answer func(t Table, r *edge.Request, at At) error) Func {
	return func(r *edge.Request, at At) error {
		t, err := find(r.Request.Context(), at)
		if err != nil {
			return err
		}
		return answer(t, r, at)
	}
}

// ShowTable answers the page for taking a table along.
func ShowTable(t Table, r *edge.Request, at At) error { return t.Show(r, at) }

// SendTable answers a table as a file.
func SendTable(t Table, r *edge.Request, _ At) error { return t.Send(r) }
