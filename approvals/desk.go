package approvals

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"time"

	"github.com/usherbot/usher/outbox"
)

// Tx is one transaction of a Book. All of it is kept, or nothing; it reads what it has itself written.
type Tx interface {
	// Request returns ErrNoRequest for a number nobody has, and Removed, which is one, for one whose request was removed.
	Request(n int64) (Request, error)
	// Keyed is the number of the request that was opened under an origin key; 0 when none was.
	Keyed(key string) (int64, error)
	// Next is the number the next new request gets; numbers start at 1 and leave no gap, but where a
	// restoring passed over those that may have been given since the backup. One whose request was removed is not given again.
	Next() (int64, error)
	// Put keeps a request under its number, in place of what stood there, and its origin key with it: for two
	// months at least, for nobody redelivers an envelope after that.
	Put(r Request) error
	// Waiting is how many requests of a person are pending.
	Waiting(p PersonID) (int, error)
	// Latest is the n-th latest request of a person, in whatever state, counted from 1; false where there are fewer.
	Latest(p PersonID, n int) (Request, bool, error)
	// OpenFor lists the requests about an address, as FoldEmail compares it, that are not over (Request.Live), oldest first.
	OpenFor(app, email string) ([]Request, error)
	// Audit appends to the log; the Book gives the entry its place in the chain, in the order of the transactions.
	Audit(e Entry) error
	// OpenIn lists the requests about an app that are not terminal, by address and number.
	OpenIn(app string) ([]Request, error)
	// DoneIn lists the requests about an app that were done, those that are over since among them, oldest number first.
	DoneIn(app string) ([]Request, error)
	// Stock is what was kept last of an app's seats; its zero value where nothing was.
	Stock(app string) (Stock, error)
	// KeepStock keeps what is known of an app's seats, in place of what was.
	KeepStock(app string, s Stock) error
	// Turn is who was last given a task of an app in turn; "": nobody was.
	Turn(app string) (PersonID, error)
	// KeepTurn keeps that, in place of what was.
	KeepTurn(app string, id PersonID) error
	// Absences are those that were kept last, in their order; none where nobody ever was away.
	Absences() ([]Absence, error)
	// KeepAbsences keeps who is away, in place of what was.
	KeepAbsences(all []Absence) error
	// Change makes, brings forward or drops a promise.
	Change(c outbox.Change) error
	// Owed reports whether anything is promised under one of some keys: under the key itself, or with a slash and more behind it. What
	// this transaction changes of that may be seen or not.
	Owed(under []string) (bool, error)
	// Remove takes out a request with its origin key, and every receipt under some keys, as Owed has it. What is left of it stands under
	// its number from then on. Entries of the log stay.
	Remove(r Removed, under []string) error
}

// Book is what the Desk needs of a store. Package store holds one to it.
type Book interface {
	// Update runs fn in a transaction that is durable when Update returns nil; transactions are as if
	// they ran one after another. fn may run several times, so it makes no outward call and sets its
	// results anew each time; once Update has returned, whatever it said, fn isn't running and won't run again. fn's own error is returned as it is, and nothing was kept.
	// ErrUnknownOutcome: it may have been kept, and whoever reads then sees whether it was. ErrBusy,
	// ErrAway and any other error: nothing was kept. A question too is answered with ErrAway.
	Update(ctx context.Context, fn func(Tx) error) error
	// Request returns ErrNoRequest for a number nobody has, and Removed, which is one, for one whose request was removed.
	Request(ctx context.Context, n int64) (Request, error)
	// Keyed is the request that was opened under an origin key; ErrNoRequest when none was.
	Keyed(ctx context.Context, key string) (Request, error)
	// Requests lists the requests that f picks, as they stand, newest first, or from Filter.From on oldest first, at most limit.
	Requests(ctx context.Context, f Filter, limit int) ([]Request, error)
}

// Filter picks requests; its zero value picks all that are not over (Request.Live).
type Filter struct {
	// Of picks the requests somebody asked, those that are over too when All.
	Of PersonID
	// For picks the requests that are for somebody, whoever asked.
	For PersonID
	// About picks the requests about an address, as FoldEmail compares it, that are Undertaken; it goes with Below and nothing else.
	About string
	// All picks what is over as well.
	All bool
	// State picks one state; "" any.
	State State
	// Below picks lower numbers: the next page after a list that ended at it; 0: any.
	Below int64
	// From picks, with All and nothing else, that number and higher ones, and has the oldest come first; 0: any, and newest first.
	From int64
}

// Desk is where requests are asked and decided. Its methods are safe for concurrent use: the Book
// runs one transaction at a time, and what a transaction needs to know of people is gathered before.
type Desk struct {
	Book      Book
	Directory Directory
	Policies  []Policy
	Admins    []PersonID
	// Managers are the managers of people by the configuration. Profiles knows those of everybody else; nil: nobody does.
	Managers map[PersonID]PersonID
	Profiles Profiles
	// Fill says whether somebody has had their fill of messages for their day; nil: nobody ever has.
	Fill func(ctx context.Context, who Person) (bool, error)
	// Recalls is who bears an address, as far as that's remembered; false: it isn't. nil: nothing is, and Slack is asked.
	Recalls func(email string) (Person, bool)
	// IsMember is whether Slack lately showed somebody as a full member; false: they may be one all the same. nil: Slack is asked.
	IsMember func(PersonID) bool
	// Apps are those that are configured, each with its entry in the catalog.
	Apps   []App
	Limits Limits
	// Memory is what is remembered of vendors' lists; nil: nothing is.
	Memory Recall
	Log    *slog.Logger
	// Wake is called after a commit, so that new promises are carried out at once.
	Wake func()
	// Nonce draws what tells a new request from every other of its number; NewNonce makes one.
	Nonce func() (string, error)
	// Kept is told of each step of a request once it was kept, for who counts them; nil: nobody does.
	Kept func(ctx context.Context, r Request, e Entry)
}

// load reads a request inside a transaction, with the sentence for a number nobody has.
func (d *Desk) load(tx Tx, n int64) (Request, error) {
	r, err := tx.Request(n)
	if errors.Is(err, ErrNoRequest) {
		return r, noRequest(n, err)
	}
	if err != nil {
		return r, fmt.Errorf("load request #%d: %w", n, err)
	}
	return d.known(r), nil
}

// NoSuch is the answer for a number nobody has.
func NoSuch(n int64) *Error {
	return Refuse(NotFound, "There's no request #%v. `/access status` lists yours.", n)
}

// act is the one way a request changes: step, then state, audit entry and promises together.
func (d *Desk) act(tx Tx, r Request, e Event, by Actor, surface string, now time.Time) (Request, error) {
	if r.State == Pending && yes(e) {
		if err := r.unready(e); err != nil {
			return r, err
		}
	}
	before := r
	r, err := d.present(tx, r, e, now)
	if err != nil {
		return r, err
	}
	if r, err = d.counted(tx, r, e); err != nil {
		return r, err
	}
	if err := d.roomAgain(tx, r, e); err != nil {
		return r, err
	}
	next, changes, err := Step(r, e, now)
	if err != nil {
		return r, err
	}
	if err := d.alone(tx, r, e); err != nil {
		return r, err
	}
	if next.State == Done && (r.State != Done || next.EndsAt.After(r.EndsAt)) {
		if next, err = d.inherit(tx, next, now); err != nil {
			return r, err
		}
	}
	if err := tx.Put(next); err != nil {
		return r, fmt.Errorf("keep request #%d: %w", r.Number, err)
	}
	if err := d.tallied(tx, r, next); err != nil {
		return r, err
	}
	entry, err := entryFor(r, next, e, by, surface, now)
	if err != nil {
		return r, err
	}
	if err := tx.Audit(entry); err != nil {
		return r, fmt.Errorf("audit request #%d: %w", r.Number, err)
	}
	beside, err := d.owedToOthers(tx, before, next, now)
	if err != nil {
		return r, err
	}
	for _, c := range slices.Concat(d.fanOut(next.Number, next.heardByNobody(changes)), watched(before, next, e, now), told(before, next, now), beside, []outbox.Change{next.homes(now)}) {
		if err := tx.Change(c); err != nil {
			return r, fmt.Errorf("promise for request #%d: %w", r.Number, err)
		}
	}
	return d.follows(tx, before, r, next, e, now)
}

// fanOut replaces the placeholder for the admins' cards by one promise for each admin.
func (d *Desk) fanOut(n int64, changes []outbox.Change) []outbox.Change {
	var out []outbox.Change
	for _, c := range changes {
		if c.Put == nil || c.Put.Key != AdminKey(n, "") {
			out = append(out, c)
			continue
		}
		for _, a := range d.Admins {
			in := *c.Put
			in.Key = AdminKey(n, a)
			out = append(out, outbox.Change{Put: &in, Once: c.Once})
		}
	}
	return out
}

// entryFor is the audit row of one step.
func entryFor(was, is Request, e Event, by Actor, surface string, now time.Time) (Entry, error) {
	entry := Entry{At: now, Actor: by, What: e.what(), Surface: surface, Request: is.Number, Before: was.State, After: is.State, Why: why(is, e)}
	detail := detailOf(is, e, now)
	if detail == nil {
		return entry, nil
	}
	raw, err := json.Marshal(detail)
	if err != nil {
		return entry, fmt.Errorf("encode audit detail of #%d: %w", is.Number, err)
	}
	entry.Detail = raw
	return entry, nil
}

// detailOf is what of an event its audit row keeps beside what happened; nil: nothing.
func detailOf(is Request, e Event, now time.Time) any {
	switch e := e.(type) {
	case Opened:
		return openedAs(is)
	case Settled:
		return settledUnder(is)
	case ByPolicy:
		if e.Reason != "" {
			return struct {
				Reason string `json:"reason"`
			}{e.Reason}
		}
	case Seen:
		return readOf(e)
	case Queued, Counted, Learned:
		return queuedAs(is, e)
	case TurnCame, Fell, Dropped, Withdrawn:
		return fellAs(is, e)
	case Voted:
		return votedFor(e.Vote)
	case Questioned, Replied:
		return saidIn(is, e)
	case Edited:
		return editedTo(is)
	case Escalated:
		return raisedTo(is, e)
	case Reminded:
		return calledOf(is, e.Who)
	case Nudged:
		return calledOf(is, is.nudged()...)
	case Remarked, Reworded, Unsaid:
		return talkedOf(is, e)
	case Stood, Noticed, Missed:
		return foundOf(is, e, now)
	case Pinned:
		return struct {
			Person PersonID `json:"person"`
		}{e.Person}
	case Happened:
		return readBack(e.Outcome)
	case Refused:
		return readBack(e.Outcome)
	case Lost:
		return doubted(e.Doubt)
	}
	if row := worked(is, e); row != nil {
		return row
	}
	return detailOfEnd(e)
}

func doubted(d Doubt) any {
	return struct {
		Tried string `json:"tried"`
		Seen  string `json:"seen"`
		Looks int    `json:"looks"`
	}{d.Tried.Plain(), d.Seen.Plain(), d.Looks}
}

// settledUnder is the policy that rules a request once it is known, and by what.
func settledUnder(is Request) any {
	return struct {
		Rule  Rule   `json:"rule"`
		Found *Known `json:"found,omitempty"`
	}{is.Rule, is.Found}
}

// editedTo is what a request asks once it is edited, and what it was before.
func editedTo(is Request) any {
	last := is.Edits[len(is.Edits)-1]
	return struct {
		Edition int       `json:"edition"`
		Changed []Altered `json:"changed"`
		Why     string    `json:"why"`
		Votes   []Vote    `json:"votes,omitempty"`
		Change  Change    `json:"change"`
		Term    *Term     `json:"term,omitempty"`
		Rule    Rule      `json:"rule"`
		Found   *Known    `json:"found,omitempty"`
	}{is.Edition(), last.Changed, last.Why, last.Votes, is.Change, is.Term, is.Rule, is.Found}
}

// raisedTo is to whom a step was escalated, and which messages tell them that no card does.
func raisedTo(is Request, e Escalated) any {
	to := is.EscalatesTo(e.Step).Approvers
	return struct {
		Step     int      `json:"step"`
		To       []string `json:"to"`
		Messages []string `json:"messages,omitempty"`
	}{e.Step + 1, to, is.messagesTo(to)}
}

// calledOf is whom a reminder reminds, and which messages tell them.
func calledOf(is Request, who ...string) any {
	return struct {
		Who      []string `json:"who"`
		Messages []string `json:"messages"`
	}{who, is.messagesTo(who)}
}

func readOf(e Seen) any {
	var against []string
	for _, t := range e.Look.Against {
		against = append(against, t.Plain())
	}
	return struct {
		Change  Change   `json:"change"`
		Against []string `json:"against,omitempty"`
		Was     *Was     `json:"was,omitempty"`
	}{e.Change, against, e.Look.Was}
}

func readBack(o Outcome) any {
	return struct {
		Text    string `json:"text"`
		Account string `json:"account,omitempty"`
		Before  string `json:"before,omitempty"`
		After   string `json:"after,omitempty"`
	}{o.Text.Plain(), o.AccountID, o.Before, o.After}
}
