package deploy

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// dashboard is the part of Grafana's model that the file uses.
// https://grafana.com/docs/grafana/latest/dashboards/build-dashboards/view-dashboard-json-model/
type dashboard struct {
	UID           string   `json:"uid"`
	Title         string   `json:"title"`
	Description   string   `json:"description"`
	SchemaVersion int      `json:"schemaVersion"`
	Editable      bool     `json:"editable"`
	Timezone      string   `json:"timezone"`
	Refresh       string   `json:"refresh"`
	Tags          []string `json:"tags"`
	Time          struct{ From, To string }
	Templating    struct {
		List []struct{ Name, Label, Type, Query string }
	} `json:"templating"`
	Panels []panel `json:"panels"`
}

type panel struct {
	ID          int    `json:"id"`
	Type        string `json:"type"`
	Title       string `json:"title"`
	Description string `json:"description"`
	GridPos     struct{ H, W, X, Y int }
	Datasource  struct{ Type, UID string }
	FieldConfig struct {
		Defaults  struct{ Unit string }
		Overrides []struct{}
	}
	Targets []target `json:"targets"`
}

type target struct {
	RefID        string `json:"refId"`
	Expr         string `json:"expr"`
	LegendFormat string `json:"legendFormat"`
}

// check decodes a dashboard strictly and looks at what Grafana would not say.
func check(text []byte) (dashboard, error) {
	var d dashboard
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&d); err != nil {
		return d, err
	}
	var wrong []error
	ids, cells := map[int]bool{}, map[[2]int]string{}
	for _, p := range d.Panels {
		if ids[p.ID] || p.ID == 0 || p.Title == "" || p.Description == "" || p.FieldConfig.Defaults.Unit == "" || p.Type != "timeseries" || p.Datasource.UID != "${datasource}" || len(p.Targets) == 0 {
			wrong = append(wrong, fmt.Errorf("panel %d %q lacks something", p.ID, p.Title))
		}
		ids[p.ID] = true
		for i, t := range p.Targets {
			if t.RefID != string(rune('A'+i)) || t.Expr == "" || t.LegendFormat == "" {
				wrong = append(wrong, fmt.Errorf("panel %q: target %d lacks something", p.Title, i))
			}
		}
		for x := p.GridPos.X; x < p.GridPos.X+p.GridPos.W; x++ {
			for y := p.GridPos.Y; y < p.GridPos.Y+p.GridPos.H; y++ {
				if other := cells[[2]int{x, y}]; other != "" || x > 23 {
					wrong = append(wrong, fmt.Errorf("panel %q lies on %q, or beyond the edge", p.Title, other))
				}
				cells[[2]int{x, y}] = p.Title
			}
		}
	}
	return d, errors.Join(wrong...)
}

// TestDashboard: the dashboard is one of Grafana's, and Prometheus can read each of its
// expressions.
func TestDashboard(t *testing.T) {
	t.Parallel()
	text := read(t, "deploy/dashboard.json")
	d, err := check(text)
	if err != nil || len(d.Panels) < 15 || d.Templating.List[0].Type != "datasource" {
		t.Fatalf("%d panels: %v", len(d.Panels), err)
	}
	for name, wrong := range map[string][]byte{
		"a misspelt name": bytes.Replace(text, []byte(`"legendFormat"`), []byte(`"legendFromat"`), 1),
		"an id twice":     bytes.Replace(text, []byte(`"id": 2,`), []byte(`"id": 1,`), 1),
		"one on another":  bytes.Replace(text, []byte(`"x": 8,`), []byte(`"x": 7,`), 1),
	} {
		if _, err := check(wrong); err == nil {
			t.Errorf("%s passes", name)
		}
	}
	var all []string
	for _, p := range d.Panels {
		for _, target := range p.Targets {
			all = append(all, target.Expr)
		}
	}
	if said, err := parses(t, all...); err != nil {
		t.Errorf("%v\n%s", err, said)
	}
	if _, err := parses(t, "sum by (status (up)"); err == nil {
		t.Error("a broken expression passes")
	}
}

// parses has promtool read expressions, as rules.
func parses(t *testing.T, expressions ...string) (said []byte, err error) {
	t.Helper()
	tool, err := exec.LookPath("promtool")
	if err != nil {
		if os.Getenv("SIGHTLINE_TEST_ALL") == "1" {
			t.Fatal("no promtool: install prometheus")
		}
		t.Skip("no promtool: install prometheus")
	}
	var rules strings.Builder
	rules.WriteString("groups:\n  - name: dashboard\n    rules:\n")
	for i, e := range expressions {
		fmt.Fprintf(&rules, "      - {record: 'panel:%d', expr: %s}\n", i, strconv.Quote(e))
	}
	file := filepath.Join(t.TempDir(), "rules.yaml")
	if err := os.WriteFile(file, []byte(rules.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	return exec.CommandContext(t.Context(), tool, "check", "rules", file).CombinedOutput()
}
