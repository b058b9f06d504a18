package rest_test

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/sightline-go/sightline/connect/rest"
)

func TestEach(t *testing.T) {
	t.Parallel()
	boom := errors.New("boom")
	pages := func(at int) ([]string, int, bool, error) {
		switch at {
		case 0:
			return []string{"a", "b"}, 2, true, nil
		case 2:
			return nil, 3, true, nil
		case 3:
			return []string{"c"}, 4, false, nil
		}
		return []string{"never"}, 0, true, boom
	}
	cases := []struct {
		name  string
		from  int
		limit int
		want  []string
		bad   error
	}{
		{"all, over an empty page", 0, 9, []string{"a", "b", "c"}, nil},
		{"from the middle", 3, 9, []string{"c"}, nil},
		{"stopped early", 0, 1, []string{"a"}, nil},
		{"error", 9, 9, nil, boom},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			var got []string
			var failed error
			for item, err := range rest.Each(tc.from, pages) {
				if failed = err; err != nil {
					break
				}
				if got = append(got, item); len(got) == tc.limit {
					break
				}
			}
			checkErr(t, failed, tc.bad)
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}
