package connecttest

import (
	"context"
	"fmt"
	"sync"
	"time"
)

// delivery is one webhook on its way to one app.
type delivery struct {
	// app has the queue that it waits in.
	app string
	// retries is how often it is sent again.
	retries int
	// attempt sends once and says whether it is worth trying again. retry is 0
	// for the first time.
	attempt func(ctx context.Context, retry int) (again bool)

	retry int
}

// queueOptions are what queues are made from.
type queueOptions struct {
	// Life ends when the site closes; then nothing is sent any more.
	Life context.Context
	// Delay is how long a refused delivery waits for its next try.
	Delay time.Duration
}

// outbox holds what is on its way. Each app has a queue of its own.
type outbox struct {
	queueOptions

	mu      sync.Mutex
	pending int
	idle    chan struct{}
	queues  map[string][]delivery
	running map[string]bool
}

func newOutbox(o queueOptions) *outbox {
	return &outbox{queueOptions: o, queues: map[string][]delivery{}, running: map[string]bool{}}
}

// enqueue counts a new delivery and sees that its app's queue is being worked.
func (o *outbox) enqueue(d delivery) {
	o.mu.Lock()
	o.pending++
	o.mu.Unlock()
	o.requeue(d)
}

func (o *outbox) requeue(d delivery) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.queues[d.app] = append(o.queues[d.app], d)
	if !o.running[d.app] {
		o.running[d.app] = true
		go o.work(d.app)
	}
}

// work empties one app's queue.
func (o *outbox) work(app string) {
	for {
		d, ok := o.next(app)
		if !ok {
			return
		}
		o.deliver(d)
	}
}

func (o *outbox) next(app string) (delivery, bool) {
	o.mu.Lock()
	defer o.mu.Unlock()
	queue := o.queues[app]
	if len(queue) == 0 {
		o.running[app] = false
		return delivery{}, false
	}
	o.queues[app] = queue[1:]
	return queue[0], true
}

// done counts one delivery off, however it ended.
func (o *outbox) done() {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.pending--
	if o.pending == 0 && o.idle != nil {
		close(o.idle)
		o.idle = nil
	}
}

// deliver sends once and, when it is worth it, again later.
func (o *outbox) deliver(d delivery) {
	if o.Life.Err() != nil || !d.attempt(o.Life, d.retry) || d.retry == d.retries {
		o.done()
		return
	}
	d.retry++
	time.AfterFunc(o.Delay, func() { o.requeue(d) })
}

// background does something by and by, which wait waits for.
func (o *outbox) background(do func()) {
	o.mu.Lock()
	o.pending++
	o.mu.Unlock()
	go func() {
		defer o.done()
		do()
	}()
}

// wait returns when every webhook has been delivered or given up, or with
// the context's error.
func (o *outbox) wait(ctx context.Context) error {
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
