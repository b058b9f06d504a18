package web

import (
	"io/fs"
	"slices"
	"testing"
)

// TestStyleSheetHasEveryPart: a new file of styles does not stay unserved.
func TestStyleSheetHasEveryPart(t *testing.T) {
	t.Parallel()
	files, err := fs.Glob(styles, "styles/*")
	if err != nil {
		t.Fatal(err)
	}
	var want []string
	for _, name := range styleParts() {
		want = append(want, "styles/"+name+".css")
	}
	slices.Sort(want)
	if !slices.Equal(files, want) {
		t.Errorf("the folder has %q, the style sheet %q", files, want)
	}
}
