package tracing

import (
	"errors"
	"fmt"
	"net/url"
	"strings"
)

// Environment looks up an environment variable, as os.LookupEnv does.
type Environment = func(name string) (value string, ok bool)

// The variables that say where traces go. The library reads the rest: of the exporter
// (headers, certificates, time, compression), the sampler, the batches and the
// resource.
const (
	disabledVariable = "OTEL_SDK_DISABLED"
	exporterVariable = "OTEL_TRACES_EXPORTER"
	endpointVariable = "OTEL_EXPORTER_OTLP_ENDPOINT"
	tracesVariable   = "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"
	protocolVariable = "OTEL_EXPORTER_OTLP_PROTOCOL"
	tracesProtocol   = "OTEL_EXPORTER_OTLP_TRACES_PROTOCOL"
)

// Variable is one that is set.
type Variable struct {
	Name, Value string
	// Err is what is wrong with it.
	Err error
}

// Set are the variables that are set, of those that [Wanted] looks at.
func Set(env Environment) (list []Variable) {
	_, wrong := Wanted(env)
	for _, name := range []string{disabledVariable, exporterVariable, endpointVariable, tracesVariable, protocolVariable, tracesProtocol} {
		if env == nil {
			break
		}
		v := Variable{Name: name}
		if v.Value, _ = env(name); v.Value == "" {
			continue
		}
		for _, w := range wrong {
			if w.Variable == name {
				v.Err = w.Err
			}
		}
		list = append(list, v)
	}
	return list
}

// Wrong is what is wrong with a variable.
type Wrong struct {
	Variable string
	Err      error
}

// Error names the variable.
func (w Wrong) Error() string { return w.Variable + ": " + w.Err.Error() }

// Unwrap returns Err.
func (w Wrong) Unwrap() error { return w.Err }

// Wanted reports whether the environment wants traces: it names an endpoint or the
// exporter otlp, and does not switch them off. An empty variable is not set. A nil
// environment wants none. wrong is nil if it does not.
func Wanted(env Environment) (wanted bool, wrong []Wrong) {
	if env == nil {
		return false, nil
	}
	get := func(name string) string {
		value, _ := env(name)
		return strings.TrimSpace(value)
	}
	exporter := get(exporterVariable)
	asked := exporter == "otlp" || get(endpointVariable) != "" || get(tracesVariable) != ""
	if strings.EqualFold(get(disabledVariable), "true") || exporter == "none" || exporter == "" && !asked {
		return false, nil
	}
	note := func(name string, err error) {
		if err != nil {
			wrong = append(wrong, Wrong{name, err})
		}
	}
	if exporter != "" && exporter != "otlp" {
		note(exporterVariable, errors.New("is neither otlp nor none"))
	}
	for _, name := range []string{endpointVariable, tracesVariable} {
		note(name, checkEndpoint(get(name)))
	}
	for _, name := range []string{protocolVariable, tracesProtocol} {
		if p := get(name); p != "" && p != "http/protobuf" {
			note(name, fmt.Errorf("is not http/protobuf, which is all that is spoken: send to the collector's port for it, usually 4318"))
		}
	}
	return true, wrong
}

// Endpoint is where an environment that wants traces has them sent.
func Endpoint(env Environment) string {
	if traces, _ := env(tracesVariable); strings.TrimSpace(traces) != "" {
		return strings.TrimSpace(traces)
	}
	if base, _ := env(endpointVariable); strings.TrimSpace(base) != "" {
		return strings.TrimSuffix(strings.TrimSpace(base), "/") + "/v1/traces"
	}
	return "http://localhost:4318/v1/traces"
}

// checkEndpoint quotes nothing: an address may hold a password.
func checkEndpoint(text string) error {
	if text == "" {
		return nil
	}
	if u, err := url.Parse(text); err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return errors.New("is no address such as http://collector:4318")
	}
	return nil
}
