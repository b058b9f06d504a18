package forgerest

import (
	"encoding/json"
	"io/fs"
	"path"
	"slices"
	"strings"

	"go.yaml.in/yaml/v4"
)

// readTitles reads the texts of the manifest's default language. What cannot be
// read has none.
func (m *manifest) readTitles(from fs.FS) map[string]string {
	i := slices.IndexFunc(m.Translations.Resources, func(r resource) bool { return r.Key == m.Translations.Fallback.Default })
	if i < 0 {
		return nil
	}
	data, err := fs.ReadFile(from, path.Clean(m.Translations.Resources[i].Path))
	var texts map[string]any
	if err != nil || json.Unmarshal(data, &texts) != nil {
		return nil
	}
	flat := map[string]string{}
	flatten(flat, "", texts)
	return flat
}

// flatten gives the texts of nested objects names with dots.
func flatten(into map[string]string, prefix string, texts map[string]any) {
	for name, value := range texts {
		switch value := value.(type) {
		case string:
			into[prefix+name] = value
		case map[string]any:
			flatten(into, prefix+name+".", value)
		}
	}
}

// title is what a module is called: its text, or the one that its key stands
// for.
func (o source) title(mod module) string {
	title := mod.Title
	if title.Kind != yaml.MappingNode {
		return firstOf(title.Value, mod.Key)
	}
	var text struct {
		I18n string `yaml:"i18n"`
	}
	if title.Decode(&text) != nil {
		return mod.Key
	}
	return firstOf(o.titles[text.I18n], strings.TrimSuffix(text.I18n, ".title"), mod.Key)
}

// firstOf is the first text that is not empty.
func firstOf(texts ...string) string {
	for _, text := range texts {
		if text != "" {
			return text
		}
	}
	return ""
}
