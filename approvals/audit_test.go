package approvals

import (
	"bytes"
	"crypto/ed25519"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
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

// TestChainNamesTheFirstBadEntry flips every byte of a log in turn, drops and swaps every entry, and
// inserts at every place a copy of every entry and entries that somebody else sealed.
func TestChainNamesTheFirstBadEntry(t *testing.T) {
	for _, key := range []ed25519.PrivateKey{nil, testKey()} {
		lines, _ := log(t, 4, key)
		for i := range lines {
			flipped(t, lines, i)
			dropped := slices.Delete(slices.Clone(lines), i, i+1)
			if i < len(lines)-1 { // a cut tail shows against a head only
				firstBad(t, "", dropped, i+1)
				swapped := slices.Clone(lines)
				swapped[i], swapped[i+1] = swapped[i+1], swapped[i]
				firstBad(t, "", swapped, i+1)
			}
			firstBad(t, "", inserted(lines, i+1, lines[i]), i+2) // doubled
		}
		for place := range len(lines) + 1 {
			for i, line := range lines {
				bad := place + 1
				if i == place {
					bad = place + 2 // of an entry and its copy the second is bad, whichever was there first
				}
				firstBad(t, "", inserted(lines, place, line), bad)
			}
		}
	}
}

// TestChainNamesAForgedEntry inserts at every place what another chain sealed, and what a forger with
// another key or none sealed to follow the entry before it.
func TestChainNamesAForgedEntry(t *testing.T) {
	forger := ed25519.NewKeyFromSeed(bytes.Repeat([]byte{9}, ed25519.SeedSize))
	own := testKey()
	public := hex.EncodeToString(own.Public().(ed25519.PublicKey))
	lines, _ := log(t, 4, own)
	plain, _ := log(t, 4, nil)
	for _, key := range []ed25519.PrivateKey{nil, forger} {
		var elsewhere Head
		var c, p Chain
		for place := range len(lines) + 1 {
			e := Entry{At: noon, Actor: "U0MALLORY", What: "voted yes", Surface: "slack", Request: 1}
			foreign, next, err := Seal(e, elsewhere, key)
			require.NoError(t, err)
			elsewhere = next
			fitted, _, err := Seal(e, c.Head(), key)
			require.NoError(t, err)
			onPlain, _, err := Seal(e, p.Head(), nil)
			require.NoError(t, err)
			for _, forged := range [][]byte{foreign, fitted} {
				firstBad(t, public, inserted(lines, place, forged), place+1)
				if place > 0 { // without a pinned key the first entry says whose log it is
					firstBad(t, "", inserted(lines, place, forged), place+1)
				} else {
					firstBad(t, "", inserted(lines, place, forged), 2)
				}
			}
			if place > 0 {
				firstBad(t, "", inserted(plain, place, foreign), place+1)
			}
			if place < len(plain) { // hashes alone see such a one by the entry after it; at the end only a head shows it
				firstBad(t, "", inserted(plain, place, onPlain), place+2)
				_, err = c.Next(lines[place])
				require.NoError(t, err)
				_, err = p.Next(plain[place])
				require.NoError(t, err)
			}
		}
	}
}

func inserted(lines [][]byte, place int, line []byte) [][]byte {
	return slices.Insert(slices.Clone(lines), place, line)
}

// firstBad demands that a log is accepted up to its n-th entry, from 1, and that this one is named.
func firstBad(t *testing.T, pinned string, lines [][]byte, n int) {
	t.Helper()
	c := Chain{Pinned: pinned}
	for _, l := range lines {
		if _, err := c.Next(l); err != nil {
			require.True(t, strings.HasPrefix(err.Error(), fmt.Sprintf("entry %d: ", n)), "want entry %d: %v", n, err)
			require.EqualValues(t, n-1, c.Head().Seq)
			return
		}
	}
	require.Fail(t, "accepted", "entry %d is bad", n)
}

func flipped(t *testing.T, lines [][]byte, i int) {
	t.Helper()
	for j := range lines[i] {
		for _, flip := range []byte{0x01, 0x20, 0x80} {
			bad := slices.Clone(lines)
			bad[i] = slices.Clone(lines[i])
			bad[i][j] ^= flip
			firstBad(t, "", bad, i+1)
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
