package approvals

import (
	"bytes"
	"crypto/ed25519"
	"encoding/hex"
	"strings"
	"testing"
)

// FuzzChain: with the key pinned, the only line a log takes in any place is the one that Seal wrote
// there; without a key, every line it takes is one that Seal would write. A refused line moves nothing.
func FuzzChain(f *testing.F) {
	signed, _ := fuzzLog(f, testKey())
	plain, _ := fuzzLog(f, nil)
	for i := range signed {
		for _, line := range [][]byte{signed[i], plain[i]} {
			for _, bad := range bent(string(line)) {
				f.Add(bad, byte(i))
			}
		}
	}
	pins := stands(f, Chain{Pinned: hex.EncodeToString(testKey().Public().(ed25519.PublicKey))}, signed)
	frees := stands(f, Chain{}, plain)
	f.Fuzz(func(t *testing.T, line []byte, place byte) {
		at := int(place) % len(signed)
		pinned, free := pins[at], frees[at]
		before := pinned.Head()
		if _, err := pinned.Next(line); err == nil && !bytes.Equal(line, signed[at]) {
			t.Fatalf("entry %d was taken, and nobody who has the key sealed it: %s", at+1, line)
		} else if err != nil && pinned.Head() != before {
			t.Fatalf("a refused line moved the head to %s", pinned.Head())
		}
		before = free.Head()
		e, err := free.Next(line)
		if err != nil {
			return
		}
		if e.Key != "" {
			return // somebody signed it with a key of their own, which only pinning can refuse
		}
		again, head, err := Seal(e, before, nil)
		if err != nil || !bytes.Equal(again, line) || head != free.Head() {
			t.Fatalf("taken, though Seal would have written %s: %s", again, line)
		}
	})
}

func fuzzLog(f *testing.F, key ed25519.PrivateKey) (lines [][]byte, head Head) {
	f.Helper()
	for _, e := range []Entry{
		{At: noon, Actor: "U0ALICE", What: "asked", Surface: "slack", Request: 1, After: Pending, Detail: []byte(`{"app":"seranking","reason":"<!channel> \"a\" & b é 席"}`)},
		{At: noon, Actor: "U0BOB", What: "voted yes", Surface: "slack", Request: 1, Before: Pending, After: Approved, Why: []string{"policy seats (0011): 1 of 1 said yes"}},
		{At: noon, Actor: Usher, What: "restored", Surface: "usher"},
	} {
		line, next, err := Seal(e, head, key)
		if err != nil {
			f.Fatal(err)
		}
		lines, head = append(lines, line), next
	}
	return lines, head
}

// stands is a chain as it stands before each line of a log.
func stands(f *testing.F, c Chain, lines [][]byte) (out []Chain) {
	f.Helper()
	for _, l := range lines {
		out = append(out, c)
		if _, err := c.Next(l); err != nil {
			f.Fatal(err)
		}
	}
	return out
}

// bent is a line and the ways in which two readers of JSON may take it for the same.
func bent(line string) [][]byte {
	out := [][]byte{[]byte(line)}
	for _, pair := range [][2]string{
		{`{"seq"`, ` {"seq"`}, {`"seq":`, `"SEQ":`}, {`"seq":1`, `"seq":1.0`}, {`"seq":1`, `"seq":1e0`}, {`"seq":1`, `"seq":1,"seq":1`},
		{`"surface"`, `"\u0073urface"`}, {`slack`, `sl\u0061ck`}, {`Z"`, `+00:00"`}, {`Z"`, `.0Z"`}, {`}`, `}{}`}, {`,"prev"`, `,"new":1,"prev"`},
		{`"sig":"`, `"sig":"00`}, {`"key":"`, `"key":"AB`}, {`\u003c`, `<`}, {`é`, "\xff"}, {`"hash"`, `"sig":"","hash"`},
	} {
		if bad := strings.Replace(line, pair[0], pair[1], 1); bad != line {
			out = append(out, []byte(bad))
		}
	}
	return append(out, []byte(line+"\n"), []byte(line[:len(line)-1]), []byte("null"), []byte("{}"), nil)
}
