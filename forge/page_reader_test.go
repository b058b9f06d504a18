package forge_test

import (
	"testing"

	"github.com/sightline-go/sightline/internal/browsertest"
)

const (
	fresh  = "/forge/ui/workload-gadget?entry=view&fresh=1"
	brings = "POST /forge/ui/workload-gadget/read " + fresh + " "
)

// toRead is what the app wants to know before it shows something.
func toRead(want ...map[string]any) map[string]any {
	if want == nil {
		want = []map[string]any{}
	}
	return map[string]any{
		"path": fresh, "to": "/forge/ui/workload-gadget/read", "want": want, "headers": []string{"Retry-After"}, "drop": []string{"self", "16x16"},
	}
}

func wanted(key, path string) map[string]any {
	return map[string]any{"key": key, "method": "GET", "path": path}
}

// jira is an answer of requestJira's host.
func jira(status int, body string, headers ...string) map[string]any {
	named := map[string]string{"content-type": "application/json", "x-other": "1"}
	for i := 0; i < len(headers); i += 2 {
		named[headers[i]] = headers[i+1]
	}
	return map[string]any{"status": status, "headers": named, "body": body}
}

// readerScenes are views that the page itself reads in Jira.
func readerScenes(t *testing.T) map[string]scene {
	t.Helper()
	view := fragment(200, workload(t))
	wants := func(html string, read map[string]any) map[string]any {
		body := map[string]any{"code": 200, "read": read}
		if html != "" {
			body["html"] = html
		}
		return answered(body)
	}
	const old = `<section data-fragment="workload" data-stale><h2>Old</h2></section>`
	shown := func(tab *browsertest.Tab) { tab.Until(`document.querySelector("h2")?.textContent === "My team"`) }
	one := toRead(wanted("k1", "/rest/api/3/myself"))
	return map[string]scene{
		"while old numbers are shown": {
			plan: plan{
				Context: gadget("view"), Jira: []any{jira(200, `{"self":"x","accountId":"a","avatarUrls":{"16x16":"x","24x24":"y"}}`, "retry-after", "3")},
				Answers: []any{wants(old, one), view},
			},
			act: shown,
			asked: []string{
				first, "jira GET /rest/api/3/myself",
				brings + `[{"key":"k1","status":200,"headers":{"retry-after":"3"},"body":{"accountId":"a","avatarUrls":{"24x24":"y"}}}]`,
			},
		},
		"in two steps": {
			plan: plan{
				Context: gadget("view"), Jira: []any{jira(200, `{}`), jira(403, `no`)},
				Answers: []any{wants("", one), wants("", toRead(map[string]any{
					"key": "k2", "method": "POST", "path": "/rest/api/3/search/jql", "body": `{"jql":"x"}`, "wait": 1,
				})), view},
			},
			act: shown,
			asked: []string{
				first, "jira GET /rest/api/3/myself",
				brings + `[{"key":"k1","status":200,"headers":{},"body":{}}]`,
				`jira POST /rest/api/3/search/jql {"jql":"x"}`,
				brings + `[{"key":"k1","status":200,"headers":{},"body":{}},{"key":"k2","status":403,"headers":{},"text":"no"}]`,
			},
		},
		"what is known is not asked again": {
			plan: plan{
				Context: gadget("view"), Jira: []any{jira(200, `1`)},
				Answers: []any{wants("", one), wants("", one), view},
			},
			act: shown,
			asked: []string{
				first, "jira GET /rest/api/3/myself",
				brings + `[{"key":"k1","status":200,"headers":{},"body":1}]`, brings + `[{"key":"k1","status":200,"headers":{},"body":1}]`,
			},
		},
		"nothing is wanted yet": {
			plan:  plan{Context: gadget("view"), Answers: []any{wants("", toRead()), view}},
			act:   shown,
			asked: []string{first, brings},
		},
		"the bridge fails": {
			plan: plan{Context: gadget("view"), Answers: []any{wants(old, one), view}},
			act:  shown,
			asked: []string{
				first, "jira GET /rest/api/3/myself", "GET " + fresh + " the server reads",
			},
		},
		"Jira does not know the viewer": {
			plan:  plan{Context: gadget("view"), Jira: []any{jira(401, `{}`)}, Answers: []any{wants("", one), view}},
			act:   shown,
			asked: []string{first, "jira GET /rest/api/3/myself", "GET " + fresh + " the server reads"},
		},
		"the app fails on the way": {
			plan: plan{
				Context: gadget("view"), Jira: []any{jira(200, `1`)}, Answers: []any{wants(old, one), failed(504)},
			},
			act: func(tab *browsertest.Tab) {
				tab.Until(says + ` === "Could not update the numbers. Something went wrong. Try again in a moment."`)
			},
			asked: []string{first, "jira GET /rest/api/3/myself", brings + `[{"key":"k1","status":200,"headers":{},"body":1}]`},
		},
	}
}
