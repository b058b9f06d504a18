package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

const root = "../../.."

// tracked lists the files of the tree. Without git the test cannot tell them
// from built files and is skipped.
func tracked(t *testing.T) []string {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "git", "ls-files", "-z", "--cached", "--others", "--exclude-standard")
	cmd.Dir = root
	out, err := cmd.Output()
	if err != nil {
		missing(t, "a git checkout", err)
	}
	var files []string
	for _, file := range strings.Split(strings.TrimSuffix(string(out), "\x00"), "\x00") {
		if info, err := os.Lstat(filepath.Join(root, file)); err == nil && info.Mode().IsRegular() {
			files = append(files, file)
		}
	}
	return files
}

// missing skips a test that lacks something it needs. SIGHTLINE_TEST_ALL=1 says
// that nothing may be skipped.
func missing(t *testing.T, what string, err error) {
	t.Helper()
	if os.Getenv("SIGHTLINE_TEST_ALL") == "1" {
		t.Fatalf("%s is missing: %v", what, err)
	}
	t.Skipf("needs %s: %v", what, err)
}

// goTool runs the go command in dir, without the network.
func goTool(t *testing.T, dir string, env []string, args ...string) (string, error) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "go", args...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "GOTOOLCHAIN=local", "GOSUMDB=off", "GOWORK=off", "GOFLAGS=-mod=readonly -buildvcs=false")
	cmd.Env = append(cmd.Env, env...)
	out, err := cmd.CombinedOutput()
	return string(out), err
}
