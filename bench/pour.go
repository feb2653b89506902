package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/outbox"
	"github.com/usherbot/usher/store/bolt"
	"github.com/usherbot/usher/store/cargo"
)

// filled makes the database of a folder of what is poured, as a move from another store does.
func filled(ctx context.Context, dir string, pour cargo.Pour) error {
	berth, err := bolt.Reach(ctx, dir)
	if err != nil {
		return fmt.Errorf("reach the folder: %w", err)
	}
	_, err = berth.Load(ctx, cargo.Loading{At: time.Now(), Pour: pour, Held: func(cargo.Pour) error { return nil }})
	if err = errors.Join(err, berth.Release()); err != nil {
		return fmt.Errorf("fill the folder: %w", err)
	}
	return nil
}

// copies are n requests like one, for other addresses and of other people, each with three entries in the log, its card, and what was
// said to whoever asked.
func copies(r approvals.Request, n int) cargo.Pour {
	return func(ctx context.Context, put cargo.Put) error {
		p := &pouring{put: put, n: int64(n)}
		lines, head, err := logged(r, p.n)
		if err != nil {
			return err
		}
		p.take(cargo.Item{Kind: cargo.Number, N: p.n})
		p.take(cargo.Item{Kind: cargo.Revision, N: p.n})
		p.take(cargo.Item{Kind: cargo.Head, N: head.Seq, Name: head.Hash})
		for i := int64(1); i <= p.n && ctx.Err() == nil; i++ {
			p.line(cargo.Item{Kind: cargo.Request, N: i}, copyOf(r, i))
		}
		for i := int64(1); i <= p.n; i++ {
			p.take(cargo.Item{Kind: cargo.Seen, N: i, Name: copyOf(r, i).Origin.Key, Month: r.Asked.UTC().Format("200601")})
		}
		for i, line := range lines {
			p.take(cargo.Item{Kind: cargo.Entry, N: int64(i + 1), Line: line})
		}
		for _, key := range []func(int64) string{approvals.CardKey, func(i int64) string { return approvals.TellKey(i, r.State, r.Attempt) }} {
			for i := int64(1); i <= p.n; i++ {
				p.line(cargo.Item{Kind: cargo.Receipt, Name: key(i)}, outbox.Receipt{Key: key(i), Place: "C0APPROVE", ID: "1795000000.000100"})
			}
		}
		p.take(cargo.Item{Kind: cargo.Meta, Name: "life", Line: []byte(`{"id":"bench"}`)})
		return errors.Join(p.err, ctx.Err())
	}
}

// pouring hands on what it is given until something goes wrong.
type pouring struct {
	put cargo.Put
	n   int64
	err error
}

func (p *pouring) take(i cargo.Item) {
	if p.err == nil {
		p.err = p.put(i)
	}
}

func (p *pouring) line(i cargo.Item, of any) {
	line, err := json.Marshal(of)
	i.Line, p.err = line, errors.Join(p.err, err)
	p.take(i)
}

// copyOf is the i-th copy of a request. One of twenty of each person's is for themselves.
func copyOf(r approvals.Request, i int64) approvals.Request {
	r.Number, r.Origin.Key, r.Change.Email, r.Requester = i, fmt.Sprintf("fill.%d", i), oldEmail(i), approvals.PersonID(person(int(i)/perPerson))
	if i%perPerson == 0 {
		r.Change.Person = r.Requester
	}
	return r
}

// oldEmail is the address of the i-th request that is over.
func oldEmail(i int64) string { return fmt.Sprintf("old%07d@acme.example", i) }

// logged is the log of n requests like one, and its head.
func logged(r approvals.Request, n int64) (lines [][]byte, head approvals.Head, err error) {
	life := []approvals.Entry{{What: "asked", After: approvals.Pending}, {What: "voted yes", Before: approvals.Pending, After: approvals.Approved}, {What: "deed seen done", Before: approvals.Running, After: r.State}}
	for i := range 3 * n {
		e := life[i%3]
		e.At, e.Actor, e.Request, e.Surface = r.Asked, approvals.Actor(r.Requester), i/3+1, "slack"
		line, next, err := approvals.Seal(e, head, nil)
		if err != nil {
			return nil, head, fmt.Errorf("write the log: %w", err)
		}
		lines, head = append(lines, line), next
	}
	return lines, head, nil
}
