package glance

import "sync"

// pool counts the busy workers by payer. Set size before use.
type pool struct {
	size int

	mu   sync.Mutex
	busy int
	late int
	of   map[string]int // by payer, without the late rows
}

// share is how many workers one tenant may use, and how many all rows together
// that failed last time.
func (p *pool) share() int { return max(1, p.size/4) }

// vacancies says what the free workers can claim. A claim sorts all due rows,
// so it waits until a few can be claimed together.
func (p *pool) vacancies() (Claim, bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	free := p.size - p.busy
	if free < max(1, p.size/4) {
		return Claim{}, false
	}
	claim := Claim{
		Limit: free, Late: max(0, p.share()-p.late),
		// Half its share per claim, none once it holds half: never more than
		// its share together.
		PerTenant: max(1, p.share()/2),
	}
	for payer, n := range p.of {
		if n > p.share()-claim.PerTenant {
			claim.Skip = append(claim.Skip, payer)
		}
	}
	return claim, true
}

// idle reports whether no worker is busy.
func (p *pool) idle() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.busy == 0
}

func (p *pool) join(r Row) { p.count(r, 1) }

func (p *pool) leave(r Row) { p.count(r, -1) }

func (p *pool) count(r Row, n int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.busy += n
	if r.Attempts > 0 {
		p.late += n
		return // failed rows have their own share, not their tenant's
	}
	if p.of == nil {
		p.of = map[string]int{}
	}
	if p.of[r.payer()] += n; p.of[r.payer()] == 0 {
		delete(p.of, r.payer())
	}
}
