package approvals

import (
	"bytes"
	"crypto/ed25519"
	"encoding/hex"
	"encoding/json"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
)

func keyOf(n byte) ed25519.PrivateKey {
	return ed25519.NewKeyFromSeed(bytes.Repeat([]byte{n}, ed25519.SeedSize))
}

// changing is a log of n entries under each key, of which each but the first begins with an entry that it signs with the one before.
func changing(t testing.TB, n int, keys ...ed25519.PrivateKey) (lines [][]byte, head Head) {
	t.Helper()
	add := func(s Signing, what string) {
		line, next, err := s.Seal(Entry{At: noon, Actor: "U0BOB", What: what, Surface: "slack"}, head)
		require.NoError(t, err)
		lines, head = append(lines, line), next
	}
	for i, key := range keys {
		if i > 0 {
			add(Signing{Key: key, Before: keys[i-1]}, KeyChanged)
		}
		for range n {
			add(Signing{Key: key}, "voted yes")
		}
	}
	return lines, head
}

func TestALogGoesOverToAnotherKey(t *testing.T) {
	lines, head := changing(t, 2, keyOf(1), keyOf(2), keyOf(3))
	var c Chain
	for _, l := range lines {
		_, err := c.Next(l)
		require.NoError(t, err)
	}
	require.Equal(t, head, c.Head())
	require.Equal(t, publicOf(keyOf(3)), c.Signer())
	for i := range lines { // a verifier may go on from anywhere
		var first Chain
		for _, l := range lines[:i] {
			_, err := first.Next(l)
			require.NoError(t, err)
		}
		rest := Resume(first.Head(), first.Signer())
		for _, l := range lines[i:] {
			_, err := rest.Next(l)
			require.NoError(t, err)
		}
	}
	for _, s := range []Signing{{}, {Key: keyOf(1)}, {Before: keyOf(1)}, {Key: keyOf(1), Before: keyOf(1)}} {
		_, _, err := s.Seal(Entry{What: KeyChanged}, head)
		require.ErrorIs(t, err, errOneKey)
	}
}

// bending is an entry that changes the key from 1 to 2 after two of 1, altered and sealed anew by whoever has the keys that it names.
func bending(t *testing.T, alter func(e *Entry), sealed ...ed25519.PrivateKey) [][]byte {
	t.Helper()
	lines, _ := changing(t, 2, keyOf(1), keyOf(2))
	var e Entry
	require.NoError(t, json.Unmarshal(lines[2], &e))
	alter(&e)
	hash, err := digest(e)
	require.NoError(t, err)
	e.Hash = hex.EncodeToString(hash)
	if len(sealed) > 0 && sealed[0] != nil {
		e.Sig = hex.EncodeToString(ed25519.Sign(sealed[0], hash))
	}
	if len(sealed) > 1 && sealed[1] != nil {
		e.WasSig = hex.EncodeToString(ed25519.Sign(sealed[1], hash))
	}
	line, err := json.Marshal(e)
	require.NoError(t, err)
	return [][]byte{lines[0], lines[1], line}
}

// TestAChangeOfKeysTakesBoth: no key that is missing, false, a third one's, or from elsewhere lets a log go over.
func TestAChangeOfKeysTakesBoth(t *testing.T) {
	lines, _ := changing(t, 2, keyOf(1), keyOf(2))
	other, _ := changing(t, 2, keyOf(4), keyOf(2))
	plain, head := log(t, 2, nil)
	fromNone, _, err := Signing{Key: keyOf(2), Before: keyOf(1)}.Seal(Entry{At: noon, What: KeyChanged}, head)
	require.NoError(t, err)
	flipped(t, lines, 2)
	for name, row := range map[string]struct {
		lines [][]byte
		bad   int
	}{
		"left out":                    {slices.Delete(slices.Clone(lines), 2, 3), 3},
		"again":                       {inserted(lines, 3, lines[2]), 4},
		"again at the end":            {append(slices.Clone(lines), lines[2]), 6},
		"of another log":              {inserted(lines[:2], 2, other[2]), 3},
		"after nothing that's signed": {append(slices.Clone(plain), fromNone), 3},
		"as the first":                {[][]byte{lines[2]}, 1},
		"the old key still signs":     {append(slices.Clone(lines[:3]), signedOn(t, lines[:3], keyOf(1))), 4},
		"the new key alone":           {bending(t, func(e *Entry) { e.WasSig = "" }, keyOf(2)), 3},
		"the old key alone":           {bending(t, func(e *Entry) { e.Sig = "" }, nil, keyOf(1)), 3},
		"the new key for both":        {bending(t, func(*Entry) {}, keyOf(2), keyOf(2)), 3},
		"the old key for both":        {bending(t, func(*Entry) {}, keyOf(1), keyOf(1)), 3},
		"to a third key":              {bending(t, func(e *Entry) { e.Key = publicOf(keyOf(3)) }, keyOf(3)), 3},
		"from a third key":            {bending(t, func(e *Entry) { e.Was = publicOf(keyOf(3)) }, keyOf(2), keyOf(3)), 3},
		"to itself":                   {bending(t, func(e *Entry) { e.Key = e.Was }, keyOf(1), keyOf(1)), 3},
		"by another name":             {bending(t, func(e *Entry) { e.What = "voted yes" }, keyOf(2), keyOf(1)), 3},
		"from nobody":                 {bending(t, func(e *Entry) { e.Was, e.WasSig = "", "" }, keyOf(2)), 3},
		"from nobody, by both":        {bending(t, func(e *Entry) { e.Was = "" }, keyOf(2), keyOf(1)), 3},
		"to nobody":                   {bending(t, func(e *Entry) { e.Key, e.Sig = "", "" }, nil, keyOf(1)), 3},
		"a second signature":          {bending(t, func(e *Entry) { e.What, e.Key = "voted yes", e.Was }, keyOf(1), keyOf(1)), 3},
		"a key in capitals":           {bending(t, func(e *Entry) { e.Key = "AB" + e.Key[2:] }, keyOf(2), keyOf(1)), 3},
	} {
		t.Run(name, func(t *testing.T) { firstBad(t, "", row.lines, row.bad) })
	}
	firstBad(t, publicOf(keyOf(1)), lines, 3)
	firstBad(t, publicOf(keyOf(2)), lines, 1)
}

// signedOn is one more entry that a key signs.
func signedOn(t *testing.T, lines [][]byte, key ed25519.PrivateKey) []byte {
	t.Helper()
	head, err := verify(lines)
	require.NoError(t, err)
	line, _, err := Seal(Entry{At: noon, What: "voted yes"}, head, key)
	require.NoError(t, err)
	return line
}

// TestWhoFollowsWhom: where others write too, nobody goes on under a key that the log has left, and the key changes once.
func TestWhoFollowsWhom(t *testing.T) {
	one, two := publicOf(keyOf(1)), publicOf(keyOf(2))
	for name, row := range map[string]struct {
		signs  Signing
		what   string
		signer string
		due    bool
		err    error
	}{
		"its own":             {Signing{Key: keyOf(1)}, "voted yes", one, true, nil},
		"nobody signs":        {Signing{}, "voted yes", "", true, nil},
		"the first signature": {Signing{Key: keyOf(1)}, "voted yes", "", true, nil},
		"another's":           {Signing{Key: keyOf(1)}, "voted yes", two, false, ErrSigner},
		"without a key":       {Signing{}, "voted yes", two, false, ErrSigner},
		"not changed yet":     {Signing{Key: keyOf(2), Before: keyOf(1)}, "voted yes", one, false, ErrSigner},
		"the change":          {Signing{Key: keyOf(2), Before: keyOf(1)}, KeyChanged, one, true, nil},
		"the change, again":   {Signing{Key: keyOf(2), Before: keyOf(1)}, KeyChanged, two, false, nil},
	} {
		due, err := row.signs.Follows(Entry{What: row.what}, Head{Seq: 3}, row.signer)
		require.Equal(t, row.due, due, name)
		require.ErrorIs(t, err, row.err, name)
	}
}

// FuzzKeyChange: the only line by which a log goes over to another key is the one that both keys sealed there.
func FuzzKeyChange(f *testing.F) {
	lines, _ := changing(f, 2, keyOf(1), keyOf(2))
	stand := stands(f, Chain{}, lines)
	for i, l := range lines {
		for _, bad := range bent(string(l)) {
			f.Add(bad, byte(i))
		}
		for place := range lines {
			f.Add(l, byte(place))
		}
	}
	f.Fuzz(func(t *testing.T, line []byte, place byte) {
		at := int(place) % len(lines)
		c := stand[at]
		before := c
		if _, err := c.Next(line); err == nil && at > 0 && !bytes.Equal(line, lines[at]) {
			t.Fatalf("entry %d was taken, and nobody who has the keys sealed it: %s", at+1, line)
		} else if err != nil && c != before {
			t.Fatalf("a refused line moved the chain")
		}
	})
}
