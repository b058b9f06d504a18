package outbox

import (
	"context"
	"fmt"
	"sync"
	"time"
)

// Delivery is one webhook on its way to one app.
type Delivery struct {
	// App has the queue that it waits in.
	App string
	// Retries is how often it is sent again.
	Retries int
	// Attempt sends once and says whether to try again. retry is 0 for the
	// first time.
	Attempt func(ctx context.Context, retry int) (again bool)

	retry int
}

// Options are what queues are made from.
type Options struct {
	// Life ends when the site closes; then nothing more is sent.
	Life context.Context
	// Delay is how long a refused delivery waits for its next try.
	Delay time.Duration
}

// Queue holds what is on its way. Each app has a queue of its own.
type Queue struct {
	Options

	mu      sync.Mutex
	pending int
	idle    chan struct{}
	queues  map[string][]Delivery
	running map[string]bool
}

// NewQueue makes a queue without deliveries.
func NewQueue(o Options) *Queue {
	return &Queue{Options: o, queues: map[string][]Delivery{}, running: map[string]bool{}}
}

// Enqueue counts a new delivery and makes sure that its app's queue is being
// processed.
func (o *Queue) Enqueue(d Delivery) {
	o.mu.Lock()
	o.pending++
	o.mu.Unlock()
	o.requeue(d)
}

// EnqueueLater is Enqueue for a delivery that was already tried: it waits like
// a refused one.
func (o *Queue) EnqueueLater(d Delivery) {
	o.mu.Lock()
	o.pending++
	o.mu.Unlock()
	time.AfterFunc(o.Delay, func() { o.requeue(d) })
}

func (o *Queue) requeue(d Delivery) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.queues[d.App] = append(o.queues[d.App], d)
	if !o.running[d.App] {
		o.running[d.App] = true
		go o.work(d.App)
	}
}

// work empties one app's queue.
func (o *Queue) work(app string) {
	for {
		d, ok := o.next(app)
		if !ok {
			return
		}
		o.deliver(d)
	}
}

func (o *Queue) next(app string) (Delivery, bool) {
	o.mu.Lock()
	defer o.mu.Unlock()
	queue := o.queues[app]
	if len(queue) == 0 {
		o.running[app] = false
		return Delivery{}, false
	}
	o.queues[app] = queue[1:]
	return queue[0], true
}

// done counts one delivery off, however it ended.
func (o *Queue) done() {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.pending--
	if o.pending == 0 && o.idle != nil {
		close(o.idle)
		o.idle = nil
	}
}

// deliver sends once, and again later if that may help.
func (o *Queue) deliver(d Delivery) {
	if o.Life.Err() != nil || !d.Attempt(o.Life, d.retry) || d.retry == d.Retries {
		o.done()
		return
	}
	d.retry++
	time.AfterFunc(o.Delay, func() { o.requeue(d) })
}

// Background runs do in a goroutine. Wait waits for it too.
func (o *Queue) Background(do func()) {
	o.mu.Lock()
	o.pending++
	o.mu.Unlock()
	go func() {
		defer o.done()
		do()
	}()
}

// Wait returns when every webhook has been delivered or given up, or with
// the context's error.
func (o *Queue) Wait(ctx context.Context) error {
	o.mu.Lock()
	if o.pending == 0 {
		o.mu.Unlock()
		return nil
	}
	if o.idle == nil {
		o.idle = make(chan struct{})
	}
	idle := o.idle
	o.mu.Unlock()
	select {
	case <-idle:
		return nil
	case <-ctx.Done():
		return fmt.Errorf("wait for webhooks: %w", ctx.Err())
	}
}
