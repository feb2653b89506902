// Package outbox is the durable promise: what Usher has decided to do and has not yet seen done.
//
// An Intent is a promise under a key that names what it is for ("deed/12", "card/12",
// "tell/12/requester/done", "expire/12", "report/weekly-seats/2026-11-23T09:00"). Because the key
// names the purpose, the same promise cannot be made twice; because it carries a time before which
// it sleeps, timers and retries are intents too, and a restart loses none of them.
//
// The life of one intent:
//
//	promised ──► claimed ──► done            (forgotten, or kept as a Receipt)
//	    ▲           │
//	    └───────────┴──► retry later, or done until later   (sleeps until its new due time)
//
// A claim is kept before a Doer acts, by the Worker or by a store with the promise itself. A claim that is found without a result
// means that an earlier life of the program may already have acted: the Doer is told so
// (Job.Retaken) and must look before it acts. Starting up is therefore no special case: the same
// worker reads the same table.
//
// Two changes to one key before a delivery make one delivery. A change that arrives while the key
// is being delivered raises its revision, so that the delivery under way does not swallow it.
//
// Neighbours: approvals makes promises together with its state, in one transaction; store keeps
// them; bot (messages) and provision (deeds) and reports carry them out. This package imports
// nothing of ours and knows neither Slack nor any vendor.
package outbox

import (
	"encoding/json"
	"strings"
	"time"
)

// Intent is one promise. It is stored as JSON: fields may be added, never renamed or retyped.
type Intent struct {
	// Key names what the promise is for; its first path element is the kind, which picks the Doer.
	Key string `json:"key"`
	// Due is the moment before which the promise sleeps.
	Due time.Time `json:"due"`
	// Rev rises with each Put under the same key, and is another once the key was dropped; a result counts only
	// for the revision it was claimed at.
	Rev int64 `json:"rev"`
	// Claimed is when a worker last began to carry it out and wrote no result since; zero when nobody did.
	Claimed time.Time `json:"claimed,omitzero"`
	// Token numbers the last claim: each has another, and a later one a higher, whoever makes it; 0: nobody ever
	// claimed it. It stays when a claim ends, so that who was paused meanwhile is known from who came after them.
	Token int64 `json:"token,omitempty"`
	// Tries counts the deliveries that ended in "retry later".
	Tries int `json:"tries,omitempty"`
	// Made is when the promise was first made.
	Made time.Time `json:"made"`
	// Since is when what is owed at once (AtOnce) was promised so; Due does not say.
	Since time.Time `json:"since,omitzero"`
	// Body is what the promise is about beyond its key; it never changes.
	Body json.RawMessage `json:"body,omitempty"`
	// Note is what the Doer wrote down before an outward call, for whoever finds the claim later.
	Note json.RawMessage `json:"note,omitempty"`
	// Implied is when a promise was born claimed under which an act may have begun since, within Fresh, of which nothing is noted.
	Implied time.Time `json:"implied,omitzero"`
	// Place is where that act would be, where it was known when the promise was made.
	Place string `json:"place,omitempty"`
	// Why is the last reason for a retry, for operators.
	Why string `json:"why,omitempty"`
}

// Kind is the first path element of a key: "deed" for "deed/12".
func Kind(key string) string {
	kind, _, _ := strings.Cut(key, "/")
	return kind
}

// Receipt remembers what a kept promise left outside: for a message its channel, timestamp and the
// digest of what it showed. It is kept under the promise's key, so that a converging promise knows
// what to update and a promise that is made once stays made once.
type Receipt struct {
	Key    string    `json:"key"`
	Place  string    `json:"place,omitempty"`
	ID     string    `json:"id,omitempty"`
	Digest string    `json:"digest,omitempty"`
	At     time.Time `json:"at"`
	// Token is of the claim that it comes of.
	Token int64 `json:"token,omitempty"`
	// Plain: it stands there without what its place refused to show.
	Plain bool `json:"plain,omitempty"`
}

// Change is one alteration of the table of promises, made together with the state that calls for it.
type Change struct {
	// Put is promised. Where the key is promised already it is brought forward, never put off, and raised in
	// revision; when it was made, its claim, its tries and its note stay.
	Put *Intent
	// Once makes Put a no-op where the key is owed or has a receipt: what was said once is not said again.
	Once bool
	// Where makes Put a no-op where nothing is owed or has a receipt under a key that begins so; "": it is made anyway.
	Where string
	// Drop is a key that is forgotten; a key nobody promised is ignored.
	Drop string
}

// Promise is a Change that (again) owes key at due: a timer.
func Promise(key string, due time.Time) Change {
	return Change{Put: &Intent{Key: key, Due: due, Made: due}}
}

// PromiseOnce is a Change that owes key at due unless it was carried out before.
func PromiseOnce(key string, due time.Time) Change {
	return Change{Put: &Intent{Key: key, Due: due, Made: due}, Once: true}
}

// AtOnce is a Change that (again) owes key as soon as somebody is free. Its due time lies before that of
// every clock, so that what was promised under a clock that ran ahead does not sleep once the clock is set
// right. Of what waits at once the lowest turn comes first; made is the present moment. Cards use it: each
// change of state owes the card anew.
func AtOnce(key string, turn int64, made time.Time) Change {
	return Change{Put: &Intent{Key: key, Due: time.Unix(0, max(turn, 0)), Made: made, Since: made}}
}

// ButOnce is c, unless its promise was carried out before.
func (c Change) ButOnce() Change {
	c.Once = true
	return c
}

// OnlyWhere is c, where something is owed or has a receipt under a key that begins with pre: what follows others and has
// nobody to follow is not promised.
func (c Change) OnlyWhere(pre string) Change {
	c.Where = pre
	return c
}

// IsAtOnce reports whether a due time is one of AtOnce: when the promise was made, Since says.
func IsAtOnce(due time.Time) bool { return due.Before(time.Unix(24*3600, 0)) }

// Forget is a Change that drops key.
func Forget(key string) Change { return Change{Drop: key} }

// Result is what became of one delivery.
type Result struct {
	kind    resultKind
	at      time.Time
	why     string
	receipt *Receipt
	note    json.RawMessage // what is noted with what is put off; nil: what was before
	implied time.Time       // what its claim implies all the same
}

type resultKind int

const (
	resultDone resultKind = iota
	resultRetry
	resultSettled
)

// Done says the promise is kept and may be forgotten.
func Done() Result { return Result{kind: resultDone} }

// DoneWith says the promise is kept and leaves a receipt under its key.
func DoneWith(r Receipt) Result { return Result{kind: resultDone, receipt: &r} }

// DoneUntil says the promise is kept for now and is owed again at a later time, or as soon as it is
// promised anew; r is left under its key, unless it is nil.
func DoneUntil(at time.Time, r *Receipt) Result { return Result{kind: resultDone, at: at, receipt: r} }

// RetryAt says the promise is still owed and sleeps until at; why goes to the log and the table.
func RetryAt(at time.Time, why string) Result { return Result{kind: resultRetry, at: at, why: why} }

// RetryWith is RetryAt, and leaves a receipt of what the delivery did all the same.
func RetryWith(at time.Time, why string, r Receipt) Result {
	return Result{kind: resultRetry, at: at, why: why, receipt: &r}
}

// of is a result of a job, with the note that is still to be written. What an earlier claim implied is so until something is noted of it.
func (r Result) of(job Job) Result {
	if r.note = *job.unwritten; r.note == nil && len(job.Note) == 0 {
		r.implied = job.Implied
	}
	return r
}

// Settled says the Doer has already committed the end of the intent together with its own state.
func Settled() Result { return Result{kind: resultSettled} }

// IsRetry reports whether the promise is still owed, until when it sleeps, and why.
func (r Result) IsRetry() (at time.Time, why string, ok bool) {
	return r.at, r.why, r.kind == resultRetry
}

// IsDone reports whether the promise is kept for good.
func (r Result) IsDone() bool { return r.kind == resultDone && r.at.IsZero() }

// IsDoneUntil reports whether the promise is kept for now, and when it is owed again.
func (r Result) IsDoneUntil() (at time.Time, ok bool) {
	return r.at, r.kind == resultDone && !r.at.IsZero()
}

// IsSettled reports whether the Doer committed the end itself.
func (r Result) IsSettled() bool { return r.kind == resultSettled }

// Ended is a promise after a delivery that was claimed at a revision, without its claim; owed is false where it is kept for good. One
// that was promised anew while it was carried out stays owed as it now stands.
func (in Intent) Ended(claimed int64, r Result) (next Intent, owed bool) {
	at, why, retry := r.IsRetry()
	again, until := r.IsDoneUntil()
	if in.Rev == claimed && !retry && !until {
		return in, false
	}
	in.Claimed = time.Time{}
	if retry {
		in.Why = why
		in.Tries++
		if in.Implied = r.implied; r.note != nil {
			in.Note = r.note
		}
	} else {
		in.Note, in.Implied, in.Tries, in.Why = nil, time.Time{}, 0, ""
	}
	if until && in.Rev == claimed {
		in.Due = again
	}
	if retry && (in.Rev == claimed || in.Due.Before(at)) {
		in.Due = at
	}
	return in, true
}

// Receipt is what the delivery left outside, or nil.
func (r Result) Receipt() *Receipt { return r.receipt }
