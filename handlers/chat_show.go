package handlers

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"time"

	"github.com/sightline-go/sightline/internal/glance"
	"github.com/sightline-go/sightline/internal/lang"
)

// pushTime is how long a person waits for the room to show what was saved.
const pushTime = 15 * time.Second

// show brings states to the room while a person waits for the dialog to close.
// What fails is tried again behind it.
func (s *Server) show(ctx context.Context, states ...glance.Key) error {
	ctx, cancel := context.WithTimeout(ctx, pushTime)
	defer cancel()
	return s.PushNow(ctx, states...)
}

// notShown explains why the room does not show what was saved. It never
// repeats what another service said.
func notShown(err error) *problem {
	p := &problem{status: http.StatusBadGateway, code: "chat.not_shown", err: err}
	var stage *glance.StageError
	switch {
	case errors.Is(err, glance.ErrGone):
		p.text = saysNotShown(func(t *lang.Texts) string { return t.Chat.ChatGone }, false)
	case errors.Is(err, glance.ErrStopped):
		p.text = saysNotShown(func(t *lang.Texts) string { return t.Chat.ChatStopped }, false)
	case errors.Is(err, glance.ErrBusy):
		p.status, p.text = http.StatusTooManyRequests, saysNotShown(func(t *lang.Texts) string { return t.Chat.ChatBusy }, true)
	case errors.Is(err, context.DeadlineExceeded):
		p.status, p.text = http.StatusGatewayTimeout, saysNotShown(func(t *lang.Texts) string { return t.Chat.ChatSlow }, true)
	case errors.As(err, &stage) && stage.Stage == glance.StageCompute:
		p.text = saysNotShown(func(t *lang.Texts) string { return t.Chat.JiraFailed }, true)
	default:
		p.text = saysNotShown(func(t *lang.Texts) string { return t.Chat.ChatFailed }, true)
	}
	return p
}

// saysNotShown gives the reason, and whether it is tried again.
func saysNotShown(why says, again bool) says {
	return func(t *lang.Texts) string {
		text := strings.Replace(t.Chat.NotShown, "%s", why(t), 1)
		if again {
			text += " " + t.Chat.KeepsTrying
		}
		return text
	}
}
