package approvals

import (
	"context"
	"errors"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/usherbot/usher/outbox"
)

// Who may decide a request can ask its requester something first. A question decides nothing and is no vote: it is kept
// with the request, the requester hears of it once, and whoever asked hears the answer once. Only what waits is asked
// about, and only its requester answers.

// Question is what somebody who may decide asked the requester, and what they answered.
type Question struct {
	By      Actor     `json:"by"`
	At      time.Time `json:"at"`
	Surface string    `json:"surface"`
	Words   string    `json:"words"`
	// Form is what it was written in: the same words out of the same form are the same question, however often they come.
	Form string `json:"form,omitempty"`
	// Answer is nil while there is none.
	Answer *Answer `json:"answer,omitempty"`
}

// Answer is what the requester says to a question.
type Answer struct {
	At      time.Time `json:"at"`
	Surface string    `json:"surface"`
	Words   string    `json:"words"`
}

// The events of a question.
type (
	// Questioned: somebody who may decide asked the requester something.
	Questioned struct{ Question Question }
	// Replied: the requester answered a question, counted from 1.
	Replied struct {
		To     int
		Answer Answer
	}
)

func (Questioned) what() string { return "asked a question" }
func (Replied) what() string    { return "answered a question" }

// How much is asked about one request, and how much is written at once, in characters.
const (
	MostQuestions = 20
	MostWords     = 500
)

// Open reports whether a question, counted from 1, still waits for its answer.
func (r Request) Open(question int) bool {
	return r.State == Pending && question >= 1 && question <= len(r.Questions) && r.Questions[question-1].Answer == nil
}

// converse takes a question or an answer into a request that waits; false: it is not its time.
func (r *Request) converse(e Event, now time.Time) ([]outbox.Change, bool) {
	switch e := e.(type) {
	case Questioned:
		if r.State != Pending || len(r.Questions) >= MostQuestions {
			return nil, false
		}
		r.Questions = append(r.Questions, e.Question)
		return []outbox.Change{r.atOnce(AskKey(r.Number, len(r.Questions)), now)}, true
	case Replied:
		if !r.Open(e.To) {
			return nil, false
		}
		r.Questions[e.To-1].Answer = &e.Answer
		return []outbox.Change{r.atOnce(AskKey(r.Number, e.To), now), r.atOnce(AnswerKey(r.Number, e.To), now).ButOnce()}, true
	}
	return nil, false
}

// unasked owes what the requester has of the questions that nobody answered before it was decided: without a button.
func (r *Request) unasked(now time.Time) (out []outbox.Change) {
	for i, q := range r.Questions {
		if q.Answer == nil {
			out = append(out, r.atOnce(AskKey(r.Number, i+1), now))
		}
	}
	return out
}

// saidIn is what the audit keeps of a question or an answer; is has it already.
func saidIn(is Request, e Event) any {
	type said struct {
		Question int    `json:"question"`
		Words    string `json:"words"`
	}
	switch e := e.(type) {
	case Questioned:
		return said{len(is.Questions), e.Question.Words}
	case Replied:
		return said{e.To, e.Answer.Words}
	}
	return nil
}

// Inquire asks the requester something about a request that waits. Who may not decide it may not ask either; they, and
// whoever asks what is decided by then, get an *Error with the sentence for them. What was asked before is asked once.
func (d *Desk) Inquire(ctx context.Context, n int64, q Question, now time.Time) (Request, error) {
	var err error
	if q.Words, err = wordsOf(q.Words); err != nil {
		return Request{}, err
	}
	if err := d.repin(ctx, n, now); err != nil {
		return Request{}, err
	}
	r, err := d.Request(ctx, n)
	if err != nil {
		return r, err
	}
	facts := d.gather(ctx, r, q.By)
	err = d.update(ctx, func(tx Tx) error {
		if r, err = d.load(tx, n); err != nil || r.wasAsked(q) {
			return err
		}
		if err := r.questionable(q.By, facts, now); err != nil {
			return err
		}
		r, err = d.act(tx, r, Questioned{Question: q}, q.By, q.Surface, now)
		return err
	})
	if err != nil && len(facts.Failures) > 0 {
		d.Log.WarnContext(ctx, "cannot find out from Slack about everybody who decides", "request", n, "err", errors.Join(facts.Failures...))
	}
	return r, err
}

// MayInquire answers, before a form is opened, whether somebody may ask about a request now; nil: yes.
func (d *Desk) MayInquire(ctx context.Context, n int64, by Actor, now time.Time) (Request, error) {
	r, err := d.Request(ctx, n)
	if err != nil {
		return r, err
	}
	return r, r.questionable(by, d.gather(ctx, r, by), now)
}

// questionable is every reason why somebody may not ask about a request. What is found out about them is what it takes
// to say no.
func (r Request) questionable(by Actor, f Facts, now time.Time) error {
	if err := votable(r, Vote{By: by, Step: r.Present()}, f, now); err != nil {
		return err
	}
	if r.ByUsher() {
		return Refuse(Conflict, "I asked #%v myself, because %v, so there's nobody to answer a question about it.", r.Number, r.Occasion.Because())
	}
	if len(r.Questions) >= MostQuestions {
		return Refuse(Conflict, "#%v has %v questions already, and that's the most one request can have. Talk to %v directly, or decide it with what's there.", r.Number, len(r.Questions), r.Requester)
	}
	return nil
}

// wasAsked reports whether a question is there already: out of the same form, or by the same person in the same words
// and without an answer yet.
func (r Request) wasAsked(q Question) bool {
	for _, old := range r.Questions {
		if old.By == q.By && old.Words == q.Words && (old.Form == q.Form && q.Form != "" || old.Answer == nil) {
			return true
		}
	}
	return false
}

// Reply answers a question, counted from 1. Only the requester may, and only while the request waits; the same answer
// again changes nothing.
func (d *Desk) Reply(ctx context.Context, n int64, question int, by Actor, a Answer, now time.Time) (Request, error) {
	var r Request
	var err error
	if a.Words, err = wordsOf(a.Words); err != nil {
		return r, err
	}
	err = d.update(ctx, func(tx Tx) error {
		if r, err = d.load(tx, n); err != nil {
			return err
		}
		if r.Requester == by.Person() && r.answered(question, a.Words) {
			return nil
		}
		if err := r.answerable(question, by, now); err != nil {
			return err
		}
		r, err = d.act(tx, r, Replied{To: question, Answer: a}, by, a.Surface, now)
		return err
	})
	return r, err
}

// MayReply answers, before a form is opened, whether somebody may answer a question now; nil: yes.
func (d *Desk) MayReply(ctx context.Context, n int64, question int, by Actor, now time.Time) (Request, error) {
	r, err := d.Request(ctx, n)
	if err != nil {
		return r, err
	}
	return r, r.answerable(question, by, now)
}

// answered reports whether a question was answered in these words.
func (r Request) answered(question int, words string) bool {
	if question < 1 || question > len(r.Questions) {
		return false
	}
	a := r.Questions[question-1].Answer
	return a != nil && a.Words == words
}

// answerable is every reason why somebody may not answer a question.
func (r Request) answerable(question int, by Actor, now time.Time) error {
	switch {
	case by.Person() == "" || by.Person() != r.Requester:
		return Refuse(NotAllowed, "That question about #%v is for %v, so only they can answer it.", r.Number, r.Requester)
	case question < 1 || question > len(r.Questions):
		return Refuse(NotFound, "I don't know that question about #%v, so I saved nothing. `/access status %v` shows what was asked.", r.Number, r.Number)
	case r.Questions[question-1].Answer != nil:
		return Refuse(Conflict, "You've answered that question about #%v already: “%v”. It's on the card.", r.Number, r.Questions[question-1].Answer.Words)
	case r.State != Pending:
		return &Error{Code: Conflict, Say: Standing(r)}
	case !now.Before(r.Expires):
		return &Error{Code: Conflict, Say: timeIsOver(r)}
	}
	return nil
}

// wordsOf are a question's or an answer's own words, if there are some and not too many.
func wordsOf(s string) (string, error) {
	s = strings.TrimSpace(s)
	if s == "" {
		return "", Refuse(Invalid, "Please write a few words.")
	}
	if n := utf8.RuneCountInString(s); n > MostWords {
		return "", Refuse(Invalid, "That's %v characters, and %v is the most I pass on at once. Please shorten it.", n, MostWords)
	}
	return s, nil
}
