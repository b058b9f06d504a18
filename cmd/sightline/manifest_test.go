package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// manifestRun runs the command and returns its exit code and what it printed.
func manifestRun(t *testing.T, env map[string]string, args ...string) (code int, out, errs string) {
	t.Helper()
	var stdout, stderr bytes.Buffer
	code = run(t.Context(), append([]string{"manifest"}, args...), console{
		stdout: &stdout, stderr: &stderr, env: func(n string) (string, bool) { v, ok := env[n]; return v, ok },
	})
	return code, stdout.String(), stderr.String()
}

// TestManifestCommand follows an admin: write, register, write again, check,
// compare with the next stage.
func TestManifestCommand(t *testing.T) {
	t.Parallel()
	const id = "ari:cloud:ecosystem::app/11111111-2222-4333-8444-555555555555"
	env := map[string]string{"SIGHTLINE_BASE_URL": "https://sightline.test/base"}
	dir := filepath.Join(t.TempDir(), "app")
	file := filepath.Join(dir, "manifest.yml")
	if code, out, errs := manifestRun(t, env, "--dir", dir); code != 0 || !strings.Contains(out, "https://sightline.test/base") {
		t.Fatalf("exit %d: %s%s", code, out, errs)
	}
	first, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if code, out, _ := manifestRun(t, env); code != 0 || out != string(first) {
		t.Errorf("without --dir it prints another manifest than it writes:\n%s", out)
	}
	env["SIGHTLINE_FORGE_APP_ID"] = strings.TrimPrefix(id, "ari:cloud:ecosystem::app/")
	for range 2 { // with the setting, then as it is found there
		if code, _, errs := manifestRun(t, env, "--dir", dir); code != 0 {
			t.Fatalf("exit %d: %s", code, errs)
		}
		if data, err := os.ReadFile(file); err != nil || !strings.Contains(string(data), id) {
			t.Errorf("the app's id is missing: %v\n%s", err, data)
		}
		delete(env, "SIGHTLINE_FORGE_APP_ID")
	}
	if code, out, errs := manifestRun(t, nil, "--check", file); code != 0 || !strings.Contains(out, "no errors") {
		t.Errorf("exit %d: %s%s", code, out, errs)
	}
	if code, out, _ := manifestRun(t, env, "--diff", file, "--stage", "hybrid", "--connect-key", "app.sightline"); code != 0 || !strings.Contains(out, "Forge refuses it") {
		t.Errorf("exit %d: %s", code, out)
	}
	if code, out, _ := manifestRun(t, env, "--diff", file, "--app-id", id); code != 0 || out != "No differences.\n" {
		t.Errorf("exit %d: %s", code, out)
	}
}

func TestManifestCommandRefuses(t *testing.T) {
	t.Parallel()
	wrong := filepath.Join(t.TempDir(), "manifest.yml")
	if err := os.WriteFile(wrong, []byte("app:\n  id: mine\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		args []string
		want string
	}{
		{[]string{"--stage", "hybrid"}, "Connect app"},
		{[]string{"--app-id", "mine"}, "app id"},
		{[]string{"--check", wrong}, "errors in the manifest: 2"},
		{[]string{"--check", wrong + ".none"}, "read manifest"},
		{[]string{"--diff", wrong + ".none"}, "read the old manifest"},
		{[]string{"--stage", "connect"}, "stage"},
	} {
		if code, _, errs := manifestRun(t, nil, c.args...); code == 0 || !strings.Contains(errs, c.want) {
			t.Errorf("%v: exit %d, %q is missing: %s", c.args, code, c.want, errs)
		}
	}
}
