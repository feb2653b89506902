package reviews

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/usherbot/usher/approvals"
)

// Given is one answer, to the line at a place.
type Given struct {
	Line   int
	Answer Answer
	Reason string
}

// Answers is what somebody says of some lines, in one go.
type Answers struct {
	Of      Name
	By      approvals.PersonID
	Given   []Given
	Surface string
}

// Answer takes all of somebody's answers, or none: a refusal says why. The same said again is no error and changes nothing. What is to
// be taken away is promised in the same transaction, and asked for behind (removal.go): so a crash before the commit leaves nothing,
// and after it all that was answered is done.
func (s *Reviews) Answer(ctx context.Context, a Answers, now time.Time) (Review, error) {
	r, err := s.Named(ctx, a.Of)
	if err != nil {
		return r, err
	}
	who, err := s.Desk.Directory.Person(ctx, a.By)
	switch {
	case err != nil:
		return r, approvals.Refuse(approvals.CannotTell, "I couldn't check with Slack who you are just now, so nothing was saved. Please try again in a minute.").Because(err)
	case !who.Full():
		return r, approvals.Refuse(approvals.NotAllowed, "Only active full members of this workspace answer reviews, so nothing was changed.")
	}
	for _, g := range a.Given {
		if err := s.settled(ctx, r, g); err != nil {
			return r, err
		}
	}
	return s.change(ctx, a.Of.Number, now, func(tx Tx, r *Review) (changed bool, err error) {
		for _, g := range a.Given {
			did, err := r.take(tx, g, who, a, now)
			if err != nil {
				return false, err
			}
			changed = changed || did
		}
		if !changed {
			return false, nil
		}
		if r.State == Late && r.Left() == 0 {
			return true, r.close(tx, now)
		}
		return true, errors.Join(owe(tx, now, r.messages()...), r.homes(tx, a.By, now))
	})
}

// homes owes the Homes on which it stands how much waits: of who answered, and where several may answer the same, all.
func (r Review) homes(tx Tx, by approvals.PersonID, now time.Time) error {
	if r.State == Open {
		return tx.Change(atOnce(approvals.HomeKey(by), now).OnlyWhere(approvals.HomeKey(by)))
	}
	return tx.Change(atOnce(approvals.EveryHome, now).OnlyWhere(approvals.AnyHome))
}

// messages are the keys of all that people have of a review.
func (r Review) messages() (keys []string) {
	for _, who := range r.everReviewers() {
		keys = append(keys, ReviewerKey(r.Number, who))
	}
	for _, who := range r.Heirs {
		keys = append(keys, HeirKey(r.Number, who))
	}
	return keys
}

// everReviewers are all who have, or had, a line to answer.
func (r Review) everReviewers() (all []approvals.PersonID) {
	seen := map[approvals.PersonID]bool{"": true}
	for _, l := range r.Lines {
		for _, m := range l.Moved {
			if !seen[m.From] {
				seen[m.From], all = true, append(all, m.From)
			}
		}
		if !seen[l.Reviewer] {
			seen[l.Reviewer], all = true, append(all, l.Reviewer)
		}
	}
	return all
}

// take takes one answer; false: it stands already.
func (r *Review) take(tx Tx, g Given, who approvals.Person, a Answers, now time.Time) (bool, error) {
	if g.Line < 0 || g.Line >= len(r.Lines) {
		return false, approvals.Refuse(approvals.Invalid, "I can't tell which line of review #%v that's about, so nothing was changed.", r.Number)
	}
	l := &r.Lines[g.Line]
	g.Reason = strings.TrimSpace(g.Reason)
	if l.Answer == g.Answer && (l.Reason == g.Reason || g.Reason == "") {
		return false, nil
	}
	if err := r.refuses(*l, g, who); err != nil {
		return false, err
	}
	was := l.Answer
	l.Answer, l.Reason, l.By, l.At, l.Round, l.Wrong = g.Answer, g.Reason, a.By, now, l.Round+1, nil
	err := note(tx, *r, approvals.Actor(a.By), "answered in a review", a.Surface, now, struct {
		Email  string `json:"email"`
		Was    Answer `json:"was,omitempty"`
		Answer Answer `json:"answer"`
		Reason string `json:"reason,omitempty"`
	}{l.Email, was, l.Answer, l.Reason})
	if err == nil && (l.Answer == Take || l.Removal != 0) {
		err = owe(tx, now, takeKey(r.Number, g.Line, l.Round))
	}
	return true, err
}

// refuses is every reason why an answer isn't taken.
func (r Review) refuses(l Line, g Given, who approvals.Person) error {
	switch {
	case !r.Live() || r.State == Gathering:
		return approvals.Refuse(approvals.Conflict, "Review #%v of %v is over, so nothing was changed.", r.Number, r.Called)
	case l.own(who):
		return approvals.Refuse(approvals.NotAllowed, "That's your own account, so somebody else answers. Nothing was changed.")
	case !r.isFor(l, who.ID) && r.State == Late:
		return approvals.Refuse(approvals.Conflict, "The time for answering review #%v was over at %v. What's left is with the owners of %v and the admins.", r.Number, r.Due, r.Called)
	case !r.isFor(l, who.ID):
		return approvals.Refuse(approvals.NotAllowed, "%v isn't yours to answer (any more) in review #%v. I'm asking %v now.", l.Called(), r.Number, l.Reviewer)
	case g.Answer != Keep && g.Answer != Take:
		return approvals.Refuse(approvals.Invalid, "I can't tell whether you want to keep that or take it away, so nothing was changed.")
	case g.Answer == Keep && len(l.Odds) > 0 && g.Reason == "":
		return approvals.Refuse(approvals.Invalid, "Please say why %v should keep it: %v", l.Called(), approvals.Join(l.Odds, " "))
	}
	return nil
}

// settled refuses to change an answer whose removal somebody has decided. What is read here may change before the commit: then the
// removal goes on, and the review says so.
func (s *Reviews) settled(ctx context.Context, r Review, g Given) error {
	if g.Line < 0 || g.Line >= len(r.Lines) {
		return nil // which take says
	}
	l := r.Lines[g.Line]
	if l.Removal == 0 || l.Answer == g.Answer {
		return nil
	}
	is, err := s.Desk.Request(ctx, l.Removal)
	if err != nil {
		return fmt.Errorf("read request %d: %w", l.Removal, err)
	}
	switch is.State {
	case approvals.Pending, approvals.Denied, approvals.Expired, approvals.Canceled, approvals.Failed:
		return nil
	}
	return approvals.Refuse(approvals.Conflict, "#%v, which takes that away, is %v already, so the answer stays. Still needed? Ask for it again.", l.Removal, string(is.State))
}

// May is nil where somebody may answer the line at a place now; else an *approvals.Error says why not.
func (r Review) May(place int, who approvals.PersonID) error {
	if place < 0 || place >= len(r.Lines) {
		return approvals.Refuse(approvals.Invalid, "I can't tell which line of review #%v that's about, so nothing was changed.", r.Number)
	}
	return r.refuses(r.Lines[place], Given{Line: place, Answer: Take}, approvals.Person{ID: who})
}
