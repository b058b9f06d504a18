package connecttest

import (
	"net/http"
	"strconv"
)

// controls are the site's own calls on the log. ended is closed when the site
// closes.
func (j *journal) controls(mux *http.ServeMux, ended <-chan struct{}) {
	mux.HandleFunc("GET /-/requests", j.serveRequests)
	mux.HandleFunc("GET /-/events", func(w http.ResponseWriter, r *http.Request) { j.serveEvents(w, r, ended) })
}

func (j *journal) serveRequests(w http.ResponseWriter, r *http.Request) {
	since := 0
	if text := r.URL.Query().Get("since"); text != "" {
		var err error
		if since, err = strconv.Atoi(text); err != nil {
			problem(w, http.StatusUnprocessableEntity, "since: must be a number")
			return
		}
	}
	list, next := j.log.since(since)
	writeJSON(w, http.StatusOK, struct {
		Next     int       `json:"next"`
		Requests []Request `json:"requests"`
	}{next, list})
}
