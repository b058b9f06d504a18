package edge

import (
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/gin-gonic/gin"

	"github.com/sightline-go/sightline/internal/lang"
	"github.com/sightline-go/sightline/internal/viewer"
)

// TestFile: a file arrives whole, or not at all, or its connection breaks off.
func TestFile(t *testing.T) {
	t.Parallel()
	errLate := errors.New("Jira has gone")
	for name, tt := range map[string]struct {
		pieces int
		err    error
		status int
		whole  bool
	}{
		"whole":               {3, nil, http.StatusOK, true},
		"fails at once":       {0, errLate, http.StatusInternalServerError, true},
		"fails in the middle": {2, errLate, http.StatusOK, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var log strings.Builder
			e := New(Config{
				BaseURL: &url.URL{Scheme: "http", Host: "app.example"}, Languages: lang.New(), People: &viewer.People{},
				Log: slog.New(slog.NewTextHandler(&log, nil)), Now: time.Now,
			})
			engine := gin.New()
			done := make(chan struct{})
			e.Mount(engine, []Route{Get("/file", e.Public(func(r *Request) error {
				defer close(done)
				return r.File("text/csv", `a "b" ü.csv`, func(w io.Writer) error {
					for range tt.pieces {
						if _, err := io.WriteString(w, strings.Repeat("x", 1000)); err != nil {
							return err
						}
					}
					return tt.err
				})
			}))})
			server := httptest.NewServer(engine)
			t.Cleanup(server.Close)
			req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, server.URL+"/file", nil)
			if err != nil {
				t.Fatal(err)
			}
			got, err := server.Client().Do(req)
			if err != nil {
				t.Fatal(err)
			}
			defer got.Body.Close()
			body, err := io.ReadAll(got.Body)
			<-done
			if got.StatusCode != tt.status || (err == nil) != tt.whole {
				t.Errorf("status %d, %v", got.StatusCode, err)
			}
			if tt.status == http.StatusOK && (len(body) != 1000*tt.pieces || got.Header.Get("Content-Disposition") != `attachment; filename*=utf-8''a%20%22b%22%20%C3%BC.csv`) {
				t.Errorf("%d bytes, %q", len(body), got.Header.Get("Content-Disposition"))
			}
			server.Close() // the handler has written its line
			if strings.Contains(log.String(), errLate.Error()) != (tt.err != nil) {
				t.Errorf("the log says\n%s", log.String())
			}
		})
	}
}
