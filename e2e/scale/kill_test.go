package scale

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/sightline-go/sightline/connect/connecttest"
	"github.com/sightline-go/sightline/e2e/harness"
	"github.com/sightline-go/sightline/forge"
)

// TestKilledProcessLosesNoGlance kills the program between an event's answer
// and its work, and between its work and its push; the next start pushes.
// Connect's webhook and Forge's event are the same to it.
func TestKilledProcessLosesNoGlance(t *testing.T) {
	harness.Long(t)
	t.Parallel()
	binary := harness.Binary(t)
	for name, install := range map[string]func(t *testing.T, r *harness.Running){
		"Connect": func(t *testing.T, r *harness.Running) { r.Install(t) },
		"Forge": func(t *testing.T, r *harness.Running) {
			// Who sets the room up has not been to Jira.
			r.Site.SetForgeSettings(connecttest.ForgeSettings{Impersonation: true})
			r.InstallForge(t, forge.StageForge, "")
		},
	} {
		t.Run(name, func(t *testing.T) {
			harness.OnEachDatabase(t, func(t *testing.T, database string) {
				p := harness.NewProcess(t, connecttest.NewSite(t), database)
				p.Run(t, binary)
				install(t, p.Running)
				losesNoGlance(t, p, binary)
			})
		})
	}
}

func losesNoGlance(t *testing.T, p *harness.Process, binary string) {
	t.Helper()
	owner, project, room := p.Site.Objects().Dashboards[0].Owner, p.Site.Objects().Projects[0].Key, p.Site.Objects().Conversations[0]
	p.SetUpRoom(t, harness.AppKey, room, project)
	open := p.Count(t, owner, "project = "+project+" AND statusCategory != Done")
	p.WaitForLabel(t, room.ID, fmt.Sprintf("%d open", open))

	moments := []func(t testing.TB, seen int){p.Told}
	if strings.HasPrefix(p.Flags.DatabaseURL, "sqlite:") {
		// On PostgreSQL the killed process's lease has to run out: it may be another
		// replica's.
		moments = append(moments, p.WorksOn)
	}
	for _, moment := range moments {
		p.Fault(t, connecttest.Fault{Method: http.MethodPut, Path: "/site/*", DelayMs: 60_000, Times: 1})
		seen := p.Seen()
		p.FinishOneIssue(t, owner, project)
		moment(t, seen)
		p.Kill(t)
		p.Site.ClearFaults() // the push may not have begun
		if label := p.Shown(t, room.ID).Label; !strings.HasPrefix(label, fmt.Sprintf("%d open", open)) {
			t.Fatalf("the label is %q before the restart", label)
		}
		p.Run(t, binary)
		open--
		p.WaitForLabel(t, room.ID, fmt.Sprintf("%d open", open))
	}
}
