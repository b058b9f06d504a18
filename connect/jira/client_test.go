package jira_test

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sightline-go/sightline/connect/internal/clienttest"
	"github.com/sightline-go/sightline/connect/jira"
)

func newClient(t *testing.T, h http.HandlerFunc) *jira.Client {
	t.Helper()
	return clienttest.New(t, jira.New, h)
}

// call is one call of one method: what it must send, what it is answered, and
// what it must return.
type call struct {
	name   string
	call   func(ctx context.Context, c *jira.Client) (any, error)
	method string
	uri    string
	body   string
	status int // 0: 200
	answer string
	want   any
}

func run(t *testing.T, calls []call) {
	t.Helper()
	for _, tc := range calls {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			var method, uri, body string
			c := newClient(t, func(w http.ResponseWriter, r *http.Request) {
				data, _ := io.ReadAll(r.Body)
				method, uri, body = r.Method, strings.TrimPrefix(r.RequestURI, "/base"), string(data)
				clienttest.Answer(w, max(tc.status, 200), tc.answer)
			})
			got, err := tc.call(t.Context(), c)
			if err != nil {
				t.Fatal(err)
			}
			if method != tc.method || uri != tc.uri {
				t.Errorf("got %s %s\nwant %s %s", method, uri, tc.method, tc.uri)
			}
			if body != tc.body {
				t.Errorf("body: got %s\nwant %s", body, tc.body)
			}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestNewRefusesABadURL(t *testing.T) {
	t.Parallel()
	if _, err := jira.New(&http.Client{}, "acme.atlassian.net"); err == nil {
		t.Error("got no error")
	}
}

func TestTime(t *testing.T) {
	t.Parallel()
	cases := []struct {
		text string
		want time.Time
		back string
		bad  bool
	}{
		{text: `"2021-01-17T12:34:00.000+0000"`, want: time.Date(2021, 1, 17, 12, 34, 0, 0, time.UTC), back: `"2021-01-17T12:34:00.000+0000"`},
		{text: `"2021-01-17T12:34:00.123+0530"`, want: time.Date(2021, 1, 17, 7, 4, 0, 123e6, time.UTC), back: `"2021-01-17T12:34:00.123+0530"`},
		{text: `"2021-01-17T12:34:00Z"`, want: time.Date(2021, 1, 17, 12, 34, 0, 0, time.UTC), back: `"2021-01-17T12:34:00.000+0000"`},
		{text: `"2021-01-17T12:34:00-05:00"`, want: time.Date(2021, 1, 17, 17, 34, 0, 0, time.UTC), back: `"2021-01-17T12:34:00.000-0500"`},
		{text: `null`, back: `null`},
		{text: `""`, back: `null`},
		{text: `"yesterday"`, bad: true},
		{text: `7`, bad: true},
	}
	for _, tc := range cases {
		var got jira.Time
		err := json.Unmarshal([]byte(tc.text), &got)
		if (err != nil) != tc.bad || !got.Equal(tc.want) {
			t.Errorf("read %s: got %v, %v, want %v", tc.text, got, err, tc.want)
		}
		if tc.bad {
			continue
		}
		if back, err := json.Marshal(got); err != nil || string(back) != tc.back {
			t.Errorf("write %s: got %s, %v, want %s", tc.text, back, err, tc.back)
		}
	}
}
