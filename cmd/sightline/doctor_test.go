package main

import (
	"bytes"
	"encoding/json"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/sightline-go/sightline/internal/app"
	"github.com/sightline-go/sightline/internal/doctor"
)

// TestDoctor: with nothing there it says so in each line, as a table and as one JSON
// document, and fails.
func TestDoctor(t *testing.T) {
	t.Parallel()
	const nobody = "http://127.0.0.1:1"
	env := map[string]string{"SIGHTLINE_DATABASE_URL": "sqlite://" + filepath.Join(t.TempDir(), "none.db"), "SIGHTLINE_SECRET_KEYS": testKeys()}
	for _, name := range []string{"INSTALL_KEYS_URL", "ACJS_URL", "OAUTH_TOKEN_URL", "CHAT_API_URL", "CHAT_TOKEN_URL", "SLACK_API_URL", "SLACK_AUTHORIZE_URL", "FORGE_JWKS_URL", "FORGE_API_URL"} {
		env["SIGHTLINE_"+name] = nobody
	}
	examine := func(args ...string) (string, string) {
		t.Helper()
		var out, errs bytes.Buffer
		code := run(t.Context(), append([]string{"doctor"}, args...), console{stdout: &out, stderr: &errs, env: func(n string) (string, bool) { v, ok := env[n]; return v, ok }})
		if code != exitFailed {
			t.Errorf("%v: exit %d, want %d", args, code, exitFailed)
		}
		return out.String(), errs.String()
	}
	out, errs := examine()
	for _, want := range []string{"FAULT    SIGHTLINE_BASE_URL", "is required", "FAULT    database", "there is no database of Sightline", "→ See that SIGHTLINE_DATABASE_URL", "off      slack api"} {
		if !strings.Contains(out, want) {
			t.Errorf("%q is missing in\n%s", want, out)
		}
	}
	if errs != "sightline: something is wrong, see above\n" {
		t.Errorf("it says %q", errs)
	}
	out, _ = examine("--json", nobody)
	var report doctor.Report
	if err := json.Unmarshal([]byte(out), &report); err != nil || report.OK || len(report.Lines) < len(doctor.Checks()) {
		t.Errorf("%v: %s", err, out)
	}
}

// TestListedSettings: the settings that the program lists are those of the command.
func TestListedSettings(t *testing.T) {
	t.Parallel()
	parser, err := newParser(console{env: func(string) (string, bool) { return "", false }}, nil)
	if err != nil {
		t.Fatal(err)
	}
	var want, got []string
	for _, node := range parser.Model.Leaves(false) {
		if node.Name != "serve" {
			continue
		}
		for _, flag := range node.Flags {
			if flag.Target.Kind() == reflect.String {
				want = append(want, flag.Name)
			}
		}
	}
	for _, s := range (app.ServeFlags{}).List() {
		got = append(got, s.Flag)
	}
	slices.Sort(want)
	slices.Sort(got)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("settings (-command +listed):\n%s", diff)
	}
}
