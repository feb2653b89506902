package bolt

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"github.com/usherbot/usher/approvals"
)

// stockOf is where what is known of an app's seats is kept. It was added while the schema was 3: who reads a file without
// it knows nothing of them, and counts anew.
func stockOf(app string) []byte { return []byte("stock/" + app) }

// OpenIn implements approvals.Tx: the index of what is open about an address begins with the app.
func (t *txn) OpenIn(app string) (out []approvals.Request, err error) {
	err = eachNumber(t.tx, bSubject, prefix(app), func(n int64) error {
		r, err := t.Request(n)
		if err == nil {
			out = append(out, r)
		}
		return err
	})
	return out, err
}

// DoneIn implements approvals.Tx. It reads all that was ever done, so it is for what is reckoned once.
func (t *txn) DoneIn(app string) (out []approvals.Request, err error) {
	for _, s := range []approvals.State{approvals.Done, approvals.Ended} {
		err = errors.Join(err, eachNumber(t.tx, bState, prefix(string(s)), func(n int64) error {
			r, err := t.Request(n)
			if err == nil && r.App.ID == app {
				out = append(out, r)
			}
			return err
		}))
	}
	slices.SortFunc(out, func(a, b approvals.Request) int { return cmp.Compare(a.Number, b.Number) })
	return out, err
}

// Stock implements approvals.Tx.
func (t *txn) Stock(app string) (s approvals.Stock, err error) {
	raw := t.tx.Bucket(bMeta).Get(stockOf(app))
	if raw == nil {
		return s, nil
	}
	if err := json.Unmarshal(raw, &s); err != nil {
		return s, fmt.Errorf("decode the seats of %s: %w", app, err)
	}
	return s, nil
}

// KeepStock implements approvals.Tx.
func (t *txn) KeepStock(app string, s approvals.Stock) error {
	return t.putJSON(bMeta, stockOf(app), s)
}
