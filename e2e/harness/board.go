package harness

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/sightline-go/sightline/connect/connecttest"
	"github.com/sightline-go/sightline/internal/workload"
)

// AsJSON encodes a value that always can be encoded.
func AsJSON(v any) string {
	data, _ := json.Marshal(v)
	return string(data)
}

// Page is an answer with its headers.
type Page struct {
	Status int
	Header http.Header
	Body   string
}

// Ask sends a request and reads the whole answer.
func Ask(t testing.TB, req *http.Request) Page {
	t.Helper()
	resp, err := Client().Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return Page{resp.StatusCode, resp.Header, string(body)}
}

// Board is a program with one configured gadget.
type Board struct {
	*Running
	Dashboard connecttest.Dashboard
	Item      string
}

// NewBoard sets up the workload gadget of the first dashboard for projects.
func NewBoard(t testing.TB, r *Running, projects ...string) Board {
	t.Helper()
	dashboard := r.Site.Objects().Dashboards[0]
	b := Board{r, dashboard, dashboard.Items[0].ID}
	b.Configure(t, workload.GadgetConfig{Projects: projects, Window: workload.Fortnight, Unit: workload.UnitHours})
	return b
}

// Configure writes the gadget's property as the dashboard's owner.
func (b Board) Configure(t testing.TB, config workload.GadgetConfig) {
	t.Helper()
	path := fmt.Sprintf("/rest/api/3/dashboard/%s/items/%s/properties/%s", b.Dashboard.ID, b.Item, workload.ConfigProperty)
	b.Rest(t, b.Dashboard.Owner, http.MethodPut, path, config, nil)
}

// Person is the account of one of the sample's people. Each of the first
// eleven may see the dashboard and the projects HARB and LANT; person 0 owns
// the dashboard and sees VALT, person 9 does not.
func (r *Running) Person(n int) string { return r.Site.People()[n].AccountID }

// Look opens the gadget as a person's browser would.
func (b Board) Look(t testing.TB, account string) Page {
	t.Helper()
	address, err := b.Site.ModuleURL(AppKey, "workload", account, b.Dashboard.ID, b.Item)
	if err != nil {
		t.Fatal(err)
	}
	got := Ask(t, NewRequest(t, http.MethodGet, address, nil))
	if !isLoading(got.Body) {
		return got
	}
	// The page's script requests what takes too long for the page, and shows
	// whatever the answer is.
	req := NewRequest(t, http.MethodGet, b.URL+b.Address("/gadget/workload/view")+"&fresh=1", nil)
	req.Header.Set("Authorization", "JWT "+Attribute(t, got.Body, "data-session"))
	req.Header.Set("Accept", "text/html")
	later := Ask(t, req)
	if later.Status != http.StatusOK {
		return later
	}
	got.Body = inPlace(got.Body, later.Body)
	return got
}

// Call makes one of the gadget's later calls.
func (b Board) Call(t testing.TB, path, token string) Page {
	t.Helper()
	req := NewRequest(t, http.MethodGet, b.URL+path, nil)
	req.Header.Set("Authorization", "JWT "+token)
	return Ask(t, req)
}

// Post makes a later call with a form.
func (b Board) Post(t testing.TB, path, token string, form url.Values) Page {
	t.Helper()
	req := NewRequest(t, http.MethodPost, b.URL+path, strings.NewReader(form.Encode()))
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.Header.Set("Authorization", "JWT "+token)
	return Ask(t, req)
}

// Address is that of a later call about the gadget.
func (b Board) Address(path string) string {
	return path + "?" + url.Values{"dashboardId": {b.Dashboard.ID}, "dashboardItemId": {b.Item}}.Encode()
}

// Fault makes the site fail as described.
func (r *Running) Fault(t testing.TB, f connecttest.Fault) {
	t.Helper()
	if err := r.Site.AddFault(f); err != nil {
		t.Fatal(err)
	}
}

// UpstreamWords are in Jira's answers and must reach neither a viewer nor the
// log.
const UpstreamWords = "internal words of jira"

// Unseen checks that neither an answer nor the log repeats what Jira said.
func (r *Running) Unseen(t testing.TB, p Page) {
	t.Helper()
	for name, text := range map[string]string{"page": p.Body, "headers": fmt.Sprint(p.Header), "log": r.Logs.String()} {
		for _, wrong := range []string{UpstreamWords, "Bearer", "stolen"} {
			if strings.Contains(text, wrong) {
				t.Errorf("the %s holds %q:\n%s", name, wrong, text)
			}
		}
	}
}

// SearchPath is Jira's search for issues.
const SearchPath = "/rest/api/3/search/jql"
