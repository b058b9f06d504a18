package gadget

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"github.com/sightline-go/sightline/connect"
	"github.com/sightline-go/sightline/connect/jira"
	"github.com/sightline-go/sightline/connect/rest"
	"github.com/sightline-go/sightline/internal/viewer"
	"github.com/sightline-go/sightline/internal/workload"
)

// configFresh is how long the database's copy of a configuration is trusted.
const configFresh = 5 * time.Minute

// Store keeps copies of configurations, and what editors have noted about people,
// which Jira would show to everybody.
type Store interface {
	copyStore
	// Roster returns what is kept of an item's people, nil for nothing.
	Roster(ctx context.Context, tenant connect.TenantID, item connect.DashboardItem) ([]byte, error)
	// SaveRoster keeps it, sealed; an empty value removes it.
	SaveRoster(ctx context.Context, tenant connect.TenantID, item connect.DashboardItem, value []byte) error
}

// copyStore keeps copies of configurations; Jira is the truth.
type copyStore interface {
	// GadgetConfig returns the copy, nil when the item has no configuration,
	// and when it was read; an error that wraps connect.ErrNotFound when there
	// is no copy.
	GadgetConfig(ctx context.Context, tenant connect.TenantID, item connect.DashboardItem) (value []byte, readAt time.Time, err error)
	// SaveGadgetConfig keeps a copy; an empty value is an item without a
	// configuration.
	SaveGadgetConfig(ctx context.Context, tenant connect.TenantID, item connect.DashboardItem, value []byte, readAt time.Time) error
	// ChangeGadgetConfig is the same for what was just saved in Jira: it also tells
	// the other programs.
	ChangeGadgetConfig(ctx context.Context, tenant connect.TenantID, item connect.DashboardItem, value []byte, readAt time.Time) error
	// SaveFound keeps, beside a copy, of which projects the issues are that an item's
	// query finds.
	SaveFound(ctx context.Context, tenant connect.TenantID, item connect.DashboardItem, projects []string) error
}

// itemConfig reads an item's configuration: the database's copy if it is fresh
// and may be used, otherwise Jira's property as the person. The copy is used
// only for people already known: for others Jira has to be asked anyway, and
// the copy would save no time.
func (s *Gadgets) itemConfig(tenant connect.TenantID, item connect.DashboardItem, copied bool) viewer.ConfigSource {
	return func(ctx context.Context, j *jira.Client) (workload.GadgetConfig, bool, error) {
		if copied {
			// A copy that sets nothing up saves no question: the form would stay open
			// though somebody has repaired the property.
			if value, ok := s.copies.fresh(ctx, tenant, item); ok {
				if config, configured, err := parseConfig(value); err == nil && configured {
					return config, true, nil
				}
			}
		}
		return s.readConfig(ctx, tenant, item, j)
	}
}

// thought is an item's configuration as the app sees it: the app needs no token of
// the person, so it knows a trip sooner. It may not see every dashboard.
func (s *Gadgets) thought(tenant *connect.Tenant, item connect.DashboardItem) func(context.Context) (workload.GadgetConfig, bool) {
	return func(ctx context.Context) (workload.GadgetConfig, bool) {
		j, err := s.AsApp(ctx, tenant)
		if err != nil {
			return workload.GadgetConfig{}, false
		}
		value, err := itemProperty(ctx, j, item)
		if err != nil || value == nil {
			return workload.GadgetConfig{}, false
		}
		config, configured, err := parseConfig(value)
		return config, configured && err == nil
	}
}

// readConfig asks Jira and keeps a copy. A property that cannot be found is a
// gadget that is not configured, or one that this person may not see: an earlier
// copy is then not used, but stays for others.
func (s *Gadgets) readConfig(ctx context.Context, tenant connect.TenantID, item connect.DashboardItem, j *jira.Client) (workload.GadgetConfig, bool, error) {
	now := s.Edge.Now()
	value, err := itemProperty(ctx, j, item)
	if err == nil && value == nil {
		s.copies.outdate(copyKey{tenant, item}, now)
	}
	if err != nil || value == nil {
		return workload.GadgetConfig{}, false, err
	}
	s.copies.keep(ctx, tenant, item, value, now)
	return parseConfig(value)
}

// itemProperty is an item's property, nil when there is none.
func itemProperty(ctx context.Context, j *jira.Client, item connect.DashboardItem) ([]byte, error) {
	value, err := jira.GetItemProperty[json.RawMessage](ctx, j, item.Dashboard, item.Item, workload.ConfigProperty)
	if errors.Is(err, rest.ErrNotFound) {
		return nil, nil
	}
	return value, err
}

// parseConfig treats a malformed property as missing: the form repairs it.
func parseConfig(value []byte) (workload.GadgetConfig, bool, error) {
	if len(value) == 0 {
		return workload.GadgetConfig{}, false, nil
	}
	config, err := workload.ParseGadgetConfig(value)
	return config, err == nil, nil
}
