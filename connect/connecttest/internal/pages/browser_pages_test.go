package pages

import (
	"strings"
	"testing"
	"time"

	"github.com/sightline-go/sightline/internal/browsertest"
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
		case <-p.Done():
			p.Fatalf("%s %s was not called", method, path)
		}
	}
}

func testIssues(t *testing.T, chromium *browsertest.Browser) {
	p := open(t, chromium, "/issues/?as=ann&jql=project+%3D+ABC", "")
	p.Until(`document.querySelector('.issue-summary')?.textContent === 'Fix <b>it</b>'`)
	p.Until(`document.querySelector('.page-heading').innerText.includes('1 issue')`)
	p.Until(`document.querySelector('input[type=date]').classList.contains('overdue')`)

	p.ClickText("To Do")
	p.ClickText("Start")
	p.wrote("POST", "/rest/api/3/issue/ABC-1/transitions", `{"transition":{"id":"21"}}`)
	p.Until(`document.querySelector('.flag-success') !== null`)
	p.Click(".cell-button")
	p.ClickText("Unassigned")
	p.wrote("PUT", "/rest/api/3/issue/ABC-1/assignee", `{"accountId":null}`)
	p.Until(`document.querySelectorAll('.flag-success').length === 2`)
	p.Fill("input[type=date]", "2030-05-06")
	p.wrote("PUT", "/rest/api/3/issue/ABC-1", `{"fields":{"duedate":"2030-05-06"}}`)

	p.Fill("input[name=jql]", "nonsense")
	p.ClickText("Search")
	p.Until(`document.querySelector('.jql-error').innerText.includes("Field 'nonsense' does not exist.")`)
	p.Until(`new URLSearchParams(location.search).get('jql') === 'nonsense' && location.search.includes('as=ann')`)
}

func testIssue(t *testing.T, chromium *browsertest.Browser) {
	p := open(t, chromium, "/browse/ABC-1?as=ann", "")
	p.Until(`document.querySelector('h1')?.textContent === 'Fix <b>it</b>'`)
	p.Until(`document.querySelector('.worklogs').innerText.includes('Ben Best logged 1h 30m')`)
	p.ClickText("Log work")
	p.Until(`document.querySelector('[name=spent]') !== null`)
	p.Fill("[name=spent]", "soon")
	p.ClickText("Save")
	p.Until(`document.querySelector('.field-error').textContent !== ''`)
	p.Fill("[name=spent]", "1d 2h")
	p.Fill("[name=day]", "2026-11-23")
	p.ClickText("Save")
	p.wrote("POST", "/rest/api/3/issue/ABC-1/worklog", `{"timeSpentSeconds":36000,"started":"2026-11-23T12:00:00.000+0000"}`)
}

func testChat(t *testing.T, chromium *browsertest.Browser) {
	p := open(t, chromium, "/chat?as=ann", `
AP.auth.withToken((err, token) => { tell('err', err); tell('token', token); });
AP.user.getCurrentUser((err, user) => tell('user', user));
AP.chat.appendMessage('from the app');
`)
	p.Until(`document.querySelector('.messages')?.innerText.includes('Hello <i>all</i>')`)
	p.Until(`document.querySelector('[data-glance=open]').innerText === '3 open'`)
	p.Click("[data-glance=open]")
	p.tells("err", "null")
	if got := claims(t, p.told("token")); got["sub"] != "ann" || got["app"] != "chat-app" {
		t.Errorf("got claims %v", got)
	}
	p.tells("user", `{"id":"ann","displayName":"Ann Able"}`)
	p.Until(`document.querySelector('.composer').value === 'from the app'`)
	p.push("7 open", true)
	p.Until(`document.querySelector('[data-glance=open]').innerText === '7 open'`)
	p.Until(`document.querySelector('.rooms').innerText.includes('7 open')`)
	p.Until(`document.querySelector('.side iframe') !== null && document.querySelector('.prompt') === null`)
	p.Click("[aria-label='Close Board']")
	p.Until(`document.querySelector('iframe') === null`)
	p.Click("[aria-label='2 members']")
	p.Until(`document.querySelector('.members').innerText.includes('Ben Best')`)
}

func testChatDialog(t *testing.T, chromium *browsertest.Browser) {
	p := open(t, chromium, "/chat/room-1?as=ann", `
AP.register({ save: () => { AP.dialog.disableActions(); tell('save'); } });
AP.register({ finish: () => AP.dialog.close() });
AP.register({ more: () => AP.dialog.update({ title: 'Really?', options: { primaryAction: { key: 'finish', name: { value: 'Finish' } } } }) });
`)
	p.Click("[data-configure=setup]")
	p.Until(`document.querySelector('dialog[open] h2').textContent === 'Set up'`)
	p.Until(`document.querySelector('dialog').offsetWidth === 480 && document.querySelector('dialog iframe').offsetHeight === 320`)
	p.ClickText("Save")
	p.tells("save", "null")
	p.Until(`document.querySelector('[data-action=save]').disabled`)
	p.Click("dialog [aria-label=Close]")
	p.Until(`document.querySelector('dialog') === null`)

	p.Click("[data-configure=setup]")
	p.ClickText("Cancel")
	p.Until(`document.querySelector('dialog') === null`)
}

// testChatTargets clicks glances that lead to a dialog and to the app's
// services.
func testChatTargets(t *testing.T, chromium *browsertest.Browser) {
	p := open(t, chromium, "/chat/room-1?as=ann", `AP.register({ finish: () => AP.dialog.close() });`)
	dialog := `document.querySelector('dialog[open] h2')?.textContent === 'Set up'`
	p.Click("[data-glance=set]")
	p.Until(dialog)
	p.Click("dialog [aria-label=Close]")
	p.Until(`document.querySelector('dialog') === null`)

	p.Click("[data-glance=ack]")
	p.tells("service", `{"context":{"conversationId":"room-1","userId":"ann"},"parameters":{"a":1}}`)
	if got := claims(t, `"`+strings.TrimPrefix(strings.Trim(p.told("authorization"), `"`), "Bearer ")+`"`); got["sub"] != "ann" || got["app"] != "chat-app" {
		t.Errorf("the service got claims %v", got)
	}
	p.Until(`document.querySelector('.flags').innerText.includes('Acknowledged')`)
	p.Until(dialog)
	p.Click("dialog [aria-label=Close]")

	p.Click("[data-glance=no]")
	p.told("service")
	p.Until(`document.querySelector('.flag-error').innerText.includes('Not <b>yours</b>')`)
	p.Until(`document.querySelector('dialog') === null`)
}
