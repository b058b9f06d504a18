package gadget

import (
	"context"
	"time"

	"github.com/sightline-go/sightline/connect"
	"github.com/sightline-go/sightline/handlers/form"
	"github.com/sightline-go/sightline/internal/capacity"
	"github.com/sightline-go/sightline/internal/workload"
)

// itemNotes are what the editors of one item have noted about its people.
type itemNotes struct {
	gadgets *Gadgets
	tenant  connect.TenantID
	id      connect.DashboardItem
}

// notesOf are the notes of an item, nil if its gadget has no use for any.
func (s *Gadgets) notesOf(g Gadget, tenant connect.TenantID, id connect.DashboardItem) *itemNotes {
	if !g.Weighs() {
		return nil
	}
	return &itemNotes{s, tenant, id}
}

// form are the notes as a form takes them.
func (n *itemNotes) form() form.Notes {
	if n == nil {
		return nil
	}
	return n
}

// reader reads the notes for a view; nil without notes.
func (n *itemNotes) reader() func(context.Context) (capacity.Roster, error) {
	if n == nil {
		return nil
	}
	return n.Roster
}

// Today implements [form.Notes]. It is the day in UTC, as holidays are listed for a
// year.
func (n *itemNotes) Today() workload.Date { return workload.DateOf(n.gadgets.Edge.Now(), time.UTC) }

// Roster implements [form.Notes].
func (n *itemNotes) Roster(ctx context.Context) (capacity.Roster, error) {
	value, err := n.gadgets.Store.Roster(ctx, n.tenant, n.id)
	if err != nil {
		return capacity.Roster{}, err
	}
	return capacity.ParseRoster(value)
}

// SaveRoster implements [form.Notes].
func (n *itemNotes) SaveRoster(ctx context.Context, r capacity.Roster) error {
	value, err := r.Encode()
	if err != nil {
		return err
	}
	if err := n.gadgets.Store.SaveRoster(ctx, n.tenant, n.id, value); err != nil {
		return err
	}
	n.gadgets.Views.ForgetPlace(n.tenant, PlaceName(n.id))
	return nil
}

// noted adds what is noted to a form. Only people who may edit the dashboard get it.
func (it item) noted(ctx context.Context, d form.Draft) (form.Draft, error) {
	if it.notes == nil {
		return d, nil
	}
	r, err := it.notes.Roster(ctx)
	if err != nil {
		return d, err
	}
	return d.WithRoster(r), nil
}
