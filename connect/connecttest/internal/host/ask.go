package host

import (
	"fmt"
	"net/http"

	"github.com/sightline-go/sightline/connect/connecttest/internal/jirarest"
	"github.com/sightline-go/sightline/connect/connecttest/internal/reply"
)

// ask reads from the site's own REST API.
func (s *Server) ask(path string, as jirarest.Principal) ([]byte, error) {
	r, err := http.NewRequestWithContext(s.Life, http.MethodGet, path, nil)
	if err != nil {
		return nil, fmt.Errorf("ask %s: %w", path, err)
	}
	out := reply.NewMemory()
	s.Jira.Serve(out, r, as)
	if out.Status != http.StatusOK {
		return nil, fmt.Errorf("ask %s: answered %d", path, out.Status)
	}
	return out.Body.Bytes(), nil
}
