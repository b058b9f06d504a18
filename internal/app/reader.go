package app

import (
	"errors"

	"github.com/sightline-go/sightline/connect"
	"github.com/sightline-go/sightline/internal/quota"
)

// reader says who reads a view on Forge.
type reader string

const (
	readerAuto    reader = "auto"
	readerServer  reader = "server"
	readerBrowser reader = "browser"
)

func (c *checks) reader(text string) reader {
	switch r := reader(text); r {
	case "":
		return readerAuto
	case readerAuto, readerServer, readerBrowser:
		return r
	}
	c.note("reader", errors.New("is not auto, server or browser"))
	return ""
}

// spareFrom is the share of an hour's points that views may bring it to; from there on
// viewers' pages read. It is a reciprocal.
const spareFrom = 10

// inPage says of a tenant whether its viewers' pages read, nil: the server does.
// A page that cannot read leaves it to the server, whatever this says. open is about
// how many issues a view of the tenant reads, which cost a point each; 0 if that is
// not known.
func (r reader) inPage(ledger *quota.Ledger, open func(tenant string) int) func(*connect.Tenant) bool {
	switch r {
	case readerBrowser:
		return func(*connect.Tenant) bool { return true }
	case readerAuto:
		return func(t *connect.Tenant) bool {
			cost := open(string(t.ID))
			return spares(ledger.App(), cost) || spares(ledger.Tenant(string(t.ID)), cost)
		}
	}
	return nil
}

// spares reports whether so much of a budget is used, or would be by a view, that
// views are to cost none of it.
func spares(budget quota.Level, cost int) bool {
	return !budget.Until.IsZero() || budget.Limit > 0 && (budget.Used+cost)*spareFrom >= budget.Limit
}
