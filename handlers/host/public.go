package host

import (
	"net/http"

	"github.com/sightline-go/sightline/handlers/edge"
	"github.com/sightline-go/sightline/internal/lang"
)

// health says that the process is up.
func (h *Host) health(r *edge.Request) error {
	r.String(http.StatusOK, "ok\n")
	return nil
}

// ready says that the database is reachable and migrated.
func (h *Host) ready(r *edge.Request) error {
	if err := h.Store.Ready(r.Request.Context()); err != nil {
		return edge.Because(lang.ProblemNotReady, err)
	}
	r.String(http.StatusOK, "ok\n")
	return nil
}

func (h *Host) descriptor(r *edge.Request) error {
	r.Data(http.StatusOK, edge.JSONType, h.App.Rendered)
	return nil
}

// staticFile serves the embedded files; their address holds their hash.
func (h *Host) staticFile(r *edge.Request) error {
	file := r.Request.Clone(r.Request.Context())
	file.URL.Path = "/static" + r.Param("file")
	file.URL.RawPath = ""
	h.Static.ServeHTTP(r.Writer, file)
	return nil
}
