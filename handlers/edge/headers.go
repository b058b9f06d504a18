package edge

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"

	"github.com/sightline-go/sightline/connect"
)

// themes is where the host's script loads its themes from.
const themes = "https://connect-cdn.atl-paas.net"

// fixedHeaders are values that many answers have. A value of a header is a list,
// and these are shared by all answers: never change one in place.
type fixedHeaders struct {
	notStored, loadsNothing, noSniff, noReferrer, strictTransport []string
	varyEncoding, gzip, html                                      []string
	// unframed is the policy of a page whose tenant is not known.
	unframed []string
	// policy is that of a page up to its ancestors as sources of images, and what
	// follows them up to the ancestors that may frame it.
	policy  [2]string
	tenants policies
}

// maxPolicies bounds the tenants' policies that are kept, of about a kilobyte each.
const maxPolicies = 128

// policies are those of the tenants that were asked for last, by their addresses.
type policies struct {
	mu   sync.RWMutex
	kept map[[2]string][]string
}

// of is the policy for two addresses of a tenant, made once.
func (p *policies) of(addresses [2]string, policy func() string) []string {
	p.mu.RLock()
	found := p.kept[addresses]
	p.mu.RUnlock()
	if found != nil {
		return found
	}
	made := []string{policy()}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.kept == nil || len(p.kept) == maxPolicies {
		p.kept = map[[2]string][]string{}
	}
	p.kept[addresses] = made
	return made
}

func newFixedHeaders(c Config) *fixedHeaders {
	script := originOf(c.HostScript)
	f := &fixedHeaders{
		notStored:       []string{"no-cache, no-store"},
		loadsNothing:    []string{"default-src 'none'; frame-ancestors 'none'"},
		noSniff:         []string{"nosniff"},
		noReferrer:      []string{"no-referrer"},
		strictTransport: []string{"max-age=31536000"},
		varyEncoding:    []string{"Accept-Encoding"},
		gzip:            []string{"gzip"},
		html:            []string{htmlType},
		policy: [2]string{
			strings.Join([]string{
				"default-src 'none'",
				"script-src 'self' " + script,
				"style-src 'self' " + script + " " + themes,
				"img-src 'self' data: https://*.atlassian.net https://*.atl-paas.net https://secure.gravatar.com ",
			}, "; "),
			strings.Join([]string{
				"", "connect-src 'self'",
				"font-src 'self' https://ds-cdn.prod-east.frontend.public.atl-paas.net",
				"form-action 'self'",
				"base-uri 'none'",
				"frame-ancestors ",
			}, "; "),
		},
	}
	f.unframed = []string{f.framedBy(c.Ancestors)}
	return f
}

func (f *fixedHeaders) framedBy(ancestors []string) string {
	if len(ancestors) == 1 {
		return f.policy[0] + ancestors[0] + f.policy[1] + ancestors[0]
	}
	list := strings.Join(ancestors, " ")
	return f.policy[0] + list + f.policy[1] + list
}

// baseHeaders go with every answer: by default it is not stored, loads nothing
// and cannot be framed. Pages and files override them.
func (e *Edge) baseHeaders(h http.Header) {
	h["Cache-Control"] = e.fixed.notStored
	h["Content-Security-Policy"] = e.fixed.loadsNothing
	h["X-Content-Type-Options"] = e.fixed.noSniff
	h["Referrer-Policy"] = e.fixed.noReferrer
	if e.BaseURL.Scheme == "https" {
		h["Strict-Transport-Security"] = e.fixed.strictTransport
	}
}

// FramedBy sets the headers of a page with a person's data: no inline code
// runs, and only the given origins may frame it.
func (r *Request) FramedBy(ancestors ...string) {
	r.Writer.Header()["Content-Security-Policy"] = []string{r.edge.fixed.framedBy(ancestors)}
}

// framedByAnyTenant is FramedBy for a page whose tenant is not known.
func (r *Request) framedByAnyTenant() {
	r.Writer.Header()["Content-Security-Policy"] = r.edge.fixed.unframed
}

// framedByTenant is FramedBy for a tenant's own site, under both of its names.
func (r *Request) framedByTenant(t *connect.Tenant) {
	fixed := r.edge.fixed
	r.Writer.Header()["Content-Security-Policy"] = fixed.tenants.of([2]string{t.BaseURL, t.DisplayURL}, func() string {
		origins := []string{originOf(t.BaseURL), originOf(t.DisplayURL)}
		origins = slices.DeleteFunc(origins, func(o string) bool { return o == "" })
		return fixed.framedBy(slices.Compact(origins))
	})
}

// originOf is the origin of an address, "" if that names no host.
func originOf(address string) string {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" {
		return ""
	}
	return u.Scheme + "://" + u.Host
}
