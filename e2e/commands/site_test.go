package commands

import (
	"encoding/json"
	"os"
	"os/exec"
	"testing"

	"github.com/sightline-go/sightline/e2e/harness"
)

func TestSiteCommand(t *testing.T) {
	t.Parallel()
	out, logs := &harness.LogBuffer{}, &harness.LogBuffer{}
	command := exec.CommandContext(t.Context(), binary(t), "site", "--open", "--addr", "127.0.0.1:0")
	command.Stdout, command.Stderr = out, logs
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	defer func() { _ = command.Process.Kill() }()
	var site struct{ URL string }
	harness.Eventually(t, "address", func() bool { return json.Unmarshal([]byte(out.String()), &site) == nil })
	for _, path := range []string{"/-/people", "/-/objects", "/-/chat", "/jira/dashboards", "/chat", "/atlassian-connect/all.js", "/_edge/tenant_info"} {
		read(t, site.URL+path)
	}
	if err := command.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	if err := command.Wait(); err != nil {
		t.Errorf("site: %v\n%s", err, logs)
	}
}
