package edge

import (
	"testing"

	"github.com/sightline-go/sightline/internal/lang"
)

// TestEveryProblemIsAnswered: each problem has a status, and each status and
// heading words in every language.
func TestEveryProblemIsAnswered(t *testing.T) {
	t.Parallel()
	all := kinds()
	for _, l := range lang.New().All() {
		for code := range l.Problems.Texts {
			if _, ok := all[code]; !ok {
				t.Errorf("%s: %s has words and no status", l.Tag, code)
			}
		}
		for code, k := range all {
			if l.Problem(code) == "" || l.Heading(k.heading) == "" || k.status < 400 {
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
