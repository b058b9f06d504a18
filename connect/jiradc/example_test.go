package jiradc_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"

	"github.com/sightline-go/sightline/connect/internal/clienttest"
	"github.com/sightline-go/sightline/connect/jiradc"
	"github.com/sightline-go/sightline/connect/rest"
)

func Example() {
	site := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Authorization") != "Bearer a personal access token" {
			clienttest.Answer(w, http.StatusUnauthorized, `{}`)
			return
		}
		clienttest.Answer(w, http.StatusOK, `[{"name":"ann","displayName":"Ann"},{"name":"anton","displayName":"Anton"}]`)
	}))
	defer site.Close()
	hc := &http.Client{Transport: &rest.Bearer{Origin: site.URL, Token: func() string { return "a personal access token" }}}
	client, err := jiradc.New(hc, site.URL)
	if err != nil {
		fmt.Println(err)
		return
	}
	for user, err := range client.Users.SearchAll(context.Background(), jiradc.UserSearchOptions{Username: "an"}) {
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println(user.Name, user.DisplayName)
	}
	// Output:
	// ann Ann
	// anton Anton
}

func ExampleClient_PropertiesOf() {
	site := httptest.NewServer(http.HandlerFunc(store{}.serve))
	defer site.Close()
	client, err := jiradc.New(site.Client(), site.URL)
	if err != nil {
		fmt.Println(err)
		return
	}
	type preferences struct {
		Compact bool `json:"compact"`
	}
	ctx, properties := context.Background(), client.PropertiesOf(jiradc.UserRef{Username: "fred"})
	_, err = rest.GetProperty[preferences](ctx, properties, "sightline")
	fmt.Println(errors.Is(err, rest.ErrNotFound))
	fmt.Println(properties.Set(ctx, "sightline", preferences{Compact: true}))
	fmt.Println(rest.GetProperty[preferences](ctx, properties, "sightline"))
	// Output:
	// true
	// true <nil>
	// {true} <nil>
}
