package pages

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/sightline-go/sightline/internal/browsertest"
)

const dashboardPage = "/jira/dashboards/10000"

func testGadgetCalls(t *testing.T, chromium *browsertest.Browser) {
	p := open(t, chromium, dashboardPage+"?as=ann", `
AP.getLocation((at) => tell('location', at));
AP.context.getToken().then((token) => tell('token', token));
AP.context.getToken((token) => tell('token to callback', token));
AP.context.getContext().then((context) => tell('context', context));
AP.jira.isDashboardItemEditable((editable) => tell('editable', editable));
AP.user.getCurrentUser((user) => tell('user', user));
AP.user.getTimeZone((zone) => tell('zone', zone));
AP.request('/rest/api/3/myself').then(({ body, xhr }) => tell('request', [JSON.parse(body), xhr.status, xhr.getResponseHeader('content-type')]));
AP.request({ url: '/rest/api/3/thing', type: 'PUT', data: '{"a":1}', contentType: 'application/json', success: (body, text) => tell('success', [body, text]) });
AP.request('/rest/api/3/forbidden', { error: (xhr, text, err) => tell('error', [xhr.status, text, JSON.parse(err)]) });
AP.request('https://elsewhere.example/').catch((error) => tell('foreign', String(error).includes('relative')));
AP.require(['jira', 'request'], (jira, request) => tell('require', [typeof jira.setDashboardItemTitle, typeof request]));
AP.jira.setDashboardItemTitle('<b>Ours</b>');
AP.flag.create({ title: 'Saved', type: 'success', actions: { undo: 'Undo' } });
AP.events.on('flag.action', (event) => tell('flag action', event.actionIdentifier));
document.querySelector('#text').style.height = '333px';
`)
	p.tells("location", `"`+p.site.URL+dashboardPage+`?as=ann"`)
	p.tells("context", `{"jira":{"dashboard":{"id":"10000"}}}`)
	p.tells("editable", `true`)
	p.tells("user", `{"atlassianAccountId":"ann"}`)
	p.tells("zone", `"Asia/Tokyo"`)
	p.tells("request", `[{"accountId":"ann"},200,"application/json"]`)
	p.tells("success", `["","success"]`)
	p.tells("error", `[403,"error",{"errorMessages":["no"]}]`)
	p.tells("foreign", `true`)
	p.tells("require", `["function","function"]`)
	for _, name := range []string{"token", "token to callback"} {
		got := claims(t, p.told(name))
		if got["sub"] != "ann" || got["iss"] != "com.example.app" {
			t.Errorf("%s: got claims %v", name, got)
		}
	}
	call, _ := p.called("PUT", "/rest/api/3/thing")
	want := restCall{As: "ann", Method: "PUT", Path: "/rest/api/3/thing", App: "com.example.app", Body: []byte(`{"a":1}`), Header: map[string]string{"Content-Type": "application/json"}}
	if diff := cmp.Diff(want, call); diff != "" {
		t.Errorf("AP.request (-want +got):\n%s", diff)
	}
	p.Until(`document.querySelector('.gadget h2').textContent === '<b>Ours</b>'`)
	p.Until(`document.querySelector('.gadget iframe').offsetHeight > 330`)
	p.Until(`!document.querySelector('.gadget').classList.contains('loading')`)
	p.ClickText("Undo")
	p.tells("flag action", `"undo"`)
}

func testGadgetEdit(t *testing.T, chromium *browsertest.Browser) {
	p := open(t, chromium, dashboardPage+"?as=ann", `
tell('loaded', location.search.includes('jwt='));
AP.jira.DashboardItem.onDashboardItemEdit(() => tell('wrong'));
AP.jira.DashboardItem.onDashboardItemEdit(() => tell('edit'));
`)
	p.tells("loaded", "true")
	for range 2 {
		p.Click(".gadget [aria-haspopup=menu]")
		p.ClickText("Configure")
		p.tells("edit", "null")
	}
	p.Click(".gadget [aria-haspopup=menu]")
	p.ClickText("Refresh")
	p.tells("loaded", "true")
	p.Until(`document.querySelectorAll('iframe').length === 1`)
	for _, seen := range p.seen {
		if seen.Name == "wrong" {
			t.Error("the first listener was called, though the last registration wins")
		}
	}
}

// Someone who may not edit has no Configure, and the app is told so.
func testViewers(t *testing.T, chromium *browsertest.Browser) {
	p := open(t, chromium, dashboardPage, `AP.jira.isDashboardItemEditable((editable) => tell('editable', editable));`)
	p.tells("editable", "true")
	p.Click(".viewer")
	p.ClickText("Ben Best")
	p.tells("editable", "false")
	p.Until(`location.search === '?as=ben'`)
	p.Click(".gadget [aria-haspopup=menu]")
	p.Until(`document.querySelector('.gadget [role=menuitem]') !== null`)
	p.Until(`!document.querySelector('.gadget .popup').innerText.includes('Configure')`)
	p.Visit(p.site.URL + dashboardPage + "?as=anonymous")
	p.Until(`document.querySelector('main').innerText.includes('cannot see this dashboard')`)
	p.Until(`document.querySelector('iframe') === null`)
}

func testGadgetTheme(t *testing.T, chromium *browsertest.Browser) {
	p := open(t, chromium, dashboardPage, `
const root = document.documentElement;
const look = () => tell('theme', [root.dataset.colorMode, root.dataset.theme, root.dataset.surface]);
tell('before', root.dataset.colorMode ?? 'none');
new MutationObserver(look).observe(root, { attributeFilter: ['data-theme', 'data-surface', 'data-color-mode'] });
AP.theming.initializeTheming();
`)
	p.tells("before", `"none"`)
	p.tells("theme", `["light","dark:dark light:light spacing:spacing","raised"]`)
	p.Click("[aria-label=Theme]")
	p.ClickText("Dark")
	p.tells("theme", `["dark","dark:dark light:light spacing:spacing","raised"]`)
	p.Reload()
	p.Until(`document.documentElement.dataset.colorMode === 'dark'`)
	p.tells("theme", `["dark","dark:dark light:light spacing:spacing","raised"]`)
	p.Click("[aria-label=Theme]")
	p.ClickText("Match system")
	p.tells("theme", `["light","dark:dark light:light spacing:spacing","raised"]`)
	p.Prefer(browsertest.Prefers{ColorScheme: "dark"})
	p.tells("theme", `["dark","dark:dark light:light spacing:spacing","raised"]`)
}

// testColumns checks that a gadget is as wide as its column, whatever the
// layout, and that a menu leads from one to another.
func testColumns(t *testing.T, chromium *browsertest.Browser) {
	p := open(t, chromium, dashboardPage+"?as=ann&columns=3", "tell('width', innerWidth > 380 && innerWidth < 410)")
	p.tells("width", "true")
	p.ClickText("Layout")
	p.ClickText("One column")
	p.Until(`new URLSearchParams(location.search).get('columns') === '1'`)
	p.Until(`document.querySelector('.gadget').clientWidth > 1200`)
	p.Resize(320, 640)
	p.Until(`document.querySelector('.gadget').clientWidth === 320`)
	p.Until(`document.documentElement.scrollWidth === 320`)
}

func testGadgetEvents(t *testing.T, chromium *browsertest.Browser) {
	p := open(t, chromium, dashboardPage, `
AP.events.on('mine', (a, b) => tell('mine', [a, b]));
AP.events.once('mine', () => tell('once'));
AP.events.onAny((name, a) => name === 'mine' && tell('any', [name, a]));
AP.events.onPublic('shared', (a) => tell('public', a), { key: 'load' });
AP.events.onPublic('shared', () => tell('filtered'), { key: 'other' });
const off = () => tell('off');
AP.events.on('mine', off);
AP.events.off('mine', off);
AP.events.emit('mine', 1, { two: () => {}, b: 2 });
AP.events.emitPublic('shared', 3);
AP.events.emit('mine', 4);
`)
	p.tells("mine", `[1,{"b":2}]`)
	p.tells("mine", `[4,null]`)
	p.tells("any", `["mine",1]`)
	p.tells("any", `["mine",4]`)
	p.tells("public", `3`)
	p.tells("once", `null`)
	for _, seen := range p.seen {
		t.Errorf("the app got %s", seen.Name)
	}
}

// The host listens only to the frame that a message names, at its origin.
func testForeignMessages(t *testing.T, chromium *browsertest.Browser) {
	p := open(t, chromium, dashboardPage, `
const { extension_id: eid } = JSON.parse(window.name);
const inner = document.createElement('iframe');
const call = (title) => 'parent.parent.postMessage(' + JSON.stringify({ eid, type: 'req', mod: 'jira', fn: 'setDashboardItemTitle', args: [title] }) + ', "*");';
inner.srcdoc = '<script>' + call('stolen') + '<' + '/script>';
inner.onload = () => {
  const send = (message) => parent.postMessage({ eid, ...message }, '*');
  for (const message of [null, 1, 'text']) parent.postMessage(message, '*');
  for (const type of ['constructor', '__proto__', 'nonsense', undefined]) send({ type });
  for (const [mod, fn] of [['nonsense', 'x'], ['jira', 'constructor'], ['__proto__', 'toString'], ['flag', 'toString'], [undefined, undefined]]) send({ type: 'req', mod, fn, mid: 'x' });
  send({ type: 'req', mod: 'flag', _cls: 'create', _id: 'none', fn: 'close' });
  send({ type: 'event_query' });
  AP.context.getToken(() => tell('alive'));
};
document.body.append(inner);
`)
	p.tells("alive", "null")
	p.Until(`document.querySelector('.gadget h2').textContent === 'Workload'`)
}

func testOutsideHost(t *testing.T, chromium *browsertest.Browser) {
	p := open(t, chromium, dashboardPage, `
tell('ap', [typeof AP.register, typeof AP.resize, typeof AP.context, typeof AP.jira]);
AP.register({ x: () => {} });
AP.resize(1, 2);
AP.require('jira', (jira) => tell('jira', typeof jira));
`)
	p.tells("ap", `["function","function","object","object"]`)
	p.tells("jira", `"object"`)
	p.Visit(p.app.URL + "/gadget")
	p.tells("ap", `["function","function","undefined","undefined"]`)
	p.tells("jira", `"undefined"`)
}

func testTraffic(t *testing.T, chromium *browsertest.Browser) {
	p := open(t, chromium, dashboardPage+"?as=ann", `AP.context.getToken(() => tell('token'));`)
	p.tells("token", "null")
	p.Click(".gadget [aria-haspopup=menu]")
	p.ClickText("Full traffic")
	row := func(text string) string {
		return fmt.Sprintf(`[...document.querySelectorAll('.traffic tbody > tr')].find((r) => r.innerText.includes(%q))`, text)
	}
	p.Until(row("/rest/api/3/myself") + ` !== undefined`)
	p.Until(row("AP.context.getToken") + ` !== undefined`)
	p.Until(row("iframe load") + ` !== undefined`)
	p.Do(row("/rest/api/3/myself") + `.click()`)
	p.Until(`/scope READ is missing[^]*3 min after/.test(document.querySelector('.traffic-details:not([hidden])').innerText)`)
	p.events <- "event: request\ndata: {\"seq\":2,\"from\":\"site\",\"to\":\"com.example.app\",\"method\":\"POST\",\"path\":\"/hook\",\"status\":204,\"start\":\"2026-11-24T10:00:01Z\",\"end\":\"2026-11-24T10:00:02Z\"}\n\n"
	p.Until(row("/hook") + `.innerText.includes('1000')`)
	p.Until(`!document.querySelector('.traffic').innerText.includes('c2ln')`)
	p.Fill(".traffic input[type=search]", "hook")
	p.Until(row("/rest/api/3/myself") + ` === undefined`)
	p.Click("[aria-label='Close traffic']")
	p.Until(`document.querySelector('.traffic') === null`)
}
