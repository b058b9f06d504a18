package operator

import (
	"context"
	"fmt"
	"io"
	"text/tabwriter"
	"time"

	"github.com/sightline-go/sightline/store"
)

// ListTenants prints a line a tenant, and never a secret.
func ListTenants(ctx context.Context, out io.Writer, st *store.Store) error {
	tenants, err := st.Tenants.List(ctx)
	if err != nil {
		return err
	}
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "CLIENT KEY\tSTATE\tPRODUCT\tSITE\tCLOUD ID\tINSTALLED")
	for _, t := range tenants {
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\t%s\n", t.ClientKey, t.State, t.Product, t.DisplayURL, t.CloudID, t.InstalledAt.UTC().Format(time.DateOnly))
	}
	return w.Flush()
}

// Rekey seals all secrets anew under the newest key and prints how many. It is
// safe while the app serves, and goes on where an earlier run stopped.
func Rekey(ctx context.Context, out io.Writer, st *store.Store) error {
	n, err := st.Rekey(ctx)
	if err == nil {
		fmt.Fprintf(out, "%d secrets encrypted anew\n", n)
	}
	return err
}
