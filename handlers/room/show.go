package room

import (
	"context"
	"errors"
	"time"

	"github.com/sightline-go/sightline/handlers/edge"
	"github.com/sightline-go/sightline/internal/glance"
	"github.com/sightline-go/sightline/internal/lang"
)

// pushTime is how long a person waits for the room to show what was saved.
const pushTime = 15 * time.Second

// Show brings states to the room while a person waits for the dialog to close.
// Failures are retried in the background.
func (r *Rooms) Show(ctx context.Context, states ...glance.Key) error {
	ctx, cancel := context.WithTimeout(ctx, pushTime)
	defer cancel()
	return r.PushNow(ctx, states...)
}

// NotShown explains why the room does not show what was saved. It never quotes
// another service.
func NotShown(err error) *edge.Problem {
	var stage *glance.StageError
	code := lang.ProblemRoomNotShown
	switch {
	case errors.Is(err, glance.ErrGone):
		code = lang.ProblemRoomGone
	case errors.Is(err, glance.ErrStopped):
		code = lang.ProblemRoomStopped
	case errors.Is(err, glance.ErrBusy):
		code = lang.ProblemRoomBusy
	case errors.Is(err, context.DeadlineExceeded):
		code = lang.ProblemRoomSlow
	case errors.As(err, &stage) && stage.Stage == glance.StageCompute:
		code = lang.ProblemRoomUncounted
	}
	return &edge.Problem{Code: code, Err: err}
}
