package web

import "testing"

func TestSlackViews(t *testing.T) {
	t.Parallel()
	const link = "https://app.example/slack/install?state=x"
	wanted{
		yes: []string{
			`href="https://app.example/slack/install\?state=x"`, `target="_blank" rel="noopener noreferrer">Add to Slack</a>`,
			`<strong>A and B</strong>`,
		},
	}.check(t, render(t, SlackInstallView(SlackInstall{L: english(), Workspaces: []string{"A", "B"}, Link: link})))
	wanted{yes: []string{`<strong>A</strong>: Slack has revoked Sightline&#39;s access`}, no: []string{"Connected:"}}.check(t,
		render(t, SlackInstallView(SlackInstall{L: english(), Revoked: []string{"A"}, Link: link})))
	wanted{yes: []string{`<strong>A</strong>:\s*Slack has refused to renew .*up to date until Friday\.`, `<strong>B</strong>:\s*Slack has refused to renew .*may end at any time`}, no: []string{"Connected:"}}.check(t,
		render(t, SlackInstallView(SlackInstall{L: english(), Unrenewed: []SlackUnrenewed{{"A", "Friday"}, {Workspace: "B"}}, Link: link})))
	wanted{yes: []string{"<h2>Show it in Slack</h2>"}, no: []string{"<strong>", "Connected:"}}.check(t,
		render(t, SlackInstallView(SlackInstall{L: english(), Link: link})))
	wanted{
		yes: []string{`<h2>Connect a Slack workspace to a.example\?</h2>`, `href="https://slack.com/oauth/v2/authorize\?state=x">Continue to Slack</a>`},
		no:  []string{"<form", "<script"},
	}.check(t, render(t, SlackSiteView(SlackSite{L: english(), Site: "a.example", Link: "https://slack.com/oauth/v2/authorize?state=x"})))
	wanted{
		yes: []string{`action="/base/slack/connect"`, `name="code" value="c"`, "&lt;script&gt;"},
		no:  []string{"<script"},
	}.check(t, render(t, SlackPersonView(SlackPerson{L: english(), User: nasty, UserID: nasty, Team: nasty, Host: nasty, Save: "/base/slack/connect", Code: "c"})))
}
