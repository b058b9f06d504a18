package export_test

import (
	"errors"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/sightline-go/sightline/internal/export"
)

func TestNumber(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		n            float64
		point, comma string
	}{
		{0, "0", "0"},
		{7, "7", "7"},
		{-3, "-3", "-3"},
		{1234567, "1234567", "1234567"},
		{1.5, "1.5", "1,5"},
		{100, "100", "100"},
		{1.0 / 3, "0.3333", "0,3333"},
		{-0.00001, "0", "0"},
		{1e15, "1000000000000000", "1000000000000000"},
	} {
		if got := export.Point.Number(tt.n); got != tt.point {
			t.Errorf("%v with a point: %q, want %q", tt.n, got, tt.point)
		}
		if got := export.Comma.Number(tt.n); got != tt.comma {
			t.Errorf("%v with a comma: %q, want %q", tt.n, got, tt.comma)
		}
	}
}

func TestGuard(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"":              "",
		"Ada":           "Ada",
		"'quoted'":      "'quoted'",
		"a=b":           "a=b",
		" =1+1":         " =1+1",
		"=1+1":          "'=1+1",
		"+49 30":        "'+49 30",
		"-1":            "'-1",
		"@cmd":          "'@cmd",
		"\t=1":          "'\t=1",
		"\r=1":          "'\r=1",
		"'=1":           "''=1",
		"''@x":          "'''@x",
		"\n=1":          "\n=1",
		"＝1 fullwidth":  "＝1 fullwidth",
		"'":             "'",
		"–1 en dash":    "–1 en dash",
		"2026-11-29":    "2026-11-29",
		"-\u00a0hidden": "'-\u00a0hidden",
	} {
		if got := export.Guard(text); got != want {
			t.Errorf("%q: got %q, want %q", text, got, want)
		}
	}
}

func TestWrite(t *testing.T) {
	t.Parallel()
	rows := [][]export.Cell{
		{export.Text("Person"), export.Text("Open"), export.Text("Note")},
		{export.Text("Moreno, Ada; \"A\""), export.Number(-3), export.Text("")},
		{export.Text("=SUM(A1)"), export.Number(1.5), export.Text("two\r\nlines")},
	}
	want := map[export.Format]string{
		export.Point: "\ufeffPerson,Open,Note\n\"Moreno, Ada; \"\"A\"\"\",-3,\n'=SUM(A1),1.5,\"two\r\nlines\"\n",
		export.Comma: "\ufeffPerson;Open;Note\n\"Moreno, Ada; \"\"A\"\"\";-3;\n'=SUM(A1);1,5;\"two\r\nlines\"\n",
	}
	for _, format := range export.Formats() {
		if diff := cmp.Diff(want[format], write(t, format, rows)); diff != "" {
			t.Errorf("%s (-want +got)\n%s", format, diff)
		}
	}
}

// TestPieces: a file that is put together from pieces is the file in one.
func TestPieces(t *testing.T) {
	t.Parallel()
	rows := [][]export.Cell{{export.Text("a"), export.Text("")}, {export.Text("b"), export.Number(2)}, {export.Text("c\n"), {}}}
	whole := write(t, export.Comma, rows)
	var pieces strings.Builder
	for i, row := range rows {
		w, err := export.NewWriter(&pieces, export.Comma, i > 0)
		if err != nil {
			t.Fatal(err)
		}
		if err := errors.Join(w.Write(row), w.Flush()); err != nil {
			t.Fatal(err)
		}
	}
	if diff := cmp.Diff(whole, pieces.String()); diff != "" {
		t.Error(diff)
	}
}

func write(t *testing.T, format export.Format, rows [][]export.Cell) string {
	t.Helper()
	var b strings.Builder
	w, err := export.NewWriter(&b, format, false)
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range rows {
		if err := w.Write(row); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Flush(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

type full struct{ left int }

func (f *full) Write(p []byte) (int, error) {
	if f.left < len(p) {
		return 0, errFull
	}
	f.left -= len(p)
	return len(p), nil
}

var errFull = errors.New("full")

// TestWriteFails: a file that cannot be written whole is an error, wherever it ends.
func TestWriteFails(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("x", 5000) // more than is held back
	for _, left := range []int{0, 3, 100} {
		to := &full{left}
		w, err := export.NewWriter(to, export.Point, false)
		if err == nil {
			err = errors.Join(w.Write([]export.Cell{export.Text(long)}), w.Write([]export.Cell{{}}), w.Flush())
		}
		if !errors.Is(err, errFull) {
			t.Errorf("with room for %d bytes: %v", left, err)
		}
	}
}

// FuzzCSV writes two rows of any texts and numbers and reads them with a reader of
// its own: one apostrophe taken off, the texts are the originals, byte by byte.
func FuzzCSV(f *testing.F) {
	for _, seed := range []string{"", "=1", "'=1", "a\nb", "a\r\nb", "a\rb", "\"", "\"\"", ",", ";", "\t", "\r", "\n", " ", "\\.", "\ufeff", "\xff", "\x00", "''", "'"} {
		f.Add(seed, "", 0.5, false)
		f.Add("x", seed, -1.0, true)
		f.Add(seed, seed, 1e9, true)
	}
	f.Fuzz(func(t *testing.T, first, last string, n float64, comma bool) {
		if math.IsNaN(n) || math.IsInf(n, 0) {
			t.Skip("no view has such a number")
		}
		format := map[bool]export.Format{true: export.Comma, false: export.Point}[comma]
		rows := [][]export.Cell{
			{export.Text(first), export.Number(n), export.Text(last)},
			{export.Text(last)},
			{export.Number(n), export.Text("")},
		}
		got := readBack(t, write(t, format, rows), map[bool]byte{true: ';', false: ','}[comma])
		number := format.Number(n)
		want := [][]string{{first, number, last}, {last}, {number, ""}}
		if strings.HasPrefix(number, "'") || strings.ContainsAny(number, "eE ") {
			t.Fatalf("%v is written as %q", n, number)
		}
		for i, row := range got {
			for j, cell := range row {
				if strings.HasPrefix(cell, "=") || strings.HasPrefix(cell, "@") || strings.HasPrefix(cell, "+") || strings.HasPrefix(cell, "\t") || strings.HasPrefix(cell, "\r") {
					t.Errorf("cell %d,%d is a formula: %q", i, j, cell)
				}
				if cell != number {
					row[j] = export.Unguard(cell)
				}
			}
		}
		if !slices.EqualFunc(want, got, slices.Equal[[]string]) {
			t.Errorf("got %q, want %q", got, want)
		}
	})
}

// readBack reads RFC 4180 byte by byte. It shares nothing with package encoding/csv,
// whose reader changes line breaks.
func readBack(t *testing.T, text string, separator byte) (rows [][]string) {
	t.Helper()
	rest, marked := strings.CutPrefix(text, "\ufeff")
	if !marked {
		t.Fatalf("no mark: %q", text)
	}
	for row := []string{}; rest != ""; {
		var cell string
		if cell, rest = readCell(t, rest, separator); rest == "" {
			t.Fatalf("the last row does not end: %q", text)
		}
		row = append(row, cell)
		if rest[0] == '\n' {
			rows, row = append(rows, row), []string{}
		}
		rest = rest[1:]
	}
	return rows
}

func readCell(t *testing.T, text string, separator byte) (cell, rest string) {
	t.Helper()
	if text[0] != '"' {
		end := strings.IndexAny(text, string(separator)+"\n")
		return text[:end], text[end:]
	}
	var b strings.Builder
	for i := 1; i < len(text); i++ {
		switch {
		case text[i] != '"':
			b.WriteByte(text[i])
		case i+1 < len(text) && text[i+1] == '"':
			b.WriteByte('"')
			i++
		default:
			return b.String(), text[i+1:]
		}
	}
	t.Fatalf("a cell does not end: %q", text)
	return "", ""
}
