package connect_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"time"

	"github.com/sightline-go/sightline/connect"
)

// tenants is the storage of the example: one tenant.
type tenants struct{ connect.Tenant }

func (t tenants) TenantByClientKey(_ context.Context, key connect.ClientKey) (*connect.Tenant, error) {
	if key != t.ClientKey {
		return nil, connect.ErrNotFound
	}
	return &t.Tenant, nil
}

// A page that Jira opens in an iframe, on net/http.
func ExampleVerifier() {
	verifier := &connect.Verifier{
		AppKey:   "com.example.app",
		BaseURLs: []string{"https://app.example.com/connect"},
		Hosts:    connect.DefaultHosts(),
		Keys:     &connect.RemoteKeys{},
		Tenants: &connect.TenantCache{Source: tenants{connect.Tenant{
			ID: "1", ClientKey: "client-key-1", State: connect.StateActive,
			SharedSecret: connect.NewSecret("secret-0123456789abcdef0123456789"),
		}}},
		Now: func() time.Time { return time.Unix(1700000060, 0) },
	}
	mux := http.NewServeMux()
	mux.Handle("GET /connect/gadget", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		caller, err := verifier.Host(r)
		var refused *connect.AuthError
		switch {
		case errors.As(err, &refused):
			slog.Info("refused", "code", refused.Code)
			http.Error(w, "not allowed", http.StatusUnauthorized)
		case err != nil:
			http.Error(w, "try again later", http.StatusInternalServerError)
		default:
			fmt.Fprintf(w, "tenant %s, account %s", caller.Tenant().ID, caller.Account())
		}
	}))

	server := httptest.NewServer(mux)
	defer server.Close()
	resp, err := http.Get(server.URL + "/connect/gadget?x=1&jwt=eyJ0eXAiOiJKV1QiLCJhbGciOiJIUzI1NiJ9.eyJpc3MiOiJjbGllbnQta2V5LTEiLCJpYXQiOjE3MDAwMDAwMDAsImV4cCI6MTcwMDAwMDE4MCwic3ViIjoiNWIxMGFjOGQ4MmUwNWIyMmNjN2Q0ZWY1IiwicXNoIjoiZDM3NTU4OTkzOTA1ZDY1ZjU5YzI5ZGMwNTllZDEzNDFjZTg0NzkxYTdlMWNkZjQ2ZDA1ZDkxOTI5NWY4NTdlOSJ9.lAShKafZBN95xf4shYNe-O9_ie13ZhXmeqQMKIJ9M0Q")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer resp.Body.Close()
	body, _ := io.ReadAll(resp.Body)
	fmt.Println(resp.StatusCode, string(body))
	// Output: 200 tenant 1, account 5b10ac8d82e05b22cc7d4ef5
}

func ExampleCanonical() {
	fmt.Println(connect.Canonical("GET", "/connect/gadget", "b=2&a=x+y&a=1&jwt=token", "/connect"))
	// Output: GET&/gadget&a=1,x%20y&b=2
}
