package bolt

import "github.com/usherbot/usher/approvals"

// turnOf is where it is kept who last had a task of an app in turn. It was added while the schema was 3: who reads a file
// without it begins with the first.
func turnOf(app string) []byte { return []byte("turn/" + app) }

// Turn implements approvals.Tx.
func (t *txn) Turn(app string) (approvals.PersonID, error) {
	return approvals.PersonID(t.tx.Bucket(bMeta).Get(turnOf(app))), nil
}

// KeepTurn implements approvals.Tx.
func (t *txn) KeepTurn(app string, id approvals.PersonID) error {
	return t.put(bMeta, turnOf(app), []byte(id))
}
