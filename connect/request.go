package connect

import (
	"bytes"
	"fmt"
	"io"
	"mime"
	"net/http"
	"slices"
	"strings"

	"github.com/sightline-go/sightline/connect/internal/qsh"
)

// The most that is read of a token and of a form that may carry one, in bytes.
const (
	maxToken = 8 << 10
	maxForm  = 64 << 10
)

// inbound is a request as far as verification looks at it. What proxies say
// about it in headers is never looked at.
type inbound struct {
	method string
	path   string // raw, without the query
	query  []qsh.Param
	form   []qsh.Param
	token  string
}

// readInbound finds the one token of a request: in the query or form as "jwt",
// or in the Authorization header under the given scheme, spelt exactly. A form
// body is read, at most 64 KiB, and put back.
func readInbound(r *http.Request, scheme string) (inbound, error) {
	in := inbound{method: r.Method, path: rawPath(r), query: qsh.Parse(r.URL.RawQuery)}
	var err error
	if in.form, err = readForm(r); err != nil {
		return inbound{}, err
	}
	in.token, err = in.findToken(r.Header["Authorization"], scheme)
	return in, err
}

// rawPath is the path as the client sent it. Handlers in front may have cut
// the URL's.
func rawPath(r *http.Request) string {
	if strings.HasPrefix(r.RequestURI, "/") {
		path, _, _ := strings.Cut(r.RequestURI, "?")
		return path
	}
	return r.URL.EscapedPath()
}

func readForm(r *http.Request) ([]qsh.Param, error) {
	if r.Body == nil || r.Method != http.MethodPost && r.Method != http.MethodPut {
		return nil, nil
	}
	if t, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type")); t != "application/x-www-form-urlencoded" {
		return nil, nil
	}
	body, err := io.ReadAll(http.MaxBytesReader(nil, r.Body, maxForm))
	if err != nil {
		return nil, fmt.Errorf("read form: %w", err)
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	return qsh.Parse(string(body)), nil
}

func (in *inbound) findToken(headers []string, scheme string) (string, error) {
	count, token := 0, ""
	for _, list := range [][]qsh.Param{in.query, in.form} {
		for _, p := range list {
			if p.Name == qsh.TokenParam {
				count, token = count+1, p.Value
			}
		}
	}
	for _, h := range headers {
		if t, ok := strings.CutPrefix(h, scheme+" "); ok {
			count, token = count+1, t
		}
	}
	switch {
	case count > 1 || len(headers) > 1:
		return "", refuse(CodeTwoTokens, "more than one token or Authorization header")
	case token == "":
		return "", refuse(CodeMissing, "no token under the scheme "+scheme)
	case len(token) > maxToken:
		return "", refuse(CodeMalformed, "longer than 8 KiB")
	}
	return token, nil
}

// canonical appends the request relative to basePath. With form, the form
// stands in for the empty query.
func (in *inbound) canonical(to []byte, basePath string, form bool, order qsh.Order) []byte {
	params := in.query
	if form {
		params = in.form
	}
	return qsh.Append(to, in.method, in.path, basePath, params, order)
}

// formCounts reports whether the form may be what was hashed: there is one,
// and nothing but a token is in the query.
func (in *inbound) formCounts() bool {
	return len(in.form) > 0 && !slices.ContainsFunc(in.query, func(p qsh.Param) bool { return p.Name != qsh.TokenParam })
}

// contextQSH is the fixed query string hash of tokens that are not bound to an
// address.
const contextQSH = "context-qsh"

// Canonical writes a request the way both sides hash it: METHOD&PATH&QUERY.
// rawPath and rawQuery are as they were sent, still percent-encoded; basePath is
// the path of the base URL that the request is relative to, or empty.
//
// Implementations differ in some points. This one cuts a base path at a segment
// boundary only; keeps a parameter with an empty name; takes brackets in names
// literally; does not split at semicolons; lets a percent sign that starts no
// escape stand for itself; and sorts names as decoded UTF-16.
// See https://developer.atlassian.com/cloud/jira/platform/understanding-jwt-for-connect-apps/#qsh
func Canonical(method, rawPath, rawQuery, basePath string) string {
	return string(qsh.Append(nil, method, rawPath, basePath, qsh.Parse(rawQuery), qsh.ByName))
}

// QSH is the query string hash: the lower-case hexadecimal SHA-256 of
// [Canonical].
func QSH(method, rawPath, rawQuery, basePath string) string {
	return qsh.Hash(qsh.Append(nil, method, rawPath, basePath, qsh.Parse(rawQuery), qsh.ByName))
}
