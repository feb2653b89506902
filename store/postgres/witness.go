package postgres

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"

	"github.com/jackc/pgx/v5"

	"github.com/usherbot/usher/approvals"
)

// remembered is how many of the last entries of the audit log a process has in mind: more than are written while a standby is
// behind by minutes.
const remembered = 1000

// witness is what a process knows to be in the audit log: what it has written itself, as soon as that was kept, and what it reads of
// the others with each renewal of leases. Everything people are told of has an entry, so after a failover this tells what
// is gone. It is in memory only: what nobody lives to remember can't be told apart from what never was.
type witness struct {
	entries map[int64]kept
	// until is the last entry that was read.
	until int64
}

// kept is an entry as it stands in the log.
type kept struct {
	hash string
	line []byte
}

// saw notes entries, and forgets those of long ago.
func (w *witness) saw(entries map[int64]kept) {
	if w.entries == nil {
		w.entries = map[int64]kept{}
	}
	maps.Copy(w.entries, entries)
	if len(w.entries) <= 2*remembered {
		return
	}
	last := slices.Max(slices.Collect(maps.Keys(w.entries)))
	maps.DeleteFunc(w.entries, func(seq int64, _ kept) bool { return seq <= last-remembered })
}

// keptLast notes what a transaction has kept.
func (t *txn) keptLast() {
	if len(t.sealed) == 0 {
		return
	}
	t.s.mu.Lock()
	defer t.s.mu.Unlock()
	t.s.witness.saw(t.sealed)
}

// attend reads what the log has grown by, at the start its end.
func (s *Store) attend(ctx context.Context) error {
	s.mu.Lock()
	until := s.witness.until
	s.mu.Unlock()
	entries := map[int64]kept{}
	err := s.read(ctx, func(ctx context.Context) error {
		rows, err := s.pool.Query(ctx, "select seq, hash, line from usher.audit where seq > $1 order by seq desc limit $2", until, remembered)
		if err != nil {
			return err
		}
		var seq int64
		var k kept
		_, err = pgx.ForEachRow(rows, []any{&seq, &k.hash, &k.line}, func() error {
			entries[seq], until = k, max(until, seq)
			k.line = nil
			return nil
		})
		return err
	})
	if err != nil {
		return fmt.Errorf("read the end of the audit log: %w", err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.witness.saw(entries)
	s.witness.until = until
	return nil
}

// missing are the entries that this process has seen, that aren't in the log, and of which nobody has told yet, in their order.
func (t *txn) missing(told []lostEntry) ([]approvals.Entry, error) {
	t.s.mu.Lock()
	seen := maps.Clone(t.s.witness.entries)
	t.s.mu.Unlock()
	if len(seen) == 0 {
		return nil, nil
	}
	rows, err := t.conn.Query(t.ctx, "select seq, hash from usher.audit where seq >= $1", slices.Min(slices.Collect(maps.Keys(seen))))
	if err != nil {
		return nil, t.stumble(err)
	}
	there, err := pgx.CollectRows(rows, pgx.RowToStructByPos[approvals.Head])
	if err != nil {
		return nil, t.stumble(err)
	}
	for _, e := range told {
		there = append(there, e.Head)
	}
	for _, h := range there {
		if seen[h.Seq].hash == h.Hash {
			delete(seen, h.Seq)
		}
	}
	var gone []approvals.Entry
	for seq, k := range seen {
		var e approvals.Entry
		if err := json.Unmarshal(k.line, &e); err != nil {
			return nil, fmt.Errorf("decode audit entry %d: %w", seq, err)
		}
		gone = append(gone, e)
	}
	slices.SortFunc(gone, func(a, b approvals.Entry) int { return cmp.Compare(a.Seq, b.Seq) })
	return gone, nil
}

// lostEntry is one that is known to be gone, and was told of. It is stored as JSON: fields may be added, never renamed.
type lostEntry struct {
	approvals.Head
	Request int64 `json:"request,omitempty"`
}

// lostEntries is where those stand.
const lostEntries = "lost"

func (t *txn) lost() (told []lostEntry, err error) {
	_, err = t.shelved("meta", lostEntries, &told)
	return told, err
}

// mourn notes which entries are told of, in the same transaction as that is promised, so that no other process does too.
func (t *txn) mourn(told []lostEntry, gone []approvals.Entry) error {
	if len(gone) == 0 {
		return nil
	}
	for _, e := range gone {
		told = append(told, lostEntry{approvals.Head{Seq: e.Seq, Hash: e.Hash}, e.Request})
	}
	return t.setJSON("meta", lostEntries, told)
}

// forget drops what is known to be gone, once that is kept: what takes its place in the log is another entry.
func (w *witness) forget(gone []approvals.Entry) {
	for _, e := range gone {
		if w.entries[e.Seq].hash == e.Hash {
			delete(w.entries, e.Seq)
		}
		w.until = min(w.until, e.Seq-1)
	}
}
