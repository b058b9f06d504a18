package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const root = "../../.."

// TestRefuses: only a commit whose changelog names its version is released, and
// what dist had before stays.
func TestRefuses(t *testing.T) {
	t.Parallel()
	tests := map[string]struct{ version, changelog, stray, want string }{
		"another version":       {"0.2.0", "# Changelog\n\n## 0.1.0 (2026-11-29)\n", "", "the first version is 0.1.0"},
		"an older heading":      {"0.1.0", "# Changelog\n\n## 0.2.0 (2026-12-01)\n\n## 0.1.0 (2026-11-29)\n", "", "the first version is 0.2.0"},
		"no day":                {"0.1.0", "# Changelog\n\n## 0.1.0 (unreleased)\n", "", "no day"},
		"no version":            {"0.1.0", "# Changelog\n", "", "CHANGELOG.md has no line"},
		"a development version": {"0.2.0-dev", "# Changelog\n\n## 0.2.0-dev (2026-11-29)\n", "", "development version"},
		"a file of nobody":      {"0.1.0", "# Changelog\n\n## 0.1.0 (2026-11-29)\n", "new.go", "commit these first:\n?? new.go"},
		"a file changed":        {"0.1.0", "# Changelog\n\n## 0.1.0 (2026-11-29)\n", "app.go", "commit these first:\n M app.go"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tree := t.TempDir()
			write(t, tree, "app.go", "package sightline\n\nconst Version = \""+test.version+"\"\n")
			write(t, tree, "CHANGELOG.md", test.changelog)
			write(t, tree, ".gitignore", "/dist/\n")
			commit(t, tree)
			write(t, tree, "dist/before", "")
			if test.stray != "" {
				write(t, tree, test.stray, "package other\n")
			}
			err := run(t.Context(), tree, "dist", binaries(), io.Discard)
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("got %v, want %q", err, test.want)
			}
			if _, err := os.Stat(filepath.Join(tree, "dist", "before")); err != nil {
				t.Errorf("dist was touched: %v", err)
			}
		})
	}
}

func TestNames(t *testing.T) {
	t.Parallel()
	var got []string
	for _, b := range binaries() {
		got = append(got, b.file("0.1.0"))
	}
	want := []string{
		"sightline_0.1.0_linux_amd64", "sightline-serveonly_0.1.0_linux_amd64",
		"sightline_0.1.0_linux_arm64", "sightline-serveonly_0.1.0_linux_arm64",
		"sightline_0.1.0_darwin_amd64", "sightline-serveonly_0.1.0_darwin_amd64",
		"sightline_0.1.0_darwin_arm64", "sightline-serveonly_0.1.0_darwin_arm64",
		"sightline_0.1.0_windows_amd64.exe", "sightline-serveonly_0.1.0_windows_amd64.exe",
		"sightline_0.1.0_windows_arm64.exe", "sightline-serveonly_0.1.0_windows_arm64.exe",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("files (-want +got):\n%s", diff)
	}
}

// TestBuildsTheSameTwice builds the last commit for this machine, in two places:
// the bytes are the same, the checksum is theirs, and the program says which
// commit it is.
func TestBuildsTheSameTwice(t *testing.T) {
	t.Parallel()
	if os.Getenv("SIGHTLINE_TEST_ALL") != "1" {
		t.Skip("builds the program twice; SIGHTLINE_TEST_ALL=1 runs it")
	}
	const version = "0.0.1"
	one := binary{name: "sightline-serveonly", tags: "serveonly", system: runtime.GOOS, machine: runtime.GOARCH}
	var sums [2]string
	var program string
	for i := range sums {
		dist := t.TempDir()
		if err := fill(t.Context(), root, version, dist, []binary{one}, io.Discard); err != nil {
			t.Fatal(err)
		}
		text, err := os.ReadFile(filepath.Join(dist, "SHA256SUMS"))
		if err != nil {
			t.Fatal(err)
		}
		sums[i], program = string(text), filepath.Join(dist, one.file(version))
	}
	if sums[0] != sums[1] {
		t.Errorf("two builds differ:\n%s%s", sums[0], sums[1])
	}
	want := sha256Of(t, program) + "  " + one.file(version) + "\n" +
		sha256Of(t, program+".cdx.json") + "  " + one.file(version) + ".cdx.json\n"
	if sums[1] != want {
		t.Errorf("SHA256SUMS:\n%swant\n%s", sums[1], want)
	}
	parts, err := os.ReadFile(program + ".cdx.json")
	if err != nil || !bytes.Contains(parts, []byte(`"purl": "pkg:golang/github.com/gin-gonic/gin@v`)) {
		t.Errorf("the program's parts: %v\n%s", err, parts)
	}
	head, err := output(t.Context(), root, "git", "rev-parse", "HEAD")
	if err != nil {
		t.Fatal(err)
	}
	said, err := output(t.Context(), root, program, "version")
	saysTheSame(t, program, said)
	want = `^\d+\.\d+\.\d+\S* \(commit ` + strings.TrimSpace(head) + `, \d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ\)\n$`
	if err != nil || !regexp.MustCompile(want).MatchString(said) {
		t.Errorf("version: %q, %v, want %s", said, err, want)
	}
}

// TestMaterials lists what this test is built of.
func TestMaterials(t *testing.T) {
	t.Parallel()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	text, err := materials(self, "0.1.0")
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		`"bomFormat": "CycloneDX"`, `"purl": "pkg:golang/std@` + runtime.Version(),
		`"purl": "pkg:golang/github.com/sightline-go/sightline@v0.1.0"`,
	} {
		if !bytes.Contains(text, []byte(want)) {
			t.Errorf("%s is missing in\n%s", want, text)
		}
	}
	if _, err := materials("release_test.go", "0.1.0"); err == nil {
		t.Error("a text has parts")
	}
}

func TestChecksumsAreSortedByName(t *testing.T) {
	t.Parallel()
	a, b := strings.Repeat("f", 64), strings.Repeat("0", 64)
	got := checksums(map[string]string{"sightline_b": b, "sightline_a": a})
	if want := a + "  sightline_a\n" + b + "  sightline_b\n"; !bytes.Equal(got, []byte(want)) {
		t.Errorf("got\n%swant\n%s", got, want)
	}
}

func sha256Of(t *testing.T, file string) string {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}

func write(t *testing.T, tree, name, text string) {
	t.Helper()
	file := filepath.Join(tree, name)
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// commit makes the tree a repository with one commit of all of it.
func commit(t *testing.T, tree string) {
	t.Helper()
	for _, args := range [][]string{
		{"init", "--quiet"},
		{"add", "--all"},
		{"-c", "user.name=test", "-c", "user.email=test@example.com", "-c", "commit.gpgSign=false", "commit", "--quiet", "--message", "all"},
	} {
		cmd := exec.CommandContext(t.Context(), "git", args...)
		cmd.Dir = tree
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("git %s: %v\n%s", args[0], err, out)
		}
	}
}
