package bot

import (
	"context"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/slack-go/slack"
	"golang.org/x/sync/singleflight"

	"github.com/usherbot/usher/approvals"
)

// The Web API methods in use. A method that is not in scopesOf cannot be called.
const (
	methodAuthTest      = "auth.test"
	methodPost          = "chat.postMessage"
	methodUpdate        = "chat.update"
	methodEphemeral     = "chat.postEphemeral"
	methodHistory       = "conversations.history"
	methodOpenDM        = "conversations.open"
	methodChannels      = "conversations.list"
	methodChannel       = "conversations.info"
	methodUser          = "users.info"
	methodGroup         = "usergroups.users.list"
	methodOpenView      = "views.open"
	methodOpenSocket    = "apps.connections.open"
	pseudoResponseURL   = "response_url" // no method, but it has a clock like one
	callWithin          = 10 * time.Second
	historyPage         = 200
	channelsPage        = 1000
	mostPages           = 100
	intentMetadataEvent = "usher_intent"
)

// scopesOf names the bot scopes each method takes in the kinds of conversation we use it in; manifest.yml
// asks for exactly these, and "commands" for the slash command itself. chat:write.public is left out on
// purpose: in a channel the bot has not been invited to it could post, but not look for what it posted.
var scopesOf = map[string][]string{
	methodAuthTest:  nil,
	methodPost:      {"chat:write"},
	methodUpdate:    {"chat:write"},
	methodEphemeral: {"chat:write"},
	methodHistory:   {"channels:history", "groups:history", "im:history"},
	methodOpenDM:    {"im:write"},
	methodChannels:  {"channels:read", "groups:read"},
	methodChannel:   {"channels:read", "groups:read"},
	methodUser:      {"users:read", "users:read.email"},
	methodGroup:     {"usergroups:read"},
	methodOpenView:  nil,
}

// Scopes lists the bot scopes that Usher uses, sorted.
func Scopes() []string {
	all := []string{"commands"}
	for _, scopes := range scopesOf {
		all = append(all, scopes...)
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// Identity is who the bot is in its workspace.
type Identity struct {
	Team     string
	TeamName string
	User     string // the bot's user id
	Bot      string // the bot's id as author of messages
	Name     string
}

// Slack is one workspace as seen with one bot token: the Web API behind clocks, with typed errors.
// It is safe for concurrent use.
type Slack struct {
	cfg    Config
	client *slack.Client
	log    *slog.Logger
	now    func() time.Time
	pace   *pace
	flight singleflight.Group
	rooms  rooms

	mu       sync.Mutex
	identity *Identity
	doom     error
	doomed   chan struct{}
}

// NewSlack prepares a workspace; nothing is called yet.
func NewSlack(cfg Config) *Slack {
	cfg = cfg.withDefaults()
	return &Slack{
		cfg: cfg, log: cfg.Log, now: cfg.Now, pace: newPace(cfg.Now), doomed: make(chan struct{}), rooms: newRooms(),
		client: slack.New(string(cfg.BotToken), slack.OptionAPIURL(cfg.APIURL), slack.OptionHTTPClient(cfg.HTTP)),
	}
}

// Doom is why Slack will have nothing more to do with us, as a sentence for the operator; nil: it has.
func (s *Slack) Doom() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.doom
}

func (s *Slack) doomWith(err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.doom == nil {
		s.doom = err
		close(s.doomed)
	}
}

// call waits for the method's clock, then tries it.
func (s *Slack) call(ctx context.Context, method string, do func(ctx context.Context) error) error {
	if err := s.pace.wait(ctx, method, ""); err != nil {
		return err
	}
	return s.try(ctx, method, do)
}

// try makes one call and types its error. What Slack says about limits is remembered; a token that
// it refuses for good ends the process.
func (s *Slack) try(ctx context.Context, method string, do func(ctx context.Context) error) error {
	ctx, cancel := context.WithTimeout(ctx, callWithin)
	defer cancel()
	err := apiError(method, do(ctx))
	switch FaultOf(err) {
	case Limited:
		s.pace.hold(method, err.(*APIError).After)
	case Refused:
		s.doomWith(refusal("bot", "SLACK_BOT_TOKEN", err.(*APIError).Code))
	}
	return err
}

// Identity finds out who the bot is; the answer is kept.
func (s *Slack) Identity(ctx context.Context) (Identity, error) {
	s.mu.Lock()
	known := s.identity
	s.mu.Unlock()
	if known != nil {
		return *known, nil
	}
	var who Identity
	err := s.call(ctx, methodAuthTest, func(ctx context.Context) error {
		a, err := s.client.AuthTestContext(ctx)
		if err == nil {
			who = Identity{Team: a.TeamID, TeamName: a.Team, User: a.UserID, Bot: a.BotID, Name: a.User}
		}
		return err
	})
	if err != nil {
		return who, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.identity = &who
	return who, nil
}

// ref is where a message stands.
type ref struct {
	place string
	ts    string
	// digest is what it showed when it was sent, where that is known.
	digest string
}

// post sends a message. The caller has waited for the channel's clock.
func (s *Slack) post(ctx context.Context, place string, m Message, meta *slack.SlackMetadata) (ref, error) {
	at := ref{digest: m.Digest()}
	err := s.try(ctx, methodPost, func(ctx context.Context) (err error) {
		at.place, at.ts, err = s.client.PostMessageContext(ctx, place, options(m, meta)...)
		return err
	})
	if err == nil && (at.place == "" || at.ts == "") {
		err = &APIError{Method: methodPost, Fault: Unknown, Code: "answer names no message"}
	}
	return at, err
}

// update changes a message in place; doing it twice does no harm.
func (s *Slack) update(ctx context.Context, at ref, m Message, meta *slack.SlackMetadata) error {
	return s.call(ctx, methodUpdate, func(ctx context.Context) error {
		_, _, _, err := s.client.UpdateMessageContext(ctx, at.place, at.ts, options(m, meta)...)
		return err
	})
}

// ephemeral shows a message to one person in a channel, once they look there.
func (s *Slack) ephemeral(ctx context.Context, place, user string, m Message) error {
	return s.call(ctx, methodEphemeral, func(ctx context.Context) error {
		_, err := s.client.PostEphemeralContext(ctx, place, user, options(m, nil)...)
		return err
	})
}

// respond posts an ephemeral answer to a response URL, which works wherever it was typed or clicked.
func (s *Slack) respond(ctx context.Context, url string, m Message) error {
	return s.call(ctx, pseudoResponseURL, func(ctx context.Context) error {
		return slack.PostWebhookCustomHTTPContext(ctx, url, s.cfg.HTTP, &slack.WebhookMessage{
			Text: m.Text, Blocks: &slack.Blocks{BlockSet: m.Blocks}, ResponseType: slack.ResponseTypeEphemeral,
		})
	})
}

// openView shows a form; the trigger lives three seconds and opens one.
func (s *Slack) openView(ctx context.Context, trigger string, view slack.ModalViewRequest) error {
	return s.call(ctx, methodOpenView, func(ctx context.Context) error {
		_, err := s.client.OpenViewContext(ctx, trigger, view)
		return err
	})
}

func (s *Slack) openDM(ctx context.Context, who approvals.PersonID) (string, error) {
	var place string
	err := s.call(ctx, methodOpenDM, func(ctx context.Context) error {
		c, _, _, err := s.client.OpenConversationContext(ctx, &slack.OpenConversationParameters{Users: []string{string(who)}})
		if err == nil {
			place = c.ID
		}
		return err
	})
	return place, err
}

func (s *Slack) user(ctx context.Context, id approvals.PersonID) (*slack.User, error) {
	var u *slack.User
	err := s.call(ctx, methodUser, func(ctx context.Context) (err error) {
		u, err = s.client.GetUserInfoContext(ctx, string(id))
		return err
	})
	return u, err
}

func (s *Slack) group(ctx context.Context, id approvals.GroupID) ([]string, error) {
	var members []string
	err := s.call(ctx, methodGroup, func(ctx context.Context) (err error) {
		members, err = s.client.GetUserGroupMembersContext(ctx, string(id))
		return err
	})
	return members, err
}

// channels reads one page of the channels the bot can see.
func (s *Slack) channels(ctx context.Context, cursor string) (page []slack.Channel, next string, err error) {
	err = s.call(ctx, methodChannels, func(ctx context.Context) (err error) {
		page, next, err = s.client.GetConversationsContext(ctx, &slack.GetConversationsParameters{
			Cursor: cursor, Limit: channelsPage, Types: []string{"public_channel", "private_channel"}})
		return err
	})
	return page, next, err
}

// history reads one page of a conversation with the metadata of its messages.
func (s *Slack) history(ctx context.Context, place, oldest, cursor string) (page []slack.Message, next string, err error) {
	err = s.call(ctx, methodHistory, func(ctx context.Context) error {
		h, err := s.client.GetConversationHistoryContext(ctx, &slack.GetConversationHistoryParameters{
			ChannelID: place, Oldest: oldest, Cursor: cursor, Limit: historyPage, IncludeAllMetadata: true})
		if err == nil {
			page, next = h.Messages, h.ResponseMetaData.NextCursor
		}
		return err
	})
	return page, next, err
}

// options are the parts of a message. Links in it never unfold, and nothing in it is parsed anew.
func options(m Message, meta *slack.SlackMetadata) []slack.MsgOption {
	o := []slack.MsgOption{
		slack.MsgOptionText(m.Text, false), slack.MsgOptionBlocks(m.Blocks...),
		slack.MsgOptionDisableLinkUnfurl(), slack.MsgOptionDisableMediaUnfurl(),
	}
	if meta != nil {
		o = append(o, slack.MsgOptionMetadata(*meta))
	}
	return o
}

// socketClient is the API client of one connection; its calls go through the gate.
func (s *Slack) socketClient(gate doer) *slack.Client {
	return slack.New(string(s.cfg.BotToken), slack.OptionAppLevelToken(string(s.cfg.AppToken)),
		slack.OptionAPIURL(s.cfg.APIURL), slack.OptionHTTPClient(gate))
}

// doer makes HTTP requests; *http.Client is one.
type doer interface {
	Do(*http.Request) (*http.Response, error)
}

func isOpenSocket(r *http.Request) bool { return strings.HasSuffix(r.URL.Path, methodOpenSocket) }
