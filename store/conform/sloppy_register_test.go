package conform

import (
	"context"

	"github.com/usherbot/usher/register"
)

// Record implements register.Book.
func (s *sloppy) Record(ctx context.Context, fn func(register.Tx) error) error {
	return s.commit(ctx, func(t *table) error { return fn(&sloppyTx{table: t, was: t.clone()}) })
}

// Register implements register.Book.
func (s *sloppy) Register(_ context.Context, app string) (k register.Kept, err error) {
	s.read(func(t *table) { k = t.registers[t.register(app)] })
	return k, nil
}

// register is the name under which what is kept of an app stands.
func (t *table) register(app string) string {
	if t.does == "keeps one register for all" {
		return ""
	}
	return app
}

func (t *sloppyTx) Register(app string) (register.Kept, error) {
	return t.reads().registers[t.register(app)], nil
}

func (t *sloppyTx) KeepRegister(app string, k register.Kept) error {
	if _, kept := t.registers[t.register(app)]; !kept || t.does != "keeps a register for good" {
		t.registers[t.register(app)] = k
	}
	return nil
}
