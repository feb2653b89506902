package bot

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestOnePersonHasAShareAndNobodyElseIsCounted(t *testing.T) {
	var s shares
	for range 3 {
		require.True(t, s.take(dave, 3))
	}
	require.False(t, s.take(dave, 3))
	require.True(t, s.take(bob, 3))
	s.free(dave)
	require.True(t, s.take(dave, 3))
	for range 3 {
		s.free(dave)
	}
	s.free(bob)
	require.Empty(t, s.count, "nobody is remembered who has nothing in hand")
}
