package jiradc_test

import (
	"context"
	"encoding/json"
	"errors"
	"io/fs"
	"maps"
	"net/http"
	"os"
	"strconv"
	"strings"
	"testing"

	"github.com/sightline-go/sightline/connect/internal/clienttest"
	"github.com/sightline-go/sightline/connect/jiradc"
	"github.com/sightline-go/sightline/connect/rest"
)

const specification = "../../../shared/openapi/jira-dc-10.3.trim.json"

type operation struct {
	Experimental bool                       `json:"x-experimental"`
	Responses    map[string]json.RawMessage `json:"responses"`
}

// readSpecification returns Atlassian's operations by method and path.
func readSpecification(t *testing.T) map[string]operation {
	t.Helper()
	data, err := os.ReadFile(specification)
	if errors.Is(err, fs.ErrNotExist) {
		t.Skip("the official specification is not beside the project")
	}
	if err != nil {
		t.Fatal(err)
	}
	var spec struct {
		Paths map[string]map[string]operation `json:"paths"`
	}
	if err := json.Unmarshal(data, &spec); err != nil {
		t.Fatal(err)
	}
	operations := map[string]operation{}
	for path, item := range spec.Paths {
		for method, op := range item {
			operations[strings.ToUpper(method)+" "+path] = op
		}
	}
	return operations
}

// sentinel is the error that a status arrives as; nil for a success.
func sentinel(status int) error {
	return map[int]error{
		400: rest.ErrBadRequest, 401: rest.ErrUnauthorized, 403: rest.ErrForbidden,
		404: rest.ErrNotFound, 409: rest.ErrConflict, 500: rest.ErrServer,
	}[status]
}

// TestOfficialOperations answers every call with each status that is
// documented for it.
func TestOfficialOperations(t *testing.T) {
	t.Parallel()
	operations := readSpecification(t)
	missing := maps.Clone(operations)
	for _, tc := range allCalls() {
		op := operations[tc.operation]
		delete(missing, tc.operation)
		if op.Experimental != (tc.header == experimental) {
			t.Errorf("%s: experimental is %v in the specification", tc.name, op.Experimental)
		}
		if _, ok := op.Responses[strconv.Itoa(max(tc.status, 200))]; !ok {
			t.Errorf("%s: %s with status %d is not in the specification", tc.name, tc.operation, tc.status)
		}
		for text := range op.Responses {
			t.Run(tc.name+" "+text, func(t *testing.T) {
				t.Parallel()
				checkStatus(t, tc.call, text, tc.answer)
			})
		}
	}
	for name := range missing {
		t.Errorf("%s: no method for it", name)
	}
}

func checkStatus(t *testing.T, call func(context.Context, *jiradc.Client) (any, error), text, body string) {
	t.Helper()
	status, err := strconv.Atoi(text)
	if err != nil {
		t.Fatal(err)
	}
	if status/100 != 2 {
		body = `{"errorMessages":["so it is"],"errors":{"name":"bad"}}`
	}
	c := newClient(t, func(w http.ResponseWriter, _ *http.Request) { clienttest.Answer(w, status, body) })
	_, err = call(t.Context(), c)
	if want := sentinel(status); !errors.Is(err, want) {
		t.Errorf("got %v, want %v", err, want)
	}
	var failed *rest.Error
	if errors.As(err, &failed) && (failed.Status != status || len(failed.Messages) != 1 || failed.Fields["name"] != "bad") {
		t.Errorf("got status %d, %v, %v", failed.Status, failed.Messages, failed.Fields)
	}
}
