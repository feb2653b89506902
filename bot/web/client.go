// Package web is Slack's Web API as Usher uses it: each call we make, at the pace Slack allows, with an error that
// says what it means for whoever called; and, asked through these calls, who people are and where channels are.
//
//	a call ──► pace: the clock of its method, and of the channel it posts to ──► slack-go ──► does the answer fit? ──► Fault
//
// A Client is one workspace, or organization, as seen with one bot token. No answer is believed that does not fit
// its question (fits.go): what was asked counts as unknown then, as where the answer was lost (errors.go sorts what
// Slack says by what is to be done). A limit is remembered and told to whoever would run into it (pace.go), so a
// limit on posting never delays anything else. A token that Slack refuses is the end: the Client's Doom.
//
// A Directory (people.go) answers who somebody is and who is in a group, and remembers it for a short while (of groups as
// long as they are read again behind, groups.go); Profiles
// (managers.go) whom somebody's profile names as their manager, and remembers that for a day; a Probe
// (probe.go) asks whether a configuration can work. Scopes and Methods are all that we ask Slack for; manifest.yml
// is held to them.
//
// Neighbours: the ear (bot) asks here for addresses of connections and says its answers; courier posts, updates and
// looks; approvals gives the words for people. Nothing here knows of requests, or decides whether a call is made again.
package web

import (
	"context"
	"log/slog"
	"net/http"
	"slices"
	"sync"
	"time"

	"github.com/slack-go/slack"
	"golang.org/x/sync/singleflight"
)

// The Web API methods in use. Each stands in scopesOf, but the one that takes the app token.
const (
	methodAuthTest   = "auth.test"
	methodTeams      = "auth.teams.list"
	MethodPost       = "chat.postMessage"
	methodUpdate     = "chat.update"
	methodDelete     = "chat.delete"
	methodEphemeral  = "chat.postEphemeral"
	MethodHistory    = "conversations.history"
	methodReplies    = "conversations.replies"
	methodOpenDM     = "conversations.open"
	methodChannels   = "conversations.list"
	methodChannel    = "conversations.info"
	methodUser       = "users.info"
	methodByEmail    = "users.lookupByEmail"
	methodUsers      = "users.list"
	methodFields     = "team.profile.get"
	methodProfile    = "users.profile.get"
	methodGroup      = "usergroups.users.list"
	methodGroups     = "usergroups.list"
	methodFile       = "files.info"
	methodUploadURL  = "files.getUploadURLExternal"
	methodShare      = "files.completeUploadExternal"
	methodOpenView   = "views.open"
	methodUpdateView = "views.update"
	methodPublish    = "views.publish"
	methodOpenSocket = "apps.connections.open"
	// pseudoResponseURL is no method, but it has a clock like one.
	pseudoResponseURL = "response_url"
	// pseudoDownload is none either: a file is read where its address leads.
	pseudoDownload = "file_download"
	// pseudoUpload is none either: a file goes where Slack says.
	pseudoUpload = "upload"
)

// scopesOf names the bot scopes each method takes in the kinds of conversation we use it in; manifest.yml
// asks for exactly these, and "commands" for the slash command itself. chat:write.public is left out on
// purpose: in a channel the bot has not been invited to it could post, but not look for what it posted.
var scopesOf = map[string][]string{
	methodAuthTest:   nil,
	methodTeams:      nil,
	MethodPost:       {"chat:write"},
	methodUpdate:     {"chat:write"},
	methodDelete:     {"chat:write"},
	methodEphemeral:  {"chat:write"},
	MethodHistory:    {"channels:history", "groups:history", "im:history"},
	methodReplies:    {"channels:history", "groups:history", "im:history"},
	methodOpenDM:     {"im:write"},
	methodChannels:   {"channels:read", "groups:read"},
	methodChannel:    {"channels:read", "groups:read"},
	methodUser:       {"users:read", "users:read.email"},
	methodByEmail:    {"users:read.email"},
	methodUsers:      {"users:read", "users:read.email"},
	methodFields:     {ScopeProfiles},
	methodProfile:    {ScopeProfiles},
	methodGroup:      {"usergroups:read"},
	methodGroups:     {"usergroups:read"},
	methodFile:       {ScopeFiles},
	methodUploadURL:  {ScopeUploads},
	methodShare:      {ScopeUploads},
	methodOpenView:   nil,
	methodUpdateView: nil,
	methodPublish:    nil,
}

// The scopes that not every configuration needs: that of profiles lets managers be read from them, that of files lets people add
// one to a form: as evidence of a step that they did by hand, or a member list; and that of uploads lets us add a review's report, and a report's full lists.
const (
	ScopeProfiles = "users.profile:read"
	ScopeFiles    = "files:read"
	ScopeUploads  = "files:write"
)

// Scopes lists the bot scopes that Usher uses, sorted.
func Scopes() []string {
	all := []string{"commands"}
	for _, scopes := range scopesOf {
		all = append(all, scopes...)
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// Events lists what Usher has Slack tell it of by itself, sorted; manifest.yml asks for exactly these.
func Events() []string {
	return []string{EventHome, EventTalk, EventTalkPrivate, EventMembers, EventGroup, EventCame, EventPerson}
}

// The events: somebody has opened the app, something is said in a public or private channel that the bot is in, somebody was put into a user group or
// taken out of it, a user group has changed, somebody's account has, and somebody has come to the workspace.
const (
	EventHome        = "app_home_opened"
	EventTalk        = "message.channels"
	EventTalkPrivate = "message.groups"

	EventMembers = "subteam_members_changed"
	EventGroup   = "subteam_updated"
	EventPerson  = "user_change"
	EventCame    = "team_join"
)

// Methods lists what Usher calls of Slack, sorted: the methods of the Web API, "response_url" for the addresses at which it
// answers, and "file_download" and "upload" for those at which files are and to which they go.
func Methods() []string {
	all := []string{methodOpenSocket, pseudoResponseURL, pseudoDownload, pseudoUpload}
	for method := range scopesOf {
		all = append(all, method)
	}
	slices.Sort(all)
	return all
}

// Identity is who the bot is in its workspace.
type Identity struct {
	Team     string
	TeamName string
	User     string // the bot's user id
	Bot      string // the bot's id as author of messages
	Name     string
	URL      string // the workspace's own address, ending in a slash; "": Slack did not say
	// Enterprise is the organization the workspace belongs to; "": none. OrgWide: the app is installed for all of it.
	Enterprise string
	OrgWide    bool
	// Scopes are those of the bot token, as Slack lists them in the header x-oauth-scopes; "": it did not say.
	Scopes string
}

// lacks names the scopes that Usher needs and the token does not have; none where Slack did not say which it has.
// An app that was made before managers were read from profiles, or files added, goes on without the scope for that.
func (s *Client) lacks(who Identity) []string {
	granted := scopeList(who.Scopes)
	if len(granted) == 0 {
		return nil
	}
	return slices.DeleteFunc(Scopes(), func(scope string) bool {
		return slices.Contains(granted, scope) || scope == ScopeProfiles && !s.cfg.Profiles || scope == ScopeFiles && !s.cfg.Files || scope == ScopeUploads
	})
}

// callWithin bounds one call, whatever the HTTP client allows. Slack answers within a second; a call that
// hangs is one failure, and one failure is to cost people no more than ten seconds with all that follows.
const callWithin = 5 * time.Second

// Slack is one workspace as seen with one bot token: the Web API behind clocks, with typed errors.
// It is safe for concurrent use.
type Client struct {
	cfg    Config
	client *slack.Client
	socket *slack.Client // with the app token
	hooks  *http.Client  // for response URLs
	files  *http.Client  // for what people add to forms
	log    *slog.Logger
	now    func() time.Time
	pace   *pace
	flight singleflight.Group
	rooms  rooms
	org    organization
	groups *groups
	news   news
	plain  plainness

	mu       sync.Mutex
	identity *Identity
	doom     error
	doomed   chan struct{}
	entered  chan struct{}
	enter    func() // closes entered; it may be called again
}

// New prepares a workspace; nothing is called yet.
func New(cfg Config) *Client {
	cfg = cfg.withDefaults()
	entered := make(chan struct{})
	s := &Client{
		entered: entered, enter: sync.OnceFunc(func() { close(entered) }),
		cfg: cfg, log: cfg.Log, now: cfg.Now, pace: newPace(cfg.Now, cfg.Turns), doomed: make(chan struct{}), rooms: newRooms(), org: newOrganization(cfg.Now), groups: newGroups(cfg.Now),
		client: slack.New(string(cfg.BotToken), slack.OptionAPIURL(cfg.APIURL), slack.OptionHTTPClient(cfg.HTTP)),
		socket: slack.New(string(cfg.BotToken), slack.OptionAppLevelToken(string(cfg.AppToken)),
			slack.OptionAPIURL(cfg.APIURL), slack.OptionHTTPClient(cfg.HTTP)),
		hooks: heed(cfg.HTTP),
	}
	s.files = s.filing(cfg.HTTP)
	return s
}

// Doom is why Slack will have nothing more to do with us, as a sentence for the operator; nil: it has.
func (s *Client) Doom() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.doom
}

// Doomed is closed once there is a Doom.
func (s *Client) Doomed() <-chan struct{} { return s.doomed }

func (s *Client) doomWith(err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.doom == nil {
		s.doom = err
		close(s.doomed)
	}
}

// call waits for the method's clock, then tries it.
func (s *Client) call(ctx context.Context, method string, do func(ctx context.Context) error) error {
	if err := s.pace.wait(ctx, method, "", ""); err != nil {
		return err
	}
	return s.try(ctx, method, do)
}

// try makes one call and types its error. What Slack says about limits is remembered; a token that
// it refuses for good ends the process.
func (s *Client) try(ctx context.Context, method string, do func(ctx context.Context) error) error {
	ctx, cancel := context.WithTimeout(ctx, callWithin)
	defer cancel()
	err := apiError(method, do(ctx))
	switch FaultOf(err) {
	case Limited:
		s.pace.hold(ctx, method, err.(*Error).After)
	case Refused:
		s.doomWith(refusal("bot", "SLACK_BOT_TOKEN", err.(*Error).Code))
	}
	return err
}

// Identity finds out who the bot is; the answer is kept. Whose envelopes are heard and which messages are
// ours depends on it for as long as the process lives, and nothing else Slack says could contradict it: so
// it is asked twice, and believed when both answers agree.
func (s *Client) Identity(ctx context.Context) (Identity, error) {
	s.mu.Lock()
	known := s.identity
	s.mu.Unlock()
	if known != nil {
		return *known, nil
	}
	var who Identity
	for range 2 {
		said, err := s.whoAmI(ctx)
		if err == nil && who != (Identity{}) && said != who {
			err = &Error{Method: methodAuthTest, Fault: Unknown, Code: "two answers that differ"}
		}
		if err != nil {
			return Identity{}, err
		}
		who = said
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.identity = &who
	return who, nil
}

// SignIn is Identity, and the end where the token lacks a scope: the bot would take requests and could not carry out its
// part of them.
func (s *Client) SignIn(ctx context.Context) (Identity, error) {
	who, err := s.Identity(ctx)
	if lacking := s.lacks(who); len(lacking) > 0 {
		s.doomWith(scopeless(lacking))
		err = s.Doom()
	}
	if err == nil {
		s.enter()
	}
	return who, err
}

// SignedIn is closed once SignIn succeeded: before, it isn't known whether the token has the scopes of what else is asked.
func (s *Client) SignedIn() <-chan struct{} { return s.entered }

func (s *Client) whoAmI(ctx context.Context) (who Identity, err error) {
	err = s.call(ctx, methodAuthTest, func(ctx context.Context) error {
		org := &orgHearing{client: s.cfg.HTTP}
		client := slack.New(string(s.cfg.BotToken), slack.OptionAPIURL(s.cfg.APIURL), slack.OptionHTTPClient(org))
		a, err := client.AuthTestContext(ctx)
		if err != nil {
			return err
		}
		who = Identity{Team: a.TeamID, TeamName: a.Team, User: a.UserID, Bot: a.BotID, Name: a.User, URL: a.URL, Scopes: scopesIn(a.Header),
			Enterprise: a.EnterpriseID, OrgWide: a.EnterpriseID != "" && (org.wide || a.TeamID == a.EnterpriseID)}
		return fits(who.Team != "" && who.User != "")
	})
	return who, err
}
