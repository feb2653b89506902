package web

import (
	"context"
	"net/http"
	"strings"

	"github.com/slack-go/slack"

	"github.com/usherbot/usher/approvals"
)

// Probe asks Slack, for `usher check`, whether a configuration can work. It reads only (but see Reach and Home)
// and knows no rules: it says what is there, check says what that means. Its errors are of type Error.
type Probe struct{ slack *Client }

// NewProbe makes a probe of a workspace; it asks nothing yet.
func NewProbe(s *Client) *Probe { return &Probe{slack: s} }

// Scopes asks what the bot token may do: the header x-oauth-scopes of auth.test. Nil: Slack did not say.
func (p *Probe) Scopes(ctx context.Context) (scopes []string, err error) {
	err = p.slack.call(ctx, methodAuthTest, func(ctx context.Context) error {
		answer, err := p.slack.client.AuthTestContext(ctx)
		if err == nil {
			scopes = scopeList(scopesIn(answer.Header))
		}
		return err
	})
	return scopes, err
}

func scopesIn(h http.Header) string { return strings.Join(h.Values("X-Oauth-Scopes"), ",") }

// scopeList reads a list of scopes; nil: it names none, as where a proxy takes the header away.
func scopeList(said string) []string {
	if strings.Trim(said, ", ") == "" {
		return nil
	}
	return strings.FieldsFunc(said, func(c rune) bool { return c == ',' || c == ' ' })
}

// Socket asks for a Socket Mode address with the app token. It is good for one connection, and for a moment.
func (p *Probe) Socket(ctx context.Context) (address string, err error) {
	ctx, cancel := context.WithTimeout(ctx, callWithin)
	defer cancel()
	return p.slack.SocketAddress(ctx)
}

// Room is what the bot sees of a channel.
type Room struct {
	ID       string
	Name     string // without #
	Archived bool
	Member   bool // the bot is in it
	Private  bool
	// Shared: people of another company read it; Inviting: somebody has asked them in.
	Shared, Inviting bool
}

// Room looks up a channel that is named by its id or as "#name".
func (p *Probe) Room(ctx context.Context, channel string) (Room, error) {
	id, err := p.slack.ChannelID(ctx, channel)
	if err != nil {
		return Room{}, err
	}
	c, err := p.slack.room(ctx, id)
	if err != nil {
		return Room{}, err
	}
	return Room{ID: c.ID, Name: c.Name, Archived: c.IsArchived, Member: c.IsMember, Private: c.IsPrivate || c.IsGroup,
		Shared: c.IsExtShared, Inviting: c.IsPendingExtShared}, nil
}

// Member looks somebody up. Unlike a Directory it tells somebody Slack does not know (an Error of
// NoPerson) from somebody who has left.
func (p *Probe) Member(ctx context.Context, id approvals.PersonID) (approvals.Person, error) {
	us, err := p.slack.Identity(ctx)
	if err != nil {
		return approvals.Person{}, err
	}
	u, err := p.slack.user(ctx, id)
	if err != nil {
		return approvals.Person{}, err
	}
	return personOf(u, us), nil
}

// Reach opens the direct message to somebody; nil: the bot can write to them. Slack has no call that only
// asks. Nobody sees an open conversation in which nothing was said, and it is the same one ever after.
func (p *Probe) Reach(ctx context.Context, id approvals.PersonID) error {
	_, err := p.slack.openDM(ctx, id)
	return err
}

// Home publishes the Home of the bot itself, which nobody ever opens; nil: the tab is on. Slack has no call that only asks,
// and on anybody else's something would show.
func (p *Probe) Home(ctx context.Context) error {
	us, err := p.slack.Identity(ctx)
	if err != nil {
		return err
	}
	const text = "This is the Home of Usher itself."
	view := slack.HomeTabViewRequest{Type: slack.VTHomeTab, CallbackID: "probe",
		Blocks: slack.Blocks{BlockSet: []slack.Block{slack.NewSectionBlock(slack.NewTextBlockObject(slack.PlainTextType, text, false, false), nil, nil)}}}
	_, err = p.slack.PublishHome(ctx, approvals.PersonID(us.User), view, "")
	return err
}

// Group lists the members of a user group.
func (p *Probe) Group(ctx context.Context, id approvals.GroupID) ([]approvals.PersonID, error) {
	members, err := p.slack.group(ctx, id)
	if err != nil {
		return nil, err
	}
	out := make([]approvals.PersonID, len(members))
	for i, m := range members {
		out[i] = approvals.PersonID(m)
	}
	return out, nil
}

// Fields are the fields that the workspace has added to everybody's profile.
func (p *Probe) Fields(ctx context.Context) ([]Field, error) { return p.slack.profileFields(ctx) }

// ManagerIn is what somebody's profile says in a field of who their manager is.
func (p *Probe) ManagerIn(ctx context.Context, of approvals.PersonID, field Field) (approvals.Claim, error) {
	value, err := p.slack.profileValue(ctx, of, field.ID)
	return ClaimOf(value, p.slack.now()), err
}
