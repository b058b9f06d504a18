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
	if !AllMinutes() {
		t.Skip("takes minutes; make scale or make states runs it")
	}
}

// AllMinutes reports whether tests may take many minutes, as make scale and make states ask.
func AllMinutes() bool { return os.Getenv("SIGHTLINE_TEST_SCALE") == "1" }

// AllTests reports whether tests may take long.
func AllTests() bool { return os.Getenv("SIGHTLINE_TEST_ALL") == "1" }
