package store

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"sync"
	"time"

	"gorm.io/gorm"

	"github.com/sightline-go/sightline/connect"
	"github.com/sightline-go/sightline/internal/outage"
	"github.com/sightline-go/sightline/store/internal/database"
)

// ChangeKind says what another program has changed.
type ChangeKind string

// The kinds of changes, and what their name is.
const (
	// ChangedTenant is a tenant that was installed, enabled, disabled or removed. It
	// has no name; with it come the changes of the tenant's installations.
	ChangedTenant ChangeKind = "tenant"
	// ChangedConnect is an installation of such a tenant on Connect: its client key.
	ChangedConnect ChangeKind = "connect"
	// ChangedForge is one on Forge: its installation id.
	ChangedForge ChangeKind = "forge"
	// ChangedIssues are a tenant's issues or work logs, of which an event told: the id of
	// the issue, or nothing if that is not known.
	ChangedIssues ChangeKind = "issues"
	// ChangedGadget is what a dashboard item shows: the ids of the dashboard and the
	// item with a slash between them.
	ChangedGadget ChangeKind = "gadget"
	// ChangedRoom is what a room shows: its conversation's id.
	ChangedRoom ChangeKind = "room"
	// ChangedPreferences is how a person wants to see things, which Jira keeps: the
	// person's [PersonName].
	ChangedPreferences ChangeKind = "preferences"
)

// Change is something that another program on the database has changed, so that what
// this one remembers of it may be old.
type Change struct {
	Kind   ChangeKind
	Tenant connect.TenantID
	Name   string
}

const (
	// followEvery is how often the table of changes is read.
	followEvery = 5 * time.Second
	// changesKept is for how long changes stay in the table.
	changesKept = 10 * time.Minute
	// forgetEvery is how often older ones are removed.
	forgetEvery = time.Minute
	// The wait before the connection that listens is made anew, doubled with each
	// failure up to a bound.
	listenAgain, listenLate = 100 * time.Millisecond, followEvery
)

// tellOnPostgres notes a change and announces it, both when the transaction commits.
// What is too long to be announced is read from the table. The channel belongs to this
// table: a server has one space of channels for all schemas of a database.
const tellOnPostgres = `WITH made AS (
	INSERT INTO changes (id, kind, tenant_id, name, made_by, made_at)
	VALUES (txid_current(), @kind, @tenant, @name, @by, @now) ON CONFLICT DO NOTHING
	RETURNING json_build_array(id, kind, tenant_id, name, made_by)::text AS notice)
SELECT pg_notify('` + database.ChannelPrefix + `' || 'changes'::regclass::oid::bigint,
	CASE WHEN octet_length(notice) < 7900 THEN notice ELSE '' END) FROM made`

const tellOnSQLite = `INSERT INTO changes (id, kind, tenant_id, name, made_by, made_at)
	VALUES ((SELECT COALESCE(MAX(id), 0) + 1 FROM changes), @kind, @tenant, @name, @by, @now)`

// tell notes a change for the other programs, in the transaction that makes it.
func (s *core) tell(tx *gorm.DB, c Change) error {
	text := tellOnSQLite
	if database.OnPostgres(tx) {
		text = tellOnPostgres
	}
	return tx.Exec(text, map[string]any{
		"kind": string(c.Kind), "tenant": string(c.Tenant), "name": c.Name, "by": s.self, "now": millis(s.now()),
	}).Error
}

// PersonName names a person of a tenant without telling who it is.
func PersonName(tenant connect.TenantID, account connect.AccountID) string {
	sum := sha256.Sum256([]byte(string(tenant) + "/" + string(account)))
	return hex.EncodeToString(sum[:16])
}

// Tell tells the other programs of a change of what is not in the database.
func (s *Store) Tell(ctx context.Context, c Change) error {
	err := s.db.Transaction(ctx, func(tx *gorm.DB) error { return s.tell(tx, c) })
	if err != nil {
		return fmt.Errorf("tell of %s: %w", c.Kind, err)
	}
	return nil
}

// tellTenant notes that a tenant has changed, with all names that it has.
func (s *core) tellTenant(tx *gorm.DB, id string) error {
	var names []struct{ Kind, Name string }
	err := tx.Raw(`SELECT 'connect' AS kind, client_key AS name FROM connect_installs WHERE tenant_id = @id
		UNION ALL SELECT 'forge', installation_id FROM forge_installs WHERE tenant_id = @id`, map[string]any{"id": id}).Scan(&names).Error
	if err != nil {
		return err
	}
	for _, n := range names {
		if err := s.tell(tx, Change{ChangeKind(n.Kind), connect.TenantID(id), n.Name}); err != nil {
			return err
		}
	}
	return s.tell(tx, Change{Kind: ChangedTenant, Tenant: connect.TenantID(id)})
}

// Follower learns what other programs on the database change: on PostgreSQL from
// their notices, and from the table of changes, so also when a notice is lost.
type Follower struct {
	*core
	// wake makes a reading due.
	wake chan struct{}

	mu sync.Mutex
	// floor is the first id of which not everything is known to have been read.
	floor int64
	// seen are the changes from the floor on that were learned.
	seen map[noted]struct{}
}

// noted is a change in the table.
type noted struct {
	id int64
	Change
}

// Follow begins to follow: what is changed from now on is learned as soon as
// [Follower.Run] runs.
func (s *Store) Follow(ctx context.Context) (*Follower, error) {
	f := &Follower{core: s.core, wake: make(chan struct{}, 1), seen: map[noted]struct{}{}}
	if _, err := f.read(ctx); err != nil {
		return nil, fmt.Errorf("follow changes: %w", err)
	}
	return f, nil
}

// Run calls learn for each change that another program makes, until the context ends:
// within a second, or within ten where a notice is lost or there are none, as on SQLite
// and behind a pooler. learn must be quick and safe for concurrent use. It may be called
// for a change whose program has just begun to work.
func (f *Follower) Run(ctx context.Context, learn func(Change)) {
	var listening sync.WaitGroup
	defer listening.Wait()
	if f.db.Listens() {
		listening.Go(func() { f.listen(ctx, learn) })
	}
	look, forget := time.NewTicker(followEvery), time.NewTicker(forgetEvery)
	defer look.Stop()
	defer forget.Stop()
	for {
		changes, err := f.read(ctx)
		f.outages.Note(ctx, outage.Subject{What: "read what other programs have changed"}, err)
		for _, c := range changes {
			learn(c)
		}
		select {
		case <-ctx.Done():
			return
		case <-forget.C:
			f.outages.Note(ctx, outage.Subject{What: "forget old changes"}, f.forget(ctx))
		case <-look.C:
		case <-f.wake:
		}
	}
}

// listen hears notices, and connects again when the connection is lost. What was told
// meanwhile is read.
func (f *Follower) listen(ctx context.Context, learn func(Change)) {
	lost := outage.Subject{What: "hear what other programs change"}
	wait := listenAgain
	for {
		err := f.db.Listen(ctx, "changes", func() {
			wait = listenAgain
			f.outages.Works(ctx, lost)
			f.wakeUp()
		}, func(notice string) { f.hear(notice, learn) })
		if !sleep(ctx, wait) {
			return
		}
		if wait > listenAgain { // one that was merely closed is there again
			f.outages.Failed(ctx, lost, err)
		}
		wait = min(2*wait, listenLate)
	}
}

// sleep reports whether the context lasted as long.
func sleep(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-timer.C:
		return true
	}
}

func (f *Follower) wakeUp() {
	select {
	case f.wake <- struct{}{}:
	default:
	}
}

// hear learns from a notice. One that says nothing has the table read.
func (f *Follower) hear(notice string, learn func(Change)) {
	var n noted
	var by string
	into := []any{&n.id, &n.Kind, &n.Tenant, &n.Name, &by}
	if err := json.Unmarshal([]byte(notice), &into); err != nil || len(into) != 5 || n.Kind == "" {
		f.wakeUp()
		return
	}
	if by == f.self {
		return
	}
	f.mu.Lock()
	fresh := f.note(n)
	f.mu.Unlock()
	if fresh {
		learn(n.Change)
	}
}

// note reports whether a change is heard of for the first time.
func (f *Follower) note(n noted) bool {
	_, known := f.seen[n]
	f.seen[n] = struct{}{}
	return !known && n.id >= f.floor
}

// Both queries say below which id nothing new can come. On PostgreSQL that is the
// oldest transaction at work, because transactions do not end in their order.
const (
	readOnPostgres = `SELECT s.floor, COALESCE(c.id, 0) AS id, COALESCE(c.kind, '') AS kind, COALESCE(c.tenant_id, '') AS tenant,
			COALESCE(c.name, '') AS name, COALESCE(c.made_by, '') AS made_by
		FROM (SELECT txid_snapshot_xmin(txid_current_snapshot()) AS floor) s LEFT JOIN changes c ON c.id >= @floor`
	readOnSQLite = `SELECT s.floor, COALESCE(c.id, 0) AS id, COALESCE(c.kind, '') AS kind, COALESCE(c.tenant_id, '') AS tenant,
			COALESCE(c.name, '') AS name, COALESCE(c.made_by, '') AS made_by
		FROM (SELECT COALESCE(MAX(id), 0) + 1 AS floor FROM changes) s LEFT JOIN changes c ON c.id >= @floor ORDER BY c.id`
)

// read returns the changes of others in the table that were not learned yet.
func (f *Follower) read(ctx context.Context) (changes []Change, err error) {
	var rows []struct {
		Floor, ID                  int64
		Kind, Tenant, Name, MadeBy string
	}
	f.mu.Lock()
	floor := f.floor
	f.mu.Unlock()
	err = f.db.Reading(ctx, func(db *gorm.DB) error {
		text := readOnSQLite
		if database.OnPostgres(db) {
			text = readOnPostgres
		}
		return db.Raw(text, map[string]any{"floor": floor}).Scan(&rows).Error
	})
	if err != nil {
		return nil, err
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, r := range rows {
		n := noted{r.ID, Change{ChangeKind(r.Kind), connect.TenantID(r.Tenant), r.Name}}
		if r.Kind != "" && f.note(n) && r.MadeBy != f.self {
			changes = append(changes, n.Change)
		}
	}
	if len(rows) > 0 {
		f.floor = rows[0].Floor
	}
	for n := range f.seen {
		if n.id < f.floor {
			delete(f.seen, n)
		}
	}
	return changes, nil
}

// forget removes changes that every program has read, all but the newest: on SQLite
// ids count on from it.
func (s *core) forget(ctx context.Context) error {
	return s.db.Writing(ctx, func(db *gorm.DB) error {
		return db.Exec("DELETE FROM changes WHERE made_at < ? AND id < (SELECT MAX(id) FROM changes)", millis(s.now().Add(-changesKept))).Error
	})
}
