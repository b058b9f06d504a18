package onsite

import (
	"context"
	"errors"
	"html"
	"net/http"
	"net/url"
	"regexp"
)

// RegisterSlack registers the app with the site's Slack as a developer does.
func (s Stage) RegisterSlack(ctx context.Context) error {
	site, err := url.Parse(s.Site)
	if err != nil {
		return err
	}
	return s.control(ctx, http.MethodPost, "/-/slack/app", map[string]any{
		"name": name, "clientId": SlackClientID, "clientSecret": SlackClientSecret, "signingSecret": SlackSigningSecret,
		"redirectUrl": s.App + "/slack/oauth", "command": SlackCommand, "commandUrl": s.App + "/slack/command",
		"interactionsUrl": s.App + "/slack/interactions", "optionsUrl": s.App + "/slack/options", "eventsUrl": s.App + "/slack/events",
		"unfurlDomains": []string{site.Hostname()},
	}, nil)
}

// AuthorizeLink is the link to Slack on the page that names the Jira site.
var AuthorizeLink = regexp.MustCompile(`href="([^"]*/oauth/v2/authorize\?[^"]*)"`)

// AddToSlack registers the app with the site's workspace and adds it as an
// admin would: from Jira's page, through Slack's question, and back. A
// workspace that already belongs to an earlier site is an error. People may be named there.
func (s Stage) AddToSlack(ctx context.Context) error {
	if err := s.RegisterSlack(ctx); err != nil {
		return err
	}
	admin, err := s.Admin(ctx)
	if err != nil {
		return err
	}
	var configure struct{ URL string }
	if err := s.control(ctx, http.MethodGet, "/-/apps/"+appKey+"/modules/configure?as="+url.QueryEscape(admin), nil, &configure); err != nil {
		return err
	}
	body, _, err := page(ctx, configure.URL)
	if err != nil {
		return err
	}
	link := namesLink.FindStringSubmatch(body)
	if link == nil {
		return errors.New("the page for admins has no link to Slack")
	}
	return s.allowSlack(ctx, html.UnescapeString(link[1]))
}

// allowSlack follows the link and answers Slack's question with yes.
func (s Stage) allowSlack(ctx context.Context, link string) error {
	var workspace struct{ People []struct{ ID string } }
	if err := s.control(ctx, http.MethodGet, "/-/slack", nil, &workspace); err != nil {
		return err
	}
	body, cookies, err := page(ctx, link)
	if err != nil {
		return err
	}
	next := AuthorizeLink.FindStringSubmatch(body)
	if next == nil {
		return errors.New("the page that names the jira site has no link to Slack")
	}
	asked, err := url.Parse(html.UnescapeString(next[1]))
	if err != nil {
		return err
	}
	answer := asked.Query()
	answer.Set("answer", "allow")
	answer.Set("user", workspace.People[0].ID)
	asked.RawQuery = ""
	back, err := redirected(ctx, asked.String(), answer)
	if err != nil {
		return err
	}
	_, _, err = page(ctx, back.String(), cookies...)
	return err
}
