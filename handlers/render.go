package handlers

import (
	"bytes"
	"net/http"

	"github.com/a-h/templ"
	"github.com/gin-gonic/gin"

	"github.com/sightline-go/sightline/internal/lang"
	"github.com/sightline-go/sightline/web"
)

const htmlType = "text/html; charset=utf-8"

// path is the address of one of the app's own paths, base path included.
func (s *Server) path(p string) string {
	base := s.BaseURL.Path
	if base == "/" {
		base = ""
	}
	return base + p
}

// shell is a document around a view; the caller adds what its page needs.
func (s *Server) shell(l *lang.Language, title string, body templ.Component) web.Shell {
	return web.Shell{
		L:          l,
		Title:      title,
		Static:     s.path(s.prefix),
		HostScript: s.HostScript,
		Kind:       web.KindPage,
		Body:       body,
	}
}

// render writes a view at once or not at all.
func (s *Server) render(c *gin.Context, status int, view templ.Component) {
	ahead, _ := view.(drawn)
	s.renderWith(c, status, view, ahead)
}

// renderPage is render for a whole page.
func (s *Server) renderPage(c *gin.Context, status int, shell web.Shell) {
	ahead, _ := shell.Body.(drawn)
	s.renderWith(c, status, web.Page(shell), ahead)
}

func (s *Server) renderWith(c *gin.Context, status int, view templ.Component, ahead drawn) {
	buf := s.buffers.Get().(*bytes.Buffer)
	defer s.buffers.Put(buf)
	buf.Reset()
	if err := view.Render(c.Request.Context(), buf); err != nil {
		outcome(c).err = err
		c.Status(http.StatusInternalServerError)
		return
	}
	s.write(c, status, buf.Bytes(), ahead)
}
