package reviews

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/usherbot/usher/approvals"
)

// carryOut does what one answer asks for: it opens the request that takes something away, or takes back the one that an earlier
// answer had opened. The request's key names the answer, so a crash before what came of it is kept finds the same request again. An
// answer that was changed meanwhile has a promise of its own.
func (s *Reviews) carryOut(ctx context.Context, n int64, line, round int, now time.Time) error {
	r, err := s.Book.Review(ctx, n)
	if err != nil {
		return err
	}
	if line < 0 || line >= len(r.Lines) || r.Lines[line].Round != round {
		return nil
	}
	l := r.Lines[line]
	switch {
	case l.Answer == Take && !l.Others:
		return s.remove(ctx, r, line, now)
	case l.Answer == Keep && l.Removal != 0 && !l.Others:
		return s.withdraw(ctx, r, line, now)
	}
	return nil
}

// remove asks for a removal in the name of who answered, where none is on its way.
func (s *Reviews) remove(ctx context.Context, r Review, line int, now time.Time) error {
	l := r.Lines[line]
	if l.Removal != 0 {
		is, err := s.Desk.Request(ctx, l.Removal)
		if err != nil {
			return fmt.Errorf("read request %d: %w", l.Removal, err)
		}
		if is.Live() || is.State == approvals.Done {
			return nil
		}
	}
	reason := fmt.Sprintf("review #%d: %s", r.Number, l.Reason)
	if l.Reason == "" {
		reason = fmt.Sprintf("review #%d: no longer needed", r.Number)
	}
	number, others, err := s.Remover.Remove(ctx, Removal{App: r.App, Email: l.Email, By: l.By, Reason: reason, Key: fmt.Sprintf("review %s/%d/%d", r.Nonce, line, l.Round)}, now)
	say, refused := errors.AsType[*approvals.Error](err)
	if err != nil && (!refused || passes(say.Code)) {
		return err
	}
	if approvals.CodeOf(err) == approvals.NotAllowed && s.Alarm != nil { // told before it is kept: a crash between the two tells it once more, under the same topic
		s.Alarm(ctx, fmt.Sprintf("review-%d", r.Number), approvals.Sayf("*%v · review #%v*: %v answered that %v is to be taken away, and I couldn't ask for that in their name: %v Please ask for it yourselves, or add an approver. The review's report lists every such answer.",
			r.Called, r.Number, l.By, l.Called(), say.Say))
	}
	return s.came(ctx, r.Number, line, l.Round, now, func(l *Line) any {
		if refused {
			l.Wrong = say.Say
			return struct {
				Email string `json:"email"`
				Wrong string `json:"refused"`
			}{l.Email, say.Say.Plain()}
		}
		if l.Removal != 0 {
			l.Withdrawn = append(slices.Clone(l.Withdrawn), l.Removal)
		}
		l.Removal, l.Others = number, others
		return struct {
			Email   string `json:"email"`
			Removal int64  `json:"removal"`
		}{l.Email, number}
	})
}

// withdraw takes back a removal that nobody has decided. One that somebody has goes on, and the line says so.
func (s *Reviews) withdraw(ctx context.Context, r Review, line int, now time.Time) error {
	l := r.Lines[line]
	is, err := s.Desk.Request(ctx, l.Removal)
	if err != nil {
		return fmt.Errorf("read request %d: %w", l.Removal, err)
	}
	if _, err = s.Desk.Cancel(ctx, l.Removal, approvals.Actor(is.Requester), "review", now); err != nil {
		if say, refused := errors.AsType[*approvals.Error](err); !refused || passes(say.Code) {
			return err
		}
		if is, err = s.Desk.Request(ctx, l.Removal); err != nil || is.Live() || is.State == approvals.Done {
			return err
		}
	}
	return s.came(ctx, r.Number, line, l.Round, now, func(l *Line) any {
		gone := l.Removal
		l.Withdrawn, l.Removal = append(slices.Clone(l.Withdrawn), gone), 0
		return struct {
			Email     string `json:"email"`
			Withdrawn int64  `json:"withdrawn"`
		}{l.Email, gone}
	})
}

// came keeps what came of an answer, unless it was changed meanwhile or it is kept already.
func (s *Reviews) came(ctx context.Context, n int64, line, round int, now time.Time, put func(*Line) any) error {
	_, err := s.change(ctx, n, now, func(tx Tx, r *Review) (bool, error) {
		l := &r.Lines[line]
		if l.Round != round && l.Answer == Take {
			return false, nil
		}
		about := put(l)
		if l.Round != round && l.Removal != 0 { // it was answered otherwise while the removal was asked for: that is taken back now
			if err := owe(tx, now, takeKey(n, line, l.Round)); err != nil {
				return false, err
			}
		}
		return true, errors.Join(note(tx, *r, approvals.Usher, "carried out an answer of a review", "usher", now, about), owe(tx, now, r.messages()...))
	})
	return err
}
