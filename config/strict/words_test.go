package strict

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestSuggest(t *testing.T) {
	require.Equal(t, `did you mean "share"?`, Suggest("shar", []string{"share", "unshare"}))
	require.Equal(t, "expected a, b or c", Suggest("zebra", []string{"a", "b", "c"}))
	require.Empty(t, Nearest(strings.Repeat("é", 100_000), []string{"share"}))
	require.Equal(t, 3, distance("kitten", "sitting"))
}
