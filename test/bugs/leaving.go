package bugs

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/usherbot/usher/app"
	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/joiners"
	"github.com/usherbot/usher/leavers"
	"github.com/usherbot/usher/outbox"
	"github.com/usherbot/usher/register"
)

// Turning are mistakes about people who leave and who come. Only test/simulation looks for them.
var Turning = []Bug{
	{Name: "what Usher asks is approved by itself", Put: approvesItself, Says: "without a yes"},
	{Name: "who isn't in a short answer is taken for gone", Put: lackingIsGone, Says: "was taken for gone at .*, and was active"},
	{Name: "who has left is forgotten", Put: onRoster(rosterWith{active: keepFirst, roster: forgetWho}), Says: "and that began a leaving twice"},
	{Name: "a leaving is closed before its end", Put: onRoster(rosterWith{leaving: closedEarly}), Says: "is closed, and the .* is neither gone nor left"},
	{Name: "what is asked about is taken for gone", Put: onRoster(rosterWith{leaving: believedGone}), Says: "is called gone, and is there"},
	{Name: "who is back is asked about still", Put: onRoster(rosterWith{leaving: neverBack}), Says: "who is back since|is back since"},
	{Name: "who has joined is forgotten", Put: forgetsJoined, Says: "offered [0-9]+ times, and joined"},
	{Name: "what Usher asks is posted without looking", Put: blindPost, Says: "stands there twice"},
	{Name: "what somebody held is left by nobody", Put: onRoster(rosterWith{leaving: leftByNobody}), Says: "is left by nobody"},
}

// approvesItself takes what Usher has asked for approved.
func approvesItself(s *app.Surroundings) {
	var book approvals.Book
	s.Between.Book = also(s.Between.Book, func(b approvals.Book) approvals.Book { book = b; return b })
	s.Between.Doer = func(kind string, d outbox.Doer) outbox.Doer {
		if kind != leavers.KindGather && kind != joiners.KindWelcome {
			return d
		}
		return outbox.DoerFunc(func(ctx context.Context, job outbox.Job) outbox.Result {
			result := d.Do(ctx, job)
			list, err := book.Requests(ctx, approvals.Filter{State: approvals.Pending, All: true}, 50)
			if err != nil {
				return result
			}
			_ = book.Update(ctx, func(tx approvals.Tx) (err error) { // where it fails the mistake isn't made
				for _, r := range list {
					if r.ByUsher() {
						now := time.Now()
						r.State, r.Decided, r.DecidedBy = approvals.Approved, now, approvals.Usher
						err = errors.Join(err, tx.Put(r), tx.Audit(approvals.Entry{At: now, Actor: approvals.Usher, What: "approved", Surface: "usher", Request: r.Number, Before: approvals.Pending, After: r.State}),
							tx.Change(outbox.Forget(approvals.ExpireKey(r.Number))), tx.Change(outbox.Promise(approvals.DeedKey(r.Number), now)), tx.Change(outbox.Promise(approvals.CardKeyOf(r), now)))
					}
				}
				return err
			})
			return result
		})
	}
}

// filling puts whoever was active, and isn't in an answer about everybody, into it as deactivated.
type filling struct {
	http.RoundTripper
	book *leavers.Book
}

func (f filling) RoundTrip(r *http.Request) (*http.Response, error) {
	resp, err := f.RoundTripper.RoundTrip(r)
	if err != nil || *f.book == nil || !strings.HasSuffix(r.URL.Path, "users.list") {
		return resp, err
	}
	raw, err := io.ReadAll(resp.Body)
	if err = errors.Join(err, resp.Body.Close()); err != nil {
		return nil, err
	}
	var was leavers.Active
	err = (*f.book).Alter(r.Context(), func(tx leavers.Tx) (err error) { was, err = tx.Active(); return err })
	var answer map[string]any
	if err == nil && json.Unmarshal(raw, &answer) == nil {
		members, ok := answer["members"].([]any)
		for _, id := range was.People {
			if !bytes.Contains(raw, []byte(`"`+string(id)+`"`)) {
				members = append(members, map[string]any{"id": id, "name": "gone", "deleted": true, "profile": map[string]any{}})
			}
		}
		answer["members"] = members
		if filled, err := json.Marshal(answer); err == nil && ok {
			raw = filled
		}
	}
	resp.Header = resp.Header.Clone()
	resp.Header.Del("Content-Length")
	resp.Body, resp.ContentLength = io.NopCloser(bytes.NewReader(raw)), int64(len(raw))
	return resp, nil
}

func lackingIsGone(s *app.Surroundings) {
	var book leavers.Book
	s.Between.Leavers = func(b leavers.Book) leavers.Book { book = b; return b }
	s.SlackHTTP.Transport = filling{s.SlackHTTP.Transport, &book}
}

// rosterWith lets a bug replace what is kept of people who leave.
type rosterWith struct {
	leavers.Book
	leaving func(leavers.Leaving) leavers.Leaving
	roster  func(leavers.Roster) leavers.Roster
	active  func(was, is leavers.Active) leavers.Active
}

type rosterTx struct {
	leavers.Tx
	rosterWith
}

func (b rosterWith) Alter(ctx context.Context, fn func(leavers.Tx) error) error {
	return b.Book.Alter(ctx, func(tx leavers.Tx) error { return fn(rosterTx{tx, b}) })
}

func (t rosterTx) Roster() (leavers.Roster, error)          { return t.Tx.Roster() }
func (t rosterTx) Leaving(n int64) (leavers.Leaving, error) { return t.Tx.Leaving(n) }

func (t rosterTx) KeepLeaving(l leavers.Leaving) error {
	if t.leaving != nil {
		l = t.leaving(l)
	}
	return t.Tx.KeepLeaving(l)
}

func (t rosterTx) KeepRoster(r leavers.Roster) error {
	if t.roster != nil {
		r = t.roster(r)
	}
	return t.Tx.KeepRoster(r)
}

func (t rosterTx) KeepActive(is leavers.Active) error {
	was, err := t.Tx.Active()
	if t.active != nil {
		is = t.active(was, is)
	}
	return errors.Join(err, t.Tx.KeepActive(is))
}

func onRoster(bug rosterWith) func(*app.Surroundings) {
	return func(s *app.Surroundings) {
		s.Between.Leavers = func(b leavers.Book) leavers.Book {
			own := bug
			own.Book = b
			return own
		}
	}
}

func keepFirst(was, is leavers.Active) leavers.Active {
	if len(was.People) > 0 {
		return was
	}
	return is
}

func forgetWho(r leavers.Roster) leavers.Roster {
	r.Of = nil
	return r
}

// asking reports whether all that somebody held is asked about.
func asking(l leavers.Leaving) bool {
	return l.State == leavers.Open && l.Asked == l.Rounds && len(l.Items) > 0
}

func closedEarly(l leavers.Leaving) leavers.Leaving {
	if asking(l) {
		l.State = leavers.Closed
	}
	return l
}

func believedGone(l leavers.Leaving) leavers.Leaving {
	for i := range l.Items {
		if at := &l.Items[i]; asking(l) && !at.Settled() {
			at.Gone = &leavers.Gone{How: register.ByAPI, At: l.Heard}
		}
	}
	return l
}

func leftByNobody(l leavers.Leaving) leavers.Leaving {
	for i := range l.Items {
		if at := &l.Items[i]; asking(l) && !at.Settled() {
			at.Left = &leavers.Left{At: l.Heard}
		}
	}
	return l
}

func neverBack(l leavers.Leaving) leavers.Leaving {
	l.Back = time.Time{}
	return l
}

// forgetful keeps nobody of those who have joined a group.
type forgetful struct{ joiners.Book }

type forgetfulTx struct{ joiners.Tx }

func (b forgetful) Admit(ctx context.Context, fn func(joiners.Tx) error) error {
	return b.Book.Admit(ctx, func(tx joiners.Tx) error { return fn(forgetfulTx{tx}) })
}

func (t forgetfulTx) KeepRolls(r joiners.Rolls) error {
	of := map[approvals.GroupID]joiners.Roll{}
	for g, roll := range r.Of {
		roll.People = slices.DeleteFunc(slices.Clone(roll.People), func(id approvals.PersonID) bool {
			return slices.ContainsFunc(r.Came, func(c joiners.Going) bool { return c.Person == id })
		})
		of[g] = roll
	}
	r.Of = of
	return t.Tx.KeepRolls(r)
}

func forgetsJoined(s *app.Surroundings) {
	s.Between.Joiners = func(b joiners.Book) joiners.Book { return forgetful{b} }
}
