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

// TestLogNamesTheProgram: the line that says where it serves has the version and
// the commit.
func TestLogNamesTheProgram(t *testing.T) {
	t.Parallel()
	r := harness.Start(t, connecttest.NewSite(t))
	var line string
	harness.Eventually(t, "the program serves", func() bool {
		before, after, ok := strings.Cut(r.Logs.String(), `"msg":"serving"`)
		rest, _, whole := strings.Cut(after, "\n")
		line = before[strings.LastIndex(before, "\n")+1:] + `"msg":"serving"` + rest
		return ok && whole
	})
	var got struct{ Version, Commit string }
	if err := json.Unmarshal([]byte(line), &got); err != nil {
		t.Fatalf("%v: %s", err, line)
	}
	if got.Version != sightline.Version || got.Commit != app.ThisBuild().Commit {
		t.Errorf("got %+v: %s", got, line)
	}
}
