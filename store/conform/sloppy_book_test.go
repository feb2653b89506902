package conform

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strings"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/outbox"
)

// Request implements approvals.Book.
func (s *sloppy) Request(_ context.Context, n int64) (r approvals.Request, err error) {
	s.read(func(t *table) { r, err = t.request(n) })
	return r, err
}

// Keyed implements approvals.Book.
func (s *sloppy) Keyed(_ context.Context, key string) (r approvals.Request, err error) {
	s.read(func(t *table) {
		if r, err = t.request(t.keyed(key)); s.does == "finds the request of a key only while it waits" && r.State != approvals.Pending {
			r, err = approvals.Request{}, approvals.ErrNoRequest
		}
	})
	return r, err
}

// Requests implements approvals.Book.
func (s *sloppy) Requests(_ context.Context, f approvals.Filter, limit int) (out []approvals.Request, err error) {
	s.read(func(t *table) {
		list := t.sorted()
		if f.From == 0 || s.does == "lists the newest first from a number on" {
			slices.Reverse(list)
		}
		for _, r := range list {
			if s.picks(f, r) && (len(out) < limit || s.does == "lists more than it is asked for") {
				out = append(out, r)
			}
		}
	})
	if s.does == "lists the oldest first" {
		slices.Reverse(out)
	}
	return out, nil
}

// picks says whether a filter picks a request.
func (s *sloppy) picks(f approvals.Filter, r approvals.Request) bool {
	switch s.does {
	case "lists what is over where nobody asked for it":
		f.All = true
	case "leaves out what is over where it was asked for":
		f.All = false
	case "lists a terminal state only with All":
		if f.State.Terminal() && !f.All {
			return false
		}
	case "minds no state where it is asked for a person's":
		if f.Of != "" {
			f.State = ""
		}
	case "begins a page with the last of the page before":
		f.Below = max(0, f.Below+1)
	}
	if f.About != "" {
		same := approvals.SameEmail(r.Change.Email, f.About)
		if s.does == "minds how an address is written" {
			same = r.Change.Email == f.About
		}
		return same && (r.Undertaken() || s.does == "lists what waits about an address") && (f.Below == 0 || r.Number < f.Below)
	}
	return (f.Of == "" || s.same(string(r.Requester), string(f.Of))) && (f.For == "" || s.same(string(r.Change.Person), string(f.For))) && (f.Below == 0 || r.Number < f.Below) && (r.Number >= f.From || s.does == "lists lower numbers too") &&
		(f.State == r.State || f.State == "" && (f.All || r.Live() && !(s.does == "takes what is to end for over" && r.Lent())))
}

// same compares people.
func (t *table) same(a, b string) bool {
	return a == b || t.does == "takes one person for another whose id begins so" && strings.HasPrefix(a, b)
}

func (s *sloppy) same(a, b string) bool { return s.live.same(a, b) }

func (t *table) request(n int64) (approvals.Request, error) {
	r, ok := t.requests[n]
	if gone, was := t.removed[n]; was && t.does != "forgets that there was a request" {
		return r, gone
	}
	if !ok && t.does != "takes a request that is not there for an empty one" {
		return r, approvals.ErrNoRequest
	}
	return r, nil
}

func (t *table) keyed(key string) int64 {
	for k, n := range t.keys {
		if k == key || t.does == "takes one key for another that begins so" && strings.HasPrefix(k, key) {
			return n
		}
	}
	return 0
}

// sorted are the requests, oldest first.
func (t *table) sorted() []approvals.Request {
	return slices.SortedFunc(maps.Values(t.requests), func(a, b approvals.Request) int { return cmp.Compare(a.Number, b.Number) })
}

// sloppyTx is a transaction of a sloppy store, and what it was when it began.
type sloppyTx struct {
	*table
	was table
}

// reads is what the transaction reads.
func (t *sloppyTx) reads() *table {
	if t.does == "does not read what it has itself written" {
		return &t.was
	}
	return t.table
}

func (t *sloppyTx) Request(n int64) (approvals.Request, error) { return t.reads().request(n) }

func (t *sloppyTx) Keyed(key string) (int64, error) { return t.reads().keyed(key), nil }

func (t *sloppyTx) Next() (int64, error) {
	switch t.does {
	case "counts from zero":
		return t.reads().used, nil
	case "uses up the number of a request that was refused", "uses up a number that nobody used":
		t.used++
		return t.used, nil
	}
	return t.reads().used + 1, nil
}

func (t *sloppyTx) Put(r approvals.Request) error {
	if _, there := t.requests[r.Number]; there && t.does == "keeps a request as it was first" {
		return nil
	}
	switch t.does {
	case "forgets why somebody asked":
		r.Reason = ""
	case "forgets a key after a month":
		for key, n := range t.keys {
			if t.requests[n].Asked.AddDate(0, 1, 0).Before(r.Asked) {
				delete(t.keys, key)
			}
		}
	}
	if r.Origin.Key != "" {
		t.keys[r.Origin.Key] = r.Number
	}
	t.requests[r.Number] = r
	t.used = max(t.used, r.Number)
	return nil
}

func (t *sloppyTx) Waiting(p approvals.PersonID) (n int, err error) {
	for _, r := range t.reads().sorted() {
		if t.same(string(r.Requester), string(p)) && (r.State == approvals.Pending || t.does == "counts among what waits what is being done" && !r.State.Terminal()) {
			n++
		}
	}
	return n, nil
}

func (t *sloppyTx) OpenFor(app, email string) (out []approvals.Request, err error) {
	for _, r := range t.reads().sorted() {
		same := approvals.SameEmail(r.Change.Email, email)
		if t.does == "minds how an address is written" {
			same = r.Change.Email == email
		}
		if same && (r.App.ID == app || t.does == "takes one app for another") && (r.Live() && !(t.does == "takes what is to end for over" && r.Lent()) || t.does == "counts what is over among what is open about an address") {
			out = append(out, r)
		}
	}
	return t.ordered(out), nil
}

// ordered are what a transaction lists, oldest first.
func (t *sloppyTx) ordered(list []approvals.Request) []approvals.Request {
	if t.does == "lists the newest first in a transaction" {
		slices.Reverse(list)
	}
	return list
}

func (t *sloppyTx) Latest(p approvals.PersonID, n int) (r approvals.Request, ok bool, err error) {
	list := slices.DeleteFunc(t.reads().sorted(), func(r approvals.Request) bool {
		return !t.same(string(r.Requester), string(p)) || t.does == "counts only what is open among the latest" && r.State.Terminal()
	})
	if t.does != "counts the latest from the oldest" {
		slices.Reverse(list)
	}
	if n < 1 || n > len(list) {
		return r, false, nil
	}
	return list[n-1], true, nil
}

func (t *sloppyTx) Absences() ([]approvals.Absence, error) { return t.reads().away, nil }

func (t *sloppyTx) KeepAbsences(all []approvals.Absence) error {
	if len(t.away) > 0 && t.does == "keeps who is away for good" {
		return nil
	}
	if t.away = slices.Clone(all); t.does == "sorts who is away" {
		slices.SortFunc(t.away, func(a, b approvals.Absence) int { return cmp.Compare(b.Person, a.Person) })
	}
	return nil
}

func (t *sloppyTx) Audit(e approvals.Entry) error {
	after := t.head
	if t.does == "chains what it logs to the beginning" {
		after.Hash = ""
	}
	line, head, err := approvals.Seal(e, after, nil)
	t.lines = append(slices.Clip(t.lines), line)
	if t.head = head; t.does == "counts what it logs and chains nothing" {
		t.head.Hash = ""
	}
	return err
}

func (t *sloppyTx) Change(c outbox.Change) error { return t.change(c) }
