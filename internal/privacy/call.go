package privacy

import (
	"context"
	"errors"
	"net/http"
	"strconv"
	"time"

	"github.com/sightline-go/sightline/connect/rest"
)

// Batch is how many accounts one call may report.
const Batch = 90

// Place is where a tenant's accounts are reported.
type Place struct {
	Client *rest.Client
	// Path is that of the call below the client's address.
	Path string
}

// Account is one that is held, and as of when what is held of it was right.
type Account struct {
	ID        string
	UpdatedAt time.Time
}

// Answer is what is to be done. Accounts that it does not name are fine.
type Answer struct {
	Closed, Updated []string
	// Cycle is after how long to report again; 0: it does not say.
	Cycle time.Duration
}

// The statuses of an account.
const (
	statusClosed  = "closed"
	statusUpdated = "updated"
)

type reported struct {
	AccountID string `json:"accountId"`
	UpdatedAt string `json:"updatedAt"`
}

type answered struct {
	AccountID string `json:"accountId"`
	Status    string `json:"status"`
}

// Report reports up to [Batch] accounts. A status that is not known asks for nothing,
// and an account that was not asked about is left out. The error is a [*LaterError] if
// the answer says when to try again.
func (p Place) Report(ctx context.Context, accounts []Account, now time.Time) (Answer, error) {
	if len(accounts) == 0 || len(accounts) > Batch {
		return Answer{}, errors.New("report accounts: not a batch")
	}
	body := struct {
		Accounts []reported `json:"accounts"`
	}{}
	asked := map[string]bool{}
	for _, a := range accounts {
		asked[a.ID] = true
		body.Accounts = append(body.Accounts, reported{a.ID, a.UpdatedAt.UTC().Format(time.RFC3339)})
	}
	type said struct {
		Accounts []answered `json:"accounts"`
	}
	// An answer of 204 has no body and asks for nothing.
	got, resp, err := rest.Do[said](ctx, p.Client, rest.Request{Method: http.MethodPost, Path: p.Path, Body: body})
	if err != nil {
		return Answer{}, later(resp, err, now)
	}
	out := Answer{Cycle: cycle(resp.Header.Get("Cycle-Period"))}
	for _, a := range got.Accounts {
		switch {
		case !asked[a.AccountID]:
		case a.Status == statusClosed:
			out.Closed = append(out.Closed, a.AccountID)
		case a.Status == statusUpdated:
			out.Updated = append(out.Updated, a.AccountID)
		}
	}
	return out, nil
}

// LaterError is a refusal that says after how long to try again.
type LaterError struct {
	After time.Duration
	Err   error
}

// Error is that of the call.
func (e *LaterError) Error() string { return e.Err.Error() }

// Unwrap returns Err.
func (e *LaterError) Unwrap() error { return e.Err }

// later reads Retry-After as it is written: a [rest.Error] has ten minutes at most.
func later(resp *rest.Response, err error, now time.Time) error {
	if resp == nil {
		return err
	}
	text := resp.Header.Get("Retry-After")
	wait := time.Duration(0)
	if seconds, bad := strconv.Atoi(text); bad == nil {
		wait = time.Duration(min(seconds, longest*24*3600)) * time.Second
	} else if at, bad := http.ParseTime(text); bad == nil {
		wait = at.Sub(now)
	}
	if wait <= 0 {
		return err
	}
	return &LaterError{wait, err}
}

// longest bounds what an answer may say of the cycle.
const longest = 90

// cycle reads a number of days.
func cycle(text string) time.Duration {
	days, err := strconv.Atoi(text)
	if err != nil || days < 1 || days > longest {
		return 0
	}
	return time.Duration(days) * 24 * time.Hour
}
