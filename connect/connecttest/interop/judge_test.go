package interop_test

import (
	"testing"
	"time"

	"github.com/sightline-go/sightline/internal/judge"
)

// TestJudgeAtlassianConnectExpress judges an app on the framework as the command does.
// It says how many cases pass and, on purpose, not which: what is found in other
// people's software is theirs to hear first. The numbers are no expectation; that the
// app can be judged, and lives on, is.
func TestJudgeAtlassianConnectExpress(t *testing.T) {
	t.Parallel()
	needsNode(t, "atlassian-connect-express", "express")
	site := newSite(t)
	address := startApp(t, site, "127.0.0.1")
	descriptor := address + "/atlassian-connect.json"
	report, err := judge.Try(t.Context(), site, judge.App{Descriptor: descriptor, Timeout: 3 * time.Second}, judge.Cases(), nil)
	if err != nil {
		t.Fatal(err)
	}
	passed, skipped := report.Count(judge.Pass), report.Count(judge.Skip)
	if len(report.Results) != len(judge.Cases()) || passed == 0 {
		t.Fatalf("%d of %d cases were tried, %d passed", len(report.Results), len(judge.Cases()), passed)
	}
	if _, err := site.Install(t.Context(), descriptor); err != nil {
		t.Errorf("install afterwards: %v", err)
	}
	t.Logf("%d of %d cases pass, %d do not apply", passed, len(report.Results)-skipped, skipped)
}
