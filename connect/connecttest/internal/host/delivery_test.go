package host

import (
	"testing"
)

func TestWebhooksEndWithTheInstallation(t *testing.T) {
	t.Parallel()
	at := func(clientKey string) *app { return &app{descriptor: &appDescriptor{Key: "k"}, clientKey: clientKey} }
	s := New(Options{}) // which can send nothing
	for name, now := range map[string]*app{"uninstalled": nil, "imported": at("new")} {
		if s.apps["k"] = now; now == nil {
			delete(s.apps, "k")
		}
		if s.delivery(at("old"), webhookCall{path: "/hook"}).Attempt(t.Context(), 0) {
			t.Errorf("%s: it is tried again", name)
		}
	}
}
