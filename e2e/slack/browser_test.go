package slack

import (
	"fmt"
	"html"
	"net/url"
	"testing"

	"github.com/sightline-go/sightline/connect/connecttest"
	"github.com/sightline-go/sightline/e2e/harness"
	"github.com/sightline-go/sightline/internal/browsertest"
	"github.com/sightline-go/sightline/internal/onsite"
)

// TestSlackInBrowser is Slack as a person sees it, in a real browser, in
// English and in German.
func TestSlackInBrowser(t *testing.T) {
	t.Parallel()
	browser := browsertest.Start(t)
	for _, want := range []slackWords{
		{tag: "en", locale: "en_GB", add: "Add to Slack", connect: "Yes, connect", connected: "Connected", projects: "Projects", open: "open"},
		{tag: "de", locale: "de_DE", add: "Zu Slack hinzufügen", connect: "Ja, verbinden", connected: "Verbunden", projects: "Projekte", open: "offen"},
	} {
		t.Run(want.tag, func(t *testing.T) {
			t.Parallel()
			v := slackViewer{slackWords: want, browser: browser, dev: harness.Furnished(t)}
			v.person = v.speaker(t)
			v.offer(t)
			tab := v.open(t, v.dev.Site.URL()+"/slack")
			v.becomeKnown(t, tab)
			v.setUp(t, tab)
			v.follow(t, tab)
			if problems := tab.Problems(); len(problems) > 0 {
				t.Errorf("the console complains: %q", problems)
			}
		})
	}
}

// TestSlackIsAddedInBrowser is an admin's way to Slack and back. The browser has one
// cookie for both programs, so one goes after the other.
func TestSlackIsAddedInBrowser(t *testing.T) {
	t.Parallel()
	browser := browsertest.Start(t)
	for _, want := range []slackWords{
		{tag: "en", next: "Continue to Slack", added: "Sightline is in Slack"},
		{tag: "de", next: "Weiter zu Slack", added: "Sightline ist in Slack"},
	} {
		slackViewer{slackWords: want, browser: browser, dev: harness.Furnished(t)}.addToSlack(t)
	}
}

// slackWords are what a person reads in their language.
type slackWords struct{ tag, locale, add, next, added, connect, connected, projects, open string }

// slackViewer is a person who connects Slack and sets up a channel.
type slackViewer struct {
	slackWords
	browser *browsertest.Browser
	dev     *harness.Running
	person  connecttest.Person
}

func (v slackViewer) speaker(t *testing.T) connecttest.Person {
	t.Helper()
	for _, p := range v.dev.Site.People() {
		if p.Locale == v.locale && p.Active && !p.App && p.Email != "" {
			return p
		}
	}
	t.Fatalf("no person's Jira is in %s", v.locale)
	return connecttest.Person{}
}

// open opens a page in a browser that asks for the person's language.
func (v slackViewer) open(t *testing.T, address string) *browsertest.Tab {
	t.Helper()
	tab := v.browser.Open(t, "about:blank", 1280, 900)
	tab.Speak(v.tag)
	tab.Visit(address)
	return tab
}

// offer checks the page for admins.
func (v slackViewer) offer(t *testing.T) {
	t.Helper()
	tab := v.open(t, v.dev.Site.URL()+"/plugins/servlet/ac/"+harness.AppKey+"/configure?as="+url.QueryEscape(v.dev.AdminAccount(t)))
	tab.Frame("/configure").Until(fmt.Sprintf(`document.querySelector('a[href*="/slack/install"]')?.textContent === %q`, v.add))
	tab.Shot("slack configure " + v.tag)
	if problems := tab.Problems(); len(problems) > 0 {
		t.Errorf("the console complains: %q", problems)
	}
}

// addToSlack follows the link on the page for admins: past the page that names the Jira
// site, through Slack's question, and back in the same browser.
func (v slackViewer) addToSlack(t *testing.T) {
	t.Helper()
	link := harness.AddToSlackLink.FindStringSubmatch(v.dev.ConnectPage(t, harness.AppKey, "configure", v.dev.AdminAccount(t), nil))
	if link == nil {
		t.Fatal("the page for admins has no link to Slack")
	}
	site, err := url.Parse(v.dev.Site.URL())
	if err != nil {
		t.Fatal(err)
	}
	tab := v.open(t, html.UnescapeString(link[1]))
	tab.Until(fmt.Sprintf(`document.querySelector('h2')?.textContent.includes(%q)`, site.Host))
	tab.Until(fmt.Sprintf(`document.querySelector('a.button')?.textContent === %q`, v.next))
	tab.Shot("slack site " + v.tag)
	tab.Click(`a.button`)
	tab.Until(`document.querySelector('button[value=allow]')`)
	tab.Click(`button[value=allow]`)
	tab.Until(fmt.Sprintf(`document.querySelector('h2')?.textContent === %q`, v.added))
	if problems := tab.Problems(); len(problems) > 0 {
		t.Errorf("the console complains: %q", problems)
	}
}

// becomeKnown follows the command's link to Jira and confirms there.
func (v slackViewer) becomeKnown(t *testing.T, tab *browsertest.Tab) {
	t.Helper()
	typeText(tab, onsite.SlackCommand)
	tab.Until(`document.querySelector('.only-you a[href*="ac.code"]')`)
	tab.Shot("slack connect link " + v.tag)
	link := browsertest.Eval[string](tab, `document.querySelector('.only-you a[href*="ac.code"]').href`)
	jira := v.open(t, link+"&as="+url.QueryEscape(v.person.AccountID))
	question := jira.Frame("/slack/connect")
	question.Until(fmt.Sprintf(`document.querySelector('[data-fragment="slack-person"] [type=submit]')?.textContent === %q`, v.connect))
	jira.Shot("slack connect question " + v.tag)
	question.Until(`document.readyState === "complete"`) // the script that sends the answer is loaded
	question.Click(`[type=submit]`)
	question.Until(fmt.Sprintf(`document.querySelector("h2")?.textContent === %q`, v.connected))
	if problems := jira.Problems(); len(problems) > 0 {
		t.Errorf("the console complains: %q", problems)
	}
}

// setUp fills in the modal, first with errors.
func (v slackViewer) setUp(t *testing.T, tab *browsertest.Tab) {
	t.Helper()
	project := v.dev.Site.Objects().Projects[0].Key
	typeText(tab, onsite.SlackCommand)
	tab.Until(`document.querySelector('dialog.slack-modal[open]')`)
	tab.Until(fmt.Sprintf(`document.querySelector('[data-block=projects]').innerText.includes(%q)`, v.projects))
	tab.Do(fmt.Sprintf(`const field = document.querySelector('[data-block=projects] input'); field.focus(); field.value = %q;
		field.dispatchEvent(new Event('input'))`, project))
	tab.Click(`[data-option="` + project + `"]`)
	tab.Until(`document.querySelector('[data-value="` + project + `"]')`)
	tab.Click(`[data-block=parts] input[value=overdue]`)
	tab.Click(`[data-block=parts] input[value=open]`)
	tab.Click(`dialog .button.primary`)
	tab.Until(`document.querySelector('[data-block=parts] .field-error').textContent`)
	tab.Shot("slack modal " + v.tag)
	tab.Click(`[data-block=parts] input[value=open]`)
	tab.Click(`dialog .button.primary`)
	tab.Until(`!document.querySelector('dialog')`)
}

// follow checks the channel's message and bookmark, and how they change.
func (v slackViewer) follow(t *testing.T, tab *browsertest.Tab) {
	t.Helper()
	project := v.dev.Site.Objects().Projects[0].Key
	r := v.dev
	open := r.Count(t, v.person.AccountID, `project = "`+project+`" AND statusCategory != Done`)
	shows := func(n int) {
		t.Helper()
		text := fmt.Sprintf("%d %s", n, v.slackWords.open)
		tab.Until(fmt.Sprintf(`[...document.querySelectorAll('.messages li:not(.only-you) a')].filter((a) => a.textContent.startsWith(%q)).length === 1`, text))
		tab.Until(fmt.Sprintf(`document.querySelector('[data-bookmark]').textContent.includes(%q)`, text))
	}
	shows(open)
	r.FinishOneIssue(t, v.person.AccountID, project)
	shows(open - 1)
	tab.Shot("slack channel " + v.tag)
}

// typeText writes a message in the page's channel.
func typeText(tab *browsertest.Tab, text string) {
	tab.Until(`document.querySelector('.composer')`)
	tab.Do(fmt.Sprintf(`const box = document.querySelector('.composer'); box.value = %q; box.form.requestSubmit()`, text))
}
