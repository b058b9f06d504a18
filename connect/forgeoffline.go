package connect

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"

	"github.com/sightline-go/sightline/connect/internal/wire"
)

const (
	// maxOffline is how many people's tokens the whole app may request per
	// minute.
	maxOffline = 1000
	// offlinePause is how long an installation that does not grant people's
	// tokens is not asked again.
	offlinePause = time.Hour
	maxGraphQL   = 256 << 10
)

const offlineQuery = `mutation ($input: OfflineUserAuthTokenInput!) {
  offlineUserAuthToken(input: $input) { success errors { message } authToken { token ttl } }
}`

// offline asks Forge for a token of a person who is not present. See
// https://developer.atlassian.com/platform/forge/remote/calling-product-apis/
func (f *forgeTransport) offline(ctx context.Context) (*userToken, time.Time, error) {
	o, app := f.out, forgePersonOf(&f.tenant, "")
	now := clock(o.Now)()
	if _, denied := o.denied.Peek(now, app); denied || o.GraphQLURL == "" || !o.mayAsk(now) {
		return nil, time.Time{}, ErrNoConsent
	}
	ctx, cancel := context.WithTimeout(ctx, exchangeTime)
	defer cancel()
	system, err := o.systems.Get(ctx, clock(o.Now), app, (&forgeTransport{out: o, tenant: f.tenant}).stored)
	if err != nil {
		return nil, time.Time{}, fmt.Errorf("%w: %w", ErrNoConsent, err)
	}
	answer, err := o.askOffline(ctx, &f.tenant, f.account, system)
	refused := (*TokenError)(nil)
	forGood := errors.As(err, &refused) && !refused.Temporary()
	switch {
	case err != nil && !forGood:
		return nil, time.Time{}, fmt.Errorf("%w: %w", ErrNoConsent, err)
	case forGood, !answer.Success || !wire.IsBearer(answer.AuthToken.Token):
		o.denied.Put(now, app, true, now.Add(offlinePause))
		return nil, time.Time{}, ErrNoConsent
	}
	life := time.Duration(min(max(answer.AuthToken.TTL, 0), int64(maxTokenLife/time.Second))) * time.Second
	return &userToken{NewSecret(answer.AuthToken.Token)}, o.until(now.Add(life)), nil
}

// mayAsk counts a request against the limit of the whole app.
func (o *ForgeOutbound) mayAsk(now time.Time) bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	if now.Sub(o.minute) >= time.Minute || now.Before(o.minute) {
		o.minute, o.asked = now, 0
	}
	o.asked++
	return o.asked <= maxOffline
}

type offlineAnswer struct {
	Success   bool `json:"success"`
	AuthToken struct {
		Token string `json:"token"`
		TTL   int64  `json:"ttl"` // seconds
	} `json:"authToken"`
}

func (o *ForgeOutbound) askOffline(ctx context.Context, t *Tenant, account AccountID, system *userToken) (offlineAnswer, error) {
	body, err := json.Marshal(map[string]any{"query": offlineQuery, "variables": map[string]any{"input": map[string]any{
		"contextIds": []string{"ari:cloud:jira::site/" + string(t.CloudID)}, "userId": string(account),
	}}})
	if err != nil {
		return offlineAnswer{}, err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, o.GraphQLURL, bytes.NewReader(body))
	if err != nil {
		return offlineAnswer{}, errors.New("graphql url is not usable")
	}
	req.Header.Set("Authorization", "Bearer "+system.text.Reveal())
	req.Header.Set("Content-Type", "application/json")
	setDefault(req.Header, "User-Agent", o.UserAgent)
	resp, err := o.base().RoundTrip(req) // follows no redirect
	if err != nil {
		return offlineAnswer{}, err
	}
	defer func() { _ = resp.Body.Close() }()
	if resp.StatusCode != http.StatusOK {
		return offlineAnswer{}, &TokenError{Status: resp.StatusCode}
	}
	var answer struct {
		Data struct {
			Offline offlineAnswer `json:"offlineUserAuthToken"`
		} `json:"data"`
	}
	err = json.NewDecoder(io.LimitReader(resp.Body, maxGraphQL)).Decode(&answer)
	return answer.Data.Offline, err
}
