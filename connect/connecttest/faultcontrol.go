package connecttest

import (
	"net/http"
)

// controls are the site's own calls on faults.
func (f *faults) controls(mux *http.ServeMux) {
	mux.HandleFunc("POST /-/faults", f.serveAddFault)
	mux.HandleFunc("DELETE /-/faults", f.serveClearFaults)
}

func (f *faults) serveAddFault(w http.ResponseWriter, r *http.Request) {
	var fault Fault
	if err := decode(w, r, &fault); err != nil {
		problem(w, http.StatusBadRequest, err.Error())
		return
	}
	if err := f.add(fault); err != nil {
		problem(w, http.StatusUnprocessableEntity, err.Error())
		return
	}
	writeJSON(w, http.StatusCreated, fault)
}

func (f *faults) serveClearFaults(w http.ResponseWriter, _ *http.Request) {
	f.clear()
	w.WriteHeader(http.StatusNoContent)
}
