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
	plain := func(text string) Drawn { return Drawn{html: []byte(text)} }
	long := plain(strings.Repeat("head and tail ", 10_000))
	for name, parts := range map[string][]Drawn{
		"around":           {plain("<html>"), d, plain("</html>")},
		"alone":            {d},
		"at the beginning": {d, long},
		"at the end":       {long, d},
		"twice":            {d, d},
		"never":            {long, long},
		"nothing between":  {d, {}, d},
		"nothing":          {},
	} {
		var buf bytes.Buffer
		if err := z.gzip(&buf, parts...); err != nil {
			t.Fatal(err)
		}
		body := ""
		for _, p := range parts {
			body += string(p.html)
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
		if size > 100+len(body)/3 {
			t.Errorf("%s: %d bytes became %d", name, len(body), size)
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
			if err := z.gzip(&buf, Drawn{html: []byte(body)}); err != nil {
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
