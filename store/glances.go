package store

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"gorm.io/gorm"

	"github.com/sightline-go/sightline/internal/glance"
	"github.com/sightline-go/sightline/internal/slackapp"
	"github.com/sightline-go/sightline/store/internal/database"
)

// Glances are the states that chats show, and the work on them. It implements
// [glance.Rows].
type Glances struct{ *core }

// glanceRow is a row of glances with its conversation's tenant.
type glanceRow struct {
	Site           string
	ConversationID string
	Kind           string
	ModuleKey      string
	Projects       string
	Role           string
	UserQuery      string
	WindowDays     int
	Zone           string
	Parts          string
	QuietFrom      string
	QuietTo        string
	Language       string
	Choices        string
	Handle         string
	Desired        string
	DesiredAt      int64
	DirtyRev       int64
	ComputedRev    int64
	DesiredRev     int64
	DeliveredRev   int64
	Attempts       int
	NextAttempt    int64
	Lease          string
	LeaseUntil     int64
	LastError      string
	FailedFor      string
	DirtyAt        int64
	Midnight       int64
	Urgent         bool
	Surface        string

	// Of the conversation.
	TenantID   string
	State      string
	StoppedFor string
}

// glanceColumns are the columns of glances that a row has, each with a prefix.
// Queries name what they read: on PostgreSQL a statement that reads * fails
// once for each connection when a newer program has added a column.
func glanceColumns(prefix string) string {
	return prefix + strings.Join([]string{
		"site", "conversation_id", "kind", "module_key", "surface", "projects", "role", "user_query", "window_days", "zone",
		"parts", "quiet_from", "quiet_to", "language", "choices", "handle", "desired", "desired_at", "dirty_at", "midnight", "urgent",
		"dirty_rev", "computed_rev", "desired_rev", "delivered_rev", "attempts", "next_attempt", "lease", "lease_until", "failed_for", "last_error",
	}, ", "+prefix)
}

// glanceWithConversation reads rows with what their conversation adds.
func glanceWithConversation() string {
	return "SELECT " + glanceColumns("g.") + ", c.tenant_id, c.state, c.stopped_for FROM glances g" + joined
}

const (
	// ofConversation reads the conversation's tenant in a form that RETURNING
	// allows.
	ofConversation = `(SELECT c.tenant_id FROM conversations c
		WHERE c.site = glances.site AND c.id = glances.conversation_id) AS tenant_id`

	// ofPayer is the payer of a glance: its tenant, or its site while it has none.
	ofPayer = `(SELECT COALESCE(c.tenant_id, c.site) FROM conversations c
		WHERE c.site = glances.site AND c.id = glances.conversation_id)`

	// joined adds a glance's conversation c and that one's tenant t.
	joined = `
		JOIN conversations c ON c.site = g.site AND c.id = g.conversation_id
		LEFT JOIN tenants t ON t.id = c.tenant_id`

	isKey = `site = @site AND conversation_id = @conversation AND kind = @kind AND module_key = @module`

	isKeyOfG = `g.site = @site AND g.conversation_id = @conversation AND g.kind = @kind AND g.module_key = @module`

	// hasWork is the condition of the index glances_due.
	hasWork = `(computed_rev < dirty_rev OR delivered_rev < desired_rev)`
)

func keyArgs(k glance.Key) map[string]any {
	return map[string]any{
		"site": k.Site, "conversation": k.Conversation, "kind": string(k.Kind), "module": k.Module,
		"surface": string(cmp.Or(k.Surface, glance.SurfaceChat)),
	}
}

// with adds arguments to a copy of args.
func with(args, more map[string]any) map[string]any {
	all := maps.Clone(args)
	maps.Copy(all, more)
	return all
}

// Glance returns the row of a key.
func (s *Glances) Glance(ctx context.Context, k glance.Key) (glance.Row, error) {
	var row glanceRow
	err := s.db.Reading(ctx, func(db *gorm.DB) error {
		return db.Raw(glanceWithConversation()+" WHERE "+isKeyOfG, keyArgs(k)).Take(&row).Error
	})
	if err != nil {
		return glance.Row{}, glanceError("read", k, absent(err))
	}
	return row.row()
}

// List returns all rows in the order of their keys.
func (s *Glances) List(ctx context.Context) ([]glance.Row, error) {
	var rows []glanceRow
	err := s.db.Reading(ctx, func(db *gorm.DB) error { return db.Raw(glanceWithConversation()).Scan(&rows).Error })
	if err != nil {
		return nil, fmt.Errorf("list glances: %w", err)
	}
	return convert(rows, compareKeys)
}

// updateGlances changes the rows that meet a condition on g, their
// conversation c and its tenant t, and reads the changed rows into rows.
// PostgreSQL locks them first, in the given order, so that two such updates
// cannot deadlock.
func updateGlances(tx *gorm.DB, set, where string, args map[string]any, rows *[]glanceRow) (int, error) {
	lock := "" // SQLite has one writer
	if database.OnPostgres(tx) {
		lock = "FOR UPDATE OF g"
	}
	update := tx.Raw(`
		WITH hit (k1, k2, k3, k4) AS (
			SELECT g.site, g.conversation_id, g.kind, g.module_key
			FROM glances g`+joined+`
			WHERE `+where+` `+lock+`)
		UPDATE glances SET `+set+`
		FROM hit WHERE site = k1 AND conversation_id = k2 AND kind = k3 AND module_key = k4
		RETURNING `+glanceColumns("")+`, `+ofConversation, args).Scan(rows)
	return len(*rows), update.Error
}

// row converts a stored row.
func (r glanceRow) row() (glance.Row, error) {
	k := glance.Key{Surface: glance.SurfaceName(r.Surface), Site: r.Site, Conversation: r.ConversationID, Kind: glance.Kind(r.Kind), Module: r.ModuleKey}
	row := glance.Row{
		Key: k, Tenant: r.TenantID,
		Config: glance.Config{
			Role: r.Role, Query: r.UserQuery, Window: r.WindowDays, Zone: r.Zone,
			QuietFrom: r.QuietFrom, QuietTo: r.QuietTo, Language: r.Language,
		},
		Handle:   r.Handle,
		DirtyRev: r.DirtyRev, ComputedRev: r.ComputedRev, DesiredRev: r.DesiredRev, DeliveredRev: r.DeliveredRev,
		Attempts: r.Attempts, NextAttempt: fromMillis(r.NextAttempt), Lease: r.Lease, LeaseUntil: fromMillis(r.LeaseUntil),
		FailedFor: failedFor(r.FailedFor, r.LastError), LastError: r.LastError,
		DesiredAt: fromMillis(r.DesiredAt), DirtyAt: fromMillis(r.DirtyAt), Midnight: fromMillis(r.Midnight),
		Urgent: r.Urgent, Stopped: r.State == "stopped", StoppedFor: stoppedFor(r.StoppedFor),
	}
	if err := unmarshal(r.Projects, &row.Config.Projects); err != nil {
		return row, glanceError("read projects of", k, err)
	}
	if err := unmarshal(r.Parts, &row.Config.Parts); err != nil {
		return row, glanceError("read parts of", k, err)
	}
	if err := unmarshal(r.Choices, &row.Config.Choices); err != nil {
		return row, glanceError("read choices of", k, err)
	}
	if err := unmarshal(r.Desired, &row.Desired); err != nil {
		return row, glanceError("read state of", k, err)
	}
	return row, nil
}

// convert converts rows and puts them in an order.
func convert(stored []glanceRow, order func(a, b glance.Row) int) ([]glance.Row, error) {
	rows := make([]glance.Row, 0, len(stored))
	for _, r := range stored {
		row, err := r.row()
		if err != nil {
			return nil, err
		}
		rows = append(rows, row)
	}
	slices.SortFunc(rows, order)
	return rows, nil
}

func compareKeys(a, b glance.Row) int {
	return cmp.Or(cmp.Compare(a.Key.Site, b.Key.Site), cmp.Compare(a.Key.Conversation, b.Key.Conversation),
		cmp.Compare(a.Key.Kind, b.Key.Kind), cmp.Compare(a.Key.Module, b.Key.Module))
}

// unmarshal leaves the zero value when text is empty.
func unmarshal(text string, into any) error {
	if text == "" {
		return nil
	}
	return json.Unmarshal([]byte(text), into)
}

// marshal encodes strings, numbers and lists of them.
func marshal(v any) (string, error) {
	data, err := json.Marshal(v)
	return string(data), err
}

func glanceError(verb string, k glance.Key, err error) error {
	return fmt.Errorf("%s %s %q of conversation %q/%q: %w", verb, k.Kind, k.Module, k.Site, k.Conversation, err)
}

// stoppedFor reads why a conversation is stopped. Programs before schema 4
// wrote a text; a code or text that is not known is ReasonUnknown.
func stoppedFor(stored string) glance.Reason {
	switch stored {
	case "nobody is in it":
		return glance.ReasonEmpty
	case "the app is not in it any more":
		return glance.ReasonAbsent
	case "Slack revoked the app's access":
		return glance.ReasonRevoked
	}
	return glance.ParseReason(stored)
}

// failedFor reads why a row failed the last time. A row without an error has
// no reason, whatever code an earlier failure left.
func failedFor(code, text string) glance.Reason {
	switch {
	case text == "":
		return glance.ReasonNone
	case code == "":
		return reasonOfText(text)
	}
	return glance.ParseReason(code)
}

// reasonOfText finds the reason in the text of an error, in the form that
// programs before schema 4 wrote it.
func reasonOfText(text string) glance.Reason {
	if strings.HasPrefix(text, "compute state: ") {
		return glance.ReasonJira
	}
	if said, ok := strings.CutPrefix(text, "push state: slack "); ok {
		_, code, _ := strings.Cut(said, ": ")
		if reason := slackapp.Code(code).Reason(); reason != glance.ReasonRefused {
			return reason
		}
	}
	if strings.HasPrefix(text, "push state: conversation is gone") {
		return glance.ReasonAbsent
	}
	return glance.ReasonUnknown
}
