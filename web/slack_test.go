package web

import "testing"

func TestSlackViews(t *testing.T) {
	t.Parallel()
	wanted{
		yes: []string{`href="https://app.example/slack/install\?state=x"`, `target="_blank" rel="noopener noreferrer">Add</a>`, `<strong>A, B</strong>`},
	}.check(t, render(t, SlackInstallView(SlackInstall{
		Title: "T", Text: "x", Listed: "Connected:", Workspaces: []string{"A", "B"}, Link: "https://app.example/slack/install?state=x", Action: "Add",
	})))
	wanted{yes: []string{"<h2>T</h2>"}, no: []string{"<a ", "<strong>"}}.check(t, render(t, SlackInstallView(SlackInstall{Title: "T"})))
	wanted{
		yes: []string{`action="/base/slack/connect"`, `name="code" value="c"`, "&lt;script&gt;"},
		no:  []string{"<script"},
	}.check(t, render(t, SlackPersonView(SlackPerson{Title: nasty, Text: nasty, Save: "/base/slack/connect", Code: "c", Action: "Yes"})))
}
