package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"gorm.io/gorm"

	"github.com/sightline-go/sightline/connect"
	"github.com/sightline-go/sightline/internal/index"
	"github.com/sightline-go/sightline/store/internal/database"
)

// table is one that holds what the program knows.
type table struct {
	name string
	// of is the condition of the rows of tenant @id; "" if none are.
	of string
	// secret are columns that never leave the database but in a copy of it; packed
	// are those that only this program reads.
	secret, packed []string
}

// tables are all that hold data, each after those that its rows belong to. The tables
// about the database itself are left out: its schema, and who works on it.
func tables() []table {
	const ofTenant = "tenant_id = @id"
	return []table{
		{name: "tenants", of: "id = @id"},
		{name: "connect_installs", of: ofTenant, secret: []string{"shared_secret"}},
		{name: "forge_installs", of: ofTenant},
		{name: "forge_tokens", of: "installation_id IN (SELECT installation_id FROM forge_installs WHERE tenant_id = @id)", secret: []string{"token"}},
		{name: "conversations", of: ofTenant},
		{name: "glances", of: "EXISTS (SELECT 1 FROM conversations c WHERE c.site = glances.site AND c.id = glances.conversation_id AND c.tenant_id = @id)"},
		{name: "weekly", of: "EXISTS (SELECT 1 FROM conversations c WHERE c.site = weekly.site AND c.id = weekly.conversation_id AND c.tenant_id = @id)"},
		{name: "gadget_configs", of: ofTenant},
		{name: "rosters", of: ofTenant, packed: []string{"value"}},
		{name: "site_choices", of: ofTenant},
		{name: "deliveries", of: ofTenant},
		{name: "slack_installs", of: ofTenant, secret: []string{"bot_token", "refresh_token"}},
		{name: "slack_people", of: "team_id IN (SELECT team_id FROM slack_installs WHERE tenant_id = @id)"},
		{name: "slack_unasked", of: "team_id IN (SELECT team_id FROM slack_installs WHERE tenant_id = @id)"},
		{name: "slack_signatures"},
		{name: "index_pages", of: ofTenant, packed: []string{"body"}},
		{name: "quota_points", of: ofTenant},
		{name: "quota_said", of: ofTenant},
		{name: "account_reports", of: ofTenant},
		{name: "alive"},
	}
}

// Export is all that is stored of one tenant, without secrets.
type Export struct {
	Tables []ExportedTable `json:"tables"`
	// Rosters are what editors of gadgets noted about people, by gadget.
	Rosters map[string]json.RawMessage `json:"rosters"`
	// Index are the facts that the packed pages of the index hold.
	Index index.Facts `json:"index"`
}

// ExportedTable are the tenant's rows of one table.
type ExportedTable struct {
	Name string   `json:"name"`
	Rows []Record `json:"rows"`
}

// Record is one row as a JSON object with the columns in their order.
type Record struct {
	columns []database.Column
	values  []any
}

// MarshalJSON implements json.Marshaler.
func (r Record) MarshalJSON() ([]byte, error) {
	var out strings.Builder
	for i, c := range r.columns {
		value, err := json.Marshal(r.values[i])
		if err != nil {
			return nil, fmt.Errorf("column %s: %w", c.Name, err)
		}
		fmt.Fprintf(&out, ",%q:%s", c.Name, value)
	}
	return []byte("{" + strings.TrimPrefix(out.String(), ",") + "}"), nil
}

// Export returns all that is stored of a tenant, as it is at one moment except for the
// facts of the index. A tenant that does not exist is connect.ErrNotFound.
func (s *Store) Export(ctx context.Context, id connect.TenantID) (Export, error) {
	out := Export{Rosters: map[string]json.RawMessage{}}
	err := s.db.Snapshot(ctx, func(tx *gorm.DB) error {
		for _, t := range tables() {
			if t.of == "" {
				continue
			}
			rows, err := t.export(tx, id)
			if err != nil {
				return fmt.Errorf("%s: %w", t.name, err)
			}
			out.Tables = append(out.Tables, ExportedTable{t.name, rows})
		}
		return s.exportRosters(tx, id, out.Rosters)
	})
	if err == nil && len(out.Tables[0].Rows) == 0 {
		err = connect.ErrNotFound
	}
	if err == nil {
		out.Index, err = index.New(s.Index, s.now).All(ctx, string(id))
	}
	if err != nil {
		return Export{}, fmt.Errorf("export tenant %q: %w", id, err)
	}
	return out, nil
}

// export reads the rows of a tenant, without what is secret or packed.
func (t table) export(tx *gorm.DB, id connect.TenantID) ([]Record, error) {
	columns, err := database.Columns(tx, t.name)
	if err != nil {
		return nil, err
	}
	columns = slices.DeleteFunc(columns, func(c database.Column) bool {
		return slices.Contains(t.secret, c.Name) || slices.Contains(t.packed, c.Name)
	})
	records := []Record{}
	err = database.EachRow(tx.Table(t.name).Where(t.of, map[string]any{"id": string(id)}), columns, func(values []any) error {
		records = append(records, Record{columns, values})
		return nil
	})
	return records, err
}

func (s *Store) exportRosters(tx *gorm.DB, id connect.TenantID, into map[string]json.RawMessage) error {
	var rows []sealedRow
	if err := tx.Raw("SELECT id, value FROM rosters WHERE tenant_id = ?", string(id)).Scan(&rows).Error; err != nil {
		return err
	}
	for _, row := range rows {
		value, err := s.keys.Open(row.Value, rosterAAD(row.ID))
		if err != nil {
			return fmt.Errorf("roster of gadget %s: %w", row.ID, err)
		}
		into[row.ID] = value
	}
	return nil
}

// Counts returns how many rows there are of a tenant, by table.
func (s *Store) Counts(ctx context.Context, id connect.TenantID) (map[string]int, error) {
	counts := map[string]int{}
	err := s.db.Reading(ctx, func(db *gorm.DB) error {
		for _, t := range tables() {
			var n int
			if t.of == "" {
				continue
			}
			err := db.Raw("SELECT count(*) FROM "+t.name+" WHERE "+t.of, map[string]any{"id": string(id)}).Scan(&n).Error
			if err != nil {
				return fmt.Errorf("%s: %w", t.name, err)
			}
			counts[t.name] = n
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("count what is stored of tenant %q: %w", id, err)
	}
	return counts, nil
}

// Gauges are numbers of what is stored, for an operator.
type Gauges struct {
	// Tenants are how many there are, by state.
	Tenants map[string]int
	// Waiting are the glances that do not show what they should, and may; Failing are
	// those of them whose last attempt failed.
	Waiting, Failing int
	// Oldest is when the one that waits longest has last changed; zero: none waits.
	Oldest time.Time
}

// Gauges reads them, in two statements.
func (s *Store) Gauges(ctx context.Context) (g Gauges, err error) {
	g.Tenants = map[string]int{"active": 0, "disabled": 0, "uninstalled": 0}
	err = s.db.Reading(ctx, func(db *gorm.DB) error {
		var tenants []struct {
			State string
			Count int
		}
		if err := db.Raw("SELECT state, count(*) AS count FROM tenants GROUP BY state").Scan(&tenants).Error; err != nil {
			return err
		}
		for _, t := range tenants {
			g.Tenants[t.State] = t.Count
		}
		var waiting struct{ Waiting, Failing, Oldest int64 }
		err := db.Raw(`SELECT count(*) AS waiting, count(CASE WHEN g.attempts > 0 THEN 1 END) AS failing,
				COALESCE(min(CASE WHEN g.dirty_at > 0 THEN g.dirty_at END), 0) AS oldest
			FROM glances g JOIN conversations c ON c.site = g.site AND c.id = g.conversation_id
				LEFT JOIN tenants t ON t.id = c.tenant_id
			WHERE `+hasWork+` AND g.next_attempt > 0 AND (g.urgent OR g.quiet_until <= @now) AND `+runnable,
			map[string]any{"now": millis(s.now())}).Scan(&waiting).Error
		g.Waiting, g.Failing, g.Oldest = int(waiting.Waiting), int(waiting.Failing), fromMillis(waiting.Oldest)
		return err
	})
	return g, wrapped("count what is stored", err)
}

// Pools are the connections to the database, by what they are for.
func (s *Store) Pools() (map[string]*sql.DB, error) { return s.db.Pools() }
