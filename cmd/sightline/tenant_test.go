package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/sightline-go/sightline/connect"
)

// on runs a command on a database.
func on(t *testing.T, database string, args ...string) (out string, code int) {
	t.Helper()
	var both bytes.Buffer
	env := map[string]string{"SIGHTLINE_DATABASE_URL": database, "SIGHTLINE_SECRET_KEYS": testKeys()}
	code = run(t.Context(), args, console{stdout: &both, stderr: &both, env: func(n string) (string, bool) { v, ok := env[n]; return v, ok }})
	if strings.Contains(both.String(), "the-shared-secret") {
		t.Errorf("%v prints a secret", args)
	}
	return both.String(), code
}

// One site is looked at, disabled, enabled, taken along and removed, and a person
// erased.
func TestOneTenant(t *testing.T) {
	t.Parallel()
	database := "sqlite://" + filepath.Join(t.TempDir(), "sightline.db")
	st := openStore(t, database)
	tenant, err := st.Tenants.SaveInstall(t.Context(), connect.Install{
		Key: appKey, ClientKey: "client-1", SharedSecret: connect.NewSecret("the-shared-secret"),
		BaseURL: "https://a.atlassian.net", DisplayURL: "https://work.example", ProductType: connect.ProductJira,
	})
	if err != nil {
		t.Fatal(err)
	}
	item := connect.DashboardItem{Dashboard: "10", Item: "20"}
	if err := st.Gadgets.SaveRoster(t.Context(), tenant.ID, item, []byte(`{"people":{"ann":{"hours":8},"bob":{"hours":6}}}`)); err != nil {
		t.Fatal(err)
	}
	for _, tc := range []struct {
		args string
		code int
		want string
	}{
		{"tenants show client-1", 0, "rows in connect_installs  1\n"},
		{"tenants show client-1 --json", 0, `"rosters": 1`},
		{"tenants show", exitUsage, "expected \"<id>\""},
		{"tenants show nobody", exitFailed, `there is no tenant "nobody"; the tenants command lists them`},
		{"tenants disable client-1", 0, string(tenant.ID) + " (https://work.example) is disabled\n"},
		{"tenants", 0, "\tdisabled\t"},
		{"tenants enable client-1", 0, " is enabled\n"},
		{"tenants", 0, "\tactive\t"},
		{"tenants export " + string(tenant.ID), 0, `"ann"`},
		{"tenants erase", exitUsage, "missing flags: --account=ID"},
		{"tenants erase --account ann", 0, "erased from 0 facts of the index, the notes of 1 gadgets, 0 connections with Slack, and 0 rooms and workspaces\n"},
		{"tenants export client-1", 0, `"bob"`},
		{"tenants remove client-1", 0, " is removed, with all its data\n"},
		{"tenants remove client-1", exitFailed, "there is no tenant"},
	} {
		out, code := on(t, database, strings.Fields(tc.args)...)
		if code != tc.code || !strings.Contains(out, tc.want) {
			t.Errorf("%s: exit %d, want %d and %q:\n%s", tc.args, code, tc.code, tc.want, out)
		}
		if strings.HasPrefix(tc.args, "tenants export client-1") && strings.Contains(out, "ann") {
			t.Errorf("the person is still there:\n%s", out)
		}
	}
}

// No command but serve and dev makes a database.
func TestNoDatabaseIsMade(t *testing.T) {
	t.Parallel()
	for _, args := range []string{
		"tenants", "tenants show x", "tenants disable x", "tenants enable x", "tenants remove x", "tenants export x",
		"tenants erase --account x", "glances", "glances --retry", "rekey", "rekey --forget old --yes", "api --tenant x GET /",
	} {
		file := filepath.Join(t.TempDir(), "sightline.db")
		out, code := on(t, "sqlite://"+file, strings.Fields(args)...)
		if code != exitFailed || !strings.Contains(out, "SIGHTLINE_DATABASE_URL: open database "+file+": there is no database of Sightline") {
			t.Errorf("%s: exit %d:\n%s", args, code, out)
		}
		if _, err := os.Stat(file); err == nil {
			t.Errorf("%s made a database", args)
		}
	}
}
