package bolt

import "github.com/usherbot/usher/approvals"

// Latest implements approvals.Tx. It walks the index of the person from its end and decodes one request, so
// it costs what it skips, however much the person has asked before.
func (t *txn) Latest(p approvals.PersonID, n int) (approvals.Request, bool, error) {
	numbers := newest(t.tx, bPerson, prefix(string(p)), 0, n)
	if n < 1 || len(numbers) < n {
		return approvals.Request{}, false, nil
	}
	r, err := t.Request(numbers[n-1])
	return r, err == nil, err
}
