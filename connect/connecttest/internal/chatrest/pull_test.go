package chatrest

import (
	"io"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/sightline-go/sightline/connect/connecttest/internal/journal"
	"github.com/sightline-go/sightline/connect/connecttest/internal/outbox"
	"github.com/sightline-go/sightline/connect/connecttest/internal/world"
)

func TestPulledState(t *testing.T) {
	t.Parallel()
	for body, ok := range map[string]bool{
		`{"label":{"value":"x"}}`: true, `{"label":"x"}`: false, `{"configured":true}`: false, `{}`: false, `x`: false,
	} {
		if _, err := pulledState("chat:glance", []byte(body)); (err == nil) != ok {
			t.Errorf("glance %s: got %v", body, err)
		}
	}
	for body, ok := range map[string]bool{`{"configured":false}`: true, `{"configured":"no"}`: false, `{"label":{"value":"x"}}`: false} {
		if _, err := pulledState("chat:configuration", []byte(body)); (err == nil) != ok {
			t.Errorf("configuration %s: got %v", body, err)
		}
	}
}

// An answer that a browser would not let the chat read does not count.
func TestPullNeedsTheOriginAllowed(t *testing.T) {
	t.Parallel()
	log := journal.New(journal.Options{Now: time.Now})
	s := New(Options{
		World: world.Sample(time.Now()), URL: func() string { return "http://site.example.com" }, Now: time.Now,
		Journal: log, Sender: outbox.NewSender(log, 0, nil),
	})
	for name, test := range map[string]struct {
		allow, body string
		status      int
		ok          bool
	}{
		"any origin":     {"*", `{"configured":true}`, 200, true},
		"another origin": {"https://app.stride.com", `{"configured":true}`, 200, false},
		"none":           {"", `{"configured":true}`, 200, false},
		"refused":        {"*", `{}`, 401, false},
	} {
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			if test.allow != "" {
				w.Header().Set("Access-Control-Allow-Origin", test.allow)
			}
			w.WriteHeader(test.status)
			_, _ = io.WriteString(w, test.body)
		}))
		defer server.Close()
		a := &app{descriptor: &appDescriptor{Key: "k", BaseURL: server.URL}, clientID: "c", secret: "s"}
		got, err := page{s}.askState(t.Context(), a, "room", "", "chat:configuration", "/config")
		if (err == nil) != test.ok || test.ok && !*got.Configured {
			t.Errorf("%s: got %+v, %v", name, got, err)
		}
	}
}
