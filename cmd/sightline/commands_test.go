package main

import (
	"bytes"
	"path/filepath"
	"strings"
	"testing"

	"github.com/sightline-go/sightline/connect"
)

func TestTenantsAndRekey(t *testing.T) {
	t.Parallel()
	database := "sqlite://" + filepath.Join(t.TempDir(), "sightline.db")
	st := openStore(t, database)
	_, err := st.Tenants.SaveInstall(t.Context(), connect.Install{
		Key: appKey, ClientKey: "client-1", SharedSecret: connect.NewSecret("the-shared-secret"),
		BaseURL: "https://a.atlassian.net", DisplayURL: "https://work.example", ProductType: connect.ProductJira,
	})
	if err != nil {
		t.Fatal(err)
	}
	newer := "new:" + strings.TrimPrefix(testKeys(), "test:") + "," + testKeys()
	for _, tc := range []struct {
		args []string
		keys string
		want string
	}{
		{[]string{"tenants"}, testKeys(), "\tconnect\tactive\t-\t-\t0\t-\n"},
		{[]string{"tenants", "list", "--json"}, testKeys(), `"clientKey": "client-1"`},
		{[]string{"rekey"}, newer, "1 secrets"},
		{[]string{"rekey"}, newer, "0 secrets"},
		{[]string{"tenants"}, newer, "https://work.example"},
	} {
		var out, errs bytes.Buffer
		env := map[string]string{"SIGHTLINE_DATABASE_URL": database, "SIGHTLINE_SECRET_KEYS": tc.keys}
		code := run(t.Context(), tc.args, console{stdout: &out, stderr: &errs, env: func(n string) (string, bool) { v, ok := env[n]; return v, ok }})
		if code != 0 || !strings.Contains(out.String(), tc.want) {
			t.Errorf("%v: exit %d, %q is missing:\n%s%s", tc.args, code, tc.want, out.String(), errs.String())
		}
		if strings.Contains(out.String()+errs.String(), "the-shared-secret") {
			t.Errorf("%v prints a secret", tc.args)
		}
	}
	if tenant, err := st.Tenants.TenantByClientKey(t.Context(), "client-1"); err == nil {
		t.Errorf("a store with only the old key opens %v", tenant.ClientKey)
	}
	fresh := openWith(t, database, "new:"+strings.TrimPrefix(testKeys(), "test:"))
	if tenant, err := fresh.Tenants.TenantByClientKey(t.Context(), "client-1"); err != nil || tenant.SharedSecret.Reveal() != "the-shared-secret" {
		t.Errorf("a store with only the new key does not open the secret: %v", err)
	}
}

// TestForgetKey: what only a lost key opened is listed, and removed if the
// operator says so; then the commands work again.
func TestForgetKey(t *testing.T) {
	t.Parallel()
	database := "sqlite://" + filepath.Join(t.TempDir(), "sightline.db")
	_, err := openStore(t, database).Tenants.SaveInstall(t.Context(), connect.Install{
		Key: appKey, ClientKey: "client-1", SharedSecret: connect.NewSecret("the-shared-secret"),
		BaseURL: "https://a.atlassian.net", DisplayURL: "https://work.example", ProductType: connect.ProductJira,
	})
	if err != nil {
		t.Fatal(err)
	}
	const secret = "client key client-1 (https://work.example): the app has to be installed again\n"
	for _, tc := range []struct {
		args []string
		code int
		want string
	}{
		{[]string{"tenants"}, exitFailed, `key "test" is not among the secret keys`},
		{[]string{"rekey"}, exitFailed, `key "test" is not among the secret keys`},
		{[]string{"rekey", "--forget", "other"}, exitFailed, `key "test" is not among the secret keys`},
		{[]string{"rekey", "--forget", "test"}, 0, secret + "1 secrets would be removed"},
		{[]string{"tenants"}, exitFailed, `key "test" is not among the secret keys`},
		{[]string{"rekey", "--forget", "test", "--forget", "other", "--yes"}, 0, secret + "1 secrets removed"},
		{[]string{"rekey", "--forget", "new", "--yes"}, exitFailed, `key "new" is among the secret keys`},
		{[]string{"tenants"}, 0, "https://work.example"},
	} {
		var out bytes.Buffer
		env := map[string]string{"SIGHTLINE_DATABASE_URL": database, "SIGHTLINE_SECRET_KEYS": "new:" + strings.TrimPrefix(testKeys(), "test:")}
		code := run(t.Context(), tc.args, console{stdout: &out, stderr: &out, env: func(n string) (string, bool) { v, ok := env[n]; return v, ok }})
		if code != tc.code || !strings.Contains(out.String(), tc.want) {
			t.Errorf("%v: exit %d, want %d and %q:\n%s", tc.args, code, tc.code, tc.want, &out)
		}
	}
}
