package forge

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// WriteDir writes everything that "forge deploy" needs into a folder, which it
// makes: the manifest, its translations, the page, and a package file with its
// lock, whose "npm ci" fetches Atlassian's bridge and builds the page with it.
// Without an app id in the options it keeps the one that it finds in the
// folder's manifest. It refuses a Connect key that differs from the one found
// there. shared are the Connect page's scripts and styles, by their names.
func WriteDir(dir string, o Options, shared map[string][]byte) error {
	found, err := manifestIn(dir)
	if err != nil {
		return err
	}
	if o, err = found.keep(o); err != nil {
		return err
	}
	files, err := dirFiles(o, shared)
	if err != nil {
		return err
	}
	for name, data := range files {
		if err := writeFile(filepath.Join(dir, filepath.FromSlash(name)), data); err != nil {
			return err
		}
	}
	return nil
}

// known is what a manifest holds that a new one must keep.
type known struct{ appID, connectKey string }

// manifestIn reads a folder's manifest; without one nothing is known.
func manifestIn(dir string) (known, error) {
	data, err := os.ReadFile(filepath.Join(dir, "manifest.yml"))
	if errors.Is(err, fs.ErrNotExist) {
		return known{}, nil
	}
	if err != nil {
		return known{}, fmt.Errorf("read manifest: %w", err)
	}
	root, err := parse(data)
	if err != nil {
		return known{}, fmt.Errorf("read %s: %w", filepath.Join(dir, "manifest.yml"), err)
	}
	return known{root.get("app", "id").text(), root.get("app", "connect", "key").text()}, nil
}

func (k known) keep(o Options) (Options, error) {
	if k.appID == NoAppID {
		k.appID = ""
	}
	if o.AppID == "" {
		o.AppID = k.appID
	}
	if k.connectKey != "" && k.connectKey != o.ConnectKey {
		return o, fmt.Errorf("the manifest there has the Connect key %s, which can never be changed or removed: pass it, or choose another folder", k.connectKey)
	}
	return o, nil
}

// dirFiles are the folder's files by their paths.
func dirFiles(o Options, shared map[string][]byte) (map[string][]byte, error) {
	m, err := New(o)
	if err != nil {
		return nil, err
	}
	files, err := translationFiles()
	if err != nil {
		return nil, err
	}
	if files["manifest.yml"], err = m.YAML(); err != nil {
		return nil, err
	}
	page, err := PageFiles(shared)
	if err != nil {
		return nil, err
	}
	for name, data := range page {
		files[resourcePath+"/"+name] = data
	}
	return files, read(files, []string{"package.json", "package-lock.json"})
}

func writeFile(name string, data []byte) error {
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		return fmt.Errorf("make folder: %w", err)
	}
	if err := os.WriteFile(name, data, 0o644); err != nil {
		return fmt.Errorf("write file: %w", err)
	}
	return nil
}
