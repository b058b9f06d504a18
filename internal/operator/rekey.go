package operator

import (
	"cmp"
	"context"
	"fmt"
	"io"

	"github.com/sightline-go/sightline/store"
)

// Rekey seals all secrets anew under the newest key and prints how many. It is
// safe while the app serves, and continues where an earlier run stopped.
func Rekey(ctx context.Context, out io.Writer, st *store.Store) error {
	n, err := st.Rekey(ctx)
	if err == nil {
		fmt.Fprintf(out, "%d secrets encrypted anew\n", n)
	}
	return err
}

// Forget lists the secrets that are sealed under keys that are lost, and what
// each needs then; really removes them. Nothing else is lost.
func Forget(ctx context.Context, out io.Writer, st *store.Store, really bool, lost ...string) error {
	look := st.SealedUnder
	if really {
		look = st.Forget
	}
	list, err := look(ctx, lost...)
	if err != nil {
		return err
	}
	for _, secret := range list {
		fmt.Fprintf(out, "%s %s (%s): %s\n", secret.Kind, secret.ID, cmp.Or(secret.Owner, "unknown"), remedy(secret.Kind))
	}
	if really {
		fmt.Fprintf(out, "%d secrets removed\n", len(list))
		return nil
	}
	fmt.Fprintf(out, "%d secrets would be removed; --yes removes them\n", len(list))
	return nil
}

// remedy is what brings a new secret.
func remedy(kind string) string {
	switch kind {
	case store.SealedForge:
		return "the next call from Jira brings a new one"
	case store.SealedRoster:
		return "an editor has to enter people's hours and absences again"
	case store.SealedSlack:
		return "a Jira admin has to connect the workspace again"
	}
	return "the app has to be installed again"
}
