package bolt

import (
	"context"
	"encoding/json"
	"fmt"

	"go.etcd.io/bbolt"

	"github.com/usherbot/usher/register"
)

var _ register.Book = (*Store)(nil)

// registerOf is where what is kept of an app's members stands: among what reports showed last, as it is what a list showed last.
// No report can be called so. It was added while the schema was 4: who reads a file without it finds no list imported.
func registerOf(app string) []byte { return []byte("register/" + app) }

// Record implements register.Book.
func (s *Store) Record(ctx context.Context, fn func(register.Tx) error) error {
	return s.update(ctx, func(t *txn) error { return fn(t) })
}

// Register implements register.Book.
func (s *Store) Register(ctx context.Context, app string) (k register.Kept, err error) {
	err = s.view(ctx, func(tx *bbolt.Tx) error {
		k, err = (&txn{tx: tx}).Register(app)
		return err
	})
	return k, err
}

// Register implements register.Tx.
func (t *txn) Register(app string) (k register.Kept, err error) {
	raw := t.tx.Bucket(bReports).Get(registerOf(app))
	if raw == nil {
		return k, nil
	}
	if err := json.Unmarshal(raw, &k); err != nil {
		return k, fmt.Errorf("decode the register of %s: %w", app, err)
	}
	return k, nil
}

// KeepRegister implements register.Tx.
func (t *txn) KeepRegister(app string, k register.Kept) error {
	return t.putJSON(bReports, registerOf(app), k)
}
