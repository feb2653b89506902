package toyapp

import (
	"context"
	"errors"

	"github.com/usherbot/usher/app"
	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/catalog"
	"github.com/usherbot/usher/config"
	"github.com/usherbot/usher/provision"
)

// ByHand is an app that no program carries out: people let others into an office, and see them out.
func ByHand() *catalog.Entry {
	floor := catalog.Field{Key: "floor", Label: "Floor", Kind: catalog.OneOf, Default: "first", Choices: []catalog.Choice{{ID: "first", Words: "first floor"}, {ID: "vault", Words: "vault"}}}
	return &catalog.Entry{
		Kind: "office", Seat: catalog.Noun{One: "badge", Many: "badges"},
		Actions: []catalog.Action{
			{
				Key: "admit", Effect: catalog.Gives, New: true, Fields: []catalog.Field{floor},
				Steps: []catalog.Step{
					{Key: "badge", Do: "Print a badge for {who}", Where: "Badge office", Labels: []string{"Print", "New badge"}, Check: "it bears their name"},
					{Key: "photo", Do: "Has {who} a photo on file?", Asks: "had_photo"},
					{Key: "picture", Do: "Take a photo of {who}", If: "not had_photo", Proof: catalog.Link},
					{Key: "escort", Do: "Show {who} the way to the vault", If: "floor=vault", Remember: "Both keys"},
					{Key: "hand_over", Do: "Hand {who} the badge", Proof: catalog.Note},
				},
				Says: catalog.Says{Title: "{app}: admit {who}", About: "admit {who} to {app}", Does: "*Lets* {who} in", Asks: "admit {email}", Doing: "they are being let in",
					Done: "{who} can enter {app} now ({n})."},
			},
			{
				Key: "see_out", Effect: catalog.Takes, Ends: true, Final: true,
				Steps: []catalog.Step{
					{Key: "collect", Do: "Collect the badge of {who}", Marks: catalog.AccessRemoved},
					{Key: "release", Do: "Tell the landlord that {who} is gone", Marks: catalog.SeatReleased},
				},
				Says: catalog.Says{Title: "{app}: see {who} out", Doing: "they are being seen out", Done: "{who} can't enter {app} any more ({n})."},
			},
		},
	}
}

// ByHandKind is the kind of app that is an office. Nothing of it can be read, and no program is ever to carry out anything.
func ByHandKind() app.Kind {
	return app.Kind{Entry: ByHand(), Make: func(config.AppConfig, app.Around) (app.Hands, error) { return noHands{}, nil }}
}

// errNoHands says that nothing of it can be read.
var errNoHands = errors.New("nobody can read an office")

type noHands struct{}

// Look implements provision.Kind.
func (noHands) Look(context.Context, provision.Task) (provision.Sight, error) {
	panic("a program was to carry out what a person does")
}

// Write implements provision.Kind.
func (noHands) Write(context.Context, provision.Task, provision.Sight) (provision.Sight, error) {
	panic("a program was to carry out what a person does")
}

// Seats implements provision.Reader.
func (noHands) Seats(context.Context) ([]approvals.Seat, error) { return nil, errNoHands }

// Items implements provision.Reader.
func (noHands) Items(context.Context, string) ([]catalog.Item, error) { return nil, errNoHands }

// Account implements provision.Reader.
func (noHands) Account(context.Context, approvals.Seat) (*approvals.SeatDetail, error) {
	return nil, errNoHands
}

// Held implements provision.Reader.
func (noHands) Held(context.Context, string) ([]string, error) { return nil, errNoHands }

// Owned implements provision.Reader.
func (noHands) Owned(context.Context, string) ([]string, error) { return nil, errNoHands }
