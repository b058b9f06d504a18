package operator

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"text/tabwriter"
	"time"

	"github.com/sightline-go/sightline/connect"
	"github.com/sightline-go/sightline/internal/quota"
	"github.com/sightline-go/sightline/store"
)

// Listing is how tenants are listed.
type Listing struct {
	// Terminal says that a person reads: print columns with a heading.
	// Otherwise tabs separate the fields of a line.
	Terminal bool
	// JSON prints one document instead.
	JSON bool
}

// tenantLine is what the list shows of a tenant; never a secret.
type tenantLine struct {
	ID      connect.TenantID `json:"id"`
	CloudID connect.CloudID  `json:"cloudId"`
	Site    string           `json:"site"`
	Kind    string           `json:"kind"`
	State   string           `json:"state"`
	// LastTick is the time of Forge's last hourly call, in RFC 3339; empty if
	// none came.
	LastTick       string                      `json:"lastTick,omitempty"`
	Licence        string                      `json:"licence,omitempty"`
	Environment    string                      `json:"environment"`
	ClientKey      connect.ClientKey           `json:"clientKey,omitempty"`
	InstallationID connect.ForgeInstallationID `json:"installationId,omitempty"`
	InstalledAt    time.Time                   `json:"installedAt"`
	// Points are Jira's points that the tenant has cost in this hour of UTC.
	Points int `json:"points"`
	// OlderUntil says, in RFC 3339, that the tenant's numbers are older because the
	// app's points run low at Jira, and until when; empty: they are not.
	OlderUntil string `json:"olderUntil,omitempty"`
}

// Tenants prints one line per tenant: its own id, which never changes, cloud
// id, site, kind, state, last tick, licence, points and until when numbers are older.
func (l Listing) Tenants(ctx context.Context, out io.Writer, st *store.Store, now time.Time) error {
	lines, err := tenantLines(ctx, st, now)
	if err != nil {
		return err
	}
	if l.JSON {
		return printJSON(out, lines)
	}
	if !l.Terminal {
		return printLines(out, lines)
	}
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "ID\tCLOUD ID\tSITE\tKIND\tSTATE\tLAST TICK\tLICENCE\tPOINTS\tOLDER UNTIL")
	if err := printLines(w, lines); err != nil {
		return err
	}
	return w.Flush()
}

func printLines(out io.Writer, lines []tenantLine) error {
	for _, t := range lines {
		_, err := fmt.Fprintf(out, "%s\t%s\t%s\t%s\t%s\t%s\t%s\t%d\t%s\n", t.ID, cmp.Or(string(t.CloudID), "-"), cmp.Or(t.Site, "-"),
			t.Kind, t.State, cmp.Or(t.LastTick, "-"), cmp.Or(t.Licence, "-"), t.Points, cmp.Or(t.OlderUntil, "-"))
		if err != nil {
			return err
		}
	}
	return nil
}

func tenantLines(ctx context.Context, st *store.Store, now time.Time) ([]tenantLine, error) {
	tenants, err := st.Tenants.List(ctx)
	if err != nil {
		return nil, err
	}
	statuses, err := st.Forge.Statuses(ctx)
	if err != nil {
		return nil, err
	}
	onConnect, err := st.Tenants.OnConnect(ctx)
	if err != nil {
		return nil, err
	}
	points, err := st.Quota.Points(ctx, now.UTC().Truncate(time.Hour))
	if err != nil {
		return nil, err
	}
	lines := make([]tenantLine, 0, len(tenants))
	for _, t := range tenants {
		status, onForge := statuses[t.ID]
		line := tenantLine{
			ID: t.ID, CloudID: t.CloudID, Site: t.DisplayURL, Kind: kindOf(onForge, onConnect[t.ID]), State: string(t.State),
			Licence: licenceOf(status.License), Environment: t.Environment, ClientKey: t.ClientKey,
			InstallationID: t.ForgeInstallation, InstalledAt: t.InstalledAt.UTC(), Points: points[string(t.ID)].Sum(),
		}
		if until := quota.Resting(points[""], points[string(t.ID)], now); !until.IsZero() && t.State == connect.StateActive {
			line.OlderUntil = until.UTC().Format(time.RFC3339)
		}
		if !status.LastTick.IsZero() {
			line.LastTick = status.LastTick.UTC().Format(time.RFC3339)
		}
		if onForge && t.State == connect.StateActive {
			line.State = forgeState(status, now)
		}
		lines = append(lines, line)
	}
	return lines, nil
}

// kindOf names how a tenant is installed: hybrid while calls of both kinds may
// come.
func kindOf(onForge, onConnect bool) string {
	switch {
	case !onForge:
		return "connect"
	case onConnect:
		return "hybrid"
	}
	return "forge"
}

func forgeState(s connect.ForgeStatus, now time.Time) string {
	switch {
	case s.Gone(now):
		return "gone"
	case s.Silent(now):
		return "silent"
	}
	return string(connect.StateActive)
}

func licenceOf(l *connect.ForgeLicense) string {
	switch {
	case l == nil:
		return ""
	case l.Active && l.IsEvaluation:
		return "evaluation"
	case l.Active:
		return "active"
	}
	return "inactive"
}
