package index

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"
)

// State says how far a tenant's index is.
type State struct {
	// Filled is when the first fill was done; before, nothing may be counted.
	// Cursor is where it goes on, in the filler's own words.
	Filled time.Time `json:"filled,omitzero"`
	Cursor string    `json:"cursor,omitempty"`
	// Issues, Worklogs and Deleted are up to when was read what changed since: by
	// search, by worklog/updated and by worklog/deleted.
	Issues   time.Time `json:"issues,omitzero"`
	Worklogs time.Time `json:"worklogs,omitzero"`
	Deleted  time.Time `json:"deleted,omitzero"`
	// Reconciled is when that was done last for all three.
	Reconciled time.Time `json:"reconciled,omitzero"`
	// Lost is since when events may have been lost; zero: none were.
	Lost time.Time `json:"lost,omitzero"`
	// Restricted is the newest start of a work log that not everybody may see who
	// sees its issue; zero: none was met. Such ones are not held, so work logs of a
	// scope that reaches back to it must be asked of Jira.
	Restricted time.Time `json:"restricted,omitzero"`
	// Holder works on the tenant until HeldUntil.
	Holder    string    `json:"holder,omitempty"`
	HeldUntil time.Time `json:"heldUntil,omitzero"`
	// Oldest is when the oldest of what must be fetched was told; zero: nothing
	// must be. It cannot be set.
	Oldest time.Time `json:"-"`
}

func stateKey() Key { return Key{Shelf: shelfState} }

// State returns a tenant's state; the zero State if there is none.
func (x *Index) State(ctx context.Context, tenant string) (State, error) {
	w, err := x.Work(ctx, tenant, Scope{Projects: []string{}})
	return w.State, err
}

// States returns the states of all tenants that have one, without Oldest. One that
// cannot be read is the zero State.
func (x *Index) States(ctx context.Context) (map[string]State, error) {
	all := map[string]State{}
	err := x.storage.Each(ctx, stateKey(), func(tenant string, page []byte) error {
		s, err := parseState(page)
		if all[tenant] = s; errors.Is(err, ErrDamaged) {
			return nil // of this tenant only: whoever reads more of it is told
		}
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("list states of the index: %w", err)
	}
	return all, nil
}

func parseState(page []byte) (s State, err error) {
	if err := json.Unmarshal(page, &s); err != nil {
		return State{}, fmt.Errorf("%w: state: %w", ErrDamaged, err)
	}
	return s, nil
}

// ChangeState changes a tenant's state while nobody else does. An error of f is
// returned as it is, and then nothing is changed.
func (x *Index) ChangeState(ctx context.Context, tenant string, f func(*State) error) error {
	return x.storage.Change(ctx, tenant, func(p Pages) error {
		s, err := loadState(p)
		if err != nil {
			return err
		}
		if err := f(&s); err != nil {
			return err
		}
		page, err := json.Marshal(s)
		if err != nil {
			return err
		}
		return p.Save(stateKey(), page)
	})
}

func loadState(p Pages) (State, error) {
	pages, err := p.Load([]Key{stateKey()})
	if err != nil || pages[stateKey()] == nil {
		return State{}, err
	}
	return parseState(pages[stateKey()])
}
