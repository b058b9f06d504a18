package connecttest

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"
)

// TestReportAccounts: only an app that calls as itself may report, what it sends is read
// strictly, and the answer names closed and changed accounts alone.
func TestReportAccounts(t *testing.T) {
	t.Parallel()
	site := quick(t)
	b := newForgeBackend(t, site)
	b.mustInstall()
	report := func(body, kind, authorization string) answered {
		return do(t, http.MethodPost, site.URL()+ForgeReportPath, kind, body, authorization)
	}
	const asJSON = "application/json"
	system := "Bearer " + b.one("/life").system
	at := time.Now().UTC().Format(time.RFC3339)
	one := fmt.Sprintf(`{"accounts":[{"accountId":"somebody","updatedAt":%q}]}`, at)
	many := func(n int) string {
		return `{"accounts":[` + strings.TrimSuffix(strings.Repeat(fmt.Sprintf(`{"accountId":"a","updatedAt":%q},`, at), n), ",") + `]}`
	}
	for name, tt := range map[string]struct {
		body, kind, token string
		want              int
	}{
		"nobody's":               {one, asJSON, "", http.StatusUnauthorized},
		"a wrong token":          {one, asJSON, "Bearer x", http.StatusUnauthorized},
		"another type":           {one, "text/plain", system, http.StatusBadRequest},
		"no JSON":                {"{", asJSON, system, http.StatusBadRequest},
		"none":                   {`{"accounts":[]}`, asJSON, system, http.StatusBadRequest},
		"too many":               {many(91), asJSON, system, http.StatusBadRequest},
		"as many as may be":      {many(90), asJSON, system, http.StatusNoContent},
		"no time":                {`{"accounts":[{"accountId":"a"}]}`, asJSON, system, http.StatusBadRequest},
		"a time of another kind": {`{"accounts":[{"accountId":"a","updatedAt":"1 May 2026"}]}`, asJSON, system, http.StatusBadRequest},
		"nobody":                 {fmt.Sprintf(`{"accounts":[{"accountId":"","updatedAt":%q}]}`, at), asJSON, system, http.StatusBadRequest},
		"an unknown member":      {fmt.Sprintf(`{"accounts":[{"accountId":"a","updatedAt":%q,"name":"b"}]}`, at), asJSON, system, http.StatusBadRequest},
		"right":                  {one, asJSON, system, http.StatusNoContent},
	} {
		if got := report(tt.body, tt.kind, tt.token); got.status != tt.want {
			t.Errorf("%s: got %d, want %d: %s", name, got.status, tt.want, got.body)
		}
	}
	for path, body := range map[string]string{"closed-one": `{"closed":true}`, "changed-one": fmt.Sprintf(`{"updated":%q}`, time.Now().Add(time.Hour).Format(time.RFC3339))} {
		if got := do(t, http.MethodPut, site.URL()+"/-/accounts/"+path, asJSON, body, ""); got.status != http.StatusOK {
			t.Fatalf("%s: %d %s", path, got.status, got.body)
		}
	}
	got := report(fmt.Sprintf(`{"accounts":[{"accountId":"closed-one","updatedAt":%[1]q},{"accountId":"changed-one","updatedAt":%[1]q},{"accountId":"another","updatedAt":%[1]q}]}`, at), asJSON, system)
	var said struct {
		Accounts []struct{ AccountID, Status string }
	}
	if err := json.Unmarshal(got.body, &said); err != nil || got.status != http.StatusOK || fmt.Sprint(said.Accounts) != "[{closed-one closed} {changed-one updated}]" {
		t.Errorf("got %d %s: %v", got.status, got.body, err)
	}
	if list := site.ReportedAccounts(); len(list) != 90+1+3 {
		t.Errorf("%d are remembered", len(list))
	}
	site.Reset()
	if list := site.ReportedAccounts(); len(list) != 0 {
		t.Errorf("%d are left after a reset", len(list))
	}
}
