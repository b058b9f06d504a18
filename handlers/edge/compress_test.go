package edge

import (
	"bytes"
	"compress/gzip"
	"context"
	"io"
	"strings"
	"testing"

	"github.com/a-h/templ"
)

func literal(text string) templ.Component {
	return templ.ComponentFunc(func(_ context.Context, w io.Writer) error {
		_, err := io.WriteString(w, text)
		return err
	})
}

// TestGzipIsReadByOthers: pieces compressed in advance and now form one stream
// that any reader accepts, wherever the fragment lies.
func TestGzipIsReadByOthers(t *testing.T) {
	t.Parallel()
	z := newCompressors()
	rows := strings.Repeat("<tr><td>Ann</td><td>12</td></tr>", 2000)
	d, err := z.draw(t.Context(), literal(rows))
	if err != nil {
		t.Fatal(err)
	}
	long := strings.Repeat("head and tail ", 10_000)
	for name, body := range map[string]string{
		"around":           "<html>" + rows + "</html>",
		"alone":            rows,
		"at the beginning": rows + long,
		"at the end":       long + rows,
		"twice":            rows + rows,
		"not there":        long,
		"nothing":          "",
	} {
		for _, ahead := range []Drawn{d, {}} {
			var buf bytes.Buffer
			if err := z.gzip(&buf, []byte(body), ahead); err != nil {
				t.Fatal(err)
			}
			size := buf.Len()
			r, err := gzip.NewReader(&buf)
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			got, err := io.ReadAll(r)
			if err != nil || string(got) != body {
				t.Errorf("%s: %d bytes, want %d, %v", name, len(got), len(body), err)
			}
			if len(body) > 1000 && size > len(body)/3 {
				t.Errorf("%s: %d bytes became %d", name, len(body), size)
			}
		}
	}
}

func TestGzipAtOnce(t *testing.T) {
	t.Parallel()
	z := newCompressors()
	done := make(chan string)
	for i := range 8 {
		go func() {
			body := strings.Repeat(string(rune('a'+i)), 5000)
			var buf bytes.Buffer
			if err := z.gzip(&buf, []byte(body), Drawn{}); err != nil {
				done <- err.Error()
				return
			}
			r, err := gzip.NewReader(&buf)
			if err != nil {
				done <- err.Error()
				return
			}
			if got, _ := io.ReadAll(r); string(got) != body {
				done <- "another body"
				return
			}
			done <- ""
		}()
	}
	for range 8 {
		if problem := <-done; problem != "" {
			t.Error(problem)
		}
	}
}
