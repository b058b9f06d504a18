package source_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"testing"
	"time"

	"github.com/sightline-go/sightline/connect/connecttest"
	"github.com/sightline-go/sightline/connect/jira"
	"github.com/sightline-go/sightline/internal/source"
)

// siteOf is a local site that a test asks in two ways: through the reader and
// with its own code.
type siteOf struct {
	*connecttest.Site
	t testing.TB
}

func newSite(t testing.TB) siteOf {
	t.Helper()
	return siteOf{connecttest.NewSite(t), t}
}

// named finds somebody of the site's team.
func (s siteOf) named(username string) connecttest.Person {
	s.t.Helper()
	people := s.People()
	i := slices.IndexFunc(people, func(p connecttest.Person) bool { return p.Username == username })
	if i < 0 {
		s.t.Fatalf("the site has no %s", username)
	}
	return people[i]
}

// Some of the site's team.
const (
	lead     = "mlindqvist" // administers every project
	outsider = "rpetrie"    // has no role in the private project VALT
)

// as signs calls with a person's own token, as scripts do.
type as struct {
	connecttest.Person
	base http.RoundTripper
}

func (a as) RoundTrip(r *http.Request) (*http.Response, error) {
	r = r.Clone(r.Context())
	r.SetBasicAuth(a.Email, a.Token)
	return a.base.RoundTrip(r)
}

// roundTrip is a function as a transport.
type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// reader reads as a person.
func (s siteOf) reader(p connecttest.Person) source.Reader {
	s.t.Helper()
	return s.readerOver(p, s.Client().Transport)
}

func (s siteOf) readerOver(p connecttest.Person, base http.RoundTripper) source.Reader {
	s.t.Helper()
	client, err := jira.New(&http.Client{Transport: as{p, base}}, s.URL())
	if err != nil {
		s.t.Fatal(err)
	}
	return source.Reader{Jira: client}
}

// get asks the site's REST API without using the project's own code.
func (s siteOf) get(p connecttest.Person, path string, query url.Values, into any) {
	s.t.Helper()
	req, err := http.NewRequestWithContext(s.t.Context(), http.MethodGet, s.URL()+path+"?"+query.Encode(), nil)
	if err != nil {
		s.t.Fatal(err)
	}
	req.SetBasicAuth(p.Email, p.Token)
	resp, err := s.Client().Do(req)
	if err != nil {
		s.t.Fatal(err)
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		s.t.Fatalf("%s: status %d", path, resp.StatusCode)
	}
	if err := json.NewDecoder(resp.Body).Decode(into); err != nil {
		s.t.Fatalf("%s: %v", path, err)
	}
}

// rawIssue and rawLog are what the tests count, as Jira sends them.
type rawIssue struct {
	Key    string
	Fields struct {
		Project  struct{ Key string }
		Status   struct{ StatusCategory struct{ Key string } }
		Assignee *struct {
			AccountID, DisplayName string
			AvatarURLs             map[string]string
		}
		Summary      string
		DueDate      *string
		TimeEstimate *int64
	}
}

type rawLog struct {
	ID, IssueID      string
	Started          string
	Author           struct{ AccountID string }
	TimeSpentSeconds int64
}

// issues are all issues of a project, including done ones.
func (s siteOf) issues(p connecttest.Person, project string) []rawIssue {
	s.t.Helper()
	var out []rawIssue
	for token := ""; ; {
		query := url.Values{
			"jql": {"project = " + project + " ORDER BY key"}, "maxResults": {"50"},
			"fields": {"project,status,assignee,summary,duedate,timeestimate"},
		}
		if token != "" {
			query.Set("nextPageToken", token)
		}
		var page struct {
			Issues        []rawIssue
			NextPageToken string
		}
		s.get(p, "/rest/api/2/search/jql", query, &page)
		out = append(out, page.Issues...)
		if token = page.NextPageToken; token == "" {
			return out
		}
	}
}

// logs are all worklogs of a project by issue, asked for issue by issue.
func (s siteOf) logs(p connecttest.Person, project string) map[string][]rawLog {
	s.t.Helper()
	out := map[string][]rawLog{}
	for _, issue := range s.issues(p, project) {
		var page struct {
			Total    int
			Worklogs []rawLog
		}
		s.get(p, "/rest/api/2/issue/"+issue.Key+"/worklog", nil, &page)
		if page.Total != len(page.Worklogs) {
			s.t.Fatalf("%s: %d of %d worklogs came", issue.Key, len(page.Worklogs), page.Total)
		}
		out[issue.Key] = page.Worklogs
	}
	return out
}

// browsable are the projects that Jira lists for a person.
func (s siteOf) browsable(p connecttest.Person) []string {
	s.t.Helper()
	var page struct{ Values []struct{ Key string } }
	s.get(p, "/rest/api/2/project/search", url.Values{"action": {"browse"}, "maxResults": {"100"}}, &page)
	var keys []string
	for _, project := range page.Values {
		keys = append(keys, project.Key)
	}
	return keys
}

// keys are the site's projects.
func (s siteOf) keys() []string {
	var keys []string
	for _, project := range s.Objects().Projects {
		keys = append(keys, project.Key)
	}
	return keys
}

// fault breaks what matches from now on.
func (s siteOf) fault(f connecttest.Fault) {
	s.t.Helper()
	if err := s.AddFault(f); err != nil {
		s.t.Fatal(err)
	}
}

// started is when work began; Jira writes milliseconds and a bare offset.
func (l rawLog) started() (time.Time, error) {
	at, err := time.Parse("2006-01-02T15:04:05.000-0700", l.Started)
	if err != nil {
		return at, fmt.Errorf("worklog %s: %w", l.ID, err)
	}
	return at, nil
}

// send writes over the site's REST API without using the project's own code.
func (s siteOf) send(p connecttest.Person, method, path string, body []byte) {
	s.t.Helper()
	req, err := http.NewRequestWithContext(s.t.Context(), method, s.URL()+path, bytes.NewReader(body))
	if err != nil {
		s.t.Fatal(err)
	}
	req.SetBasicAuth(p.Email, p.Token)
	req.Header.Set("Content-Type", "application/json")
	resp, err := s.Client().Do(req)
	if err != nil {
		s.t.Fatal(err)
	}
	defer resp.Body.Close()
	if resp.StatusCode >= http.StatusBadRequest {
		s.t.Fatalf("%s %s: status %d", method, path, resp.StatusCode)
	}
}
