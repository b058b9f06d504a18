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
	if w := outcome(c).who; w.tenant != nil {
		if l := s.languageOf(w); l != nil {
			return l
		}
	}
	return s.texts.Accepted(c.GetHeader("Accept-Language"))
}

// languageOf is the language of a person's Jira, nil while it is not known.
func (s *Server) languageOf(w who) *lang.Language {
	person, _, _, ok := s.views.people.Peek(w.person())
	if !ok {
		return nil
	}
	return s.texts.Of(person.Locale)
}
