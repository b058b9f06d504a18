package store

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"time"

	"gorm.io/gorm"

	"github.com/sightline-go/sightline/connect"
)

// Shown is what a tenant's rooms and gadgets show.
type Shown struct {
	Tenant connect.TenantID
	// Projects are sorted keys.
	Projects []string
	// Past are those of them of which a gadget shows how they were.
	Past []string
	// Logged are those of which something shows work logs that are older than a month.
	Logged []string
	// Looked is when somebody looked at a gadget last; zero: only rooms show them.
	Looked time.Time
}

// Shown returns the active tenants with a room that shows a glance, or with a gadget
// at which somebody looked since the given time.
func (s *Tenants) Shown(ctx context.Context, since time.Time) ([]Shown, error) {
	var rows []shownRow
	err := s.db.Reading(ctx, func(db *gorm.DB) error {
		return db.Raw(`
			SELECT t.id AS tenant_id, g.projects AS projects, g.choices AS value, '' AS found, 0 AS read_at
			FROM glances g
			JOIN conversations c ON c.site = g.site AND c.id = g.conversation_id
			JOIN tenants t ON t.id = c.tenant_id AND t.state = 'active'
			WHERE `+configured+` AND c.state = 'active'
			UNION ALL
			SELECT t.id, '', i.value, i.found, i.read_at
			FROM gadget_configs i
			JOIN tenants t ON t.id = i.tenant_id AND t.state = 'active'
			WHERE i.read_at >= ? AND i.value <> ''`, millis(since)).Scan(&rows).Error
	})
	if err != nil {
		return nil, fmt.Errorf("list what is shown: %w", err)
	}
	return joinShown(rows)
}

type shownRow struct {
	TenantID string
	Projects string // of a glance
	Value    string // of a gadget; what else a glance shows
	Found    string // the projects of a gadget's query
	ReadAt   int64
}

// shownConfig is what matters here of the configuration of a gadget or a room.
type shownConfig struct {
	Projects    []string
	Filter, JQL string
	Trend       int
	Period      string
}

// longPeriods are those that may begin longer than a month ago.
func longPeriods() []string { return []string{"lastMonth", "thisQuarter", "lastQuarter", "range"} }

// logged reports whether work logs that are older than a month are shown. Those of a query
// are read from Jira.
func (c shownConfig) logged() bool {
	return c.Filter == "" && c.JQL == "" && slices.Contains(longPeriods(), c.Period)
}

func (r shownRow) config() (c shownConfig, err error) {
	_ = json.Unmarshal([]byte(r.Value), &c) // somebody else may have written the property
	if r.Projects != "" {
		c.Projects = nil
		err = unmarshal(r.Projects, &c.Projects)
	}
	if r.Projects == "" && (c.Filter != "" || c.JQL != "") {
		if c.Projects = nil; c.Trend != 0 && r.Found != "" {
			err = unmarshal(r.Found, &c.Projects)
		}
	}
	return c, err
}

func joinShown(rows []shownRow) ([]Shown, error) {
	of := map[string]*Shown{}
	for _, r := range rows {
		config, err := r.config()
		if err != nil {
			return nil, fmt.Errorf("list what is shown of tenant %q: %w", r.TenantID, err)
		}
		if len(config.Projects) == 0 {
			continue
		}
		if of[r.TenantID] == nil {
			of[r.TenantID] = &Shown{Tenant: connect.TenantID(r.TenantID)}
		}
		one := of[r.TenantID]
		one.Projects = append(one.Projects, config.Projects...)
		if config.Trend != 0 {
			one.Past = append(one.Past, config.Projects...)
		}
		if config.logged() {
			one.Logged = append(one.Logged, config.Projects...)
		}
		if at := fromMillis(r.ReadAt); at.After(one.Looked) {
			one.Looked = at
		}
	}
	list := make([]Shown, 0, len(of))
	for _, id := range slices.Sorted(maps.Keys(of)) {
		one := of[id]
		one.Projects, one.Past, one.Logged = sorted(one.Projects), sorted(one.Past), sorted(one.Logged)
		list = append(list, *of[id])
	}
	return list, nil
}

func sorted(keys []string) []string {
	slices.Sort(keys)
	return slices.Compact(keys)
}

// Beat stores that a program is alive, and returns when one was before; zero: never.
func (s *Store) Beat(ctx context.Context, now time.Time) (before time.Time, err error) {
	err = s.db.Transaction(ctx, func(tx *gorm.DB) error {
		var at int64
		err := tx.Raw("SELECT alive_at FROM alive WHERE id = 1").Scan(&at).Error
		if err != nil {
			return err
		}
		before = fromMillis(at)
		return tx.Exec(`INSERT INTO alive (id, alive_at) VALUES (1, ?)
			ON CONFLICT (id) DO UPDATE SET alive_at = excluded.alive_at`, millis(now)).Error
	})
	if err != nil {
		return time.Time{}, fmt.Errorf("say that the program is alive: %w", err)
	}
	return before, nil
}
