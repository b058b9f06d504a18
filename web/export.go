package web

import (
	"github.com/a-h/templ"

	"github.com/sightline-go/sightline/internal/lang"
)

// Export is what a view shows, for taking it along: a table to copy or to print, and
// the address of a file.
type Export struct {
	L       *lang.Language
	Title   string // heads the table, also on paper
	Moment  string // of which the numbers are; "" leaves it out
	Formats []Option
	URL     string // GET, answers [TakenView] in the format of its query
	File    string // GET, answers the file in the format of its query
	Name    string // of the file
	Taken   Taken
}

// FieldFormat is the name of the field that chooses how numbers are written.
const FieldFormat = "format"

// Taken is a table as it is taken along.
type Taken struct {
	L     *lang.Language
	Title string
	Notes []string // what the table leaves out
	Head  []string
	Rows  [][]TakenCell
}

// TakenCell is a cell as people read it, and as it is copied into a spreadsheet if
// that differs.
type TakenCell struct {
	Text, Copied string
	Number       bool
}

// The most that one page of paper holds, in columns upright and in rows of two sizes.
const (
	maxUpright = 12
	maxRows    = 34
	maxDense   = 66
)

func (t Taken) wide() bool  { return len(t.Head) > maxUpright }
func (t Taken) dense() bool { return len(t.Rows) > maxRows && len(t.Rows) <= maxDense }

// counts reports whether a column holds numbers.
func (t Taken) counts(i int) bool {
	return len(t.Rows) > 0 && i < len(t.Rows[0]) && t.Rows[0][i].Number
}

func (c TakenCell) copied() templ.Attributes {
	if c.Copied == c.Text {
		return nil
	}
	return templ.Attributes{"data-copied": c.Copied}
}
