package database

import (
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// location is a checked database URL.
type location struct {
	// path is SQLite's file; empty for PostgreSQL.
	path string
	// dsn is the whole PostgreSQL URL, password included: never in an error.
	dsn string
}

// String names SQLite's file in an error. A server is not named: errors of its
// driver say where they come from, and its URL holds a password.
func (l location) String() string {
	if l.path == "" {
		return ""
	}
	return " " + l.path
}

// parseURL checks a database URL. Its errors quote nothing of the URL but
// SQLite's path: a badly escaped password can end up in any part.
func parseURL(text string) (location, error) {
	scheme, rest, ok := strings.Cut(text, "://")
	switch {
	case ok && scheme == "sqlite":
		return parseSQLite(rest)
	case ok && (scheme == "postgres" || scheme == "postgresql"):
		return parsePostgres(text)
	}
	return location{}, errors.New("database URL: want sqlite://PATH or postgres://USER:PASSWORD@HOST/DATABASE")
}

func parseSQLite(path string) (location, error) {
	switch {
	case path == "":
		return location{}, errors.New("database URL: sqlite:// without a path")
	case strings.ContainsAny(path, "?#\x00"):
		return location{}, errors.New("database URL: sqlite:// takes a path and no options")
	case strings.HasPrefix(path, ":memory:"):
		return location{}, errors.New("database URL: sqlite:// needs a file, not memory")
	case strings.HasSuffix(path, "/"):
		return location{}, fmt.Errorf("database URL: sqlite path %q is a directory", path)
	}
	return location{path: path}, nil
}

// postgresOptions are the parameters that a PostgreSQL URL may have. The
// password is not one of them: it comes before the host.
func postgresOptions() []string {
	return []string{
		"application_name", "connect_timeout", "default_query_exec_mode", "host", "search_path",
		"sslcert", "sslkey", "sslmode", "sslrootcert", "target_session_attrs",
	}
}

func parsePostgres(text string) (location, error) {
	u, err := url.Parse(text)
	if err != nil {
		return location{}, errors.New("database URL: not a URL; escape special characters of the password as %XX")
	}
	query, err := url.ParseQuery(u.RawQuery)
	if err != nil {
		return location{}, errors.New("database URL: bad parameters")
	}
	for name, values := range query {
		if !slices.Contains(postgresOptions(), name) {
			return location{}, fmt.Errorf("database URL: unknown parameter, known are %s", strings.Join(postgresOptions(), ", "))
		}
		if len(values) != 1 {
			return location{}, fmt.Errorf("database URL: parameter %s more than once", name)
		}
	}
	switch {
	case u.Fragment != "":
		return location{}, errors.New("database URL: has a fragment; escape # as %23")
	case u.Host == "" && !query.Has("host"):
		return location{}, errors.New("database URL: names no host")
	case strings.Trim(u.Path, "/") == "" || strings.Contains(u.Path[1:], "/"):
		return location{}, errors.New("database URL: want one database name as the path")
	}
	return location{dsn: text}, nil
}

// createFile sees to it that there is a file, if it may be made.
func (d *DB) createFile() error {
	if _, err := os.Stat(d.at.path); d.existing && errors.Is(err, os.ErrNotExist) {
		return ErrNoDatabase
	}
	return createFile(d.at.path)
}

// createFile creates an empty database file that only its owner can read, before
// SQLite would create one that everybody can; the WAL inherits its mode. It does
// not open an existing file: closing it would drop the locks that this process's
// other connections hold on it.
func createFile(path string) error {
	if dir := filepath.Dir(path); !isDir(dir) {
		return fmt.Errorf("create database %s: there is no directory %s", path, dir)
	}
	if isDir(path) {
		return fmt.Errorf("create database %s: it is a directory", path)
	}
	file, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_RDWR, 0o600)
	if errors.Is(err, os.ErrExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("create database: %w", err)
	}
	return file.Close()
}

func isDir(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.IsDir()
}

// sqliteDSN is the driver's form of a path. See
// https://pkg.go.dev/modernc.org/sqlite#Driver.Open for its parameters.
func sqliteDSN(path string, write bool, busy time.Duration) string {
	query := url.Values{"_pragma": {
		// another process (rekey, tenants) may write meanwhile
		fmt.Sprintf("busy_timeout(%d)", busy.Milliseconds()),
		"journal_mode(WAL)",   // readers never wait for the writer
		"synchronous(NORMAL)", // in WAL mode a crash of the program loses nothing committed
		"foreign_keys(1)",     // off by default in SQLite
		"cache_size(-512)",    // KiB for each connection; the system caches the file, too
	}}
	if write {
		// Lock at BEGIN: a transaction that reads first and writes later
		// could not be continued after another writer's commit.
		query.Set("_txlock", "immediate")
	} else {
		query.Add("_pragma", "query_only(1)")
	}
	return "file:" + (&url.URL{Path: path}).EscapedPath() + "?" + query.Encode()
}

// CheckURL reports what is wrong with a database URL, without opening
// anything. It never repeats a password.
func CheckURL(text string) error {
	_, err := parseURL(text)
	return err
}
