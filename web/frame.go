package web

import (
	"bytes"
	"context"
	"errors"
	"io"
	"strings"

	"github.com/a-h/templ"
)

// Frame is a page in pieces: what everybody gets who sees pages of the same kind
// in the same language. Between Head and Rest is what [Frame.Fill] writes, between
// Rest and Tail the body.
type Frame struct {
	Head, Rest, Tail []byte

	beforeView, beforeForm []byte
	escape                 *strings.Replacer
}

// Holes are characters for private use, which no text of ours has.
const (
	holeSession = "\ue000"
	holeView    = "\ue001"
	holeForm    = "\ue002"
	holeBody    = "\ue003"
	// holes is how all of them begin.
	holes = "\xee\x80"
)

var errHoles = errors.New("page cannot be taken apart")

// Common is the page without what differs between requests.
func (s Shell) Common() Shell {
	s.Session, s.Calls, s.Body = "", Calls{}, nil
	return s
}

// NewFrame takes a page apart.
func NewFrame(ctx context.Context, s Shell) (Frame, error) {
	s.Session, s.Calls = holeSession, Calls{View: holeView, Form: holeForm}
	s.Body = templ.ComponentFunc(func(_ context.Context, w io.Writer) error {
		_, err := io.WriteString(w, holeBody)
		return err
	})
	var page bytes.Buffer
	if err := Page(s).Render(ctx, &page); err != nil {
		return Frame{}, err
	}
	if bytes.Count(page.Bytes(), []byte(holes)) != 4 {
		return Frame{}, errHoles
	}
	// As html.EscapeString does it, which templ uses.
	f := Frame{escape: strings.NewReplacer("&", "&amp;", "'", "&#39;", "<", "&lt;", ">", "&gt;", `"`, "&#34;")}
	rest := page.Bytes()
	for _, piece := range []struct {
		into *[]byte
		hole string
	}{{&f.Head, holeSession}, {&f.beforeView, holeView}, {&f.beforeForm, holeForm}, {&f.Rest, holeBody}} {
		var found bool
		if *piece.into, rest, found = bytes.Cut(rest, []byte(piece.hole)); !found {
			return Frame{}, errHoles
		}
	}
	f.Tail = rest
	return f, nil
}

// Fill writes what is between Head and Rest.
func (f *Frame) Fill(to *bytes.Buffer, s Shell) {
	_, _ = f.escape.WriteString(to, s.Session) // buffers take everything
	to.Write(f.beforeView)
	_, _ = f.escape.WriteString(to, s.Calls.View)
	to.Write(f.beforeForm)
	_, _ = f.escape.WriteString(to, s.Calls.Form)
}
