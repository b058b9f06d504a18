// Package judge has the program judged as anybody's backend is.
package judge

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/sightline-go/sightline/connect/connecttest"
	"github.com/sightline-go/sightline/e2e/harness"
	"github.com/sightline-go/sightline/forge"
	"github.com/sightline-go/sightline/internal/app"
	"github.com/sightline-go/sightline/internal/judge"
	"github.com/sightline-go/sightline/internal/onsite"
)

// Sightline passes every case of its own judge, through all its doors.
func TestSightlinePasses(t *testing.T) {
	harness.Long(t)
	t.Parallel()
	site := connecttest.NewSite(t)
	r := harness.Start(t, site, func(f *app.ServeFlags) { f.ForgeFlags = onsite.ForgeFlags(site.URL()) })
	manifest, err := os.ReadFile(filepath.Join(r.WriteManifest(t, forge.StageForge, ""), "manifest.yml"))
	if err != nil {
		t.Fatal(err)
	}
	chat := judge.ChatApp{Descriptor: r.URL + "/atlassian-chat.json", ClientID: onsite.ChatClientID, ClientSecret: onsite.ChatClientSecret}
	report, err := judge.Try(t.Context(), site, judge.App{Descriptor: r.URL + "/atlassian-connect.json", Manifest: string(manifest), Chat: chat}, judge.Cases(), nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, one := range report.Results {
		if one.Verdict != judge.Pass {
			t.Errorf("%s: %s: %s: sent %s, came %s", one.Verdict, one.ID, one.Title, one.Sent, one.Got)
		}
	}
}
