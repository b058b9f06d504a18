package judge

import (
	"bytes"
	"cmp"
	"context"
	"crypto/rand"
	"crypto/rsa"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/sightline-go/sightline/connect/connecttest"
)

// stand is where the app is tried: the site that it trusts, and what its descriptor and
// manifest say.
type stand struct {
	client *http.Client
	site   *connecttest.Site
	now    func() time.Time

	base       string // the app's base URL
	descriptor descriptor
	kind       string // content type of the descriptor
	key        *rsa.PrivateKey
	kid        string
	// stranger is a key that the site does not know; the canary has it.
	stranger *rsa.PrivateKey
	canary   *canary
	// tenant is the one that page cases use.
	tenant tenant
	// place is the page or webhook that cases use.
	place  place
	remote *remote
	chat   *chat
	// waits are between tries of an app that answers 429.
	wait time.Duration
	// patience is how long an install may take while others are slow.
	patience time.Duration
}

// descriptor is what the judge reads of an app's descriptor.
type descriptor struct {
	Key            string
	BaseURL        string
	Authentication struct{ Type string }
	Lifecycle      struct{ Installed, Uninstalled, Enabled, Disabled string }
	APIMigrations  map[string]any
	Scopes         []string
	Modules        map[string]json.RawMessage
}

// tenant is an installation that the judge plays.
type tenant struct{ clientKey, secret string }

func (s *stand) newTenant() tenant { return tenant{"judge-" + rand.Text(), rand.Text() + rand.Text()} }

// answer is what the app answered.
type answer struct {
	status int
	header http.Header
	body   string
	err    error
}

// String is the answer in a few words, and nothing of its body.
func (a answer) String() string {
	if a.err != nil {
		return "no answer"
	}
	return fmt.Sprint(a.status)
}

// refused reports whether a request was turned down as it should be.
func (a answer) refused() bool {
	return a.err == nil && a.status >= 400 && a.status < 500 && a.status != http.StatusNotFound && a.status != http.StatusTooManyRequests
}

// taken reports whether the app did not doubt who called.
func (a answer) taken() bool {
	return a.err == nil && a.status != http.StatusUnauthorized && a.status != http.StatusForbidden && a.status != http.StatusNotFound && a.status != http.StatusBadRequest
}

// maxAnswer bounds what is read of an answer, in bytes.
const maxAnswer = 4 << 20

// send makes a call. target is a path with query below the app's base URL.
func (s *stand) send(ctx context.Context, method, target string, header http.Header, body []byte) answer {
	for try := 0; ; try++ {
		a := s.once(ctx, method, target, header, body)
		if a.status != http.StatusTooManyRequests || try == 3 {
			return a
		}
		select {
		case <-ctx.Done():
			return answer{err: ctx.Err()}
		case <-time.After(s.wait):
		}
	}
}

func (s *stand) once(ctx context.Context, method, target string, header http.Header, body []byte) answer {
	r, err := http.NewRequestWithContext(ctx, method, s.base+target, bytes.NewReader(body))
	if err != nil {
		return answer{err: err}
	}
	r.Header = header.Clone()
	if host := r.Header.Get("Host"); host != "" {
		r.Host = host
	}
	resp, err := s.client.Do(r)
	if err != nil {
		return answer{err: err}
	}
	defer resp.Body.Close()
	data, err := io.ReadAll(io.LimitReader(resp.Body, maxAnswer))
	return answer{resp.StatusCode, resp.Header, string(data), err}
}

// basePath is the path of the base URL.
func (s *stand) basePath() string {
	u, err := url.Parse(s.base)
	if err != nil {
		return ""
	}
	return strings.TrimSuffix(u.EscapedPath(), "/")
}

// hash is the hash of a call to a target below the base URL.
func (s *stand) hash(method, target string) string {
	path, query, _ := strings.Cut(target, "?")
	return connecttest.QSH(method, s.basePath()+path, query, s.basePath())
}

// read reads the descriptor; it is nothing that could be tried without one.
func (s *stand) read(ctx context.Context, address string) error {
	s.base = ""
	a := s.send(ctx, http.MethodGet, address, nil, nil)
	if a.err != nil || a.status != http.StatusOK {
		return fmt.Errorf("read descriptor %s: %w", address, cmp.Or(a.err, fmt.Errorf("status %d", a.status)))
	}
	if err := json.Unmarshal([]byte(a.body), &s.descriptor); err != nil {
		return fmt.Errorf("read descriptor %s: %w", address, err)
	}
	s.kind = a.header.Get("Content-Type")
	// The app is tried where its descriptor was found, whatever it says of itself.
	at := strings.LastIndexByte(address, '/')
	s.base = address[:at]
	if s.descriptor.Lifecycle.Installed == "" {
		return errors.New("the descriptor has no lifecycle.installed: nothing can be installed")
	}
	return nil
}

// place is a page or webhook of the app.
type place struct{ method, path string }

// places are the app's pages and webhooks whose paths have no variables.
func (s *stand) places() (all []place) {
	for _, kind := range []string{"generalPages", "jiraDashboardItems", "jiraProjectPages", "configurePage", "postInstallPage", "adminPages", "webhooks"} {
		method := http.MethodGet
		if kind == "webhooks" {
			method = http.MethodPost
		}
		for _, address := range addresses(s.descriptor.Modules[kind]) {
			if path, _, _ := strings.Cut(address, "?"); strings.HasPrefix(path, "/") && !strings.ContainsAny(path, "{}") {
				all = append(all, place{method, path})
			}
		}
	}
	return all
}

// addresses are those of the modules of a kind, a list or a single one.
func addresses(raw json.RawMessage) (all []string) {
	var list []struct{ URL string }
	var one struct{ URL string }
	if json.Unmarshal(raw, &list) != nil && json.Unmarshal(raw, &one) == nil {
		list = append(list, one)
	}
	for _, m := range list {
		all = append(all, m.URL)
	}
	return all
}

// page is the page or webhook that cases use; ok is false if there is none.
func (s *stand) page() (method, path string, ok bool) {
	return s.place.method, s.place.path, s.place.path != ""
}

// choose chooses the first place that a right call opens: some are for administrators
// alone. If none opens, the first one shows that.
func (s *stand) choose(ctx context.Context) {
	for i, p := range s.places() {
		before := s.place
		if s.place = p; s.open(ctx, s.tenant).taken() {
			return
		}
		if i > 0 {
			s.place = before
		}
	}
}

// hostToken is a right token of the site for a call.
func (s *stand) hostToken(t tenant, method, target string) token {
	now := s.now().Unix()
	return token{
		header: object{"alg": "HS256", "typ": "JWT"}, key: []byte(t.secret), method: method, target: target,
		claims: object{"iss": t.clientKey, "sub": "judge-person", "iat": now, "exp": now + 180, "qsh": s.hash(method, target)},
	}
}

// installToken is a right token for an install or an uninstall.
func (s *stand) installToken(t tenant, path string) token {
	now := s.now().Unix()
	return token{
		header: object{"alg": "RS256", "typ": "JWT", "kid": s.kid}, key: s.key, method: http.MethodPost, target: path,
		claims: object{"iss": t.clientKey, "aud": []string{s.base}, "iat": now, "exp": now + 180, "qsh": s.hash(http.MethodPost, path)},
	}
}

// payload is the body of a lifecycle call.
func (s *stand) payload(t tenant, event string) object {
	o := object{
		"key": s.descriptor.Key, "clientKey": t.clientKey, "baseUrl": s.site.URL(), "displayUrl": s.site.URL(), "productType": "jira",
		"description": "The judge", "eventType": event, "oauthClientId": "judge-" + t.clientKey,
	}
	if event == "installed" {
		o["sharedSecret"] = t.secret
	}
	return o
}

func bytesOf(o object) []byte {
	data, _ := json.Marshal(o) // made of texts and numbers
	return data
}

func withToken(text string) http.Header {
	return http.Header{"Authorization": {"JWT " + text}, "Content-Type": {"application/json"}}
}

// install installs a tenant as a right site does.
func (s *stand) install(ctx context.Context, t tenant) answer {
	path := s.descriptor.Lifecycle.Installed
	return s.send(ctx, http.MethodPost, path, withToken(s.installToken(t, path).text()), bytesOf(s.payload(t, "installed")))
}

// lifecycle is the path of a lifecycle call, empty if the app does not listen to it.
func (s *stand) lifecycle(event string) string {
	l := s.descriptor.Lifecycle
	return map[string]string{"installed": l.Installed, "uninstalled": l.Uninstalled, "enabled": l.Enabled, "disabled": l.Disabled}[event]
}

// tell makes another lifecycle call, if the app listens to it.
func (s *stand) tell(ctx context.Context, t tenant, event string) (answer, bool) {
	path := s.lifecycle(event)
	if path == "" {
		return answer{}, false
	}
	text := s.hostToken(t, http.MethodPost, path).text()
	if event == "uninstalled" {
		text = s.installToken(t, path).text()
	}
	return s.send(ctx, http.MethodPost, path, withToken(text), bytesOf(s.payload(t, event))), true
}

// open opens a page of the app as a tenant's person does.
func (s *stand) open(ctx context.Context, t tenant) answer {
	method, path, _ := s.page()
	return s.send(ctx, method, path+"?jwt="+s.hostToken(t, method, path).text(), http.Header{"Content-Type": {"application/json"}}, hookBody(method))
}

// hookBody is the body of a webhook, nothing for a page.
func hookBody(method string) []byte {
	if method != http.MethodPost {
		return nil
	}
	return []byte(`{"webhookEvent":"judge:nothing","timestamp":1}`)
}

// has reports whether something of an answer holds a text.
func (a answer) has(text string) bool {
	var all bytes.Buffer
	_ = a.header.Write(&all) // a buffer takes everything
	return strings.Contains(all.String()+a.body, text)
}

// skip is the outcome of a case that the app gives no place to.
func skip(why string) outcome { return outcome{Skip, "", why} }

// judged is the outcome of one call.
func judged(ok bool, sent string, a answer) outcome {
	if ok {
		return outcome{Pass, sent, a.String()}
	}
	return outcome{Fail, sent, a.String()}
}
