package rest

import (
	"cmp"
	"errors"
	"fmt"
	"sync/atomic"
	"time"
)

// ErrWalk says that a walk over a list was cut short by a bound, so that what it
// yielded may not be the whole list. The error is a [*WalkError].
var ErrWalk = errors.New("list cut short")

// WalkReason names the bound that cut a walk short. It is a label for a metric.
type WalkReason string

// The reasons.
const (
	// WalkRepeats: a page named a cursor that the walk had used already.
	WalkRepeats WalkReason = "repeats"
	// WalkFruitless: too many pages in a row held nothing new.
	WalkFruitless WalkReason = "fruitless"
	// WalkAllowance: the walks that share an Allowance used it up.
	WalkAllowance WalkReason = "allowance"
	// WalkPages, WalkBytes and WalkTime: the walk was too long.
	WalkPages WalkReason = "pages"
	WalkBytes WalkReason = "bytes"
	WalkTime  WalkReason = "time"
)

// WalkReasons are all reasons.
func WalkReasons() []WalkReason {
	return []WalkReason{WalkRepeats, WalkFruitless, WalkAllowance, WalkPages, WalkBytes, WalkTime}
}

// WalkError is the last pair of a walk that was cut short. All that was read
// before was yielded, so a caller can show it and say that it is a part.
type WalkError struct {
	Reason WalkReason
	// Pages and Items are how many the walk had read.
	Pages, Items int

	cause error
}

// Error names the reason and how far the walk came.
func (e *WalkError) Error() string {
	return fmt.Sprintf("list cut short (%s) after %d pages, %d items", e.Reason, e.Pages, e.Items)
}

// Is matches [ErrWalk].
func (e *WalkError) Is(target error) bool { return target == ErrWalk }

// Unwrap returns the error that ended the walk's time, if there is one.
func (e *WalkError) Unwrap() error { return e.cause }

const (
	defaultFruitless = 20
	defaultPages     = 10_000
	defaultBytes     = 1 << 30
)

// ListPolicy says how a client reads lists: how far a walk may go, and what
// becomes of records that cannot be read. The zero value has the bounds that the
// fields name and fails at an unreadable record.
//
// Its functions may be called by several goroutines at once.
type ListPolicy struct {
	// Pages is how many pages a walk reads at most; 0 means 10,000.
	Pages int
	// Fruitless is how many pages in a row may hold nothing new while further
	// ones follow; 0 means 20.
	Fruitless int
	// Bytes is how much a walk reads at most, in bytes of decoded answers; 0
	// means 1 GiB.
	Bytes int64
	// Time is after how long a walk asks for no further page; 0 leaves it to
	// the context. A walk whose context ends after its first page was read is
	// cut for its time too.
	Time time.Duration
	// Allowance bounds fruitless pages over several walks; nil means no bound.
	Allowance *Allowance
	// Cut is told of each walk that was cut short, for a metric; nil tells
	// nobody. The walk's caller gets the error itself.
	Cut func(*WalkError)
	// Skip is told of each record of a list that cannot be read. The record is
	// then left out. If Skip is nil, such a record fails its call with the
	// [*Unreadable] as error.
	Skip func(Unreadable)
}

// Report tells Skip of each record. Without Skip it returns the first of them as
// an error.
func (p ListPolicy) Report(odd []Unreadable) error {
	for i := range odd {
		if p.Skip == nil {
			return &odd[i]
		}
		p.Skip(odd[i])
	}
	return nil
}

func (p ListPolicy) pages() int     { return cmp.Or(p.Pages, defaultPages) }
func (p ListPolicy) fruitless() int { return cmp.Or(p.Fruitless, defaultFruitless) }
func (p ListPolicy) bytes() int64   { return cmp.Or(p.Bytes, defaultBytes) }

// Allowance is how many fruitless pages (which hold nothing new, though further
// ones follow) the walks that share it may read together: those of one view,
// say. It is safe for concurrent use.
type Allowance struct{ left atomic.Int64 }

// NewAllowance returns an allowance of so many pages.
func NewAllowance(pages int) *Allowance {
	a := &Allowance{}
	a.left.Store(int64(pages))
	return a
}

// take uses one page and reports whether there was one left.
func (a *Allowance) take() bool { return a == nil || a.left.Add(-1) >= 0 }
