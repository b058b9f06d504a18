package faults

import (
	"encoding/json"
	"errors"
	"net/http"

	"github.com/sightline-go/sightline/connect/connecttest/internal/control"
	"github.com/sightline-go/sightline/connect/connecttest/internal/reply"
)

// Controls are the site's own calls on faults.
func (f *List) Controls() []control.Call {
	return []control.Call{
		control.On("GET /-/faults", "the failures that go on, in the order in which they win, with how many calls each has left", f.serveFaults),
		control.On("POST /-/faults", "a failure on demand", f.serveAddFault).WithBody(control.Fields[request]()...),
		control.On("DELETE /-/faults", "ends all failures on demand", f.serveClearFaults),
	}
}

func (f *List) serveFaults(w http.ResponseWriter, _ *http.Request) {
	reply.JSON(w, http.StatusOK, map[string]any{"faults": f.All()})
}

func (f *List) serveAddFault(w http.ResponseWriter, r *http.Request) {
	var in request
	err := reply.Decode(w, r, &in)
	if err == nil {
		err = in.readRetry()
	}
	if err != nil {
		reply.Problem(w, http.StatusBadRequest, err.Error())
		return
	}
	fault := in.Fault
	if err := f.Add(fault); err != nil {
		reply.Problem(w, http.StatusUnprocessableEntity, err.Error())
		return
	}
	reply.JSON(w, http.StatusCreated, fault)
}

// request is a fault whose retryAfter may also be a text: a date, or
// something that no server should send.
type request struct {
	Fault
	RetryAfter json.RawMessage `json:"retryAfter"`
}

// readRetry puts a number into the fault's field and a text into its header.
func (r *request) readRetry() error {
	if len(r.RetryAfter) == 0 {
		return nil
	}
	var text string
	if json.Unmarshal(r.RetryAfter, &text) != nil {
		if err := json.Unmarshal(r.RetryAfter, &r.Fault.RetryAfter); err != nil {
			return errors.New("read body: retryAfter must be a number of seconds or a text")
		}
		return nil
	}
	if r.Headers == nil {
		r.Headers = map[string]string{}
	}
	r.Headers["Retry-After"] = text
	return nil
}

func (f *List) serveClearFaults(w http.ResponseWriter, _ *http.Request) {
	f.Clear()
	w.WriteHeader(http.StatusNoContent)
}
