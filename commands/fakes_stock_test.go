package commands

import "github.com/usherbot/usher/approvals"

// OpenIn implements approvals.Tx; it reads what the transaction has itself written.
func (tx *memoryTx) OpenIn(app string) (out []approvals.Request, err error) {
	for _, r := range tx.b.sorted(func(approvals.Request) bool { return true }) {
		if own, written := tx.put[r.Number]; written {
			r = own
		}
		if r.App.ID == app && !r.State.Terminal() {
			out = append(out, r)
		}
	}
	return out, nil
}

// DoneIn implements approvals.Tx.
func (tx *memoryTx) DoneIn(app string) (out []approvals.Request, err error) {
	return tx.b.sorted(func(r approvals.Request) bool {
		return r.App.ID == app && (r.State == approvals.Done || r.State == approvals.Ended)
	}), nil
}

// Stock implements approvals.Tx: of these apps nothing is kept.
func (tx *memoryTx) Stock(string) (approvals.Stock, error) { return approvals.Stock{}, nil }

// KeepStock implements approvals.Tx.
func (tx *memoryTx) KeepStock(string, approvals.Stock) error { return nil }

// Turn implements approvals.Tx: no app here has tasks.
func (tx *memoryTx) Turn(string) (approvals.PersonID, error) { return "", nil }

// KeepTurn implements approvals.Tx.
func (tx *memoryTx) KeepTurn(string, approvals.PersonID) error { return nil }

// Owed implements approvals.Tx.
func (*memoryTx) Owed([]string) (bool, error) { return false, nil }

// Remove implements approvals.Tx.
func (*memoryTx) Remove(approvals.Removed, []string) error { return nil }
