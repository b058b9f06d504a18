package operator

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sightline-go/sightline/connect"
	"github.com/sightline-go/sightline/internal/quota"
	"github.com/sightline-go/sightline/store"
)

// Each kind and state of tenant is listed, and never a secret.
func TestTenants(t *testing.T) {
	t.Parallel()
	keys, err := store.ParseKeyRing("k:AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE=")
	if err != nil {
		t.Fatal(err)
	}
	now := time.Date(2026, 11, 29, 12, 0, 0, 0, time.UTC)
	st, err := store.Open(t.Context(), store.Options{
		URL: "sqlite://" + t.TempDir() + "/test.db", Keys: keys, Version: "0.2.0", Now: func() time.Time { return now },
		Limits: store.Limits{Call: time.Minute}, // a busy machine changes no answer
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = st.Close() })

	connected := func(key, cloud string) connect.TenantID {
		tenant, err := st.Tenants.SaveInstall(t.Context(), connect.Install{
			Key: "sightline", ClientKey: connect.ClientKey(key), SharedSecret: connect.NewSecret("the-secret"),
			BaseURL: "https://" + key + ".atlassian.net", ProductType: connect.ProductJira,
		})
		if err == nil && cloud != "" {
			err = st.Tenants.SetCloudID(t.Context(), tenant.ID, connect.CloudID(cloud))
		}
		if err != nil {
			t.Fatal(err)
		}
		return tenant.ID
	}
	forged := func(cloud string, licence *connect.ForgeLicense) connect.TenantID {
		tenant, err := st.Forge.SaveForgeInstall(t.Context(), connect.ForgeInstall{
			ID: connect.ForgeInstallationID("of-" + cloud), Cloud: connect.CloudID(cloud), Environment: connect.EnvironmentProduction,
			APIBaseURL: "https://api.atlassian.com/ex/jira/" + cloud, SiteURL: "https://" + cloud + ".atlassian.net", Tick: true, Revives: true,
			License: licence, SystemToken: connect.NewSecret("the-token"), SystemExpires: now.Add(time.Hour),
		})
		if err != nil {
			t.Fatal(err)
		}
		return tenant.ID
	}
	want := map[connect.TenantID]string{connected("plain", ""): "- https://plain.atlassian.net connect active - - 0 -"}
	off := connected("off", "")
	if _, err := st.Tenants.SetState(t.Context(), "off", connect.StateDisabled, time.Time{}); err != nil {
		t.Fatal(err)
	}
	want[off] = "- https://off.atlassian.net connect disabled - - 0 -"
	gone := forged("gone", nil)
	silent := forged("silent", &connect.ForgeLicense{Active: true, IsEvaluation: true})
	for range 3 {
		now = now.Add(4 * time.Hour)
		if err := st.Forge.ForgeRefused(t.Context(), gone); err != nil {
			t.Fatal(err)
		}
	}
	want[gone] = "gone https://gone.atlassian.net forge gone 2026-11-29T12:00:00Z - 0 -"
	want[silent] = "silent https://silent.atlassian.net forge silent 2026-11-29T12:00:00Z evaluation 0 -"
	left := forged("left", nil)
	if _, err := st.Forge.UninstallForge(t.Context(), "of-left", time.Time{}); err != nil {
		t.Fatal(err)
	}
	want[left] = "left https://left.atlassian.net forge uninstalled 2026-11-30T00:00:00Z - 0 -"
	hybrid := connected("both", "both")
	forged("both", &connect.ForgeLicense{Active: true})
	want[hybrid] = "both https://both.atlassian.net hybrid active 2026-11-30T00:00:00Z active 0 -"

	hour := now.Truncate(time.Hour)
	if _, err := st.Quota.SharePoints(t.Context(), hour, []quota.Entry{
		{Tenant: string(hybrid), Points: map[quota.Purpose]int{quota.Person: 30, quota.Glance: 4}, Said: quota.Said{At: now, Limit: 40}},
		{Tenant: string(off), Said: quota.Said{At: now, Until: now.Add(time.Minute)}}, // nobody looks at a disabled one
	}); err != nil {
		t.Fatal(err)
	}
	want[hybrid] = strings.TrimSuffix(want[hybrid], "0 -") + "34 2026-11-30T01:00:00Z"

	var plain, terminal, document bytes.Buffer
	for out, l := range map[*bytes.Buffer]Listing{&plain: {}, &terminal: {Terminal: true}, &document: {JSON: true}} {
		if err := l.Tenants(t.Context(), out, st, now); err != nil {
			t.Fatal(err)
		}
		if strings.Contains(out.String(), "the-secret") || strings.Contains(out.String(), "the-token") {
			t.Error("a secret is printed")
		}
	}
	got := map[connect.TenantID]string{}
	for line := range strings.Lines(plain.String()) {
		fields := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
		got[connect.TenantID(fields[0])] = strings.Join(fields[1:], " ")
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if !strings.HasPrefix(terminal.String(), "ID ") || strings.Count(terminal.String(), "\n") != len(want)+1 {
		t.Errorf("on a terminal:\n%s", terminal.String())
	}
	var list []tenantLine
	if err := json.Unmarshal(document.Bytes(), &list); err != nil || len(list) != len(want) {
		t.Errorf("%v:\n%s", err, document.String())
	}
}
