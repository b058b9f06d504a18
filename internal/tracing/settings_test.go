package tracing_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/sightline-go/sightline/internal/tracing"
)

func environment(pairs []string) tracing.Environment {
	set := map[string]string{}
	for _, pair := range pairs {
		name, value, _ := strings.Cut(pair, "=")
		set[name] = value
	}
	return func(name string) (string, bool) {
		value, ok := set[name]
		return value, ok
	}
}

// TestWanted: traces are off unless somebody names an endpoint or the exporter.
func TestWanted(t *testing.T) {
	t.Parallel()
	const (
		all    = "OTEL_EXPORTER_OTLP_ENDPOINT="
		traces = "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT="
	)
	for name, tt := range map[string]struct {
		set   []string
		want  bool
		wrong []string
	}{
		"nothing":                {nil, false, nil},
		"empty":                  {[]string{all, traces, "OTEL_TRACES_EXPORTER="}, false, nil},
		"a header alone":         {[]string{"OTEL_EXPORTER_OTLP_HEADERS=a=b"}, false, nil},
		"an endpoint":            {[]string{all + "http://collector:4318"}, true, nil},
		"the traces' endpoint":   {[]string{traces + "https://collector/v1/traces"}, true, nil},
		"the exporter":           {[]string{"OTEL_TRACES_EXPORTER=otlp"}, true, nil},
		"disabled":               {[]string{all + "http://collector:4318", "OTEL_SDK_DISABLED=TRUE"}, false, nil},
		"disabled by a word":     {[]string{all + "http://collector:4318", "OTEL_SDK_DISABLED=yes"}, true, nil}, // as the standard says
		"no exporter":            {[]string{all + "nonsense", "OTEL_TRACES_EXPORTER=none"}, false, nil},
		"another exporter":       {[]string{"OTEL_TRACES_EXPORTER=zipkin"}, true, []string{"OTEL_TRACES_EXPORTER: is neither otlp nor none"}},
		"no address":             {[]string{all + "collector:4318"}, true, []string{"OTEL_EXPORTER_OTLP_ENDPOINT: is no address such as http://collector:4318"}},
		"an address of no host":  {[]string{traces + "http://"}, true, []string{"OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: is no address such as http://collector:4318"}},
		"a password in nonsense": {[]string{all + "http://u:secret@a b"}, true, []string{"OTEL_EXPORTER_OTLP_ENDPOINT: is no address such as http://collector:4318"}},
		"gRPC": {
			[]string{all + "http://collector:4317", "OTEL_EXPORTER_OTLP_PROTOCOL=grpc"},
			true,
			[]string{"OTEL_EXPORTER_OTLP_PROTOCOL: is not http/protobuf, which is all that is spoken: send to the collector's port for it, usually 4318"},
		},
		"HTTP": {[]string{all + "http://collector:4318", "OTEL_EXPORTER_OTLP_TRACES_PROTOCOL=http/protobuf"}, true, nil},
	} {
		got, wrong := tracing.Wanted(environment(tt.set))
		var said []string
		for _, w := range wrong {
			said = append(said, w.Error())
		}
		if diff := cmp.Diff(tt.wrong, said); got != tt.want || diff != "" {
			t.Errorf("%s: got %v, want %v; (-want +got):\n%s", name, got, tt.want, diff)
		}
	}
	if wanted, wrong := tracing.Wanted(nil); wanted || wrong != nil {
		t.Errorf("without an environment: %v, %v", wanted, wrong)
	}
}

func TestEndpoint(t *testing.T) {
	t.Parallel()
	for want, set := range map[string][]string{
		"http://localhost:4318/v1/traces": {"OTEL_TRACES_EXPORTER=otlp"},
		"http://one:4318/v1/traces":       {"OTEL_EXPORTER_OTLP_ENDPOINT=http://one:4318/"},
		"http://two/in":                   {"OTEL_EXPORTER_OTLP_ENDPOINT=http://one:4318", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT=http://two/in"},
	} {
		if got := tracing.Endpoint(environment(set)); got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
}
