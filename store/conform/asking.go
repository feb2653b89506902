package conform

import (
	"errors"
	"slices"
	"time"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/catalog"
	"github.com/usherbot/usher/outbox"
)

// The people of the rules; one's id begins as another's does.
const (
	alice   = approvals.PersonID("U0A")
	abigail = approvals.PersonID("U0AB")
	bob     = approvals.PersonID("U0B")
)

// at is so long after the moment at which the rules begin.
func at(d time.Duration) time.Time {
	return time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC).Add(d)
}

// request is one as the Desk puts it, as far as a store can tell.
func request(n int64, who approvals.PersonID, email string, s approvals.State) approvals.Request {
	r := approvals.Request{Number: n, Requester: who, Action: catalog.Create, App: approvals.App{ID: "seranking"},
		Change: approvals.Change{Email: email}, Asked: at(0), Expires: at(time.Hour), State: s}
	if s == approvals.Done || s == approvals.Failed {
		r.Outcome = &approvals.Outcome{At: at(0)}
	}
	if s == approvals.Ending || s == approvals.Ended {
		r.End = &approvals.End{By: approvals.Usher, At: at(0), Outcome: &approvals.Outcome{At: at(0)}}
	}
	return r
}

// keep puts a request with all that belongs to it: its entry in the log, and what it owes in its state.
func keep(tx approvals.Tx, r approvals.Request) error {
	err := errors.Join(tx.Put(r), tx.Audit(approvals.Entry{At: r.Asked, Actor: approvals.Actor(r.Requester), What: "put", Request: r.Number, After: r.State}))
	for _, c := range owes(r) {
		err = errors.Join(err, tx.Change(c))
	}
	return err
}

// owes are the promises that a request makes in its state, and those that it makes no more.
func owes(r approvals.Request) []outbox.Change {
	n := r.Number
	out := []outbox.Change{outbox.Promise(approvals.CardKey(n), r.Asked)}
	switch r.State {
	case approvals.Pending:
		return append(out, outbox.Promise(approvals.ExpireKey(n), r.Expires))
	case approvals.Approved, approvals.Running, approvals.InDoubt:
		return append(out, outbox.Forget(approvals.ExpireKey(n)), outbox.Promise(approvals.DeedKey(n), r.Asked))
	}
	out = append(out, outbox.Forget(approvals.ExpireKey(n)), outbox.Forget(approvals.DeedKey(n)))
	if r.Lent() || r.Late() {
		out = append(out, outbox.Promise(approvals.EndKey(n), r.Asked))
	} else {
		out = append(out, outbox.Forget(approvals.EndKey(n)))
	}
	if r.State == approvals.Canceled || r.State == approvals.Ending {
		return out
	}
	return append(out, outbox.PromiseOnce(approvals.TellKey(n, r.State, 0), r.Asked))
}

// do runs a transaction that must be kept.
func (l *life) do(fn func(approvals.Tx) error) {
	l.Helper()
	l.must(l.Update(l.Context(), fn))
}

// has keeps requests, in one transaction.
func (l *life) has(all ...approvals.Request) {
	l.Helper()
	l.do(func(tx approvals.Tx) (err error) {
		for _, r := range all {
			err = errors.Join(err, keep(tx, r))
		}
		return err
	})
}

// ask opens a request under a key, once, as the Desk does; the one that was opened under it before is found again.
func (l *life) ask(key, email string) (n int64, err error) {
	err = l.Update(l.Context(), func(tx approvals.Tx) (err error) {
		if n, err = tx.Keyed(key); n != 0 || err != nil {
			return err
		}
		if n, err = tx.Next(); err != nil {
			return err
		}
		r := request(n, alice, email, approvals.Pending)
		r.Origin.Key = key
		return keep(tx, r)
	})
	return n, err
}

// asked is the number of a request that must be kept.
func (l *life) asked(key, email string) int64 {
	l.Helper()
	n, err := l.ask(key, email)
	l.must(err)
	return n
}

// state is where a request stands; "" where there is none.
func (l *life) state(n int64) approvals.State {
	l.Helper()
	r, err := l.Request(l.Context(), n)
	if errors.Is(err, approvals.ErrNoRequest) {
		return ""
	}
	l.must(err)
	return r.State
}

// numbers are those of some requests.
func numbers(list []approvals.Request) []int64 {
	out := []int64{}
	for _, r := range list {
		out = append(out, r.Number)
	}
	return out
}

// all is every request there is, newest first.
func (l *life) all() []int64 {
	l.Helper()
	list, err := l.Requests(l.Context(), approvals.Filter{All: true}, 1000)
	l.must(err)
	return numbers(list)
}

// head is the end of the audit log.
func (l *life) head() approvals.Head {
	l.Helper()
	h, err := l.Head(l.Context())
	l.must(err)
	return h
}

// owed is a promise as it stands; false where nobody made it.
func (l *life) owed(key string) (outbox.Intent, bool) {
	l.Helper()
	list, _, err := l.Due(l.Context(), outbox.Kind(key), at(24*365*time.Hour), 1000)
	l.must(err)
	i := slices.IndexFunc(list, func(in outbox.Intent) bool { return in.Key == key })
	if i < 0 {
		return outbox.Intent{}, false
	}
	return list[i], true
}

// promise makes or drops promises.
func (l *life) promise(changes ...outbox.Change) {
	l.Helper()
	l.must(l.Promise(l.Context(), changes...))
}

// claim begins to carry out a promise so long after the beginning.
func (l *life) claim(key string, when time.Duration) outbox.Intent {
	l.Helper()
	in, err := l.Claim(l.Context(), key, at(when))
	l.must(err)
	return in
}

// finish writes what came of a claim.
func (l *life) finish(in outbox.Intent, result outbox.Result) {
	l.Helper()
	l.must(l.Finish(l.Context(), in, result, at(time.Minute)))
}

// receipt is what a kept promise left, but for the number of the claim; nil where it left nothing.
func (l *life) receipt(key string) *outbox.Receipt {
	l.Helper()
	r, ok, err := l.Receipt(l.Context(), key)
	l.must(err)
	if !ok {
		return nil
	}
	r.Token = 0
	return &r
}
