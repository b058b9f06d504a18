package judge

import (
	"bufio"
	"cmp"
	"context"
	"crypto/rand"
	"crypto/rsa"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"regexp"
	"strings"
	"time"

	"github.com/sightline-go/sightline/connect/connecttest"
)

// Command judges a backend on the command line, with command line tags.
type Command struct {
	URL      string        `arg:"" optional:"" help:"Base URL of the app, or the address of its descriptor."`
	Listen   string        `default:"127.0.0.1:2990" help:"Where the judge's site listens: the app must be told its addresses, as docs/site.md says."`
	Only     []string      `help:"Only these cases, or families of them, such as page or install.kid."`
	List     bool          `help:"List the ids of all cases, one a line."`
	Format   string        `enum:"text,json,junit,sarif" default:"text" help:"text, json, junit or sarif."`
	Baseline string        `type:"existingfile" help:"A file with ids, one a line, that are known to fail."`
	Yes      bool          `help:"Agree that the judge installs and uninstalls tenants in the app."`
	Manifest string        `type:"existingfile" help:"The app's Forge manifest, to try its first endpoint with a route."`
	AppID    string        `name:"app-id" help:"The app's id on Forge, if the manifest has another."`
	Chat     string        `help:"The address of the app's descriptor for the chat, to try that too; it needs the two flags below."`
	ChatID   string        `name:"chat-id" help:"The id of the app's OAuth client in the chat."`
	ChatFile string        `name:"chat-secret" type:"existingfile" help:"A file with the secret of that client."`
	Timeout  time.Duration `default:"15s" help:"How long the app may take for an answer."`
	Wait     time.Duration `default:"2m" help:"How long to wait for the nonce at an address that is not on this machine."`
}

// UsageError says that the command was used wrongly.
type UsageError struct{ error }

// ErrFailed says that a case failed.
var ErrFailed = errors.New("the app fails")

// Run tries the cases and writes the report to out, and what is to be said meanwhile to
// say. The error is a [UsageError], [ErrFailed], or why the app could not be tried.
func (c Command) Run(ctx context.Context, out, say io.Writer) error {
	if c.List {
		for _, one := range Cases() {
			if _, err := fmt.Fprintln(out, one.ID); err != nil {
				return err
			}
		}
		return nil
	}
	cases, err := pick(Cases(), c.Only)
	if err != nil {
		return UsageError{err}
	}
	target, err := c.target()
	if err != nil {
		return UsageError{err}
	}
	known, err := c.known()
	if err != nil {
		return UsageError{err}
	}
	if !c.Yes {
		return UsageError{errors.New("this installs and uninstalls tenants in the app: give --yes if it may")}
	}
	manifest, err := c.manifest()
	if err != nil {
		return UsageError{err}
	}
	chat, err := c.chat()
	if err != nil {
		return UsageError{err}
	}
	if err := permitted(ctx, outside(), target, c.Wait, say); err != nil {
		return err
	}
	site, end, err := c.site(ctx)
	if err != nil {
		return err
	}
	defer end()
	r, err := Try(ctx, site, App{Descriptor: target, Manifest: manifest, ForgeID: c.AppID, Chat: chat, Timeout: c.Timeout}, cases, known)
	if err != nil {
		return err
	}
	if err := r.Write(out, c.Format); err != nil {
		return err
	}
	if r.Count(Fail) > 0 {
		return ErrFailed
	}
	return ctx.Err()
}

// App is what is tried.
type App struct {
	// Descriptor is the address of its descriptor.
	Descriptor string
	// Manifest is the text of its Forge manifest, empty if it is not on Forge; ForgeID
	// the app's id there, empty if the manifest has it.
	Manifest, ForgeID string
	// Chat is its part in the chat.
	Chat ChatApp
	// Timeout is how long it may take for an answer; 0: fifteen seconds.
	Timeout time.Duration
}

// Try tries cases on an app that trusts a site. known are the ids that may fail. The
// error says that the app could not be tried.
func Try(ctx context.Context, site *connecttest.Site, app App, cases []Case, known map[string]bool) (Report, error) {
	stranger, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		return Report{}, fmt.Errorf("make a stranger's key: %w", err)
	}
	bird, err := newCanary(ctx, site.URL(), &stranger.PublicKey)
	if err != nil {
		return Report{}, err
	}
	defer bird.end()
	s := newStand(site, stranger, bird)
	s.client.Timeout = cmp.Or(app.Timeout, s.client.Timeout)
	if err := s.read(ctx, app.Descriptor); err != nil {
		return Report{}, err
	}
	if app.Manifest != "" {
		if err := s.readManifest(app.Manifest, app.ForgeID); err != nil {
			return Report{}, UsageError{err}
		}
	}
	if err := s.begin(ctx); err != nil {
		return Report{}, err
	}
	if app.Chat != (ChatApp{}) {
		if err := s.readChat(ctx, app.Chat); err != nil {
			return Report{}, err
		}
	}
	return run(ctx, s, cases, known), nil
}

func (c Command) manifest() (string, error) {
	if c.Manifest == "" {
		return "", nil
	}
	data, err := os.ReadFile(c.Manifest)
	return string(data), err
}

// chat is the app's part in the chat.
func (c Command) chat() (ChatApp, error) {
	if c.Chat == "" && c.ChatID == "" && c.ChatFile == "" {
		return ChatApp{}, nil
	}
	if c.Chat == "" || c.ChatID == "" || c.ChatFile == "" {
		return ChatApp{}, errors.New("--chat, --chat-id and --chat-secret go together")
	}
	secret, err := os.ReadFile(c.ChatFile)
	return ChatApp{c.Chat, c.ChatID, strings.TrimSpace(string(secret))}, err
}

// target is the address of the descriptor.
func (c Command) target() (string, error) {
	u, err := url.Parse(c.URL)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || u.User != nil || u.RawQuery != "" {
		return "", errors.New("want the app's base URL, such as http://127.0.0.1:8080")
	}
	if strings.HasSuffix(u.Path, ".json") {
		return c.URL, nil
	}
	return strings.TrimSuffix(c.URL, "/") + "/atlassian-connect.json", nil
}

// known are the ids of the baseline.
func (c Command) known() (map[string]bool, error) {
	known := map[string]bool{}
	if c.Baseline == "" {
		return known, nil
	}
	data, err := os.ReadFile(c.Baseline)
	if err != nil {
		return nil, err
	}
	all := map[string]bool{}
	for _, one := range Cases() {
		all[one.ID] = true
	}
	for line := range strings.Lines(string(data)) {
		id, _, _ := strings.Cut(strings.TrimSpace(line), "#")
		if id = strings.TrimSpace(id); id == "" {
			continue
		}
		if !all[id] {
			return nil, fmt.Errorf("baseline: no case %q", id)
		}
		known[id] = true
	}
	return known, nil
}

// site starts the site that the app trusts.
func (c Command) site(ctx context.Context) (*connecttest.Site, func(), error) {
	site, err := connecttest.New(connecttest.Options{})
	if err != nil {
		return nil, nil, err
	}
	var config net.ListenConfig
	listener, err := config.Listen(ctx, "tcp", c.Listen)
	if err == nil {
		err = site.SetBaseURL("http://" + listener.Addr().String())
	}
	if err != nil {
		site.Close()
		return nil, nil, fmt.Errorf("listen: %w", err)
	}
	server := &http.Server{Handler: site, ReadHeaderTimeout: 10 * time.Second}
	go func() { _ = server.Serve(listener) }()
	return site, func() {
		_ = server.Close()
		site.Close()
	}, nil
}

// outside makes the judge's calls: it follows no redirect.
func outside() *http.Client {
	return &http.Client{
		Timeout:       15 * time.Second,
		Transport:     &http.Transport{Proxy: http.ProxyFromEnvironment, MaxIdleConnsPerHost: 2 * workers, IdleConnTimeout: 10 * time.Second},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

// newStand is a stand at a site that listens already.
func newStand(site *connecttest.Site, stranger *rsa.PrivateKey, bird *canary) *stand {
	s := &stand{site: site, canary: bird, now: time.Now, stranger: stranger, wait: time.Second, patience: patience, client: outside()}
	s.key, s.kid = site.InstallKey()
	return s
}

// begin installs the tenant of the page cases.
func (s *stand) begin(ctx context.Context) error {
	s.tenant = s.newTenant()
	if a := s.install(ctx, s.tenant); !a.taken() {
		return fmt.Errorf("a right install was answered %s: is the app told where the install keys are (%s/install-keys) and that %s may install it?",
			a, s.site.URL(), strings.TrimPrefix(s.site.URL(), "http://"))
	}
	s.choose(ctx)
	return nil
}

// The parts of a manifest that are needed, in YAML's block or flow form.
var (
	manifestApp      = regexp.MustCompile(`(?m)ari:cloud:ecosystem::app/[0-9a-fA-F-]{36}`)
	manifestComment  = regexp.MustCompile(`(?m)\s#.*$`)
	manifestEndpoint = regexp.MustCompile(`key:\s*([A-Za-z0-9_-]+)[\s,]+remote:\s*[A-Za-z0-9_-]+[\s,]+route:\s*\{?\s*path:\s*"?([^\s"},]+)`)
)

// readManifest finds the app's id and its first endpoint with a route.
func (s *stand) readManifest(text, appID string) error {
	id := cmp.Or(appID, manifestApp.FindString(text))
	endpoint := manifestEndpoint.FindStringSubmatch(manifestComment.ReplaceAllString(text, ""))
	switch {
	case id == "":
		return errors.New("the manifest has no app id: give --app-id")
	case endpoint == nil:
		return errors.New("the manifest has no endpoint with key, remote and route, in this order")
	}
	key, kid, err := s.site.ForgeKey()
	if err != nil {
		return err
	}
	s.remote = &remote{
		appID: id, endpoint: endpoint[1], path: endpoint[2], key: key, kid: kid,
		api: s.site.URL() + connecttest.ForgeAPIPath + s.site.CloudID(),
	}
	return nil
}

// noncePath is where an owner agrees that the judge may try an address.
const noncePath = "/.well-known/sightline-judge.txt"

// permitted waits until the owner of an address that is not on this machine has put up
// a nonce, so that nobody points the judge at others.
func permitted(ctx context.Context, client *http.Client, target string, wait time.Duration, say io.Writer) error {
	u, err := url.Parse(target)
	if err != nil {
		return UsageError{err}
	}
	if onThisMachine(u) {
		return nil
	}
	nonce, address := rand.Text(), u.Scheme+"://"+u.Host+noncePath
	if _, err := fmt.Fprintf(say, "To show that the app is yours, serve this text at %s:\n\n  %s\n\n", address, nonce); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, wait)
	defer cancel()
	for {
		if answers(ctx, client, address, nonce) {
			return nil
		}
		select {
		case <-ctx.Done():
			return UsageError{fmt.Errorf("%s does not answer the nonce: nothing was tried", address)}
		case <-time.After(min(time.Second, wait/10)):
		}
	}
}

// onThisMachine reports whether an address is that of a program beside this one.
func onThisMachine(u *url.URL) bool {
	ip := net.ParseIP(u.Hostname())
	return u.Hostname() == "localhost" || ip != nil && ip.IsLoopback()
}

func answers(ctx context.Context, client *http.Client, address, nonce string) bool {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return false
	}
	resp, err := client.Do(r)
	if err != nil {
		return false
	}
	defer resp.Body.Close()
	line, _ := bufio.NewReader(io.LimitReader(resp.Body, 1<<10)).ReadString('\n') // a last line may have no end
	return resp.StatusCode == http.StatusOK && strings.TrimSpace(line) == nonce
}
