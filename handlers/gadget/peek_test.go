package gadget

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/sightline-go/sightline/internal/lang"
	"github.com/sightline-go/sightline/internal/source"
	"github.com/sightline-go/sightline/web"
)

// TestGroups: groups keep the order of the list, count all their issues, and list at
// most so many together.
func TestGroups(t *testing.T) {
	t.Parallel()
	found := []source.Listed{
		{Key: "B-2", Status: "To Do", Category: "new"},
		{Key: "A-1", Status: "Doing", Category: "indeterminate"},
		{Key: "B-1", Status: "Review", Category: "indeterminate"},
		{Key: "A-2", Status: "To Do", Category: "new"},
		{Key: "C-1", Status: "Odd", Category: "undefined"},
	}
	ways := map[string]grouping{}
	for _, g := range groupings(lang.New().English()) {
		ways[g.key] = g
	}
	for _, tt := range []struct {
		by   string
		most int
		want []string
	}{
		{"status", 10, []string{"Doing 1 [A-1]", "Review 1 [B-1]", "To Do 2 [B-2 A-2]", "Odd 1 [C-1]"}},
		{"status", 3, []string{"Doing 1 [A-1]", "Review 1 [B-1]", "To Do 2 [B-2]"}},
		{"project", 10, []string{"A 2 [A-1 A-2]", "B 2 [B-2 B-1]", "C 1 [C-1]"}},
		{"project", 3, []string{"A 2 [A-1 A-2]", "B 2 [B-2]"}},
		{"none", 2, []string{" 5 [B-2 A-1]"}},
	} {
		var got []string
		for _, g := range (peek{by: ways[tt.by]}).groups(found, tt.most, func(i source.Listed) web.ListedIssue { return web.ListedIssue{Key: i.Key} }) {
			var keys []string
			for _, i := range g.Issues {
				keys = append(keys, i.Key)
			}
			got = append(got, fmt.Sprint(g.Name, " ", g.Count, " ", keys))
		}
		if diff := cmp.Diff(tt.want, got); diff != "" {
			t.Errorf("by %s, at most %d (-want +got)\n%s", tt.by, tt.most, diff)
		}
	}
}
