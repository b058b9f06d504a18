package connecttest

import (
	"context"
	"fmt"
	"net/http"
	"strconv"
	"sync"
	"time"
)

// maxRetries is how often a webhook is sent again.
const maxRetries = 5

// delivery is one webhook on its way to one app.
type delivery struct {
	app, clientKey, event, identifier, account string
	// conversation is where it happened, for a webhook of the chat.
	conversation string
	path         string
	body         []byte
	retry        int
}

// outbox holds what is on its way. Each app has a queue of its own.
type outbox struct {
	mu      sync.Mutex
	pending int
	idle    chan struct{}
	queues  map[string][]delivery
	running map[string]bool
}

// enqueue counts a new delivery and sees that its app's queue is being worked.
func (s *Site) enqueue(d delivery) {
	s.outbox.mu.Lock()
	s.outbox.pending++
	s.outbox.mu.Unlock()
	s.requeue(d)
}

func (s *Site) requeue(d delivery) {
	o := &s.outbox
	o.mu.Lock()
	defer o.mu.Unlock()
	o.queues[d.app] = append(o.queues[d.app], d)
	if !o.running[d.app] {
		o.running[d.app] = true
		go s.work(d.app)
	}
}

// work empties one app's queue.
func (s *Site) work(app string) {
	for {
		d, ok := s.outbox.next(app)
		if !ok {
			return
		}
		s.deliver(d)
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
func (s *Site) deliver(d delivery) {
	if s.life.Err() != nil || !s.attempt(d) || d.retry == d.limit() {
		s.outbox.done()
		return
	}
	d.retry++
	time.AfterFunc(s.retryDelay, func() { s.requeue(d) })
}

// limit is how often it is sent again.
func (d delivery) limit() int {
	if d.conversation != "" {
		return maxChatRetries
	}
	return maxRetries
}

// attempt sends once and says whether it is worth trying again. A delivery to
// an installation that has ended is dropped.
func (s *Site) attempt(d delivery) (again bool) {
	if d.conversation != "" {
		return s.attemptChat(d)
	}
	a, err := s.app(d.app)
	if err != nil || a.clientKey != d.clientKey {
		return false
	}
	status, err := s.sendWebhook(a, d)
	return err != nil || retried(status)
}

// background does something by and by, which WaitIdle waits for.
func (s *Site) background(do func()) {
	s.outbox.mu.Lock()
	s.outbox.pending++
	s.outbox.mu.Unlock()
	go func() {
		defer s.outbox.done()
		do()
	}()
}

func retried(status int) bool {
	switch status {
	case http.StatusRequestTimeout, http.StatusConflict, http.StatusTooEarly, http.StatusTooManyRequests:
		return true
	}
	return status >= 500
}

func (s *Site) sendWebhook(a *app, d delivery) (int, error) {
	target, err := a.url(d.path)
	if err != nil {
		return http.StatusNotFound, nil //nolint:nilerr // an address that cannot be made is not tried again
	}
	token, err := s.hostToken(a, d.account, http.MethodPost, target)
	if err != nil {
		return 0, err
	}
	header := http.Header{
		"User-Agent":                     {"Atlassian Webhook HTTP Client"},
		"X-Atlassian-Webhook-Identifier": {d.identifier},
		"X-Atlassian-Webhook-Flow":       {"Primary"},
		"X-Atlassian-Webhook-Retry":      {strconv.Itoa(d.retry)},
	}
	if d.retry == 0 {
		delete(header, "X-Atlassian-Webhook-Retry")
	}
	got, err := s.send(s.life, outgoing{
		method: http.MethodPost, operation: "webhook " + d.event, target: target, to: a.key(),
		account: d.account, scheme: "JWT", token: token, header: header, body: d.body,
	})
	return got.status, err
}

// WaitIdle returns when every webhook has been delivered or given up, or with
// the context's error.
func (s *Site) WaitIdle(ctx context.Context) error {
	s.outbox.mu.Lock()
	if s.outbox.pending == 0 {
		s.outbox.mu.Unlock()
		return nil
	}
	if s.outbox.idle == nil {
		s.outbox.idle = make(chan struct{})
	}
	idle := s.outbox.idle
	s.outbox.mu.Unlock()
	select {
	case <-idle:
		return nil
	case <-ctx.Done():
		return fmt.Errorf("wait for webhooks: %w", ctx.Err())
	}
}
