package manystore

import (
	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/outbox"
)

// noting is a transaction that notes whether anything was written.
type noting struct {
	approvals.Tx
	writes bool
}

// Put implements approvals.Tx.
func (t *noting) Put(r approvals.Request) error { t.writes = true; return t.Tx.Put(r) }

// Audit implements approvals.Tx.
func (t *noting) Audit(e approvals.Entry) error { t.writes = true; return t.Tx.Audit(e) }

// Change implements approvals.Tx.
func (t *noting) Change(c outbox.Change) error { t.writes = true; return t.Tx.Change(c) }

// KeepStock implements approvals.Tx.
func (t *noting) KeepStock(app string, s approvals.Stock) error {
	t.writes = true
	return t.Tx.KeepStock(app, s)
}

// KeepTurn implements approvals.Tx.
func (t *noting) KeepTurn(app string, id approvals.PersonID) error {
	t.writes = true
	return t.Tx.KeepTurn(app, id)
}

// KeepAbsences implements approvals.Tx.
func (t *noting) KeepAbsences(all []approvals.Absence) error {
	t.writes = true
	return t.Tx.KeepAbsences(all)
}
