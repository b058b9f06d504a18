// Package validator_test runs Atlassian's own validator of Forge manifests, from
// the npm registry in the version of package-lock.json, over what Sightline
// writes. "npm ci --ignore-scripts" in this folder installs it.
package validator_test

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/sightline-go/sightline/forge"
	"github.com/sightline-go/sightline/web"
)

// needsValidator skips where node or the validator is absent, or fails where
// SIGHTLINE_TEST_ALL=1 says that nothing may be skipped.
func needsValidator(t *testing.T) {
	t.Helper()
	_, err := exec.LookPath("node")
	for _, name := range []string{"@forge/manifest", "tslib"} {
		if err == nil {
			_, err = os.Stat(filepath.Join("node_modules", name, "package.json"))
		}
	}
	switch {
	case err != nil && os.Getenv("SIGHTLINE_TEST_ALL") == "1":
		t.Fatalf("node and the packages of forge/validator are needed (npm ci --ignore-scripts there): %v", err)
	case err != nil:
		t.Skipf("node or the packages of forge/validator are not installed: %v", err)
	}
}

// said is what one validation says.
type said struct {
	Validation string
	Success    bool
	Said       []struct {
		Level, Message string
		Line           int
	}
}

// validate runs the validations that are named in a folder, or all.
func validate(t *testing.T, dir string, named ...string) []said {
	t.Helper()
	script, err := filepath.Abs("validate.mjs")
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), "node", append([]string{script}, named...)...)
	cmd.Dir = dir
	var complaints bytes.Buffer
	cmd.Stderr = &complaints
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("run the validator: %v\n%s", err, complaints.String())
	}
	var list []said
	for line := range bytes.Lines(out) {
		var s said
		if err := json.Unmarshal(line, &s); err != nil {
			t.Fatalf("the validator printed %q", line)
		}
		list = append(list, s)
	}
	return list
}

func write(t *testing.T, o forge.Options) string {
	t.Helper()
	files, err := web.Files()
	if err != nil {
		t.Fatal(err)
	}
	o.BaseURL, o.AppID = "https://sightline.example", "00000000-0000-4000-8000-000000000001"
	dir := t.TempDir()
	if err := forge.WriteDir(dir, o, files); err != nil {
		t.Fatal(err)
	}
	return dir
}

// TestValidator wants no error and no warning of seven validations, but the one
// that Atlassian documents: with a Connect key and without Connect's remote the
// region of a Connect installation is not carried over.
func TestValidator(t *testing.T) {
	t.Parallel()
	needsValidator(t)
	const region = "connect region"
	for _, c := range []struct {
		name   string
		o      forge.Options
		warned string
		named  []string // none for all seven
		ran    int
	}{
		{"forge", forge.Options{}, "", nil, 7},
		// The others look at nothing that a Connect key changes, and take as long.
		{"forge with a Connect key", forge.Options{ConnectKey: "app.sightline"}, region, []string{"FULL"}, 1},
		{"hybrid", forge.Options{Stage: forge.StageHybrid, ConnectKey: "app.sightline"}, "", nil, 7},
	} {
		t.Run(c.name, func(t *testing.T) {
			list := validate(t, write(t, c.o), c.named...)
			if len(list) != c.ran {
				t.Errorf("%d validations ran, want %d", len(list), c.ran)
			}
			warnings := 0
			for _, s := range list {
				if !s.Success {
					t.Errorf("%s does not succeed", s.Validation)
				}
				for _, one := range s.Said {
					if c.warned != "" && one.Level == "warning" && bytes.Contains([]byte(one.Message), []byte(c.warned)) {
						warnings++
						continue
					}
					t.Errorf("%s, line %d: %s: %s", s.Validation, one.Line, one.Level, one.Message)
				}
			}
			if want := c.warned != ""; want != (warnings == 1) {
				t.Errorf("%d warnings about the region", warnings)
			}
		})
	}
}

// TestValidatorRefuses shows that the validator looks at all: each folder lacks
// one thing.
func TestValidatorRefuses(t *testing.T) {
	t.Parallel()
	needsValidator(t)
	for _, missing := range []string{"locales/de-DE.json", "static/app"} {
		dir := write(t, forge.Options{})
		if err := os.RemoveAll(filepath.Join(dir, filepath.FromSlash(missing))); err != nil {
			t.Fatal(err)
		}
		if list := validate(t, dir, "FULL"); len(list) != 1 || list[0].Success {
			t.Errorf("without %s it says %+v", missing, list)
		}
	}
}
