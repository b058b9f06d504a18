package main

import (
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"testing"

	"sightline/internal/browsertest"
)

// TestSlackInBrowser is Slack as a person sees it, in a real browser. With
// SIGHTLINE_SLACK_SCREENSHOTS pictures are left in that folder.
func TestSlackInBrowser(t *testing.T) {
	t.Parallel()
	browser := browsertest.Start(t)
	dev := startDev(t)
	objects := dev.site.Objects()
	owner, project := objects.Dashboards[0].Owner, objects.Projects[0]

	admin := browser.Open(t, dev.site.url+"/plugins/servlet/ac/"+appKey+"/configure?as="+url.QueryEscape(dev.admin().AccountID), 1280, 900)
	page := admin.Frame("/configure")
	page.Until(`document.querySelector('a[href*="/slack/install"]')`)
	keepSlack(t, admin, "configure")

	tab := browser.Open(t, dev.site.url+"/slack", 1280, 900)
	typeText(tab, slackCommand)
	tab.Until(`document.querySelector('.only-you a[href*="ac.code"]')`)
	keepSlack(t, tab, "connect-link")
	link := browsertest.Eval[string](tab, `document.querySelector('.only-you a[href*="ac.code"]').href`)
	jira := browser.Open(t, link+"&as="+url.QueryEscape(owner), 1280, 900)
	question := jira.Frame("/slack/connect")
	question.Until(`document.querySelector('[data-fragment="slack-person"]')`)
	keepSlack(t, jira, "connect-question")
	question.Until(`document.readyState === "complete"`) // the script is there that sends the answer
	question.Click(`[type=submit]`)
	question.Until(`document.body.innerText.includes("Connected")`)

	typeText(tab, slackCommand)
	tab.Until(`document.querySelector('dialog.slack-modal[open]')`)
	tab.Do(`const field = document.querySelector('[data-block=projects] input'); field.focus(); field.value = ` +
		fmt.Sprintf("%q", project.Key) + `; field.dispatchEvent(new Event('input'))`)
	tab.Click(`[data-option="` + project.Key + `"]`)
	tab.Until(`document.querySelector('[data-value="` + project.Key + `"]')`)
	tab.Click(`[data-block=parts] input[value=overdue]`)
	tab.Click(`[data-block=parts] input[value=open]`)
	tab.Click(`dialog .button.primary`)
	tab.Until(`document.querySelector('[data-block=parts] .field-error').textContent`)
	keepSlack(t, tab, "modal")
	tab.Click(`[data-block=parts] input[value=open]`)
	tab.Click(`dialog .button.primary`)
	tab.Until(`!document.querySelector('dialog')`)

	r := &running{site: dev.site.Site, store: dev.app.store, url: dev.url}
	open := r.count(t, owner, `project = "`+project.Key+`" AND statusCategory != Done`)
	shows := func(n int) {
		t.Helper()
		text := fmt.Sprintf("%d open", n)
		tab.Until(fmt.Sprintf(`[...document.querySelectorAll('.messages li:not(.only-you) a')].filter((a) => a.textContent.startsWith(%q)).length === 1`, text))
		tab.Until(fmt.Sprintf(`document.querySelector('[data-bookmark]').textContent.includes(%q)`, text))
	}
	shows(open)
	r.finishOneIssue(t, owner, project.Key)
	shows(open - 1)
	keepSlack(t, tab, "channel")

	for name, one := range map[string]*browsertest.Tab{"configure": admin, "slack": tab, "jira": jira} {
		if problems := one.Problems(); len(problems) > 0 {
			t.Errorf("%s: the console complains: %q", name, problems)
		}
	}
}

// typeText writes a message in the page's channel.
func typeText(tab *browsertest.Tab, text string) {
	tab.Until(`document.querySelector('.composer')`)
	tab.Do(fmt.Sprintf(`const box = document.querySelector('.composer'); box.value = %q; box.form.requestSubmit()`, text))
}

func keepSlack(t *testing.T, tab *browsertest.Tab, name string) {
	t.Helper()
	dir := os.Getenv("SIGHTLINE_SLACK_SCREENSHOTS")
	if dir == "" {
		return
	}
	if err := os.WriteFile(filepath.Join(dir, name+".png"), tab.Screenshot(), 0o644); err != nil {
		t.Fatal(err)
	}
}
