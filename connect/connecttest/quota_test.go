package connecttest

import (
	"net/http"
	"testing"
)

// An app's own calls and those as a person count, on all sites that share the account;
// a browser's and a password's do not. The control call tells.
func TestQuota(t *testing.T) {
	t.Parallel()
	quota := &Quota{Global: 9}
	one, two := NewSite(t, Options{Quota: quota}), NewSite(t, Options{Quota: quota})
	app := newTestApp(t)
	app.mustInstall(t, one)
	person := one.People()[1]
	myself := one.URL() + "/rest/api/3/myself"
	for name, auth := range map[string]string{
		"password": basic(person), "app": "JWT " + app.token(t, "GET", myself, nil), "person": "Bearer " + app.bearer(t, one, person.AccountID, "READ"),
	} {
		if got := get(t, myself, auth); got.status != http.StatusOK {
			t.Fatalf("%s: got %d %s", name, got.status, got.body)
		}
	}
	var report QuotaReport
	get(t, two.URL()+"/-/quota", "").into(t, &report)
	if len(report.Apps) != 1 {
		t.Fatalf("got %+v", report)
	}
	spent := report.Apps[0]
	if spent.App != "com.example.app" || spent.Points != 6 || spent.Tenants[one.CloudID()] != 6 || spent.Operations["getCurrentUser"].Calls != 2 {
		t.Errorf("got %+v", spent)
	}
	auth := "JWT " + app.token(t, "GET", myself, nil)
	get(t, myself, auth) // the ninth point
	refused := get(t, myself, auth)
	if refused.status != http.StatusTooManyRequests || refused.header.Get("RateLimit-Reason") != "jira-quota-global-based" {
		t.Errorf("got %d %v", refused.status, refused.header)
	}
	log := one.Requests(0)
	if last := log[len(log)-1]; last.Reason != "jira-quota-global-based" || last.Caller == "" {
		t.Errorf("the log has %+v", last)
	}
	if got := get(t, NewSite(t).URL()+"/-/quota", ""); got.status != http.StatusNotFound {
		t.Errorf("a site without a quota: got %d", got.status)
	}
}
