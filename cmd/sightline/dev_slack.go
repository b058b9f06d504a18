package main

import (
	"context"
	"errors"
	"fmt"
	"html"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"strings"

	"github.com/sightline-go/sightline/connect/connecttest"
)

// The Slack app on the local site.
const (
	devSlackID            = "2990.sightline"
	devSlackSecret        = "a slack client secret for the local site alone"
	devSlackSigningSecret = "a slack signing secret for the local site alone"
	slackCommand          = "/sightline"
)

// devSlackFlags point to the site's Slack.
func devSlackFlags(site string) slackFlags {
	return slackFlags{
		ClientID: devSlackID, ClientSecret: devSlackSecret, SigningSecret: devSlackSigningSecret,
		APIURL: site + "/slack/api/", AuthorizeURL: site + "/slack/oauth/v2/authorize",
	}
}

// devSlackApp is the app at an address as a developer registers it with Slack.
func devSlackApp(app string) connecttest.SlackApp {
	return connecttest.SlackApp{
		Name: "Sightline", ClientID: devSlackID, ClientSecret: devSlackSecret, SigningSecret: devSlackSigningSecret,
		RedirectURL: app + "/slack/oauth", Command: slackCommand, CommandURL: app + "/slack/command",
		InteractionsURL: app + "/slack/interactions", OptionsURL: app + "/slack/options", EventsURL: app + "/slack/events",
	}
}

// addToSlackLink is the link on the page for admins.
var addToSlackLink = regexp.MustCompile(`href="([^"]*/slack/install\?[^"]*)"`)

// setUpSlack registers the app with the site's workspace and puts it there as
// an admin would: from Jira's page, through Slack's question, and back.
func (v *development) setUpSlack(ctx context.Context) error {
	if err := v.site.Slack().Register(devSlackApp(v.url)); err != nil {
		return err
	}
	page, err := v.site.PageURL(v.appKey, "configure", v.admin().AccountID, nil)
	if err != nil {
		return err
	}
	body, err := v.read(ctx, page)
	if err != nil {
		return err
	}
	link := addToSlackLink.FindStringSubmatch(body)
	if link == nil {
		return errors.New("the page for admins has no link to Slack")
	}
	return v.allowSlack(ctx, html.UnescapeString(link[1]))
}

// allowSlack follows the link and answers Slack's question with yes.
func (v *development) allowSlack(ctx context.Context, link string) error {
	asked, err := v.send(ctx, http.MethodGet, link, nil)
	if err != nil {
		return err
	}
	answer := asked.Query()
	answer.Set("answer", "allow")
	answer.Set("user", v.site.Slack().State().People[0].ID)
	asked.RawQuery = ""
	back, err := v.send(ctx, http.MethodPost, asked.String(), answer)
	if err != nil {
		return err
	}
	_, err = v.read(ctx, back.String())
	return err
}

// send makes a call that is answered with a redirect, and returns where to.
func (v *development) send(ctx context.Context, method, address string, form url.Values) (*url.URL, error) {
	req, err := http.NewRequestWithContext(ctx, method, address, strings.NewReader(form.Encode()))
	if err != nil {
		return nil, err
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	resp, err := v.site.Client().Do(req)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusFound {
		return nil, fmt.Errorf("%s %s: %s", method, req.URL.Path, resp.Status)
	}
	return resp.Location()
}

// read fetches a page.
func (v *development) read(ctx context.Context, address string) (string, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return "", err
	}
	resp, err := v.site.Client().Do(req)
	if err != nil {
		return "", err
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(io.LimitReader(resp.Body, 1<<20))
	if err == nil && resp.StatusCode != http.StatusOK {
		err = fmt.Errorf("GET %s: %s", req.URL.Path, resp.Status)
	}
	return string(body), err
}

// admin is somebody who administers the site's Jira.
func (v *development) admin() connecttest.Person {
	for _, p := range v.site.People() {
		if p.Admin && p.Active {
			return p
		}
	}
	return connecttest.Person{}
}
