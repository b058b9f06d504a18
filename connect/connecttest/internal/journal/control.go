package journal

import (
	"net/http"
	"strconv"

	"github.com/sightline-go/sightline/connect/connecttest/internal/control"
	"github.com/sightline-go/sightline/connect/connecttest/internal/reply"
)

// Controls are the site's own calls on the log. ended is closed when the site
// closes.
func (j *Journal) Controls(ended <-chan struct{}) []control.Call {
	return []control.Call{
		control.On("GET /-/requests", "calls that the site has answered or made, after the one of a number", j.serveRequests).WithQuery("since"),
		control.On("GET /-/events", "what happens, as a stream of events", func(w http.ResponseWriter, r *http.Request) {
			j.serveEvents(w, r, ended)
		}),
	}
}

func (j *Journal) serveRequests(w http.ResponseWriter, r *http.Request) {
	since := 0
	if text := r.URL.Query().Get("since"); text != "" {
		var err error
		if since, err = strconv.Atoi(text); err != nil {
			reply.Problem(w, http.StatusUnprocessableEntity, "since: must be a number")
			return
		}
	}
	list, next := j.log.since(since)
	reply.JSON(w, http.StatusOK, struct {
		Next     int       `json:"next"`
		Requests []Request `json:"requests"`
	}{next, list})
}
