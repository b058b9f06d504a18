package connect

import (
	"encoding/base64"
	"errors"
	"strings"
	"sync"
	"time"

	"github.com/golang-jwt/jwt/v5"
)

// maxLifetime is how far ahead an expiry may lie. Atlassian's tokens live for
// minutes; one that lives for days is not theirs.
const maxLifetime = 24 * time.Hour

// leeway is how far the host's clock may be off ours.
const leeway = 30 * time.Second

// claims are what all kinds of token share. Times are whole seconds: a
// fraction, a text or a number out of range does not parse.
type claims struct {
	Issuer    string           `json:"iss,omitempty"`
	Subject   string           `json:"sub,omitempty"`
	Audience  jwt.ClaimStrings `json:"aud,omitempty"`
	Expires   int64            `json:"exp,omitempty"`
	IssuedAt  int64            `json:"iat,omitempty"`
	NotBefore int64            `json:"nbf,omitempty"`

	// dates are what the Get methods point to.
	dates struct{ expires, issued, begins jwt.NumericDate }
}

// GetExpirationTime is for the JWT library, as are the other Get methods.
func (c *claims) GetExpirationTime() (*jwt.NumericDate, error) {
	return date(&c.dates.expires, c.Expires), nil
}

func (c *claims) GetIssuedAt() (*jwt.NumericDate, error) {
	return date(&c.dates.issued, c.IssuedAt), nil
}

func (c *claims) GetNotBefore() (*jwt.NumericDate, error) {
	return date(&c.dates.begins, c.NotBefore), nil
}
func (c *claims) GetIssuer() (string, error)             { return c.Issuer, nil }
func (c *claims) GetSubject() (string, error)            { return c.Subject, nil }
func (c *claims) GetAudience() (jwt.ClaimStrings, error) { return c.Audience, nil }

func date(at *jwt.NumericDate, seconds int64) *jwt.NumericDate {
	if seconds == 0 {
		return nil
	}
	at.Time = time.Unix(seconds, 0)
	return at
}

// firstAudience is the audience that counts.
func (c *claims) firstAudience() string {
	if len(c.Audience) == 0 {
		return ""
	}
	return c.Audience[0]
}

// hostClaims are those of a token that the host has signed. Other tokens may have
// a qsh of any kind.
type hostClaims struct {
	claims
	QSH string `json:"qsh"`
}

// tokenReader reads and checks tokens of one class. Its zero value is ready;
// the JWT library's values in it are made once and shared by all requests.
type tokenReader struct {
	once      sync.Once
	parser    *jwt.Parser
	validator *jwt.Validator
	// usual is what the library reads in each of the usual headers.
	usual map[string]*jwt.Token
}

// usualHeaders are those that hosts and this app write, byte for byte.
func usualHeaders() []string {
	return []string{
		`{"typ":"JWT","alg":"HS256"}`, `{"alg":"HS256","typ":"JWT"}`, `{"alg":"HS256"}`,
		sessionHeader,
	}
}

// ready takes the clock and leeway, which count on the first call only.
func (t *tokenReader) ready(now func() time.Time, leeway time.Duration) *tokenReader {
	t.once.Do(func() {
		t.parser = jwt.NewParser(jwt.WithStrictDecoding())
		t.validator = jwt.NewValidator(jwt.WithTimeFunc(now), jwt.WithLeeway(leeway),
			jwt.WithExpirationRequired(), jwt.WithIssuedAt())
		t.usual = make(map[string]*jwt.Token)
		for _, header := range usualHeaders() {
			text := base64.RawURLEncoding.EncodeToString([]byte(header))
			if token, _, err := t.parser.ParseUnverified(text+".e30.", new(claims)); err == nil {
				t.usual[text] = token
			}
		}
	})
	return t
}

// parse reads a token without believing it. The algorithm must be the one that
// this class of token has; the token has no say in it.
func (t *tokenReader) parse(raw string, want jwt.SigningMethod, into jwt.Claims) (*jwt.Token, error) {
	token, err := t.read(raw, into)
	if errors.Is(err, jwt.ErrTokenUnverifiable) || err == nil && token.Method != want {
		return nil, refuse(CodeAlg, "want "+want.Alg())
	}
	if err != nil {
		return nil, &AuthError{Code: CodeMalformed, Detail: "not a JWT of ours", Err: err}
	}
	if _, found := token.Header["crit"]; found {
		return nil, refuse(CodeMalformed, "critical header that is not understood")
	}
	return token, nil
}

// read is the library's reading of a token. A usual header is not read again:
// its map would be half of a token's allocations.
func (t *tokenReader) read(raw string, into jwt.Claims) (*jwt.Token, error) {
	header, rest, _ := strings.Cut(raw, ".")
	payload, signature, complete := strings.Cut(rest, ".")
	usual := t.usual[header]
	if usual == nil || !complete {
		token, _, err := t.parser.ParseUnverified(raw, into)
		return token, err
	}
	data, err := t.parser.DecodeSegment(payload)
	if err != nil {
		return nil, err
	}
	if err := readClaims(data, into); err != nil {
		return nil, err
	}
	token := &jwt.Token{Raw: raw, Method: usual.Method, Header: usual.Header, Claims: into}
	token.Signature, err = t.parser.DecodeSegment(signature)
	return token, err
}

// verifies reports whether a parsed token is signed with the key.
func verifies(token *jwt.Token, key any) bool {
	signed := token.Raw[:strings.LastIndexByte(token.Raw, '.')]
	return token.Method.Verify(signed, token.Signature, key) == nil
}

// checkTimes looks at exp, iat and nbf.
func (t *tokenReader) checkTimes(c jwt.Claims, now time.Time) error {
	err := t.validator.Validate(c)
	switch {
	case errors.Is(err, jwt.ErrTokenRequiredClaimMissing):
		return &AuthError{Code: CodeNoExpiry, Err: err}
	case errors.Is(err, jwt.ErrTokenExpired):
		return &AuthError{Code: CodeExpired, Detail: offBy(c.GetExpirationTime, now) + " ago, if our clock is right", Err: err}
	case err != nil:
		return &AuthError{Code: CodeNotYet, Detail: "issued " + offBy(c.GetIssuedAt, now) + " from now, if our clock is right", Err: err}
	}
	exp, err := c.GetExpirationTime()
	if err != nil || exp.After(now.Add(maxLifetime)) {
		return refuse(CodeLifetime, "expires more than a day from now")
	}
	return nil
}

// checkHostTimes wants iat too, which a host always sends.
func (t *tokenReader) checkHostTimes(c *hostClaims, now time.Time) error {
	if c.IssuedAt == 0 {
		return refuse(CodeMalformed, "no time of issue")
	}
	return t.checkTimes(c, now)
}

// clock is now, or the system's clock without one.
func clock(now func() time.Time) func() time.Time {
	if now == nil {
		return time.Now
	}
	return now
}

// offBy is how far a time of a token lies from now, for a log.
func offBy(of func() (*jwt.NumericDate, error), now time.Time) string {
	at, err := of()
	if err != nil || at == nil {
		return "some time"
	}
	return now.Sub(at.Time).Abs().Round(time.Second).String()
}
