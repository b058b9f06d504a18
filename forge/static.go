package forge

import (
	"bytes"
	"embed"
	"encoding/json"
	"fmt"
	"io/fs"

	"github.com/sightline-go/sightline/internal/lang"
)

//go:embed static/index.html static/*.js static/package.json static/package-lock.json
var static embed.FS

// ownParts are the page and its scripts that only Forge needs.
func ownParts() []string {
	return []string{"bridge.js", "forgehost.js", "index.html", "index.js", "limit.js", "main.js", "reader.js", "remote.js"}
}

// sharedParts are the scripts and styles that the page has in common with the
// Connect page, by their names among web's static files.
func sharedParts() []string {
	return []string{
		"age.js", "announce.js", "app.js", "calls.js", "fields.js", "fragment.js", "grid.js", "order.js", "outside.js", "picker.js",
		"press.js", "sightline.css", "take.js",
	}
}

// PageFiles are the folder of the manifest's one resource as [WriteDir] leaves
// it, by their names. The page runs as it is on a host that answers bridge.js
// itself, and in Jira once "npm ci" has built index.js. shared are the
// Connect page's scripts and styles.
func PageFiles(shared map[string][]byte) (map[string][]byte, error) {
	files := map[string][]byte{}
	if err := read(files, ownParts()); err != nil {
		return nil, err
	}
	for _, name := range sharedParts() {
		if len(shared[name]) == 0 {
			return nil, fmt.Errorf("read static file: %s: %w", name, fs.ErrNotExist)
		}
		files[name] = shared[name]
	}
	var err error
	files["texts.js"], err = scriptTexts()
	return files, err
}

// read adds embedded files to others.
func read(into map[string][]byte, names []string) error {
	for _, name := range names {
		data, err := static.ReadFile("static/" + name)
		if err != nil {
			return fmt.Errorf("read static file: %w", err)
		}
		into[name] = data
	}
	return nil
}

// scriptTexts are what the page says by itself in each language, under the
// names of the attributes that the Connect page has for them, and the titles that
// Jira shows above the gadgets.
func scriptTexts() ([]byte, error) {
	c, said, titles := lang.New(), map[string]map[string]string{}, []string{}
	for _, l := range locales() {
		product := c.Of(l.tag).Product
		titles = append(titles, product.Workload, product.Timelog)
		t := c.Of(l.tag).Script
		said[l.tag] = map[string]string{
			"failedopen": t.FailedOpen, "failedupdate": t.FailedUpdate, "failedsave": t.FailedSave,
			"saynoanswer": t.NoAnswer, "saysignedout": t.SignedOut, "saynotallowed": t.NotAllowed, "sayfailed": t.Failed,
		}
	}
	var out bytes.Buffer
	for _, part := range []struct {
		comment, name string
		value         any
	}{
		{"What the page says by itself, by language.", "texts", said},
		{"What Jira shows above gadgets without a title of their own.", "titles", titles},
	} {
		fmt.Fprintf(&out, "// %s\nexport const %s = ", part.comment, part.name)
		e := json.NewEncoder(&out)
		e.SetEscapeHTML(false)
		e.SetIndent("", "  ")
		if err := e.Encode(part.value); err != nil {
			return nil, fmt.Errorf("encode texts: %w", err)
		}
		out.Truncate(out.Len() - 1)
		out.WriteString(";\n\n")
	}
	return append(bytes.TrimSpace(out.Bytes()), '\n'), nil
}
