package approvals_test

import (
	"bytes"
	"crypto/rand"
	"errors"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
)

func TestANonceHoldsEightyBitsOfChance(t *testing.T) {
	seen := map[string]bool{}
	for range 1000 {
		n, err := approvals.NewNonce(rand.Reader)
		require.NoError(t, err)
		require.Regexp(t, `^[a-z2-7]{16}$`, n)
		require.False(t, seen[n])
		seen[n] = true
	}
	a, err := approvals.NewNonce(bytes.NewReader([]byte("0123456789rest")))
	require.NoError(t, err)
	b, err := approvals.NewNonce(bytes.NewReader([]byte("0123456788rest")))
	require.NoError(t, err)
	require.NotEqual(t, a, b, "each of ten bytes counts")
}

func TestNoNonceIsDrawnWithoutChance(t *testing.T) {
	_, err := approvals.NewNonce(bytes.NewReader([]byte("too short")))
	require.Error(t, err)
	_, err = approvals.NewNonce(iotest.ErrReader(errors.New("no chance")))
	require.ErrorContains(t, err, "no chance")
}
