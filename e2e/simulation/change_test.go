package simulation

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"testing"
	"time"

	"github.com/sightline-go/sightline/connect/connecttest"
)

// call calls a tenant's REST API as somebody of its team.
func (f *fleet) call(t *testing.T, n *tenant, method, path string, in, out any) {
	t.Helper()
	f.callAs(t, n, f.someone(n), method, path, in, out)
}

// callAs calls a tenant's REST API with a person's own token, which costs the app no
// points.
func (f *fleet) callAs(t *testing.T, n *tenant, who connecttest.Person, method, path string, in, out any) {
	t.Helper()
	var body io.Reader
	if in != nil {
		data, err := json.Marshal(in)
		if err != nil {
			t.Fatal(err)
		}
		body = bytes.NewReader(data)
	}
	req, err := http.NewRequestWithContext(t.Context(), method, n.Site.URL()+path, body)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	req.SetBasicAuth(who.Email, who.Token)
	resp, err := f.http.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	answer, err := io.ReadAll(resp.Body)
	if err == nil && resp.StatusCode >= http.StatusBadRequest {
		err = fmt.Errorf("%s: %s", resp.Status, answer)
	}
	if err == nil && out != nil {
		err = json.Unmarshal(answer, out)
	}
	if err != nil {
		t.Fatalf("%s %s: %v", method, path, err)
	}
}

// kind is what somebody changes.
type kind string

const (
	logged    kind = "work logged"
	relogged  kind = "work log changed"
	unlogged  kind = "work log deleted"
	moved     kind = "status"
	assigned  kind = "assignee"
	estimated kind = "remaining"
	dated     kind = "due date"
	created   kind = "created"
	renamed   kind = "summary"
)

// mix is how often each kind comes among a hundred changes.
func mix() map[kind]int {
	return map[kind]int{logged: 42, relogged: 5, unlogged: 3, moved: 18, assigned: 10, estimated: 6, dated: 4, created: 8, renamed: 4}
}

// change makes one change of a kind.
func (f *fleet) change(t *testing.T, n *tenant, what kind) {
	t.Helper()
	const api = "/rest/api/3/issue"
	issue := api + "/" + n.issues[f.rng.IntN(len(n.issues))]
	edit := func(field string, value any) {
		f.call(t, n, http.MethodPut, issue, map[string]any{"fields": map[string]any{field: value}}, nil)
	}
	log := map[string]any{"timeSpentSeconds": 900 * (1 + f.rng.IntN(12)), "started": time.Now().Format("2006-01-02T15:04:05.000-0700")}
	if (what == relogged || what == unlogged) && len(n.logs) == 0 {
		what = logged
	}
	switch what {
	case logged:
		var made struct{ ID string }
		who := f.someone(n)
		f.callAs(t, n, who, http.MethodPost, issue+"/worklog", log, &made)
		n.logs = append(n.logs, work{issue + "/worklog/" + made.ID, who})
	case relogged:
		last := n.logs[len(n.logs)-1]
		f.callAs(t, n, last.author, http.MethodPut, last.path, log, nil)
	case unlogged:
		last := n.logs[len(n.logs)-1]
		f.callAs(t, n, last.author, http.MethodDelete, last.path, nil, nil)
		n.logs = n.logs[:len(n.logs)-1]
	case moved:
		f.call(t, n, http.MethodPost, issue+"/transitions", map[string]any{"transition": map[string]string{"id": n.moves[f.rng.IntN(len(n.moves))]}}, nil)
	case assigned:
		edit("assignee", map[string]string{"accountId": f.someone(n).AccountID})
	case estimated:
		edit("timetracking", map[string]string{"remainingEstimate": fmt.Sprint(f.rng.IntN(30), "h")})
	case dated:
		edit("duedate", time.Now().AddDate(0, 0, f.rng.IntN(20)-5).Format(time.DateOnly))
	case renamed:
		edit("summary", fmt.Sprint("Another summary ", f.rng.IntN(1000)))
	case created:
		var made struct{ Key string }
		fields := map[string]any{
			"project": map[string]string{"key": project}, "summary": "One more", "issuetype": map[string]string{"name": "Task"},
			"duedate": time.Now().AddDate(0, 0, f.rng.IntN(20)).Format(time.DateOnly), "assignee": map[string]string{"accountId": f.someone(n).AccountID},
		}
		f.call(t, n, http.MethodPost, api, map[string]any{"fields": fields}, &made)
		n.issues = append(n.issues, made.Key)
	}
}
