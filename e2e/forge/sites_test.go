package forge

import (
	"net/http"
	"strings"
	"testing"

	"github.com/sightline-go/sightline/connect"
	"github.com/sightline-go/sightline/connect/connecttest"
	"github.com/sightline-go/sightline/e2e/harness"
	"github.com/sightline-go/sightline/forge"
)

// sites are two of one Forge with one program.
type sites struct{ one, two harness.Forge }

func sideBySide(t *testing.T, database string) sites {
	t.Helper()
	first := connecttest.NewSite(t)
	second := connecttest.NewSite(t, connecttest.Options{Forge: first})
	r := harness.Start(t, first, harness.OnForge(first), harness.WithoutConnect, harness.On(database))
	s := sites{one: r.InstallForge(t, forge.StageForge, "")}
	beside := *r
	beside.Site = second
	s.two = beside.InstallForge(t, forge.StageForge, "")
	return s
}

// tenants are those of both sites by their cloud ids.
func (s sites) tenants(t *testing.T) map[connect.CloudID]connect.Tenant {
	t.Helper()
	list, err := s.one.Store.Tenants.List(t.Context())
	if err != nil || len(list) != 2 {
		t.Fatalf("tenants: %+v, %v", list, err)
	}
	return map[connect.CloudID]connect.Tenant{list[0].CloudID: list[0], list[1].CloudID: list[1]}
}

// TestForgeSitesSideBySide: one program serves two sites at one address of
// Jira's API, each with its own data and tokens.
func TestForgeSitesSideBySide(t *testing.T) {
	t.Parallel()
	harness.OnEachDatabase(t, func(t *testing.T, database string) {
		s := sideBySide(t, database)
		both := s.tenants(t)
		one, two := both[connect.CloudID(s.one.Site.CloudID())], both[connect.CloudID(s.two.Site.CloudID())]
		if one.ID == "" || two.ID == "" || one.ID == two.ID {
			t.Fatalf("got %+v", both)
		}
		// The two have the same people and projects: only the sites differ.
		project, owner := s.one.Site.Objects().Projects[0].Key, s.one.Dashboard.Owner
		for _, f := range []harness.Forge{s.one, s.two} {
			f.Configure(t, "workload", project)
		}
		open := harness.ReadTeam(t, s.one.View(t, owner, "workload")).Totals.Open
		for range 3 {
			s.two.FinishOneIssue(t, owner, project)
		}
		harness.Eventually(t, "the second site follows", func() bool {
			return harness.ReadTeam(t, s.two.View(t, owner, "workload")).Totals.Open == open-3
		})
		if got := harness.ReadTeam(t, s.one.View(t, owner, "workload")).Totals.Open; got != open {
			t.Errorf("the first site shows %d, want its own %d", got, open)
		}
		s.crossesNothing(t, one, two)

		// The end of one is not the end of the other, nor are its people's tokens.
		if _, err := s.two.Site.UninstallForge(t.Context(), s.two.App.AppID); err != nil {
			t.Fatal(err)
		}
		s.one.View(t, owner, "workload")
		if got := s.tenants(t); got[one.CloudID].State != connect.StateActive || got[two.CloudID].State != connect.StateUninstalled {
			t.Errorf("got %+v", got)
		}
	})
}

// crossesNothing looks whether each call went to a site with that site's token.
func (s sites) crossesNothing(t *testing.T, one, two connect.Tenant) {
	t.Helper()
	calls := map[string]int{}
	for _, q := range s.one.Site.Requests(0) {
		rest, ok := strings.CutPrefix(q.Path, connecttest.ForgeAPIPath)
		if !ok {
			continue
		}
		cloud, _, _ := strings.Cut(rest, "/")
		calls[cloud]++
		if q.Status == http.StatusUnauthorized {
			t.Errorf("a token of another site: %+v", q)
		}
	}
	if calls[string(one.CloudID)] == 0 || calls[string(two.CloudID)] == 0 || len(calls) != 2 {
		t.Errorf("calls by site: got %v", calls)
	}
	mine, _, err := s.one.Store.Forge.ForgeToken(t.Context(), one.ID)
	other, _, wrong := s.one.Store.Forge.ForgeToken(t.Context(), two.ID)
	if err != nil || wrong != nil || mine.Reveal() == other.Reveal() {
		t.Errorf("tokens: %v, %v, the same %t", err, wrong, mine.Reveal() == other.Reveal())
	}
}
