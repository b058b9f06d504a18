package connecttest

import (
	"net/http"

	"github.com/sightline-go/sightline/connect/connecttest/internal/points"
	"github.com/sightline-go/sightline/connect/connecttest/internal/reply"
)

type (
	// Quota is what Jira counts of apps' calls, and where it ends: see Options.Quota.
	// Its fields are set before the first call; the zero value is 65,000 points an
	// hour over all sites that have it, and Jira's own limits of bursts.
	Quota = points.Quota
	// QuotaReport is what the current hour has cost: see Quota.Report.
	QuotaReport = points.Report
)

// metered answers a call with next, unless a limit is reached.
func (s *Site) metered(w http.ResponseWriter, r *http.Request, app string, next http.HandlerFunc) {
	if s.quota == nil {
		next(w, r)
		return
	}
	s.quota.Serve(w, r, points.Call{App: app, Site: s.cloudID, Operation: s.operation(r)}, next)
}

func (s *Site) serveQuota(w http.ResponseWriter, _ *http.Request) {
	if s.quota == nil {
		reply.Problem(w, http.StatusNotFound, "the site counts no points: start it with --quota")
		return
	}
	reply.JSON(w, http.StatusOK, s.quota.Report())
}
