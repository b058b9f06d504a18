package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// side is a state of the source that is measured. It builds what the cases
// need, once.
type side struct {
	// name is its name in the report: "this", or the given ref.
	name string
	// commit is its short id, with "+" if there are changes on top.
	commit string
	// dir is the root of its source, out where its binaries go.
	dir, out string
	// overlay copies the worker into the source before it is built.
	overlay func(ctx context.Context) error

	built map[string]string
}

// app returns the program's binary.
func (s *side) app(ctx context.Context) (string, error) {
	return s.build(ctx, "sightline", "./cmd/sightline")
}

// worker returns the worker's binary. Another commit gets this one's worker:
// both sides are then measured alike.
func (s *side) worker(ctx context.Context) (string, error) {
	if s.overlay != nil {
		if err := s.overlay(ctx); err != nil {
			return "", fmt.Errorf("put the worker into %s: %w", s.name, err)
		}
		s.overlay = nil
	}
	return s.build(ctx, "worker", "./bench/worker")
}

func (s *side) build(ctx context.Context, name, pkg string) (string, error) {
	if path, ok := s.built[name]; ok {
		return path, nil
	}
	path := filepath.Join(s.out, name)
	if _, err := output(ctx, s.dir, "go", "build", "-o", path, pkg); err != nil {
		return "", fmt.Errorf("build %s of %s: %w", pkg, s.name, err)
	}
	if s.built == nil {
		s.built = map[string]string{}
	}
	s.built[name] = path
	return path, nil
}

// thisSide is the working tree that the current folder is in.
func thisSide(ctx context.Context, temp string) (*side, error) {
	mod, err := output(ctx, "", "go", "env", "GOMOD")
	if err != nil {
		return nil, err
	}
	dir := filepath.Dir(strings.TrimSpace(string(mod)))
	s := &side{name: "this", dir: dir, out: filepath.Join(temp, "this"), commit: "unknown"}
	if commit, err := git(ctx, dir, "rev-parse", "--short", "HEAD"); err == nil {
		s.commit = commit
		if changed, err := git(ctx, dir, "status", "--porcelain"); err == nil && changed != "" {
			s.commit += "+"
		}
	}
	return s, nil
}

// otherSide checks a commit out into a git worktree. Remove it at the end.
func otherSide(ctx context.Context, this *side, ref, temp string) (s *side, remove func() error, err error) {
	commit, err := git(ctx, this.dir, "rev-parse", "--verify", "--quiet", "--short", "--end-of-options", ref+"^{commit}")
	if err != nil {
		return nil, nil, fmt.Errorf("there is no commit %q", ref)
	}
	s = &side{name: ref, commit: commit, dir: filepath.Join(temp, "source"), out: filepath.Join(temp, "other")}
	if _, err := git(ctx, this.dir, "worktree", "add", "--quiet", "--detach", s.dir, commit); err != nil {
		return nil, nil, err
	}
	s.overlay = func(ctx context.Context) error { return copyWorker(ctx, this.dir, s.dir) }
	return s, func() error {
		_, err := git(context.WithoutCancel(ctx), this.dir, "worktree", "remove", "--force", s.dir)
		return err
	}, nil
}

func git(ctx context.Context, dir string, args ...string) (string, error) {
	out, err := output(ctx, dir, "git", args...)
	return strings.TrimSpace(string(out)), err
}

// workerFolders are the worker's source folders.
func workerFolders() []string { return []string{"bench/internal/measure", "bench/worker"} }

// copyWorker copies this side's worker into the other side's source, whose
// module may have another name.
func copyWorker(ctx context.Context, from, to string) error {
	ours, err1 := output(ctx, from, "go", "list", "-m")
	theirs, err2 := output(ctx, to, "go", "list", "-m")
	if err := errors.Join(err1, err2); err != nil {
		return err
	}
	rename := func(data []byte) []byte {
		return bytes.ReplaceAll(data, append([]byte(`"`), bytes.TrimSpace(ours)...), append([]byte(`"`), bytes.TrimSpace(theirs)...))
	}
	for _, folder := range workerFolders() {
		if err := os.RemoveAll(filepath.Join(to, folder)); err != nil {
			return err
		}
		if err := copyFolder(filepath.Join(from, folder), filepath.Join(to, folder), rename); err != nil {
			return err
		}
	}
	return nil
}

// copyFolder copies the Go files of a folder except its tests.
func copyFolder(from, to string, change func([]byte) []byte) error {
	if err := os.MkdirAll(to, 0o700); err != nil {
		return err
	}
	names, err := fs.Glob(os.DirFS(from), "*.go")
	if err != nil {
		return err
	}
	for _, name := range names {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		data, err := os.ReadFile(filepath.Join(from, name))
		if err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(to, name), change(data), 0o600); err != nil {
			return err
		}
	}
	return nil
}
