package quota

import "time"

// FirstTier is how many points an hour Jira gives an app over all sites, unless its
// headers say otherwise.
const FirstTier = 65000

// None is the limit of a budget that does not exist.
const None = -1

// Background work slows down from slowAt of a budget on, so that it has spent restAt
// when the hour ends, and rests from restAt on.
const (
	slowAt = 0.5
	restAt = 0.8
)

// Said is what Jira's headers told of a budget.
type Said struct {
	// At is when; zero: nothing was said.
	At time.Time
	// Limit is how many points an hour has; 0: not said, None: there is no such
	// budget.
	Limit int
	// Used is what was used when we had counted Points in the hour that began at
	// Hour; zero Hour: not said.
	Hour         time.Time
	Used, Points int
	// Until is when calls are no longer refused; zero: they are not.
	Until time.Time
}

// Level is how a budget stands.
type Level struct {
	// Limit is how many points the hour has; 0: there is no such budget.
	Limit int
	// Used is how many of them are gone, as far as is known.
	Used int
	// Until is when Jira takes calls again; zero: it does.
	Until time.Time
}

// levelOf makes a level of what Jira said and what was counted in the hour. What Jira
// said wins, and what was counted since is added. Only the app has a budget that
// Jira need not tell of.
func levelOf(app bool, said Said, counted int, now time.Time) Level {
	v := Level{Limit: max(said.Limit, 0), Used: counted}
	if app && said.Limit == 0 {
		v.Limit = FirstTier
	}
	if said.Hour.Equal(hourOf(now)) {
		v.Used = said.Used + max(counted-said.Points, 0)
	}
	// An end more than an hour away is from before the clock was set back.
	if said.Until.After(now) && !said.Until.After(now.Add(time.Hour)) {
		v.Until = said.Until
	}
	return v
}

// Left is how many points are left, -1 if there is no budget.
func (v Level) Left() int {
	if v.Limit <= 0 {
		return -1
	}
	return max(v.Limit-v.Used, 0)
}

// Resting is until when the budget leaves the background nothing; zero: it does.
func (v Level) Resting(now time.Time) time.Time {
	switch {
	case !v.Until.IsZero():
		return v.Until
	case v.Limit > 0 && float64(v.Used) >= restAt*float64(v.Limit):
		return nextHour(now)
	}
	return time.Time{}
}

// next is when the background may make its next call; not after now: at once.
func (v Level) next(now time.Time) time.Time {
	if rest := v.Resting(now); !rest.IsZero() || v.Limit <= 0 {
		return rest
	}
	share := float64(v.Used) / float64(v.Limit)
	if share < slowAt {
		return time.Time{}
	}
	// The later in the hour, the more may be spent.
	return hourOf(now).Add(time.Duration((share - slowAt) / (restAt - slowAt) * float64(time.Hour)))
}

func hourOf(now time.Time) time.Time { return now.UTC().Truncate(time.Hour) }

func nextHour(now time.Time) time.Time { return hourOf(now).Add(time.Hour) }
