package rest_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/sightline-go/sightline/connect/rest"
)

func TestCheckLimit(t *testing.T) {
	t.Parallel()
	cases := []struct {
		got int
		bad bool
	}{{0, false}, {1, false}, {255, false}, {256, true}, {-1, true}}
	for _, tc := range cases {
		err := rest.CheckLimit("property key characters", 255, tc.got)
		if errors.Is(err, rest.ErrLimit) != tc.bad || (err != nil) != tc.bad {
			t.Errorf("%d: got %v, want ErrLimit: %v", tc.got, err, tc.bad)
		}
		if !tc.bad {
			continue
		}
		var limit *rest.LimitError
		if !errors.As(fmt.Errorf("set: %w", err), &limit) || *limit != (rest.LimitError{Name: "property key characters", Limit: 255, Got: tc.got}) {
			t.Errorf("%d: got %+v", tc.got, limit)
		}
		if text := err.Error(); !strings.Contains(text, "property key characters") || !strings.Contains(text, "255") {
			t.Errorf("%d: got %q, want the limit's name and size", tc.got, text)
		}
	}
}
