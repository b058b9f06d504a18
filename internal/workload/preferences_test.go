package workload_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/sightline-go/sightline/internal/workload"
)

func TestParsePreferences(t *testing.T) {
	t.Parallel()
	standard := workload.NewPreferences()
	with := func(change func(*workload.Preferences)) workload.Preferences {
		p := workload.NewPreferences()
		change(&p)
		return p
	}
	for _, tt := range []struct {
		name, value string
		want        workload.Preferences
	}{
		{"nothing", ``, standard},
		{"no JSON", `{"compact": tr`, standard},
		{"another kind", `[1, 2]`, standard},
		{"null", `null`, standard},
		{"unknown fields", `{"theme": "dark", "compact": true}`, with(func(p *workload.Preferences) { p.Compact = true })},
		{
			"wrong values beside right ones", `{"compact": "yes", "bots": true, "sort": {"by": "luck", "desc": true}, "pins": "ann"}`,
			with(func(p *workload.Preferences) { p.Bots = true }),
		},
		{
			"all", `{"pins": ["557058:a", "b"], "compact": true, "sort": {"by": "name", "desc": false}, "bots": true}`,
			workload.Preferences{Pins: []string{"557058:a", "b"}, Compact: true, Sort: workload.Sort{By: workload.ByName}, Bots: true},
		},
		{
			"pins of every kind", `{"pins": ["a", 1, null, "", "a", " b", "c\u0000", "` + strings.Repeat("x", 129) + `", {"id": "d"}, "e"]}`,
			with(func(p *workload.Preferences) { p.Pins = []string{"a", "e"} }),
		},
	} {
		if diff := cmp.Diff(tt.want, workload.ParsePreferences([]byte(tt.value))); diff != "" {
			t.Errorf("%s: (-want +got)\n%s", tt.name, diff)
		}
	}
}

func TestPreferencesRoundTripAndLimits(t *testing.T) {
	t.Parallel()
	p := workload.NewPreferences()
	for i := range workload.MaxPins + 10 {
		p = p.With(change(t, workload.NewPreferences(), "pin", fmt.Sprintf("person-%d", i)))
	}
	if len(p.Pins) != workload.MaxPins {
		t.Errorf("%d pins, want %d", len(p.Pins), workload.MaxPins)
	}
	if _, err := p.ParseChange("pin", "one-more"); !errors.Is(err, workload.ErrPins) {
		t.Errorf("one more pin: %v, want ErrPins", err)
	}
	if _, err := p.ParseChange("pin", p.Pins[0]); err != nil {
		t.Errorf("a pin that is there: %v", err)
	}
	data, err := json.Marshal(p)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(p, workload.ParsePreferences(data)); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func change(t *testing.T, p workload.Preferences, name, value string) workload.Change {
	t.Helper()
	c, err := p.ParseChange(name, value)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestParseChangeRefuses(t *testing.T) {
	t.Parallel()
	for _, tt := range [][2]string{
		{"", ""},
		{"theme", "dark"},
		{"sort", ""},
		{"sort", "luck"},
		{"sort", "Open"},
		{"pin", ""},
		{"pin", "a b"},
		{"pin", "a\x00"},
		{"pin", "\xff"},
		{"pin", strings.Repeat("ü", 129)},
		{"unpin", ""},
		{"compact", "true"},
		{"compact", ""},
		{"bots", "ON"},
	} {
		if c, err := workload.NewPreferences().ParseChange(tt[0], tt[1]); err == nil {
			t.Errorf("%q=%q: %+v, want an error", tt[0], tt[1], c)
		}
	}
}

func TestChanges(t *testing.T) {
	t.Parallel()
	p := workload.NewPreferences()
	for _, tt := range []struct {
		name, value string
		want        workload.Preferences
	}{
		{"sort", "open", workload.Preferences{Sort: workload.Sort{By: workload.ByOpen}}},
		{"sort", "open", workload.Preferences{Sort: workload.Sort{By: workload.ByOpen, Desc: true}}},
		{"sort", "name", workload.Preferences{Sort: workload.Sort{By: workload.ByName}}},
		{"sort", "name", workload.Preferences{Sort: workload.Sort{By: workload.ByName, Desc: true}}},
		{"sort", "overdue", workload.Preferences{Sort: workload.Sort{By: workload.ByOverdue, Desc: true}}},
		{"pin", "a", workload.Preferences{Sort: workload.ByOverdue.First(), Pins: []string{"a"}}},
		{"pin", "b", workload.Preferences{Sort: workload.ByOverdue.First(), Pins: []string{"a", "b"}}},
		{"unpin", "a", workload.Preferences{Sort: workload.ByOverdue.First(), Pins: []string{"b"}}},
		{"unpin", "nobody", workload.Preferences{Sort: workload.ByOverdue.First(), Pins: []string{"b"}}},
		{"compact", "on", workload.Preferences{Sort: workload.ByOverdue.First(), Pins: []string{"b"}, Compact: true}},
		{"bots", "on", workload.Preferences{Sort: workload.ByOverdue.First(), Pins: []string{"b"}, Compact: true, Bots: true}},
		{"compact", "off", workload.Preferences{Sort: workload.ByOverdue.First(), Pins: []string{"b"}, Bots: true}},
	} {
		before := p
		c := change(t, p, tt.name, tt.value)
		p = p.With(c)
		if !p.Equal(tt.want) {
			t.Errorf("%s=%s: got %+v, want %+v", tt.name, tt.value, p, tt.want)
		}
		if twice := p.With(c); !twice.Equal(p) {
			t.Errorf("%s=%s twice: got %+v, want %+v", tt.name, tt.value, twice, p)
		}
		if tt.name == "pin" && before.Pinned(tt.value) {
			t.Errorf("With changed the preferences before it")
		}
	}
}

func TestChangeReplaces(t *testing.T) {
	t.Parallel()
	p := workload.NewPreferences()
	for _, tt := range []struct {
		later, earlier [2]string
		want           bool
	}{
		{[2]string{"sort", "name"}, [2]string{"sort", "open"}, true},
		{[2]string{"unpin", "a"}, [2]string{"pin", "a"}, true},
		{[2]string{"pin", "a"}, [2]string{"pin", "b"}, false},
		{[2]string{"compact", "on"}, [2]string{"bots", "on"}, false},
		{[2]string{"compact", "on"}, [2]string{"compact", "off"}, true},
	} {
		if got := change(t, p, tt.later[0], tt.later[1]).Replaces(change(t, p, tt.earlier[0], tt.earlier[1])); got != tt.want {
			t.Errorf("%v replaces %v: %v, want %v", tt.later, tt.earlier, got, tt.want)
		}
	}
}
