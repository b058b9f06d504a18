package glance

import (
	"sync"
)

// crew counts who is at work, and for whom. The zero value but for its size
// is ready.
type crew struct {
	size int

	mu   sync.Mutex
	busy int
	late int
	of   map[string]int // by payer, but for the late ones
}

// share is the part of the crew that one tenant may have, and that rows may
// have which failed the last time.
func (c *crew) share() int { return max(1, c.size/4) }

// vacancies says what there is room for. A claim sorts all that is due, so
// it waits until a few rows can be claimed together.
func (c *crew) vacancies() (Claim, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	free := c.size - c.busy
	if free < max(1, c.size/4) {
		return Claim{}, false
	}
	claim := Claim{
		Limit: free, Late: max(0, c.share()-c.late),
		// Half, and none for who has half: together never more than all.
		PerTenant: max(1, c.share()/2),
	}
	for payer, n := range c.of {
		if n > c.share()-claim.PerTenant {
			claim.Skip = append(claim.Skip, payer)
		}
	}
	return claim, true
}

// idle reports whether nobody is at work.
func (c *crew) idle() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.busy == 0
}

func (c *crew) join(r Row) { c.count(r, 1) }

func (c *crew) leave(r Row) { c.count(r, -1) }

func (c *crew) count(r Row, n int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.busy += n
	if r.Attempts > 0 {
		c.late += n
		return // what failed has its own share, and takes none of its tenant's
	}
	if c.of == nil {
		c.of = map[string]int{}
	}
	if c.of[r.payer()] += n; c.of[r.payer()] == 0 {
		delete(c.of, r.payer())
	}
}
