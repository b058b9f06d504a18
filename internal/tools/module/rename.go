package main

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
)

var (
	moduleLine = regexp.MustCompile(`(?m)^module ([^\s]+)$`)
	// modulePath is a host with a dot and at least one name after it.
	modulePath = regexp.MustCompile(`\A[a-z0-9-]+(\.[a-z0-9-]+)+(/[A-Za-z0-9_~-][A-Za-z0-9._~-]*)+\z`)
)

// rename replaces the module's present path by to in all text files below dir,
// and returns how many files changed.
func rename(dir, to string) (changed int, err error) {
	if !modulePath.MatchString(to) {
		return 0, fmt.Errorf("%q is not a module path: want HOST/NAME, the host with a dot", to)
	}
	from, err := present(dir)
	if err != nil {
		return 0, err
	}
	err = filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && (d.Name() == ".git" || d.Name() == "node_modules"):
			return filepath.SkipDir
		case !d.Type().IsRegular():
			return nil
		}
		did, err := rewrite(path, from, to)
		if did {
			changed++
		}
		return err
	})
	return changed, err
}

// present is the module's present path.
func present(dir string) (string, error) {
	text, err := os.ReadFile(filepath.Join(dir, "go.mod"))
	if err != nil {
		return "", fmt.Errorf("read module path: %w", err)
	}
	found := moduleLine.FindSubmatch(text)
	if found == nil {
		return "", errors.New("read module path: go.mod has no module line")
	}
	return string(found[1]), nil
}

func rewrite(path, from, to string) (changed bool, err error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return false, err
	}
	if bytes.IndexByte(text, 0) >= 0 { // a picture, a font, a binary
		return false, nil
	}
	after := replace(string(text), from, to)
	if after == string(text) {
		return false, nil
	}
	info, err := os.Stat(path)
	if err != nil {
		return false, err
	}
	return true, os.WriteFile(path, []byte(after), info.Mode().Perm())
}

// replace puts to in place of from, unless from is only the beginning or the
// end of a longer name.
func replace(text, from, to string) string {
	var out strings.Builder
	for {
		at := strings.Index(text, from)
		if at < 0 {
			out.WriteString(text)
			return out.String()
		}
		end := at + len(from)
		out.WriteString(text[:at])
		if (at > 0 && inName(text[at-1])) || continues(text[end:]) {
			out.WriteString(from)
		} else {
			out.WriteString(to)
		}
		text = text[end:]
	}
}

// continues reports whether a name continues in rest. A full stop with nothing
// after it ends a sentence.
func continues(rest string) bool {
	rest = strings.TrimPrefix(rest, ".")
	return rest != "" && inName(rest[0])
}

func inName(c byte) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || c == '-' || c == '_' || c == '~'
}
