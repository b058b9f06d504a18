package rest_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sightline-go/sightline/connect/rest"
)

// newClient returns a client of a server whose API lies under /base/path, so
// that a call which forgets the base gets a 404 that it does not expect.
func newClient(t *testing.T, h http.HandlerFunc) *rest.Client {
	t.Helper()
	mux := http.NewServeMux()
	mux.Handle("/base/path/", http.StripPrefix("/base/path", h))
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	c, err := rest.New(server.Client(), server.URL+"/base/path/")
	if err != nil {
		t.Fatal(err)
	}
	c.Now = func() time.Time { return time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC) }
	return c
}

type thing struct {
	Name string `json:"name"`
	Size int    `json:"size"`
}

// errAny stands for any error in a table.
var errAny = errors.New("any")

func checkErr(t *testing.T, got, want error) {
	t.Helper()
	if (got == nil) != (want == nil) || (want != nil && !errors.Is(want, errAny) && !errors.Is(got, want)) {
		t.Errorf("error: got %v, want %v", got, want)
	}
}

func TestDoAnswer(t *testing.T) {
	t.Parallel()
	reply := func(status int, contentType, body string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", contentType)
			w.WriteHeader(status)
			_, _ = io.WriteString(w, body)
		}
	}
	cases := []struct {
		name    string
		handler http.HandlerFunc
		want    thing
		bad     error
	}{
		{name: "json", handler: reply(200, "application/json", `{"name":"a","size":1,"more":[]}`), want: thing{"a", 1}},
		{name: "json by suffix", handler: reply(201, "application/hal+json", `{"name":"a"}`), want: thing{Name: "a"}},
		{name: "no content", handler: reply(204, "", ""), want: thing{}},
		{name: "html", handler: reply(200, "text/html", `<p>hidden</p>`), bad: rest.ErrUnreadable},
		{name: "json called html", handler: reply(200, "text/html", `{"name":"hidden"}`), bad: rest.ErrUnreadable},
		{name: "broken type", handler: reply(200, ";;", `{"name":"hidden"}`), bad: rest.ErrUnreadable},
		{name: "empty", handler: reply(200, "application/json", ``), bad: rest.ErrUnreadable},
		{name: "cut", handler: reply(200, "application/json", `{"name":"hidden`), bad: rest.ErrUnreadable},
		{name: "wrong shape", handler: reply(200, "application/json", `{"name":"a","size":"hidden"}`), bad: rest.ErrUnreadable},
		{name: "more after it", handler: reply(200, "application/json", `{"name":"a"} hidden`), bad: rest.ErrUnreadable},
		{name: "not modified", handler: reply(304, "", ""), bad: errAny},
		{name: "connection breaks", handler: func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			w.Header().Set("Content-Length", "1000")
			_, _ = io.WriteString(w, `{"name":"hidden"`)
		}, bad: rest.ErrUnreadable},
		{name: "endless", handler: func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			chunk := `{"name":"` + strings.Repeat("x", 64<<10)
			for r.Context().Err() == nil {
				if _, err := io.WriteString(w, chunk); err != nil {
					return
				}
			}
		}, bad: rest.ErrUnreadable},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			c := newClient(t, tc.handler)
			got, resp, err := rest.Do[thing](t.Context(), c, rest.Request{Method: http.MethodGet, Path: "/thing/{id}", Params: []string{"private"}})
			checkErr(t, err, tc.bad)
			if got != tc.want {
				t.Errorf("got %+v, want %+v", got, tc.want)
			}
			if resp == nil {
				t.Error("got no Response")
			}
			if err != nil && (strings.Contains(err.Error(), "hidden") || !strings.Contains(err.Error(), "GET /thing/{id}")) {
				t.Errorf("got %q, want the call's name and nothing of the body", err)
			}
		})
	}
}

// What announces more than may be read is not read.
func TestDoRefusesEarly(t *testing.T) {
	t.Parallel()
	asked := make(chan int, 1)
	c := newClient(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("Content-Length", strconv.Itoa(200<<20))
		sent, block := 0, strings.Repeat(" ", 1<<20)
		for range 200 {
			n, err := io.WriteString(w, block)
			if sent += n; err != nil {
				break
			}
		}
		asked <- sent
	})
	_, _, err := rest.Do[thing](t.Context(), c, rest.Request{Method: http.MethodGet, Path: "/x"})
	if !errors.Is(err, rest.ErrUnreadable) || !strings.Contains(err.Error(), "more than 16777216 bytes") {
		t.Errorf("got %v, want ErrUnreadable and the bound", err)
	}
	if sent := <-asked; sent > 12<<20 { // what the kernel buffers
		t.Errorf("%d bytes were sent", sent)
	}
}

func TestDoRaw(t *testing.T) {
	t.Parallel()
	c := newClient(t, func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "<p>hi</p>") })
	got, _, err := rest.Do[rest.Raw](t.Context(), c, rest.Request{Method: http.MethodGet, Path: "/x"})
	want := rest.Raw{ContentType: "text/html; charset=utf-8", Data: []byte("<p>hi</p>")}
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Errorf("error %v (-want +got):\n%s", err, diff)
	}
}

func TestDoWithoutAnswer(t *testing.T) {
	t.Parallel()
	c := newClient(t, func(http.ResponseWriter, *http.Request) {})
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, resp, err := rest.Do[thing](ctx, c, rest.Request{Method: http.MethodGet, Path: "/x/{id}", Params: []string{"private"}, Query: url.Values{"jql": {"hidden"}}})
	if !errors.Is(err, context.Canceled) || resp != nil {
		t.Fatalf("got %v, %v, want no Response and context.Canceled", resp, err)
	}
	if text := err.Error(); strings.Contains(text, "hidden") || strings.Contains(text, "private") {
		t.Errorf("error %q holds the address", text)
	}
}
