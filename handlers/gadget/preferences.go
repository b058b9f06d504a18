package gadget

import (
	"errors"
	"time"

	"github.com/sightline-go/sightline/handlers/edge"
	"github.com/sightline-go/sightline/handlers/gadget/board"
	"github.com/sightline-go/sightline/internal/lang"
	"github.com/sightline-go/sightline/internal/viewer"
	"github.com/sightline-go/sightline/internal/workload"
)

// SavePreferences serves the buttons that change how a person sees things, and
// answers with draw. A change that does not reach Jira at once is shown all the
// same and saved in the background.
func SavePreferences(p *viewer.Preferences, draw board.Func) board.Func {
	return func(r *edge.Request, at board.At) error {
		if err := r.ParseForm(); err != nil {
			return err
		}
		known := p.Get(r.Request.Context(), at.Person)
		changes, err := changesOf(r.Request.PostForm, known.Preferences)
		if err != nil {
			return err
		}
		if !p.Change(r.Request.Context(), at.Person, changes) {
			return &edge.Problem{Code: lang.ProblemPreferencesBusy, Retry: time.Minute}
		}
		return draw(r, at)
	}
}

// changesOf reads the posted changes, on top of the known preferences.
func changesOf(form map[string][]string, known workload.Preferences) ([]workload.Change, error) {
	var changes []workload.Change
	for _, name := range []string{"sort", "pin", "unpin", "compact", "bots"} {
		for _, value := range form[name] {
			change, err := known.ParseChange(name, value)
			if errors.Is(err, workload.ErrPins) {
				return nil, edge.Invalid(name, lang.ProblemTooManyPins)
			}
			if err != nil {
				return nil, edge.Invalid(name, lang.ProblemNoSuchChoice)
			}
			changes = append(changes, change)
			known = known.With(change)
		}
	}
	if len(changes) == 0 {
		return nil, edge.Invalid("", lang.ProblemNoSuchChoice)
	}
	return changes, nil
}
