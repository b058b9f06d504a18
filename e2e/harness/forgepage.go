package harness

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/sightline-go/sightline/internal/onsite"
)

// pageScript is the page's script in the folder that "sightline manifest --dir"
// writes; building puts everything into it.
const pageScript = "static/app/index.js"

// BuildPage does what "npm ci" does in the app's folder, and returns the page's
// script: with Atlassian's own bridge in it. Without the npm packages the test
// skips; with SIGHTLINE_TEST_ALL=1 it fails instead.
func BuildPage(t testing.TB) []byte {
	t.Helper()
	packages, err := filepath.Abs(filepath.Join("..", "..", "forge", "static", "node_modules"))
	if err != nil {
		t.Fatal(err)
	}
	_, missing := os.Stat(filepath.Join(packages, "@forge", "bridge"))
	switch {
	case missing != nil && os.Getenv("SIGHTLINE_TEST_ALL") == "1":
		t.Fatalf("the packages of forge/static are needed: %v", missing)
	case missing != nil:
		t.Skipf("the packages of forge/static are not installed: %v", missing)
	}
	folder := t.TempDir()
	if err := onsite.WriteForge(folder, "https://sightline.example"); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(packages, filepath.Join(folder, "node_modules")); err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), "npm", "run", "--silent", "postinstall")
	cmd.Dir = folder
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("build: %v\n%s", err, out)
	}
	script, err := os.ReadFile(filepath.Join(folder, pageScript))
	if err != nil {
		t.Fatal(err)
	}
	return script
}

// PutPage puts a built page into an app's folder.
func PutPage(t testing.TB, folder string, built []byte) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(folder, pageScript), built, 0o600); err != nil {
		t.Fatal(err)
	}
}
