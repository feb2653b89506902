package store

import "github.com/usherbot/usher/approvals"

// LatestOf implements approvals.Tx. It walks the index of the person from its end, so it costs what it
// returns, however much the person has asked before.
func (t *txn) LatestOf(p approvals.PersonID, limit int) ([]approvals.Request, error) {
	var out []approvals.Request
	for _, n := range newest(t.tx, bPerson, prefix(string(p)), limit) {
		r, err := t.Request(n)
		if err != nil {
			return nil, err
		}
		out = append(out, r)
	}
	return out, nil
}
