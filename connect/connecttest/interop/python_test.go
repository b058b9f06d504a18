package interop_test

import (
	"os"
	"os/exec"
	"testing"

	"github.com/sightline-go/sightline/connect/connecttest"
)

// needsPython returns a Python that has the modules. It skips the test if there is
// none, or fails it if SIGHTLINE_TEST_ALL=1 says that nothing may be skipped.
func needsPython(t *testing.T, modules ...string) string {
	t.Helper()
	// Debian's packages are for the system's own Python, which another may hide.
	for _, name := range []string{"/usr/bin/python3", "python3"} {
		path, err := exec.LookPath(name)
		if err != nil {
			continue
		}
		missing := false
		for _, module := range modules {
			missing = missing || exec.CommandContext(t.Context(), path, "-c", "import "+module).Run() != nil
		}
		if !missing {
			return path
		}
	}
	if os.Getenv("SIGHTLINE_TEST_ALL") == "1" {
		t.Fatalf("a Python with %v is needed", modules)
	}
	t.Skipf("there is no Python with %v", modules)
	return ""
}

// TestPythonJira runs python3-jira on both sites. Its site is not strict: the client
// sends parameters that the document does not have.
func TestPythonJira(t *testing.T) {
	t.Parallel()
	python := needsPython(t, "jira")
	for _, which := range []string{"cloud", "dc"} {
		t.Run(which, func(t *testing.T) {
			t.Parallel()
			runWith(t, connecttest.NewSite(t, connecttest.Options{}), python, "pythonjira.py", which)
		})
	}
}
