package forge_test

import (
	"regexp"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestReadmeNamesEveryScope compares the README's table with the manifest, reasons
// included.
func TestReadmeNamesEveryScope(t *testing.T) {
	t.Parallel()
	written := regexp.MustCompile("(?m)^\\| `([a-z:-]+)` \\| (.+) \\|$").FindAllStringSubmatch(readFile(t, "README.md"), -1)
	asked := regexp.MustCompile(`(?m)^    - ([a-z-]+:[a-z-]+) # (.+)$`).FindAllStringSubmatch(readFile(t, "testdata", "forge.yml"), -1)
	if len(asked) == 0 {
		t.Fatal("the manifest has no scopes")
	}
	pairs := func(matches [][]string) (list []string) {
		for _, m := range matches {
			list = append(list, m[1]+": "+m[2])
		}
		return list
	}
	if diff := cmp.Diff(pairs(asked), pairs(written)); diff != "" {
		t.Errorf("README.md (-manifest +README):\n%s", diff)
	}
}
