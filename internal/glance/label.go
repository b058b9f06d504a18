package glance

import "strconv"

// Unset is the label of a glance that nobody has set up yet.
const Unset = "Not set up"

// Label is the text that a room reads at a glance, for example
// "12 open · 3 overdue". Parts that are zero are left out, but for the first.
func Label(n Numbers) string {
	label := strconv.Itoa(n.Open) + " open"
	if n.Overdue > 0 {
		label += " · " + strconv.Itoa(n.Overdue) + " overdue"
	}
	return label
}

// PullLabel is the label that the app answers when the platform asks: the
// same stored state that is pushed.
func (r Row) PullLabel() string {
	if r.DesiredRev == 0 {
		return Unset
	}
	return r.Desired.Label
}
