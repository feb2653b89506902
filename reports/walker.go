package reports

import (
	"context"
	"errors"
	"time"

	"github.com/usherbot/usher/approvals"
)

// Walker takes censuses; *census.Censuses is one.
type Walker interface {
	// Census is one of an app's accounts that was begun at a moment or later; one that takes long may be some minutes older. told
	// hears after each page how many accounts were read of about how many (0: nobody knows), and must not wait. After an
	// error, whoever asks again goes on where it was, in another life of the program too.
	Census(ctx context.Context, app approvals.App, since time.Time, told func(read, about int)) (Census, error)
	// Pin keeps a census of an app, one of the last two or one that is kept so already, for whoever goes by a name, until Unpin
	// lets go of all that are kept for them but one. What is neither is an error.
	Pin(ctx context.Context, app, name string, walk int64) error
	Unpin(ctx context.Context, app, name string, but int64) error
	// Pinned is a census that was pinned; known is false where it is not there any more.
	Pinned(ctx context.Context, app approvals.App, walk int64) (c Census, known bool, err error)
}

// ErrUnkept says that our own store could not keep, or give back, what was read: no app is to blame.
var ErrUnkept = errors.New("what was read could not be kept")
