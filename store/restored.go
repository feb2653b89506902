package store

import (
	"crypto/ed25519"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"time"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/outbox"
)

// Restored is kept in a database that was put back from a backup: what was posted, told and done between the two is not in it.
// Its zero value is that of a database that never was.
type Restored struct {
	At time.Time       `json:"at"`
	By approvals.Actor `json:"by"`
	// Head is the end of the audit log in the backup, and Since when that was written.
	Head  approvals.Head `json:"head"`
	Since time.Time      `json:"since"`
	// Number is the last request of the backup.
	Number int64 `json:"number"`
	// Copy says that it wasn't a backup: the database goes on from a copy of itself, such as a standby that took over.
	Copy bool `json:"copy,omitempty"`
	// Audited is set once the log has an entry about it: the key that signs is known to the bot only.
	Audited bool `json:"audited,omitempty"`
}

// Claimed is an intent as its Doer should see it. What may have been carried out in the life that the backup does not know
// is claimed, and made no later than that life began.
func (r Restored) Claimed(in outbox.Intent) outbox.Intent {
	n := approvals.NumberOf(in.Key)
	known := n != 0 && n <= r.Number
	if r.At.IsZero() || !known && in.Made.After(r.At) {
		return in
	}
	if in.Claimed.IsZero() {
		in.Claimed = r.At
	}
	if known && in.Made.After(r.Since) {
		in.Made = r.Since
	}
	return in
}

// Entry is what the audit log says of it.
func (r Restored) Entry() (approvals.Entry, error) {
	if r.Copy {
		return GoesOn(r, nil)
	}
	detail, err := json.Marshal(r.Head)
	if err != nil {
		return approvals.Entry{}, fmt.Errorf("encode audit detail: %w", err)
	}
	return approvals.Entry{At: r.At, Actor: r.By, What: "database restored from a backup", Surface: "command line", Detail: detail}, nil
}

// WentOn is what the audit log says of a database that goes on from a copy of itself.
const WentOn = "database goes on from a copy"

// Gap is the detail of such an entry: the log goes on after Head, and entries From to To are known to have followed it, in a history that
// is gone; 0: none is known.
type Gap struct {
	approvals.Head
	From int64 `json:"from_entry,omitempty"`
	To   int64 `json:"to_entry,omitempty"`
}

// GoesOn is that entry, where those entries, in their order, are known to be gone.
func GoesOn(r Restored, gone []approvals.Entry) (approvals.Entry, error) {
	gap := Gap{Head: r.Head}
	if len(gone) > 0 {
		gap.From, gap.To = gone[0].Seq, gone[len(gone)-1].Seq
	}
	detail, err := json.Marshal(gap)
	if err != nil {
		return approvals.Entry{}, fmt.Errorf("encode audit detail: %w", err)
	}
	return approvals.Entry{At: r.At, Actor: r.By, What: WentOn, Surface: "usher", Detail: detail}, nil
}

// Signs reports whether key, or none, may write the entry of the audit log after last; nil: the log is empty.
func Signs(key ed25519.PrivateKey, last []byte) (bool, error) {
	if last == nil {
		return true, nil
	}
	var e approvals.Entry
	if err := json.Unmarshal(last, &e); err != nil {
		return false, fmt.Errorf("decode last audit entry: %w", err)
	}
	if e.Key == "" {
		return len(key) == 0, nil
	}
	return len(key) > 0 && e.Key == hex.EncodeToString(key.Public().(ed25519.PublicKey)), nil
}
