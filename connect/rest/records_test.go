package rest_test

import (
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/sightline-go/sightline/connect/rest"
)

type about struct {
	Next string `json:"next"`
	Last bool   `json:"last"`
}

func answering(t *testing.T, body string) *rest.Client {
	t.Helper()
	return newClient(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, body)
	})
}

func doThings(t *testing.T, c *rest.Client, member string) (rest.List[thing, about], error) {
	t.Helper()
	list, _, err := rest.DoList[thing, about](t.Context(), c, rest.Request{Method: http.MethodGet, Path: "/things"}, member)
	return list, err
}

func TestDoList(t *testing.T) {
	t.Parallel()
	a, b := thing{"a", 1}, thing{"b", 2}
	for name, tc := range map[string]struct {
		member, body string
		want         []thing
		about        about
		skipped      []string
	}{
		"only a list":    {"", `[{"name":"a","size":1},{"name":"b","size":2}]`, []thing{a, b}, about{}, nil},
		"a member":       {"things", `{"next":"n","things":[{"name":"a","size":1}],"last":true}`, []thing{a}, about{"n", true}, nil},
		"list first":     {"things", ` { "things" : [ ] , "next":"n"}`, []thing{}, about{Next: "n"}, nil},
		"no such":        {"things", `{"next":"n","other":[1]}`, nil, about{Next: "n"}, nil},
		"null list":      {"things", `{"things":null}`, nil, about{}, nil},
		"null":           {"", `null`, nil, about{}, nil},
		"wrong type":     {"things", `{"things":[{"key":"A-1","size":"big"},{"name":"b","size":2}]}`, []thing{b}, about{}, []string{"A-1"}},
		"by id":          {"things", `{"things":[{"id":17,"size":[]},{"name":"b","size":2}]}`, []thing{b}, about{}, []string{"17"}},
		"by account":     {"", `[{"key":"","accountId":"5b10","size":{}}]`, []thing{}, about{}, []string{"5b10"}},
		"no name":        {"", `[17,"text",null,[],{"size":"x"}]`, []thing{}, about{}, []string{"", "", "", "", ""}},
		"a name to fool": {"", `[{"key":"a\u0000b","size":"x"},{"key":"` + strings.Repeat("k", 65) + `","size":"x"}]`, []thing{}, about{}, []string{"", ""}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := answering(t, tc.body)
			var told []string
			c.Lists.Skip = func(u rest.Unreadable) {
				told = append(told, u.Key)
				if !errors.Is(u.Err, rest.ErrUnreadable) || u.List != tc.member {
					t.Errorf("got %+v", u)
				}
			}
			got, err := doThings(t, c, tc.member)
			if err != nil || got.About != tc.about || len(got.Skipped) != len(tc.skipped) {
				t.Errorf("got %+v, %v", got, err)
			}
			if diff := cmp.Diff(tc.want, got.Items) + cmp.Diff(tc.skipped, told); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestOddRecordFailsWithoutSkip(t *testing.T) {
	t.Parallel()
	_, err := doThings(t, answering(t, `[{"name":"a","size":1},{"key":"A-2","size":"hidden"}]`), "")
	var odd *rest.Unreadable
	if !errors.As(err, &odd) || odd.Key != "A-2" || !errors.Is(err, rest.ErrUnreadable) {
		t.Fatalf("got %v, want the record A-2", err)
	}
	if text := err.Error(); strings.Contains(text, "hidden") || !strings.Contains(text, "A-2") || !strings.Contains(text, "GET /things") {
		t.Errorf("got %q, want the call and the record and nothing of it", text)
	}
}

// What is wrong with the answer itself fails, whatever Skip says.
func TestBrokenListsFail(t *testing.T) {
	t.Parallel()
	for name, body := range map[string]string{
		"no object":      `[1]`,
		"no list":        `{"things":{"a":1}}`,
		"text":           `{"things":"hidden"}`,
		"cut in record":  `{"things":[{"name":"hidden`,
		"cut in list":    `{"things":[{"name":"a"},`,
		"cut in object":  `{"things":[]`,
		"no comma":       `{"things":[{} {}]}`,
		"more after it":  `{"things":[]} hidden`,
		"empty":          ``,
		"about is wrong": `{"things":[],"next":{"hidden":1}}`,
		"too many":       `{"things":[` + strings.Repeat(`{},`, 10_000) + `{}]}`,
		"too long":       `{"things":[{"name":"` + strings.Repeat("x", 17<<20) + `"}]}`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := answering(t, body)
			c.Lists.Skip = func(u rest.Unreadable) { t.Errorf("skipped %+v", u) }
			got, err := doThings(t, c, "things")
			if !errors.Is(err, rest.ErrUnreadable) || got.Items != nil {
				t.Errorf("got %d items, %v, want ErrUnreadable", len(got.Items), err)
			}
			if err != nil && strings.Contains(err.Error(), "hidden") {
				t.Errorf("got %q, want nothing of the body", err)
			}
		})
	}
}
