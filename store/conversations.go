package store

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"time"

	"gorm.io/gorm"

	"github.com/sightline-go/sightline/connect"
	"github.com/sightline-go/sightline/internal/glance"
	"github.com/sightline-go/sightline/store/internal/database"
)

// Conversations are the rooms and channels that the app is in.
type Conversations struct{ *core }

// siteTenant finds the Jira tenant of a conversation's site.
const siteTenant = `
	SELECT id FROM tenants WHERE cloud_id = @site AND product = 'jira' AND state <> 'uninstalled'
	ORDER BY state, installed_at DESC, id LIMIT 1`

const upsertConversation = `
INSERT INTO conversations (site, id, surface, tenant_id, installed_by, told_at)
VALUES (@site, @id, @surface, COALESCE(NULLIF(@tenant, ''), (` + siteTenant + `)), @installed_by, @told)
ON CONFLICT (site, id) DO UPDATE SET
	tenant_id    = excluded.tenant_id,
	installed_by = excluded.installed_by,
	state        = 'active',
	stopped_for  = '',
	told_at      = CASE WHEN excluded.told_at > conversations.told_at THEN excluded.told_at ELSE conversations.told_at END`

// SaveConversation records that the app is in a conversation. With an empty
// Tenant the site's Jira tenant is looked up; while there is none the
// conversation waits for it, see [Tenants.SetCloudID].
func (s *Conversations) SaveConversation(ctx context.Context, c glance.Conversation) error {
	return s.db.Transaction(ctx, func(tx *gorm.DB) error { return saveConversation(tx, c) })
}

func saveConversation(tx *gorm.DB, c glance.Conversation) error {
	if c.Site == "" || c.ID == "" {
		return errors.New("save conversation: no site or no conversation id")
	}
	if err := lockSite(tx, c.Site); err != nil {
		return err
	}
	err := tx.Exec(upsertConversation, map[string]any{
		"site": c.Site, "id": c.ID, "surface": string(cmp.Or(c.Surface, glance.SurfaceChat)), "tenant": c.Tenant, "installed_by": c.InstalledBy,
		"told": millis(c.Since),
	}).Error
	if err == nil {
		err = assign(tx, c.Site, c.ID)
	}
	if err != nil {
		return fmt.Errorf("save conversation %q/%q: %w", c.Site, c.ID, err)
	}
	return nil
}

// Conversation returns a conversation that the app is in.
func (s *Conversations) Conversation(ctx context.Context, surface glance.SurfaceName, site, id string) (glance.Conversation, error) {
	var row struct{ TenantID, InstalledBy string }
	err := s.db.Reading(ctx, func(db *gorm.DB) error {
		return db.Table("conversations").Select("tenant_id, installed_by").
			Where("surface = ? AND site = ? AND id = ?", string(surface), site, id).Take(&row).Error
	})
	if err != nil {
		return glance.Conversation{}, fmt.Errorf("conversation %q/%q: %w", site, id, absent(err))
	}
	return glance.Conversation{Surface: surface, Site: site, ID: id, Tenant: row.TenantID, InstalledBy: row.InstalledBy}, nil
}

// RemoveConversation forgets a conversation and its glances. A worker that
// holds one loses its lease. An unknown conversation is not an error.
//
// told is when the chat sent the event that ends the conversation, zero if this
// is not due to an event: one from before the newest that is known changes
// nothing and is connect.ErrOldEvent. So it is with [Conversations.StopConversation]
// and [Conversations.ResumeConversation].
func (s *Conversations) RemoveConversation(ctx context.Context, surface glance.SurfaceName, site, id string, told time.Time) error {
	err := s.db.Transaction(ctx, func(tx *gorm.DB) error {
		if err := isNewest(tx, surface, site, id, told); err != nil {
			return err
		}
		if err := s.tellRoom(tx, site, id); err != nil {
			return err
		}
		return tx.Exec("DELETE FROM conversations WHERE surface = ? AND site = ? AND id = ?", string(surface), site, id).Error
	})
	if err != nil {
		return fmt.Errorf("remove conversation %q/%q: %w", site, id, err)
	}
	return nil
}

// tellRoom notes that what a room shows has changed, if it has a tenant.
func (s *Conversations) tellRoom(tx *gorm.DB, site, id string) error {
	var tenant string
	err := tx.Raw("SELECT COALESCE(tenant_id, '') FROM conversations WHERE site = ? AND id = ?", site, id).Scan(&tenant).Error
	if err != nil || tenant == "" {
		return err
	}
	return s.tell(tx, Change{ChangedRoom, connect.TenantID(tenant), id})
}

// isNewest notes when an event about a conversation was sent. If a newer one is
// known it is connect.ErrOldEvent.
func isNewest(tx *gorm.DB, surface glance.SurfaceName, site, id string, told time.Time) error {
	if told.IsZero() {
		return nil
	}
	args := map[string]any{"surface": string(surface), "site": site, "id": id, "told": millis(told)}
	noted := tx.Exec("UPDATE conversations SET told_at = @told WHERE surface = @surface AND site = @site AND id = @id AND told_at <= @told", args)
	if noted.Error != nil || noted.RowsAffected > 0 {
		return noted.Error
	}
	var known int
	err := tx.Raw("SELECT count(*) FROM conversations WHERE surface = @surface AND site = @site AND id = @id", args).Scan(&known).Error
	if err == nil && known > 0 {
		err = connect.ErrOldEvent
	}
	return err
}

// StopConversation drops all work for a conversation that takes no states for
// now, for example because it was archived, and notes why. A worker that holds
// one of its glances loses its lease. It lasts until
// [Conversations.ResumeConversation], or until the conversation is installed or
// configured again. An unknown conversation is not an error.
func (s *Conversations) StopConversation(ctx context.Context, surface glance.SurfaceName, site, id string, why glance.Reason, told time.Time) error {
	err := s.db.Transaction(ctx, func(tx *gorm.DB) error {
		if err := isNewest(tx, surface, site, id, told); err != nil {
			return err
		}
		err := tx.Exec("UPDATE conversations SET state = 'stopped', stopped_for = ? WHERE surface = ? AND site = ? AND id = ?",
			string(cmp.Or(why, glance.ReasonUnknown)), string(surface), site, id).Error
		if err != nil {
			return err
		}
		// A push may be in flight. It keeps its time to arrive: lease_until stays.
		return tx.Exec("UPDATE glances SET lease = '', next_attempt = 0 WHERE site = ? AND conversation_id = ?", site, id).Error
	})
	if err != nil {
		return fmt.Errorf("stop conversation %q/%q: %w", site, id, err)
	}
	return nil
}

// ResumeConversation resumes the work for a stopped conversation: its states are
// recomputed and pushed. It does nothing to one that is not stopped.
func (s *Conversations) ResumeConversation(ctx context.Context, surface glance.SurfaceName, site, id string, told time.Time) error {
	err := s.db.Transaction(ctx, func(tx *gorm.DB) error {
		if err := isNewest(tx, surface, site, id, told); err != nil {
			return err
		}
		resumed := tx.Exec(`UPDATE conversations SET state = 'active', stopped_for = ''
			WHERE surface = ? AND site = ? AND id = ? AND state = 'stopped'`, string(surface), site, id)
		if resumed.Error != nil || resumed.RowsAffected == 0 {
			return resumed.Error
		}
		_, err := updateGlances(tx, showAgain, `c.site = @site AND c.id = @id`+inOrder,
			map[string]any{"site": site, "id": id, "now": millis(s.now())}, new([]glanceRow))
		return err
	})
	if err != nil {
		return fmt.Errorf("resume conversation %q/%q: %w", site, id, err)
	}
	return nil
}

// adopt gives an active or disabled Jira tenant the conversations of its site
// that have no tenant or an uninstalled one. It recomputes their glances, which
// may have stopped because there was no tenant.
func adopt(tx *gorm.DB, t tenantRow, now time.Time) error {
	if t.CloudID == "" || t.Product != string(connect.ProductJira) || t.State == string(connect.StateUninstalled) {
		return nil
	}
	if err := lockSite(tx, t.CloudID); err != nil {
		return err
	}
	err := tx.Exec(`
		UPDATE conversations SET tenant_id = @tenant
		WHERE site = @site AND (tenant_id IS NULL
			OR tenant_id IN (SELECT id FROM tenants WHERE state = 'uninstalled'))`,
		map[string]any{"tenant": t.ID, "site": t.CloudID}).Error
	if err == nil {
		err = assign(tx, t.CloudID, "")
	}
	if err != nil {
		return err
	}
	return wake(tx, t.ID, now)
}

// assign updates the payer of a conversation's glances, or of all glances of a
// site when conversation is empty.
func assign(tx *gorm.DB, site, conversation string) error {
	_, err := updateGlances(tx, `payer = `+ofPayer, `c.site = @site AND (@conversation = '' OR c.id = @conversation)
		AND g.payer <> COALESCE(c.tenant_id, c.site)`+inOrder,
		map[string]any{"site": site, "conversation": conversation}, new([]glanceRow))
	return err
}

// lockSite serializes transactions that match conversations with tenants.
// Without it, a conversation and its tenant saved at the same time would not see
// each other, and the conversation would wait forever. SQLite has one writer.
func lockSite(tx *gorm.DB, cloud string) error {
	if !database.OnPostgres(tx) {
		return nil
	}
	return tx.Exec("SELECT pg_advisory_xact_lock(hashtextextended(?, 0))", cloud).Error
}
