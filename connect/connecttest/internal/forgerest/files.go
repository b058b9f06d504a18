package forgerest

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"strings"
)

const (
	manifestName = "manifest.yml"
	// folderLimit bounds the files of an app, in bytes.
	folderLimit = 32 << 20
)

// folder holds the files of an app's resources: by the resource's key, then by
// their path in it.
type folder map[string]map[string][]byte

// source is what an app is installed from.
type source struct {
	manifest *manifest
	files    folder
	titles   map[string]string
	name     string // in the developer console
}

// Source is what an app is installed from: a folder as "forge deploy" takes it,
// or a manifest and the files of its resources, by the resource's key and their
// path in it.
type Source struct {
	// Name is what the developer console calls the app; a manifest that names it
	// wins.
	Name      string                       `json:"name"`
	Dir       string                       `json:"dir"`
	Manifest  string                       `json:"manifest"`
	Resources map[string]map[string]string `json:"resources"`
}

func (o Source) given() bool { return o.Dir != "" || o.Manifest != "" }

// read reads and checks what is to be installed.
func (o Source) read() (source, error) {
	from, err := o.readFiles()
	from.name = o.Name
	return from, err
}

func (o Source) readFiles() (source, error) {
	switch {
	case !o.given():
		return source{}, &ManifestError{errors.New("install: neither dir nor manifest is given")}
	case o.Dir != "" && o.Manifest != "":
		return source{}, &ManifestError{errors.New("install: dir and manifest exclude each other")}
	case o.Dir != "":
		return readDir(o.Dir)
	}
	m, err := parseManifest([]byte(o.Manifest))
	if err != nil {
		return source{}, err
	}
	files := folder{}
	for key, list := range o.Resources {
		files[key] = map[string][]byte{}
		for name, text := range list {
			files[key][name] = []byte(text)
		}
	}
	return source{manifest: m, files: files}, nil
}

func readDir(dir string) (source, error) {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return source{}, &ManifestError{fmt.Errorf("open folder of app: %w", err)}
	}
	defer root.Close()
	text, err := fs.ReadFile(root.FS(), manifestName)
	if err != nil {
		return source{}, &ManifestError{fmt.Errorf("read manifest: %w", err)}
	}
	m, err := parseManifest(text)
	if err != nil {
		return source{}, err
	}
	files, left := folder{}, folderLimit
	for _, r := range m.Resources {
		if files[r.Key], err = readFiles(root.FS(), path.Clean(r.Path), &left); err != nil {
			return source{}, &ManifestError{fmt.Errorf("read resource %s: %w", r.Key, err)}
		}
	}
	return source{manifest: m, files: files, titles: m.readTitles(root.FS())}, nil
}

func readFiles(from fs.FS, dir string, left *int) (map[string][]byte, error) {
	files := map[string][]byte{}
	err := fs.WalkDir(from, dir, func(name string, entry fs.DirEntry, err error) error {
		if err != nil || !entry.Type().IsRegular() {
			return err
		}
		data, err := fs.ReadFile(from, name)
		if *left -= len(data); err == nil && *left < 0 {
			err = fmt.Errorf("more than %d bytes", folderLimit)
		}
		files[strings.TrimPrefix(name, dir+"/")] = data
		return err
	})
	return files, err
}
