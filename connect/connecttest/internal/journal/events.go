package journal

import (
	"encoding/json"
	"fmt"
	"net/http"
	"sync"
)

// event is one server-sent event.
type event struct {
	name string
	data []byte
}

// broker hands events to whoever listens. A listener that does not keep up
// misses some.
type broker struct {
	mu        sync.Mutex
	listeners map[chan event]struct{}
}

func (b *broker) listen() chan event {
	ch := make(chan event, 256)
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.listeners == nil {
		b.listeners = make(map[chan event]struct{})
	}
	b.listeners[ch] = struct{}{}
	return ch
}

func (b *broker) leave(ch chan event) {
	b.mu.Lock()
	defer b.mu.Unlock()
	delete(b.listeners, ch)
}

func (b *broker) Send(name string, value any) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if len(b.listeners) == 0 {
		return
	}
	data, err := json.Marshal(value)
	if err != nil {
		return
	}
	for ch := range b.listeners {
		select {
		case ch <- event{name: name, data: data}:
		default:
		}
	}
}

// serveEvents streams until the caller goes or ended is closed.
func (j *Journal) serveEvents(w http.ResponseWriter, r *http.Request, ended <-chan struct{}) {
	w.Header().Set("Content-Type", "text/event-stream")
	w.Header().Set("Cache-Control", "no-store")
	ch := j.Events.listen()
	defer j.Events.leave(ch)
	out := http.NewResponseController(w)
	_, _ = fmt.Fprint(w, ": listening\n\n")
	for out.Flush() == nil {
		select {
		case e := <-ch:
			if _, err := fmt.Fprintf(w, "event: %s\ndata: %s\n\n", e.name, e.data); err != nil {
				return
			}
		case <-r.Context().Done():
			return
		case <-ended:
			return
		}
	}
}
