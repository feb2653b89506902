package approvals

import (
	"crypto/ed25519"
	"encoding/json"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"
)

func log(t *testing.T, n int, key ed25519.PrivateKey) ([][]byte, Head) {
	t.Helper()
	var head Head
	var lines [][]byte
	for i := range n {
		e := Entry{At: noon, Actor: "U0BOB", What: "voted yes", Surface: "slack", Request: int64(i + 1), Before: Pending, After: Approved,
			Detail: json.RawMessage(`{"reason":"a < b & c"}`), Why: []string{"policy seats"}}
		line, next, err := Seal(e, head, key)
		require.NoError(t, err)
		lines, head = append(lines, line), next
	}
	return lines, head
}

func verify(lines [][]byte) (Head, error) {
	var c Chain
	for _, l := range lines {
		if _, err := c.Next(l); err != nil {
			return c.Head(), err
		}
	}
	return c.Head(), nil
}

func testKey() ed25519.PrivateKey { return ed25519.NewKeyFromSeed(make([]byte, ed25519.SeedSize)) }

func TestChainAcceptsWhatSealWrote(t *testing.T) {
	for _, key := range []ed25519.PrivateKey{nil, testKey()} {
		lines, head := log(t, 5, key)
		got, err := verify(lines)
		require.NoError(t, err)
		require.Equal(t, head, got)
	}
}

// TestChainNamesTheFirstBadEntry flips every byte of a log in turn, and drops, doubles and swaps every entry.
func TestChainNamesTheFirstBadEntry(t *testing.T) {
	for _, key := range []ed25519.PrivateKey{nil, testKey()} {
		lines, _ := log(t, 4, key)
		for i, line := range lines {
			for j := range line {
				for _, flip := range []byte{0x01, 0x20, 0x80} {
					bad := append([][]byte{}, lines...)
					bad[i] = append([]byte{}, line...)
					bad[i][j] ^= flip
					_, err := verify(bad)
					require.ErrorContains(t, err, fmt.Sprintf("entry %d:", i+1), "byte %d of %s", j, line)
				}
			}
		}
		for i := range lines[:3] {
			dropped := append(append([][]byte{}, lines[:i]...), lines[i+1:]...)
			_, err := verify(dropped)
			require.ErrorContains(t, err, fmt.Sprintf("entry %d:", i+1))
			swapped := append([][]byte{}, lines...)
			swapped[i], swapped[i+1] = swapped[i+1], swapped[i]
			_, err = verify(swapped)
			require.ErrorContains(t, err, fmt.Sprintf("entry %d:", i+1))
		}
	}
}

func TestChainRefusesAnotherKeyAndNoKey(t *testing.T) {
	lines, _ := log(t, 2, testKey())
	var head Head
	_, err := (&Chain{Pinned: "00"}).Next(lines[0])
	require.ErrorContains(t, err, "signed by another key")
	unsigned, _, err := Seal(Entry{At: noon}, head, nil)
	require.NoError(t, err)
	_, err = (&Chain{Pinned: "00"}).Next(unsigned)
	require.ErrorContains(t, err, "is not signed")

	var c Chain
	_, err = c.Next(lines[0])
	require.NoError(t, err)
	stripped, _, err := Seal(Entry{At: noon}, c.Head(), nil)
	require.NoError(t, err)
	_, err = c.Next(stripped)
	require.ErrorContains(t, err, "is not signed")
}
