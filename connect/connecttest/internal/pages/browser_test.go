package pages

import (
	"encoding/base64"
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/sightline-go/sightline/internal/browsertest"
)

// tab is one page of the site, open in the browser.
type tab struct {
	*testing.T
	*browsertest.Tab
	*fakeSite
	seen []report
}

func open(t *testing.T, chromium *browsertest.Browser, path, script string) *tab {
	t.Helper()
	f := newFakeSite(t, script)
	return &tab{T: t, Tab: chromium.Open(t, f.site.URL+path, 1280, 800), fakeSite: f}
}

// told waits for the app's page to report the named value; each report is
// returned once, in any order of names.
func (p *tab) told(name string) string {
	p.Helper()
	for {
		if i := slices.IndexFunc(p.seen, func(r report) bool { return r.Name == name }); i >= 0 {
			value := string(p.seen[i].Value)
			p.seen = slices.Delete(p.seen, i, i+1)
			return value
		}
		select {
		case got := <-p.reports:
			p.seen = append(p.seen, got)
		case <-p.Done():
			p.Fatalf("the app did not tell %s", name)
		}
	}
}

func (p *tab) tells(name, want string) {
	p.Helper()
	if got := p.told(name); got != want {
		p.Errorf("%s: got %s, want %s", name, got, want)
	}
}

func claims(t *testing.T, quoted string) map[string]any {
	t.Helper()
	var token string
	if err := json.Unmarshal([]byte(quoted), &token); err != nil {
		t.Fatal(err)
	}
	parts := strings.Split(token, ".")
	if len(parts) != 3 {
		t.Fatalf("%q is not a token", token)
	}
	data, err := base64.RawURLEncoding.DecodeString(parts[1])
	if err != nil {
		t.Fatal(err)
	}
	var out map[string]any
	if err := json.Unmarshal(data, &out); err != nil {
		t.Fatal(err)
	}
	return out
}

func TestInBrowser(t *testing.T) {
	t.Parallel()
	chromium := browsertest.Start(t)
	for name, test := range map[string]func(*testing.T, *browsertest.Browser){
		"gadget calls":     testGadgetCalls,
		"gadget edit":      testGadgetEdit,
		"gadget theme":     testGadgetTheme,
		"columns":          testColumns,
		"gadget events":    testGadgetEvents,
		"foreign messages": testForeignMessages,
		"viewers":          testViewers,
		"traffic":          testTraffic,
		"outside a host":   testOutsideHost,
		"issues":           testIssues,
		"issue":            testIssue,
		"chat":             testChat,
		"chat dialog":      testChatDialog,
		"chat targets":     testChatTargets,
		"apps":             testApps,
		"apps by keyboard": testAppsByKeyboard,
		"faults":           testFaults,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test(t, chromium)
		})
	}
}
