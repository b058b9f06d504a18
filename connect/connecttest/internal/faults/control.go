package faults

import (
	"net/http"

	"github.com/sightline-go/sightline/connect/connecttest/internal/reply"
)

// Controls are the site's own calls on faults.
func (f *List) Controls(mux *http.ServeMux) {
	mux.HandleFunc("POST /-/faults", f.serveAddFault)
	mux.HandleFunc("DELETE /-/faults", f.serveClearFaults)
}

func (f *List) serveAddFault(w http.ResponseWriter, r *http.Request) {
	var fault Fault
	if err := reply.Decode(w, r, &fault); err != nil {
		reply.Problem(w, http.StatusBadRequest, err.Error())
		return
	}
	if err := f.Add(fault); err != nil {
		reply.Problem(w, http.StatusUnprocessableEntity, err.Error())
		return
	}
	reply.JSON(w, http.StatusCreated, fault)
}

func (f *List) serveClearFaults(w http.ResponseWriter, _ *http.Request) {
	f.Clear()
	w.WriteHeader(http.StatusNoContent)
}
