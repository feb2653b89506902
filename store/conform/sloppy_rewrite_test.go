package conform

import (
	"bytes"
	"context"
	"encoding/json"
	"maps"
	"slices"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/outbox"
	"github.com/usherbot/usher/store/cargo"
)

// Unload implements store.Operated, for the kinds that rules rewrite.
func (s *sloppy) Unload(_ context.Context, put cargo.Put) (err error) {
	s.read(func(t *table) {
		for _, i := range t.things() {
			if err == nil {
				err = put(i)
			}
		}
	})
	return err
}

func (t *table) things() (all []cargo.Item) {
	for _, n := range slices.Sorted(maps.Keys(t.requests)) {
		all = append(all, cargo.Item{Kind: cargo.Request, N: n, Line: asLine(t.requests[n])})
	}
	for _, key := range slices.Sorted(maps.Keys(t.intents)) {
		all = append(all, cargo.Item{Kind: cargo.Promise, Name: key, Line: asLine(t.intents[key])})
	}
	for _, key := range slices.Sorted(maps.Keys(t.receipts)) {
		all = append(all, cargo.Item{Kind: cargo.Receipt, Name: key, Line: asLine(t.receipts[key])})
	}
	for _, name := range slices.Sorted(maps.Keys(t.learned)) {
		all = append(all, cargo.Item{Kind: cargo.Meta, Name: "learned/" + name, Line: t.learned[name]})
	}
	for _, name := range slices.Sorted(maps.Keys(t.snapshots)) {
		all = append(all, cargo.Item{Kind: cargo.Shelf, Name: name, Line: t.snapshots[name]})
	}
	return all
}

func asLine(v any) []byte {
	raw, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return raw
}

// Rewrite implements store.Operated.
func (s *sloppy) Rewrite(ctx context.Context, all []cargo.Rewritten, also func(tx approvals.Tx, done int) error) (done int, err error) {
	err = s.commit(ctx, func(t *table) error {
		done = 0
		for _, r := range all {
			for _, i := range t.things() {
				if i.Kind != r.Was.Kind || i.N != r.Was.N || i.Name != r.Was.Name {
					continue
				}
				if !bytes.Equal(i.Line, r.Was.Line) && s.does != "rewrites what has changed meanwhile" {
					if s.does == "counts what it didn't rewrite" {
						done++
					}
					continue
				}
				done++
				if err := t.rewrite(r); err != nil {
					return err
				}
			}
		}
		if also == nil || s.does == "rewrites and does nothing else" {
			return nil
		}
		return also(&sloppyTx{table: t, was: t.clone()}, done)
	})
	return done, err
}

func (t *table) rewrite(r cargo.Rewritten) (err error) {
	switch name := r.Was.Name; r.Was.Kind {
	case cargo.Request:
		t.requests[r.Was.N], err = fromLine[approvals.Request](r.Line)
	case cargo.Promise:
		t.intents[name], err = fromLine[outbox.Intent](r.Line)
	case cargo.Receipt:
		if t.does != "rewrites no receipts" {
			t.receipts[name], err = fromLine[outbox.Receipt](r.Line)
		}
	case cargo.Meta:
		t.learned[name[len("learned/"):]] = r.Line
	case cargo.Shelf:
		t.snapshots[name] = r.Line
	}
	return err
}

func fromLine[T any](line []byte) (v T, err error) { return v, json.Unmarshal(line, &v) }

// Scrub implements store.Operated.
func (s *sloppy) Scrub(ctx context.Context) error {
	return s.commit(ctx, func(t *table) error {
		if t.does == "scrubs what is needed" {
			clear(t.snapshots)
		}
		return nil
	})
}
