package main

import (
	"errors"
	"os/exec"
	"strings"
	"testing"
)

// TestServeOnlyLeavesOutTheLocalSite: a production build contains no part of
// the site that tests and development need.
func TestServeOnlyLeavesOutTheLocalSite(t *testing.T) {
	t.Parallel()
	for tags, want := range map[string]bool{"serveonly": false, "": true} {
		out, err := exec.CommandContext(t.Context(), "go", "list", "-deps", "-tags", tags, ".").Output()
		if err != nil {
			t.Fatal(err)
		}
		if got := strings.Contains(string(out), "/connect/connecttest\n"); got != want {
			t.Errorf("tags %q: the local site is in the program: %v, want %v", tags, got, want)
		}
		if got := strings.Contains(string(out), "/internal/judge\n"); got != want {
			t.Errorf("tags %q: the judge is in the program: %v, want %v", tags, got, want)
		}
		if !strings.Contains(string(out), "golang.org/x/crypto/x509roots/fallback\n") {
			t.Errorf("tags %q: no root certificates are in the program", tags)
		}
	}
}

// TestServeOnlySaysWhatIsMissing runs the commands that such a build leaves
// out, whatever their arguments.
func TestServeOnlySaysWhatIsMissing(t *testing.T) {
	t.Parallel()
	program := t.TempDir() + "/sightline"
	if out, err := exec.CommandContext(t.Context(), "go", "build", "-tags", "serveonly", "-o", program, ".").CombinedOutput(); err != nil {
		t.Fatalf("build: %v\n%s", err, out)
	}
	for _, args := range [][]string{{"dev"}, {"site", "--open", "--addr", "127.0.0.1:0"}, {"judge", "--list"}} {
		out, err := exec.CommandContext(t.Context(), program, args...).CombinedOutput()
		if want := args[0] + " is not in this build"; exitOf(err) != exitUsage || !strings.Contains(string(out), want) {
			t.Errorf("%v: %v, want exit %d and %q:\n%s", args, err, exitUsage, want, out)
		}
	}
}

func exitOf(err error) int {
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		return exit.ExitCode()
	}
	return 0
}
