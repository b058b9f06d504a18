package forge

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
)

// Command is what "sightline manifest" does. Of Check, Diff and Dir the first
// that is set says what; without one the manifest is printed.
type Command struct {
	Options
	Check string // a manifest to check, with the files next to it
	Diff  string // an older manifest, or a Connect descriptor, to compare with
	Dir   string // a folder to write to
	// Shared are the Connect page's scripts and styles, by their names; only Dir
	// needs them.
	Shared map[string][]byte
}

// Run prints what the command finds. A manifest with an error is an error.
func (c Command) Run(out io.Writer) error {
	switch {
	case c.Check != "":
		return checkFile(out, c.Check)
	case c.Diff != "":
		return c.diff(out)
	case c.Dir != "":
		return c.write(out)
	}
	data, err := c.yaml()
	if err != nil {
		return err
	}
	_, err = out.Write(data)
	return err
}

func (c Command) yaml() ([]byte, error) {
	m, err := New(c.Options)
	if err != nil {
		return nil, err
	}
	return m.YAML()
}

func (c Command) write(out io.Writer) error {
	if err := WriteDir(c.Dir, c.Options, c.Shared); err != nil {
		return err
	}
	_, err := fmt.Fprintf(out, "Written to %s, for the app at %s. Next, there: npm ci, forge register (once); then, with sightline serve running, forge deploy and forge install, both with --environment production.\n", c.Dir, c.BaseURL)
	return err
}

// checkFile prints a line for each finding.
func checkFile(out io.Writer, name string) error {
	data, err := os.ReadFile(name)
	if err != nil {
		return fmt.Errorf("read manifest: %w", err)
	}
	wrong := 0
	for _, f := range Check(data, os.DirFS(filepath.Dir(name))) {
		if f.Severity == SeverityError {
			wrong++
		}
		if _, err := fmt.Fprintf(out, "%s:%s\n", name, f); err != nil {
			return err
		}
	}
	if wrong > 0 {
		return fmt.Errorf("%s: errors in the manifest: %d", name, wrong)
	}
	_, err = fmt.Fprintf(out, "%s: no errors.\n", name)
	return err
}

// diff prints a line for each change.
func (c Command) diff(out io.Writer) error {
	older, err := os.ReadFile(c.Diff)
	if err != nil {
		return fmt.Errorf("read the old manifest: %w", err)
	}
	newer, err := c.yaml()
	if err != nil {
		return err
	}
	changes, err := Diff(older, newer)
	if err != nil {
		return err
	}
	for _, change := range changes {
		if _, err := fmt.Fprintln(out, change); err != nil {
			return err
		}
	}
	if len(changes) == 0 {
		_, err = fmt.Fprintln(out, "No differences.")
	}
	return err
}
