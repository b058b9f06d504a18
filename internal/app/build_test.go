package app

import (
	"runtime/debug"
	"testing"

	"github.com/sightline-go/sightline"
)

func TestBuild(t *testing.T) {
	t.Parallel()
	const commit = "e36e52d61b2c0a9f3d5e7c81b4a6f2d09e8c7b5a"
	checkout := func(modified string) debug.BuildInfo {
		return debug.BuildInfo{Settings: []debug.BuildSetting{
			{Key: "vcs", Value: "git"},
			{Key: "vcs.revision", Value: commit},
			{Key: "vcs.time", Value: "2026-11-29T11:33:24Z"},
			{Key: "vcs.modified", Value: modified},
		}}
	}
	fetched := func(version string) debug.BuildInfo {
		return debug.BuildInfo{Main: debug.Module{Version: version}}
	}
	tests := map[string]struct {
		info debug.BuildInfo
		want string
	}{
		"a checkout":              {checkout("false"), "(commit " + commit + ", 2026-11-29T11:33:24Z)"},
		"a checkout with changes": {checkout("true"), "(commit " + commit + "-dirty, 2026-11-29T11:33:24Z)"},
		"fetched before any tag":  {fetched("v0.0.0-20261129113324-e36e52d61b2c"), "(commit e36e52d61b2c, 2026-11-29T11:33:24Z)"},
		"fetched after a tag":     {fetched("v0.1.1-0.20261129113324-e36e52d61b2c"), "(commit e36e52d61b2c, 2026-11-29T11:33:24Z)"},
		"fetched by its version":  {fetched("v0.1.0"), "(commit unknown, unknown)"},
		"go run":                  {fetched("(devel)"), "(commit unknown, unknown)"},
	}
	for name, test := range tests {
		if got, want := buildOf(&test.info).String(), sightline.Version+" "+test.want; got != want {
			t.Errorf("%s: got %q, want %q", name, got, want)
		}
	}
}
