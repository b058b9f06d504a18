package slackapp

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/slack-go/slack"

	"github.com/sightline-go/sightline/connect"
)

// The reasons why an answer with a token is not accepted.
var (
	// ErrEnterprise says that the app was added to a whole organisation, not to
	// one workspace.
	ErrEnterprise = errors.New("the app was added to a whole organisation, but one workspace serves one jira site:" +
		" remove it there, opt the slack app out of org-wide deployment and add it to one workspace")
	// ErrNotRenewable says that a token ends and nothing came to renew it with.
	ErrNotRenewable = errors.New("the token ends and came without a refresh token:" +
		" look at token rotation in the settings of the slack app, then add it again")
)

// grantMethod answers an authorization code or a refresh token with a bot token.
// See https://docs.slack.dev/reference/methods/oauth.v2.access and
// https://docs.slack.dev/authentication/using-token-rotation
const grantMethod = "oauth.v2.access"

// grant is what the app reads of its answer. Slack's client would refuse the
// whole answer, with a refresh token that works once, for a number that it cannot
// read.
type grant struct {
	OK          bool            `json:"ok"`
	Error       string          `json:"error"`
	AccessToken string          `json:"access_token"`
	TokenType   string          `json:"token_type"`
	Scope       string          `json:"scope"`
	BotUser     string          `json:"bot_user_id"`
	AppID       string          `json:"app_id"`
	Refresh     string          `json:"refresh_token"`
	ExpiresIn   json.RawMessage `json:"expires_in"`
	Team        named           `json:"team"`
	Enterprise  named           `json:"enterprise"`
	OrgWide     bool            `json:"is_enterprise_install"`
	User        named           `json:"authed_user"`
}

type named struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

// exchange asks for a bot token with a code.
func (s *Surface) exchange(ctx context.Context, code, redirect string) (Install, error) {
	g, err := s.grant(ctx, url.Values{"code": {code}, "redirect_uri": {redirect}})
	if err != nil {
		return Install{}, err
	}
	if g.OrgWide || g.Team.ID == "" && g.Enterprise.ID != "" {
		return Install{}, fmt.Errorf("slack %s: is_enterprise_install %t, enterprise %q, team %q: %w",
			grantMethod, g.OrgWide, g.Enterprise.ID, g.Team.ID, ErrEnterprise)
	}
	if g.Team.ID == "" || !g.isBot() {
		return Install{}, &Error{grantMethod, codeNoBotToken}
	}
	in := g.install(s.now())
	if in.Refresh.IsZero() && !g.endless() {
		return Install{}, fmt.Errorf("slack %s: expires_in %.40s: %w", grantMethod, g.ExpiresIn, ErrNotRenewable)
	}
	return in, nil
}

func (g grant) isBot() bool { return g.AccessToken != "" && g.TokenType == "bot" }

// endless reports whether nothing is said about an end.
func (g grant) endless() bool { return len(g.ExpiresIn) == 0 || string(g.ExpiresIn) == "null" }

func (g grant) install(now time.Time) Install {
	in := Install{
		Team: g.Team.ID, TeamName: g.Team.Name, Token: connect.NewSecret(g.AccessToken), BotUser: g.BotUser,
		Scopes:      strings.FieldsFunc(g.Scope, func(r rune) bool { return r == ',' || r == ' ' }),
		InstalledBy: g.User.ID, AppID: g.AppID, Refresh: connect.NewSecret(g.Refresh),
	}
	in.Ends, in.RenewAt = g.times(now)
	return in
}

const (
	// maxLife is how long a token is believed to last at most; Slack's last twelve
	// hours.
	maxLife = 24 * time.Hour
	// oddLife is when a token is renewed whose end cannot be read.
	oddLife = time.Hour
	// maxAhead is how long before its end a token is renewed, at most a quarter of
	// its life.
	maxAhead = 2 * time.Hour
)

// times are when a token ends and when it is renewed. An end that cannot be
// believed is none, but then the token is renewed after an hour.
func (g grant) times(now time.Time) (ends, renew time.Time) {
	if g.endless() {
		return ends, renew
	}
	life, ok := lifeOf(g.ExpiresIn)
	if !ok {
		return ends, now.Add(oddLife)
	}
	ends = now.Add(life)
	return ends, ends.Add(-min(life/4, maxAhead))
}

// lifeOf reads a number of seconds, also as text or with a fraction; false if it
// is not one, or below one second.
func lifeOf(data json.RawMessage) (time.Duration, bool) {
	text := string(data)
	if unquoted := ""; json.Unmarshal(data, &unquoted) == nil {
		text = unquoted
	}
	seconds, err := strconv.ParseFloat(text, 64)
	if err != nil && !errors.Is(err, strconv.ErrRange) || math.IsNaN(seconds) || seconds < 1 {
		return 0, false
	}
	return time.Duration(min(seconds, maxLife.Seconds())) * time.Second, true
}

// grant asks for a token.
func (s *Surface) grant(ctx context.Context, form url.Values) (grant, error) {
	var g grant
	form.Set("client_id", s.clientID)
	form.Set("client_secret", s.clientSecret.Reveal())
	if err := s.turn(ctx, place{method: grantMethod}); err != nil {
		return g, fmt.Errorf("slack %s: %w", grantMethod, err)
	}
	body, err := s.postGrant(ctx, form)
	if err != nil {
		return g, callError(ctx, grantMethod, err)
	}
	var odd *json.UnmarshalTypeError // a member of another type is as if it were not there
	if err := json.Unmarshal(body, &g); err != nil && !errors.As(err, &odd) {
		return g, callError(ctx, grantMethod, err)
	}
	if !g.OK {
		return g, callError(ctx, grantMethod, slack.SlackErrorResponse{Err: g.Error})
	}
	return g, nil
}

func (s *Surface) postGrant(ctx context.Context, form url.Values) ([]byte, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, s.apiURL+grantMethod, strings.NewReader(form.Encode()))
	if err != nil {
		return nil, err
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	resp, err := s.http.Do(req)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	switch resp.StatusCode {
	case http.StatusOK:
		return io.ReadAll(resp.Body)
	case http.StatusTooManyRequests:
		seconds, err := strconv.Atoi(resp.Header.Get("Retry-After"))
		return nil, errors.Join(err, &slack.RateLimitedError{RetryAfter: time.Duration(seconds) * time.Second})
	}
	return nil, slack.StatusCodeError{Code: resp.StatusCode, Status: resp.Status}
}
