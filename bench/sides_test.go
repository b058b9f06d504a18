package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// The worker of this side compiles in a source whose module has another name,
// as it does in commits from before the module had a host.
func TestWorkerIsCopied(t *testing.T) {
	t.Parallel()
	this, err := thisSide(t.Context(), t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	other := t.TempDir()
	write(t, filepath.Join(other, "go.mod"), "module elsewhere\n\ngo 1.26\n")
	old := filepath.Join(other, "bench/worker/old.go")
	write(t, old, "package old")
	if err := copyWorker(t.Context(), this.dir, other); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(old); !os.IsNotExist(err) {
		t.Errorf("the other side's worker: got %v, want none", err)
	}
	for _, folder := range workerFolders() {
		files, err := filepath.Glob(filepath.Join(other, folder, "*.go"))
		if err != nil || len(files) == 0 {
			t.Fatalf("%s: got %v, %v", folder, files, err)
		}
		for _, file := range files {
			data, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if strings.HasSuffix(file, "_test.go") || strings.Contains(string(data), "sightline-go") {
				t.Errorf("%s: a test, or it imports this module", file)
			}
		}
	}
}

func write(t *testing.T, name, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(name), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// A side whose worker does not compile is left out of the case, with a note.
func TestSideWithoutWorker(t *testing.T) {
	t.Parallel()
	this, err := thisSide(t.Context(), t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	other := &side{name: "older", dir: t.TempDir(), out: t.TempDir()}
	write(t, filepath.Join(other.dir, "go.mod"), "module elsewhere\n\ngo 1.26\n")
	write(t, filepath.Join(other.dir, "bench/worker/main.go"), "package main\n\nfunc main() { gone() }\n")
	b := &bench{sides: []*side{this, other}, temp: t.TempDir()}
	list, err := loops("verify-hash", "verify")(t.Context(), b)
	if err != nil || len(list) != 2 || len(b.notes) != 1 || !strings.Contains(b.notes[0], "undefined: gone") {
		t.Errorf("got %d contestants, %v, notes %q", len(list), err, b.notes)
	}
}
