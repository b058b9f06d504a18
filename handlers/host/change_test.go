package host

import (
	"encoding/json"
	"errors"
	"io"
	"runtime"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/sightline-go/sightline/internal/feed"
)

func TestReadIssueEvent(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		body    string
		want    issueEvent
		project string
		fails   bool
	}{
		"connect": {
			`{"timestamp":1,"webhookEvent":"jira:issue_updated","user":{"key":"x"},"issue":{"id":"1","key":"ABC-1","fields":{"summary":"a","project":{"id":"2","key":"ABC"},"labels":["key"]}},"changelog":{"id":"1","items":[{"field":"status"},{"field":"due"}]}}`,
			issueEvent{Name: "jira:issue_updated", Key: "ABC-1", Project: "ABC"},
			"ABC", false,
		},
		"moved":               {`{"issue":{"key":"DEF-1","fields":{"project":{"key":"DEF"}}},"changelog":{"items":[{"field":"Key"},{"field":"x"}]}}`, issueEvent{Key: "DEF-1", Project: "DEF", Moved: true}, "", false},
		"without fields":      {`{"issue":{"key":"A-B-7"}}`, issueEvent{Key: "A-B-7"}, "A-B", false},
		"forge":               {`{"eventType":"avi:jira:created:issue","issue":{"key":"ABC-1","fields":{"project":{"key":"ABC"}}}}`, issueEvent{Name: "avi:jira:created:issue", Key: "ABC-1", Project: "ABC"}, "ABC", false},
		"forge in a wrapper":  {`{"payload":{"eventType":"avi:jira:created:issue","issue":{"key":"ABC-1"}},"context":{}}`, issueEvent{Name: "avi:jira:created:issue", Key: "ABC-1"}, "ABC", false},
		"wrappers in another": {`{"payload":{"payload":{"issue":{"key":"ABC-1"}}}}`, issueEvent{}, "", false},
		"other types":         {`{"webhookEvent":7,"issue":[{"key":"ABC-1"}],"changelog":{"items":{"field":"Key"}}}`, issueEvent{}, "", true},
		"more other types":    {`{"issue":{"key":{"key":"A-1"},"fields":{"project":"ABC"}},"changelog":{"items":["Key",{"field":["Key"]},null]}}`, issueEvent{}, "", true},
		"nulls":               {`{"webhookEvent":null,"issue":{"key":null,"fields":null},"changelog":{"items":[null,{"field":null}]}}`, issueEvent{}, "", false},
		"null":                {`null`, issueEvent{}, "", false},
		"a list":              {`[1,{"issue":7}]`, issueEvent{}, "", true},
		"cut off":             {`{"issue":{"key":"ABC-1"`, issueEvent{Key: "ABC-1"}, "ABC", true},
		"no JSON":             {`hello`, issueEvent{}, "", true},
		"nothing":             {``, issueEvent{}, "", true},
	} {
		got, err := readIssueEvent(strings.NewReader(tt.body))
		got.Facts = feed.Event{}
		if diff := cmp.Diff(tt.want, got); diff != "" || (err != nil) != tt.fails || got.project() != tt.project {
			t.Errorf("%s: got %+v of %q, %v, want %+v of %q", name, got, got.project(), err, tt.want, tt.project)
		}
	}
}

// bigEvent is an event with as much text before and after what is kept.
func bigEvent(parts int) io.Reader {
	const part = `{"field":"description","fromString":"0123456789"},`
	return io.MultiReader(
		strings.NewReader(`{"changelog":{"items":[`), io.LimitReader(repeated(part), int64(parts*len(part))),
		strings.NewReader(`{}]},"issue":{"key":"ABC-1"}}`),
	)
}

type repeated string

func (r repeated) Read(p []byte) (int, error) {
	n := 0
	for n+len(r) <= len(p) {
		n += copy(p[n:], r)
	}
	return n, nil
}

// An event is not kept in memory while it is read.
func TestReadIssueEventAsItArrives(t *testing.T) {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	got, err := readIssueEvent(bigEvent(400_000)) // 20 MB
	runtime.ReadMemStats(&after)
	if err != nil || got.Key != "ABC-1" {
		t.Fatalf("got %+v, %v", got, err)
	}
	if kept := int64(after.HeapSys) - int64(before.HeapSys); kept > 16<<20 {
		t.Errorf("the heap grew by %d MiB", kept>>20)
	}
}

// FuzzIssueEvent reads any body: it ends, and fails if the body is not JSON.
func FuzzIssueEvent(f *testing.F) {
	for _, seed := range []string{
		`{"webhookEvent":"jira:issue_updated","issue":{"key":"A-1","fields":{"project":{"key":"A"}}},"changelog":{"items":[{"field":"Key"}]}}`,
		`{"payload":{"eventType":"avi:jira:created:issue"}}`, `{"issue":{"key":"-"}}`, `[`, `{"a":[[[[{}]]]]}`, `{"issue":{"fields":`, ``,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		event, err := readIssueEvent(strings.NewReader(string(body)))
		_ = event.project()
		if json.Valid(body) && err != nil && !errors.Is(err, errShape) {
			t.Errorf("got %v for valid JSON", err)
		}
		if errors.Is(err, io.ErrNoProgress) {
			t.Error("it stands still")
		}
	})
}
