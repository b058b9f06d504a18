package harness

import (
	"os"
	"testing"
)

// Long skips a test that takes more than five seconds on a quiet machine,
// unless SIGHTLINE_TEST_ALL=1 asks for all tests.
func Long(t testing.TB) {
	t.Helper()
	if !AllTests() {
		t.Skip("takes more than five seconds; SIGHTLINE_TEST_ALL=1 runs it")
	}
}

// Minutes skips a test that takes minutes, unless SIGHTLINE_TEST_SCALE=1 asks for it,
// as make scale does.
func Minutes(t testing.TB) {
	t.Helper()
	if os.Getenv("SIGHTLINE_TEST_SCALE") != "1" {
		t.Skip("takes minutes; make scale runs it")
	}
}

// AllTests reports whether tests may take long.
func AllTests() bool { return os.Getenv("SIGHTLINE_TEST_ALL") == "1" }
