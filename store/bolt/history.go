package bolt

import (
	"bytes"
	"context"
	"slices"
	"strings"

	"go.etcd.io/bbolt"
)

// Days stand beside what reports and lists showed last, under names that no report can have: their figures apart from their accounts,
// so that a trend reads no accounts. They were added while the schema was 4: who reads a file without them finds no day remembered.
const (
	kDays     = "history/"
	kAccounts = "accounts/"
)

// daysOf is before the name of each day of an app, and accountsOf before that of its accounts.
func daysOf(app string) string     { return kDays + app + "/" }
func accountsOf(app string) string { return kAccounts + app + "/" }

// HistoryApps implements history.Memory.
func (s *Store) HistoryApps(ctx context.Context) (apps []string, err error) {
	err = s.view(ctx, func(tx *bbolt.Tx) error {
		c := tx.Bucket(bReports).Cursor()
		for k, _ := c.Seek([]byte(kDays)); bytes.HasPrefix(k, []byte(kDays)); {
			app, _, _ := strings.Cut(strings.TrimPrefix(string(k), kDays), "/")
			apps = append(apps, app)
			k, _ = c.Seek([]byte(daysOf(app) + "\xff"))
		}
		return nil
	})
	slices.Sort(apps)
	return apps, err
}

// HistoryDays implements history.Memory.
func (s *Store) HistoryDays(ctx context.Context, app, from string, each func(day string, figures []byte)) error {
	under := daysOf(app)
	return s.view(ctx, func(tx *bbolt.Tx) error {
		c := tx.Bucket(bReports).Cursor()
		for k, v := c.Seek([]byte(under + from)); bytes.HasPrefix(k, []byte(under)); k, v = c.Next() {
			each(strings.TrimPrefix(string(k), under), bytes.Clone(v))
		}
		return nil
	})
}

// HistoryAccounts implements history.Memory.
func (s *Store) HistoryAccounts(ctx context.Context, app, day string) (raw []byte, err error) {
	err = s.view(ctx, func(tx *bbolt.Tx) error {
		raw = bytes.Clone(tx.Bucket(bReports).Get([]byte(accountsOf(app) + day)))
		return nil
	})
	return raw, err
}

// KeepDay implements history.Memory.
func (s *Store) KeepDay(ctx context.Context, app, last, day string, figures, accounts []byte) (kept bool, err error) {
	err = s.update(ctx, func(t *txn) error {
		kept = false
		if lastDay(t.tx, app) != last || day <= last {
			return nil
		}
		kept = true
		if err := t.put(bReports, []byte(daysOf(app)+day), figures); err != nil {
			return err
		}
		return t.put(bReports, []byte(accountsOf(app)+day), accounts)
	})
	return kept && err == nil, err
}

// lastDay is the last day that is kept of an app, or "".
func lastDay(tx *bbolt.Tx, app string) string {
	under := daysOf(app)
	c := tx.Bucket(bReports).Cursor()
	k, _ := c.Seek([]byte(under + "\xff"))
	if k == nil {
		k, _ = c.Last()
	} else {
		k, _ = c.Prev()
	}
	day, _ := strings.CutPrefix(string(k), under)
	if !bytes.HasPrefix(k, []byte(under)) {
		return ""
	}
	return day
}

// ForgetDays implements history.Memory.
func (s *Store) ForgetDays(ctx context.Context, app, from, before string) error {
	return s.update(ctx, func(t *txn) error {
		for _, under := range []string{daysOf(app), accountsOf(app)} {
			for _, k := range keysIn(t.tx, under, from, before) {
				if err := t.delete(bReports, k); err != nil {
					return err
				}
			}
		}
		return nil
	})
}

// keysIn are the keys under a name, from one on and before another, each "" for no bound.
func keysIn(tx *bbolt.Tx, under, from, before string) (keys [][]byte) {
	c := tx.Bucket(bReports).Cursor()
	for k, _ := c.Seek([]byte(under + from)); bytes.HasPrefix(k, []byte(under)); k, _ = c.Next() {
		if before != "" && string(k) >= under+before {
			break
		}
		keys = append(keys, bytes.Clone(k))
	}
	return keys
}
