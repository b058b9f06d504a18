package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestReplace(t *testing.T) {
	t.Parallel()
	const from, to = "host.example/a/b", "git.example.org/x"
	for _, tc := range []struct{ text, want string }{
		{`"host.example/a/b"`, `"git.example.org/x"`},
		{`"host.example/a/b/c"`, `"git.example.org/x/c"`},
		{`host.example/a/b$, https://host.example/a/b.`, `git.example.org/x$, https://git.example.org/x.`},
		{`host.example/a/b.git`, `host.example/a/b.git`},
		{`host.example/a/bc host.example/a/b-c`, `host.example/a/bc host.example/a/b-c`},
		{`myhost.example/a/b`, `myhost.example/a/b`},
	} {
		if got := replace(tc.text, from, to); got != tc.want {
			t.Errorf("%s: got %s, want %s", tc.text, got, tc.want)
		}
	}
}

func TestRenameRefuses(t *testing.T) {
	t.Parallel()
	for _, path := range []string{"", "sightline", "team/sightline", "git.example.com", "git.example.com/", "https://git.example.com/a", "git.example.com/a b"} {
		if err := run([]string{path}); err == nil {
			t.Errorf("%q was taken", path)
		}
	}
}

// A copy of the tree under another name no longer holds the old one, and its
// packages find each other; make scale compiles everything.
func TestRename(t *testing.T) {
	t.Parallel()
	const to = "git.example.org/team/board"
	old, err := present(root)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	for _, file := range tracked(t) {
		copyFile(t, file, filepath.Join(dir, file))
	}
	if changed, err := rename(dir, to); err != nil || changed < 100 {
		t.Fatalf("%d files changed, %v", changed, err)
	}
	for _, file := range tracked(t) {
		text, err := os.ReadFile(filepath.Join(dir, file))
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(string(text), old) {
			t.Errorf("%s still names %s", file, old)
		}
	}
	for file, want := range map[string]string{
		"go.mod":           "module " + to + "\n",
		".ci/tools/go.mod": "module " + to + "/tools\n",
		".golangci.yml":    "module-path: " + to + "\n",
		"README.md":        to,
	} {
		if text, err := os.ReadFile(filepath.Join(dir, file)); err != nil || !strings.Contains(string(text), want) {
			t.Errorf("%s does not hold %q (%v)", file, want, err)
		}
	}
	steps := [][]string{{"list", "-deps", "-f", "{{.ImportPath}}", "./..."}}
	if os.Getenv("SIGHTLINE_TEST_SCALE") == "1" {
		steps = append(steps, []string{"build", "./..."}, []string{"vet", "./..."})
	}
	for _, args := range steps {
		if out, err := goTool(t, dir, nil, args...); err != nil {
			t.Fatalf("go %s: %v\n%s", strings.Join(args, " "), err, out)
		}
	}
}

func copyFile(t *testing.T, from, to string) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(root, from))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.MkdirAll(filepath.Dir(to), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(to, text, 0o600); err != nil {
		t.Fatal(err)
	}
}
