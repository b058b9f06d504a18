package operator

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"text/tabwriter"
	"time"

	"github.com/sightline-go/sightline/connect"
	"github.com/sightline-go/sightline/internal/app"
	"github.com/sightline-go/sightline/internal/capacity"
	"github.com/sightline-go/sightline/internal/index"
	"github.com/sightline-go/sightline/store"
)

// Action is what is done with a store to what a name means: a tenant, unless it says
// otherwise.
type Action = func(ctx context.Context, out io.Writer, st *store.Store, name string) error

// On opens a database that is there, does something, and closes it. Wrong flags are
// an app.SettingsError.
func On(ctx context.Context, stored app.StoreFlags, out io.Writer, name string, do Action) error {
	st, err := stored.Open(ctx)
	if err != nil {
		return err
	}
	return errors.Join(do(ctx, out, st, name), st.Close())
}

// named finds the tenant that an operator means, in whatever state.
func named(ctx context.Context, st *store.Store, name string) (*connect.Tenant, error) {
	tenant, err := st.Tenants.TenantNamed(ctx, name)
	if errors.Is(err, connect.ErrNotFound) {
		return nil, fmt.Errorf("there is no tenant %q; the tenants command lists them", name)
	}
	return tenant, err
}

// tenantDetails are what is shown of one tenant; never a secret.
type tenantDetails struct {
	tenantLine
	Changed     time.Time  `json:"changedAt"`
	Uninstalled *time.Time `json:"uninstalledAt,omitempty"`
	// IndexFilled is since when all issues that are shown are held; nil: they are not.
	IndexFilled *time.Time `json:"indexFilledAt,omitempty"`
	Issues      int        `json:"indexedIssues"`
	Worklogs    int        `json:"indexedWorklogs"`
	// Rows are how many rows there are of the tenant, by table.
	Rows map[string]int `json:"rows"`
}

// Show prints what is known of one tenant and how much is stored of it.
func (l Listing) Show(now time.Time) Action {
	return func(ctx context.Context, out io.Writer, st *store.Store, name string) error {
		return l.show(ctx, out, st, name, now)
	}
}

func (l Listing) show(ctx context.Context, out io.Writer, st *store.Store, name string, now time.Time) error {
	d, err := detailsOf(ctx, st, name, now)
	if err != nil {
		return err
	}
	if l.JSON {
		return printJSON(out, d)
	}
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	for _, line := range [][2]string{
		{"id", string(d.ID)},
		{"cloud id", string(d.CloudID)},
		{"site", d.Site},
		{"kind", d.Kind},
		{"state", d.State},
		{"environment", d.Environment},
		{"client key", string(d.ClientKey)},
		{"installation", string(d.InstallationID)},
		{"licence", d.Licence},
		{"installed", stamp(&d.InstalledAt)},
		{"changed", stamp(&d.Changed)},
		{"uninstalled", stamp(d.Uninstalled)},
		{"last tick", d.LastTick},
		{"points this hour", fmt.Sprint(d.Points)},
		{"older until", d.OlderUntil},
		{"index filled", stamp(d.IndexFilled)},
		{"index holds", fmt.Sprintf("%d issues, %d work logs", d.Issues, d.Worklogs)},
	} {
		fmt.Fprintf(w, "%s\t%s\n", line[0], cmp.Or(plain(line[1]), "-"))
	}
	for _, table := range slices.Sorted(maps.Keys(d.Rows)) {
		fmt.Fprintf(w, "rows in %s\t%d\n", table, d.Rows[table])
	}
	return w.Flush()
}

func stamp(t *time.Time) string {
	if t == nil || t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339)
}

func orNil(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}

func printJSON(out io.Writer, v any) error {
	printer := json.NewEncoder(out)
	printer.SetIndent("", "  ")
	return printer.Encode(v)
}

func detailsOf(ctx context.Context, st *store.Store, name string, now time.Time) (d tenantDetails, err error) {
	tenant, err := named(ctx, st, name)
	if err != nil {
		return d, err
	}
	lines, err := tenantLines(ctx, st, now)
	if err != nil {
		return d, err
	}
	for _, line := range lines {
		if line.ID == tenant.ID {
			d.tenantLine = line
		}
	}
	d.Changed, d.Uninstalled = tenant.UpdatedAt, orNil(tenant.UninstalledAt)
	if d.Rows, err = st.Counts(ctx, tenant.ID); err != nil {
		return d, err
	}
	facts := index.New(st.Index, func() time.Time { return now })
	state, err := facts.State(ctx, string(tenant.ID))
	if err != nil {
		return d, err
	}
	d.IndexFilled = orNil(state.Filled)
	d.Issues, d.Worklogs, err = facts.Count(ctx, string(tenant.ID))
	return d, err
}

// DisableTenant keeps a tenant from being served until [EnableTenant], also if Jira
// says meanwhile that it is enabled or installed. A running program follows within
// half a minute.
func DisableTenant(ctx context.Context, out io.Writer, st *store.Store, name string) error {
	return act(ctx, out, st, name, "disabled", st.Tenants.Disable)
}

// EnableTenant has a disabled tenant served again.
func EnableTenant(ctx context.Context, out io.Writer, st *store.Store, name string) error {
	return act(ctx, out, st, name, "enabled", st.Tenants.Enable)
}

// RemoveTenant ends a tenant and erases all that is stored of it, at once and for
// good. Jira is not told: what it still has installed there is refused, or on Forge
// comes back as a new tenant.
func RemoveTenant(ctx context.Context, out io.Writer, st *store.Store, name string) error {
	return act(ctx, out, st, name, "removed, with all its data", st.Remove)
}

func act(ctx context.Context, out io.Writer, st *store.Store, name, done string, f func(context.Context, connect.TenantID) error) error {
	tenant, err := named(ctx, st, name)
	if err != nil {
		return err
	}
	if err := f(ctx, tenant.ID); err != nil {
		return err
	}
	_, err = fmt.Fprintf(out, "%s (%s) is %s\n", tenant.ID, plain(cmp.Or(tenant.DisplayURL, tenant.BaseURL)), done)
	return err
}

// ExportTenant prints all that is stored of a tenant as one JSON document, without
// secrets.
func ExportTenant(ctx context.Context, out io.Writer, st *store.Store, name string) error {
	tenant, err := named(ctx, st, name)
	if err != nil {
		return err
	}
	all, err := st.Export(ctx, tenant.ID)
	if err != nil {
		return err
	}
	return printJSON(out, all)
}

// EraseAccount erases a person, named by account id, at all tenants and says where there was something. A
// running program forgets what it shows of the person within SIGHTLINE_MAX_AGE.
func EraseAccount(ctx context.Context, out io.Writer, st *store.Store, account string) error {
	erased, err := st.EraseAccount(ctx, connect.AccountID(account), capacity.WithoutPerson(account))
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(out, "erased from %d facts of the index, the notes of %d gadgets, %d connections with Slack, and %d rooms and workspaces\n",
		erased.Facts, erased.Rosters, erased.Slack, erased.Rooms)
	return err
}
