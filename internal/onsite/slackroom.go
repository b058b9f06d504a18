package onsite

import (
	"context"
	"errors"
	"html"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"time"
)

// namesLink is the link on the page for admins that also allows to name people.
var namesLink = regexp.MustCompile(`href="([^"]*/slack/install\?[^"]*)"[^>]*>[^<]*name people<`)

var (
	jiraLink  = regexp.MustCompile(`<(http[^|>]*)\|`)
	codeField = regexp.MustCompile(`name="code" value="([^"]*)"`)
	session   = regexp.MustCompile(`data-session="([^"]*)"`)
)

// workspace is the site's Slack.
type workspace struct {
	People   []struct{ ID string }
	Channels []struct {
		ID       string
		Messages []struct{ For, Text string }
	}
}

// SetUpSlack connects a person of the workspace with the owner of the first dashboard,
// and has a channel show what can be shown: hours, links to issues, and a summary of the
// week, which comes in a minute.
func (s Stage) SetUpSlack(ctx context.Context) error {
	has, err := s.objects(ctx)
	if err != nil {
		return err
	}
	var slack workspace
	if err := s.control(ctx, http.MethodGet, "/-/slack", nil, &slack); err != nil {
		return err
	}
	channel, user := slack.Channels[0].ID, slack.People[0].ID
	if err := s.connectSlack(ctx, channel, user, has.Dashboards[0].Owner); err != nil {
		return err
	}
	if err := s.setUpChannel(ctx, channel, user, has.shown()); err != nil {
		return err
	}
	return s.saySlack(ctx, channel, user, "What about "+s.Site+"/browse/"+has.Projects[0].Key+"-1?")
}

func (s Stage) saySlack(ctx context.Context, channel, user, text string) error {
	return s.control(ctx, http.MethodPost, "/-/slack/channels/"+channel+"/messages", map[string]string{"user": user, "text": text}, nil)
}

// connectSlack follows the link that the app gives to somebody whom it does not know, and
// answers the question there.
func (s Stage) connectSlack(ctx context.Context, channel, user, account string) error {
	if err := s.saySlack(ctx, channel, user, SlackCommand); err != nil {
		return err
	}
	var slack workspace
	if err := s.control(ctx, http.MethodGet, "/-/slack", nil, &slack); err != nil {
		return err
	}
	code := ""
	for _, m := range slack.Channels[0].Messages {
		if link := jiraLink.FindStringSubmatch(m.Text); link != nil && m.For == user {
			at, err := url.Parse(html.UnescapeString(link[1]))
			if err != nil {
				return err
			}
			code = at.Query().Get("ac.code") + at.Query().Get("code")
		}
	}
	if code == "" {
		return errors.New("slack: the app gives no link to Jira")
	}
	var there struct{ URL string }
	query := url.Values{"as": {account}, "ac.code": {code}}
	if err := s.control(ctx, http.MethodGet, "/-/apps/"+appKey+"/modules/slack-connect?"+query.Encode(), nil, &there); err != nil {
		return err
	}
	body, _, err := page(ctx, there.URL)
	if err != nil {
		return err
	}
	asked, token := codeField.FindStringSubmatch(body), session.FindStringSubmatch(body)
	if asked == nil || token == nil {
		return errors.New("slack: the page in Jira asks nothing")
	}
	req, err := request(ctx, http.MethodPost, s.App+"/slack/connect", url.Values{"code": {html.UnescapeString(asked[1])}}.Encode())
	if err != nil {
		return err
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.Header.Set("Authorization", "JWT "+html.UnescapeString(token[1]))
	return do(req, nil)
}

// setUpChannel fills in the app's form.
func (s Stage) setUpChannel(ctx context.Context, channel, user string, projects []string) error {
	if err := s.saySlack(ctx, channel, user, SlackCommand); err != nil {
		return err
	}
	modal := "/-/slack/modals/" + user
	if err := s.control(ctx, http.MethodPost, modal+"/click", map[string]string{"action": "more"}, nil); err != nil {
		return err
	}
	if err := s.control(ctx, http.MethodPost, modal+"/options", map[string]string{"block": "projects", "typed": ""}, nil); err != nil {
		return err
	}
	soon := time.Now().UTC().Add(time.Minute)
	values := map[string]any{
		"projects": projects, "zone": "UTC", "measure": "remaining", "parts": []string{"open", "overdue", "blank"}, "links": []string{"links"},
		"weeklyDay": strconv.Itoa(int(soon.Weekday())), "weeklyAt": soon.Format("15:04"),
	}
	return s.control(ctx, http.MethodPost, modal+"/submit", map[string]any{"values": values}, nil)
}
