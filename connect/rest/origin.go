package rest

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
)

// ErrForeignOrigin says that a call was aimed at another place than the one a
// transport has a secret for, so it was not made.
var ErrForeignOrigin = errors.New("not the service's origin")

// CheckOrigin reports whether a request goes to the scheme, host and port of
// the address home; else it is ErrForeignOrigin. It keeps a secret at home,
// whatever address or redirect comes along.
func CheckOrigin(req *http.Request, home string) error {
	u, err := url.Parse(home)
	if err != nil || origin(u) == "" {
		return errors.New("no usable origin")
	}
	if origin(req.URL) != origin(u) || (req.Host != "" && !strings.EqualFold(req.Host, req.URL.Host)) {
		return fmt.Errorf("%w %s", ErrForeignOrigin, origin(u))
	}
	return nil
}

// origin is scheme, host and port in one form; empty for what is not http.
func origin(u *url.URL) string {
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
