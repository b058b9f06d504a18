package judge

import (
	"context"
	"encoding/base64"
	"fmt"
	"net/http"
	"strings"

	"github.com/sightline-go/sightline/connect/connecttest"
)

const restCalls = "https://developer.atlassian.com/cloud/jira/platform/rest/v3/intro/"

// maxCalls is how often an app may call again what was just refused.
const maxCalls = 10

// door is a way to have the app call the site: what is opened, and the path of what the
// app then calls.
type door struct {
	sent string
	// faults matches the path of its calls.
	faults string
	open   func(ctx context.Context) answer
}

// doors are what may make the app call: its pages, and for a Forge app the first call of
// a new installation, which brings a token.
func (s *stand) doors() (all []door) {
	if s.remote != nil {
		all = append(all, s.forgeDoor())
	}
	for _, p := range s.places() {
		if p.method == http.MethodGet {
			all = append(all, door{"GET " + p.path, "/rest/*", func(ctx context.Context) answer {
				return s.send(ctx, p.method, p.path+"?jwt="+s.hostToken(s.tenant, p.method, p.path).text(), nil, nil)
			}})
		}
	}
	return all
}

// forgeDoor is a call of an installation on a site that nobody has seen.
func (s *stand) forgeDoor() door {
	cloud := s.newTenant().clientKey
	t := s.invocation()
	app, _ := t.claims["app"].(object)
	app = with(app, "installationId", "ari:cloud:ecosystem::installation/"+s.newTenant().clientKey)
	app = with(app, "apiBaseUrl", s.site.URL()+connecttest.ForgeAPIPath+cloud)
	t = t.change("app", app).change("context", nil).change("contexts", nil)
	// Apps may read when a token ends, and nothing else.
	ends := base64.RawURLEncoding.EncodeToString(fmt.Appendf(nil, `{"exp":%d}`, s.now().Unix()+7200))
	return door{"POST " + s.remote.path, "*" + cloud + "*", func(ctx context.Context) answer {
		header := bearer(t.text())
		header.Set("X-Forge-Oauth-System", "e30."+ends+".judge")
		return s.invoke(ctx, header)
	}}
}

// made is how often the app has called the site since a request, at a door's paths.
func (s *stand) made(d door, since int) (n int) {
	prefix, suffix := strings.TrimSuffix(d.faults, "*"), ""
	if strings.HasPrefix(d.faults, "*") {
		prefix, suffix = "", strings.Trim(d.faults, "*")
	}
	for _, r := range s.site.Requests(since) {
		if strings.HasPrefix(r.Path, prefix) && strings.Contains(r.Path, suffix) {
			n++
		}
	}
	return n
}

// last is the number of the site's last request.
func (s *stand) last() int {
	list := s.site.Requests(0)
	if len(list) == 0 {
		return 0
	}
	return list[len(list)-1].Seq
}

// calling is a case that needs an app that calls the site. All its calls are answered
// with the fault; it runs alone.
func calling(name, title, source string, fault func(s *stand) connecttest.Fault, judge func(ctx context.Context, s *stand, d door) outcome) Case {
	return Case{"calls." + name, title, source, func(ctx context.Context, s *stand) outcome {
		for i := range s.doors() {
			since := s.last()
			if d := s.doors()[i]; d.open(ctx).err != nil || s.made(d, since) == 0 {
				continue
			}
			d := s.doors()[i] // the same one, of another installation
			played := fault(s)
			played.Path = d.faults
			if err := s.site.AddFault(played); err != nil {
				return outcome{Fail, "a fault of the judge's site", err.Error()}
			}
			defer s.site.ClearFaults()
			return judge(ctx, s, d)
		}
		return skip("the app calls nothing while it is opened")
	}}
}

// alone reports whether a case needs the site for itself.
func (c Case) alone() bool { return strings.HasPrefix(c.ID, "calls.") }

func callCases() []Case {
	return append(redirectCases(), append(againCases(), brokenCases()...)...)
}

// redirectCases send the app's calls to another host: its credentials do not follow.
func redirectCases() []Case {
	var all []Case
	for _, f := range []struct {
		name   string
		status int
	}{{"redirect", http.StatusFound}, {"redirect-kept", http.StatusTemporaryRedirect}} {
		all = append(all, calling(f.name, fmt.Sprintf("keep its credentials when Jira answers %d to another host", f.status), security,
			func(s *stand) connecttest.Fault {
				return connecttest.Fault{Status: f.status, Headers: map[string]string{"Location": s.canary.url + "/rest/judge"}}
			},
			func(ctx context.Context, s *stand, d door) outcome {
				before := s.canary.heard()
				a := d.open(ctx)
				if s.canary.heard() > before {
					return outcome{Fail, d.sent, "credentials came to another host"}
				}
				return judged(a.err == nil, d.sent, a)
			}))
	}
	return all
}

// againCases refuse for ever what the app asks for.
func againCases() []Case {
	var all []Case
	for _, f := range []struct {
		name, title string
		fault       connecttest.Fault
	}{
		{"unauthorized", "not call for ever where it is refused", connecttest.Fault{Status: http.StatusUnauthorized}},
		{"limited", "not wait for an hour, nor call again at once, when it is told to", connecttest.Fault{Status: http.StatusTooManyRequests, RetryAfter: 3600}},
		{"limited-unsaid", "not call again and again when it calls too often", connecttest.Fault{Status: http.StatusTooManyRequests}},
	} {
		all = append(all, calling(f.name, f.title, restCalls, func(*stand) connecttest.Fault { return f.fault }, func(ctx context.Context, s *stand, d door) outcome {
			since := s.last()
			a := s.soon(ctx, d)
			if n := s.made(d, since); n > maxCalls {
				return outcome{Fail, d.sent, fmt.Sprintf("%d calls", n)}
			}
			return judged(a.err == nil, d.sent, a)
		}))
	}
	return all
}

// brokenCases answer what is no answer: the app says so, and goes on.
func brokenCases() []Case {
	var all []Case
	for _, f := range []struct {
		name, title string
		fault       connecttest.Fault
	}{
		{"cut", "live with half an answer", connecttest.Fault{Status: http.StatusOK, Headers: map[string]string{"Content-Length": "9999"}, Body: `{"value":`}},
		{"html", "live with a page for an answer", connecttest.Fault{Status: http.StatusOK, Headers: map[string]string{"Content-Type": "text/html"}, Body: "<!doctype html>"}},
		{"large", "live with an answer of thirty megabytes", connecttest.Fault{Status: http.StatusOK, Body: "{", Fill: 30 << 20}},
	} {
		all = append(all, calling(f.name, f.title, restCalls, func(*stand) connecttest.Fault { return f.fault }, func(ctx context.Context, s *stand, d door) outcome {
			if a := s.soon(ctx, d); a.err != nil {
				return judged(false, d.sent, a)
			}
			return s.stillServes(ctx, d.sent)
		}))
	}
	return all
}

// soon opens a door, and does not wait for long.
func (s *stand) soon(ctx context.Context, d door) answer {
	ctx, cancel := context.WithTimeout(ctx, s.patience)
	defer cancel()
	return d.open(ctx)
}
