package workload

// Missing is how many hours a working day should have. A day with fewer is marked.
type Missing int

// MissingNone marks no day.
const MissingNone Missing = 0

// maxMissing is the longest day.
const maxMissing Missing = 24

// Valid reports whether a day can have so many hours.
func (m Missing) Valid() bool { return m >= MissingNone && m <= maxMissing }
