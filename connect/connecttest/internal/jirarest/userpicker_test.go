package jirarest_test

import (
	"net/url"
	"strings"
	"testing"
)

type pickerPage struct {
	Total  int
	Header string
	Users  []struct{ AccountID, AccountType, DisplayName, HTML, AvatarURL string }
}

func TestPicker(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.World.AddApp("acme", "Mars <i>")
	tests := []struct{ as, query, want string }{
		{lead, "query=ma", "<strong>Ma</strong>ra Lindqvist - mlindqvist@example.com|<strong>Ma</strong>rs &lt;i&gt;"},
		{lead, "query=ma&excludeConnectUsers=true", "<strong>Ma</strong>ra Lindqvist - mlindqvist@example.com"},
		{lead, "query=ML", "Mara Lindqvist - <strong>ml</strong>indqvist@example.com"},
		{lead, "query=sof%C3%ADa%20b", "<strong>Sofía B</strong>eltrán"},
		{lead, "query=rag", "Priya <strong>Rag</strong>hunathan - praghunathan@example.com"},
		{lead, "query=rag&excludeAccountIds=x&excludeAccountIds=y," + url.QueryEscape(s.Account(other)), ""},
		{lead, "query=wren", ""},
		{lead, "query=%3Ci", "Mars <strong>&lt;i</strong>&gt;"},
		{lead, "query=yuki&maxResults=2", ""},
		{blind, "query=yuki", ""},
		{blind, "query=Yuki%20tanabe", "<strong>Yuki Tanabe</strong>"},
		{nobody, "query=yuki%20tanabe", "<strong>Yuki Tanabe</strong>"},
		{lead, "query=", "12"},
	}
	for _, tt := range tests {
		var page pickerPage
		s.Get(tt.as, "/rest/api/3/user/picker?"+tt.query).Into(200, &page)
		var shown []string
		for _, u := range page.Users {
			shown = append(shown, u.HTML)
			if u.AvatarURL != "" || u.AccountID == "" {
				t.Errorf("%s: got %+v", tt.query, u)
			}
		}
		got := strings.Join(shown, "|")
		if tt.query == "query=" {
			got = itoa(len(shown) - 1) // all active users except the app
		}
		if got != tt.want {
			t.Errorf("%s as %s: got %q, want %q", tt.query, tt.as, got, tt.want)
		}
	}
	var page pickerPage
	s.Get(lead, "/rest/api/2/user/picker?query=mars&showAvatar=true").Into(200, &page)
	if page.Total != 1 || page.Users[0].AvatarURL == "" || page.Users[0].AccountType != "app" {
		t.Errorf("got %+v", page)
	}
	s.Refuses([]refusal{
		{lead, "GET", "/rest/api/3/user/picker", "", 400, "query"},
		{lead, "GET", "/rest/api/3/user/picker?query=a&exclude=b&excludeAccountIds=c", "", 400, "exclude"},
		{lead, "GET", "/rest/api/3/user/picker?query=a&maxResults=x", "", 400, "maxResults"},
	})
}
