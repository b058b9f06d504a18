package jira_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"

	"github.com/sightline-go/sightline/connect/jira"
	"github.com/sightline-go/sightline/connect/rest"
	"github.com/sightline-go/sightline/connect/userquery"
)

// exampleSite stands in for a Jira site.
func exampleSite() *httptest.Server {
	mux := http.NewServeMux()
	answer := func(body string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			_, _ = io.WriteString(w, body)
		}
	}
	mux.Handle("GET /rest/api/3/search/jql", answer(`{"isLast":true,"issues":[
		{"key":"ABC-1","fields":{"summary":"Write the manual","assignee":{"displayName":"Ann"}}},
		{"key":"ABC-2","fields":{"summary":"Print the manual","assignee":null}}]}`))
	mux.Handle("GET /rest/api/3/dashboard/10001/items/10022/properties/config", answer(`{"key":"config","value":{"projects":["ABC"]}}`))
	mux.Handle("GET /rest/api/3/user/search/query", answer(`{"maxResults":100,"isLast":true,"values":[{"displayName":"Ann"}]}`))
	mux.Handle("GET /rest/api/3/user/properties/preferences", answer(`{"key":"preferences","value":{"compact":true}}`))
	return httptest.NewServer(mux)
}

func Example() {
	site := exampleSite()
	defer site.Close()
	// With a real site the transport signs: see connect.Outbound.
	hc := &http.Client{Transport: &rest.Retry{Base: &rest.Limit{Base: site.Client().Transport}}}
	client, err := jira.New(hc, site.URL)
	if err != nil {
		fmt.Println(err)
		return
	}
	options := jira.SearchOptions{JQL: "project = ABC AND statusCategory != Done", Fields: []string{"summary", "assignee"}}
	for issue, err := range client.Search.All(context.Background(), options) {
		if err != nil {
			fmt.Println(err)
			return
		}
		who := "nobody"
		if issue.Fields.Assignee != nil {
			who = issue.Fields.Assignee.DisplayName
		}
		fmt.Printf("%s %s: %s\n", issue.Key, issue.Fields.Summary, who)
	}
	// Output:
	// ABC-1 Write the manual: Ann
	// ABC-2 Print the manual: nobody
}

func ExampleGetItemProperty() {
	site := exampleSite()
	defer site.Close()
	client, err := jira.New(site.Client(), site.URL)
	if err != nil {
		fmt.Println(err)
		return
	}
	type config struct {
		Projects []string `json:"projects"`
	}
	ctx := context.Background()
	got, err := jira.GetItemProperty[config](ctx, client, "10001", "10022", "config")
	fmt.Println(got.Projects, err)
	_, err = jira.GetItemProperty[config](ctx, client, "10001", "10023", "config")
	fmt.Println(errors.Is(err, rest.ErrNotFound))
	// Output:
	// [ABC] <nil>
	// true
}

func ExampleUsersService_QueryAll() {
	site := exampleSite()
	defer site.Close()
	// With a real site: an API token as a person has it.
	token := &rest.Basic{Origin: site.URL, User: "ann@example.com", Token: func() string { return "from the environment" }}
	client, err := jira.New(&http.Client{Transport: token}, site.URL)
	if err != nil {
		fmt.Println(err)
		return
	}
	query := userquery.And(userquery.AssigneeOf("ABC"), userquery.Property("location", "office", "city").Is("Sydney"))
	for user, err := range client.Users.QueryAll(context.Background(), jira.UserQueryOptions{Query: query}) {
		fmt.Println(user.DisplayName, err)
	}
	// Output: Ann <nil>
}

func ExampleClient_PropertiesOf() {
	site := exampleSite()
	defer site.Close()
	client, err := jira.New(site.Client(), site.URL)
	if err != nil {
		fmt.Println(err)
		return
	}
	type preferences struct {
		Compact bool `json:"compact"`
	}
	// The same on any service that has user properties.
	store := client.PropertiesOf("5b10")
	got, err := rest.GetProperty[preferences](context.Background(), store, "preferences")
	fmt.Println(got.Compact, err)
	// Output: true <nil>
}
