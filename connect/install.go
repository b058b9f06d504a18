package connect

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"github.com/sightline-go/sightline/connect/internal/site"
)

// kidPattern is what may be put into the path of a key host.
var kidPattern = regexp.MustCompile(`\A[A-Za-z0-9._-]{1,128}\z`)

// Install verifies the installed and uninstalled calls: the token is signed with
// Atlassian's private key, is addressed to one of our base URLs and to this path,
// and was issued by the client key that body names. body is the whole body of r.
//
// Checks that need no network come first, so that a request that can never pass
// costs no call to the key host. A refusal is an [*AuthError], a body that cannot
// be read a [*BodyError].
//
// See https://developer.atlassian.com/cloud/jira/platform/security-for-connect-apps/#validating-installation-lifecycle-requests
func (v *Verifier) Install(r *http.Request, body []byte) (Install, error) {
	req, err := readInbound(r, "JWT")
	if err != nil {
		return Install{}, err
	}
	now := clock(v.Now)
	tokens := v.tokens.ready(now, leeway)
	c := new(hostClaims)
	token, err := tokens.parse(req.token, jwt.SigningMethodRS256, c)
	if err != nil {
		return Install{}, err
	}
	in, err := v.readInstall(r, body, c.Issuer)
	if err != nil {
		return Install{}, err
	}
	if err := v.checkInstallClaims(&req, c); err != nil {
		return Install{}, err
	}
	if err := tokens.checkHostTimes(c, now()); err != nil {
		return Install{}, err
	}
	if err := v.checkInstallSignature(r.Context(), token, in.BaseURL); err != nil {
		return Install{}, err
	}
	in.IssuedAt = time.Unix(c.IssuedAt, 0)
	return in, nil
}

// Lifecycle verifies the enabled and disabled calls: the token is signed for this
// address with the shared secret of the client key that body names. The tenant is
// active or disabled; an uninstalled one has no secret left to sign with. Errors
// are as for [Verifier.Install].
func (v *Verifier) Lifecycle(r *http.Request, body []byte) (Install, error) {
	req, err := readInbound(r, "JWT")
	if err != nil {
		return Install{}, err
	}
	c, _, err := v.host(r.Context(), req.token, StateActive, StateDisabled)
	if err != nil {
		return Install{}, err
	}
	if err := v.checkQSH(&req, c.QSH); err != nil {
		return Install{}, err
	}
	in, err := v.readInstall(r, body, c.Issuer)
	in.IssuedAt = time.Unix(c.IssuedAt, 0)
	return in, err
}

// readInstall reads the body of a lifecycle call and checks what it says about
// itself: the app, the issuer of the token, and a site that may install. The
// display URL may be on any host, as sites have domains of their own; if it is not
// a URL, it is dropped.
func (v *Verifier) readInstall(r *http.Request, body []byte, issuer string) (Install, error) {
	var in Install
	if err := decodeBody(r, body, &in, "key", "clientKey", "sharedSecret", "baseUrl", "displayUrl", "eventType"); err != nil {
		return Install{}, err
	}
	in.BaseURL = strings.TrimSuffix(in.BaseURL, "/")
	in.DisplayURL = strings.TrimSuffix(in.DisplayURL, "/")
	if _, err := site.Parse(in.DisplayURL); err != nil && in.DisplayURL != "" {
		in.Dropped = "display URL " + seen(in.DisplayURL) + ": " + err.Error()
		in.DisplayURL = ""
	}
	if err := checkInstall(in); err != nil {
		return Install{}, err
	}
	switch {
	case in.Key != v.AppKey:
		return Install{}, refuse(CodeAppKey, "for the app "+seen(in.Key)+", not "+v.AppKey)
	case issuer != string(in.ClientKey):
		return Install{}, refuse(CodeClientKey, "the issuer is not the client key of the body")
	}
	if err := v.Hosts.Check(in.BaseURL); err != nil {
		return Install{}, &AuthError{Code: CodeHost, Detail: "base URL: " + err.Error(), Err: err}
	}
	return in, nil
}

// checkInstall looks for what every lifecycle call carries.
func checkInstall(in Install) error {
	switch {
	case in.Key == "":
		return &BodyError{Field: "key", Detail: "missing"}
	case in.ClientKey == "" || len(in.ClientKey) > 255:
		return &BodyError{Field: "clientKey", Detail: "missing or longer than 255 bytes"}
	case in.BaseURL == "":
		return &BodyError{Field: "baseUrl", Detail: "missing"}
	}
	return nil
}

func (v *Verifier) checkInstallClaims(req *inbound, c *hostClaims) error {
	got := strings.TrimSuffix(c.firstAudience(), "/")
	ours := func(base string) bool { return got != "" && got == strings.TrimSuffix(base, "/") }
	if !slices.ContainsFunc(v.BaseURLs, ours) {
		return refuse(CodeAudience, "for "+seen(got)+", not one of our base URLs: "+strings.Join(v.BaseURLs, ", "))
	}
	return v.checkQSH(req, c.QSH)
}

func (v *Verifier) checkInstallSignature(ctx context.Context, token *jwt.Token, baseURL string) error {
	kid, ok := token.Header["kid"].(string)
	if !ok || !kidPattern.MatchString(kid) || strings.Trim(kid, ".") == "" {
		return refuse(CodeKid, "missing or not a plain name")
	}
	home, err := site.Parse(baseURL)
	if err != nil {
		return err
	}
	key, err := v.Keys.Key(ctx, home.Hostname(), kid)
	switch {
	case errors.Is(err, ErrNotFound):
		return &AuthError{Code: CodeKey, Detail: "no such install key: " + seen(kid), Err: err}
	case err != nil:
		return fmt.Errorf("get install key: %w", err)
	}
	if !verifies(token, key) {
		return refuse(CodeSignature, "")
	}
	return nil
}
