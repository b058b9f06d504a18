package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
)

// binary is one file of a release.
type binary struct {
	name, tags, system, machine string
}

// file names it: sightline_0.1.0_linux_amd64. Windows wants an ending.
func (b binary) file(version string) string {
	name := strings.Join([]string{b.name, version, b.system, b.machine}, "_")
	if b.system == "windows" {
		name += ".exe"
	}
	return name
}

// binaries lists all files of a release.
func binaries() []binary {
	var all []binary
	for _, target := range []string{"linux/amd64", "linux/arm64", "darwin/amd64", "darwin/arm64", "windows/amd64", "windows/arm64"} {
		system, machine, _ := strings.Cut(target, "/")
		all = append(all,
			binary{name: "sightline", system: system, machine: machine},
			binary{name: "sightline-serveonly", tags: "serveonly", system: system, machine: machine})
	}
	return all
}

// run clears and fills the folder dist of the tree in root.
func run(ctx context.Context, root, dist string, all []binary, log io.Writer) error {
	if err := clean(ctx, root); err != nil {
		return err
	}
	version, err := version(root)
	if err != nil {
		return err
	}
	dist, err = filepath.Abs(filepath.Join(root, dist))
	if err != nil {
		return err
	}
	if err := os.RemoveAll(dist); err != nil {
		return err
	}
	return fill(ctx, root, version, dist, all, log)
}

// fill builds the last commit of the tree in root, and writes for each binary what it
// was built of, and the checksums of all.
func fill(ctx context.Context, root, version, dist string, all []binary, log io.Writer) error {
	tree, err := os.MkdirTemp("", "sightline-release-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(tree)
	if err := checkout(ctx, root, version, tree); err != nil {
		return err
	}
	sums := map[string]string{}
	for _, b := range all {
		name := b.file(version)
		if err := build(ctx, tree, b, filepath.Join(dist, name)); err != nil {
			return err
		}
		parts, err := materials(filepath.Join(dist, name), version)
		if err != nil {
			return fmt.Errorf("list the parts of %s: %w", name, err)
		}
		if err := os.WriteFile(filepath.Join(dist, name+".cdx.json"), parts, 0o644); err != nil { //nolint:gosec // for anybody to read
			return err
		}
		for _, file := range []string{name, name + ".cdx.json"} {
			sum, size, err := digest(filepath.Join(dist, file))
			if err != nil {
				return err
			}
			sums[file] = sum
			fmt.Fprintf(log, "%s  %.1f MB\n", file, float64(size)/1e6)
		}
	}
	return os.WriteFile(filepath.Join(dist, "SHA256SUMS"), checksums(sums), 0o644) //nolint:gosec // for anybody to read
}

// checkout clones the tree's last commit. The go command writes the tag of a
// commit into what it builds, so the clone has one, as it will be published.
func checkout(ctx context.Context, root, version, tree string) error {
	root, err := filepath.Abs(root)
	if err != nil {
		return err
	}
	if _, err := output(ctx, root, "git", "clone", "--quiet", "--no-tags", root, tree); err != nil {
		return err
	}
	_, err = output(ctx, tree, "git", "-c", "tag.gpgSign=false", "tag", "v"+version)
	return err
}

func build(ctx context.Context, tree string, b binary, out string) error {
	cmd := exec.CommandContext(ctx, "go", "build", "-trimpath", "-buildvcs=true", "-ldflags=-s -w", "-tags="+b.tags, "-o", out, "./cmd/sightline")
	cmd.Dir = tree
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0", "GOOS="+b.system, "GOARCH="+b.machine,
		// Not this machine's settings, which others cannot know.
		"GOFLAGS=-mod=readonly", "GOWORK=off", "GOAMD64=v1", "GOARM64=v8.0")
	if text, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("build %s: %w\n%s", filepath.Base(out), err, text)
	}
	return nil
}

func digest(file string) (sum string, size int64, err error) {
	f, err := os.Open(file)
	if err != nil {
		return "", 0, err
	}
	defer f.Close()
	hash := sha256.New()
	size, err = io.Copy(hash, f)
	return fmt.Sprintf("%x", hash.Sum(nil)), size, err
}

// checksums writes the lines that `sha256sum -c` reads.
func checksums(sums map[string]string) []byte {
	var lines []string
	for name, sum := range sums {
		lines = append(lines, sum+"  "+name+"\n")
	}
	slices.SortFunc(lines, func(a, b string) int { return strings.Compare(a[66:], b[66:]) })
	return []byte(strings.Join(lines, ""))
}

// output runs a command and returns what it printed.
func output(ctx context.Context, dir, name string, args ...string) (string, error) {
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Dir = dir
	var errs bytes.Buffer
	cmd.Stderr = &errs
	out, err := cmd.Output()
	if err != nil {
		return "", fmt.Errorf("%s %s: %w\n%s", name, args[0], err, errs.String())
	}
	return string(out), nil
}
