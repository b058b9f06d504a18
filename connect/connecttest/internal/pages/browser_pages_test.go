package pages

import (
	"context"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

// wrote waits for the pages to have made a REST call.
func (p *tab) wrote(method, path, body string) {
	p.Helper()
	wait := time.NewTicker(20 * time.Millisecond)
	defer wait.Stop()
	for {
		if call, ok := p.called(method, path); ok {
			if got := string(call.Body); got != body || call.As != "ann" {
				p.Errorf("%s %s as %s: got %s, want %s", method, path, call.As, got, body)
			}
			return
		}
		select {
		case <-wait.C:
		case <-p.ctx.Done():
			p.Fatalf("%s %s was not called", method, path)
		}
	}
}

func testIssues(t *testing.T, ctx context.Context) {
	p := open(t, ctx, "/issues/?as=ann&jql=project+%3D+ABC", "")
	p.until(`document.querySelector('.issue-summary')?.textContent === 'Fix <b>it</b>'`)
	p.until(`document.querySelector('.page-heading').innerText.includes('1 issue')`)
	p.until(`document.querySelector('input[type=date]').classList.contains('overdue')`)

	p.clickText("To Do")
	p.clickText("Start")
	p.wrote("POST", "/rest/api/3/issue/ABC-1/transitions", `{"transition":{"id":"21"}}`)
	p.until(`document.querySelector('.flag-success') !== null`)
	p.click(".cell-button")
	p.clickText("Unassigned")
	p.wrote("PUT", "/rest/api/3/issue/ABC-1/assignee", `{"accountId":null}`)
	p.until(`document.querySelectorAll('.flag-success').length === 2`)
	p.run(chromedp.Evaluate[chromedp.Void](`(() => { const due = document.querySelector('input[type=date]'); due.value = '2030-05-06'; due.dispatchEvent(new Event('change')); })()`))
	p.wrote("PUT", "/rest/api/3/issue/ABC-1", `{"fields":{"duedate":"2030-05-06"}}`)

	p.run(chromedp.SetValue("input[name=jql]", "nonsense"))
	p.clickText("Search")
	p.until(`document.querySelector('.jql-error').innerText.includes("Field 'nonsense' does not exist.")`)
	p.until(`new URLSearchParams(location.search).get('jql') === 'nonsense' && location.search.includes('as=ann')`)
}

func testIssue(t *testing.T, ctx context.Context) {
	p := open(t, ctx, "/browse/ABC-1?as=ann", "")
	p.until(`document.querySelector('h1')?.textContent === 'Fix <b>it</b>'`)
	p.until(`document.querySelector('.worklogs').innerText.includes('Ben Best logged 1h 30m')`)
	p.clickText("Log work")
	p.until(`document.querySelector('[name=spent]') !== null`)
	p.run(chromedp.SetValue("[name=spent]", "soon"))
	p.clickText("Save")
	p.until(`document.querySelector('.field-error').textContent !== ''`)
	p.run(chromedp.SetValue("[name=spent]", "1d 2h"), chromedp.SetValue("[name=day]", "2026-11-23"))
	p.clickText("Save")
	p.wrote("POST", "/rest/api/3/issue/ABC-1/worklog", `{"timeSpentSeconds":36000,"started":"2026-11-23T12:00:00.000+0000"}`)
}

func testChat(t *testing.T, ctx context.Context) {
	p := open(t, ctx, "/chat?as=ann", `
AP.auth.withToken((err, token) => { tell('err', err); tell('token', token); });
AP.user.getCurrentUser((err, user) => tell('user', user));
AP.chat.appendMessage('from the app');
`)
	p.until(`document.querySelector('.messages')?.innerText.includes('Hello <i>all</i>')`)
	p.until(`document.querySelector('[data-glance=open]').innerText === '3 open'`)
	p.click("[data-glance=open]")
	p.tells("err", "null")
	if got := claims(t, p.told("token")); got["sub"] != "ann" || got["app"] != "chat-app" {
		t.Errorf("got claims %v", got)
	}
	p.tells("user", `{"id":"ann","displayName":"Ann Able"}`)
	p.until(`document.querySelector('.composer').value === 'from the app'`)
	p.push("7 open", true)
	p.until(`document.querySelector('[data-glance=open]').innerText === '7 open'`)
	p.until(`document.querySelector('.rooms').innerText.includes('7 open')`)
	p.until(`document.querySelector('.side iframe') !== null && document.querySelector('.prompt') === null`)
	p.click("[aria-label='Close Board']")
	p.until(`document.querySelector('iframe') === null`)
	p.click("[aria-label='2 members']")
	p.until(`document.querySelector('.members').innerText.includes('Ben Best')`)
}

func testChatDialog(t *testing.T, ctx context.Context) {
	p := open(t, ctx, "/chat/room-1?as=ann", `
AP.register({ save: () => { AP.dialog.disableActions(); tell('save'); } });
AP.register({ finish: () => AP.dialog.close() });
AP.register({ more: () => AP.dialog.update({ title: 'Really?', options: { primaryAction: { key: 'finish', name: { value: 'Finish' } } } }) });
`)
	p.click("[data-configure=setup]")
	p.until(`document.querySelector('dialog[open] h2').textContent === 'Set up'`)
	p.until(`document.querySelector('dialog').offsetWidth === 480 && document.querySelector('dialog iframe').offsetHeight === 320`)
	p.clickText("Save")
	p.tells("save", "null")
	p.until(`document.querySelector('[data-action=save]').disabled`)
	p.click("dialog [aria-label=Close]")
	p.until(`document.querySelector('dialog') === null`)

	p.click("[data-configure=setup]")
	p.clickText("Cancel")
	p.until(`document.querySelector('dialog') === null`)
}
