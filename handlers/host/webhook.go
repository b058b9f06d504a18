package host

import (
	"context"
	"encoding/json"
	"net/http"
	"strings"
	"time"

	"github.com/sightline-go/sightline/connect"
	"github.com/sightline-go/sightline/handlers/edge"
	"github.com/sightline-go/sightline/internal/lang"
)

// pushDelay gathers events that come together into one push: the first makes a
// glance due after the delay, the others change nothing.
const pushDelay = time.Second

// Store records what an event may have changed.
type Store interface {
	// Ready reports whether the database is reachable and migrated.
	Ready(ctx context.Context) error
	// MarkDirty marks the tenant's glances that show the project, or all of
	// them when project is empty. A delivery seen before changes nothing.
	MarkDirty(ctx context.Context, tenant connect.TenantID, project, delivery string, due time.Time) (fresh bool, err error)
}

// issueChange is what happened to an issue, as Connect's webhooks and Forge's
// events tell it alike.
type issueChange struct {
	Issue struct {
		Key    string `json:"key"`
		Fields struct {
			Project struct {
				Key string `json:"key"`
			} `json:"project"`
		} `json:"fields"`
	} `json:"issue"`
	Changelog struct {
		Items []struct {
			Field string `json:"field"`
		} `json:"items"`
	} `json:"changelog"`
}

// issueEvent is what the app reads of an issue webhook.
type issueEvent struct {
	WebhookEvent string `json:"webhookEvent"`
	issueChange
}

// known reports whether the descriptor asks for the event; one without a name
// counts as known.
func (e issueEvent) known() bool {
	switch e.WebhookEvent {
	case "", "jira:issue_created", "jira:issue_updated", "jira:issue_deleted":
		return true
	}
	return false
}

// project is the only project that the change touches, or empty when that
// cannot be told: an issue that moved touches two. Where the fields are left
// out, the issue's key tells.
func (c issueChange) project() string {
	for _, item := range c.Changelog.Items {
		if item.Field == "project" || item.Field == "Key" {
			return ""
		}
	}
	if key := c.Issue.Fields.Project.Key; key != "" {
		return key
	}
	at := strings.LastIndexByte(c.Issue.Key, '-')
	return c.Issue.Key[:max(at, 0)]
}

// issueChanged marks the glances of the issue's project. An undocumented body
// marks all of the tenant's: its signature was right, so something happened.
func (h *Host) issueChanged(r *edge.Request, caller *connect.Caller, body []byte) error {
	var event issueEvent
	project := ""
	if err := json.Unmarshal(body, &event); err == nil {
		if !event.known() {
			r.Status(http.StatusOK)
			return nil
		}
		project = event.project()
	}
	return h.changed(r, caller, project)
}

// worklogChanged marks all of the tenant's glances: the event names an issue
// only by its id. Those that read the same afterwards are not pushed.
func (h *Host) worklogChanged(r *edge.Request, caller *connect.Caller, _ []byte) error {
	return h.changed(r, caller, "")
}

func (h *Host) changed(r *edge.Request, caller *connect.Caller, project string) error {
	ctx, tenant := r.Request.Context(), caller.Tenant().ID
	delivery := r.GetHeader("X-Atlassian-Webhook-Identifier")
	if len(delivery) > maxDelivery {
		return edge.Invalid("X-Atlassian-Webhook-Identifier", lang.ProblemDeliveryName)
	}
	h.Views.Changed(tenant)
	fresh, err := h.Store.MarkDirty(ctx, tenant, project, delivery, h.Edge.Now().Add(pushDelay))
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
