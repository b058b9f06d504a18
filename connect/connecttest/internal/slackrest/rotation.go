package slackrest

import (
	"crypto/rand"
	"time"
)

// tokenLife is how long a token that rotates is valid, as in Slack.
// See https://docs.slack.dev/authentication/using-token-rotation
const tokenLife = 12 * time.Hour

// SetRotation switches token rotation of the registered app on or off, for tokens
// that are given out from now on: they end after twelve hours and come with a
// refresh token that works once.
func (s *Server) SetRotation(on bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.rotation = on
}

// SetOrgWide makes who approves the app from now on an administrator of an
// organisation who adds it to all of it: the answer names no workspace.
func (s *Server) SetOrgWide(on bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.orgWide = on
}

// ExpireToken ends the app's token as if its time had come, without telling the
// app. Its refresh token stays.
func (s *Server) ExpireToken() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, err := s.running(); err != nil {
		return err
	}
	s.ends[s.installed.token] = s.Now()
	return nil
}

// newToken gives the app a new token; it needs the lock. The one before stays
// valid until its own end.
func (s *Server) newToken() {
	prefix := "xoxb-"
	if s.rotation {
		prefix = "xoxe.xoxb-1-"
	}
	in := s.installed
	in.token, in.refresh = prefix+s.id("1")+"-"+rand.Text(), ""
	s.tokens[in.token] = tokenValid
	if s.rotation {
		in.refresh = "xoxe-1-" + rand.Text()
		s.ends[in.token] = s.Now().Add(tokenLife)
	}
}

// expired reports whether a token has ended; it needs the lock.
func (s *Server) expired(token string) bool {
	end, ends := s.ends[token]
	return ends && !s.Now().Before(end)
}

// renew answers a refresh token, which works once, with the next tokens.
func (s webAPI) renew(token string) (map[string]any, *failure) {
	in := s.installed
	if in == nil || token == "" || token != in.refresh {
		return nil, fail("invalid_refresh_token")
	}
	s.newToken()
	return s.granted("", in), nil
}

// granted is the answer with the app's token; user is who approved it.
func (s webAPI) granted(user string, in *install) map[string]any {
	out := map[string]any{
		"app_id": appID, "authed_user": map[string]any{"id": user}, "token_type": "bot",
		"scope": joinScopes(in.scopes), "access_token": in.token, "bot_user_id": in.botUser,
		"team": map[string]any{"id": s.team.id, "name": s.team.name}, "enterprise": nil, "is_enterprise_install": false,
	}
	if user == "" {
		delete(out, "authed_user")
	}
	if in.refresh != "" {
		out["refresh_token"], out["expires_in"] = in.refresh, int(s.ends[in.token].Sub(s.Now()).Seconds())
	}
	if s.orgWide {
		out["team"], out["is_enterprise_install"] = nil, true
		out["enterprise"] = map[string]any{"id": "E0SLHARBOR", "name": "Harbour Group"}
	}
	return out
}
