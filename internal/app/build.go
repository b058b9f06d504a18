package app

import (
	"regexp"
	"runtime/debug"

	"github.com/sightline-go/sightline"
)

// Build says which program this is.
type Build struct {
	// Version is sightline.Version.
	Version string
	// Commit is the commit's hash, whole or its first twelve digits. It ends
	// with -dirty where files differed from the commit, and is "unknown" where
	// the go command did not know it, as in `go run` and in tests.
	Commit string
	// Date is when the commit was made, as 2006-01-02T15:04:05Z, or "unknown".
	Date string
}

// pseudoVersion has the commit of a program that `go install` fetched by
// branch or commit: that comes as a module, without a repository.
// See https://go.dev/ref/mod#pseudo-versions
var pseudoVersion = regexp.MustCompile(`[-.](\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)-([0-9a-f]{12})$`)

// ThisBuild reads what the go command wrote into the running program.
func ThisBuild() Build {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		info = &debug.BuildInfo{}
	}
	return buildOf(info)
}

func buildOf(info *debug.BuildInfo) Build {
	b := Build{Version: sightline.Version, Commit: "unknown", Date: "unknown"}
	if p := pseudoVersion.FindStringSubmatch(info.Main.Version); p != nil {
		b.Commit = p[7]
		b.Date = p[1] + "-" + p[2] + "-" + p[3] + "T" + p[4] + ":" + p[5] + ":" + p[6] + "Z"
	}
	dirty := ""
	for _, setting := range info.Settings {
		switch setting.Key {
		case "vcs.revision":
			b.Commit = setting.Value
		case "vcs.time":
			b.Date = setting.Value
		case "vcs.modified":
			if setting.Value == "true" {
				dirty = "-dirty"
			}
		}
	}
	b.Commit += dirty
	return b
}

// String is one line that starts with the version:
// "0.1.0 (commit 4f2c…, 2026-11-29T11:33:24Z)".
func (b Build) String() string {
	return b.Version + " (commit " + b.Commit + ", " + b.Date + ")"
}
