package approvals

import (
	"errors"
	"fmt"
)

// Code classifies what a person is told.
type Code string

// The codes of Error.
const (
	Invalid     Code = "invalid"     // what was asked makes no sense as it stands
	NotAllowed  Code = "not_allowed" // the person may not do this
	NotFound    Code = "not_found"   // there is no such thing
	Conflict    Code = "conflict"    // it was already settled, or is already asked for
	NoSeat      Code = "no_seat"     // the seat that was approved is gone; approved again, it is put in line
	Changed     Code = "changed"     // what was approved has changed since it was shown; it can be approved again
	CannotTell  Code = "cannot_tell" // whether it is allowed could not be found out; nothing changed
	Busy        Code = "busy"        // too much at once; nothing changed
	Unavailable Code = "unavailable" // a part Usher depends on does not answer; nothing changed
	Unsure      Code = "unsure"      // the store failed in the middle: it may or may not have been kept
)

// Error is the one kind of error a person may read: a code and a sentence that says what happened
// and what to do. Every other error reaches people as "something went wrong, reference …" and goes
// whole to the log.
type Error struct {
	Code Code
	Say  Text
	// Among is what it says beside what became of others, some of which may have gone through; nil: the same.
	Among Text
	// Stands is the request that stands in the way, for somebody who may read it: they are offered to hear when it is
	// over. Its zero value: none does.
	Stands Name
	// Own says that it is their own request, or one that is decided: then there is nothing to hear of it that they don't hear anyway.
	Own bool
	// Card is the key of the card on which that request stands, and Link leads there; "": nowhere.
	Card, Link string
	// Cause is for the log; people never see it.
	Cause error
}

// Error is the sentence without markup, and the cause for the log.
func (e *Error) Error() string {
	if e.Cause != nil {
		return fmt.Sprintf("%s: %s: %v", e.Code, e.Say.Plain(), e.Cause)
	}
	return fmt.Sprintf("%s: %s", e.Code, e.Say.Plain())
}

// Unwrap is the cause.
func (e *Error) Unwrap() error { return e.Cause }

// Refuse makes an Error that a person may read; format and args are those of Sayf.
func Refuse(code Code, format string, args ...any) *Error {
	return &Error{Code: code, Say: Sayf(format, args...)}
}

// By names the request that stands in the way.
func (e *Error) By(r Request) *Error {
	e.Stands, e.Card = r.Name(), CardKeyOf(r)
	return e
}

// ByOwn names a request that stands in the way, of which whoever asks hears anyway, or nothing more.
func (e *Error) ByOwn(r Request) *Error {
	e.By(r).Own = true
	return e
}

// Because adds the cause that only the log shows.
func (e *Error) Because(cause error) *Error {
	e.Cause = cause
	return e
}

// CodeOf is the code of the readable error inside err, or "" when there is none.
func CodeOf(err error) Code {
	var e *Error
	if errors.As(err, &e) {
		return e.Code
	}
	return ""
}

// ErrUnknownOutcome is returned by a Book whose commit failed in a way that leaves open whether the
// change was kept. The caller reads again before it says anything.
var ErrUnknownOutcome = errors.New("store: outcome of the commit is unknown")

// ErrBusy is returned by a Book whose queue is full; nothing was changed.
var ErrBusy = errors.New("store: too much is waiting")

// ErrAway is returned by a Book that can't be reached, or takes nothing, for the time being; nothing was changed.
var ErrAway = errors.New("store: it can't be reached")

// Away is what people read of ErrAway.
func Away(cause error) *Error {
	return Refuse(Busy, "I can't get at my database right now, so nothing was saved. Please try again in a minute.").Because(cause)
}

// ErrNoRequest is returned by a Book for a number nobody has.
var ErrNoRequest = errors.New("store: no such request")
