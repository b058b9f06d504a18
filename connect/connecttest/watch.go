package connecttest

import "context"

// AddFault makes the site fail from now on. Faults added first win.
func (s *Site) AddFault(f Fault) error { return s.faults.Add(f) }

// ClearFaults ends all faults.
func (s *Site) ClearFaults() { s.faults.Clear() }

// WaitIdle returns when every webhook has been delivered or given up, or with
// the context's error.
func (s *Site) WaitIdle(ctx context.Context) error { return s.outbox.Wait(ctx) }

// Requests returns the requests after the one numbered since, oldest first: the
// calls of apps and clients to the site and of the site to apps. Only the
// newest 5,000 are kept.
func (s *Site) Requests(since int) []Request {
	list, _ := s.journal.Since(since)
	return list
}
