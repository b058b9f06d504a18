package faults

import (
	"testing"
)

func TestGlob(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		pattern, path string
		want          bool
	}{
		{"/a", "/a", true},
		{"/a", "/a/b", false},
		{"/a*", "/a/b", true},
		{"*", "/", true},
		{"/rest/*/issue/*", "/rest/api/3/issue/X-1", true},
		{"/rest/*/issue", "/rest/api/3/issue/X-1", false},
		{"*/issue", "/rest/issue", true},
		{"/a*a", "/a", false},
		{"/a**b", "/ab", true},
		{"/x*y*z", "/xzy", false},
	} {
		if got := glob(test.pattern, test.path); got != test.want {
			t.Errorf("glob(%s, %s): got %t", test.pattern, test.path, got)
		}
	}
}
