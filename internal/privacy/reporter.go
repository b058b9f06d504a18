package privacy

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"time"

	"github.com/sightline-go/sightline/connect/rest"
	"github.com/sightline-go/sightline/internal/outage"
)

// Round is how far the report of a tenant is.
type Round struct {
	Tenant string
	// Began is when the round began; zero: it has not.
	Began time.Time
	// Fresh is as of when what is held is right.
	Fresh time.Time
	// Mark is up to where accounts have been reported, in the order of [mark]; "":
	// none has. It tells nobody who somebody is.
	Mark string
	// Cycle is what answers of this round have said.
	Cycle time.Duration
	// Failures counts those in a row.
	Failures int
}

// ErrLost says that another replica has the round meanwhile.
var ErrLost = errors.New("the report is another replica's")

// Storage keeps the rounds.
type Storage interface {
	// TakeReport leases the round that has been due longest, for as long as said, of an
	// active tenant; ok is false if none is. lease names the holder.
	TakeReport(ctx context.Context, lease string, until time.Time) (r Round, ok bool, err error)
	// KeepReport stores how far a round is and keeps the lease until then, else ErrLost.
	KeepReport(ctx context.Context, lease string, r Round, until time.Time) error
	// EndReport stores a round, gives the lease back and says when it is due next.
	EndReport(ctx context.Context, lease string, r Round, due time.Time) error
}

// Reporter reports. All fields are required.
type Reporter struct {
	Storage Storage
	// Accounts are those held of a tenant, in any order, perhaps more than once.
	Accounts func(ctx context.Context, tenant string) ([]string, error)
	// Place is where a tenant's are reported.
	Place func(ctx context.Context, tenant string) (Place, error)
	// Erase removes all that is held of an account, at all tenants.
	Erase func(ctx context.Context, account string) error
	// Refresh reads anew what is held of accounts that have changed.
	Refresh func(ctx context.Context, tenant string, accounts []string) error
	// Reported is told of each batch that was reported, with what it asked for.
	Reported func(accounts, closed, updated int)
	Outages  *outage.Log
	// Name tells replicas apart.
	Name string
	Now  func() time.Time
}

const (
	// look is how often to look for what is due.
	look = time.Minute
	// leaseTime is for how long a replica has a round; each batch renews it.
	leaseTime = 5 * time.Minute
	// week is the cycle if no answer says another.
	week = 7 * 24 * time.Hour
	// retryMin and retryMax bound the wait after a failure, which doubles.
	retryMin = time.Minute
	retryMax = 24 * time.Hour
	// releaseTime is how long giving a lease back may take while the program ends.
	releaseTime = 2 * time.Second
)

// Run reports what is due until the context ends.
func (r *Reporter) Run(ctx context.Context) {
	ticker := time.NewTicker(look)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
			r.Outages.Note(ctx, outage.Subject{What: "report accounts"}, r.All(ctx))
		}
	}
}

// All reports all that is due now. Its error is storage's: what fails at a tenant is
// logged, and tried again later.
func (r *Reporter) All(ctx context.Context) error {
	for ctx.Err() == nil {
		round, ok, err := r.Storage.TakeReport(ctx, r.Name, r.Now().Add(leaseTime))
		if err != nil || !ok {
			return err
		}
		if err := r.one(ctx, round); err != nil {
			return err
		}
	}
	return nil
}

// one goes on with a round and gives its lease back.
func (r *Reporter) one(ctx context.Context, round Round) error {
	err := r.batches(ctx, &round)
	if errors.Is(err, ErrLost) {
		return nil
	}
	r.Outages.Note(ctx, outage.Subject{What: "report the accounts of a tenant", Of: round.Tenant}, err, "tenant", round.Tenant)
	due := r.Now()
	switch {
	case ctx.Err() != nil: // it goes on with the next program
	case err != nil:
		round.Failures++
		due = due.Add(r.pause(err, round.Failures))
	default:
		due = round.Began.Add(round.cycle())
		round = Round{Tenant: round.Tenant, Fresh: round.Began}
	}
	within, cancel := context.WithTimeout(context.WithoutCancel(ctx), releaseTime)
	defer cancel()
	return r.Storage.EndReport(within, r.Name, round, due)
}

func (r Round) cycle() time.Duration {
	if r.Cycle > 0 {
		return r.Cycle
	}
	return week
}

// pause is how long to wait after a failure: as long as the answer asks, or twice as
// long each time. A refusal is seldom over soon.
func (r *Reporter) pause(err error, failures int) time.Duration {
	wait := min(retryMin<<min(failures-1, 20), retryMax)
	var asked *LaterError
	var refused *rest.Error
	switch {
	case errors.As(err, &asked):
		return min(asked.After, week)
	case errors.As(err, &refused) && refused.Status != http.StatusTooManyRequests && refused.Status < http.StatusInternalServerError:
		return retryMax
	}
	return wait
}

// batches reports what a round has not reported yet. What an answer asks for is done
// before the round goes on: whatever fails is reported once more.
func (r *Reporter) batches(ctx context.Context, round *Round) error {
	if round.Began.IsZero() {
		round.Began = r.Now()
	}
	accounts, err := r.Accounts(ctx, round.Tenant)
	if err != nil {
		return err
	}
	left := after(accounts, round.Mark)
	if len(left) == 0 {
		return nil // whoever holds nobody's account need not call
	}
	place, err := r.Place(ctx, round.Tenant)
	if err != nil {
		return err
	}
	for batch := range slices.Chunk(left, Batch) {
		if err := r.batch(ctx, place, round, batch); err != nil {
			return err
		}
	}
	return nil
}

func (r *Reporter) batch(ctx context.Context, place Place, round *Round, ids []string) error {
	accounts := make([]Account, len(ids))
	for i, id := range ids {
		accounts[i] = Account{id, round.Fresh}
	}
	answer, err := place.Report(ctx, accounts, r.Now())
	if err != nil {
		return err
	}
	for _, account := range answer.Closed {
		if err := r.Erase(ctx, account); err != nil {
			return fmt.Errorf("erase a closed account: %w", err)
		}
	}
	if len(answer.Updated) > 0 {
		if err := r.Refresh(ctx, round.Tenant, answer.Updated); err != nil {
			return fmt.Errorf("refresh changed accounts: %w", err)
		}
	}
	r.Reported(len(ids), len(answer.Closed), len(answer.Updated))
	round.Mark, round.Failures = mark(ids[len(ids)-1]), 0
	if answer.Cycle > 0 {
		round.Cycle = answer.Cycle
	}
	return r.Storage.KeepReport(ctx, r.Name, *round, r.Now().Add(leaseTime))
}

// mark is an account's place in the order of a report.
func mark(account string) string {
	sum := sha256.Sum256([]byte(account))
	return hex.EncodeToString(sum[:])
}

// after are the accounts behind a mark, in order, each once.
func after(accounts []string, behind string) []string {
	at := make(map[string]string, len(accounts))
	for _, a := range accounts {
		if place := mark(a); a != "" && place > behind {
			at[place] = a
		}
	}
	places := make([]string, 0, len(at))
	for place := range at {
		places = append(places, place)
	}
	slices.Sort(places)
	for i, place := range places {
		places[i] = at[place]
	}
	return places
}
