package connecttest

import (
	"context"
)

// WaitIdle returns when every webhook has been delivered or given up, or with
// the context's error.
func (s *Site) WaitIdle(ctx context.Context) error { return s.outbox.Wait(ctx) }
