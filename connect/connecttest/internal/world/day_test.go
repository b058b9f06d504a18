package world_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/sightline-go/sightline/connect/connecttest/internal/world"
)

func TestDaysOfAnyYear(t *testing.T) {
	t.Parallel()
	days := []string{"-0100-01-01", "-0004-12-31", "0000-02-29", "2026-03-10", "2026-03-11", "9999-12-31", "20226-11-05"}
	for _, day := range days {
		if !world.IsDay(day) {
			t.Errorf("%s is not taken as a day", day)
		}
	}
	sorted := slices.SortedFunc(slices.Values(days), func(a, b string) int { return strings.Compare(world.SortableDay(a), world.SortableDay(b)) })
	if !slices.Equal(sorted, days) {
		t.Errorf("sorted as %v", sorted)
	}
	for _, text := range []string{"", "soon", "2026-02-30", "20226-13-01", "1234567-01-01", "2026-3-1"} {
		if world.IsDay(text) || world.SortableDay(text) != text {
			t.Errorf("%q is taken as the day %q", text, world.SortableDay(text))
		}
	}
}
