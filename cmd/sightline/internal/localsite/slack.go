package localsite

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
	"github.com/sightline-go/sightline/internal/onsite"
)

// SlackApp is the app at an address as a developer registers it with Slack.
func SlackApp(app string) connecttest.SlackApp {
	return connecttest.SlackApp{
		Name: "Sightline", ClientID: onsite.SlackClientID, ClientSecret: onsite.SlackClientSecret, SigningSecret: onsite.SlackSigningSecret,
		RedirectURL: app + "/slack/oauth", Command: onsite.SlackCommand, CommandURL: app + "/slack/command",
		InteractionsURL: app + "/slack/interactions", OptionsURL: app + "/slack/options", EventsURL: app + "/slack/events",
	}
}

// addToSlackLink is the link on the page for admins.
var addToSlackLink = regexp.MustCompile(`href="([^"]*/slack/install\?[^"]*)"`)

// setUpSlack registers the app with the site's workspace and puts it there as
// an admin would: from Jira's page, through Slack's question, and back.
func (v *Development) setUpSlack(ctx context.Context) error {
	if err := v.Site.Slack().Register(SlackApp(v.URL)); err != nil {
		return err
	}
	page, err := v.Site.PageURL(v.appKey, "configure", v.Admin().AccountID, nil)
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
func (v *Development) allowSlack(ctx context.Context, link string) error {
	asked, err := v.send(ctx, http.MethodGet, link, nil)
	if err != nil {
		return err
	}
	answer := asked.Query()
	answer.Set("answer", "allow")
	answer.Set("user", v.Site.Slack().State().People[0].ID)
	asked.RawQuery = ""
	back, err := v.send(ctx, http.MethodPost, asked.String(), answer)
	if err != nil {
		return err
	}
	_, err = v.read(ctx, back.String())
	return err
}

// send makes a call that is answered with a redirect, and returns where to.
func (v *Development) send(ctx context.Context, method, address string, form url.Values) (*url.URL, error) {
	req, err := http.NewRequestWithContext(ctx, method, address, strings.NewReader(form.Encode()))
	if err != nil {
		return nil, err
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	resp, err := v.Site.Client().Do(req)
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
func (v *Development) read(ctx context.Context, address string) (string, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return "", err
	}
	resp, err := v.Site.Client().Do(req)
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

// Admin is somebody who administers the site's Jira.
func (v *Development) Admin() connecttest.Person {
	for _, p := range v.Site.People() {
		if p.Admin && p.Active {
			return p
		}
	}
	return connecttest.Person{}
}
