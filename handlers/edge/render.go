package edge

import (
	"bytes"
	"net/http"
	"strings"

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
	if drawn, ok := view.(Drawn); ok {
		r.sendHTML(status, drawn)
		return
	}
	buf := r.edge.buffer()
	defer r.edge.buffers.Put(buf)
	if r.rendered(view, buf) {
		r.sendHTML(status, Drawn{html: buf.Bytes()})
	}
}

// rendered renders a view; if that fails, it answers so.
func (r *Request) rendered(view templ.Component, to *bytes.Buffer) bool {
	err := view.Render(r.Request.Context(), to)
	if err != nil {
		r.Note(err)
		r.Status(http.StatusInternalServerError)
	}
	return err == nil
}

// RenderPage is Render for a whole page. A page of Forge has its shell already.
func (r *Request) RenderPage(status int, shell web.Shell) {
	if r.forge {
		r.Render(status, shell.Body)
		return
	}
	f, err := r.edge.frames.of(r.Request.Context(), r.edge.compressors, shell)
	if err != nil {
		r.Note(err)
		r.Status(http.StatusInternalServerError)
		return
	}
	buf := r.edge.buffer()
	defer r.edge.buffers.Put(buf)
	f.Fill(buf, shell)
	between := buf.Len()
	body, ok := shell.Body.(Drawn)
	if !ok && shell.Body != nil && !r.rendered(shell.Body, buf) {
		return
	}
	if !ok {
		body.html = buf.Bytes()[between:]
	}
	r.sendHTML(status, f.head, Drawn{html: buf.Bytes()[:between]}, f.rest, body, f.tail)
}

// sendHTML sends a page or fragment; to a page of Forge in JSON.
func (r *Request) sendHTML(status int, parts ...Drawn) {
	if !r.forge {
		r.send(status, r.edge.fixed.html, parts...)
		return
	}
	var html strings.Builder
	for _, p := range parts {
		html.Write(p.html)
	}
	r.answerForge(forgeAnswer{Code: status, HTML: html.String()})
}
