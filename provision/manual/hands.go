package manual

import (
	"context"
	"errors"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/catalog"
	"github.com/usherbot/usher/provision"
)

// Hands stand where other apps have a vendor. Nothing can be read of such an app, and its entry says so (catalog.Reads):
// whoever asks anyway hears that it isn't known, and never that there is nothing.
type Hands struct{}

var errByHand = errors.New("only a person can see or change anything there")

// Look implements provision.Kind. Nobody can see whether the change is so, and nothing is written on a guess.
func (Hands) Look(context.Context, provision.Task) (provision.Sight, error) {
	return provision.Sight{}, errByHand
}

// Write implements provision.Kind.
func (Hands) Write(context.Context, provision.Task, provision.Sight) (provision.Sight, error) {
	return provision.Sight{}, errByHand
}

// Seats implements provision.Reader.
func (Hands) Seats(context.Context) ([]approvals.Seat, error) { return nil, errByHand }

// Items implements provision.Reader.
func (Hands) Items(context.Context, string) ([]catalog.Item, error) { return nil, errByHand }

// Account implements provision.Reader.
func (Hands) Account(context.Context, approvals.Seat) (*approvals.SeatDetail, error) {
	return nil, errByHand
}

// Held implements provision.Reader.
func (Hands) Held(context.Context, string) ([]string, error) { return nil, errByHand }

// Owned implements provision.Reader.
func (Hands) Owned(context.Context, string) ([]string, error) { return nil, errByHand }
