package scale

import (
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/sightline-go/sightline/connect/connecttest"
	"github.com/sightline-go/sightline/e2e/harness"
	"github.com/sightline-go/sightline/forge"
	"github.com/sightline-go/sightline/internal/app"
	"github.com/sightline-go/sightline/internal/onsite"
)

// killable is the program as a process of its own, on a database file that
// survives the process.
type killable struct {
	*harness.Running
	binary  string
	env     []string
	process *exec.Cmd
}

func newKillable(t *testing.T) *killable {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0") // a free port
	if err != nil {
		t.Fatal(err)
	}
	addr := listener.Addr().String()
	if err := listener.Close(); err != nil {
		t.Fatal(err)
	}
	site := connecttest.NewSite(t)
	database := "sqlite://" + filepath.Join(t.TempDir(), "sightline.db")
	f, onForge := onsite.Flags("http://"+addr, site.URL(), database), onsite.ForgeFlags(site.URL())
	k := &killable{binary: harness.Binary(t), Running: &harness.Running{Site: site, URL: "http://" + addr, Logs: &harness.LogBuffer{}}}
	for flag, value := range map[string]string{
		"addr": f.Addr, "base-url": f.BaseURL, "database-url": f.DatabaseURL, "secret-keys": harness.Keys(),
		"install-keys-url": f.InstallKeysURL, "allowed-hosts": f.AllowedHosts, "acjs-url": f.ACJSURL,
		"oauth-token-url": f.OAuthTokenURL, "chat-api-url": f.ChatAPIURL, "chat-token-url": f.ChatTokenURL,
		"chat-client-id": f.ChatClientID, "chat-client-secret": f.ChatClientSecret, "chat-origins": f.ChatOrigins,
		"forge-app-id": onsite.ForgeAppID, "forge-jwks-url": onForge.JWKSURL, "forge-api-url": onForge.APIURL,
	} {
		k.env = append(k.env, app.Variable(flag)+"="+value)
	}
	k.Store = harness.OpenStore(t, database)
	return k
}

// start starts the process and waits until it is ready.
func (k *killable) start(t *testing.T) {
	t.Helper()
	k.process = exec.Command(k.binary, "serve")
	k.process.Env = append(os.Environ(), k.env...)
	k.process.Stderr = k.Logs
	if err := k.process.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = k.process.Process.Kill() })
	harness.Eventually(t, "ready", func() bool {
		resp, err := harness.Client().Do(harness.NewRequest(t, http.MethodGet, k.URL+"/readyz", nil))
		if err != nil {
			return false
		}
		_ = resp.Body.Close()
		return resp.StatusCode == http.StatusOK
	})
}

// kill ends the process as kill -9 does.
func (k *killable) kill(t *testing.T) {
	t.Helper()
	if err := k.process.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = k.process.Wait() // the error says that it was killed
}

// TestKilledProcessLosesNoGlance kills the program between an event's answer
// and its push; the next start pushes. Connect's webhook and Forge's event are
// the same to it.
func TestKilledProcessLosesNoGlance(t *testing.T) {
	harness.Long(t)
	t.Parallel()
	for name, install := range map[string]func(t *testing.T, r *harness.Running){
		"Connect": func(t *testing.T, r *harness.Running) { r.Install(t) },
		"Forge": func(t *testing.T, r *harness.Running) {
			// Who sets the room up has not been to Jira.
			r.Site.SetForgeSettings(connecttest.ForgeSettings{Impersonation: true})
			r.InstallForge(t, forge.StageForge, "")
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			k := newKillable(t)
			k.start(t)
			install(t, k.Running)
			k.losesNoGlance(t)
		})
	}
}

func (k *killable) losesNoGlance(t *testing.T) {
	t.Helper()
	r, owner := k.Running, k.Site.Objects().Dashboards[0].Owner
	project := r.Site.Objects().Projects[0].Key
	room := r.Site.Objects().Conversations[0]
	r.SetUpRoom(t, harness.AppKey, room, project)
	open := r.Count(t, owner, "project = "+project+" AND statusCategory != Done")
	r.WaitForLabel(t, room.ID, fmt.Sprintf("%d open", open))

	if err := r.Site.AddFault(connecttest.Fault{Method: http.MethodPut, Path: "/site/*", DelayMs: 60_000, Times: 1}); err != nil {
		t.Fatal(err)
	}
	seen := len(r.Site.Requests(0))
	r.FinishOneIssue(t, owner, project)
	harness.Eventually(t, "the program works on the new label", func() bool {
		return slices.ContainsFunc(r.Site.Requests(0)[seen:], func(q connecttest.Request) bool {
			return q.From != "client" && strings.Contains(q.Path, "/rest/api/3/search")
		})
	})
	k.kill(t)
	k.Site.ClearFaults() // the push may not have begun
	if label := r.Shown(t, room.ID).Label; !strings.HasPrefix(label, fmt.Sprintf("%d open", open)) {
		t.Fatalf("the label is %q before the restart", label)
	}
	k.start(t)
	r.WaitForLabel(t, room.ID, fmt.Sprintf("%d open", open-1))
}
