package manystore

import "context"

// Learn implements store.Lessons.
func (s *Store) Learn(ctx context.Context, name string, raw []byte) error {
	return s.write(func() error { return s.Store.Learn(ctx, name, raw) })
}

// Relearn implements store.Lessons.
func (s *Store) Relearn(ctx context.Context, name string, was, raw []byte) (kept bool, err error) {
	err = s.write(func() (err error) { kept, err = s.Store.Relearn(ctx, name, was, raw); return err })
	return kept && err == nil, err
}

// KeepSnapshot implements store.Memory.
func (s *Store) KeepSnapshot(ctx context.Context, report string, raw []byte) error {
	return s.write(func() error { return s.Store.KeepSnapshot(ctx, report, raw) })
}

// AmendSnapshot implements store.Memory.
func (s *Store) AmendSnapshot(ctx context.Context, report string, was, raw []byte) (kept bool, err error) {
	err = s.write(func() (err error) { kept, err = s.Store.AmendSnapshot(ctx, report, was, raw); return err })
	return kept && err == nil, err
}

// Shelve implements store.Memory.
func (s *Store) Shelve(ctx context.Context, keep map[string][]byte, drop []string) error {
	return s.write(func() error { return s.Store.Shelve(ctx, keep, drop) })
}

// KeepDay implements store.Memory.
func (s *Store) KeepDay(ctx context.Context, app, last, day string, figures, accounts []byte) (kept bool, err error) {
	err = s.write(func() (err error) { kept, err = s.Store.KeepDay(ctx, app, last, day, figures, accounts); return err })
	return kept && err == nil, err
}

// ForgetDays implements store.Memory.
func (s *Store) ForgetDays(ctx context.Context, app, from, before string) error {
	return s.write(func() error { return s.Store.ForgetDays(ctx, app, from, before) })
}
