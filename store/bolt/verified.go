package bolt

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

	"go.etcd.io/bbolt"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/store"
)

// Whatever is written after the log vouches for what stands before, so it is verified first: every byte of
// it at every start. Verifying an entry takes a signature and two readings of its JSON, and 100,000 of them
// take longer than a start may. So the last head that was verified is kept, with a sum of all lines up to
// it, under the key's own signature: up to there the bytes are summed again, which is as good and takes a
// hundredth of the time, and what stands behind it is verified entry by entry. Whoever has not the key
// can only take the note away, and then all of it is verified entry by entry.

var kVerified = []byte("verified")

// verifiedUntil is the end of the log as it was verified last.
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

// VerifyLog verifies the audit log before anything is written after it, and keeps how far it came. An
// error that is store.ErrLog names the first entry that is not as it was written.
func (s *Store) VerifyLog(ctx context.Context) error {
	var now verifiedUntil
	var was int64
	err := s.view(ctx, func(tx *bbolt.Tx) (err error) {
		was = s.trusted(tx).Seq
		now, err = s.verified(ctx, tx)
		return err
	})
	if err != nil || now.Seq < was+renewAfter {
		return err
	}
	return s.update(ctx, func(t *txn) error { return t.putJSON(bMeta, kVerified, now) })
}

// verified reads the whole log, and returns the note of it as it is now.
func (s *Store) verified(ctx context.Context, tx *bbolt.Tx) (now verifiedUntil, err error) {
	from := s.trusted(tx)
	now, err = s.follow(ctx, tx, from)
	if errors.Is(err, errSum) {
		// Read again entry by entry, it says where it differs.
		if _, named := s.follow(ctx, tx, verifiedUntil{}); named != nil {
			return now, named
		}
	}
	return now, err
}

var errSum = fmt.Errorf("%w: it has been rewritten since it was last verified, with hashes that fit", store.ErrLog)

// follow sums what stands up to from, and verifies what stands behind it.
func (s *Store) follow(ctx context.Context, tx *bbolt.Tx, from verifiedUntil) (now verifiedUntil, err error) {
	sum := sha256.New()
	chain := approvals.Resume(approvals.Head{Seq: from.Seq, Hash: from.Hash}, from.Key)
	c := tx.Bucket(bAudit).Cursor()
	seq := int64(0)
	for k, line := c.First(); k != nil; k, line = c.Next() {
		seq++
		if err := ctx.Err(); err != nil {
			return now, err
		}
		addLine(sum, line)
		switch {
		case numberFrom(k) != seq:
			return now, fmt.Errorf("%w: entry %d: stands under number %d", store.ErrLog, seq, numberFrom(k))
		case seq < from.Seq:
		case seq == from.Seq:
			if sumOf(sum) != from.Sum {
				return now, errSum
			}
		default:
			if _, err := chain.Next(bytes.Clone(line)); err != nil {
				return now, fmt.Errorf("%w: %w", store.ErrLog, err)
			}
		}
	}
	if seq < from.Seq {
		return now, fmt.Errorf("%w: entry %d: is missing; entry %d was there when the log was verified last: its tail was cut off", store.ErrLog, seq+1, from.Seq)
	}
	head, err := headIn(tx)
	if err == nil && head != chain.Head() {
		err = fmt.Errorf("%w: it ends at %s, and its head says %s", store.ErrLog, chain.Head(), head)
	}
	now = verifiedUntil{Seq: head.Seq, Hash: head.Hash, Sum: sumOf(sum)}
	now.sign(s.opt.Key)
	return now, err
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

// trusted is the note that is kept, where it is one that we would have written: under our key, or, in a
// log without one, without. Otherwise it is that of nothing.
func (s *Store) trusted(tx *bbolt.Tx) verifiedUntil {
	var v verifiedUntil
	raw := tx.Bucket(bMeta).Get(kVerified)
	if raw == nil || json.Unmarshal(raw, &v) != nil || v.Seq < 1 {
		return verifiedUntil{}
	}
	if len(s.opt.Key) == 0 {
		if v.Key != "" {
			return verifiedUntil{}
		}
		return v
	}
	pub := s.opt.Key.Public().(ed25519.PublicKey)
	sig, err := hex.DecodeString(v.Sig)
	if err != nil || v.Key != hex.EncodeToString(pub) || !ed25519.Verify(pub, v.message(), sig) {
		return verifiedUntil{}
	}
	return v
}
