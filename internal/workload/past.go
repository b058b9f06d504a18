package workload

import "time"

// Carried is the open work that somebody had at some time.
type Carried struct {
	Open int
	// Overdue is how much of it was due before the day of that time.
	Overdue   int
	Remaining time.Duration
}

// Moment is how open work was spread over people at a time, by their account ids; ""
// is nobody.
type Moment struct {
	At time.Time
	By map[string]Carried
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
