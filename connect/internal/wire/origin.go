package wire

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
)

// ErrForeignOrigin says that a call was aimed at another origin than the one
// its secret is for. Nothing was sent.
var ErrForeignOrigin = errors.New("not the origin that the secret is for")

// errNoOrigin does not quote the address, which may hold a password.
var errNoOrigin = errors.New("no usable origin")

// CheckOrigin returns nil if the request goes to the scheme, host and port of
// the address home, and an error that wraps [ErrForeignOrigin] if it goes
// elsewhere. A home that is not an http or https address is another error.
func CheckOrigin(req *http.Request, home string) error {
	u, err := url.Parse(home)
	if err != nil {
		return errNoOrigin
	}
	want := Origin(u)
	switch {
	case want == "":
		return errNoOrigin
	case Origin(req.URL) != want, req.Host != "" && !strings.EqualFold(req.Host, req.URL.Host):
		return fmt.Errorf("%w, %s", ErrForeignOrigin, want)
	}
	return nil
}

// Origin writes scheme, host and port in one form, the port always given:
// https://acme.atlassian.net:443. It is empty for what is not an http or https
// address with a host.
func Origin(u *url.URL) string {
	scheme, port := strings.ToLower(u.Scheme), u.Port()
	switch {
	case u.Hostname() == "" || u.Opaque != "":
		return ""
	case scheme == "https" && port == "":
		port = "443"
	case scheme == "http" && port == "":
		port = "80"
	case scheme != "https" && scheme != "http":
		return ""
	}
	return scheme + "://" + strings.ToLower(u.Hostname()) + ":" + port
}
