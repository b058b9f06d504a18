package slackapp

import (
	"context"
	"sync"
	"time"

	"github.com/sightline-go/sightline/connect/rest"
)

// tier is how often a method may be called: burst times at once, then once
// every interval.
type tier struct {
	burst    int
	interval time.Duration
}

// place is what calls are counted by: a method, its workspace and, if Slack
// counts it by channel, the channel. A method called without a token has no
// team.
type place struct{ team, method, channel string }

// tier stays below Slack's own tiers, burst and steady rate together: at most
// 20 (tier 2), 50 (tier 3) or 100 (tier 4) calls in any minute. The tier of
// chat.postMessage is one message per second and channel.
//
// See https://docs.slack.dev/apis/web-api/rate-limits
func (p place) tier() tier {
	switch p.method {
	case "chat.postMessage":
		return tier{1, 1200 * time.Millisecond}
	case linksOfChannel:
		return tier{5, 6 * time.Second}
	case "bookmarks.add", "bookmarks.edit", "bookmarks.remove":
		return tier{5, 4 * time.Second} // 5 + 15
	case "views.open", "views.update", "chat.postEphemeral", "users.info", "auth.test", "oauth.v2.access":
		return tier{30, time.Second} // 30 + 60
	}
	return tier{9, 1500 * time.Millisecond} // 9 + 40
}

// patience is how long a call waits for its turn. A call whose turn is later is
// put off, so that it does not keep others waiting.
const patience = 3 * time.Second

// pacer keeps the rate tiers of all workspaces, shared by everything in the
// process that calls Slack. Its zero value is ready to use.
type pacer struct {
	mu sync.Mutex
	// due is when a place's calls so far are paid off at the steady rate.
	due map[place]time.Time
	// later is the first turn to which no call was put off.
	later map[place]time.Time
}

// turn returns when the call may be made, or an error that says when to try
// again. If the context ends while waiting, the turn stays counted.
func (s *Surface) turn(ctx context.Context, at place) error {
	for {
		wait := s.pacer.take(s.now(), at)
		switch {
		case wait == 0:
			return nil
		case wait > patience || endsWithin(ctx, wait):
			return &waitError{s.pacer.putOff(s.now(), at, wait)}
		}
		if err := s.sleep(ctx, wait); err != nil {
			return err
		}
	}
}

func (s *Surface) sleep(ctx context.Context, d time.Duration) error {
	if s.wait != nil {
		return s.wait(ctx, d)
	}
	return rest.Sleep(ctx, d)
}

// callTime is what a call needs, once its turn has come.
const callTime = time.Second

// endsWithin reports whether the context ends before a call could be made.
func endsWithin(ctx context.Context, wait time.Duration) bool {
	deadline, ok := ctx.Deadline()
	return ok && time.Until(deadline) < wait+callTime
}

// take counts a call, or says how long to wait before asking again.
func (p *pacer) take(now time.Time, at place) time.Duration {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.ready()
	t, due := at.tier(), p.due[at]
	if due.Before(now) {
		due = now
	}
	ahead := due.Add(t.interval).Sub(now)
	if most := time.Duration(t.burst) * t.interval; ahead > most {
		return ahead - most
	}
	p.due[at] = due.Add(t.interval)
	p.sweep(now)
	return 0
}

// putOff finds a turn at least wait ahead to which no other call was put off.
func (p *pacer) putOff(now time.Time, at place, wait time.Duration) time.Duration {
	p.mu.Lock()
	defer p.mu.Unlock()
	turn := now.Add(wait)
	if p.later[at].After(turn) {
		turn = p.later[at]
	}
	p.later[at] = turn.Add(at.tier().interval)
	return turn.Sub(now)
}

func (p *pacer) ready() {
	if p.due == nil {
		p.due, p.later = map[place]time.Time{}, map[place]time.Time{}
	}
}

// maxPlaces is how many places are remembered before those without unpaid calls
// are dropped.
const maxPlaces = 4096

func (p *pacer) sweep(now time.Time) {
	if len(p.due) < maxPlaces {
		return
	}
	for at, due := range p.due {
		if due.Before(now) {
			delete(p.due, at)
			delete(p.later, at)
		}
	}
}

// pause holds back a place's calls for as long as Slack asks.
func (p *pacer) pause(now time.Time, at place, wait time.Duration) {
	t := at.tier()
	until := now.Add(wait + time.Duration(t.burst-1)*t.interval)
	p.mu.Lock()
	defer p.mu.Unlock()
	p.ready()
	if p.due[at].Before(until) {
		p.due[at] = until
	}
}
