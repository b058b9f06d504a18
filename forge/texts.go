package forge

import (
	"encoding/json"
	"fmt"

	"github.com/sightline-go/sightline/internal/lang"
)

// locale is a language of the product under the name that Forge has for it.
type locale struct{ tag, code string }

// locales are the product's languages, that of everybody else first.
func locales() []locale { return []locale{{"en", "en-US"}, {"de", "de-DE"}} }

func titleKey(module string) string { return module + ".title" }
func aboutKey(module string) string { return module + ".description" }

func translationPath(code string) string { return "locales/" + code + ".json" }

func translations() Translations {
	t := Translations{Fallback: Fallback{Default: locales()[0].code}}
	for _, l := range locales() {
		t.Resources = append(t.Resources, Resource{Key: l.code, Path: translationPath(l.code)})
	}
	return t
}

// moduleTexts are the texts of the manifest, by their keys.
func moduleTexts(t *lang.Texts) map[string]string {
	return map[string]string{
		titleKey("workload"):      t.Product.Workload,
		aboutKey("workload"):      t.Product.WorkloadAbout,
		titleKey("timelog"):       t.Product.Timelog,
		aboutKey("timelog"):       t.Product.TimelogAbout,
		titleKey("configure"):     t.Product.Configure,
		titleKey("slack-connect"): t.Product.ConnectSlack,
	}
}

// translationFiles are the files that the manifest names, by their paths.
func translationFiles() (map[string][]byte, error) {
	c, files := lang.New(), map[string][]byte{}
	for _, l := range locales() {
		data, err := json.MarshalIndent(moduleTexts(c.Of(l.tag).Texts), "", "  ")
		if err != nil {
			return nil, fmt.Errorf("encode texts: %w", err)
		}
		files[translationPath(l.code)] = append(data, '\n')
	}
	return files, nil
}
