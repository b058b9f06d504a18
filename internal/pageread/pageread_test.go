package pageread_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sightline-go/sightline/connect/jira"
	"github.com/sightline-go/sightline/connect/rest"
	"github.com/sightline-go/sightline/internal/pageread"
)

var ann = pageread.Viewer{Tenant: "t", Generation: 1, Account: "ann"}

// answered is an answer as a page hands it over.
type answered struct {
	Key     string            `json:"key"`
	Status  int               `json:"status"`
	Headers map[string]string `json:"headers,omitempty"`
	Body    any               `json:"body,omitempty"`
}

func packed(t *testing.T, list any) string {
	t.Helper()
	text, err := json.Marshal(list)
	if err != nil {
		t.Fatal(err)
	}
	return zipped(t, text)
}

func zipped(t *testing.T, text []byte) string {
	t.Helper()
	var out bytes.Buffer
	z := gzip.NewWriter(&out)
	if _, err := z.Write(text); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return base64.StdEncoding.EncodeToString(out.Bytes())
}

// work is what a reading does with its client; it runs as in a cache, which
// outlives the page's calls.
type work struct {
	do   func(ctx context.Context, j *jira.Client) error
	done chan error
}

func newWork(do func(context.Context, *jira.Client) error) *work {
	return &work{do: do, done: make(chan error, 1)}
}

// call is one call of a page: it goes on with the work, and returns what is
// wanted, or how the work ended.
func (w *work) call(t *testing.T, rs *pageread.Readings, part pageread.Part, begins bool) (want []pageread.Want, over bool, err error) {
	t.Helper()
	ctx, call, err := rs.Begin(t.Context(), ann, part)
	if err != nil {
		t.Fatal(err)
	}
	defer call.End()
	if begins {
		go func() { w.done <- w.do(context.WithoutCancel(ctx), call.Client()) }()
	}
	select {
	case err := <-w.done:
		return nil, true, err
	case <-ctx.Done():
	}
	want, parked := call.Wants()
	if !parked {
		t.Fatal("the call ended for nothing")
	}
	return want, false, nil
}

func paths(want []pageread.Want) []string {
	list := []string{}
	for _, w := range want {
		list = append(list, w.Method+" "+w.Path+w.Body)
	}
	return list
}

func same[T any](t *testing.T, what string, want, got T) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", what, diff)
	}
}

// settings reads who somebody is and then two things side by side.
func settings(ctx context.Context, j *jira.Client) error {
	who, err := j.Myself.Get(ctx)
	if err != nil {
		return err
	}
	if who.AccountID != "ann" {
		return fmt.Errorf("somebody else: %s", who.AccountID)
	}
	both := make(chan error, 2)
	go func() { _, err := j.Settings.Get(ctx); both <- err }()
	go func() { _, err := j.Search.JQL(ctx, jira.SearchOptions{JQL: strings.Repeat("x", 3000)}); both <- err }()
	return errors.Join(<-both, <-both)
}

func TestAPageReadsWhatIsWanted(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		rs, w := pageread.New(), newWork(settings)
		defer rs.Close()
		first, _, _ := w.call(t, rs, pageread.Part{}, true)
		same(t, "first", []string{"GET /rest/api/3/myself"}, paths(first))
		answers := []answered{{Key: first[0].Key, Status: 200, Headers: map[string]string{"content-type": "application/json"}, Body: map[string]any{"accountId": "ann"}}}
		second, _, _ := w.call(t, rs, pageread.Part{Answers: packed(t, answers)}, false)
		if len(second) != 2 || second[0].Key == second[1].Key {
			t.Fatalf("second: %+v", second)
		}
		for _, want := range second {
			answers = append(answers, answered{Key: want.Key, Status: 200, Headers: map[string]string{"content-type": "application/json"}, Body: map[string]any{}})
		}
		if _, over, err := w.call(t, rs, pageread.Part{Answers: packed(t, answers)}, false); !over || err != nil {
			t.Errorf("over %t, %v", over, err)
		}
		if bytes, _ := rs.Held(); bytes != 0 {
			t.Errorf("%d bytes are still held", bytes)
		}
		// A program that has never seen the reading takes it over with all answers.
		other, again := pageread.New(), newWork(settings)
		defer other.Close()
		if want, over, err := again.call(t, other, pageread.Part{Answers: packed(t, answers)}, true); !over || err != nil {
			t.Errorf("taken over: %v, wanted %+v", err, want)
		}
	})
}

// TestAFailureIsTriedAgain: the page waits as long as Jira asks for, and a last
// failure has the error of the server's reading.
func TestAFailureIsTriedAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		rs := pageread.New()
		defer rs.Close()
		w := newWork(func(ctx context.Context, j *jira.Client) error { _, err := j.Myself.Get(ctx); return err })
		part, begins, keys := pageread.Part{}, true, map[string]bool{}
		for try := range 3 {
			want, over, _ := w.call(t, rs, part, begins)
			if over || len(want) != 1 || keys[want[0].Key] {
				t.Fatalf("try %d: %+v", try, want)
			}
			if late := want[0].Wait; try > 0 && (late < 4000 || late > 5200) || try == 0 && late != 0 {
				t.Errorf("try %d: waits %d ms", try, late)
			}
			keys[want[0].Key], begins = true, false
			part = pageread.Part{Answers: packed(t, []answered{{
				Key: want[0].Key, Status: 429, Headers: map[string]string{"retry-after": "4", "ratelimit-reason": rest.ReasonBurst, "location": "https://evil.example"},
			}})}
		}
		_, over, err := w.call(t, rs, part, false)
		var told *rest.Error
		if !over || !errors.Is(err, rest.ErrRateLimited) || !errors.As(err, &told) || told.RetryAfter != 4*time.Second || told.Reason != rest.ReasonBurst {
			t.Errorf("over %t: %v, %+v", over, err, told)
		}
	})
}

// TestNobodyGoesOn: a reading ends some time after its page has gone, and whoever
// comes later begins anew.
func TestNobodyGoesOn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		rs, w := pageread.New(), newWork(settings)
		defer rs.Close()
		_, _, _ = w.call(t, rs, pageread.Part{}, true)
		begun := time.Now()
		if err := <-w.done; !errors.Is(err, pageread.ErrLeft) || time.Since(begun) > 20*time.Second {
			t.Errorf("after %s: %v", time.Since(begun), err)
		}
		synctest.Wait()
		if _, viewers := rs.Held(); viewers != 0 {
			t.Errorf("%d readings are left", viewers)
		}
		if want, _, _ := newWork(settings).call(t, rs, pageread.Part{}, true); len(want) != 1 {
			t.Errorf("anew: %+v", want)
		}
	})
}

// TestTwoPages: what one page was told to read is not given to another of the
// viewer's, unless that page does not bring it.
func TestTwoPages(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		rs, w := pageread.New(), newWork(settings)
		defer rs.Close()
		_, _, _ = w.call(t, rs, pageread.Part{Page: "one"}, true)
		begun := time.Now()
		want, _, _ := w.call(t, rs, pageread.Part{Page: "one"}, false)
		if len(want) != 1 || time.Since(begun) > time.Second {
			t.Errorf("the page that comes back: %+v after %s", want, time.Since(begun))
		}
		begun = time.Now()
		want, _, _ = w.call(t, rs, pageread.Part{Page: "two"}, false)
		if len(want) != 1 || time.Since(begun) < 3*time.Second || time.Since(begun) > 10*time.Second {
			t.Errorf("another page: %+v after %s", want, time.Since(begun))
		}
	})
}

// TestForeignAnswers: what was not asked for is forgotten with the call.
func TestForeignAnswers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		rs, w := pageread.New(), newWork(settings)
		defer rs.Close()
		foreign := []answered{{Key: "myself", Status: 200, Body: "x"}, {Key: strings.Repeat("0", 32), Status: 200, Body: "y"}}
		want, over, _ := w.call(t, rs, pageread.Part{Answers: packed(t, foreign)}, true)
		if over || len(want) != 1 {
			t.Errorf("over %t, wanted %+v", over, want)
		}
		if bytes, _ := rs.Held(); bytes != 0 {
			t.Errorf("%d bytes are held", bytes)
		}
	})
}

// TestNothingIsWritten: a page is never told to change something.
func TestNothingIsWritten(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		rs := pageread.New()
		defer rs.Close()
		w := newWork(func(ctx context.Context, j *jira.Client) error {
			_, err := j.UserProperties.SetProperty(ctx, "ann", "key", 1)
			return err
		})
		if want, _, err := w.call(t, rs, pageread.Part{}, true); !errors.Is(err, pageread.ErrNotRead) {
			t.Errorf("wanted %+v: %v", want, err)
		}
	})
}

// TestPostsThatRead: what reads by POST is handed to a page.
func TestPostsThatRead(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		rs := pageread.New()
		defer rs.Close()
		w := newWork(func(ctx context.Context, j *jira.Client) error {
			_, err := j.JQL.Parse(ctx, "strict", []string{"project = NONE"})
			return err
		})
		want, over, err := w.call(t, rs, pageread.Part{}, true)
		if over || err != nil || len(want) != 1 || want[0].Method != "POST" || !strings.HasPrefix(want[0].Path, "/rest/api/3/jql/parse") {
			t.Errorf("over %t, wanted %+v: %v", over, want, err)
		}
	})
}

func TestBadAnswers(t *testing.T) {
	t.Parallel()
	many := make([]answered, 1001)
	for i := range many {
		many[i] = answered{Key: fmt.Sprint(i), Status: 200}
	}
	bomb := append([]byte(`[{"key":"a","status":200,"text":"`), bytes.Repeat([]byte("x"), 9<<20)...)
	for name, text := range map[string]string{
		"not base64":       "%%%",
		"not compressed":   base64.StdEncoding.EncodeToString([]byte("[]")),
		"not a list":       packed(t, map[string]any{}),
		"a list of texts":  packed(t, []string{"x"}),
		"cut off":          zipped(t, []byte(`[{"key":"a","status":200}`)),
		"no status":        packed(t, []answered{{Key: "a"}}),
		"an odd status":    packed(t, []answered{{Key: "a", Status: 100}}),
		"a status as text": packed(t, []map[string]any{{"key": "a", "status": "200"}}),
		"a header as list": packed(t, []map[string]any{{"key": "a", "status": 200, "headers": []int{1}}}),
		"one twice":        packed(t, []answered{{Key: "a", Status: 200}, {Key: "a", Status: 200}}),
		"too many":         packed(t, many),
		"a bomb":           zipped(t, append(bomb, `"}]`...)),
		"too long":         strings.Repeat("A", pageread.MaxPart+4),
	} {
		rs := pageread.New()
		_, call, err := rs.Begin(t.Context(), ann, pageread.Part{Answers: text})
		if !errors.Is(err, pageread.ErrAnswers) {
			t.Errorf("%s: %v", name, err)
		}
		if bytes, viewers := rs.Held(); bytes != 0 || viewers != 0 || call != nil {
			t.Errorf("%s: %d bytes and %d readings are held", name, bytes, viewers)
		}
		rs.Close()
	}
}

// TestBounds: all viewers' pages together have limits; what is over them is told,
// and room comes back.
func TestBounds(t *testing.T) {
	t.Parallel()
	rs := pageread.New()
	defer rs.Close()
	viewer := func(n int) pageread.Viewer {
		return pageread.Viewer{Tenant: "t", Account: ann.Account, Generation: int64(n)}
	}
	large := packed(t, []answered{{Key: "a", Status: 200, Body: strings.Repeat("x", 7<<20)}})
	var open []*pageread.Call
	for n := 0; ; n++ {
		_, call, err := rs.Begin(t.Context(), viewer(n), pageread.Part{Answers: large})
		if errors.Is(err, pageread.ErrBusy) && n > 2 {
			break
		}
		if err != nil || n > 20 {
			t.Fatalf("call %d: %v", n, err)
		}
		open = append(open, call)
	}
	for _, call := range open {
		call.End()
	}
	if bytes, _ := rs.Held(); bytes != 0 {
		t.Errorf("%d bytes are held", bytes)
	}
	var err error
	for n := 0; err == nil; n++ {
		var call *pageread.Call
		if _, call, err = rs.Begin(t.Context(), viewer(n), pageread.Part{}); err == nil {
			call.End()
		}
		if n > 5000 {
			t.Fatal("there is always room for one more reading")
		}
	}
	if !errors.Is(err, pageread.ErrBusy) {
		t.Errorf("one more: %v", err)
	}
	rs.Forget("t")
	if _, viewers := rs.Held(); viewers != 0 {
		t.Errorf("%d readings are left of a tenant that is gone", viewers)
	}
}
