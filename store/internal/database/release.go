package database

import (
	"cmp"
	"fmt"
	"regexp"
	"strconv"
)

// release is the version of a program: three numbers, and whether it is a
// development build, which has a suffix (0.2.0-dev).
type release struct {
	numbers [3]int
	dev     bool
}

var releaseForm = regexp.MustCompile(`^(0|[1-9][0-9]{0,5})\.(0|[1-9][0-9]{0,5})\.(0|[1-9][0-9]{0,5})(-[0-9A-Za-z.-]+)?$`)

// parseRelease reads MAJOR.MINOR.PATCH, with or without a suffix.
func parseRelease(text string) (release, error) {
	parts := releaseForm.FindStringSubmatch(text)
	if parts == nil {
		return release{}, fmt.Errorf("version %q is not MAJOR.MINOR.PATCH", text)
	}
	r := release{dev: parts[4] != ""}
	for i := range r.numbers {
		number, err := strconv.Atoi(parts[i+1])
		if err != nil {
			return release{}, fmt.Errorf("version %q: %w", text, err)
		}
		r.numbers[i] = number
	}
	return r, nil
}

// before compares the numbers only.
func (r release) before(other release) bool {
	return cmp.Or(cmp.Compare(r.numbers[0], other.numbers[0]),
		cmp.Compare(r.numbers[1], other.numbers[1]), cmp.Compare(r.numbers[2], other.numbers[2])) < 0
}

// latest returns the later of the two.
func (r release) latest(other release) release {
	if r.before(other) {
		return other
	}
	return r
}

// String returns the numbers.
func (r release) String() string {
	return fmt.Sprintf("%d.%d.%d", r.numbers[0], r.numbers[1], r.numbers[2])
}
