package edge

import (
	"bytes"
	"net/http"

	"github.com/a-h/templ"

	"github.com/sightline-go/sightline/internal/lang"
	"github.com/sightline-go/sightline/web"
)

const (
	htmlType = "text/html; charset=utf-8"
	jsonType = "application/json; charset=utf-8"
)

// Shell is a document around a view; the caller adds what its page needs.
func (e *Edge) Shell(l *lang.Language, title string, body templ.Component) web.Shell {
	return web.Shell{
		L:          l,
		Title:      title,
		Static:     e.Path(e.Static),
		HostScript: e.HostScript,
		Kind:       web.KindPage,
		Body:       body,
	}
}

// Render writes a view completely or not at all.
func (r *Request) Render(status int, view templ.Component) {
	ahead, _ := view.(Drawn)
	r.renderWith(status, view, ahead)
}

// RenderPage is Render for a whole page. A page of Forge has its shell already.
func (r *Request) RenderPage(status int, shell web.Shell) {
	if r.forge {
		r.Render(status, shell.Body)
		return
	}
	ahead, _ := shell.Body.(Drawn)
	r.renderWith(status, web.Page(shell), ahead)
}

func (r *Request) renderWith(status int, view templ.Component, ahead Drawn) {
	buf := r.edge.buffers.Get().(*bytes.Buffer)
	defer r.edge.buffers.Put(buf)
	buf.Reset()
	if err := view.Render(r.Request.Context(), buf); err != nil {
		r.Note(err)
		r.Status(http.StatusInternalServerError)
		return
	}
	r.write(status, buf.Bytes(), ahead)
}
