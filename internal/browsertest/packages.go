package browsertest

import (
	"os"
	"path/filepath"
	"testing"
)

// Packages is the folder of the npm packages for tests; "npm ci" in
// internal/browsertest/bridge installs them.
type Packages struct{ dir string }

// NeedPackages finds the npm packages. If they are not installed the test skips;
// with SIGHTLINE_TEST_ALL=1 it fails instead.
func NeedPackages(tb testing.TB) Packages {
	tb.Helper()
	root, err := moduleRoot()
	dir := filepath.Join(root, "internal", "browsertest", "bridge", "node_modules")
	for _, name := range []string{"atlassian-connect-js", "jquery", "axe-core"} {
		if err == nil {
			_, err = os.Stat(filepath.Join(dir, name, "package.json"))
		}
	}
	switch {
	case err != nil && os.Getenv("SIGHTLINE_TEST_ALL") == "1":
		tb.Fatalf("the npm packages are needed (npm ci in internal/browsertest/bridge): %v", err)
	case err != nil:
		tb.Skipf("the npm packages of internal/browsertest/bridge are not installed: %v", err)
	}
	return Packages{dir}
}

// Read reads a file of a package, such as jquery/dist/jquery.js.
func (p Packages) Read(tb testing.TB, name string) []byte {
	tb.Helper()
	data, err := os.ReadFile(filepath.Join(p.dir, filepath.FromSlash(name)))
	if err != nil {
		tb.Fatalf("read npm package: %v", err)
	}
	return data
}

// Dir returns the path of a folder in a package.
func (p Packages) Dir(name string) string { return filepath.Join(p.dir, filepath.FromSlash(name)) }

// moduleRoot returns the nearest folder with a go.mod, upwards.
func moduleRoot() (string, error) {
	dir, err := os.Getwd()
	if err != nil {
		return "", err
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir, nil
		}
		parent := filepath.Dir(dir)
		if parent == dir {
			return "", os.ErrNotExist
		}
		dir = parent
	}
}
