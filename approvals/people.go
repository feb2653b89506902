package approvals

import (
	"context"
	"errors"
	"time"
)

// Person is what Slack says of somebody.
type Person struct {
	ID   PersonID
	Name string
	// First and Last are their names as the profile has them apart; "" where it doesn't.
	First, Last string
	Email       string // "" when none is visible
	TZ          string
	// Active is false for a deactivated account.
	Active bool
	Bot    bool
	// Guest is true for single- and multi-channel guests and for people of other workspaces.
	Guest bool
	// Off is what their Slack status says.
	Off Off
	// Updated is when Slack last changed what it shows of them, by its own clock; zero: it doesn't say.
	Updated time.Time
}

// Off is that somebody's Slack status says they're away: a hint to whoever waits for them. No rule goes by it, because people
// forget to clear it; and of a status nothing else is kept, because what keeps somebody away is nobody's business.
type Off struct {
	Says bool
	// Until is when Slack takes the status down; zero: it stays until they do.
	Until time.Time
}

// At reports whether it is so at a moment.
func (o Off) At(now time.Time) bool { return o.Says && (o.Until.IsZero() || now.Before(o.Until)) }

// Full reports whether somebody is an active full member of the workspace: only those ask, decide and settle,
// whatever the configuration names them.
func (p Person) Full() bool { return p.Active && !p.Bot && !p.Guest }

// Directory answers who somebody is. An error means that it could not be found out, which is never
// taken for a no and never for a yes; a person Slack does not know is returned as inactive.
type Directory interface {
	Person(ctx context.Context, id PersonID) (Person, error)
	// ByEmail is who bears an address; a Person without an ID where nobody does whom Slack shows. It shows
	// nobody who is deactivated.
	ByEmail(ctx context.Context, email string) (Person, error)
	// Group lists the active members of a user group; ErrNoGroup where Slack says that it has none by that id.
	Group(ctx context.Context, id GroupID) ([]PersonID, error)
}

// ErrNoGroup is returned by a Directory for a user group that Slack doesn't have, or not any more.
var ErrNoGroup = errors.New("there is no such user group in Slack")

// Members are who is in a user group whose members decide: in one that Slack doesn't have nobody is. Whether somebody is
// in it is another question, which such a group can't answer: see lookUpFor.
func Members(ctx context.Context, of Directory, id GroupID) ([]PersonID, error) {
	members, err := of.Group(ctx, id)
	if errors.Is(err, ErrNoGroup) {
		return nil, nil
	}
	return members, err
}

// Facts is what was found out about people for one judgement. An id that is missing from People or
// Groups could not be found out.
type Facts struct {
	People map[PersonID]Person
	Groups map[GroupID][]PersonID
	// Failures is why something is missing, for the log.
	Failures []error
}
