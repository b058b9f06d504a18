package harness

import (
	"cmp"
	"context"
	"net"
	"net/http"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/sightline-go/sightline"
	"github.com/sightline-go/sightline/connect/connecttest"
	"github.com/sightline-go/sightline/internal/app"
	"github.com/sightline-go/sightline/internal/onsite"
	"github.com/sightline-go/sightline/store"
)

// Process is the program as a process of its own, which can be killed; its
// database survives it.
type Process struct {
	*Running
	command *exec.Cmd
	// Extra are variables of its environment beside the settings, as NAME=value.
	Extra []string
}

// NewProcess prepares the program on a site, with Connect and Forge, and does not
// start it.
func NewProcess(t *testing.T, site *connecttest.Site, database string) *Process {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0") // a free port
	if err != nil {
		t.Fatal(err)
	}
	base := "http://" + listener.Addr().String()
	if err := listener.Close(); err != nil {
		t.Fatal(err)
	}
	r := &Running{Site: site, URL: base, Logs: &LogBuffer{}, Flags: onsite.Flags(base, site.URL(), database)}
	r.Flags.SecretKeys, r.Flags.DatabaseStatementTimeout = Keys(), patientDatabase
	r.Flags.Index = "off" // as in Start: e2e/index turns it on
	OnForge(site)(&r.Flags)
	return r.AsProcess(t)
}

// AsProcess ends the program, if it runs. Run then starts it with the same
// settings as a process of its own.
func (r *Running) AsProcess(t *testing.T) *Process {
	t.Helper()
	if r.stop != nil {
		r.stop()
	}
	r.App, r.Handler = nil, nil
	r.Store = openStore(t, r.Flags.DatabaseURL, r.Flags.SecretKeys)
	return &Process{Running: r}
}

// environment are the settings as the command reads them.
func (p *Process) environment() []string {
	f := p.Flags
	list := os.Environ()
	for flag, value := range map[string]string{
		"addr": f.Addr, "base-url": f.BaseURL, "database-url": f.DatabaseURL, "secret-keys": f.SecretKeys,
		"install-keys-url": f.InstallKeysURL, "allowed-hosts": f.AllowedHosts, "acjs-url": f.ACJSURL,
		"oauth-token-url": f.OAuthTokenURL, "chat-api-url": f.ChatAPIURL, "chat-token-url": f.ChatTokenURL,
		"chat-client-id": f.ChatClientID, "chat-client-secret": f.ChatClientSecret, "chat-origins": f.ChatOrigins,
		"slack-client-id": f.SlackFlags.ClientID, "slack-client-secret": f.SlackFlags.ClientSecret,
		"slack-signing-secret": f.SlackFlags.SigningSecret, "slack-api-url": f.SlackFlags.APIURL, "slack-authorize-url": f.SlackFlags.AuthorizeURL,
		"index": f.Index, "max-pages": f.MaxPages,
		"forge-app-id": f.ForgeFlags.AppID, "forge-jwks-url": f.ForgeFlags.JWKSURL, "forge-api-url": f.ForgeFlags.APIURL,
		"connect": f.Connect, "log-level": "debug", "log-format": "json", "drain": cmp.Or(f.Drain, "0s"),
		"database-max-conns": f.DatabaseMaxConns, "database-statement-timeout": f.DatabaseStatementTimeout,
	} {
		if value != "" {
			list = append(list, app.Variable(flag)+"="+value)
		}
	}
	return append(list, p.Extra...)
}

// Run starts the process and waits until it is ready.
func (p *Process) Run(t *testing.T, binary string) {
	t.Helper()
	p.command = exec.Command(binary, "serve")
	p.command.Env, p.command.Stderr = p.environment(), p.Logs
	if err := p.command.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = p.command.Process.Kill() })
	Eventually(t, "ready", func() bool {
		resp, err := Client().Do(NewRequest(t, http.MethodGet, p.URL+"/readyz", nil))
		if err != nil {
			return false
		}
		_ = resp.Body.Close()
		return resp.StatusCode == http.StatusOK
	})
}

// Command is another command with the settings of the program.
func (p *Process) Command(ctx context.Context, binary string, args ...string) *exec.Cmd {
	command := exec.CommandContext(ctx, binary, args...)
	command.Env = p.environment()
	return command
}

// Signal sends the process a signal.
func (p *Process) Signal(t *testing.T, signal os.Signal) {
	t.Helper()
	if err := p.command.Process.Signal(signal); err != nil {
		t.Fatal(err)
	}
}

// Wait waits until the process has ended.
func (p *Process) Wait() error { return p.command.Wait() }

// Limit bounds the files that the process may write, in bytes: beyond it, the disk
// is full for the process.
func (p *Process) Limit(t *testing.T, bytes uint64) {
	t.Helper()
	command := exec.Command("prlimit", "--pid", strconv.Itoa(p.command.Process.Pid), "--fsize="+strconv.FormatUint(bytes, 10)+":")
	if said, err := command.CombinedOutput(); err != nil {
		t.Skipf("the limit of another process needs prlimit: %v\n%s", err, said)
	}
}

// Kill ends the process as kill -9 does.
func (p *Process) Kill(t *testing.T) {
	t.Helper()
	if err := p.command.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = p.command.Wait() // the error says that it was killed
}

// Told waits until the program has answered an event that the site has sent since
// an entry of its log.
func (r *Running) Told(t testing.TB, seen int) {
	t.Helper()
	r.logged(t, "an event is answered", seen, func(q connecttest.Request) bool {
		return q.From == "site" && q.Status/100 == 2 && (strings.Contains(q.Path, "/webhooks/") || strings.HasSuffix(q.Path, "/events"))
	})
}

// WorksOn waits until the program has asked Jira for issues since an entry of the
// site's log.
func (r *Running) WorksOn(t testing.TB, seen int) {
	t.Helper()
	r.logged(t, "the program counts issues", seen, func(q connecttest.Request) bool {
		return q.From != "client" && strings.Contains(q.Path, "/rest/api/3/search")
	})
}

func (r *Running) logged(t testing.TB, what string, seen int, match func(q connecttest.Request) bool) {
	t.Helper()
	Eventually(t, what, func() bool { return slices.ContainsFunc(r.Site.Requests(seen), match) })
}

// Seen is the newest entry of the site's log.
func (r *Running) Seen() int {
	all := r.Site.Requests(0)
	if len(all) == 0 {
		return 0
	}
	return all[len(all)-1].Seq
}

// OpenStore opens the program's database a second time.
func OpenStore(t *testing.T, address string) *store.Store {
	t.Helper()
	return openStore(t, address, Keys())
}

// Operator is the program's database as an operator's command opens it.
func (r *Running) Operator(t *testing.T) *store.Store {
	t.Helper()
	return openStore(t, r.Flags.DatabaseURL, r.Flags.SecretKeys)
}

func openStore(t *testing.T, address, secrets string) *store.Store {
	t.Helper()
	keys, err := store.ParseKeyRing(secrets)
	if err != nil {
		t.Fatal(err)
	}
	st, err := store.Open(t.Context(), store.Options{
		URL: address, Keys: keys, Version: sightline.Version, Log: Quiet(), Limits: store.Limits{Call: time.Minute}, // a busy machine changes no answer
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = st.Close() })
	return st
}
