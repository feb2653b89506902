package store

import (
	"crypto/ed25519"
	"encoding/json"
	"fmt"
	"hash"

	"github.com/usherbot/usher/approvals"
)

// Running is a log that was verified up to its head, and whose sum goes on with each entry that is written.
type Running struct {
	head  approvals.Head
	noted int64
	sum   hash.Hash
}

// Head is the entry that was added last.
func (r *Running) Head() approvals.Head { return r.head }

// Clone is the same log, to which something else may be added. Nothing comes of nothing.
func (r *Running) Clone() *Running {
	if r == nil {
		return nil
	}
	sum, err := r.sum.(hash.Cloner).Clone()
	if err != nil {
		return nil
	}
	return &Running{head: r.head, noted: r.noted, sum: sum}
}

// Add has the sum go on with the entry that was written, which is the head by then.
func (r *Running) Add(head approvals.Head, line []byte) {
	addLine(r.sum, line)
	r.head = head
}

// Due reports whether so many entries were added that their head is to be noted.
func (r *Running) Due() bool { return r.head.Seq >= r.noted+renewAfter }

// Note is what is to be kept of it from now on.
func (r *Running) Note(key ed25519.PrivateKey) ([]byte, error) {
	v := verifiedUntil{Seq: r.head.Seq, Hash: r.head.Hash, Sum: sumOf(r.sum)}
	v.sign(key)
	next, err := json.Marshal(v)
	if err != nil {
		return nil, fmt.Errorf("encode how far the audit log was verified: %w", err)
	}
	r.noted = r.head.Seq
	return next, nil
}
