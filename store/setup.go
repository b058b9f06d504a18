package store

import (
	"context"
	"time"

	"gorm.io/gorm"

	"github.com/sightline-go/sightline/internal/glance"
)

// Begin records that the app was installed in a conversation, and makes its two
// rows. The configuration says "not set up" until [Conversations.Configure]; the
// glance says nothing. Installed again, the rows keep what they show and are
// pushed again.
func (s *Conversations) Begin(ctx context.Context, c glance.Conversation, glanceKey, configurationKey glance.Key, now time.Time) error {
	return s.db.Transaction(ctx, func(tx *gorm.DB) error {
		if err := saveConversation(tx, c); err != nil {
			return err
		}
		if err := beginRow(tx, glanceKey, "", now); err != nil {
			return err
		}
		state, err := marshal(glance.State{})
		if err != nil {
			return err
		}
		return beginRow(tx, configurationKey, state, now)
	})
}

// payerOfKey is the payer of a new row.
const payerOfKey = `(SELECT COALESCE(c.tenant_id, c.site) FROM conversations c WHERE c.site = @site AND c.id = @conversation)`

// beginRow creates a row with a desired state, empty for none yet, or makes an
// existing row due for another push.
func beginRow(tx *gorm.DB, k glance.Key, desired string, now time.Time) error {
	err := tx.Exec(`
		INSERT INTO glances (site, conversation_id, kind, module_key, payer, surface, desired, desired_rev, urgent, next_attempt)
		VALUES (@site, @conversation, @kind, @module, `+payerOfKey+`, @surface, @desired, CASE WHEN @desired = '' THEN 0 ELSE 1 END, true, @now)
		ON CONFLICT (site, conversation_id, kind, module_key) DO UPDATE SET
			delivered_rev = 0, attempts = 0, last_error = '', restarted = true, quiet_until = 0, urgent = true,
			next_attempt = excluded.next_attempt`,
		with(keyArgs(k), map[string]any{"desired": desired, "now": millis(now)})).Error
	if err != nil {
		return glanceError("begin", k, err)
	}
	return nil
}

// Configure saves what a conversation's glance shows and that it is set up. Both
// rows are due now; stopped ones run again, missing ones are created. It refuses
// a configuration that is not valid. The error wraps connect.ErrNotFound when
// the conversation does not exist.
func (s *Conversations) Configure(ctx context.Context, glanceKey, configurationKey glance.Key, c glance.Config, now time.Time) error {
	err := s.db.Transaction(ctx, func(tx *gorm.DB) error {
		if err := holdConversation(tx, glanceKey); err != nil {
			return err
		}
		if err := configureGlance(tx, glanceKey, c, now); err != nil {
			return err
		}
		if err := configureState(tx, configurationKey, now); err != nil {
			return err
		}
		if err := scheduleWeekly(tx, glanceKey, c, now); err != nil {
			return err
		}
		return s.tellRoom(tx, glanceKey.Site, glanceKey.Conversation)
	})
	if err != nil {
		return glanceError("configure", glanceKey, err)
	}
	return nil
}

// holdConversation keeps a conversation from being removed until the transaction
// ends. It resumes a stopped one: whoever sets it up is in it.
func holdConversation(tx *gorm.DB, k glance.Key) error {
	var id string
	err := tx.Raw("UPDATE conversations SET state = 'active', stopped_for = '' WHERE site = @site AND id = @conversation RETURNING id",
		keyArgs(k)).Take(&id).Error
	return absent(err)
}

func configureGlance(tx *gorm.DB, k glance.Key, c glance.Config, now time.Time) error {
	if err := c.Validate(); err != nil {
		return err
	}
	projects, err := marshal(c.Projects)
	if err != nil {
		return err
	}
	parts, err := marshalParts(c.Parts)
	if err != nil {
		return err
	}
	choices, err := marshal(c.Choices)
	if err != nil {
		return err
	}
	return tx.Exec(`
		INSERT INTO glances (site, conversation_id, kind, module_key, payer, surface, projects, role, user_query, window_days, zone,
			parts, quiet_from, quiet_to, language, choices, dirty_rev, dirty_at, urgent, next_attempt)
		VALUES (@site, @conversation, @kind, @module, `+payerOfKey+`, @surface, @projects, @role, @query, @window, @zone,
			@parts, @quiet_from, @quiet_to, @language, @choices, 1, @now, true, @now)
		ON CONFLICT (site, conversation_id, kind, module_key) DO UPDATE SET
			projects = excluded.projects, role = excluded.role, user_query = excluded.user_query,
			window_days = excluded.window_days, zone = excluded.zone, parts = excluded.parts,
			quiet_from = excluded.quiet_from, quiet_to = excluded.quiet_to, language = excluded.language, choices = excluded.choices,
			dirty_rev = glances.dirty_rev + 1, dirty_at = excluded.dirty_at, quiet_until = 0, urgent = true,
			attempts = 0, last_error = '', restarted = true, next_attempt = excluded.next_attempt`,
		with(keyArgs(k), map[string]any{
			"projects": projects, "role": c.Role, "query": c.Query, "window": c.Window, "zone": c.Zone, "parts": parts,
			"quiet_from": c.QuietFrom, "quiet_to": c.QuietTo, "language": c.Language, "choices": choices, "now": millis(now),
		})).Error
}

// marshalParts encodes parts; no parts are the empty text.
func marshalParts(parts []glance.Part) (string, error) {
	if len(parts) == 0 {
		return "", nil
	}
	return marshal(parts)
}

func configureState(tx *gorm.DB, k glance.Key, now time.Time) error {
	state, err := marshal(glance.State{Configured: true})
	if err != nil {
		return err
	}
	return tx.Exec(`
		INSERT INTO glances (site, conversation_id, kind, module_key, payer, surface, desired, desired_at, desired_rev, urgent, next_attempt)
		VALUES (@site, @conversation, @kind, @module, `+payerOfKey+`, @surface, @desired, @now, 1, true, @now)
		ON CONFLICT (site, conversation_id, kind, module_key) DO UPDATE SET
			desired = excluded.desired, desired_at = excluded.desired_at, desired_rev = glances.desired_rev + 1,
			attempts = 0, last_error = '', restarted = true, urgent = true, next_attempt = excluded.next_attempt`,
		with(keyArgs(k), map[string]any{"desired": state, "now": millis(now)})).Error
}
