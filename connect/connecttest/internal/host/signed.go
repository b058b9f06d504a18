package host

import (
	"net/url"
	"sync"

	"github.com/sightline-go/sightline/connect/connecttest/internal/sign"
)

// signedLimit is how many canonical requests are remembered.
const signedLimit = 2000

// signedRequests remembers the canonical requests behind the hashes that the site put
// into its tokens, the newest ones.
type signedRequests struct {
	mu    sync.Mutex
	text  map[string]string // by hash
	order []string
}

// qsh hashes a request to an app and remembers what was hashed.
func (s *Server) qsh(a *app, method string, target *url.URL) string {
	text := sign.Canonical(method, target.EscapedPath(), target.RawQuery, a.basePath(), sign.ByDecodedName)
	sum := sign.Hash(text)
	s.signed.add(sum, text)
	return sum
}

func (s *signedRequests) add(sum, text string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, ok := s.text[sum]; ok {
		return
	}
	if s.text == nil {
		s.text = map[string]string{}
	}
	s.text[sum] = text
	s.order = append(s.order, sum)
	if len(s.order) > signedLimit {
		delete(s.text, s.order[0])
		s.order = s.order[1:]
	}
}

// Signed returns the canonical request behind a hash that the site signed
// recently, so that an app under development can compare it with its own.
func (s *Server) Signed(qsh string) (canonical string, ok bool) {
	s.signed.mu.Lock()
	defer s.signed.mu.Unlock()
	canonical, ok = s.signed.text[qsh]
	return canonical, ok
}
