package gadget

import (
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
	callTable = "table"
	callFile  = "csv"
)

// csvType is the media type of the files. https://www.rfc-editor.org/rfc/rfc7111
const csvType = "text/csv; charset=utf-8"

// nextParam asks for the next piece of a file, in the query.
const nextParam = "next"

// rowsAPiece is how many rows a piece of a file has for a page of Forge.
const rowsAPiece = 500

// table is what somebody takes along.
type table struct {
	l     *lang.Language
	title string
	// moment is when its numbers were read, in words.
	moment string
	notes  []string
	head   []string
	rows   [][]export.Cell
	// page and file are the calls that answer it, about what is in their queries.
	page, file string
	about      url.Values
}

// formatOf is how a call wants its numbers: as it says, or as the reader's language
// writes them.
func formatOf(r *edge.Request, l *lang.Language) (export.Format, error) {
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

// show answers the page for taking a table along, or only its table in another
// format if the call asks for one.
func (t table) show(r *edge.Request, at At) error {
	format, err := formatOf(r, t.l)
	if err != nil {
		return err
	}
	taken := t.taken(format)
	if r.Query(web.FieldFormat) != "" {
		r.Render(http.StatusOK, web.TakenView(taken))
		return nil
	}
	page := web.Export{
		L: t.l, Title: t.title, Moment: t.moment, Taken: taken, Name: fileName(t.title, t.moment),
		URL: at.With(t.page, t.about), File: at.With(t.file, t.about),
	}
	labels := map[export.Format]string{export.Point: t.l.Export.Point, export.Comma: t.l.Export.Comma}
	for _, f := range export.Formats() {
		page.Formats = append(page.Formats, web.Option{Value: string(f), Label: labels[f], Selected: f == format})
	}
	r.Render(http.StatusOK, web.ExportView(page))
	return nil
}

func (t table) taken(format export.Format) web.Taken {
	out := web.Taken{L: t.l, Title: t.title, Notes: t.notes, Head: t.head}
	for _, row := range t.rows {
		cells := make([]web.TakenCell, len(row))
		for i, c := range row {
			cells[i] = web.TakenCell{Text: c.Shown(format), Copied: c.In(format), Number: c.Counts()}
		}
		out.Rows = append(out.Rows, cells)
	}
	return out
}

// send answers the table as a file, on Forge in pieces.
func (t table) send(r *edge.Request) error {
	format, err := formatOf(r, t.l)
	if err != nil {
		return err
	}
	if !r.IsForge() {
		return r.File(csvType, fileName(t.title, t.moment), func(w io.Writer) error {
			return writeRows(w, format, false, t.heading(), t.rows)
		})
	}
	from, err := strconv.Atoi("0" + r.Query(nextParam))
	if err != nil || from > len(t.rows) {
		return edge.Refuse(lang.ProblemNotFound)
	}
	to, next := from+rowsAPiece, ""
	if to < len(t.rows) {
		next = strconv.Itoa(to)
	}
	return piece(r, format, from > 0, next, t.heading(), t.rows[from:min(to, len(t.rows))])
}

// piece answers a page of Forge with rows.
func piece(r *edge.Request, format export.Format, part bool, next string, head []export.Cell, rows [][]export.Cell) error {
	var text strings.Builder
	if err := writeRows(&text, format, part, head, rows); err != nil {
		return err
	}
	r.Piece(text.String(), next)
	return nil
}

// writeRows writes rows, and before them the heading unless they are a later part of
// a file.
func writeRows(to io.Writer, format export.Format, part bool, head []export.Cell, rows [][]export.Cell) error {
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

func (t table) heading() []export.Cell { return texts(t.head...) }

func texts(list ...string) []export.Cell {
	cells := make([]export.Cell, len(list))
	for i, text := range list {
		cells[i] = export.Text(text)
	}
	return cells
}

// maxName is how many characters of a title a file's name keeps.
const maxName = 80

// fileName is a name that every system takes for a file.
func fileName(title, moment string) string {
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

// momentOf is when a view's numbers were read, in the viewer's zone.
func momentOf(v viewer.View) string {
	if v.Zone == nil {
		return v.Language.Moment(v.ReadAt.UTC())
	}
	return v.Language.Moment(v.ReadAt.In(v.Zone))
}
