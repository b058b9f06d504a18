package forge

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
)

func (c *checker) resources() {
	seen := map[string]bool{}
	for _, resource := range c.root.get("resources").items() {
		c.shortKey(resource.get("key"), "resource", seen)
		c.folder(resource.get("path"))
	}
}

// folder checks a resource's files: a folder needs an index.html. A single file is
// the entry of a UI Kit page.
func (c *checker) folder(at node) {
	if at.absent() {
		c.wrong(at, "resource.path", "the resource has no path", "Write its folder")
		return
	}
	if c.dir == nil {
		return
	}
	name := path.Clean(at.text())
	info, err := fs.Stat(c.dir, name)
	if err != nil {
		c.wrong(at, "resource.path", fmt.Sprintf("there is no folder %s beside the manifest", at.text()), "Make it, or correct the path")
		return
	}
	if _, err := fs.Stat(c.dir, path.Join(name, "index.html")); info.IsDir() && err != nil {
		c.wrong(at, "resource.index", at.text()+" has no index.html", "Add it: it is what Jira shows")
	}
}

// translations finds the texts that are missing, in every language: Forge itself
// checks only the default one.
func (c *checker) translations() {
	used := i18nKeys(c.root.get("modules"))
	section := c.root.get("translations")
	if section.absent() {
		if len(used) > 0 {
			c.wrong(used[0], "text.section", "the manifest refers to a text, but has no translations", "Add translations, with a file for each language")
		}
		return
	}
	languages := map[string]bool{}
	fallback := section.get("fallback", "default")
	for _, resource := range section.get("resources").items() {
		code := resource.get("key")
		if !slices.Contains(localeCodes(), code.text()) {
			c.wrong(code, "text.language", fmt.Sprintf("Forge has no language %q", code.text()), "Write one that it has, such as en-US or de-DE")
		}
		languages[code.text()] = true
		c.translation(resource, used, code.text() == fallback.text())
	}
	if !languages[fallback.text()] {
		c.wrong(fallback, "text.fallback", "the default language has no file", "Write one of translations.resources")
	}
}

// translation checks one language's file.
func (c *checker) translation(resource node, used []node, isDefault bool) {
	at := resource.get("path")
	if path.IsAbs(at.text()) || strings.HasPrefix(path.Clean(at.text()), "..") {
		c.warn(at, "text.path", "the path leads out of the manifest's folder", "Keep the file beside the manifest: the CLI searches from the folder it is started in")
		return
	}
	if c.dir == nil {
		return
	}
	texts, err := readTexts(c.dir, path.Clean(at.text()))
	if err != nil {
		c.wrong(at, "text.file", fmt.Sprintf("%s cannot be read as JSON", at.text()), "Add the file, one object with a text for each key")
		return
	}
	for _, key := range used {
		if textOf(texts, key.text()) != "" {
			continue
		}
		says := fmt.Sprintf("%s has no text in %s", key.text(), at.text())
		if isDefault {
			c.wrong(key, "text.missing", says, "Add it: this is the default language")
		} else {
			c.warn(key, "text.missing", says, "Add it, else people read it in the default language")
		}
	}
}

func readTexts(dir fs.FS, name string) (map[string]any, error) {
	data, err := fs.ReadFile(dir, name)
	if err != nil {
		return nil, err
	}
	var texts map[string]any
	return texts, json.Unmarshal(data, &texts)
}

// textOf finds a key as Forge does: as a whole, else part by part.
func textOf(texts map[string]any, key string) string {
	if text, ok := texts[key].(string); ok && text != "" {
		return text
	}
	first, rest, ok := strings.Cut(key, ".")
	inner, isMap := texts[first].(map[string]any)
	if !ok || !isMap {
		return ""
	}
	return textOf(inner, rest)
}

// i18nKeys returns all keys of texts in a part of the manifest.
func i18nKeys(n node) []node {
	var found []node
	for key, value := range n.fields() {
		if key.text() == "i18n" && value.isText() {
			found = append(found, value)
			continue
		}
		found = append(found, i18nKeys(value)...)
	}
	for _, item := range n.items() {
		found = append(found, i18nKeys(item)...)
	}
	return found
}
