package explain

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"math"
	"net/url"
	"strings"
	"time"
)

// kind is a class of token and what its verifier asks for.
type kind struct {
	say string
	alg string
	// life is the longest time from iat to exp.
	life   time.Duration
	leeway time.Duration
	checks []func(q Question, t token) Check
}

const (
	forgeIssuer = "forge/invocation-token"
	contextQSH  = "context-qsh"
	arnApp      = "ari:cloud:ecosystem::app/"
)

// kindOf tells classes of tokens apart by what they say of themselves. Nothing of it is
// believed: it only says which checks make sense.
func kindOf(t token) kind {
	alg, _ := text(t.header, "alg")
	issuer, _ := text(t.claims, "iss")
	hash, _ := text(t.claims, "qsh")
	switch {
	case issuer == forgeIssuer || inside(t.claims, "app") != nil:
		return kind{
			"An invocation token: Forge calls a remote backend with it.", "RS256", 10 * time.Minute, 10 * time.Second,
			[]func(Question, token) Check{forgeIssued, forgeAudience, forgeApp, forgeModule, forgeAPI, forgeEnvironment, keyID},
		}
	case strings.HasPrefix(issuer, "urn:atlassian:connect:clientid:"):
		return kind{
			"An assertion: an app asks for a token to act as a person with it.", "HS256", 5 * time.Minute, 30 * time.Second,
			[]func(Question, token) Check{claim("iss", ""), assertionSubject, claim("tnt", "the base URL of the site"), claim("aud", "the origin of the token address")},
		}
	case t.header["typ"] == "session+jwt" || t.claims["token_use"] == "session":
		return kind{
			"A session of the app's own, for the later calls of a page; no site made it.", "HS256", 24 * time.Hour, 30 * time.Second,
			[]func(Question, token) Check{claim("iss", "the app's key"), claim("aud", "the client key of the tenant"), claim("tenant", "")},
		}
	case alg == "RS256" || t.header["kid"] != nil:
		return kind{
			"An install token: Atlassian's own key signs the installed and uninstalled calls.", "RS256", 24 * time.Hour, 30 * time.Second,
			[]func(Question, token) Check{keyID, claim("iss", "the client key, as in the body"), installAudience, addressHash},
		}
	case hash == contextQSH:
		return kind{
			"A context token: AP.context.getToken gives it to a page's script. It is bound to no address, and is refused as a page's or webhook's token.", "HS256", 24 * time.Hour, 30 * time.Second,
			[]func(Question, token) Check{claim("iss", "the client key"), hostAudience},
		}
	}
	return kind{
		"A token for one address: a site signs pages and webhooks, or an app its calls, with the shared secret.", "HS256", 24 * time.Hour, 30 * time.Second,
		[]func(Question, token) Check{claim("iss", "the client key, or the app's key in its own calls"), hostAudience, addressHash},
	}
}

func (k kind) explain(q Question, t token) Report {
	r := Report{Kind: k.say, Checks: []Check{k.algorithm(t)}}
	for _, check := range k.checks {
		r.Checks = append(r.Checks, check(q, t))
	}
	r.Checks = append(r.Checks, k.times(q.Now, t)...)
	r.Checks = append(r.Checks, k.signature(q, t))
	return r
}

func (k kind) algorithm(t token) Check {
	c := Check{Name: "alg", Got: shown(t.header["alg"]), Verdict: Right}
	switch alg, ok := text(t.header, "alg"); {
	case !ok:
		c.Got, c.Verdict = "", Missing
	case alg != k.alg:
		c.Verdict, c.Say = Wrong, "only "+k.alg+" is accepted, whatever the token asks for"
	}
	if t.header["crit"] != nil {
		c.Verdict, c.Say = Wrong, "the critical header crit is not understood"
	}
	return c
}

// claim is a check that a claim is there, as text.
func claim(name, meaning string) func(Question, token) Check {
	return func(_ Question, t token) Check { return present(t, name, meaning) }
}

func present(t token, name, meaning string) Check {
	c := Check{Name: name, Verdict: Right}
	value, there := t.claims[name]
	if list, ok := value.([]any); ok && len(list) == 1 && name == "aud" {
		value = list[0]
	}
	if !there || value == nil {
		c.Verdict, c.Say = Missing, meaning
		return c
	}
	c.Got = shown(value)
	if s, ok := value.(string); !ok || s == "" {
		c.Verdict, c.Say = Wrong, "not a text"
	}
	return c
}

// hostAudience may be missing; a site's token names the issuer, an app's the client key.
func hostAudience(_ Question, t token) Check {
	if t.claims["aud"] == nil {
		return Check{Name: "aud", Verdict: Right, Say: "there is none, as a site may leave it out"}
	}
	c := present(t, "aud", "")
	if issuer, _ := text(t.claims, "iss"); c.Verdict == Right && c.Got != shown(issuer) {
		c.Verdict, c.Say = Unknown, "not the issuer: right only in an app's own call, where it is the client key"
	}
	return c
}

func installAudience(q Question, t token) Check {
	c := present(t, "aud", "the app's base URL")
	base := strings.TrimSuffix(q.BaseURL, "/")
	switch {
	case c.Verdict != Right:
	case base == "":
		c.Verdict, c.Say = Unknown, "give the app's base URL to compare"
	case strings.TrimSuffix(c.Got, "/") != base:
		c.Verdict, c.Say = Wrong, "the app's base URL is "+base
	}
	return c
}

// keyID is the name of a key: it becomes part of an address.
func keyID(_ Question, t token) Check {
	c := Check{Name: "kid", Got: shown(t.header["kid"]), Verdict: Right}
	kid, ok := text(t.header, "kid")
	switch {
	case !ok:
		c.Got, c.Verdict = "", Missing
	case len(kid) > 1024 || strings.ContainsAny(kid, "\r\n?#%\\") || strings.Contains(kid, ".."):
		c.Verdict, c.Say = Wrong, "not a plain name"
	}
	return c
}

func assertionSubject(_ Question, t token) Check {
	c := present(t, "sub", "urn:atlassian:connect:useraccountid: and an account id")
	if c.Verdict == Right && !strings.HasPrefix(c.Got, "urn:atlassian:connect:useraccountid:") {
		c.Verdict, c.Say = Wrong, "want urn:atlassian:connect:useraccountid: and an account id"
	}
	return c
}

// times checks exp, iat and nbf, which are whole seconds.
func (k kind) times(now time.Time, t token) []Check {
	expires, ec := seconds(t, "exp", true)
	issued, ic := seconds(t, "iat", k.alg == "RS256")
	begins, bc := seconds(t, "nbf", false)
	ago := func(at time.Time) string { return now.Sub(at).Abs().Round(time.Second).String() }
	if ec.Verdict == Right {
		switch {
		case !now.Before(expires.Add(k.leeway)):
			ec.Verdict, ec.Say = Wrong, "expired "+ago(expires)+" ago"
		case ic.Verdict == Right && !issued.IsZero() && expires.Sub(issued) > k.life, expires.Sub(now) > 24*time.Hour+k.leeway:
			ec.Verdict, ec.Say = Wrong, "lives too long: at most "+k.life.String()
		}
	}
	if ic.Verdict == Right && issued.After(now.Add(k.leeway)) {
		ic.Verdict, ic.Say = Wrong, "issued "+ago(issued)+" from now: compare the clocks"
	}
	if bc.Verdict == Right && begins.After(now.Add(k.leeway)) {
		bc.Verdict, bc.Say = Wrong, "not valid for another "+ago(begins)
	}
	all := []Check{ec, ic}
	if t.claims["nbf"] != nil {
		all = append(all, bc)
	}
	return all
}

func seconds(t token, name string, required bool) (time.Time, Check) {
	c := Check{Name: name, Verdict: Right}
	value, there := t.claims[name]
	if !there || value == nil {
		if required {
			c.Verdict = Missing
		}
		return time.Time{}, c
	}
	n, ok := value.(float64)
	if !ok || n != math.Trunc(n) || n <= 0 || n > 1<<33 {
		c.Got, c.Verdict, c.Say = shown(value), Wrong, "not a number of whole seconds since 1970"
		return time.Time{}, c
	}
	at := time.Unix(int64(n), 0).UTC()
	c.Got = at.Format(time.DateTime) + " UTC"
	return at, c
}

func (k kind) signature(q Question, t token) Check {
	c := Check{Name: "signature", Verdict: Unknown}
	switch alg, _ := text(t.header, "alg"); {
	case len(t.signature) == 0:
		c.Verdict, c.Say = Missing, "the token is not signed"
	case k.alg == "RS256":
		c.Say = "it needs the public key, and this reads no network"
	case alg != "HS256":
		c.Say = "the algorithm is wrong already"
	case q.Secret == nil:
		c.Say = "it needs the secret that it was made with"
	default:
		mac := hmac.New(sha256.New, q.Secret)
		mac.Write([]byte(t.signed))
		c.Verdict = Right
		if !hmac.Equal(mac.Sum(nil), t.signature) {
			c.Verdict, c.Say = Wrong, "made with another secret, or changed afterwards: is this the secret of the last install of this client key?"
		}
	}
	return c
}

func forgeIssued(_ Question, t token) Check {
	c := present(t, "iss", forgeIssuer)
	if c.Verdict == Right && c.Got != forgeIssuer {
		c.Verdict, c.Say = Wrong, "want "+forgeIssuer
	}
	return c
}

func forgeAudience(q Question, t token) Check {
	c := present(t, "aud", "the app's id, "+arnApp+"UUID")
	want := arnApp + strings.TrimPrefix(q.AppID, arnApp)
	switch {
	case c.Verdict != Right:
	case !strings.HasPrefix(c.Got, arnApp):
		c.Verdict, c.Say = Wrong, "want "+arnApp+" and the app's UUID"
	case q.AppID == "":
		c.Verdict, c.Say = Unknown, "give the app's id to compare"
	case c.Got != want:
		c.Verdict, c.Say = Wrong, "the app is "+want
	}
	return c
}

func forgeApp(_ Question, t token) Check {
	c := Check{Name: "app.id", Verdict: Right}
	id, ok := text(inside(t.claims, "app"), "id")
	c.Got = cut(id)
	switch audience := present(t, "aud", "").Got; {
	case !ok:
		c.Verdict = Missing
	case cut(id) != audience:
		c.Verdict, c.Say = Wrong, "not the audience"
	}
	return c
}

// nested checks that a text is there, inside objects.
func nested(t token, path string) Check {
	names := strings.Split(path, ".")
	c := Check{Name: path, Verdict: Right}
	value, ok := text(inside(t.claims, names[:len(names)-1]...), names[len(names)-1])
	if c.Got = cut(value); !ok {
		c.Verdict = Missing
	}
	return c
}

func forgeModule(_ Question, t token) Check {
	c := nested(t, "app.module.key")
	if kind, ok := text(inside(t.claims, "app", "module"), "type"); ok && c.Verdict == Right {
		c.Got = kind + " " + c.Got
	}
	return c
}

func forgeEnvironment(_ Question, t token) Check {
	c := nested(t, "app.environment.type")
	if c.Verdict == Right && c.Got != "PRODUCTION" {
		c.Verdict, c.Say = Unknown, "a backend that serves production alone answers 403"
	}
	return c
}

func forgeAPI(_ Question, t token) Check {
	c := nested(t, "app.apiBaseUrl")
	u, err := url.Parse(c.Got)
	if c.Verdict == Right && (err != nil || u.Host == "" || u.User != nil || u.RawQuery != "") {
		c.Verdict, c.Say = Wrong, "not an address of an API"
	}
	return c
}

// JSON is the report for programs.
func (r Report) JSON() ([]byte, error) {
	data, err := json.MarshalIndent(r, "", "  ")
	if err != nil {
		return nil, fmt.Errorf("write report: %w", err)
	}
	return data, nil
}
