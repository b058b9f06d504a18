package doctor

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/sightline-go/sightline/connect"
)

// atlassianKeys is where Connect's install keys are if no other place is set.
const atlassianKeys = "https://connect-install-keys.atlassian.com"

// maxSkew is how far clocks may be apart: a token is believed for that long before its
// time.
const maxSkew = 30 * time.Second

func (v *visit) clock(context.Context) []Line {
	v.mu.Lock()
	defer v.mu.Unlock()
	if len(v.skews) == 0 {
		return warning("nothing outside answered that has a clock")
	}
	slices.Sort(v.skews)
	apartBy := v.skews[len(v.skews)/2].Round(time.Second)
	switch {
	case apartBy.Abs() <= 2*time.Second:
		return ok("it is that of %d services outside", len(v.skews))
	case apartBy.Abs() <= maxSkew:
		return warning("it is %s, compared with %d services outside", apart(apartBy), len(v.skews))
	}
	return fault("it is %s, compared with %d services outside", apart(apartBy), len(v.skews))
}

// apart says how this clock stands to others.
func apart(ahead time.Duration) string {
	if ahead > 0 {
		return ahead.String() + " slow"
	}
	return (-ahead).String() + " fast"
}

// answers reports whether an address answers at all, if it is in use.
func (v *visit) answers(ctx context.Context, used bool, method, address string) []Line {
	if !used {
		return off("not in use")
	}
	got, err := v.ask(ctx, method, address, "")
	switch {
	case err != nil:
		return fault("%v", err)
	case got.StatusCode >= http.StatusInternalServerError:
		return fault("it answers %s", got.Status)
	}
	return ok("it answers")
}

func (v *visit) installKeys(ctx context.Context) []Line {
	place := strings.TrimSuffix(v.Flags.InstallKeysURL, "/")
	if place == "" {
		place = atlassianKeys
	}
	return v.answers(ctx, v.connected(), http.MethodGet, place+"/no-such-key")
}

func (v *visit) impersonation(ctx context.Context) []Line {
	return v.answers(ctx, v.connected(), http.MethodPost, v.Flags.OAuthTokenURL)
}

func (v *visit) hostScript(ctx context.Context) []Line {
	if !v.connected() {
		return off("not in use")
	}
	got, err := v.ask(ctx, http.MethodGet, v.Flags.ACJSURL, "")
	switch {
	case err != nil:
		return fault("%v", err)
	case got.StatusCode != http.StatusOK || !strings.Contains(got.Header.Get("Content-Type"), "javascript"):
		return fault("it answers %s with %q, not a script", got.Status, got.Header.Get("Content-Type"))
	}
	return ok("it is there, %d bytes", len(got.body))
}

func (v *visit) forgeKeys(ctx context.Context) []Line {
	if !v.onForge() {
		return off("not in use")
	}
	got, err := v.ask(ctx, http.MethodGet, v.Flags.JWKSURL, "")
	if err != nil {
		return fault("%v", err)
	}
	var set struct {
		Keys []json.RawMessage `json:"keys"`
	}
	if got.StatusCode != http.StatusOK || json.Unmarshal(got.body, &set) != nil || len(set.Keys) == 0 {
		return fault("it answers %s, without keys", got.Status)
	}
	return ok("it has %d keys", len(set.Keys))
}

func (v *visit) forgeAPI(ctx context.Context) []Line {
	return v.answers(ctx, v.onForge(), http.MethodGet, strings.TrimSuffix(v.Flags.ForgeFlags.APIURL, "/")+"/")
}

func (v *visit) chatToken(ctx context.Context) []Line {
	if !v.chats() {
		return off("not in use")
	}
	address := v.Flags.ChatTokenURL
	if address == "" {
		address = strings.TrimSuffix(v.Flags.ChatAPIURL, "/") + "/oauth/token"
	}
	body, err := json.Marshal(map[string]string{
		"grant_type": "client_credentials", "client_id": v.Flags.ChatClientID, "client_secret": v.Flags.ChatClientSecret,
	})
	if err != nil {
		return fault("%v", err)
	}
	got, err := v.ask(ctx, http.MethodPost, address, string(body), "Content-Type", "application/json")
	switch {
	case err != nil:
		return fault("%v", err)
	case got.StatusCode != http.StatusOK:
		return fault("it answers %s to the chat app's credentials", got.Status)
	}
	return ok("it takes the chat app's credentials")
}

func (v *visit) chatAPI(ctx context.Context) []Line {
	return v.answers(ctx, v.chats(), http.MethodGet, strings.TrimSuffix(v.Flags.ChatAPIURL, "/")+"/")
}

func (v *visit) slackAPI(ctx context.Context) []Line {
	if !v.slacks() {
		return off("not in use")
	}
	got, err := v.ask(ctx, http.MethodPost, strings.TrimSuffix(v.Flags.SlackFlags.APIURL, "/")+"/auth.test", "")
	var said struct {
		Error string `json:"error"`
	}
	switch {
	case err != nil:
		return fault("%v", err)
	case json.Unmarshal(got.body, &said) != nil || said.Error == "":
		return fault("it answers %s, and not as Slack's API does", got.Status)
	}
	return ok("it answers")
}

func (v *visit) slackPage(ctx context.Context) []Line {
	return v.answers(ctx, v.slacks(), http.MethodGet, v.Flags.AuthorizeURL)
}

func (v *visit) traces(ctx context.Context) []Line {
	within, cancel := context.WithTimeout(ctx, v.client.Timeout)
	defer cancel()
	wanted, err := v.Flags.TryTraces(within)
	switch {
	case !wanted:
		return off("not in use")
	case err != nil:
		return warning("%v", err)
	}
	return ok("the collector takes a span")
}

// someSites is how many sites are asked.
const someSites = 3

func (v *visit) sites(ctx context.Context) []Line {
	tenants, err := v.tenants(ctx, someSites)
	if err != nil {
		return fault("%v", err)
	}
	if len(tenants) == 0 {
		return off("no tenant is known")
	}
	var wrong []string
	for _, t := range tenants {
		if err := v.site(ctx, t); err != nil {
			wrong = append(wrong, fmt.Sprintf("%s: %v", t.DisplayURL, err))
		}
	}
	if len(wrong) > 0 {
		return fault("%s", strings.Join(wrong, "; "))
	}
	return ok("%d answer", len(tenants))
}

// site compares a site's cloud id. Connect's address is the site; of a tenant on Forge
// only the address that people see is.
func (v *visit) site(ctx context.Context, t connect.Tenant) error {
	address := t.BaseURL
	if t.ClientKey == "" {
		address = t.DisplayURL
	}
	id, err := connect.LookupCloudID(ctx, v.client, address)
	switch {
	case err != nil:
		return err
	case t.CloudID != "" && id != t.CloudID:
		return fmt.Errorf("it has the cloud id %s now, not %s", id, t.CloudID)
	}
	return nil
}
