package refusals

import (
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/sightline-go/sightline/connect/connecttest"
	"github.com/sightline-go/sightline/e2e/harness"
	"github.com/sightline-go/sightline/internal/app"
	"github.com/sightline-go/sightline/internal/workload"
)

const basePath = "/base/path"

// startBelow starts a program whose public address has a path.
func startBelow(t testing.TB, path string) *harness.Running {
	t.Helper()
	return harness.Start(t, connecttest.NewSite(t), func(f *app.ServeFlags) { f.BaseURL += path })
}

// TestBasePath is the main flow of a program below a path: every address that
// it publishes is below that path too.
func TestBasePath(t *testing.T) {
	t.Parallel()
	r := startBelow(t, basePath+"/")
	r.URL = strings.TrimSuffix(r.URL, "/")
	r.Install(t)
	dashboard := r.Site.Objects().Dashboards[0]
	item := dashboard.Items[0].ID
	body := r.Gadget(t, dashboard.Owner, dashboard.ID, item)
	for _, m := range regexp.MustCompile(`(?:href|src|action|data-view|data-form|data-save)="(/[^"]*)"`).FindAllStringSubmatch(body, -1) {
		if !strings.HasPrefix(m[1], basePath+"/") {
			t.Errorf("the page names %s", m[1])
		}
	}
	origin := strings.TrimSuffix(r.URL, basePath)
	for _, name := range []string{`rel="stylesheet" href`, `type="module" src`} {
		if status, _ := harness.Fetch(t, harness.NewRequest(t, http.MethodGet, origin+harness.Attribute(t, body, name), nil)); status != http.StatusOK {
			t.Errorf("%s: %d", name, status)
		}
	}
	session := harness.Attribute(t, body, "data-session")
	status, saved := r.Save(t, session, dashboard.ID, item, url.Values{"projects": {"HARB"}, "window": {"14"}, "unit": {"hours"}})
	if status != http.StatusOK {
		t.Fatalf("save: %d\n%s", status, saved)
	}
	open := r.Count(t, dashboard.Owner, workload.OpenIssues("HARB"))
	b := harness.Board{Running: r, Dashboard: dashboard, Item: item}
	if got := harness.Total(t, b.Look(t, dashboard.Owner).Body); got != open {
		t.Errorf("%d open, want %d", got, open)
	}
	room := r.Site.Objects().Conversations[0]
	r.SetUpRoom(t, harness.AppKey, room, "HARB")
	r.FinishOneIssue(t, dashboard.Owner, "HARB") // its webhook has to arrive
	r.WaitForLabel(t, room.ID, fmt.Sprintf("%d open", open-1))
	r.PullsWhatIsShown(t, harness.AppKey, room)
	if _, err := r.Site.Uninstall(t.Context(), harness.AppKey); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{"/atlassian-connect.json", "/healthz", "/configure", "/gadget/workload", basePath, basePath + "path/healthz", basePath + basePath + "/healthz"} {
		if status, body := harness.Fetch(t, harness.NewRequest(t, http.MethodGet, origin+path, nil)); status != http.StatusNotFound {
			t.Errorf("%s: %d, want 404\n%s", path, status, body)
		}
	}
	r.LeaksNothing(t)
}

func TestDescriptorsNameTheirAddresses(t *testing.T) {
	t.Parallel()
	for _, path := range []string{"", basePath, "/base.path/v1_x-y"} {
		r := startBelow(t, path)
		var jira, chat struct {
			BaseURL string
			Links   struct{ Self string }
		}
		for address, into := range map[string]any{"/atlassian-connect.json": &jira, "/atlassian-chat.json": &chat} {
			p := harness.Ask(t, harness.NewRequest(t, http.MethodGet, r.URL+address, nil))
			if p.Status != http.StatusOK || p.Header.Get("Content-Type") != "application/json; charset=utf-8" {
				t.Fatalf("%s: %d %v", address, p.Status, p.Header)
			}
			if err := json.Unmarshal([]byte(p.Body), into); err != nil {
				t.Fatal(err)
			}
		}
		if jira.BaseURL != r.URL || chat.BaseURL != r.URL {
			t.Errorf("base URLs %q and %q, want %q", jira.BaseURL, chat.BaseURL, r.URL)
		}
		self := jira.Links.Self
		if strings.HasPrefix(self, "/") { // relative to the base URL, as all addresses of a descriptor
			self = jira.BaseURL + self
		}
		if self != r.URL+"/atlassian-connect.json" {
			t.Errorf("the descriptor says that it is at %q", jira.Links.Self)
		}
	}
}

// hardQueries are queries that have broken other implementations of the hash.
func hardQueries() []string {
	return []string{
		"", "a=", "a", "a&b", "=v", "a==", "a=1&a=2&a=10&a=1", "b=2&a=1&B=3&A=4", "a=1&&b=2&", "&a=1",
		"space=a%20b&plus=a+b&real=%2B", "star=*&tilde=~&bang=!&quote='&paren=(x)&dollar=$", "comma=1,2&encoded=1%2C2", "list=1&list=2",
		"semi=a;b", "semi=a%3Bb", "slash=%2F&colon=%3A&at=%40", "slash=/&colon=:&at=@&question=?", "pct=100%25&nl=a%0Ab&nul=%00",
		"name=%E2%82%AC%20%E6%97%A5%E6%9C%AC", "%E2%82%AC=1&z=2", "a=%F0%9F%98%80&%EF%BF%BD=1&%F0%9F%98%80=2", "low=%e4%b8%ad",
		"a-b=1&a.b=2&a_b=3&ab=4", "a%20b=1&a=2", "filter[]=1&filter[]=2", "a[b]=1", "a%5Bb%5D=1", "q=a%26b%3Dc", "JWT=x", "jwtx=1",
		"dashboardId=10000&dashboardId=10001", "user_id=admin&user_key=557058%3A11111111-2222", "xdm_e=https%3A%2F%2Fexample.atlassian.net&cp=&lic=none",
		"long=" + strings.Repeat("%E2%82%AC", 300),
	}
}

// TestHardAddressesAreAccepted signs addresses as the host does, on pages and
// webhooks, with and without a base path.
func TestHardAddressesAreAccepted(t *testing.T) {
	t.Parallel()
	for _, base := range []string{"", basePath} {
		r := startBelow(t, base)
		f := harness.Forger{Running: r, App: r.Install(t)}
		for _, query := range hardQueries() {
			for method, path := range map[string]string{http.MethodGet: "/configure", http.MethodPost: "/webhooks/issue"} {
				address := path
				if query != "" {
					address += "?" + query
				}
				if status, body := rawSend(t, f, method, address); status != http.StatusOK {
					t.Errorf("%s%s %s: status %d\n%s", base, method, address, status, body)
				}
			}
		}
		for _, path := range []string{"/configur%65", "/%63onfigure", "/gadget%2Fworkload?view=directory", "/gadget%2fworkload?view=directory"} {
			if status, body := rawSend(t, f, http.MethodGet, path); status != http.StatusOK {
				t.Errorf("%s%s: status %d\n%s", base, path, status, body)
			}
		}
	}
}

// rawSend sends a valid request, its address byte for byte as given, with the
// token at the end of the query, where the host puts it.
func rawSend(t testing.TB, f harness.Forger, method, address string) (int, string) {
	t.Helper()
	path, query, found := strings.Cut(address, "?")
	claims := f.Claims(method, address)
	claims["qsh"] = connecttest.QSH(method, path, query, "")
	separator := "?"
	if found {
		separator = "&"
	}
	u, err := url.Parse(f.URL)
	if err != nil {
		t.Fatal(err)
	}
	conn, err := net.Dial("tcp", u.Host)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	fmt.Fprintf(conn, "%s %s%s%sjwt=%s HTTP/1.1\r\nHost: %s\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
		method, u.Path, address, separator, f.Sign(t, claims), u.Host)
	answer, err := io.ReadAll(conn)
	if err != nil {
		t.Fatal(err)
	}
	var status int
	if _, err := fmt.Sscanf(string(answer), "HTTP/1.1 %d", &status); err != nil {
		t.Fatalf("%s: %q", address, answer)
	}
	return status, string(answer)
}

// TestChangedAddressesAreRefused changes one part of a signed address.
func TestChangedAddressesAreRefused(t *testing.T) {
	t.Parallel()
	r := startBelow(t, basePath)
	r.Install(t)
	dashboard := r.Site.Objects().Dashboards[0]
	right, err := r.Site.ModuleURL(harness.AppKey, "workload", dashboard.Owner, dashboard.ID, dashboard.Items[0].ID)
	if err != nil {
		t.Fatal(err)
	}
	for name, address := range map[string]string{
		"another dashboard": strings.Replace(right, "dashboardId=10000", "dashboardId=10001", 1),
		"one more value":    right + "&dashboardId=10001",
		"one more name":     right + "&fresh=1",
		"an empty name":     right + "&=",
		"a value in front":  strings.Replace(right, "?", "?dashboardId=10001&", 1),
		"one name less":     strings.Replace(right, "&lic=none", "", 1),
		"upper case":        strings.Replace(right, "view=default", "view=DEFAULT", 1),
		"another path":      strings.Replace(right, "/gadget/workload", "/configure", 1),
		"an encoded path":   strings.Replace(right, "/gadget/workload", "/gadget%2Fworkload", 1),
		"a plus for %20":    strings.Replace(right, "cp=", "cp=+", 1),
	} {
		status, body := harness.Fetch(t, harness.NewRequest(t, http.MethodGet, address, nil))
		if status != http.StatusUnauthorized {
			t.Errorf("%s: status %d, want 401\n%s", name, status, body)
		}
	}
	// The order of parameters does not matter.
	u, err := url.Parse(right)
	if err != nil {
		t.Fatal(err)
	}
	u.RawQuery = u.Query().Encode()
	if status, body := harness.Fetch(t, harness.NewRequest(t, http.MethodGet, u.String(), nil)); status != http.StatusOK {
		t.Errorf("sorted: status %d\n%s", status, body)
	}
}

func TestAddressesThatAreNotThere(t *testing.T) {
	t.Parallel()
	for _, base := range []string{"", basePath} {
		r := startBelow(t, base)
		for _, tc := range []struct {
			method, path string
			want         int
			allow        string
		}{
			{http.MethodPost, "/", 405, "GET, HEAD"},
			{http.MethodGet, "/nowhere", 404, ""},
			{http.MethodGet, "/configure/", 404, ""},
			{http.MethodGet, "//configure", 404, ""},
			{http.MethodGet, "/Configure", 404, ""},
			{http.MethodGet, "/gadget/../configure", 404, ""},
			{http.MethodGet, "/gadget/workload/view/x", 404, ""},
			{http.MethodGet, "/configure%00", 404, ""},
			{http.MethodGet, "/%2e%2e/%2e%2e/etc/passwd", 404, ""},
			{http.MethodPost, "/configure", 405, "GET"},
			{http.MethodGet, "/lifecycle/installed", 405, "POST"},
			{http.MethodPut, "/webhooks/issue", 405, "POST"},
			{http.MethodPatch, "/gadget/workload/form", 405, "GET, POST"},
			{http.MethodDelete, "/chat/glance", 405, "GET, OPTIONS"},
			{"PROPFIND", "/healthz", 405, "GET, HEAD"},
			{http.MethodTrace, "/configure", 405, "GET"},
		} {
			p := harness.Ask(t, harness.NewRequest(t, tc.method, r.URL+tc.path, nil))
			var problem struct {
				Title  string
				Status int
				Detail string
			}
			err := json.Unmarshal([]byte(p.Body), &problem)
			if err != nil || p.Status != tc.want || problem.Status != tc.want || problem.Title != http.StatusText(tc.want) || problem.Detail == "" {
				t.Errorf("%s %s: %d, want %d (%v)\n%s", tc.method, base+tc.path, p.Status, tc.want, err, p.Body)
			}
			if kind := p.Header.Get("Content-Type"); kind != "application/problem+json" {
				t.Errorf("%s %s: type %q", tc.method, base+tc.path, kind)
			}
			if allow := p.Header.Get("Allow"); allow != tc.allow {
				t.Errorf("%s %s: Allow %q, want %q", tc.method, base+tc.path, allow, tc.allow)
			}
			if p.Header.Get("Location") != "" {
				t.Errorf("%s %s leads on to %s", tc.method, base+tc.path, p.Header.Get("Location"))
			}
		}
	}
}
