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
}

// ErrUnkept says that our own store could not keep, or give back, what was read: no app is to blame.
var ErrUnkept = errors.New("what was read could not be kept")
