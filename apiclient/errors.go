package apiclient

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// Kind says what an Error means to whoever asked for the call, and so what may
// be done next.
type Kind string

const (
	// Rejected: the vendor understood and refused (a bad field, an address in use), or
	// the client refused before sending. Nothing was done; repeating it changes nothing.
	Rejected Kind = "rejected"
	// NotAllowed: the key is wrong or revoked, or the plan does not cover the call. Nothing was done.
	NotAllowed Kind = "not allowed"
	// LimitReached: a quota of the plan is used up: seats, units, money. Nothing was done.
	LimitReached Kind = "limit reached"
	// RateLimited: too many requests (429). Nothing was done; RetryAfter may say how long to wait.
	RateLimited Kind = "rate limited"
	// Temporary: a read that could not be answered, or any call of which nothing was sent. Nothing was done.
	Temporary Kind = "temporary"
	// OutcomeUnknown: a write was sent and its answer lost or unreadable. It may have been
	// done: look before doing it again.
	OutcomeUnknown Kind = "outcome unknown"
	// NotFound: what the call is about is not there. Nothing was done.
	NotFound Kind = "not found"
)

// Error is the one error of every client. Its text never holds a key, a password
// or an address with a query.
type Error struct {
	Op         string        // verb and noun: "create account"
	Kind       Kind          // what it means
	Status     int           // HTTP status; 0: there was no answer
	Words      string        // the vendor's own words, redacted, at most 200 characters; may be empty
	RetryAfter time.Duration // the wait the vendor asked for, at most 60 s; 0: it did not say
	Err        error         // the cause below, cleaned by Clean; may be nil
}

// Error reads "create account: rejected (400): E-mail is in use".
func (e *Error) Error() string {
	var b strings.Builder
	b.WriteString(e.Op + ": " + string(e.Kind))
	if e.Status != 0 {
		fmt.Fprintf(&b, " (%d)", e.Status)
	}
	switch {
	case e.Words != "":
		b.WriteString(": " + e.Words)
	case e.Err != nil:
		b.WriteString(": " + e.Err.Error())
	}
	return b.String()
}

// Answered reports whether the vendor itself answered, so that nothing is on its way any more. A
// gateway that gave up waiting for the vendor is no answer of the vendor's.
func (e *Error) Answered() bool {
	switch e.Status {
	case 0, http.StatusRequestTimeout, http.StatusBadGateway, http.StatusGatewayTimeout:
		return false
	}
	return true
}

// Unwrap returns the cleaned cause, so that errors.Is finds context.Canceled and its like.
func (e *Error) Unwrap() error { return e.Err }

// KindOf returns the Kind of a client's error, wherever it is wrapped; "" for nil
// and for errors of other origin.
func KindOf(err error) Kind {
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Kind
	}
	return ""
}

// Clean returns an error that still answers errors.Is like err, whose text is
// redacted, and from which errors.As reaches nothing that would print an address: net/http
// puts the whole URL into every error it returns.
func Clean(err error, secrets ...Secret) error {
	if err == nil {
		return nil
	}
	if u, ok := errors.AsType[*url.Error](err); ok {
		err = u.Err
	}
	return cleaned{text: Redact(err.Error(), secrets...), cause: err}
}

type cleaned struct {
	text  string
	cause error
}

func (c cleaned) Error() string        { return c.text }
func (c cleaned) Is(target error) bool { return errors.Is(c.cause, target) }
