package database

import (
	"strings"
	"testing"
	"testing/fstest"
)

func TestReadMigrations(t *testing.T) {
	t.Parallel()
	for name, text := range map[string]string{
		"0002_a.sql": "-- needs 0.1.0\n", // a gap
		"1_a.sql":    "-- needs 0.1.0\n",
		"0001_a.sql": "CREATE TABLE x (y int);",
		"0001_b.sql": "-- needs later\n",
		"0001_c.sql": "-- needs 0.1.0-dev\n",
	} {
		if _, err := readMigrations(fstest.MapFS{"migrations/" + name: {Data: []byte(text)}}); err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("%s: got %v, want an error that names it", name, err)
		}
	}
}
