package operator

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/sightline-go/sightline"
	"github.com/sightline-go/sightline/connect"
	"github.com/sightline-go/sightline/connect/descriptor"
	"github.com/sightline-go/sightline/connect/rest"
	"github.com/sightline-go/sightline/internal/app"
	"github.com/sightline-go/sightline/store"
)

// Call is one signed call to a tenant's API, with command line tags.
type Call struct {
	Tenant   string        `required:"" help:"The tenant: its id as the tenants command lists it, cloud id, client key or installation id."`
	As       string        `placeholder:"ACCOUNT_ID" help:"Call as this person; without it as the app."`
	Data     string        `help:"JSON body; @FILE reads it from a file, @- from standard input."`
	Paginate bool          `help:"Follow a list to its end; each page is printed after the one before."`
	Timeout  time.Duration `default:"30s" help:"Time limit of each call."`
	Method   string        `arg:"" help:"GET, POST, PUT, DELETE …"`
	Path     string        `arg:"" help:"Path and query, for example /rest/api/3/myself."`

	OAuthTokenURL string `name:"oauth-token-url" default:"https://oauth-2-authorization-server.services.atlassian.com/oauth2/token" help:"User impersonation token endpoint."`
	ForgeAPIURL   string `name:"forge-api-url" default:"https://api.atlassian.com" help:"Where Forge is asked for the token of a person."`

	// In is read for the body that @- names; Out gets the answers, indented when
	// Terminal says that a person reads them.
	In       io.Reader `kong:"-"`
	Out      io.Writer `kong:"-"`
	Terminal bool      `kong:"-"`
}

// apiError is a refusal by the service; its answer was printed.
type apiError struct {
	method, path string
	status       int
}

func (e apiError) Error() string {
	return fmt.Sprintf("%s %s: %d %s", e.method, e.path, e.status, http.StatusText(e.status))
}

// maxPages bounds --paginate, in case a list never ends.
const maxPages = 10_000

// Make makes the call with a tenant of the store and prints the answer: as it
// came, or indented on a terminal. Wrong arguments are an app.SettingsError.
func (a Call) Make(ctx context.Context, stored app.StoreFlags) error {
	if !strings.HasPrefix(a.Path, "/") || strings.HasPrefix(a.Path, "//") {
		return app.SettingsError{errors.New("the path must start with one slash, for example /rest/api/3/myself")}
	}
	body, err := a.body()
	if err != nil {
		return err
	}
	st, err := stored.Open(ctx)
	if err != nil {
		return err
	}
	return errors.Join(a.with(ctx, st, body), st.Close())
}

// with makes the call, using an open store.
func (a Call) with(ctx context.Context, st *store.Store, body []byte) error {
	tenant, err := a.tenant(ctx, st)
	if err != nil {
		return err
	}
	if a.overForge(ctx, st, tenant) {
		return a.pages(ctx, a.forgeClient(st, tenant), tenant.APIBaseURL, body)
	}
	return a.pages(ctx, a.client(tenant), tenant.BaseURL, body)
}

// tenant finds the tenant that the operator names; one that is gone is an error.
func (a Call) tenant(ctx context.Context, st *store.Store) (*connect.Tenant, error) {
	tenant, err := named(ctx, st, a.Tenant)
	switch {
	case err != nil:
		return nil, err
	case tenant.State != connect.StateActive:
		return nil, fmt.Errorf("the tenant %q is %s", a.Tenant, tenant.State)
	case tenant.ForgeInstallation == "":
		return tenant, nil
	}
	_, status, err := st.Forge.ForgeTenant(ctx, tenant.ForgeInstallation)
	if err == nil && status.Gone(time.Now()) {
		err = fmt.Errorf("the tenant %q is gone: Jira refuses the app, and Forge no longer calls it", a.Tenant)
	}
	return tenant, err
}

// overForge chooses between Forge and Connect. The app's own calls go through Forge
// if there is a token, or if there is no Connect. People's tokens of Forge are only
// in the serving process, so a person's calls go through Connect if they can.
func (a Call) overForge(ctx context.Context, st *store.Store, t *connect.Tenant) bool {
	if t.ForgeInstallation == "" || t.SharedSecret.IsZero() {
		return t.ForgeInstallation != ""
	}
	if a.As != "" && t.OAuthClientID != "" {
		return false
	}
	_, expires, err := st.Forge.ForgeToken(ctx, t.ID)
	return err == nil && time.Now().Before(expires)
}

// uncounted keeps an operator's refused call from counting as a sign that an
// installation is gone.
type uncounted struct{ connect.ForgeInstallations }

func (uncounted) ForgeRefused(context.Context, connect.TenantID) error { return nil }

func (a Call) forgeClient(st *store.Store, t *connect.Tenant) *http.Client {
	outbound := &connect.ForgeOutbound{
		Store: uncounted{st.Forge}, UserAgent: app.UserAgent(), GraphQLURL: strings.TrimSuffix(a.ForgeAPIURL, "/") + "/graphql",
	}
	sign := outbound.App(t)
	if a.As != "" {
		sign = outbound.User(t, connect.AccountID(a.As))
	}
	return &http.Client{Transport: &rest.Retry{Base: sign}, Timeout: a.Timeout}
}

// body is the request's body, nil if there is none.
func (a Call) body() ([]byte, error) {
	text, err := readArgument(a.Data, a.In)
	if err != nil {
		return nil, err
	}
	if len(text) > 0 && !json.Valid(text) {
		return nil, app.SettingsError{errors.New("--data is not JSON")}
	}
	return text, nil
}

func (a Call) client(t *connect.Tenant) *http.Client {
	d, err := descriptor.Parse(sightline.ConnectDescriptor)
	key := ""
	if err == nil {
		key = d.Key
	}
	outbound := &connect.Outbound{AppKey: key, UserAgent: app.UserAgent(), TokenURL: a.OAuthTokenURL}
	sign := outbound.App(t)
	if a.As != "" {
		sign = outbound.User(t, connect.AccountID(a.As))
	}
	return &http.Client{Transport: &rest.Retry{Base: sign}, Timeout: a.Timeout}
}

// pages makes the call, and with --paginate the calls for the next pages.
func (a Call) pages(ctx context.Context, client *http.Client, base string, body []byte) error {
	path := a.Path
	for range maxPages {
		answer, err := a.call(ctx, client, base, path, body)
		if err != nil {
			return err
		}
		if err := a.print(answer); err != nil {
			return err
		}
		if path = nextPage(path, base, answer); !a.Paginate || path == "" {
			return refusal(a.Method, a.Path, answer)
		}
	}
	return fmt.Errorf("%s %s: more than %d pages", a.Method, a.Path, maxPages)
}

// answer is what the service said.
type answer struct {
	status int
	body   []byte
}

// maxAnswer bounds one answer, in bytes.
const maxAnswer = 64 << 20

func (a Call) call(ctx context.Context, client *http.Client, base, path string, body []byte) (answer, error) {
	req, err := http.NewRequestWithContext(ctx, strings.ToUpper(a.Method), base+path, bytes.NewReader(body))
	if err != nil {
		return answer{}, fmt.Errorf("make request: %w", err)
	}
	if len(body) == 0 {
		req.Body, req.GetBody, req.ContentLength = nil, nil, 0
	} else {
		req.Header.Set("Content-Type", "application/json")
	}
	resp, err := client.Do(req)
	if err != nil {
		return answer{}, err
	}
	defer resp.Body.Close()
	data, err := io.ReadAll(io.LimitReader(resp.Body, maxAnswer+1))
	if err != nil {
		return answer{}, fmt.Errorf("read answer: %w", err)
	}
	if len(data) > maxAnswer {
		return answer{}, fmt.Errorf("read answer: more than %d bytes", maxAnswer)
	}
	return answer{resp.StatusCode, data}, nil
}

// print indents JSON on a terminal and leaves it unchanged in a pipe.
func (a Call) print(answer answer) error {
	out := answer.body
	if a.Terminal {
		var pretty bytes.Buffer
		if json.Indent(&pretty, answer.body, "", "  ") == nil {
			out = append(pretty.Bytes(), '\n')
		}
	}
	_, err := a.Out.Write(out)
	return err
}

func refusal(method, path string, a answer) error {
	if a.status < http.StatusBadRequest {
		return nil
	}
	path, _, _ = strings.Cut(path, "?")
	return apiError{strings.ToUpper(method), path, a.status}
}
