package index

import "context"

// Shelf is a kind of pages.
type Shelf uint8

// The shelves, and what the bucket of a page is on each.
const (
	shelfState         Shelf = iota + 1 // 0
	shelfNeeds                          // the Kind
	shelfOpen                           // of open issues: key numbers by 256
	shelfDone                           // likewise
	shelfWorklogs                       // weeks since 1970
	shelfChanges                        // issue ids by 64
	shelfIssuePlaces                    // issue ids by 256
	shelfWorklogPlaces                  // work log ids by 256
	shelfDoubts                         // issue ids by 256
)

// Key names a page of a tenant. Project is empty where pages are not by project.
type Key struct {
	Shelf   Shelf
	Project string
	Bucket  int64
}

// Range names pages of a shelf: those of Projects, of all if it is nil, with buckets
// from From to To, both included.
type Range struct {
	Shelf    Shelf
	Projects []string
	From, To int64
}

// Storage keeps the pages of tenants.
type Storage interface {
	// Scan reads the pages of ranges as they are at one moment, in any order. f
	// must not keep the body.
	Scan(ctx context.Context, tenant string, ranges []Range, f func(Key, []byte) error) error
	// Load reads pages by their keys, as they are at one moment or another. Those
	// that do not exist are left out.
	Load(ctx context.Context, tenant string, keys []Key) (map[Key][]byte, error)
	// Change runs f in a transaction of its own: all of it or nothing, and nobody
	// else changes this tenant's pages meanwhile. f may run more than once.
	Change(ctx context.Context, tenant string, f func(Pages) error) error
	// Each reads one page of every tenant that has it. f must not keep the body.
	Each(ctx context.Context, k Key, f func(tenant string, body []byte) error) error
	// Holding returns the tenants with a page that contains a text.
	Holding(ctx context.Context, text string) ([]string, error)
	// Drop removes all pages of a tenant.
	Drop(ctx context.Context, tenant string) error
}

// Pages are those of one tenant within a transaction.
type Pages interface {
	// Load reads pages by their keys. Those that do not exist are left out.
	Load(keys []Key) (map[Key][]byte, error)
	// Scan is Load for a range.
	Scan(r Range) (map[Key][]byte, error)
	// Save replaces a page; an empty one is removed.
	Save(k Key, body []byte) error
}
