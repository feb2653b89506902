package app

import (
	"fmt"
	"runtime"
	"runtime/debug"
)

// Version is "v1.2.0 (commit 0a1b2c3, go1.26.8, linux/amd64)".
func Version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		info = &debug.BuildInfo{}
	}
	return versionOf(info)
}

func versionOf(info *debug.BuildInfo) string {
	name := info.Main.Version
	if name == "" || name == "(devel)" {
		name = "development"
	}
	commit, changed := "unknown", ""
	for _, kv := range info.Settings {
		switch kv.Key {
		case "vcs.revision":
			commit = kv.Value[:min(len(kv.Value), 12)]
		case "vcs.modified":
			if kv.Value == "true" {
				changed = " with changes"
			}
		}
	}
	return fmt.Sprintf("%s (commit %s%s, %s, %s/%s)", name, commit, changed, runtime.Version(), runtime.GOOS, runtime.GOARCH)
}
