package forge_test

import (
	"os"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/sightline-go/sightline/forge"
)

// mutation is one change to a correct manifest, and what Check then finds.
type mutation struct {
	name     string
	of       string // forge or hybrid
	old, new string
	want     string // severity and code, more of them with commas between
	at       string // the path of the first finding
}

// TestCheckFinds holds each rule to one manifest that breaks it and nothing
// else.
func TestCheckFinds(t *testing.T) {
	t.Parallel()
	for _, group := range [][]mutation{
		refusedByTheValidator(), passedByTheValidator(), appRules(), connectRules(), moduleRules(), remoteRules(), textRules(),
	} {
		for _, m := range group {
			t.Run(m.name, func(t *testing.T) {
				t.Parallel()
				m.run(t)
			})
		}
	}
}

func (m mutation) run(t *testing.T) {
	right := readFile(t, "testdata", m.of+".yml")
	if !strings.Contains(right, m.old) {
		t.Fatalf("%s.yml has no %q", m.of, m.old)
	}
	text := strings.Replace(right, m.old, m.new, 1)
	known := codes(forge.Check([]byte(right), files()))
	want := strings.Split(m.want, ", ")
	var got []forge.Finding
	for _, f := range forge.Check([]byte(text), files()) {
		if !slices.Contains(known, string(f.Severity)+" "+f.Code) {
			got = append(got, f)
		}
	}
	if diff := cmp.Diff(slices.Sorted(slices.Values(want)), slices.Compact(slices.Sorted(slices.Values(codes(got))))); diff != "" {
		t.Fatalf("(-want +got):\n%s\n%v", diff, got)
	}
	f := got[slices.Index(codes(got), want[0])]
	if f.Path != m.at {
		t.Errorf("path %q, want %q", f.Path, m.at)
	}
	if f.Says == "" || f.Do == "" || f.Line < 1 || f.Line > strings.Count(text, "\n")+1 {
		t.Errorf("the finding says too little: %+v", f)
	}
}

func codes(found []forge.Finding) []string {
	var list []string
	for _, f := range found {
		list = append(list, string(f.Severity)+" "+f.Code)
	}
	return list
}

// files are the folder of a manifest of ours.
func files() fstest.MapFS {
	text := `{"workload.title":"a","workload.description":"b","timelog.title":"c","timelog":{"description":"d"},"configure.title":"e","slack-connect.title":"f"}`
	return fstest.MapFS{
		"static/app/index.html": {}, "locales/en-US.json": {Data: []byte(text)}, "locales/de-DE.json": {Data: []byte(text)},
	}
}

func TestCheckFindsNothingInCorrectManifests(t *testing.T) {
	t.Parallel()
	for name, want := range map[string][]string{
		"forge": nil, "hybrid": {"warning connect.ends"},
	} {
		data, err := os.ReadFile("testdata/" + name + ".yml")
		if err != nil {
			t.Fatal(err)
		}
		if got := codes(forge.Check(data, files())); !slices.Equal(got, want) {
			t.Errorf("%s: got %v, want %v", name, got, want)
		}
	}
}

// TestCheckRefusesOtherFiles gives it files that are not manifests.
func TestCheckRefusesOtherFiles(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"":                           "error yaml",
		"just words":                 "error app.id",
		"[1, 2]":                     "error app.id",
		"app: [":                     "error yaml",
		"app: {}\napp: {}\n":         "error yaml.twice",
		"\xff\xfe":                   "error yaml",
		"app: null\nmodules: null\n": "error app.id",
		"modules:\n  trigger: x\n  endpoint: {a: b}\n  jira:dashboardGadget: [1, [2]]\n": "error app.id",
		"modules: &a {trigger: [*a], jira:dashboardGadget: [*a]}":                        "error yaml.loop",
	} {
		got := codes(forge.Check([]byte(text), nil))
		if !slices.Contains(got, want) {
			t.Errorf("Check(%q): got %v, want %s", text, got, want)
		}
	}
}

func TestCheckWithoutFolderSkipsFiles(t *testing.T) {
	t.Parallel()
	if got := forge.Check([]byte(readFile(t, "testdata", "forge.yml")), nil); len(got) != 0 {
		t.Errorf("got %v", got)
	}
}

// TestCheckKnowsWhichAuthApplies: the auth of a remote serves Forge functions
// only, so an endpoint without its own gets no tokens.
func TestCheckKnowsWhichAuthApplies(t *testing.T) {
	t.Parallel()
	text := readFile(t, "testdata", "forge.yml")
	const own = "\n      auth:\n        appSystemToken:\n          enabled: true\n        appUserToken:\n          enabled: true\n"
	text = strings.Replace(text, own, "\n", 1)
	text = strings.Replace(text, "    operations:", "    auth: {appSystemToken: {enabled: true}, appUserToken: {enabled: true}}\n    operations:", 1)
	got := forge.Check([]byte(text), files())
	if len(got) != 1 || got[0].Code != "endpoint.auth" || !strings.Contains(got[0].Says, "functions only") {
		t.Errorf("got %v", got)
	}
}
