package confluence_test

import (
	"context"
	"encoding/json"
	"errors"
	"io/fs"
	"net/http"
	"os"
	"strconv"
	"strings"
	"testing"

	"github.com/sightline-go/sightline/connect/confluence"
	"github.com/sightline-go/sightline/connect/internal/clienttest"
	"github.com/sightline-go/sightline/connect/rest"
)

const specification = "../../../shared/openapi/confluence-cloud-v1.trim.json"

// readSpecification returns the statuses of Atlassian's operations.
func readSpecification(t *testing.T) map[string][]int {
	t.Helper()
	data, err := os.ReadFile(specification)
	if errors.Is(err, fs.ErrNotExist) {
		t.Skip("the official specification is not beside the project")
	}
	if err != nil {
		t.Fatal(err)
	}
	var spec struct {
		Paths map[string]map[string]struct {
			Responses map[string]json.RawMessage `json:"responses"`
		} `json:"paths"`
	}
	if err := json.Unmarshal(data, &spec); err != nil {
		t.Fatal(err)
	}
	operations := map[string][]int{}
	for path, item := range spec.Paths {
		for method, operation := range item {
			name := strings.ToUpper(method) + " " + path
			for text := range operation.Responses {
				status, err := strconv.Atoi(text)
				if err != nil {
					t.Fatal(err)
				}
				operations[name] = append(operations[name], status)
			}
		}
	}
	return operations
}

// sentinel is the error that a status arrives as; nil for a success.
func sentinel(status int) error {
	return map[int]error{
		400: rest.ErrBadRequest, 401: rest.ErrUnauthorized, 403: rest.ErrForbidden,
		404: rest.ErrNotFound, 409: rest.ErrConflict, 429: rest.ErrRateLimited, 501: rest.ErrServer,
	}[status]
}

// TestOfficialOperations answers every call with each status that is
// documented for it.
func TestOfficialOperations(t *testing.T) {
	t.Parallel()
	operations := readSpecification(t)
	for _, tc := range allCalls() {
		statuses := operations[tc.operation]
		delete(operations, tc.operation)
		if len(statuses) == 0 {
			t.Errorf("%s: %s is not in the specification, or twice in the table", tc.name, tc.operation)
		}
		for _, status := range append(statuses, http.StatusTooManyRequests) {
			t.Run(tc.name+" "+strconv.Itoa(status), func(t *testing.T) {
				t.Parallel()
				checkStatus(t, tc.call, status, tc.answer, max(tc.status, 200))
			})
		}
	}
	for name := range operations {
		t.Errorf("%s: no method for it", name)
	}
}

func checkStatus(t *testing.T, call func(context.Context, *confluence.Client) (any, error), status int, answer string, success int) {
	t.Helper()
	if status/100 != 2 {
		answer = `{"statusCode":` + strconv.Itoa(status) + `,"message":"so it is"}`
	} else if status != success {
		t.Errorf("the specification has status %d, the table %d", status, success)
	}
	c := newClient(t, func(w http.ResponseWriter, _ *http.Request) { clienttest.Answer(w, status, answer) })
	_, err := call(t.Context(), c)
	if want := sentinel(status); !errors.Is(err, want) {
		t.Errorf("got %v, want %v", err, want)
	}
	var failed *rest.Error
	if errors.As(err, &failed) && (failed.Status != status || len(failed.Messages) != 1) {
		t.Errorf("got status %d, %v", failed.Status, failed.Messages)
	}
}
