package app

import (
	"runtime/debug"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestVersionLine(t *testing.T) {
	line := versionOf(&debug.BuildInfo{Main: debug.Module{Version: "v1.2.0"}, Settings: []debug.BuildSetting{
		{Key: "vcs.revision", Value: "0123456789abcdef"}, {Key: "vcs.modified", Value: "true"}}})
	require.Contains(t, line, "v1.2.0 (commit 0123456789ab with changes, go")
	require.Contains(t, versionOf(&debug.BuildInfo{}), "development (commit unknown, go")
}
