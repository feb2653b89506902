package register

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/catalog"
	"github.com/usherbot/usher/register/list"
)

// What people carry out takes days, and the register says how far it is: what is being set up or taken away, by whom, and the two
// facts of a removal. Who can't get in any more may still be paid for; so the one is never taken for the other.

// Work is a task about what somebody has, or is to have.
type Work struct {
	Request int64 `json:"request"`
	// Does is "being set up", "being changed" or "being removed"; Owner whose it is since Since, "" where it is nobody's.
	Does  string             `json:"does"`
	Owner approvals.PersonID `json:"owner,omitempty"`
	Since time.Time          `json:"since,omitzero"`
	// Done of Of steps are done, as far as is known which apply.
	Done int `json:"done"`
	Of   int `json:"of"`
}

// removes reports whether a request takes something away by hand, now or when it could not be done.
func removes(r approvals.Request) bool {
	return r.Removing() || r.Task != nil && r.Form().Effect == catalog.Takes
}

func workOf(r approvals.Request) Work {
	w := Work{Request: r.Number, Does: "being set up", Owner: r.Task.Owner, Since: r.Task.Since}
	switch {
	case removes(r):
		w.Does = "being removed"
	case r.Form().Effect == catalog.Changes:
		w.Does = "being changed"
	}
	w.Done, w.Of = r.Progress()
	return w
}

// Working are the entries with what is worked on; who is to have something that isn't there yet has an entry too.
func Working(entries []Entry, tasks []approvals.Request) []Entry {
	out := slices.Clone(entries)
	for _, r := range tasks {
		i := slices.IndexFunc(out, func(e Entry) bool { return e.App.ID == r.App.ID && approvals.SameEmail(e.Email, r.Change.Email) })
		if i < 0 && (!r.Working() || removes(r)) {
			continue // nothing is known to be there that it could take away
		}
		if i < 0 {
			out = append(out, Entry{App: r.App, Email: r.Change.Email, Person: r.Change.Person, Name: nameOf(r.Change), Role: roleOf(r), Items: r.Things(), Coming: true,
				Request: r.Number, Requester: r.Requester, Allowed: r.Yes(), Policy: r.Rule.Policy, Verified: Verified{How: OnlySaid, At: r.Task.Since}})
			if i = len(out) - 1; len(out[i].as()) > 0 {
				out[i].Role = ""
			}
		}
		if r.Working() {
			out[i].Tasks = append(slices.Clone(out[i].Tasks), workOf(r))
		}
		out[i].marks(r)
	}
	return out
}

// marks notes the facts of a removal.
func (e *Entry) marks(r approvals.Request) {
	if !removes(r) {
		return
	}
	for _, m := range r.Marks() {
		switch {
		case m.At.IsZero():
		case m.Mark == catalog.AccessRemoved:
			e.Removed = m.At
		default:
			e.Released = m.At
		}
	}
	_, e.Paid = stillPaid(r)
}

// stillPaid reports whether a removal has taken the access and not yet released the seat, and since when. A seat of which no step
// says that it is released isn't known to be paid for.
func stillPaid(r approvals.Request) (since time.Time, paid bool) {
	for _, m := range r.Marks() {
		switch {
		case m.Mark == catalog.AccessRemoved:
			since = m.At
		case m.At.IsZero() && !m.Never:
			paid = true
		}
	}
	return since, paid && !since.IsZero() && removes(r)
}

// settledSince reports whether a later request about the same account was done than a removal that failed.
func settledSince(r approvals.Request, done []approvals.Request) bool {
	return r.State == approvals.Failed && slices.ContainsFunc(done, func(o approvals.Request) bool {
		form := o.Form()
		return o.App.ID == r.App.ID && approvals.SameEmail(o.Change.Email, r.Change.Email) && (form.Ends || form.New) && o.DoneAt().After(r.Outcome.At)
	})
}

// Unused are the seats of an app that nobody uses and that are still paid for, as far as is known: those whose access was removed
// and which weren't released, and those that its last list has as deactivated and counts.
func (g *Register) Unused(ctx context.Context, app approvals.App) (out []approvals.Unused, err error) {
	done, err := g.done(ctx, app.ID)
	if err != nil {
		return nil, err
	}
	tasks, err := g.tasks(ctx, app.ID, done)
	if err != nil {
		return nil, err
	}
	k, err := g.Book.Register(ctx, app.ID)
	if err != nil {
		return nil, fmt.Errorf("read the last list of %s: %w", app.ID, err)
	}
	known := map[string]bool{}
	add := func(u approvals.Unused) {
		if key := approvals.FoldEmail(u.Email); !known[key] {
			known[key], out = true, append(out, u)
		}
	}
	for _, r := range tasks {
		if since, paid := stillPaid(r); paid {
			add(approvals.Unused{Email: r.Change.Email, Since: since, Number: r.Number})
		}
	}
	since := map[string]bool{} // whose removal is newer than the list
	for _, t := range approvals.TakenAway(done) {
		since[approvals.FoldEmail(t.Email)] = t.At.After(k.At)
	}
	for _, m := range k.Members {
		if m.Status == list.Off && !m.Unpaid && !since[approvals.FoldEmail(m.Email)] {
			add(approvals.Unused{Email: m.Email, Since: k.At, Listed: true})
		}
	}
	slices.SortStableFunc(out, func(a, b approvals.Unused) int {
		return cmp.Compare(approvals.FoldEmail(a.Email), approvals.FoldEmail(b.Email))
	})
	return out, nil
}
