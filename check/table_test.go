package check

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestTableKeepsItsShape(t *testing.T) {
	var b strings.Builder
	table := Table{
		{Status: statusOK, Thing: "bot token", Found: "Acme, as @usher"},
		{Status: StatusFailed, Thing: "channel " + strings.Repeat("x", 40), Found: strings.Repeat("word ", 30), Do: strings.Repeat("do ", 40)},
		{Status: statusWarning, Thing: "é", Found: strings.Repeat("y", 90), Do: "see"},
	}
	require.NoError(t, table.Write(&b))
	require.Contains(t, b.String(), "ok       bot token                   Acme, as @usher\n")
	require.Contains(t, b.String(), "\nwarning  é                           yyyy")
	require.Contains(t, b.String(), "\n1 ok, 1 warning, 1 failed\n")
	require.Equal(t, 1, strings.Count(b.String(), "→ do"))
}
