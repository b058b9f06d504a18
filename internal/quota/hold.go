package quota

import (
	"fmt"
	"time"
)

// HeldError says that a call in the background was not made, because points are to be
// left for people. It is no failure of Jira's.
type HeldError struct {
	// Until is when to try again, Wait how long that is from now.
	Until time.Time
	Wait  time.Duration
	// Purpose is the call's.
	Purpose Purpose
	// Tenant is whose budget it is about; empty: the app's at all tenants.
	Tenant string
}

// Error says until when.
func (e *HeldError) Error() string {
	whose := "the app"
	if e.Tenant != "" {
		whose = "the tenant"
	}
	return fmt.Sprintf("calls for %s are held back until %s: the points of %s run low", e.Purpose, e.Until.Format(time.RFC3339), whose)
}

// RetryAfter is how long to wait.
func (e *HeldError) RetryAfter() time.Duration { return e.Wait }

// Hold says whether a call of a purpose to a tenant has to wait, as a [*HeldError].
// Those that people wait for, and an installation's, never do.
func (l *Ledger) Hold(tenant string, p Purpose) error {
	if !p.background() {
		return nil
	}
	if held := l.hold(tenant, p); held != nil {
		if l.Held != nil {
			l.Held(p)
		}
		return held
	}
	return nil
}

func (l *Ledger) hold(tenant string, p Purpose) *HeldError {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := l.turn()
	l.asked = true
	var held *HeldError
	for _, name := range []string{"", tenant} {
		a := l.account(name)
		a.wanted = true
		until := l.level(a, now).next(now)
		if until.After(now) && (held == nil || until.After(held.Until)) {
			held = &HeldError{Until: until, Wait: until.Sub(now), Purpose: p, Tenant: name}
		}
	}
	return held
}

// Resting is until when the background rests at a tenant; zero: it does not, though
// it may be slower.
func (l *Ledger) Resting(tenant string) time.Time {
	return later(l.App().Resting(l.now()), l.Tenant(tenant).Resting(l.now()))
}

// Resting is until when the background rests at a tenant whose budget and the app's
// stand like this; zero: it does not.
func Resting(app, tenant Entry, now time.Time) time.Time {
	return later(app.level(now).Resting(now), tenant.level(now).Resting(now))
}

// Refusing is until when Jira takes no calls at a tenant, whoever makes them; zero: it
// takes them.
func (l *Ledger) Refusing(tenant string) time.Time {
	return later(l.App().Until, l.Tenant(tenant).Until)
}

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}
