package traces

import (
	"compress/gzip"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"syscall"
	"testing"

	collector "go.opentelemetry.io/proto/otlp/collector/trace/v1"
	"google.golang.org/protobuf/proto"

	"github.com/sightline-go/sightline/connect/connecttest"
	"github.com/sightline-go/sightline/e2e/harness"
)

// received are the names of the spans that a collector was sent, after the service's.
type received struct {
	mu    sync.Mutex
	names map[string]bool
}

// ServeHTTP is a collector's: OTLP over HTTP.
func (c *received) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(unzipped(r))
	var sent collector.ExportTraceServiceRequest
	if err == nil {
		err = proto.Unmarshal(body, &sent)
	}
	if err != nil || r.URL.Path != "/v1/traces" || r.Header.Get("Api-Key") != "of-the-collector" {
		http.Error(w, "no", http.StatusBadRequest)
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, of := range sent.GetResourceSpans() {
		service := ""
		for _, a := range of.GetResource().GetAttributes() {
			if a.GetKey() == "service.name" {
				service = a.GetValue().GetStringValue()
			}
		}
		for _, scope := range of.GetScopeSpans() {
			for _, span := range scope.GetSpans() {
				c.names[service+": "+span.GetName()] = true
			}
		}
	}
	w.Header().Set("Content-Type", "application/x-protobuf")
}

func unzipped(r *http.Request) io.Reader {
	if r.Header.Get("Content-Encoding") != "gzip" {
		return r.Body
	}
	from, err := gzip.NewReader(r.Body)
	if err != nil {
		return strings.NewReader("")
	}
	return from
}

func (c *received) has(name string) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.names[name]
}

// started runs the command with variables, has it answer once and ends it.
func started(t *testing.T, variables ...string) (logs string) {
	t.Helper()
	p := harness.NewProcess(t, connecttest.NewSite(t), "sqlite://"+t.TempDir()+"/traces.db")
	p.Extra = variables
	p.Run(t, command.Path(t))
	harness.Ask(t, harness.NewRequest(t, http.MethodGet, p.URL+"/atlassian-connect.json", nil))
	p.Signal(t, syscall.SIGTERM)
	if err := p.Wait(); err != nil {
		t.Errorf("the program ended with %v\n%s", err, p.Logs)
	}
	return p.Logs.String()
}

// TestCollector: the standard variables decide whether anything is sent, where to, and
// in whose name.
func TestCollector(t *testing.T) {
	t.Parallel()
	c := &received{names: map[string]bool{}}
	server := httptest.NewServer(c)
	t.Cleanup(server.Close)
	const name = "GET /atlassian-connect.json"
	where := "OTEL_EXPORTER_OTLP_ENDPOINT=" + server.URL
	key := "OTEL_EXPORTER_OTLP_HEADERS=api-key=of-the-collector"
	logs := started(t, where, key, "OTEL_EXPORTER_OTLP_COMPRESSION=gzip")
	if !c.has("sightline: " + name) {
		t.Errorf("the collector has %v\n%s", c.names, logs)
	}
	if !strings.Contains(logs, `"trace_id":"`) || strings.Contains(logs, "of-the-collector") {
		t.Errorf("no trace in the log, or a key:\n%s", logs)
	}
	started(t, where, key, "OTEL_SERVICE_NAME=of-a-team")
	if !c.has("of-a-team: " + name) {
		t.Errorf("the collector has %v", c.names)
	}
	for _, off := range [][]string{
		{where, key, "OTEL_SERVICE_NAME=off", "OTEL_SDK_DISABLED=true"},
		{where, key, "OTEL_SERVICE_NAME=off", "OTEL_TRACES_EXPORTER=none"},
		{key, "OTEL_SERVICE_NAME=off"},
	} {
		if logs := started(t, off...); c.has("off: "+name) || strings.Contains(logs, "trace_id") {
			t.Errorf("%v: traced\n%s", off, logs)
		}
	}
}

// TestNoCollector: where nobody answers, or somebody who refuses, the program works as
// without traces, says so once, and ends in time.
func TestNoCollector(t *testing.T) {
	t.Parallel()
	refusing := httptest.NewServer(http.NotFoundHandler())
	t.Cleanup(refusing.Close)
	gone := httptest.NewServer(http.NotFoundHandler())
	gone.Close()
	silent := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body) // only then is it noticed that the caller has gone
		<-r.Context().Done()
	}))
	t.Cleanup(silent.Close)
	for name, address := range map[string]string{"refusing": refusing.URL, "gone": gone.URL, "silent": silent.URL} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			logs := started(t, "OTEL_EXPORTER_OTLP_ENDPOINT="+address, "OTEL_BSP_SCHEDULE_DELAY=50", "OTEL_BSP_EXPORT_TIMEOUT=300")
			if n := strings.Count(logs, `"msg":"send traces"`); n != 1 {
				t.Errorf("said %d times:\n%s", n, logs)
			}
			for line := range strings.Lines(logs) {
				if !strings.HasPrefix(line, "{") {
					t.Errorf("not the log's form: %s", line)
				}
			}
		})
	}
}
