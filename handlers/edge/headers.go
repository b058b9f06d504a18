package edge

import (
	"net/url"
	"slices"
	"strings"

	"github.com/sightline-go/sightline/connect"
)

// themes is where the host's script loads its themes from.
const themes = "https://connect-cdn.atl-paas.net"

// baseHeaders go with every answer: by default it is not stored, loads nothing
// and cannot be framed. Pages and files override them.
func (e *Edge) baseHeaders(r *Request) {
	h := r.Writer.Header()
	h.Set("Cache-Control", "no-cache, no-store")
	h.Set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "no-referrer")
	if e.BaseURL.Scheme == "https" {
		h.Set("Strict-Transport-Security", "max-age=31536000; includeSubDomains")
	}
}

// FramedBy sets the headers of a page with a person's data: no inline code
// runs, and only the given origins may frame it.
func (r *Request) FramedBy(ancestors ...string) {
	script := originOf(r.edge.HostScript)
	r.Header("Content-Security-Policy", strings.Join([]string{
		"default-src 'none'",
		"script-src 'self' " + script,
		"style-src 'self' " + script + " " + themes,
		"img-src 'self' data: https://*.atlassian.net https://*.atl-paas.net https://secure.gravatar.com " + strings.Join(ancestors, " "),
		"connect-src 'self'",
		"font-src 'self' https://ds-cdn.prod-east.frontend.public.atl-paas.net",
		"form-action 'self'",
		"base-uri 'none'",
		"frame-ancestors " + strings.Join(ancestors, " "),
	}, "; "))
}

// origins are those that frame a tenant's pages: its own site, under both of
// its names.
func origins(t *connect.Tenant) []string {
	list := []string{originOf(t.BaseURL), originOf(t.DisplayURL)}
	list = slices.DeleteFunc(list, func(o string) bool { return o == "" })
	return slices.Compact(list)
}

func originOf(address string) string {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" {
		return ""
	}
	return u.Scheme + "://" + u.Host
}
