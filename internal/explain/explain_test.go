package explain_test

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/sightline-go/sightline/connect"
	"github.com/sightline-go/sightline/internal/explain"
)

const secret = "a shared secret of thirty-two bytes"

func now() time.Time { return time.Unix(1700000000, 0) }

type object = map[string]any

// sign makes a token of any header and claims.
func sign(t *testing.T, header, claims object) string {
	t.Helper()
	part := func(o object) string {
		data, err := json.Marshal(o)
		if err != nil {
			t.Fatal(err)
		}
		return base64.RawURLEncoding.EncodeToString(data)
	}
	text := part(header) + "." + part(claims)
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write([]byte(text))
	return text + "." + base64.RawURLEncoding.EncodeToString(mac.Sum(nil))
}

// with is an object with other members; a nil one is taken out.
func with(o object, name string, value any) object {
	out := object{}
	for n, v := range o {
		out[n] = v
	}
	if out[name] = value; value == nil {
		delete(out, name)
	}
	return out
}

var (
	hs = object{"alg": "HS256", "typ": "JWT"}
	rs = object{"alg": "RS256", "kid": "key-1"}
)

func page() object {
	return object{"iss": "client-key", "iat": 1699999990, "exp": 1700000100, "qsh": connect.QSH("GET", "/app/page", "a=b%20c", "/app")}
}

func forge() object {
	app := "ari:cloud:ecosystem::app/1"
	return object{"iss": "forge/invocation-token", "aud": app, "iat": 1699999990, "exp": 1700000015, "app": object{
		"id": app, "module": object{"type": "core:endpoint", "key": "tick"}, "apiBaseUrl": "https://api.atlassian.com/ex/jira/1",
		"environment": object{"type": "PRODUCTION"},
	}}
}

// Each claim that is missing or wrong is named, and nothing else.
func TestNamesWhatIsWrong(t *testing.T) {
	t.Parallel()
	install := object{"iss": "client-key", "aud": "https://app.example.com/app", "iat": 1699999990, "exp": 1700000100, "qsh": connect.QSH("GET", "/app/page", "a=b%20c", "/app")}
	context := with(page(), "qsh", "context-qsh")
	assertion := object{
		"iss": "urn:atlassian:connect:clientid:x", "sub": "urn:atlassian:connect:useraccountid:y", "tnt": "https://acme.atlassian.net",
		"aud": "https://oauth-2-authorization-server.services.atlassian.com", "iat": 1699999990, "exp": 1700000040,
	}
	for _, tt := range []struct {
		name           string
		header, claims object
		want           string // names that are wrong or missing
	}{
		{"page", hs, page(), ""},
		{"install", rs, install, ""},
		{"context", hs, context, ""},
		{"assertion", hs, assertion, ""},
		{"forge", rs, forge(), ""},
		{"no algorithm", with(hs, "alg", nil), page(), "alg"},
		{"none", with(hs, "alg", "none"), page(), "alg"},
		{"critical", with(hs, "crit", []string{"x"}), page(), "alg"},
		{"no issuer", hs, with(page(), "iss", nil), "iss"},
		{"issuer is a number", hs, with(page(), "iss", 1), "iss"},
		{"no expiry", hs, with(page(), "exp", nil), "exp"},
		{"expired", hs, with(page(), "exp", 1699999900), "exp"},
		{"expiry is a text", hs, with(page(), "exp", "1700000100"), "exp"},
		{"expiry has a fraction", hs, with(page(), "exp", 1700000100.5), "exp"},
		{"expires in years", hs, with(page(), "exp", 2700000100), "exp"},
		{"issued later", hs, with(page(), "iat", 1700000050), "iat"},
		{"not yet", hs, with(page(), "nbf", 1700000050), "nbf"},
		{"no hash", hs, with(page(), "qsh", nil), "qsh"},
		{"hash is a number", hs, with(page(), "qsh", 7), "qsh"},
		{"another hash", hs, with(page(), "qsh", strings.Repeat("0", 64)), "qsh"},
		{"install without key", with(rs, "kid", nil), install, "kid"},
		{"install with an address as key", with(rs, "kid", "../x"), install, "kid"},
		{"install for another app", rs, with(install, "aud", "https://other.example.com"), "aud"},
		{"install for nobody", rs, with(install, "aud", nil), "aud"},
		{"install without time", rs, with(install, "iat", nil), "iat"},
		{"assertion without tenant", hs, with(assertion, "tnt", nil), "tnt"},
		{"assertion for no account", hs, with(assertion, "sub", "y"), "sub"},
		{"assertion lives too long", hs, with(assertion, "exp", 1700009990), "exp"},
		{"forge by somebody", rs, with(forge(), "iss", "x"), "iss"},
		{"forge for another app", rs, with(forge(), "aud", "ari:cloud:ecosystem::app/2"), "aud app.id"},
		{"forge with HS256", hs, forge(), "alg kid"},
		{"forge for hours", rs, with(forge(), "exp", 1700009990), "exp"},
		{"forge without an app", rs, with(forge(), "app", nil), "app.id app.module.key app.apiBaseUrl app.environment.type"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			r, err := explain.Ask(explain.Question{
				Text: "JWT " + sign(t, tt.header, tt.claims), URL: "https://app.example.com/app/page?a=b%20c&jwt=x", BaseURL: "https://app.example.com/app",
				AppID: "1", Now: now(),
			})
			if err != nil {
				t.Fatal(err)
			}
			var wrong []string
			for _, c := range r.Checks {
				if c.Verdict == explain.Wrong || c.Verdict == explain.Missing {
					wrong = append(wrong, c.Name)
				}
			}
			if got := strings.Join(wrong, " "); got != tt.want || r.Bad() != (tt.want != "") {
				t.Errorf("got %q, want %q in\n%s", got, tt.want, r)
			}
		})
	}
}

// What was signed instead is found by trying.
func TestFindsWhatWasSigned(t *testing.T) {
	t.Parallel()
	const address = "https://app.example.com/app/page?b=1&a=x%20y"
	sum := func(text string) string { return connectHash(text) }
	for name, tt := range map[string]struct{ qsh, say, signed string }{
		"method":    {connect.QSH("POST", "/app/page", "b=1&a=x%20y", "/app"), "for the method POST", "POST&/page&a=x%20y&b=1"},
		"base path": {connect.QSH("GET", "/app/page", "b=1&a=x%20y", ""), "the path of the base URL is not to be hashed", "GET&/app/page&a=x%20y&b=1"},
		"no query":  {connect.QSH("GET", "/app/page", "", "/app"), "without the query", "GET&/page&"},
		"both":      {connect.QSH("PUT", "/app/page", "", "/app"), "without the query, and for the method PUT", "PUT&/page&"},
		"plus":      {sum("GET&/page&a=x+y&b=1"), "not as +", "GET&/page&a=x+y&b=1"},
		"unsorted":  {sum("GET&/app/page&b=1&a=x%20y"), "sorted", "GET&/app/page&b=1&a=x%20y"},
		"decoded":   {sum("GET&/page&a=x y&b=1"), "percent-encoded", "GET&/page&a=x y&b=1"},
		"case":      {strings.ToUpper(connect.QSH("GET", "/app/page", "b=1&a=x%20y", "/app")), "lower case", "GET&/page&a=x%20y&b=1"},
		"unknown":   {sum("something"), "for another address", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r, err := explain.Ask(explain.Question{Text: address + "&jwt=" + sign(t, hs, with(page(), "qsh", tt.qsh)), BaseURL: "https://app.example.com/app", Now: now()})
			if err != nil {
				t.Fatal(err)
			}
			for _, c := range r.Checks {
				if c.Name == "qsh" && (!strings.Contains(c.Say, tt.say) || c.Signed != tt.signed || c.Expected != "GET&/page&a=x%20y&b=1") {
					t.Errorf("got %+v", c)
				}
			}
		})
	}
}

func connectHash(text string) string {
	sum := sha256.Sum256([]byte(text))
	const digits = "0123456789abcdef"
	var out strings.Builder
	for _, b := range sum {
		out.WriteByte(digits[b>>4])
		out.WriteByte(digits[b&15])
	}
	return out.String()
}

// The signature is checked with a secret, and neither it nor the secret is shown.
func TestSignatureAndSecrecy(t *testing.T) {
	t.Parallel()
	text := sign(t, hs, page())
	parts := strings.Split(text, ".")
	for key, want := range map[string]explain.Verdict{secret: explain.Right, "zq-wrong-zq": explain.Wrong} {
		var out bytes.Buffer
		c := explain.Command{Text: "-", SharedSecret: key, URL: "https://x/app/page?a=b%20c", BaseURL: "https://x/app", JSON: true}
		err := c.Run(strings.NewReader("Bearer "+text+"\n"), &out, now())
		if errors.Is(err, explain.ErrRefused) != (want == explain.Wrong) {
			t.Errorf("%s: got %v", want, err)
		}
		var r explain.Report
		if err := json.Unmarshal(out.Bytes(), &r); err != nil || r.Checks[len(r.Checks)-1].Verdict != want {
			t.Errorf("got %s, %v", &out, err)
		}
		for _, leak := range append(parts, key) {
			if strings.Contains(out.String(), leak) || strings.Contains(r.String(), leak) {
				t.Errorf("%s: it shows %q", want, leak)
			}
		}
	}
}

func TestNoTokens(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"", " ", "https://app.example.com/page", "https://app.example.com/?jwt="} {
		if _, err := explain.Ask(explain.Question{Text: text, Now: now()}); !errors.Is(err, explain.ErrNoToken) {
			t.Errorf("%q: got %v", text, err)
		}
	}
	empty := base64.RawURLEncoding.EncodeToString([]byte("{}"))
	for text, want := range map[string]string{
		"a": "has 1", "a.b": "has 2", "a.b.c.d": "has 4", "!.e30.x": "header is not base64url", empty + ".!.x": "payload is not base64url",
		"YQ.e30.x": "header is not a JSON object", "e30.W10.x": "payload is not a JSON object", "e30.e30.!": "signature is not base64url", "bnVsbA.e30.": "header is not a JSON object",
	} {
		r, err := explain.Ask(explain.Question{Text: text, Now: now()})
		if err != nil || !r.Bad() || !strings.Contains(r.String(), want) {
			t.Errorf("%q: got %s, %v", text, r, err)
		}
	}
	r, err := explain.Ask(explain.Question{Text: "e30.e30.", Now: now()})
	if err != nil || !strings.Contains(r.String(), "signature  missing: the token is not signed") {
		t.Errorf("unsigned: got %s, %v", r, err)
	}
}
