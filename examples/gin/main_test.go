package main

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"testing"

	"github.com/sightline-go/sightline/connect/connecttest"
	"github.com/sightline-go/sightline/examples/internal/exampletest"
)

func TestMain(m *testing.M) { exampletest.Main(m, main) }

func TestGadget(t *testing.T) {
	t.Parallel()
	site := connecttest.NewSite(t)
	app := exampletest.Start(t, site, nil)
	board := site.Objects().Dashboards[0]
	installed, err := site.Install(t.Context(), app.URL+"/atlassian-connect.json", board.ID)
	if err != nil || installed.Status != http.StatusNoContent {
		t.Fatalf("got %+v, %v", installed, err)
	}
	item := ""
	for _, i := range site.Objects().Dashboards[0].Items {
		if i.Module == "open" {
			item = i.ID
		}
	}
	page, err := site.ModuleURL("open-issues", "open", board.Owner, board.ID, item)
	if err != nil {
		t.Fatal(err)
	}
	status, body := exampletest.Get(t, page, "")
	token := regexp.MustCompile(`name="token" content="([^"]+)"`).FindStringSubmatch(body)
	if status != http.StatusOK || token == nil {
		t.Fatalf("gadget: %d %s", status, body)
	}
	want := fmt.Sprintf(`{"open":%d}`, openOf(t, site, board.Owner))
	if status, body := exampletest.Get(t, app.URL+"/count", "JWT "+token[1]); status != http.StatusOK || body != want {
		t.Errorf("count: %d %s, want %s", status, body, want)
	}
	// Neither a token of the site nor none passes for the page's own.
	context, err := site.ContextToken("open-issues", board.Owner)
	if err != nil {
		t.Fatal(err)
	}
	for _, authorization := range []string{"", "JWT " + context, "Bearer " + token[1]} {
		if status, _ := exampletest.Get(t, app.URL+"/count", authorization); status != http.StatusUnauthorized {
			t.Errorf("got %d, want 401", status)
		}
	}
	// It ends with the install that it was made under.
	if _, err := site.Uninstall(t.Context(), "open-issues"); err != nil {
		t.Fatal(err)
	}
	if status, _ := exampletest.Get(t, app.URL+"/count", "JWT "+token[1]); status != http.StatusUnauthorized {
		t.Errorf("after the uninstall: %d, want 401", status)
	}
}

// openOf counts a person's open issues, as themselves and past the example.
func openOf(t *testing.T, site *connecttest.Site, account string) int {
	t.Helper()
	people := site.People()
	who := people[slices.IndexFunc(people, func(p connecttest.Person) bool { return p.AccountID == account })]
	jql := url.QueryEscape("assignee = currentUser() AND statusCategory != Done")
	_, body := exampletest.Get(t, site.URL()+"/rest/api/3/search/jql?fields=id&maxResults=1000&jql="+jql,
		"Basic "+base64.StdEncoding.EncodeToString([]byte(who.Email+":"+who.Token)))
	var found struct{ Issues []struct{ ID string } }
	if err := json.Unmarshal([]byte(body), &found); err != nil || len(found.Issues) == 0 {
		t.Fatalf("search: %v, %.200s", err, body)
	}
	return len(found.Issues)
}
