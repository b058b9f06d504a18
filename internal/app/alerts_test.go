package app

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestAlertsNameMetrics: the alerts ask for metrics that this program has.
func TestAlertsNameMetrics(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	var code strings.Builder
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		code.Write(text)
	}
	alerts, err := os.ReadFile("../../deploy/alerts.yaml")
	if err != nil {
		t.Fatal(err)
	}
	names := regexp.MustCompile(`sightline_[a-z_]+`).FindAllString(string(alerts), -1)
	if len(names) < 8 {
		t.Errorf("only %d metrics are asked for", len(names))
	}
	for _, name := range names {
		name = strings.TrimSuffix(strings.TrimSuffix(name, "_count"), "_bucket")
		if !strings.Contains(code.String(), `"`+name+`"`) {
			t.Errorf("there is no metric %s", name)
		}
	}
}
