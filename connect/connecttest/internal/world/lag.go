package world

import "time"

// lag is how far a search index is behind, and what it therefore still has. The
// zero value is an index that is never behind.
type lag struct {
	delay time.Duration
	now   func() time.Time
	past  []pastIssue
}

// pastIssue is an issue as it was before a change.
type pastIssue struct {
	at time.Time // of the change
	id string
	Past
}

// Past is an issue with its worklogs as an index still has it.
type Past struct {
	Issue    *Issue // nil: it was not there
	Worklogs []*Worklog
}

// SetClock sets the clock by which the search index is behind. Call it before
// anything else.
func (w *World) SetClock(now func() time.Time) { w.lag.now = now }

// Delay makes the search index see changes only after a time has passed.
func (w *World) Delay(d time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.lag.delay = d
}

// Indexed is what the search index still has of issues that changed a short time
// ago, by their ids.
func (w *World) Indexed() map[string]Past {
	w.mu.RLock()
	defer w.mu.RUnlock()
	if w.lag.delay == 0 {
		return nil
	}
	still := map[string]Past{}
	seen := w.lag.now().Add(-w.lag.delay)
	for _, p := range w.lag.past {
		if _, older := still[p.id]; !older && p.at.After(seen) {
			still[p.id] = p.Past
		}
	}
	return still
}

// remember keeps an issue as it is, just before it changes.
func (w *World) remember(id string) {
	if w.lag.delay == 0 {
		return
	}
	now := w.lag.now()
	for len(w.lag.past) > 0 && now.Sub(w.lag.past[0].at) > w.lag.delay {
		w.lag.past = w.lag.past[1:]
	}
	w.lag.past = append(w.lag.past, pastIssue{at: now, id: id, Past: Past{Issue: w.state.issues[id], Worklogs: w.state.logsOf[id]}})
}
