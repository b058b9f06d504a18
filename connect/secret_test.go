package connect_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"github.com/sightline-go/sightline/connect"
)

// However a secret is printed, alone or inside something, it does not show.
func TestSecretIsNotPrinted(t *testing.T) {
	t.Parallel()
	secret := connect.NewSecret(testSecret)
	tenant := connect.Tenant{ClientKey: testClientKey, SharedSecret: secret}
	caller, err := newApp().Host(page(gadgetPath, hostToken(pageClaims())))
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	for _, v := range []any{secret, &secret, tenant, &tenant, []connect.Tenant{tenant}, map[string]any{"a": secret}, connect.Install{SharedSecret: secret}, caller.Tenant()} {
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x"} {
			fmt.Fprintf(&out, verb, v)
		}
		slog.New(slog.NewJSONHandler(&out, nil)).Info("x", "v", v)
		slog.New(slog.NewTextHandler(&out, nil)).Info("x", "v", v)
		data, err := json.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		out.Write(data)
	}
	if strings.Contains(out.String(), testSecret) || strings.Contains(out.String(), fmt.Sprintf("%x", testSecret)) {
		t.Errorf("the secret shows:\n%s", &out)
	}
	if secret.Reveal() != testSecret || secret.IsZero() || !(connect.Secret{}).IsZero() {
		t.Errorf("got %q, want the secret itself from Reveal", secret.Reveal())
	}
}

func TestErrors(t *testing.T) {
	t.Parallel()
	for want, err := range map[string]error{
		"jwt.alg":             &connect.AuthError{Code: connect.CodeAlg},
		"jwt.alg: want RS256": &connect.AuthError{Code: connect.CodeAlg, Detail: "want RS256", Err: errStore},
		"body: not UTF-8":     &connect.BodyError{Detail: "not UTF-8"},
		"body key: missing":   &connect.BodyError{Field: "key", Detail: "missing"},
	} {
		if got := err.Error(); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}
