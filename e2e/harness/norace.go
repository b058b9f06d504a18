//go:build !race

package harness

// RaceDetector says that the tests run under the race detector.
const RaceDetector = false
