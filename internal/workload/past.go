package workload

import "time"

// Carried is the open work that somebody had at some time.
type Carried struct {
	Open int
	// Overdue is how much of it was due before the day of that time.
	Overdue   int
	Remaining time.Duration
	// Done is how much of what they have was done since the first of some moments: what
	// was done at that already does not count.
	Done int
}

// Moment is how open work was spread over people at a time, by their account ids; ""
// is nobody.
type Moment struct {
	At time.Time
	By map[string]Carried
}

// Finish counts an issue that was done then, and was not at the first moment.
func (m Moment) Finish(account string) {
	had := m.By[account]
	had.Done++
	m.By[account] = had
}

// Unfinish forgets what was done: the first moment is not known.
func (m Moment) Unfinish() {
	for account, had := range m.By {
		if had.Done = 0; had == (Carried{}) {
			delete(m.By, account)
			continue
		}
		m.By[account] = had
	}
}

// Add counts an issue that was open then.
func (m Moment) Add(account string, due Date, remaining time.Duration) {
	had := m.By[account]
	had.Open++
	if !due.IsZero() && due.Before(DateOf(m.At, m.At.Location())) {
		had.Overdue++
	}
	had.Remaining = Sum(had.Remaining, remaining)
	m.By[account] = had
}
