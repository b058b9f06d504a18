package quota

import (
	"time"

	"github.com/sightline-go/sightline/connect/rest"
)

// learn keeps what an answer says about the budgets: the headers win over what was
// counted. When a quota is full again is the clock's to say: at the next full hour.
func (l *Ledger) learn(tenant string, limit rest.RateLimit) {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := l.turn()
	l.asked = true
	named := false
	for _, quota := range limit.Quotas {
		switch quota.Name {
		case rest.QuotaGlobal:
			l.believe(&l.app, quota, limit.NearLimit, now)
			named = true
		case rest.QuotaTenant:
			l.believe(l.account(tenant), quota, limit.NearLimit, now)
			l.secondTier(limit, now)
			named = true
		}
	}
	if limit.NearLimit && !named {
		l.near(&l.app, now)
	}
	switch limit.Scope {
	case rest.ScopeApp:
		l.refused(&l.app, limit.RetryAfter, now)
	case rest.ScopeTenant:
		l.refused(l.account(tenant), limit.RetryAfter, now)
	case rest.ScopeNone, rest.ScopeEndpoint, rest.ScopeIssue: // the transport below waits for these
	}
}

// believe takes what is said of one budget. A warning that names no rest says that
// less than a fifth is left.
func (l *Ledger) believe(a *account, quota rest.Quota, near bool, now time.Time) {
	if quota.Limit > 0 && quota.Limit != a.said.Limit {
		a.said.Limit, a.said.At, a.fresh = quota.Limit, now, true
	}
	switch v := l.level(a, now); {
	case v.Limit <= 0:
	case quota.Remaining >= 0:
		l.say(a, max(v.Limit-quota.Remaining, 0), now)
	case near:
		l.near(a, now)
	}
}

// near notes that less than a fifth is left.
func (l *Ledger) near(a *account, now time.Time) {
	v := l.level(a, now)
	if least := int(restAt * float64(v.Limit)); v.Used < least {
		l.say(a, least, now)
	}
}

// say keeps how much is used now.
func (l *Ledger) say(a *account, used int, now time.Time) {
	a.said.At, a.said.Hour, a.said.Used, a.said.Points = now, l.hour, used, a.stored+a.own
	a.fresh = true
}

// secondTier notes that the app has a quota at each site and none over all of them:
// an answer then names the one without the other. A quota that has been named
// before is not taken for missing.
func (l *Ledger) secondTier(limit rest.RateLimit, now time.Time) {
	for _, quota := range limit.Quotas {
		if quota.Name == rest.QuotaGlobal {
			return
		}
	}
	if l.app.said.Limit == 0 {
		l.app.said.Limit, l.app.said.At, l.app.fresh = None, now, true
	}
}

// refused notes that a quota is used up.
func (l *Ledger) refused(a *account, wait time.Duration, now time.Time) {
	if wait <= 0 {
		return
	}
	a.said.At, a.said.Until, a.fresh = now, now.Add(wait), true
	if v := l.level(a, now); v.Limit > 0 && !a.said.Until.Before(nextHour(now)) {
		l.say(a, v.Limit, now)
	}
}
