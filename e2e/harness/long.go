package harness

import (
	"os"
	"testing"
)

// Long skips a test that takes more than five seconds on a quiet machine,
// unless SIGHTLINE_TEST_ALL=1 asks for all tests.
func Long(t testing.TB) {
	t.Helper()
	if os.Getenv("SIGHTLINE_TEST_ALL") != "1" {
		t.Skip("takes more than five seconds; SIGHTLINE_TEST_ALL=1 runs it")
	}
}
