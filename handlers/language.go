package handlers

import (
	"github.com/gin-gonic/gin"

	"github.com/sightline-go/sightline/internal/lang"
)

// says picks what a person is told out of their language's texts.
type says func(*lang.Texts) string

// language is the one to answer a request in: that of the person's Jira, where
// it is known, else what the browser asks for.
func (s *Server) language(c *gin.Context) *lang.Language {
	if who := outcome(c).who; who.Tenant != nil {
		if l := s.views.People.Language(who); l != nil {
			return l
		}
	}
	return s.texts.Accepted(c.GetHeader("Accept-Language"))
}
