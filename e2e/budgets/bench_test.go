package budgets

import (
	"bytes"
	"compress/gzip"
	"context"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"strconv"
	"sync"
	"testing"

	"github.com/gin-gonic/gin"

	"github.com/sightline-go/sightline/connect/connecttest"
	"github.com/sightline-go/sightline/e2e/harness"
	"github.com/sightline-go/sightline/internal/app"
	"github.com/sightline-go/sightline/internal/onsite"
	"github.com/sightline-go/sightline/internal/workload"
)

// benchPage is a program with one configured gadget, and the gadget's address.
func benchPage(b *testing.B) (*harness.Running, *url.URL) {
	b.Helper()
	r := harness.Start(b, connecttest.NewSite(b), func(f *app.ServeFlags) { f.LogLevel = "warn" })
	r.Install(b)
	dashboard := r.Site.Objects().Dashboards[0]
	item := dashboard.Items[0].ID
	config := workload.NewGadgetConfig()
	config.Projects = []string{r.Site.Objects().Projects[0].Key, r.Site.Objects().Projects[1].Key}
	r.Rest(b, dashboard.Owner, http.MethodPut, "/rest/api/3/dashboard/"+dashboard.ID+"/items/"+item+"/properties/"+workload.ConfigProperty, config, nil)
	r.Gadget(b, dashboard.Owner, dashboard.ID, item)
	address, err := r.Site.ModuleURL(harness.AppKey, "workload", dashboard.Owner, dashboard.ID, item)
	if err != nil {
		b.Fatal(err)
	}
	u, err := url.Parse(address)
	if err != nil {
		b.Fatal(err)
	}
	return r, u
}

// encodings are the ways to send a page, by the benchmark's suffix.
var encodings = map[string]string{"": "", "-gzip": "gzip"}

// pageRequest asks for a page in an encoding, "" for none.
func pageRequest(base string, address *url.URL, encoding string) *http.Request {
	r := httptest.NewRequest(http.MethodGet, base+address.RequestURI(), nil)
	if encoding != "" {
		r.Header.Set("Accept-Encoding", encoding)
	}
	return r
}

// BenchmarkGadgetPage is the gadget's page through the whole router, its data
// in the cache. The floor is a bare Gin route that writes the same bytes.
func BenchmarkGadgetPage(b *testing.B) {
	r, address := benchPage(b)
	for suffix, encoding := range encodings {
		page := httptest.NewRecorder()
		r.Handler.ServeHTTP(page, pageRequest("", address, encoding))
		if page.Code != http.StatusOK || page.Header().Get("Content-Encoding") != encoding {
			b.Fatalf("status %d, encoding %q\n%s", page.Code, page.Header().Get("Content-Encoding"), page.Body)
		}
		run := func(h http.Handler) func(*testing.B) {
			return func(b *testing.B) {
				b.ReportAllocs()
				size := 0
				for b.Loop() {
					w := httptest.NewRecorder()
					h.ServeHTTP(w, pageRequest("", address, encoding))
					if w.Code != http.StatusOK {
						b.Fatalf("status %d", w.Code)
					}
					size = w.Body.Len()
				}
				b.ReportMetric(float64(size), "page-bytes")
			}
		}
		b.Run("page"+suffix, run(r.Handler))
		b.Run("floor"+suffix, run(bareGin(page.Body.Bytes())))
		if encoding == "gzip" {
			b.Run("standard-gzip", run(zippedWhole(r.Handler)))
		}
	}
}

// zippedWhole compresses each of a handler's pages as a whole, with pooled
// writers of compress/gzip, to compare with pages compressed in pieces.
func zippedWhole(h http.Handler) http.Handler {
	pool := sync.Pool{New: func() any {
		w, _ := gzip.NewWriterLevel(io.Discard, gzip.BestSpeed)
		return w
	}}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		r.Header.Del("Accept-Encoding")
		var page bytes.Buffer
		zip := pool.Get().(*gzip.Writer)
		defer pool.Put(zip)
		zip.Reset(&page)
		h.ServeHTTP(&zippedWriter{w, zip}, r)
		_ = zip.Close()
		w.Header().Set("Content-Encoding", "gzip")
		w.Header().Set("Content-Length", strconv.Itoa(page.Len()))
		_, _ = w.Write(page.Bytes())
	})
}

// zippedWriter writes through a compressor.
type zippedWriter struct {
	http.ResponseWriter
	zip io.Writer
}

// Write implements io.Writer.
func (w *zippedWriter) Write(p []byte) (int, error) { return w.zip.Write(p) }

// BenchmarkGadgetPageLoopback is the same over loopback with keep-alive and
// eight clients at once.
func BenchmarkGadgetPageLoopback(b *testing.B) {
	r, address := benchPage(b)
	for suffix, encoding := range encodings {
		page := httptest.NewRecorder()
		r.Handler.ServeHTTP(page, pageRequest("", address, encoding))
		run := func(base string) func(*testing.B) {
			return func(b *testing.B) {
				b.ReportAllocs()
				b.SetParallelism(4)
				c := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 64, DisableCompression: true}}
				b.RunParallel(func(pb *testing.PB) {
					for pb.Next() {
						readAs(b, c, base+address.RequestURI(), encoding)
					}
				})
			}
		}
		b.Run("page"+suffix, run(r.URL))
		if encoding == "gzip" {
			standard := httptest.NewServer(zippedWhole(r.Handler))
			defer standard.Close()
			b.Run("standard-gzip", run(standard.URL))
		}
		bare := httptest.NewServer(bareGin(page.Body.Bytes()))
		defer bare.Close()
		b.Run("floor"+suffix, run(bare.URL))
	}
}

func read(b *testing.B, c *http.Client, address string) { readAs(b, c, address, "") }

func readAs(b *testing.B, c *http.Client, address, encoding string) {
	req, err := http.NewRequestWithContext(b.Context(), http.MethodGet, address, nil)
	if err != nil {
		b.Error(err)
		return
	}
	if encoding != "" {
		req.Header.Set("Accept-Encoding", encoding)
	}
	resp, err := c.Do(req)
	if err != nil {
		b.Error(err)
		return
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		b.Errorf("status %d", resp.StatusCode)
	}
	buf := make([]byte, 32<<10)
	for {
		if _, err := resp.Body.Read(buf); err != nil {
			return
		}
	}
}

func bareGin(body []byte) http.Handler {
	engine := gin.New()
	engine.GET("/gadget/workload", func(c *gin.Context) { c.Data(http.StatusOK, "text/html; charset=utf-8", body) })
	return engine
}

// BenchmarkStart is from nothing to ready on an empty database. The floor is
// a bare Gin server on a listener.
func BenchmarkStart(b *testing.B) {
	b.Run("program", func(b *testing.B) {
		for b.Loop() {
			flags := onsite.Flags("http://127.0.0.1:8080", "http://127.0.0.1:2990", "sqlite://"+filepath.Join(b.TempDir(), "sightline.db"))
			flags.LogFormat, flags.LogLevel = "text", "error"
			set, err := flags.Parse(&harness.LogBuffer{})
			if err != nil {
				b.Fatal(err)
			}
			program, err := app.New(b.Context(), set)
			if err != nil {
				b.Fatal(err)
			}
			untilReady(b, program.Server())
			if err := program.Close(); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("floor", func(b *testing.B) {
		for b.Loop() {
			engine := gin.New()
			engine.GET("/readyz", func(c *gin.Context) { c.Status(http.StatusOK) })
			untilReady(b, engine)
		}
	})
}

func untilReady(b *testing.B, h http.Handler) {
	b.Helper()
	var config net.ListenConfig
	listener, err := config.Listen(context.Background(), "tcp", "127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	server := &http.Server{Handler: h}
	go func() { _ = server.Serve(listener) }()
	read(b, harness.Client(), "http://"+listener.Addr().String()+"/readyz")
	_ = server.Close()
}
