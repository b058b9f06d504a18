package operator

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/sightline-go/sightline/internal/app"
	"github.com/sightline-go/sightline/store"
)

// Backup writes all that the database holds to a new file, while programs work, and
// prints what the file needs to be of use.
func Backup(ctx context.Context, out io.Writer, stored app.StoreFlags, file string) error {
	options, err := stored.Options()
	if err != nil {
		return err
	}
	return On(ctx, stored, out, file, func(ctx context.Context, out io.Writer, st *store.Store, file string) error {
		copied, err := st.Backup(ctx, options, file)
		if err != nil {
			return fmt.Errorf("backup: %w", err)
		}
		info, err := os.Stat(file)
		if err != nil {
			return err
		}
		_, err = fmt.Fprintf(out, "%s holds %s in %d bytes, and was read back.\n%s\n", file, holds(copied), info.Size(), keyRing(copied))
		return err
	})
}

// Restore fills the database with a backup. One that is not there is made; one that is
// not empty is refused, unless force says that what it holds may be lost.
func Restore(ctx context.Context, out io.Writer, stored app.StoreFlags, file string, force bool) error {
	options, err := stored.Options()
	if err != nil {
		return err
	}
	backup, err := store.OpenBackup(ctx, options, file)
	if err != nil {
		return err
	}
	copied, err := into(ctx, stored, func(st *store.Store) (store.Copied, error) { return st.Restore(ctx, backup, force) })
	switch err := errors.Join(err, backup.Close()); {
	case errors.Is(err, store.ErrNotEmpty):
		return fmt.Errorf("restore: %w; --force replaces all that it holds", err)
	case err != nil:
		return fmt.Errorf("restore: %w", err)
	}
	_, err = fmt.Fprintf(out, "the database holds %s, and was read back.\n%s\n", holds(copied), keyRing(copied))
	return err
}

// Move fills another database, which must be empty, with all that this one holds. No
// program may work on either. The one that is left stays as it is.
func Move(ctx context.Context, out io.Writer, stored app.StoreFlags, to string) error {
	target := stored
	target.DatabaseURL = to
	if _, err := target.Options(); err != nil {
		return fmt.Errorf("--to: %w", err)
	}
	from, err := stored.Open(ctx)
	if err != nil {
		return err
	}
	copied, err := into(ctx, target, func(st *store.Store) (store.Copied, error) {
		return st.CopyFrom(ctx, from, store.CopyOptions{Resting: true})
	})
	if err := errors.Join(err, from.Close()); err != nil {
		return fmt.Errorf("migrate: %w", err)
	}
	_, err = fmt.Fprintf(out, "the new database holds %s, and was read back.\nSet SIGHTLINE_DATABASE_URL to it and start; the old one stays as it is.\n", holds(copied))
	return err
}

// into opens or makes a database and fills it.
func into(ctx context.Context, to app.StoreFlags, fill func(st *store.Store) (store.Copied, error)) (store.Copied, error) {
	st, err := to.Create(ctx)
	if err != nil {
		return store.Copied{}, err
	}
	copied, err := fill(st)
	return copied, errors.Join(err, st.Close())
}

func holds(c store.Copied) string {
	return fmt.Sprintf("%d tenants, %d rows in all", c.Tenants, c.Rows)
}

// keyRing says that a copy is of no use without its keys.
func keyRing(c store.Copied) string {
	if len(c.Keys) == 0 {
		return "It holds no secrets yet."
	}
	return "Its secrets open only with SIGHTLINE_SECRET_KEYS: with " + strings.Join(c.Keys, " and ") + ". Keep that apart from it; without it every site has to install the app again."
}
