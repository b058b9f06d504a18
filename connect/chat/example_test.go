package chat_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"

	"github.com/sightline-go/sightline/connect/chat"
	"github.com/sightline-go/sightline/connect/rest"
)

func Example() {
	// A server that stands in for the platform.
	mux := http.NewServeMux()
	mux.HandleFunc("POST /oauth/token", func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, `{"access_token":"abc","expires_in":3600}`)
	})
	mux.HandleFunc("PUT /site/{cloud}/conversation/{conversation}/app/module/chat:glance/{key}/state", func(w http.ResponseWriter, r *http.Request) {
		state, _ := io.ReadAll(r.Body)
		fmt.Println(r.Header.Get("Authorization"), r.PathValue("conversation"), r.PathValue("key"), string(state))
		w.WriteHeader(http.StatusNoContent)
	})
	server := httptest.NewServer(mux)
	defer server.Close()

	credentials := &chat.Credentials{
		TokenURL:     server.URL + "/oauth/token",
		ClientID:     "my-client",
		ClientSecret: func() string { return "from the environment" },
	}
	client, err := chat.New(&http.Client{Transport: &rest.Retry{Base: credentials}}, server.URL)
	if err != nil {
		fmt.Println(err)
		return
	}
	err = client.PutGlance(context.Background(), "cloud-1", "conversation-1", "workload", chat.GlanceState{
		Label:    "12 open · 3 overdue",
		Metadata: map[string]int{"open": 12, "overdue": 3},
	})
	fmt.Println(err)
	// Output:
	// Bearer abc conversation-1 workload {"label":"12 open · 3 overdue","metadata":{"open":12,"overdue":3}}
	// <nil>
}
