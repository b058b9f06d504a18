package scale

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"github.com/sightline-go/sightline/connect/connecttest"
	"github.com/sightline-go/sightline/e2e/harness"
)

// scaleJira is the Jira of many tenants, each under its own path. It knows how
// many open issues each project has, and answers only calls signed with the
// tenant's secret.
type scaleJira struct {
	*httptest.Server

	mu       sync.Mutex
	open     map[[2]int]int // by tenant and project
	searches int
	problems []string
}

func newScaleJira(t *testing.T) *scaleJira {
	t.Helper()
	j := &scaleJira{open: map[[2]int]int{}}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /t/{tenant}/rest/api/3/search/jql", j.search)
	j.Server = httptest.NewServer(mux)
	t.Cleanup(j.Close)
	return j
}

func scaleClient(tenant int) string { return fmt.Sprintf("client-%d", tenant) }

func scaleSecret(tenant int) string { return fmt.Sprintf("secret of tenant %d", tenant) }

func scaleProject(n int) string { return fmt.Sprintf("P%d", n) }

var scaleJQL = regexp.MustCompile(`^project = "P([0-9]+)" AND statusCategory != Done$`)

func (j *scaleJira) search(w http.ResponseWriter, r *http.Request) {
	tenant, err := strconv.Atoi(r.PathValue("tenant"))
	if err == nil {
		err = checkSignature(r, tenant)
	}
	asked := scaleJQL.FindStringSubmatch(r.URL.Query().Get("jql"))
	if err != nil || asked == nil {
		j.mu.Lock()
		defer j.mu.Unlock()
		j.problems = append(j.problems, fmt.Sprintf("%s: %v", r.URL, err))
		w.WriteHeader(http.StatusUnauthorized)
		return
	}
	project, _ := strconv.Atoi(asked[1]) // the expression matches only digits
	w.Header().Set("Content-Type", "application/json")
	_, _ = w.Write([]byte(issueList(j.count(tenant, project), asked[1])))
}

func (j *scaleJira) count(tenant, project int) int {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.searches++
	return j.open[[2]int{tenant, project}]
}

// add adds n issues and returns how many are then open.
func (j *scaleJira) add(tenant, project, n int) int {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.open[[2]int{tenant, project}] += n
	return j.open[[2]int{tenant, project}]
}

// issueList is one page of issues.
func issueList(n int, project string) string {
	var b strings.Builder
	b.WriteString(`{"isLast":true,"issues":[`)
	for i := range n {
		if i > 0 {
			b.WriteByte(',')
		}
		fmt.Fprintf(&b, `{"id":"%s%d","key":"P%s-%d","fields":{"summary":"x","status":{"statusCategory":{"key":"new"}},"project":{"key":"P%s"}}}`,
			project, i, project, i, project)
	}
	b.WriteString(`]}`)
	return b.String()
}

// checkSignature checks a call against its tenant's secret and its hash.
func checkSignature(r *http.Request, tenant int) error {
	text := strings.TrimPrefix(r.Header.Get("Authorization"), "JWT ")
	claims := jwt.MapClaims{}
	_, err := jwt.ParseWithClaims(text, claims, func(*jwt.Token) (any, error) { return []byte(scaleSecret(tenant)), nil },
		jwt.WithValidMethods([]string{"HS256"}), jwt.WithExpirationRequired())
	if err != nil {
		return err
	}
	base := fmt.Sprintf("/t/%d", tenant)
	if want := connecttest.QSH(r.Method, r.URL.EscapedPath(), r.URL.RawQuery, base); claims["qsh"] != want || claims["iss"] != harness.AppKey {
		return fmt.Errorf("claims %v", claims)
	}
	return nil
}

// issueEvent sends the webhook of a new issue as the tenant's Jira does: until
// the app accepts it.
func (s *scale) issueEvent(t *testing.T, tenant, project int, name string) error {
	const path = "/webhooks/issue"
	now := time.Now()
	token := harness.HMACToken(t, jwt.SigningMethodHS256, map[string]any{
		"iss": scaleClient(tenant), "iat": now.Unix(), "exp": now.Add(3 * time.Minute).Unix(),
		"qsh": connecttest.QSH(http.MethodPost, path, "", ""),
	}, scaleSecret(tenant))
	body := fmt.Sprintf(`{"webhookEvent":"jira:issue_created","issue":{"fields":{"project":{"key":%q}}}}`, scaleProject(project))
	for try := project; ; try++ { // whichever replica answers
		req := harness.NewRequest(t, http.MethodPost, s.replicas[try%len(s.replicas)].url+path, strings.NewReader(body))
		req.Header.Set("Authorization", "JWT "+token)
		req.Header.Set("Content-Type", "application/json")
		req.Header.Set("X-Atlassian-Webhook-Identifier", name)
		resp, err := s.client.Do(req)
		if err == nil {
			_ = resp.Body.Close()
			if resp.StatusCode == http.StatusOK {
				return nil
			}
			if resp.StatusCode < http.StatusInternalServerError {
				return fmt.Errorf("webhook: status %d", resp.StatusCode)
			}
		}
		select {
		case <-t.Context().Done():
			return t.Context().Err()
		case <-time.After(50 * time.Millisecond): // down: killed, not up yet
		}
	}
}
