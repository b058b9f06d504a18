package edge

import (
	"testing"

	"github.com/sightline-go/sightline/internal/lang"
)

// TestEveryProblemIsAnswered: each problem that has words has a status, and its
// heading has words in every language. A test of lang checks that each code has
// words.
func TestEveryProblemIsAnswered(t *testing.T) {
	t.Parallel()
	for _, l := range lang.New().All() {
		for code := range l.Problems.Texts {
			k, known := kindOf(code)
			if !known || l.Heading(k.heading) == "" || l.Problem(code) == "" || k.status < 400 {
				t.Errorf("%s: %s is answered with %d %q %q", l.Tag, code, k.status, l.Heading(k.heading), l.Problem(code))
			}
		}
	}
}

func TestUnknownProblemIsInternal(t *testing.T) {
	t.Parallel()
	if p := (&Problem{Code: "no such"}); p.Status() != 500 {
		t.Errorf("got %d", p.Status())
	}
}
