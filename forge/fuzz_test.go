package forge_test

import (
	"testing"

	"github.com/sightline-go/sightline/forge"
)

// FuzzManifest reads any file: it always ends, and its findings are complete.
func FuzzManifest(f *testing.F) {
	for _, text := range []string{
		"", "app: {}\napp: {}", "modules: &a {trigger: [*a]}", "connectModules: {jira:lifecycle: [1]}",
		"a: &a [x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b]\n" +
			"d: &d [*c,*c,*c,*c,*c,*c,*c,*c,*c]\ne: &e [*d,*d,*d,*d,*d,*d,*d,*d,*d]\nmodules: {trigger: [*e,*e,*e,*e,*e,*e,*e]}",
		"remotes: [{key: a, baseUrl: {EU: 'http://[::1'}}]", "modules: {endpoint: [{key: a, route: {path: '%zz'}}]}",
		"modules: {trigger: [{events: [{event: x}]}]}", "permissions: {scopes: {read:jira-work: {allowImpersonation: true}}}",
		"<<: *x", "? [a]: b", "translations: {resources: [{key: de-DE, path: /etc/passwd}]}",
	} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		for _, finding := range forge.Check(data, files()) {
			if finding.Code == "" || finding.Line < 1 {
				t.Errorf("%q: %+v", data, finding)
			}
		}
		changes, err := forge.Diff(data, data)
		if err == nil && len(changes) != 0 {
			t.Errorf("%q differs from itself: %v", data, changes)
		}
	})
}
