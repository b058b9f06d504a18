// Package explain says what is wrong with a token of Connect or Forge, without a
// network and without printing the token or a secret.
package explain

import (
	"cmp"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"time"
)

// Verdict is what a check found.
type Verdict string

// The verdicts: Unknown needs something that was not given.
const (
	Right   Verdict = "right"
	Wrong   Verdict = "wrong"
	Missing Verdict = "missing"
	Unknown Verdict = "not checked"
)

// Check is one thing that a verifier looks at.
type Check struct {
	// Name is a header's or claim's name, or form, qsh or signature.
	Name string `json:"name"`
	// Got is its value, for people; empty for the signature.
	Got     string  `json:"got,omitempty"`
	Verdict Verdict `json:"verdict"`
	// Say is why, in a sentence; empty where nothing is to be said.
	Say string `json:"say,omitempty"`
	// Signed and Expected are canonical requests, side by side, where the hash of
	// the address is wrong. Signed is empty if nothing that was tried has its hash.
	Signed   string `json:"signed,omitempty"`
	Expected string `json:"expected,omitempty"`
}

// Report is all that can be said of a token.
type Report struct {
	// Kind is what the token is for, in words.
	Kind   string  `json:"kind"`
	Checks []Check `json:"checks"`
}

// Bad reports whether anything is wrong or missing.
func (r Report) Bad() bool {
	for _, c := range r.Checks {
		if c.Verdict == Wrong || c.Verdict == Missing {
			return true
		}
	}
	return false
}

// Question is a token and what is known about the request that it came with.
type Question struct {
	// Text is a token, with or without "JWT" or "Bearer" before it, or an address
	// with a token in its parameter jwt.
	Text string
	// Method and URL are those of the request; empty where they are not known. An
	// address as Text is the URL. Without a method it is GET.
	Method, URL string
	// BaseURL is the app's base URL, whose path is not hashed.
	BaseURL string
	// Secret is the shared secret of a token that is signed with one; nil leaves its
	// signature unchecked.
	Secret []byte
	// AppID is the app's id on Forge; empty leaves the audience unchecked.
	AppID string
	// Now is the time to check against.
	Now time.Time
}

// ErrRefused says that something is wrong with the token.
var ErrRefused = errors.New("the token is refused")

// ErrNoToken says that the text holds no token at all.
var ErrNoToken = errors.New("no token: want a JWT, or an address with one in its parameter jwt")

// token is a JWT in parts.
type token struct {
	header, claims map[string]any
	signed         string // what the signature is for
	signature      []byte
}

// Ask explains a token. The error is [ErrNoToken]; everything else that is wrong is in
// the report.
func Ask(q Question) (Report, error) {
	raw := strings.TrimSpace(q.Text)
	if address, err := url.Parse(raw); err == nil && address.Host != "" {
		q.URL = raw
		raw = address.Query().Get("jwt")
	}
	for _, scheme := range []string{"JWT ", "Bearer "} {
		if len(raw) > len(scheme) && strings.EqualFold(raw[:len(scheme)], scheme) {
			raw = strings.TrimSpace(raw[len(scheme):])
		}
	}
	if raw == "" {
		return Report{}, ErrNoToken
	}
	return explained(q, raw), nil
}

func explained(q Question, raw string) Report {
	t, err := parse(raw)
	if err != nil {
		return Report{Kind: "not a token", Checks: []Check{{Name: "form", Verdict: Wrong, Say: err.Error()}}}
	}
	return kindOf(t).explain(q, t)
}

// parse takes a token apart. Its errors quote nothing of it.
func parse(raw string) (token, error) {
	parts := strings.Split(raw, ".")
	if len(parts) != 3 {
		return token{}, fmt.Errorf("a JWT has three parts with dots between them, this has %d", len(parts))
	}
	var t token
	for i, into := range []*map[string]any{&t.header, &t.claims} {
		name := []string{"header", "payload"}[i]
		data, err := base64.RawURLEncoding.Strict().DecodeString(parts[i])
		if err != nil {
			return token{}, fmt.Errorf("the %s is not base64url without padding", name)
		}
		if json.Unmarshal(data, into) != nil || *into == nil {
			return token{}, fmt.Errorf("the %s is not a JSON object", name)
		}
	}
	signature, err := base64.RawURLEncoding.Strict().DecodeString(parts[2])
	if err != nil {
		return token{}, errors.New("the signature is not base64url without padding")
	}
	t.signed, t.signature = parts[0]+"."+parts[1], signature
	return t, nil
}

// text is a claim or header as text; ok is false if it is missing or something else.
func text(from map[string]any, name string) (string, bool) {
	value, ok := from[name].(string)
	return value, ok && value != ""
}

// inside finds an object in a claim.
func inside(from map[string]any, names ...string) map[string]any {
	for _, name := range names {
		from, _ = from[name].(map[string]any)
	}
	return from
}

// shown is a value for people; long ones are cut.
func shown(value any) string {
	if s, ok := value.(string); ok {
		return cut(s)
	}
	data, _ := json.Marshal(value) // it came from JSON
	return cut(string(data))
}

func cut(s string) string {
	const most = 120
	if len(s) > most {
		return strings.ToValidUTF8(s[:most], "") + "…"
	}
	return s
}

// String is the report for a terminal.
func (r Report) String() string {
	var out strings.Builder
	fmt.Fprintf(&out, "%s\n\n", r.Kind)
	wide := 0
	for _, c := range r.Checks {
		wide = max(wide, len(c.Name))
	}
	for _, c := range r.Checks {
		line := fmt.Sprintf("  %-*s  %s", wide, c.Name, strings.TrimLeft(c.Got+"  "+string(c.Verdict), " "))
		if c.Say != "" {
			line += ": " + c.Say
		}
		out.WriteString(line + "\n")
		if c.Expected != "" {
			fmt.Fprintf(&out, "    this request  %s\n    was signed    %s\n", c.Expected, cmp.Or(c.Signed, "something else that was not found by trying"))
		}
	}
	return out.String()
}
