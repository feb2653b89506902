package cargo

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"hash"

	"github.com/usherbot/usher/approvals"
)

// Tally counts and sums what went by. Its zero value has seen nothing.
type Tally struct {
	// Follows has the audit log followed entry by entry, which takes longer than all else. Where two tallies are the same, one
	// that does is enough.
	Follows bool

	kinds map[Kind]*sum
	chain approvals.Chain
}

type sum struct {
	hash.Hash
	count int64
}

// Through is put with the tally in front of it; nil takes nothing further.
func (t *Tally) Through(put Put) Put {
	return func(i Item) error {
		if err := t.add(i); err != nil || put == nil {
			return err
		}
		return put(i)
	}
}

// add counts one thing. An entry that does not follow the one before it is refused.
func (t *Tally) add(i Item) error {
	if t.kinds == nil {
		t.kinds = map[Kind]*sum{}
	}
	k := t.kinds[i.Kind]
	if k == nil {
		k = &sum{Hash: sha256.New()}
		t.kinds[i.Kind] = k
	}
	k.count++
	// Each part goes in behind its length, so that no two sequences of things give the same bytes.
	for _, part := range [][]byte{[]byte(i.Name), []byte(i.Month), binary.BigEndian.AppendUint64(nil, uint64(i.N)), i.Line} {
		_, _ = k.Write(binary.BigEndian.AppendUint64(nil, uint64(len(part)))) // a hash takes everything
		_, _ = k.Write(part)
	}
	if i.Kind != Entry || !t.Follows {
		return nil
	}
	if _, err := t.chain.Next(append([]byte(nil), i.Line...)); err != nil {
		return fmt.Errorf("audit log: %w", err)
	}
	return nil
}

// Count is how many things of a kind went by.
func (t *Tally) Count(kind Kind) int64 {
	if k := t.kinds[kind]; k != nil {
		return k.count
	}
	return 0
}

// Log is the end of the audit log that was followed.
func (t *Tally) Log() approvals.Head { return t.chain.Head() }

// Same holds that what went by here is what went by there.
func (t *Tally) Same(of *Tally) error {
	for _, kind := range Kinds {
		if a, b := t.Count(kind), of.Count(kind); a != b {
			return fmt.Errorf("the copy has %d %s, and there are %d", a, kind, b)
		}
		if t.Count(kind) > 0 && t.digest(kind) != of.digest(kind) {
			return fmt.Errorf("the copy's %s aren't the same as there", kind)
		}
	}
	return nil
}

func (t *Tally) digest(kind Kind) string { return hex.EncodeToString(t.kinds[kind].Sum(nil)) }
