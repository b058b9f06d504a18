package store

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestOpenRefusesURLs(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for _, test := range []struct{ url, want string }{
		{"", "want sqlite://PATH or postgres://"},
		{"sightline.db", "want sqlite://PATH"},
		{"sqlite:sightline.db", "want sqlite://PATH"},
		{"mysql://root:hunter2@localhost/db", "want sqlite://PATH"},
		{"SQLITE://x.db", "want sqlite://PATH"},
		{"sqlite://", "without a path"},
		{"sqlite://x.db?mode=ro", "no options"},
		{"sqlite://x.db#hunter2", "no options"},
		{"sqlite://:memory:", "needs a file"},
		{"sqlite://" + dir, "it is a directory"},
		{"sqlite://" + dir + "/", "is a directory"},
		{"sqlite://" + dir + "/no/such/x.db", "there is no directory " + dir + "/no/such"},
		{"postgres://", "names no host"},
		{"postgres://u:hunter2@", "names no host"},
		{"postgres://u:hunter2@localhost", "database name"},
		{"postgres://u:hunter2@localhost/a/b", "database name"},
		{"postgres://u:hun ter2@localhost/db", "not a URL"},
		{"postgres://u:hunter2%@localhost/db", "not a URL"},
		{"postgres://u:hunter2:x/db", "not a URL"},
		{"postgres://u:1?hunter2@localhost/db", "unknown parameter"},
		{"postgres://u:1#hunter2@localhost/db", "fragment"},
		{"postgres://u@localhost/db?password=hunter2", "unknown parameter"},
		{"postgres://u@localhost/db?sslmode=disable&sslmode=hunter2", "more than once"},
		{"postgres://u:hunter2@localhost/db?sslmode=maybe", "sslmode"},
		{"postgres://u:hunter2@127.0.0.1:1/db?sslmode=disable&connect_timeout=1", "127.0.0.1"},
	} {
		_, err := Open(t.Context(), Options{URL: test.url, Version: "0.1.0", Keys: ring(t, keyOne)})
		if err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("open %q: got %v, want %q", test.url, err, test.want)
			continue
		}
		if err := errors.Join(err, CheckURL(test.url)); strings.Contains(err.Error(), "hunter2") {
			t.Errorf("open %q: the error has the password: %v", test.url, err)
		}
	}
	if _, err := Open(t.Context(), Options{URL: "sqlite://" + dir + "/x.db", Version: "0.1.0"}); err == nil {
		t.Error("opened without keys")
	}
}

func TestCheckURL(t *testing.T) {
	t.Parallel()
	for url, want := range map[string]bool{
		"sqlite://sightline.db":                                       true,
		"sqlite:///var/lib/sightline/a b.db":                          true,
		"postgres://u:p%23@db:5432/sightline":                         true,
		"postgresql:///sightline?host=/run/postgresql":                true,
		"postgres://u@a:1,b:2/db?target_session_attrs=read-write":     true,
		"postgres://u@db/sightline?sslmode=verify-full&sslrootcert=x": true,
		"redis://db":                     false,
		"postgres://u@db/?sslmode=allow": false,
	} {
		if err := CheckURL(url); (err == nil) != want {
			t.Errorf("%s: got %v, want allowed %v", url, err, want)
		}
	}
}

func TestOpenCreatesPrivateFile(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"plain.db", "a b%20é&_pragma=x.db"} {
		path := filepath.Join(t.TempDir(), name)
		w := newWorld(t, "sqlite://"+path)
		w.installed(t, "k", "")
		for _, suffix := range []string{"", "-wal", "-shm"} {
			info, err := os.Stat(path + suffix)
			if err != nil {
				t.Fatal(err)
			}
			if got, want := info.Mode().Perm(), os.FileMode(0o600); got != want {
				t.Errorf("mode of %s%s: got %v, want %v", name, suffix, got, want)
			}
		}
	}
}
