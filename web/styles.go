package web

import (
	"bytes"
	"embed"
	"fmt"
)

//go:embed styles
var styles embed.FS

// styleSheet is the name under which the joined styles are served, so that a
// page asks for one file.
const styleSheet = "sightline.css"

// styleParts are the files of the style sheet, one a subject, in the order of
// the cascade.
func styleParts() []string {
	return []string{
		"colours", "base", "summary", "table", "workload", "loading", "issues",
		"export", "form", "picker", "load", "trend", "message", "sheet", "worklogs", "wallboard", "system",
	}
}

// joinedStyles is the style sheet: its parts, one after the other.
func joinedStyles() ([]byte, error) {
	var sheet bytes.Buffer
	for _, name := range styleParts() {
		part, err := styles.ReadFile("styles/" + name + ".css")
		if err != nil {
			return nil, fmt.Errorf("read style sheet: %w", err)
		}
		sheet.Write(part)
	}
	return sheet.Bytes(), nil
}
