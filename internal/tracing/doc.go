// Package tracing sends OpenTelemetry traces, if the standard environment variables
// say where to: https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/
//
// A trace begins here. What callers send as traceparent is not looked at, because
// anybody can call; and nobody who is called is sent one. Attributes are methods,
// routes and templates of paths, hosts, statuses, codes, tenants, and statements with
// placeholders: never an address, a token, a person or a text of an error.
//
// It knows nothing else of the project.
package tracing
