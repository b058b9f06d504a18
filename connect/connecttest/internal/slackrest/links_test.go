package slackrest

import (
	"encoding/json"
	"net/url"
	"strings"
	"testing"
)

// TestUnfurl: the app is told of links on its domains, and may say something of those that
// a message has, once the scopes are there.
func TestUnfurl(t *testing.T) {
	t.Parallel()
	s := newSlack(t, "chat:write", "links:read", "links:write")
	s.app.UnfurlDomains = []string{"jira.example"}
	link, sub := "https://jira.example/browse/A-1", "https://x.jira.example:8443/y"
	if err := s.Say(t.Context(), open, ann, "see "+link+" and "+sub+" and https://notjira.example/ and "+link); err != nil {
		t.Fatal(err)
	}
	var event struct {
		Event struct {
			Type, Channel, Source string
			Message               string `json:"message_ts"`
			Links                 []struct{ Domain, URL string }
		}
	}
	if len(s.calls) != 1 || json.Unmarshal(s.calls[0].Body, &event) != nil {
		t.Fatalf("%d calls", len(s.calls))
	}
	if e := event.Event; e.Type != "link_shared" || e.Channel != open || e.Source != "conversations_history" || len(e.Links) != 2 || e.Links[0].URL != link || e.Links[1].URL != sub {
		t.Errorf("event: %s", s.calls[0].Body)
	}
	ts := event.Event.Message
	say := func(address string) string {
		return `{"` + address + `":{"blocks":[{"type":"section","text":{"type":"plain_text","text":"A-1 · Done"}}]}}`
	}
	for name, tc := range map[string]struct{ channel, ts, unfurls, want string }{
		"another channel":    {"C0", ts, say(link), "cannot_find_channel"},
		"another message":    {open, "1.000001", say(link), "cannot_unfurl_message"},
		"nothing":            {open, ts, "", "missing_unfurls"},
		"not JSON":           {open, ts, "{", "cannot_parse_attachment"},
		"an empty map":       {open, ts, "{}", "cannot_parse_attachment"},
		"another address":    {open, ts, say("https://jira.example/"), "cannot_unfurl_url"},
		"not on its domains": {open, ts, say("https://notjira.example/"), "cannot_unfurl_url"},
		"no blocks":          {open, ts, `{"` + link + `":{"text":"x"}}`, "invalid_blocks"},
		"odd blocks":         {open, ts, strings.Replace(say(link), "section", "chart", 1), "invalid_blocks"},
	} {
		wants(t, name, s.form(t, "chat.unfurl", url.Values{"channel": {tc.channel}, "ts": {tc.ts}, "unfurls": {tc.unfurls}}), tc.want)
	}
	for range 2 { // the second time changes it
		wants(t, "unfurl", s.form(t, "chat.unfurl", url.Values{"channel": {open}, "ts": {ts}, "unfurls": {say(link)}}), "")
	}
	for _, m := range s.State().Channels[0].Messages {
		if m.TS == ts && (len(m.Unfurls) != 1 || m.Unfurls[0].URL != link) {
			t.Errorf("unfurls: %+v", m.Unfurls)
		}
	}
	for _, scope := range []string{"links:write", "links:read"} {
		if err := s.RevokeScope(scope); err != nil {
			t.Fatal(err)
		}
	}
	wants(t, "without the scope", s.form(t, "chat.unfurl", url.Values{"channel": {open}, "ts": {ts}, "unfurls": {say(link)}}), "missing_scope")
	told := len(s.calls)
	if err := s.Say(t.Context(), open, ann, link); err != nil || len(s.calls) != told {
		t.Errorf("told without the scope: %d calls, %v", len(s.calls)-told, err)
	}
	bad := *s.app
	for _, domains := range [][]string{{"a", "b", "c", "d", "e", "f"}, {"https://a"}, {""}} {
		if bad.UnfurlDomains = domains; s.Register(bad) == nil {
			t.Errorf("registered with the domains %q", domains)
		}
	}
}
