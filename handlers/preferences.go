package handlers

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/gin-gonic/gin"

	"github.com/sightline-go/sightline/internal/lang"
	"github.com/sightline-go/sightline/internal/workload"
)

// taste is how a person wants to see things, and whether Jira knows.
type taste struct {
	workload.Preferences
	// changes are what Jira does not hold yet.
	changes []workload.Change
	// unsaved says that something they chose is still being saved, refused
	// that it never will be.
	unsaved, refused bool
}

func (t taste) equal(o taste) bool {
	return t.unsaved == o.unsaved && t.refused == o.refused && t.Equal(o.Preferences)
}

// notes says that Jira refused what was chosen.
func (t taste) notes(l *lang.Language) []string {
	if t.refused {
		return []string{l.Preferences.Refused}
	}
	return nil
}

// says says quietly that something is not saved yet, "" when all is.
func (t taste) says(l *lang.Language) string {
	if t.unsaved {
		return l.Preferences.Unsaved
	}
	return ""
}

// taste is how the caller of a spot wants to see things. It is known by the
// time that a view was read, so this hardly ever waits.
func (s *Server) taste(ctx context.Context, w who) taste {
	ctx, cancel := context.WithTimeout(ctx, s.Patience.Preferences)
	defer cancel()
	return s.preferences.get(ctx, w)
}

// preferencesSave serves the buttons with which a person changes how they see
// things, and answers with draw, which shows it. What does not reach Jira at
// once is shown all the same and saved behind the answer.
func (s *Server) preferencesSave(draw spotFunc) spotFunc {
	return func(c *gin.Context, p spot) error {
		if err := c.Request.ParseForm(); err != nil {
			return &bodyReadError{err}
		}
		known := s.taste(c.Request.Context(), p.who)
		changes, err := changesOf(c.Request.PostForm, known.Preferences)
		if err != nil {
			return err
		}
		if !s.preferences.change(c.Request.Context(), p.who, changes) {
			return &problem{status: http.StatusServiceUnavailable, code: "preferences.busy", text: saysRefused, retry: time.Minute}
		}
		return draw(c, p)
	}
}

// changesOf reads what was posted, on top of what was known.
func changesOf(form map[string][]string, known workload.Preferences) ([]workload.Change, error) {
	var changes []workload.Change
	for _, name := range []string{"sort", "pin", "unpin", "compact", "bots"} {
		for _, value := range form[name] {
			change, err := known.ParseChange(name, value)
			if errors.Is(err, workload.ErrPins) {
				return nil, invalid(name, saysTooManyPins)
			}
			if err != nil {
				return nil, invalid(name, saysNoSuchChoice)
			}
			changes = append(changes, change)
			known = known.With(change)
		}
	}
	if len(changes) == 0 {
		return nil, invalid("", saysNoSuchChoice)
	}
	return changes, nil
}
