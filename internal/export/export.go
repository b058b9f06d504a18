// Package export writes tables for spreadsheets: as CSV, and as cells that are
// copied from a page.
//
// A spreadsheet takes a text that begins with one of a few characters for a
// formula, whoever wrote it. Such a text gets an apostrophe before it ([Guard]);
// numbers never do, so that one can go on counting with them.
package export

import (
	"encoding/csv"
	"fmt"
	"io"
	"strconv"
	"strings"
)

// mark begins a file, so that spreadsheets read it as UTF-8.
const mark = "\ufeff"

// Format is how numbers are written, and with it what separates cells.
type Format string

// The formats.
const (
	Point Format = "point" // 1234.5, and a comma between cells
	Comma Format = "comma" // 1234,5, and a semicolon between cells
)

// Formats are all formats.
func Formats() []Format { return []Format{Point, Comma} }

func (f Format) separator() rune {
	if f == Comma {
		return ';'
	}
	return ','
}

// Number writes a number with at most four decimals and no thousands separator.
func (f Format) Number(n float64) string {
	text := strconv.FormatFloat(n, 'f', 4, 64)
	text = strings.TrimSuffix(strings.TrimRight(text, "0"), ".")
	if text == "-0" {
		return "0"
	}
	if f == Comma {
		return strings.Replace(text, ".", ",", 1)
	}
	return text
}

// Cell is one cell of a table. The zero Cell is empty.
type Cell struct {
	text   string
	number float64
	counts bool
}

// Text is a cell of text.
func Text(s string) Cell { return Cell{text: s} }

// Number is a cell with a number.
func Number(n float64) Cell { return Cell{number: n, counts: true} }

// Counts reports whether the cell is a number.
func (c Cell) Counts() bool { return c.counts }

// In is the cell as a spreadsheet is given it: a number, or a guarded text.
func (c Cell) In(f Format) string {
	if c.counts {
		return f.Number(c.number)
	}
	return Guard(c.text)
}

// Shown is the cell as people read it: like In, without a guard.
func (c Cell) Shown(f Format) string {
	if c.counts {
		return f.Number(c.number)
	}
	return c.text
}

// formula are the characters with which a spreadsheet lets a formula begin.
const formula = "=+-@\t\r"

// Guard puts an apostrophe before a text that a spreadsheet might take for a
// formula, also if apostrophes stand before it already: [Unguard] then gives back
// every text as it was.
func Guard(text string) string {
	if isFormula(text) {
		return "'" + text
	}
	return text
}

// Unguard takes the apostrophe off that Guard has put before a text.
func Unguard(text string) string {
	if rest, guarded := strings.CutPrefix(text, "'"); guarded && isFormula(rest) {
		return rest
	}
	return text
}

func isFormula(text string) bool {
	rest := strings.TrimLeft(text, "'")
	return rest != "" && strings.IndexByte(formula, rest[0]) >= 0
}

// Writer writes a table as CSV, row by row: RFC 4180 with lines that end in LF,
// because that is how texts of several lines survive as they are.
// https://www.rfc-editor.org/rfc/rfc4180
type Writer struct {
	to     io.Writer
	csv    *csv.Writer
	format Format
}

// NewWriter begins a table: a whole file, which begins with a mark, or with part a
// later piece of one.
func NewWriter(to io.Writer, format Format, part bool) (*Writer, error) {
	if !part {
		if _, err := io.WriteString(to, mark); err != nil {
			return nil, fmt.Errorf("begin table: %w", err)
		}
	}
	w := csv.NewWriter(to)
	w.Comma = format.separator()
	return &Writer{to: to, csv: w, format: format}, nil
}

// Write writes one row. What is written may wait for [Writer.Flush].
func (w *Writer) Write(row []Cell) error {
	texts := make([]string, len(row))
	for i, c := range row {
		texts[i] = c.In(w.format)
	}
	if len(texts) == 1 && texts[0] == "" {
		return w.lone()
	}
	if err := w.csv.Write(texts); err != nil {
		return fmt.Errorf("write row: %w", err)
	}
	return nil
}

// lone writes a row of one empty cell: an empty line would be no row.
func (w *Writer) lone() error {
	if err := w.Flush(); err != nil {
		return err
	}
	if _, err := io.WriteString(w.to, "\"\"\n"); err != nil {
		return fmt.Errorf("write row: %w", err)
	}
	return nil
}

// Flush sends all that was written.
func (w *Writer) Flush() error {
	w.csv.Flush()
	if err := w.csv.Error(); err != nil {
		return fmt.Errorf("write rows: %w", err)
	}
	return nil
}
