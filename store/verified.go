package store

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"sync"

	"github.com/usherbot/usher/approvals"
)

// ErrLog says that the audit log is not as it was written.
var ErrLog = errors.New("the audit log is not whole")

// Log is an audit log as of one moment, to be verified.
type Log struct {
	// Head is where it says that it ends.
	Head approvals.Head
	// Lines calls fn with each line and the number it stands under, in the order of these, until fn has an error. It may be
	// called more than once. The line is fn's only until it returns.
	Lines func(fn func(seq int64, line []byte) error) error
}

// Whatever is written after the log vouches for what stands before, so it is verified first: every byte of
// it at every start. Verifying an entry takes a signature and two readings of its JSON, and 100,000 of them
// take longer than a start may. So the last head that was verified is kept, with a sum of all lines up to
// it, under the key's own signature: up to there the bytes are summed again, which is as good and takes a
// hundredth of the time, and what stands behind it is verified entry by entry. Whoever has not the key
// can only take the note away, and then all of it is verified entry by entry. The sum goes on with each entry
// that is written (Running), so that a start has few to verify, however long the life before it was.

// verifiedUntil is the end of the log as it was verified last: the note that a store keeps of it.
type verifiedUntil struct {
	Seq  int64  `json:"seq"`
	Hash string `json:"hash"`
	// Sum is SHA-256 over the lines, each with a line feed.
	Sum string `json:"sum"`
	// Key signed Sig; both are absent where the log is not signed.
	Key string `json:"key,omitempty"`
	Sig string `json:"sig,omitempty"`
}

// renewAfter is how many entries are verified anew at each start rather than noted.
const renewAfter = 500

// Verify verifies a log under a key (nil: it isn't signed), and goes by the note that was kept of the last time (nil: there is
// none). It returns the note to keep from now on, nil where the old one will do. An error that is ErrLog names the first entry
// that is not as it was written.
func (l Log) Verify(ctx context.Context, key ed25519.PrivateKey, note []byte) (next []byte, err error) {
	r, err := l.Run(ctx, key, note)
	if err != nil || !r.Due() {
		return nil, err
	}
	return r.Note(key)
}

// Run is Verify for whoever goes on with the sum.
func (l Log) Run(ctx context.Context, key ed25519.PrivateKey, note []byte) (*Running, error) {
	from := trusted(note, key)
	r, err := l.follow(ctx, from)
	if errors.Is(err, errSum) {
		// Read again entry by entry, it says where it differs.
		if _, named := l.follow(ctx, verifiedUntil{}); named != nil {
			return nil, named
		}
	}
	if err != nil {
		return nil, err
	}
	return r, nil
}

var errSum = fmt.Errorf("%w: it has been rewritten since it was last verified, with hashes that fit", ErrLog)

// follow sums what stands up to from, and verifies what stands behind it.
func (l Log) follow(ctx context.Context, from verifiedUntil) (*Running, error) {
	before, sum := newSumming(), sha256.New()
	summed := sync.OnceFunc(func() { sum = before.end() })
	defer summed()
	chain := approvals.Resume(approvals.Head{Seq: from.Seq, Hash: from.Hash}, from.Key)
	seq := int64(0)
	err := l.Lines(func(under int64, line []byte) error {
		seq++
		if err := ctx.Err(); err != nil {
			return err
		}
		if seq <= from.Seq {
			before.add(line)
		} else {
			addLine(sum, line)
		}
		switch {
		case under != seq:
			return fmt.Errorf("%w: entry %d: stands under number %d", ErrLog, seq, under)
		case seq < from.Seq:
		case seq == from.Seq:
			if summed(); sumOf(sum) != from.Sum {
				return errSum
			}
		default:
			if _, err := chain.Next(bytes.Clone(line)); err != nil {
				return fmt.Errorf("%w: %w", ErrLog, err)
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	if seq < from.Seq {
		return nil, fmt.Errorf("%w: entry %d: is missing; entry %d was there when the log was verified last: its tail was cut off", ErrLog, seq+1, from.Seq)
	}
	if l.Head != chain.Head() {
		return nil, fmt.Errorf("%w: it ends at %s, and its head says %s", ErrLog, chain.Head(), l.Head)
	}
	return &Running{head: l.Head, noted: from.Seq, sum: sum}, nil
}

func addLine(sum hash.Hash, line []byte) {
	_, _ = sum.Write(line) // a hash takes everything
	_, _ = sum.Write([]byte{'\n'})
}

func sumOf(h hash.Hash) string { return hex.EncodeToString(h.Sum(nil)) }

// message is what the key signs. No entry's signature can pass for it: those are of 32 bytes.
func (v verifiedUntil) message() []byte {
	return fmt.Appendf(nil, "usher audit log verified until %d:%s sum %s", v.Seq, v.Hash, v.Sum)
}

func (v *verifiedUntil) sign(key ed25519.PrivateKey) {
	if len(key) > 0 {
		v.Key, v.Sig = hex.EncodeToString(key.Public().(ed25519.PublicKey)), hex.EncodeToString(ed25519.Sign(key, v.message()))
	}
}

// trusted is the note that was kept, where it is one that we would have written: under our key, or, in a
// log without one, without. Otherwise it is that of nothing.
func trusted(raw []byte, key ed25519.PrivateKey) verifiedUntil {
	var v verifiedUntil
	if raw == nil || json.Unmarshal(raw, &v) != nil || v.Seq < 1 {
		return verifiedUntil{}
	}
	if len(key) == 0 {
		if v.Key != "" {
			return verifiedUntil{}
		}
		return v
	}
	pub := key.Public().(ed25519.PublicKey)
	sig, err := hex.DecodeString(v.Sig)
	if err != nil || v.Key != hex.EncodeToString(pub) || !ed25519.Verify(pub, v.message(), sig) {
		return verifiedUntil{}
	}
	return v
}
