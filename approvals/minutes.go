package approvals

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"time"
)

// minutes is a transaction that takes down what becomes of requests in it, for the log of whoever runs Usher.
// It is said once it is kept: fn may run several times, and what a run took down is forgotten when the next begins.
type minutes struct {
	Tx
	put   Request
	taken []passed
}

// passed is one step of a request that was kept.
type passed struct {
	is    Request
	entry Entry
}

// of is fn, with what it does taken down.
func (m *minutes) of(fn func(Tx) error) func(Tx) error {
	return func(tx Tx) error {
		m.Tx, m.taken = tx, nil
		return fn(m)
	}
}

// Put implements Tx.
func (m *minutes) Put(r Request) error {
	m.put = r
	return m.Tx.Put(r)
}

// Audit implements Tx.
func (m *minutes) Audit(e Entry) error {
	m.taken = append(m.taken, passed{m.put, e})
	return m.Tx.Audit(e)
}

// tell logs what was kept, and has it counted: a line for each event that matters to an operator; the others only where everything is logged.
// Who counts them hears first, because they may say for the log what the line is about.
func (d *Desk) tell(ctx context.Context, list []passed) {
	for _, p := range list {
		if d.Kept != nil {
			d.Kept(ctx, p.is, p.entry)
		}
		level, words := p.words()
		d.Log.LogAttrs(ctx, level, words, p.facts()...)
	}
}

// words are what happened, and how much it matters.
func (p passed) words() (slog.Level, string) {
	was, is := p.entry.Before, p.is.State
	switch {
	case p.entry.What == removedWords:
		return slog.LevelInfo, removedWords
	case was == "" && p.entry.After == "":
		return slog.LevelInfo, "an approver " + p.entry.What
	case was == "":
		return slog.LevelInfo, "request asked"
	case was == is && is == Pending && p.entry.What == (Voted{Vote: Vote{Yes: true}}).what():
		return slog.LevelInfo, "request has a yes, and needs more"
	case p.entry.What == (Queued{}).what():
		return slog.LevelInfo, "request is approved and waits in line: no seat is left"
	case p.entry.What == (Offered{}).what():
		return slog.LevelInfo, "request has a seat from the line, and is asked about first"
	case p.entry.What == (Served{}).what():
		return slog.LevelInfo, "request has a seat from the line"
	case is == Expired && p.is.Line != nil:
		return slog.LevelInfo, "request expired: no seat became free in time"
	case p.entry.What == (Rejudged{}).what():
		return slog.LevelInfo, "request is at another step: somebody who had said yes can't approve any more, or can again"
	case p.entry.What == (Escalated{}).what():
		return slog.LevelInfo, "request escalated: others can decide it too"
	case p.entry.What == (Missed{}).what():
		return slog.LevelInfo, "request has other people who can decide: somebody named in it can't any more, or can again"
	case p.entry.What == (Edited{}).what():
		return slog.LevelInfo, "request edited: its policy was found anew, and it takes every yes anew"
	case p.entry.What == (Questioned{}).what():
		return slog.LevelInfo, "request has a question for whoever asked for it"
	case p.entry.What == (Replied{}).what():
		return slog.LevelInfo, "request has an answer to a question"
	case p.entry.What == (TurnCame{}).what():
		return slog.LevelInfo, "request has its turn in its bundle"
	case p.entry.What == (Revived{}).what():
		return slog.LevelInfo, "request is to be tried after all: what it needs in its bundle is done"
	case p.is.Fell != 0 && was != is:
		return slog.LevelInfo, "request went with another of its bundle, and is " + string(is)
	case was == Failed && is == Running:
		return slog.LevelInfo, "request tried again"
	case was == InDoubt && is == Running:
		return slog.LevelInfo, "request was not carried out after all, and is tried once more"
	case p.entry.What == (TooLate{}).what():
		return slog.LevelInfo, "request can't be tried again any more: it was approved too long ago"
	case was == is:
		return slog.LevelDebug, "request changed: " + p.entry.What
	}
	return ended(is)
}

// ended are the words for the state that a request has come to.
func ended(is State) (slog.Level, string) {
	switch is {
	case Running:
		return slog.LevelDebug, "request is being carried out"
	case Canceled:
		return slog.LevelInfo, "request taken back"
	case Expired:
		return slog.LevelInfo, "request expired: nobody decided in time"
	case Failed:
		return slog.LevelWarn, "request failed"
	case InDoubt:
		return slog.LevelWarn, "request in doubt: the vendor's answer was lost, and its list doesn't show what happened"
	}
	return slog.LevelInfo, "request " + string(is) // approved, denied, done
}

// facts are which request it is, who did it, and what else one wants to know at once.
func (p passed) facts() []slog.Attr {
	r, e := p.is, p.entry
	if e.What == removedWords {
		return []slog.Attr{slog.String("removed", string(e.Detail))}
	}
	if e.Before == "" && e.After == "" { // it is about who decides, and no request
		return []slog.Attr{slog.String("by", string(e.Actor)), slog.String("via", e.Surface), slog.String("absence", string(e.Detail))}
	}
	out := []slog.Attr{slog.Int64("request", r.Number), slog.String("by", string(e.Actor)), slog.String("via", e.Surface)}
	if e.Before == "" {
		out = append(out, slog.String("wants", string(r.Action)), slog.String("app", r.App.ID), slog.String("for", r.Change.Email),
			slog.String("policy", r.Rule.Policy), slog.Time("expires", r.Expires.UTC().Truncate(time.Second)))
	}
	if r.Override != "" && e.Before == Pending {
		out = append(out, slog.Bool("past_the_policy", true))
	}
	switch {
	case e.Before == r.State:
	case r.State == InDoubt && r.Doubt != nil:
		out = append(out, slog.String("tried", r.Doubt.Tried.Plain()), slog.String("seen", r.Doubt.Seen.Plain()))
	case r.State == Failed && r.Outcome != nil:
		out = append(out, slog.String("why", r.Outcome.Text.Plain()))
	case r.State == Done && r.Outcome != nil:
		out = append(out, slog.String("account", r.Outcome.AccountID), slog.String("after", r.Outcome.At.Sub(r.Asked).Truncate(time.Second).String()))
	}
	return out
}

// made is what a transaction made of a request. Where it was kept though the store could not say so,
// the second run finds exactly that, and must not take its own work for somebody else's.
type made struct{ raw []byte }

func (m *made) note(r Request) (err error) {
	if m.raw, err = json.Marshal(r); err != nil {
		return fmt.Errorf("encode request #%d: %w", r.Number, err)
	}
	return nil
}

func (m *made) is(r Request) bool {
	raw, err := json.Marshal(r)
	return err == nil && m.raw != nil && bytes.Equal(raw, m.raw)
}
