package postgres

import (
	"context"
	"maps"
	"slices"
	"strings"
)

// What reports showed last stands on the shelf under the report's name. What else stands there has a name that no report can
// have, the same as in bolt's file.
const (
	onCensus   = "/census/"
	onDays     = "history/"
	onAccounts = "accounts/"
)

// Snapshot implements reports.Memory.
func (s *Store) Snapshot(ctx context.Context, report string) ([]byte, error) {
	return s.bytes(ctx, "select value from usher.shelf where name = $1", text(report))
}

// KeepSnapshot implements reports.Memory.
func (s *Store) KeepSnapshot(ctx context.Context, report string, raw []byte) error {
	return s.note(ctx, func(t *txn) error { return t.set("shelf", report, raw) })
}

// AmendSnapshot implements reports.Memory.
func (s *Store) AmendSnapshot(ctx context.Context, report string, was, raw []byte) (kept bool, err error) {
	return s.amend(ctx, "shelf", report, was, raw)
}

// amend keeps a value where what stands there is still was; nil: nothing. The row decides: who comes second finds it
// changed, or there.
func (s *Store) amend(ctx context.Context, table, name string, was, raw []byte) (kept bool, err error) {
	sql, args := "insert into usher."+table+" (name, value) values ($1, $2) on conflict do nothing", []any{text(name), notNil(raw)}
	if was != nil {
		sql, args = "update usher."+table+" set value = $2 where name = $1 and value = $3", append(args, was)
	}
	err = s.note(ctx, func(t *txn) error {
		tag, err := t.conn.Exec(ctx, sql, args...)
		kept = err == nil && tag.RowsAffected() == 1
		t.dirty = kept
		return t.stumble(err)
	})
	return kept && err == nil, err
}

// Learned is what was found out under a name, or nil.
func (s *Store) Learned(ctx context.Context, name string) ([]byte, error) {
	return s.bytes(ctx, "select value from usher.meta where name = $1", text("learned/"+name))
}

// Learn keeps what was found out under a name.
func (s *Store) Learn(ctx context.Context, name string, raw []byte) error {
	return s.note(ctx, func(t *txn) error { return t.set("meta", "learned/"+name, raw) })
}

// Relearn keeps what was found out under a name where what stands there is still was.
func (s *Store) Relearn(ctx context.Context, name string, was, raw []byte) (kept bool, err error) {
	return s.amend(ctx, "meta", "learned/"+name, was, raw)
}

// Pieces lists what is kept of censuses under names that begin so, in their order.
func (s *Store) Pieces(ctx context.Context, pre string) ([]string, error) {
	return s.names(ctx, "select substr(name, $3) from usher.shelf where name >= $1 and name < $2 order by name", onCensus+pre, after(onCensus+pre), int64(len(onCensus)+1))
}

// Piece is what is kept of a census under a name, or nil.
func (s *Store) Piece(ctx context.Context, name string) ([]byte, error) {
	return s.Snapshot(ctx, onCensus+name)
}

// Shelve keeps pieces of censuses and drops others, in one transaction.
func (s *Store) Shelve(ctx context.Context, keep map[string][]byte, drop []string) error {
	return s.note(ctx, func(t *txn) error {
		for _, name := range slices.Sorted(slices.Values(drop)) {
			if err := t.exec("delete from usher.shelf where name = $1", text(onCensus+name)); err != nil {
				return err
			}
		}
		for _, name := range slices.Sorted(maps.Keys(keep)) {
			if err := t.set("shelf", onCensus+name, keep[name]); err != nil {
				return err
			}
		}
		return nil
	})
}

// HistoryApps implements history.Memory.
func (s *Store) HistoryApps(ctx context.Context) ([]string, error) {
	return s.names(ctx, "select distinct split_part(name, '/', 2) collate \"C\" from usher.shelf where name >= $1 and name < $2 order by 1", onDays, after(onDays))
}

// HistoryDays implements history.Memory.
func (s *Store) HistoryDays(ctx context.Context, app, from string, each func(day string, figures []byte)) error {
	type of struct {
		day     string
		figures []byte
	}
	var days []of
	under := text(onDays + app + "/")
	err := s.read(ctx, func(ctx context.Context) error {
		days = nil
		rows, err := s.pool.Query(ctx, "select name, value from usher.shelf where name >= $1 and name < $2 order by name", under+from, after(under))
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var d of
			if err := rows.Scan(&d.day, &d.figures); err != nil {
				return err
			}
			days = append(days, d)
		}
		return rows.Err()
	})
	for _, d := range days {
		if err == nil {
			each(strings.TrimPrefix(d.day, under), d.figures)
		}
	}
	return err
}

// HistoryAccounts implements history.Memory.
func (s *Store) HistoryAccounts(ctx context.Context, app, day string) ([]byte, error) {
	return s.Snapshot(ctx, onAccounts+app+"/"+day)
}

// KeepDay implements history.Memory. It passes the gate: that there is no later day must hold until it is kept.
func (s *Store) KeepDay(ctx context.Context, app, last, day string, figures, accounts []byte) (kept bool, err error) {
	under := text(onDays + app + "/")
	err = s.decide(ctx, func(t *txn) error {
		kept = false
		is := ""
		if _, err := t.one(&is, "select name from usher.shelf where name >= $1 and name < $2 order by name desc limit 1", under, after(under)); err != nil {
			return err
		}
		if strings.TrimPrefix(is, under) != last || day <= last {
			return nil
		}
		kept = true
		if err := t.set("shelf", onDays+app+"/"+day, figures); err != nil {
			return err
		}
		return t.set("shelf", onAccounts+app+"/"+day, accounts)
	})
	return kept && err == nil, err
}

// ForgetDays implements history.Memory.
func (s *Store) ForgetDays(ctx context.Context, app, from, before string) error {
	return s.decide(ctx, func(t *txn) error {
		for _, under := range []string{text(onDays + app + "/"), text(onAccounts + app + "/")} {
			end := after(under)
			if before != "" {
				end = under + before
			}
			if err := t.exec("delete from usher.shelf where name >= $1 and name < $2", under+from, end); err != nil {
				return err
			}
		}
		return nil
	})
}
