package connect

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"regexp"
	"slices"
	"time"

	"github.com/sightline-go/sightline/connect/internal/wire"
)

const (
	// maxOffline is how many people's tokens the whole app may request in any
	// minute. Each process counts its own requests.
	maxOffline = 1000
	// offlinePause is how long an installation that does not grant people's
	// tokens is not asked again.
	offlinePause = time.Hour
	maxGraphQL   = 256 << 10
)

const offlineQuery = `mutation ($input: OfflineUserAuthTokenInput!) {
  offlineUserAuthToken(input: $input) { success errors { message } authToken { token ttl } }
}`

// errManyOffline says that the app's limit of requests for people's tokens is used
// up. Forge would answer with that status.
var errManyOffline = &TokenError{Status: http.StatusTooManyRequests, Code: "offline_limit"}

// offline asks Forge for a token of a person who is not present. See
// https://developer.atlassian.com/platform/forge/remote/calling-product-apis/
func (f *forgeTransport) offline(ctx context.Context) (*userToken, time.Time, error) {
	o, app := f.out, forgePersonOf(&f.tenant, "")
	now := clock(o.Now)()
	if _, denied := o.denied.Peek(now, app); denied || o.GraphQLURL == "" {
		return nil, time.Time{}, ErrNoConsent
	}
	ctx, cancel := context.WithTimeout(ctx, exchangeTime)
	defer cancel()
	system, err := o.systems.Get(ctx, clock(o.Now), app, (&forgeTransport{out: o, tenant: f.tenant}).stored)
	if err == nil && !o.mayAsk(now) {
		err = errManyOffline
	}
	if err != nil {
		return nil, time.Time{}, fmt.Errorf("ask for a person's token: %w", err)
	}
	given, err := o.askOffline(ctx, &f.tenant, f.account, system)
	if errors.Is(err, ErrNoConsent) {
		o.denied.Put(now, app, true, now.Add(offlinePause))
	}
	if err != nil {
		return nil, time.Time{}, fmt.Errorf("ask for a person's token: %w", err)
	}
	return &userToken{NewSecret(given.Token)}, o.until(now.Add(time.Duration(given.TTL))), nil
}

// mayAsk counts a request against the limit of the whole app: no minute, whenever
// it begins, has more.
func (o *ForgeOutbound) mayAsk(now time.Time) bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.asked == nil {
		o.asked = make([]time.Time, maxOffline)
	}
	first := &o.asked[o.oldest]
	if since := now.Sub(*first); since >= 0 && since < time.Minute {
		return false
	}
	*first, o.oldest = now, (o.oldest+1)%maxOffline
	return true
}

// offlineToken is a person's token, as Forge gives it.
type offlineToken struct {
	Token string    `json:"token"`
	TTL   wire.Life `json:"ttl"`
}

func (o *ForgeOutbound) askOffline(ctx context.Context, t *Tenant, account AccountID, system *userToken) (offlineToken, error) {
	body, err := json.Marshal(map[string]any{"query": offlineQuery, "variables": map[string]any{"input": map[string]any{
		"contextIds": []string{"ari:cloud:jira::site/" + string(t.CloudID)}, "userId": string(account),
	}}})
	if err != nil {
		return offlineToken{}, err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, o.GraphQLURL, bytes.NewReader(body))
	if err != nil {
		return offlineToken{}, errors.New("graphql url is not usable")
	}
	req.Header.Set("Authorization", "Bearer "+system.text.Reveal())
	req.Header.Set("Content-Type", "application/json")
	setDefault(req.Header, "User-Agent", o.UserAgent)
	resp, err := o.base().RoundTrip(req) // follows no redirect
	if err != nil {
		return offlineToken{}, fmt.Errorf("%w: %w", ErrTokenUnavailable, err)
	}
	defer func() { _ = resp.Body.Close() }()
	return readOffline(ctx, resp)
}

// readOffline finds the token, or ErrNoConsent if the answer says plainly that there
// is none. Whatever else comes is a failure of the endpoint, which may pass.
func readOffline(ctx context.Context, resp *http.Response) (offlineToken, error) {
	switch {
	case resp.StatusCode == http.StatusTooManyRequests || resp.StatusCode >= http.StatusInternalServerError:
		return offlineToken{}, &TokenError{Status: resp.StatusCode}
	case resp.StatusCode != http.StatusOK:
		return offlineToken{}, fmt.Errorf("%w: status %d", ErrTokenUnavailable, resp.StatusCode)
	}
	data, err := io.ReadAll(io.LimitReader(wire.Body(ctx, resp.Body), maxGraphQL))
	if err != nil {
		return offlineToken{}, fmt.Errorf("%w: %w", ErrTokenUnavailable, err)
	}
	var answer offlineAnswer
	switch err := json.Unmarshal(data, &answer); {
	case err != nil:
		return offlineToken{}, fmt.Errorf("%w: not the documented json", ErrTokenUnavailable)
	case answer.refuses():
		return offlineToken{}, ErrNoConsent
	case !answer.Data.Offline.Success || !wire.IsBearer(answer.Data.Offline.AuthToken.Token):
		return offlineToken{}, fmt.Errorf("%w: neither a token nor a refusal", ErrTokenUnavailable)
	}
	return answer.Data.Offline.AuthToken, nil
}

type offlineAnswer struct {
	// Errors are of the call as a whole, whatever the mutation says.
	Errors []graphQLError `json:"errors"`
	Data   struct {
		Offline struct {
			Success   bool           `json:"success"`
			Errors    []graphQLError `json:"errors"`
			AuthToken offlineToken   `json:"authToken"`
		} `json:"offlineUserAuthToken"`
	} `json:"data"`
}

type graphQLError struct {
	Message string `json:"message"`
}

// refuses reports whether the mutation ran and says why it gives no token. Its
// reason is a free text: one that sounds like a failure is none.
func (a *offlineAnswer) refuses() bool {
	said := a.Data.Offline
	return len(a.Errors) == 0 && !said.Success && len(said.Errors) > 0 &&
		!slices.ContainsFunc(said.Errors, func(e graphQLError) bool { return passing.MatchString(e.Message) })
}

// passing finds the words of a failure, or of a status, that may be over later.
var passing = regexp.MustCompile(`(?i)\b(internal|unexpected|unavailable|temporar(y|ily)|time[sd]?[ -]?out|try again|retry|later|too many|rate limit\w*|overloaded|upstream|gateway|server error|429|5\d\d)\b`)
