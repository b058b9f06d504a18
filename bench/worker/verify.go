package main

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/sightline-go/sightline/connect"
)

// What the site signs: a gadget's page as a dashboard requests it.
const (
	appKey     = "com.example.app"
	clientKey  = "client-key-of-the-site"
	secret     = "a shared secret of the usual length: 0123456789abcdef"
	siteURL    = "https://example.atlassian.net"
	appURL     = "https://app.example.com"
	pagePath   = "/gadget"
	pageQuery  = "dashboardItemId=10022&dashboardId=10001&view=default&xdm_e=https%3A%2F%2Fexample.atlassian.net&xdm_c=channel-com.example.app__gadget&cp=&xdm_deprecated_addon_key_do_not_use=com.example.app&lic=none&cv=1001.0.0-SNAPSHOT"
	pageMethod = http.MethodGet
)

// token signs the page by hand, valid for an hour, longer than any measurement.
func token(now time.Time) string {
	sum := sha256.Sum256(canonical(pageQuery))
	header := `{"typ":"JWT","alg":"HS256"}`
	claims := `{"sub":"712020:3bd8d567-b217-0b29-43d2-690aba641d5a","qsh":"` + hex.EncodeToString(sum[:]) +
		`","iss":"` + clientKey + `","context":{},"exp":` + strconv.FormatInt(now.Add(time.Hour).Unix(), 10) +
		`,"iat":` + strconv.FormatInt(now.Unix(), 10) + `}`
	signed := base64.RawURLEncoding.EncodeToString([]byte(header)) + "." + base64.RawURLEncoding.EncodeToString([]byte(claims))
	return signed + "." + base64.RawURLEncoding.EncodeToString(sign([]byte(secret), signed))
}

func sign(key []byte, text string) []byte {
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte(text))
	return mac.Sum(nil)
}

// canonical is the canonical request of the page, by hand: the method, the path
// and the sorted query without the token. See
// https://developer.atlassian.com/cloud/jira/platform/understanding-jwt-for-connect-apps/#a-name-qsh-a-creating-a-query-string-hash
func canonical(query string) []byte {
	pairs := make([]string, 0, 16)
	for pair := range strings.SplitSeq(query, "&") {
		if !strings.HasPrefix(pair, "jwt=") {
			pairs = append(pairs, pair)
		}
	}
	slices.Sort(pairs)
	text := make([]byte, 0, len(pageMethod)+len(pagePath)+len(query)+2)
	text = append(text, pageMethod+"&"+pagePath...)
	for _, pair := range pairs {
		text = appendPair(append(text, '&'), pair)
	}
	return text
}

// appendPair escapes a pair anew; its name must be plain, and its value must not
// contain spaces.
func appendPair(text []byte, pair string) []byte {
	if !strings.ContainsAny(pair, "%+") {
		return append(text, pair...)
	}
	name, value, _ := strings.Cut(pair, "=")
	plain, err := url.QueryUnescape(value)
	if err != nil {
		return nil
	}
	return append(append(append(text, name...), '='), url.QueryEscape(plain)...)
}

// verifyLoop verifies one signed page of a known tenant.
func verifyLoop(ctx context.Context) (op func() error, end func(), err error) {
	store := &connect.Memory{}
	_, err = store.SaveInstall(ctx, connect.Install{
		Key: appKey, ClientKey: clientKey, SharedSecret: connect.NewSecret(secret), BaseURL: siteURL, ProductType: connect.ProductJira,
	})
	if err != nil {
		return nil, nil, err
	}
	verifier := &connect.Verifier{
		AppKey: appKey, BaseURLs: []string{appURL}, Hosts: connect.DefaultHosts(), Tenants: &connect.TenantCache{Source: store},
	}
	r := httptest.NewRequestWithContext(ctx, pageMethod, pagePath+"?"+pageQuery+"&jwt="+token(time.Now()), nil)
	return func() error { _, err := verifier.Host(r); return err }, func() {}, nil
}

// hashLoop is the least that any verification does: the HMAC of the same
// token and the hash of the same canonical request.
func hashLoop(context.Context) (op func() error, end func(), err error) {
	full := token(time.Now())
	key, signed, request := []byte(secret), full[:strings.LastIndexByte(full, '.')], canonical(pageQuery)
	return func() error {
		sum := sha256.Sum256(request)
		if hmac.Equal(sign(key, signed), sum[:]) {
			return errors.New("they are equal")
		}
		return nil
	}, func() {}, nil
}

// handLoop does by hand what a verification computes, and checks only the
// signature and the hash: HMAC, base64, JSON of the claims, the canonical request
// and its SHA-256.
func handLoop(context.Context) (op func() error, end func(), err error) {
	full := token(time.Now())
	key, query := []byte(secret), pageQuery+"&jwt="+full
	return func() error { return verifyByHand(key, full, query) }, func() {}, nil
}

func verifyByHand(key []byte, full, query string) error {
	dot := strings.LastIndexByte(full, '.')
	if dot < 0 {
		return errors.New("no token")
	}
	_, payload, _ := strings.Cut(full[:dot], ".")
	mac, err := base64.RawURLEncoding.DecodeString(full[dot+1:])
	if err != nil || !hmac.Equal(mac, sign(key, full[:dot])) {
		return errors.New("wrong signature")
	}
	var claims struct {
		Account string `json:"sub"`
		QSH     string `json:"qsh"`
		Issuer  string `json:"iss"`
		Expires int64  `json:"exp"`
		Issued  int64  `json:"iat"`
	}
	data, err := base64.RawURLEncoding.DecodeString(payload)
	if err != nil {
		return err
	}
	if err := json.Unmarshal(data, &claims); err != nil {
		return err
	}
	sum := sha256.Sum256(canonical(query))
	var text [2 * sha256.Size]byte
	hex.Encode(text[:], sum[:])
	if string(text[:]) != claims.QSH {
		return errors.New("wrong hash of the request")
	}
	return nil
}
