package commands

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/sightline-go/sightline"
	"github.com/sightline-go/sightline/connect/connecttest"
	"github.com/sightline-go/sightline/e2e/harness"
	"github.com/sightline-go/sightline/internal/app"
)

// TestLogNamesTheProgram: the first line has the version, the commit and the date.
func TestLogNamesTheProgram(t *testing.T) {
	t.Parallel()
	r := harness.Start(t, connecttest.NewSite(t))
	line, _, _ := strings.Cut(r.Logs.String(), "\n")
	var got struct{ Msg, Version, Commit, Date string }
	if err := json.Unmarshal([]byte(line), &got); err != nil {
		t.Fatalf("%v: %s", err, line)
	}
	build := app.ThisBuild()
	if got.Msg != "starting" || got.Version != sightline.Version || got.Commit != build.Commit || got.Date != build.Date {
		t.Errorf("got %+v: %s", got, line)
	}
}
