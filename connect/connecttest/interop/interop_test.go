// Package interop_test runs other people's software against the local site: two
// client libraries and an app framework from the npm registry, in the versions
// of package-lock.json. "npm ci" in this folder installs them.
package interop_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"testing"

	"github.com/sightline-go/sightline/connect/connecttest"
)

// needsNode skips the test if node or the packages are missing, or fails it if
// SIGHTLINE_TEST_ALL=1 says that nothing may be skipped.
func needsNode(t *testing.T, packages ...string) {
	t.Helper()
	_, err := exec.LookPath("node")
	// go test does not see what node reads. It sees these, and reruns the tests
	// if a script has changed.
	for _, folder := range []string{".", "app"} {
		if _, err := os.ReadDir(folder); err != nil {
			t.Fatal(err)
		}
	}
	for _, name := range packages {
		if err == nil {
			_, err = os.Stat("node_modules/" + name + "/package.json")
		}
	}
	switch {
	case err != nil && os.Getenv("SIGHTLINE_TEST_ALL") == "1":
		t.Fatalf("node and its packages are needed (npm ci in this folder): %v", err)
	case err != nil:
		t.Skipf("node or its packages are not installed: %v", err)
	}
}

// newSite is a strict site: a parameter or member that the specification does
// not have is refused, so nothing passes unchecked.
func newSite(t *testing.T) *connecttest.Site {
	t.Helper()
	return connecttest.NewSite(t, connecttest.Options{Strict: true})
}

// outcome is a line of a script's output. Without an error the check passed.
type outcome struct {
	Check string `json:"check"`
	Error string `json:"error"`
}

// run starts a script for node as runWith does.
func run(t *testing.T, site *connecttest.Site, script ...string) {
	t.Helper()
	runWith(t, site, "node", script...)
}

// runWith starts a script, tells it about the site, and reports each of its checks
// as a subtest.
func runWith(t *testing.T, site *connecttest.Site, program string, command ...string) {
	t.Helper()
	input, err := json.Marshal(map[string]any{"url": site.URL(), "people": site.People(), "objects": site.Objects()})
	if err != nil {
		t.Fatal(err)
	}
	var complaints bytes.Buffer
	cmd := exec.CommandContext(t.Context(), program, command...)
	cmd.Stdin, cmd.Stderr = bytes.NewReader(input), &complaints
	output, err := cmd.Output()
	if err != nil {
		t.Errorf("run %v: %v\n%s", command, err, complaints.String())
	}
	lines := bytes.Split(bytes.TrimSpace(output), []byte("\n"))
	for _, line := range lines {
		var o outcome
		if err := json.Unmarshal(line, &o); err != nil || o.Check == "" {
			t.Errorf("run %v: it printed %q", command, line)
			continue
		}
		t.Run(o.Check, func(t *testing.T) {
			if o.Error != "" {
				t.Error(o.Error)
			}
		})
	}
}

// installGadget puts an item on every dashboard, as any app with a gadget
// does.
func installGadget(t *testing.T, site *connecttest.Site) {
	t.Helper()
	app := httptest.NewUnstartedServer(nil)
	app.Config.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/atlassian-connect.json" {
			w.WriteHeader(http.StatusNoContent)
			return
		}
		fmt.Fprintf(w, `{
			"key": "com.example.gadget", "name": "Gadget", "baseUrl": "http://%s",
			"authentication": {"type": "jwt"}, "scopes": ["READ"],
			"apiMigrations": {"signed-install": true, "context-qsh": true, "gdpr": true},
			"lifecycle": {"installed": "/installed"},
			"modules": {"jiraDashboardItems": [{
				"key": "gadget", "name": {"value": "Gadget"}, "description": {"value": "A gadget"},
				"url": "/gadget", "thumbnailUrl": "/gadget.png"
			}]}
		}`, r.Host)
	})
	app.Start()
	t.Cleanup(app.Close)
	if _, err := site.Install(t.Context(), app.URL+"/atlassian-connect.json"); err != nil {
		t.Fatal(err)
	}
}
