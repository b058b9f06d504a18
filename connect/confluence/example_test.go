package confluence_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"

	"github.com/sightline-go/sightline/connect/confluence"
	"github.com/sightline-go/sightline/connect/internal/clienttest"
	"github.com/sightline-go/sightline/connect/rest"
)

func Example() {
	site := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Query().Get("start") == "2" {
			clienttest.Answer(w, http.StatusOK, `{"results":[{"name":"writers"}],"start":2,"limit":2,"size":1}`)
			return
		}
		clienttest.Answer(w, http.StatusOK, `{"results":[{"name":"developers"},{"name":"everybody"}],"limit":2,"size":2}`)
	}))
	defer site.Close()
	// With a real site the transport signs: see connect.Outbound.
	client, err := confluence.New(site.Client(), site.URL)
	if err != nil {
		fmt.Println(err)
		return
	}
	for group, err := range client.Users.MemberOfAll(context.Background(), "5b10a2844c20165700ede21g", confluence.MemberOfOptions{}) {
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println(group.Name)
	}
	// Output:
	// developers
	// everybody
	// writers
}

func ExampleClient_PropertiesOf() {
	site := httptest.NewServer(http.HandlerFunc((&store{values: map[string]json.RawMessage{}}).serve))
	defer site.Close()
	client, err := confluence.New(site.Client(), site.URL)
	if err != nil {
		fmt.Println(err)
		return
	}
	type preferences struct {
		Compact bool `json:"compact"`
	}
	ctx, properties := context.Background(), client.PropertiesOf("5b10a2844c20165700ede21g")
	_, err = rest.GetProperty[preferences](ctx, properties, "sightline")
	fmt.Println(errors.Is(err, rest.ErrNotFound))
	fmt.Println(properties.Set(ctx, "sightline", preferences{Compact: true}))
	fmt.Println(properties.Set(ctx, "sightline", preferences{Compact: true}))
	fmt.Println(rest.GetProperty[preferences](ctx, properties, "sightline"))
	// Output:
	// true
	// true <nil>
	// false <nil>
	// {true} <nil>
}
