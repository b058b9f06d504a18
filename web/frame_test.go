package web

import (
	"bytes"
	"context"
	"io"
	"testing"

	"github.com/a-h/templ"
	"github.com/google/go-cmp/cmp"

	"github.com/sightline-go/sightline/internal/lang"
)

// A page put together from its frame is the page.
func TestFrame(t *testing.T) {
	t.Parallel()
	for _, l := range lang.New().All() {
		for name, s := range map[string]Shell{
			"gadget": {L: l, Title: "Who & when <now>", Static: "/base/static/1a2b3c4d", HostScript: "https://host.example/all.js", Kind: KindGadget, Session: "a.b.c", Calls: Calls{View: "/v?a=1&b=2", Form: `/f?"'<>`}},
			"bare":   {L: l, Title: "Sightline", Static: "/static/1a2b3c4d", Kind: KindPage},
		} {
			s.Body = templ.ComponentFunc(func(_ context.Context, w io.Writer) error {
				_, err := io.WriteString(w, "<p>the body</p>")
				return err
			})
			var want, got bytes.Buffer
			if err := Page(s).Render(t.Context(), &want); err != nil {
				t.Fatal(err)
			}
			f, err := NewFrame(t.Context(), s.Common())
			if err != nil {
				t.Fatal(err)
			}
			got.Write(f.Head)
			f.Fill(&got, s)
			got.Write(f.Rest)
			got.WriteString("<p>the body</p>")
			got.Write(f.Tail)
			if diff := cmp.Diff(want.String(), got.String()); diff != "" {
				t.Errorf("%s in %s (-page +frame)\n%s", name, l.Tag, diff)
			}
		}
	}
}

// A text that looks like a hole gets no session.
func TestFrameWithoutPlaces(t *testing.T) {
	t.Parallel()
	s := Shell{L: lang.New().English(), Title: "a title with " + holeSession, Kind: KindGadget}
	if _, err := NewFrame(t.Context(), s); err == nil {
		t.Error("got a frame")
	}
}
