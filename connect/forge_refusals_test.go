package connect_test

import (
	"errors"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/sightline-go/sightline/connect"
)

// refusals are cases by their ids. The table testdata/forge-refusals.tsv says
// which list asks for each, and has for each a change of the code that no other
// case notices: make mutants shows it. So a case checks one thing, and of what
// others check no more than it must.
type refusals map[string]func(t *testing.T)

func allForgeRefusals() refusals {
	all := refusals{}
	for _, group := range []refusals{
		placeRefusals(), shapeRefusals(), algorithmRefusals(), signatureRefusals(), isolatedRefusals(),
		claimRefusals(), timeRefusals(), apiRefusals(), contradictionRefusals(), environmentDenials(), moduleDenials(),
		keySetRefusals(), keyRefusals(), keyTimeRefusals(), tenantRefusals(), outboundRefusals(),
	} {
		maps.Copy(all, group)
	}
	return all
}

func TestForgeRefusals(t *testing.T) {
	t.Parallel()
	for id, check := range allForgeRefusals() {
		t.Run(id, func(t *testing.T) {
			t.Parallel()
			check(t)
		})
	}
}

// Every case has its row, and every row its case.
func TestForgeRefusalsTable(t *testing.T) {
	t.Parallel()
	data, err := os.ReadFile("testdata/forge-refusals.tsv")
	if err != nil {
		t.Fatal(err)
	}
	var rows []string
	for line := range strings.Lines(string(data)) {
		cells := strings.Split(line, "\t")
		name, _, _ := strings.Cut(cells[min(3, len(cells)-1)], " + ")
		if id, ok := strings.CutPrefix(name, "TestForgeRefusals/"); ok {
			rows = append(rows, id)
		}
	}
	slices.Sort(rows)
	if diff := cmp.Diff(slices.Sorted(maps.Keys(allForgeRefusals())), rows); diff != "" {
		t.Errorf("cases and rows (-cases +rows)\n%s", diff)
	}
}

// anyRefusal stands for every code: who refuses does not matter to the case.
const anyRefusal = "any"

func wantRefusal(t *testing.T, err error, want string) {
	t.Helper()
	if want != anyRefusal {
		wantCode(t, err, want)
		return
	}
	if err == nil {
		t.Error("taken, want a refusal")
	}
}

// refused is a case of claims that are signed as they should be.
func refused(c claimSet, want string) func(*testing.T) {
	return refusedTexts(want, func() []string { return []string{forgeToken(c)} })
}

// refusedClaims is a case of several claims.
func refusedClaims(want string, sets ...claimSet) func(*testing.T) {
	return refusedTexts(want, func() (tokens []string) {
		for _, c := range sets {
			tokens = append(tokens, forgeToken(c))
		}
		return tokens
	})
}

func refusedTexts(want string, tokens func() []string) func(*testing.T) {
	return func(t *testing.T) {
		for _, token := range tokens() {
			_, err := newForge().Verify(invoke(token), forgeGadget())
			wantRefusal(t, err, want)
		}
	}
}

// placeRefusals are tokens that are good, and not where they belong.
func placeRefusals() refusals {
	request := func(header ...string) *http.Request {
		r := httptest.NewRequest(http.MethodPost, "/forge/x", strings.NewReader(""))
		if len(header) > 0 {
			r.Header["Authorization"] = header
		}
		return r
	}
	at := func(want string, make func(good string) *http.Request) func(*testing.T) {
		return func(t *testing.T) {
			_, err := newForge().Verify(make(forgeToken(pageInvocation())), forgeGadget())
			wantRefusal(t, err, want)
		}
	}
	in := func(want string, header func(good string) []string) func(*testing.T) {
		return at(want, func(good string) *http.Request { return request(header(good)...) })
	}
	return refusals{
		"place-none":   in(connect.CodeMissing, func(string) []string { return nil }),
		"place-empty":  in(connect.CodeMissing, func(string) []string { return []string{"Bearer "} }),
		"place-twice":  in(connect.CodeTwoTokens, func(good string) []string { return []string{"Bearer " + good, "Bearer " + good} }),
		"place-words":  in(anyRefusal, func(good string) []string { return []string{"Bearer " + good + " " + good} }),
		"place-list":   in(anyRefusal, func(good string) []string { return []string{"Bearer " + good + ",Bearer " + good} }),
		"scheme-jwt":   in(anyRefusal, func(good string) []string { return []string{"JWT " + good} }),
		"scheme-lower": in(anyRefusal, func(good string) []string { return []string{"bearer " + good} }),
		"scheme-none":  in(anyRefusal, func(good string) []string { return []string{good} }),
		"place-address": at(anyRefusal, func(good string) *http.Request {
			return httptest.NewRequest(http.MethodPost, "/forge/x?jwt="+good, http.NoBody)
		}),
		"place-cookie": at(anyRefusal, func(good string) *http.Request {
			r := request()
			r.Header.Set("Cookie", "jwt="+good)
			return r
		}),
		"place-body": at(anyRefusal, func(good string) *http.Request {
			r := httptest.NewRequest(http.MethodPost, "/forge/x", strings.NewReader("jwt="+good))
			r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			return r
		}),
	}
}

// denied is a case of a good token at a door that is not its own.
func denied(want string, c claimSet, doors ...connect.ForgeModule) func(*testing.T) {
	return func(t *testing.T) {
		_, err := newForge().Verify(invoke(forgeToken(c)), doors...)
		wantDenied(t, err, want)
	}
}

func wantDenied(t *testing.T, err error, want string) {
	t.Helper()
	if denied := new(connect.DeniedError); !errors.As(err, &denied) || denied.Code != want {
		t.Errorf("got %v, want %s", err, want)
	}
}

func environmentDenials() refusals {
	environment := func(kind, id string) claimSet {
		return pageInvocation().inApp(claimSet{"environment": claimSet{"type": kind, "id": id}})
	}
	served := func(name string, c claimSet) func(*testing.T) {
		return func(t *testing.T) {
			v := newForge()
			v.Environments = []string{name}
			_, err := v.Verify(invoke(forgeToken(c)), forgeGadget())
			wantDenied(t, err, connect.CodeEnvironment)
		}
	}
	return refusals{
		"environment-development": denied(connect.CodeEnvironment, environment("DEVELOPMENT", forgeEnvironment), forgeGadget()),
		"environment-staging":     denied(connect.CodeEnvironment, environment("STAGING", forgeEnvironment), forgeGadget()),
		"environment-none":        denied(connect.CodeEnvironment, pageInvocation().inApp(claimSet{"environment": absent{}}), forgeGadget()),
		"environment-longer":      denied(connect.CodeEnvironment, environment("PRODUCTION2", ""), forgeGadget()),
		"environment-case":        denied(connect.CodeEnvironment, environment("production", ""), forgeGadget()),
		"environment-id-part":     served("000000000001", environment("DEVELOPMENT", forgeEnvironment)),
		"environment-unnamed":     served("", environment("DEVELOPMENT", "")),
	}
}

func moduleDenials() refusals {
	module := func(kind, key string) claimSet {
		return pageInvocation().inApp(claimSet{"module": claimSet{"type": kind, "key": key}})
	}
	const gadget, endpoint = "jira:dashboardGadget", "core:endpoint"
	return refusals{
		"module-endpoint-at-gadget": denied(connect.CodeModule, module(endpoint, "workload"), forgeGadget()),
		"module-gadget-at-endpoint": denied(connect.CodeModule, module(gadget, "tick"), connect.ForgeEndpoint("tick")),
		"module-other-gadget":       denied(connect.CodeModule, module(gadget, "timelog"), forgeGadget()),
		"module-other-endpoint":     denied(connect.CodeModule, module(endpoint, "tick"), connect.ForgeEndpoint("events")),
		"module-other-kind":         denied(connect.CodeModule, module("jira:adminPage", "workload"), forgeGadget()),
		"module-none":               denied(connect.CodeModule, pageInvocation().inApp(claimSet{"module": absent{}}), forgeGadget()),
		"module-unnamed-route":      denied(connect.CodeModule, pageInvocation()),
		"module-after-signature": refusedTexts(connect.CodeSignature, func() []string {
			return []string{rs256(map[string]any{"alg": "RS256", "kid": forgeKid}, module(endpoint, "x"), otherKey())}
		}),
	}
}
