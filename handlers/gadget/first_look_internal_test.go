package gadget

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"
)

// A patient's time begins when somebody asks for it, and ends with its wait, with
// its request, or when it is cancelled, begun or not.
func TestPatient(t *testing.T) {
	t.Parallel()
	type key struct{}
	for _, tt := range []struct {
		name string
		play func(p *patient, leave context.CancelFunc)
		want error
	}{
		{"asked for nothing", func(*patient, context.CancelFunc) { time.Sleep(time.Hour) }, nil},
		{"asked late", func(p *patient, _ context.CancelFunc) { time.Sleep(time.Hour); p.Done(); time.Sleep(time.Second - 1) }, nil},
		{"waited", func(p *patient, _ context.CancelFunc) { <-p.Done() }, context.DeadlineExceeded},
		{"a child waited", func(p *patient, _ context.CancelFunc) {
			child, end := context.WithTimeout(p, time.Hour)
			defer end()
			<-child.Done()
		}, context.DeadlineExceeded},
		{"left", func(_ *patient, leave context.CancelFunc) { leave() }, context.Canceled},
		{"left while waiting", func(p *patient, leave context.CancelFunc) { p.Done(); leave(); synctest.Wait() }, context.Canceled},
		{"over", func(p *patient, _ context.CancelFunc) { p.Done(); p.cancel() }, context.Canceled},
		{"over before it began", func(p *patient, _ context.CancelFunc) { p.cancel(); <-p.Done() }, context.Canceled},
	} {
		synctest.Test(t, func(t *testing.T) {
			whole, leave := context.WithCancel(context.WithValue(t.Context(), key{}, "value"))
			defer leave()
			p := &patient{Context: whole, wait: time.Second}
			defer p.cancel()
			tt.play(p, leave)
			if err := p.Err(); !errors.Is(err, tt.want) || p.Value(key{}) != "value" {
				t.Errorf("%s: got %v, %v, want %v", tt.name, err, p.Value(key{}), tt.want)
			}
		})
	}
}
