package connect_test

import (
	"reflect"
	"testing"

	"github.com/sightline-go/sightline/connect"
)

// checkFlat compares both readings of a payload, and returns whether it was read
// without encoding/json as a host's and as a session's.
func checkFlat(t *testing.T, payload string) [2]bool {
	t.Helper()
	got, want, flat, errs := connect.FlatClaims([]byte(payload))
	for i := range flat {
		if flat[i] && (errs[i] != nil || !reflect.DeepEqual(got[i], want[i])) {
			t.Errorf("%s: got %+v, want %+v, %v", payload, got[i], want[i], errs[i])
		}
	}
	return flat
}

// What hosts and this app write is read without encoding/json, and nothing that
// encoding/json reads differently.
func TestFlatClaims(t *testing.T) {
	t.Parallel()
	both, none, host := [2]bool{true, true}, [2]bool{}, [2]bool{true, false}
	for payload, want := range map[string][2]bool{
		`{"iss":"a","sub":"712020:b","aud":"c","exp":1,"iat":2,"nbf":3,"qsh":"d","context":{}}`:                    both,
		`{"context":{"user":{"accountId":"712020:b","name":"x"}},"iss":"a"}`:                                       both,
		`{"exp":9,"iat":1,"generation":2,"iss":"a","token_use":"session","tenant":"t","dashboard":"1","item":"2"}`: both,
		`{}`: both, `{"iss":"a","iss":"b"}`: both, `{"exp":0}`: both, `{"":1}`: both,
		`{"generation":"1"}`: host, `{"tenant":1}`: host, `{"item":{}}`: host,

		`{"ISS":"a"}`: none, `{"iſs":"a"}`: none, `{"i\u0073s":"a"}`: none, `{"iss":"\u0061"}`: none, `{"iss":"ä"}`: none,
		`{"iss":null}`: none, `{"iss":1}`: none, `{"iss":{}}`: none, `{"exp":"1"}`: none, `{"exp":1.0}`: none, `{"exp":1e3}`: none,
		`{"exp":-1}`: none, `{"exp":01}`: none, `{"exp":1234567890123456789}`: none, `{"exp":{}}`: none, `{"aud":["a"]}`: none, `{"aud":1}`: none,
		`{"x":true}`: none, `{"x":[]}`: none, `{"x":{"x":{"x":{"x":{"x":{}}}}}}`: none,
		`{"iss":"a"} `: none, ` {"iss":"a"}`: none, `{"iss": "a"}`: none, `{"iss":"a"}}`: none, `{"iss":"a",}`: none, `{,}`: none,
		``: none, `{`: none, `{"`: none, `{"iss`: none, `{"iss"`: none, `{"iss":`: none, `{"iss":"`: none, `{"iss":1`: none, `[]`: none, `"a"`: none,
		"{\"iss\":\"a\tb\"}": none, "{\"iss\":\"\x7f\"}": none,
	} {
		if got := checkFlat(t, payload); got != want {
			t.Errorf("%s: read without encoding/json: got %v, want %v", payload, got, want)
		}
	}
}

// FuzzFlatClaims: what is read without encoding/json is what encoding/json reads.
func FuzzFlatClaims(f *testing.F) {
	for _, seed := range []string{
		`{"iss":"a","sub":"b","aud":"c","exp":1,"iat":2,"nbf":3,"qsh":"d","context":{"user":{"x":1}}}`,
		`{"generation":1,"tenant":"t","dashboard":"1","item":"2","token_use":"session"}`, `{"ISS":"a","exp":01,"":{}}`,
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, payload string) { checkFlat(t, payload) })
}

// A session keeps every text, whatever is in it.
func TestSessionOfAnyText(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"plain", `"quoted" \ <&>`, "Zoë \u2028", "\x00\x7f", ""} {
		a := newApp()
		item := connect.DashboardItem{Dashboard: text, Item: text}
		c, err := a.Session(call("GET", "/connect/api", mint(t, a, item), ""))
		if err != nil || c.Item() != item {
			t.Errorf("%q: got %+v, %v", text, c, err)
		}
	}
}
