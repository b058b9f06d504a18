package host

import (
	"context"
	"io"
	"net/http"
	"time"

	"github.com/sightline-go/sightline/connect"
	"github.com/sightline-go/sightline/handlers/edge"
	"github.com/sightline-go/sightline/internal/feed"
)

// pushDelay gathers events that come together into one push: the first makes a
// glance due after the delay, the others change nothing.
const pushDelay = time.Second

// Store records what an event may have changed.
type Store interface {
	// MarkDirty marks the tenant's glances that show the project, or all of
	// them when project is empty. A delivery seen before changes nothing.
	MarkDirty(ctx context.Context, tenant connect.TenantID, project, delivery string, due time.Time) (fresh bool, err error)
	// MarkChanged does so for an event of issues or work logs, and tells the other
	// programs.
	MarkChanged(ctx context.Context, tenant connect.TenantID, project, issue, delivery string, due time.Time) (fresh bool, err error)
}

// known reports whether the descriptor asks for the event; one without a name
// counts as known.
func known(event string) bool {
	switch event {
	case "", "jira:issue_created", "jira:issue_updated", "jira:issue_deleted":
		return true
	}
	return false
}

// issueChanged marks the glances of the issue's project. An undocumented body
// marks all of the tenant's: its signature was right, so something happened.
func (h *Host) issueChanged(r *edge.Request, caller *connect.Caller, body io.Reader) error {
	event, err := readIssueEvent(body)
	switch {
	case edge.IsBodyError(err):
		return err
	case err != nil:
		r.Ignored(oddShape())
		return h.changed(r, caller, "", feed.Event{Odd: true})
	case !known(event.Name):
		return &connect.IgnoredError{Reason: connect.IgnoredUnknown, Detail: "an event that the descriptor does not ask for"}
	}
	return h.changed(r, caller, event.project(), event.Facts)
}

// oddShape is about an event of another shape than documented: all that is known of
// it is that something changed.
func oddShape() *connect.IgnoredError {
	return &connect.IgnoredError{Reason: connect.IgnoredShape, Detail: "not of the documented shape: all glances are marked"}
}

// worklogChanged marks all of the tenant's glances: the event names an issue
// only by its id. Those that read the same afterwards are not pushed.
func (h *Host) worklogChanged(r *edge.Request, caller *connect.Caller, body io.Reader) error {
	event, err := readIssueEvent(body)
	switch {
	case edge.IsBodyError(err):
		return err
	case err != nil:
		r.Ignored(oddShape())
		event.Facts = feed.Event{Odd: true}
	}
	return h.changed(r, caller, "", event.Facts)
}

func (h *Host) changed(r *edge.Request, caller *connect.Caller, project string, facts feed.Event) error {
	ctx, tenant := r.Request.Context(), caller.Tenant().ID
	if err := h.Feed.Tell(ctx, string(tenant), facts); err != nil {
		return err
	}
	delivery := r.GetHeader("X-Atlassian-Webhook-Identifier")
	if len(delivery) > maxDelivery {
		r.Ignored(&connect.IgnoredError{Reason: connect.IgnoredShape, Detail: "a delivery's id of more than 200 bytes: taken as new"})
		delivery = ""
	}
	h.Views.Changed(tenant, facts.Issue())
	fresh, err := h.Store.MarkChanged(ctx, tenant, project, facts.Issue(), delivery, h.Edge.Now().Add(pushDelay))
	if err != nil {
		return err
	}
	if fresh {
		h.Wake()
	}
	r.Status(http.StatusOK)
	return nil
}

// maxDelivery bounds the id of a delivery, which is stored.
const maxDelivery = 200
