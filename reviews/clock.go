package reviews

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/outbox"
)

// lastBefore is how long before the end whoever hasn't answered is reminded for the last time.
const lastBefore = 48 * time.Hour

// How soon and how late something is tried again.
const (
	soonest = 2 * time.Second
	latest  = 5 * time.Minute
)

// Doer carries out what reviews are to do at their time, each in one transaction. After a crash it is done once more, and finds what
// was kept: a reminder that is owed is owed once, and what is over stays over.
func (s *Reviews) Doer(now func() time.Time) outbox.Doer {
	return outbox.DoerFunc(func(ctx context.Context, job outbox.Job) outbox.Result {
		at := now()
		err := s.do(ctx, job, at)
		switch {
		case errors.Is(err, ErrNone):
			s.Log.ErrorContext(ctx, "something is owed for a review that does not exist", "what", job.Key)
			return outbox.Done()
		case err != nil:
			return outbox.RetryAt(at.Add(outbox.Backoff(job.Tries, soonest, latest)), err.Error())
		}
		return outbox.Done()
	})
}

func (s *Reviews) do(ctx context.Context, job outbox.Job, now time.Time) error {
	n, what, line, round := parts(job.Key)
	switch what {
	case doGather:
		return s.gather(ctx, n, job.Tries, now)
	case doHalf, doLast:
		return s.recall(ctx, n, what, now)
	case doEnd:
		return s.end(ctx, n, now)
	case doClose:
		return s.closes(ctx, n, now)
	case doTake:
		return s.carryOut(ctx, n, line, round, now)
	}
	s.Log.ErrorContext(ctx, "a review owes something that this version can't do", "what", job.Key)
	return nil
}

// recall reminds those who haven't answered everything. Before that what waits for somebody who can't answer any more is handed on.
func (s *Reviews) recall(ctx context.Context, n int64, which string, now time.Time) error {
	r, err := s.Book.Review(ctx, n)
	if err != nil || r.State != Open || !now.Before(r.Due) {
		return err
	}
	lines, err := s.handedOn(ctx, r, now)
	if err != nil {
		return err
	}
	_, err = s.change(ctx, n, now, func(tx Tx, r *Review) (bool, error) {
		if r.State != Open {
			return false, nil
		}
		moved := r.moves(lines, now)
		for _, who := range r.Reviewers() {
			if len(r.Waits(who)) == 0 {
				continue
			}
			if err := tx.Change(atOnce(RecallKey(n, which, who), now).ButOnce()); err != nil {
				return false, err
			}
		}
		if len(moved) == 0 {
			return true, nil
		}
		return true, errors.Join(note(tx, *r, approvals.Usher, "handed on what a review asks", "usher", now, moved), owe(tx, now, r.messages()...),
			tx.Change(atOnce(approvals.EveryHome, now).OnlyWhere(approvals.AnyHome)))
	})
	return err
}

// handedOn are, by address, the lines that must be somebody else's, with whose they are to be.
func (s *Reviews) handedOn(ctx context.Context, r Review, now time.Time) (map[string]Line, error) {
	out := map[string]Line{}
	w := s.whose(s.app(r), now)
	for _, l := range r.Lines {
		if l.Answer != "" {
			continue
		}
		ok, err := w.can(ctx, l.Reviewer, l)
		if err != nil {
			return nil, err
		}
		if ok {
			continue
		}
		was := l.Reviewer
		if err := w.assign(ctx, &l); err != nil {
			return nil, err
		}
		if l.Reviewer != was {
			out[l.Email] = l
		}
	}
	return out, nil
}

// app is the app of a review as it is configured now; with its name alone where it isn't any more.
func (s *Reviews) app(r Review) approvals.App {
	for _, a := range s.Inventory.Apps() {
		if a.ID == r.App {
			return a
		}
	}
	return approvals.App{ID: r.App, Name: r.Called}
}

// handing is that a line was handed on, for the audit log.
type handing struct {
	Email string             `json:"email"`
	From  approvals.PersonID `json:"from"`
	To    approvals.PersonID `json:"to"`
}

// moves hands lines on that nobody has answered meanwhile.
func (r *Review) moves(to map[string]Line, now time.Time) (moved []handing) {
	for i := range r.Lines {
		l := &r.Lines[i]
		next, moves := to[l.Email]
		if !moves || l.Answer != "" || l.Reviewer == next.Reviewer {
			continue
		}
		moved = append(moved, handing{l.Email, l.Reviewer, next.Reviewer})
		l.Moved = append(slices.Clone(l.Moved), Move{From: l.Reviewer, At: now})
		l.Reviewer, l.Why = next.Reviewer, next.Why
	}
	return moved
}

// end ends the time for answering: where all of it was answered the review closes, and else the rest is for the app's owners and
// the admins to answer, for half as long again.
func (s *Reviews) end(ctx context.Context, n int64, now time.Time) error {
	r, err := s.Book.Review(ctx, n)
	if err != nil || r.State != Open {
		return err
	}
	owners, heirs, err := s.whose(s.app(r), now).those(ctx)
	if err != nil {
		return err
	}
	_, err = s.change(ctx, n, now, func(tx Tx, r *Review) (bool, error) {
		if r.State != Open {
			return false, nil
		}
		if r.Owners = owners; r.Left() == 0 {
			return true, r.close(tx, now)
		}
		r.State, r.Heirs, r.Closes = Late, heirs, now.Add(r.Due.Sub(r.Began)/2)
		for i := range r.Lines {
			r.Lines[i].Late = r.Lines[i].Answer == ""
		}
		return true, errors.Join(tx.Change(outbox.Promise(doKey(n, doClose), r.Closes)), owe(tx, now, r.messages()...), r.homes(tx, "", now),
			note(tx, *r, approvals.Usher, "ended the time for answering a review", "usher", now, struct {
				Left  int                  `json:"unanswered"`
				Heirs []approvals.PersonID `json:"with"`
			}{r.Left(), heirs}))
	})
	return err
}

// closes closes a review whose second time is over too.
func (s *Reviews) closes(ctx context.Context, n int64, now time.Time) error {
	_, err := s.change(ctx, n, now, func(tx Tx, r *Review) (bool, error) {
		if r.State != Late {
			return false, nil
		}
		return true, r.close(tx, now)
	})
	return err
}

// close is the end of a review, for good.
func (r *Review) close(tx Tx, now time.Time) error {
	if r.State, r.Over = Closed, now; r.Left() > 0 {
		r.State = Unanswered
	}
	return errors.Join(owe(tx, now, r.messages()...), r.homes(tx, "", now), r.handsOut(tx, now), note(tx, *r, approvals.Usher, "closed a review", "usher", now, struct {
		Kept  int `json:"kept"`
		Taken int `json:"taken"`
		Left  int `json:"unanswered"`
	}{r.Answered(Keep), r.Answered(Take), r.Left()}))
}
