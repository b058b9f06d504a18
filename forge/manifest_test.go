package forge_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/sightline-go/sightline"
	"github.com/sightline-go/sightline/connect/descriptor"
	"github.com/sightline-go/sightline/forge"
	"github.com/sightline-go/sightline/internal/lang"
)

const (
	appID      = forge.AppIDPrefix + "11111111-2222-4333-8444-555555555555"
	baseURL    = "https://sightline.example/app"
	connectKey = "app.sightline"
)

// stages are the options of both stages, by the names of their golden files.
func stages() map[string]forge.Options {
	return map[string]forge.Options{
		"forge":  {BaseURL: baseURL, AppID: appID},
		"hybrid": {Stage: forge.StageHybrid, BaseURL: baseURL, AppID: appID, ConnectKey: connectKey},
	}
}

func manifest(t *testing.T, o forge.Options) []byte {
	t.Helper()
	m, err := forge.New(o)
	if err != nil {
		t.Fatal(err)
	}
	data, err := m.YAML()
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// TestManifest compares both stages with the golden files: every difference must
// be intended.
func TestManifest(t *testing.T) {
	t.Parallel()
	for name, o := range stages() {
		got, file := manifest(t, o), "testdata/"+name+".yml"
		if flag.Lookup("update").Value.String() == "true" { // browsertest's
			if err := os.WriteFile(file, got, 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(string(want), string(got)); diff != "" {
			t.Errorf("%s differs (-want +got); if that is intended, go test -update:\n%s", file, diff)
		}
		if !bytes.Equal(got, manifest(t, o)) {
			t.Errorf("%s differs when it is made again", file)
		}
	}
}

func TestManifestHasConnectOnlyWhereItIsAskedFor(t *testing.T) {
	t.Parallel()
	plain := string(manifest(t, stages()["forge"]))
	for _, word := range []string{"connect:", "connectKeys", "connectModules", ":connect-jira"} {
		if strings.Contains(plain, word) {
			t.Errorf("stage forge without a Connect key has %q", word)
		}
	}
	kept := string(manifest(t, forge.Options{BaseURL: baseURL, ConnectKey: connectKey}))
	for _, word := range []string{"key: app.sightline", "connectKeys: [workload]", "connectKeys: [timelog]"} {
		if !strings.Contains(kept, word) {
			t.Errorf("stage forge with a Connect key lacks %q", word)
		}
	}
	for _, word := range []string{"connectModules", ":connect-jira", "authentication", "remote: backend\n    authentication"} {
		if strings.Contains(kept, word) {
			t.Errorf("stage forge with a Connect key has %q", word)
		}
	}
}

func TestNewNamesEveryWrongOption(t *testing.T) {
	t.Parallel()
	for want, o := range map[string]forge.Options{
		`stage "later"`:             {Stage: "later", BaseURL: baseURL},
		"hybrid needs the key":      {Stage: forge.StageHybrid, BaseURL: baseURL},
		`connect key "a b"`:         {BaseURL: baseURL, ConnectKey: "a b"},
		`app id "ari:cloud:x"`:      {BaseURL: baseURL, AppID: "ari:cloud:x"},
		`base URL ""`:               {},
		`base URL "http://a.test"`:  {BaseURL: "http://a.test"},
		`base URL "https://u@a.b"`:  {BaseURL: "https://u@a.b"},
		`base URL "https://a.b?x"`:  {BaseURL: "https://a.b?x"},
		`base URL "ftp://a.b"`:      {BaseURL: "ftp://a.b"},
		`base URL "sightline.test"`: {BaseURL: "sightline.test"},
	} {
		if _, err := forge.New(o); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("New(%+v): got %v, want %s", o, err, want)
		}
	}
	_, err := forge.New(forge.Options{Stage: "later", AppID: "x"})
	if err == nil || strings.Count(err.Error(), "\n") != 2 {
		t.Errorf("three wrong options: got %v, want three lines", err)
	}
	for _, base := range []string{"http://127.0.0.1:8080", "http://[::1]:1/a", "http://localhost/"} {
		if _, err := forge.New(forge.Options{BaseURL: base}); err != nil {
			t.Errorf("New with %s: %v", base, err)
		}
	}
}

func TestAppIDMayBeBare(t *testing.T) {
	t.Parallel()
	m, err := forge.New(forge.Options{BaseURL: baseURL, AppID: strings.TrimPrefix(appID, forge.AppIDPrefix)})
	if err != nil || m.App.ID != appID {
		t.Errorf("got %v, %v; want %s", m, err, appID)
	}
}

// TestTextsAreTheDescriptors compares the product's English texts with those of the
// descriptor, which Connect shows.
func TestTextsAreTheDescriptors(t *testing.T) {
	t.Parallel()
	d, err := descriptor.Parse(sightline.ConnectDescriptor)
	if err != nil {
		t.Fatal(err)
	}
	texts := lang.New().English().Product
	want := []string{texts.Workload, texts.WorkloadAbout, texts.Timelog, texts.TimelogAbout, texts.Configure, texts.ConnectSlack}
	var got []string
	for _, item := range d.Modules.DashboardItems {
		got = append(got, item.Name.Value, item.Description.Value)
	}
	got = append(got, d.Modules.ConfigurePage.Name.Value, d.Modules.GeneralPages[0].Name.Value)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("the descriptor's texts (-product +descriptor):\n%s", diff)
	}
}

// TestEveryLanguageIsForges finds a language that the manifest lacks.
func TestEveryLanguageIsForges(t *testing.T) {
	t.Parallel()
	m, err := forge.New(stages()["forge"])
	if err != nil {
		t.Fatal(err)
	}
	if got, want := len(m.Translations.Resources), len(lang.New().All()); got != want {
		t.Errorf("the manifest has %d languages, the product %d", got, want)
	}
}

// TestEveryWebhookHasAnEvent finds a webhook without an event of Forge.
func TestEveryWebhookHasAnEvent(t *testing.T) {
	t.Parallel()
	d, err := descriptor.Parse(sightline.ConnectDescriptor)
	if err != nil {
		t.Fatal(err)
	}
	m, err := forge.New(stages()["forge"])
	if err != nil {
		t.Fatal(err)
	}
	for _, trigger := range m.Modules.Triggers {
		if trigger.Key == "work-events" && len(trigger.Events) != len(d.Modules.Webhooks) {
			t.Errorf("events %v for %d webhooks", trigger.Events, len(d.Modules.Webhooks))
		}
	}
}

// keysOf are the keys of a JSON object.
func keysOf(t *testing.T, data []byte) map[string]string {
	t.Helper()
	var texts map[string]string
	if err := json.Unmarshal(data, &texts); err != nil {
		t.Fatal(err)
	}
	return texts
}
