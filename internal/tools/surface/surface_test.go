package main

import (
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const root = "../../.."

// The public names of connect/... change only together with their list, so that
// review sees every change.
func TestSurface(t *testing.T) {
	t.Parallel()
	want, err := os.ReadFile(root + "/connect/api.txt")
	if err != nil {
		t.Fatal(err)
	}
	got, err := list(t.Context(), root, t.Output())
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(strings.Split(string(want), "\n"), strings.Split(got, "\n")); diff != "" {
		t.Errorf("the public names of connect/... have changed (-listed +now). If that is intended, run `make surface` and say so in CHANGELOG.md:\n%s", diff)
	}
}

// The list knows each kind of name.
func TestListKnowsAllKinds(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile(root + "/connect/api.txt")
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range []string{
		"package github.com/sightline-go/sightline/connect",
		"\tconst CodeAlg untyped string = \"jwt.alg\"",
		"\tfunc QSH(method string, rawPath string, rawQuery string, basePath string) string",
		"\ttype Verifier struct",
		"\tfield Verifier.AppKey string",
		"\tmethod Verifier.Host(r *http.Request) (*Caller, error)",
		"\tmethod Installations.SaveInstall(ctx context.Context, in Install) (*Tenant, error)",
		"\tmethod TokenError.Temporary() bool",
		"\tvar ErrNotFound error",
	} {
		if !strings.Contains("\n"+string(text), "\n"+line+"\n") {
			t.Errorf("connect/api.txt has no line %q", line)
		}
	}
}
