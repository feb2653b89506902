package seranking

import (
	"bytes"
	"errors"
	"math/rand/v2"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/require"
)

func TestPasswordsHaveEachClass(t *testing.T) {
	random := rand.NewChaCha8([32]byte{2})
	drawn := map[string]bool{}
	for range 2000 {
		p, err := newPassword(random)
		require.NoError(t, err)
		text := p.Reveal()
		require.Len(t, text, 24)
		for _, class := range passwordClasses {
			require.True(t, strings.ContainsAny(text, class), text)
		}
		require.Empty(t, strings.Trim(text, strings.Join(passwordClasses[:], "")))
		drawn[text] = true
	}
	require.Len(t, drawn, 2000, "no two alike")
}

// TestPasswordDrawIsEven feeds each byte once: with every byte equally likely, every
// character must come out equally often.
func TestPasswordDrawIsEven(t *testing.T) {
	every := make([]byte, 256)
	for i := range every {
		every[i] = byte(i)
	}
	for _, most := range []int{1, 10, 26, 73, 74, 128, 200, 256} {
		counts := make([]int, most)
		for r := bytes.NewReader(every); ; {
			n, err := below(r, most)
			if err != nil {
				break
			}
			counts[n]++
		}
		for n, count := range counts {
			require.Equal(t, 256/most, count, "%d of %d", n, most)
		}
	}
}

func TestPasswordNeedsRandomness(t *testing.T) {
	_, err := newPassword(iotest.ErrReader(errors.New("no entropy")))
	require.ErrorContains(t, err, "no entropy")
	for _, stuck := range []byte{0, 255} {
		_, err = newPassword(stuckReader(stuck))
		require.ErrorContains(t, err, "repeats itself")
	}
}

type stuckReader byte

func (s stuckReader) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = byte(s)
	}
	return len(p), nil
}
