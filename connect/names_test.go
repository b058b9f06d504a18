package connect_test

import (
	"os"
	"path/filepath"
	"regexp"
	"testing"
)

// TestNamesNoOtherHost keeps other hosts out of the protocol: package slackapp
// is Slack's.
func TestNamesNoOtherHost(t *testing.T) {
	t.Parallel()
	other := regexp.MustCompile(`(?i)slack`)
	files, err := filepath.Glob("*.go")
	if err != nil || len(files) < 20 {
		t.Fatalf("got %d files, %v", len(files), err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if found := other.FindIndex(text); found != nil && file != "names_test.go" {
			t.Errorf("%s names %q", file, text[found[0]:found[1]])
		}
	}
}
