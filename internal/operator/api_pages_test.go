package operator

import (
	"net/http"
	"testing"
)

func TestNextPage(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct{ name, path, body, want string }{
		{"last", "/a", `{"isLast":true,"nextPageToken":"x"}`, ""},
		{"token", "/a?jql=b", `{"nextPageToken":"x y"}`, "/a?jql=b&nextPageToken=x+y"},
		{"link", "/a", `{"nextPage":"https://site.example/b?startAt=2"}`, "/b?startAt=2"},
		{"foreign link", "/a", `{"nextPage":"https://evil.example/b"}`, ""},
		{"confluence link", "/a", `{"_links":{"next":"/wiki/b?start=2"}}`, "/wiki/b?start=2"},
		{"offset", "/a", `{"startAt":0,"total":3,"worklogs":[{},{}]}`, "/a?startAt=2"},
		{"offset at the end", "/a", `{"startAt":2,"total":3,"worklogs":[{}]}`, ""},
		{"offset without progress", "/a", `{"startAt":2,"total":3,"worklogs":[]}`, ""},
		{"array", "/a?maxResults=10", `[{}]`, "/a?maxResults=10&startAt=10"},
		{"empty array", "/a?startAt=10", `[]`, ""},
		{"no list", "/a", `{"key":"x"}`, ""},
		{"no json", "/a", `hello`, ""},
	} {
		if got := nextPage(tc.path, "https://site.example", answer{http.StatusOK, []byte(tc.body)}); got != tc.want {
			t.Errorf("%s: %q, want %q", tc.name, got, tc.want)
		}
	}
}
