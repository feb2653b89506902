package slacksim

import (
	"encoding/json"
	"slices"
	"strings"
	"time"
)

// Who the app is in the simulated workspace.
const (
	TeamID  = "T0ACME"
	AppID   = "A0USHER"
	BotUser = "U0USHER" // the bot's user, author of its messages
	BotID   = "B0USHER"
	// EnterpriseID is the organization of a workspace on a Grid (Manners).
	EnterpriseID = "E0ACME"
)

// Block is one Block Kit block, as decoded from JSON.
type Block = map[string]any

// User is a member of the workspace.
type User struct {
	ID          string `json:"id"`
	Name        string `json:"name"` // the @name, without the @
	RealName    string `json:"real_name"`
	DisplayName string `json:"display_name"`
	Title       string `json:"title"`
	Email       string `json:"email"` // empty: has none
	TZ          string `json:"tz"`    // IANA name
	Deleted     bool   `json:"deleted"`
	Bot         bool   `json:"bot"`
	Admin       bool   `json:"admin"`
	Guest       bool   `json:"guest"`        // is_restricted: some channels
	SingleGuest bool   `json:"single_guest"` // is_ultra_restricted: one channel
	Unreachable bool   `json:"unreachable"`  // conversations.open says user_not_visible
	// StatusEmoji and StatusText are what they have set beside their name.
	StatusEmoji string `json:"status_emoji,omitempty"`
	StatusText  string `json:"status_text,omitempty"`
	// StatusUntil is when Slack takes it down; 0: never.
	StatusUntil int64 `json:"status_expiration,omitempty"`
	// Home is the workspace of the organization that somebody on a Grid joined first; "": TeamID.
	Home string `json:"home,omitempty"`
	// Elsewhere: that is the only one, and TeamID is none of theirs.
	Elsewhere bool `json:"elsewhere,omitempty"`
	// Fields is what is filled in of the workspace's own profile fields, by their id.
	Fields map[string]string `json:"fields,omitempty"`
	// Updated is when any of that last changed, in seconds.
	Updated int64 `json:"updated,omitempty"`
}

// Group is a user group (S…).
type Group struct {
	ID     string   `json:"id"`
	Handle string   `json:"handle"`
	Name   string   `json:"name"`
	Users  []string `json:"users"`
	// Team is the workspace of the organization that it belongs to; "": TeamID.
	Team string `json:"team,omitempty"`
}

// Channel is a channel (C…, G…) or a direct message (D…).
type Channel struct {
	ID       string   `json:"id"`
	Name     string   `json:"name"`
	Private  bool     `json:"private"`
	Archived bool     `json:"archived"`
	IM       bool     `json:"im"`
	User     string   `json:"user,omitempty"` // the person a direct message with the bot is with
	Members  []string `json:"members"`
	Created  int64    `json:"created"`
	// ExtShared: people of another company are in it; PendingExtShared: they have been asked.
	ExtShared        bool `json:"is_ext_shared,omitempty"`
	PendingExtShared bool `json:"is_pending_ext_shared,omitempty"`
	// Team is the workspace of the organization that it belongs to; "": TeamID.
	Team string `json:"team,omitempty"`
}

// Edited says who changed a message last and when (as a ts).
type Edited struct {
	User string `json:"user"`
	TS   string `json:"ts"`
}

// Message is one message, ephemeral ones included.
type Message struct {
	Channel     string            `json:"channel"`
	TS          string            `json:"ts"` // unique and ordered within the workspace
	User        string            `json:"user"`
	BotID       string            `json:"bot_id,omitempty"`
	Text        string            `json:"text"`
	Blocks      []Block           `json:"blocks,omitempty"`
	Attachments []map[string]any  `json:"attachments,omitempty"`
	Metadata    *Metadata         `json:"metadata,omitempty"`
	ThreadTS    string            `json:"thread_ts,omitempty"`
	Broadcast   bool              `json:"broadcast,omitempty"` // a reply that stands in the channel too
	Edited      *Edited           `json:"edited,omitempty"`
	Deleted     bool              `json:"deleted,omitempty"`
	Files       []string          `json:"files,omitempty"`        // ids
	EphemeralTo string            `json:"ephemeral_to,omitempty"` // the one who sees it; empty: everybody
	Warnings    map[string]string `json:"warnings,omitempty"`     // action_id -> what went wrong on the last click
	Reactions   map[string]int    `json:"reactions,omitempty"`
}

// Metadata is what an app attaches to a message for itself.
type Metadata struct {
	EventType string          `json:"event_type"`
	Payload   json.RawMessage `json:"event_payload"`
}

// View is a modal on somebody's screen, or an App Home.
type View struct {
	ID       string            `json:"id"`
	User     string            `json:"user"`
	View     map[string]any    `json:"view"` // what the app sent, with block ids filled in
	Hash     string            `json:"hash"`
	Root     string            `json:"root_view_id"`
	Previous string            `json:"previous_view_id"`
	External string            `json:"external_id"`
	Errors   map[string]string `json:"errors,omitempty"`  // block_id -> what the app said of the input
	Warning  string            `json:"warning,omitempty"` // what Slack itself says, e.g. after a timeout
	State    map[string]any    `json:"state"`             // values[block_id][action_id]
	window   string
	offered  map[string][2][]any // "block_id action_id" -> the options that the app offered last, and those before
}

// hand is a person at one of their windows: a form is on the screen that it was opened from.
type hand struct{ user, window string }

func (v *View) hand() hand { return hand{v.User, v.window} }

// File is something uploaded.
type File struct {
	ID, Name, Title string
	Size            int
	Content         []byte
	Done            bool // completeUploadExternal was called
	// User is who added it to a form; "": it is the app's own. Deleted: they have taken it away again.
	User    string
	Deleted bool
	// Created is when it was first shown, in seconds.
	Created int64
}

type workspace struct {
	users     map[string]*User
	groups    map[string]*Group
	fields    []ProfileField
	channels  map[string]*Channel
	messages  map[string][]*Message // by channel, in order
	ephemeral []*Message
	modals    map[hand][]*View // by user and window, the top one last
	window    string           // the one that the deed under way was done in; empty: none is known
	homes     map[string]*View
	files     map[string]*File
	base      string // scheme, host and port of the latest call, for the URLs of files
	manners   Manners
	order     []string // ids of users and channels in the order they were added
	lastTS    int64    // microseconds
	counter   int
}

func newWorkspace() workspace {
	return workspace{
		users: map[string]*User{}, groups: map[string]*Group{}, channels: map[string]*Channel{},
		messages: map[string][]*Message{}, modals: map[hand][]*View{}, homes: map[string]*View{},
		files: map[string]*File{},
	}
}

// dmWith finds the direct message between the bot and a user, opening it if need be.
func (s *Server) dmWith(user string) *Channel {
	for _, c := range s.channels {
		if c.IM && c.User == user {
			return c
		}
	}
	c := &Channel{ID: "D0" + strings.TrimLeft(user[1:], "0"), Name: "directmessage", IM: true, User: user,
		Members: []string{BotUser, user}, Created: s.opts.Now().Unix()}
	if _, taken := s.channels[c.ID]; taken {
		c.ID = s.newID("D")
	}
	s.channels[c.ID] = c
	s.order = append(s.order, c.ID)
	return c
}

// findChannel takes an id, a name or a #name.
func (s *Server) findChannel(name string) *Channel {
	if c := s.channels[name]; c != nil {
		return c
	}
	for _, c := range s.channels {
		if !c.IM && c.Name == strings.TrimPrefix(name, "#") && name != "" {
			return c
		}
	}
	return nil
}

func (s *Server) findMessage(channel, ts string) *Message {
	for _, m := range s.messages[channel] {
		if m.TS == ts && !m.Deleted {
			return m
		}
	}
	return nil
}

func (s *Server) findEphemeral(user, ts string) *Message {
	for _, m := range s.ephemeral {
		if m.TS == ts && !m.Deleted && m.EphemeralTo == user {
			return m
		}
	}
	return nil
}

// findView looks among the modals and homes of everybody.
func (s *Server) findView(id string) *View {
	for _, stack := range s.modals {
		for _, v := range stack {
			if v.ID == id {
				return v
			}
		}
	}
	for _, v := range s.homes {
		if v.ID == id {
			return v
		}
	}
	return nil
}

func (c *Channel) has(user string) bool { return slices.Contains(c.Members, user) }

func (m *Message) clone() Message {
	c := *m
	c.Warnings = cloneMap(m.Warnings)
	c.Reactions = cloneMap(m.Reactions)
	return c
}

func (v *View) clone() View {
	c := *v
	c.Errors, c.State = cloneMap(v.Errors), copyState(v.State)
	return c
}

func cloneMap[V any](m map[string]V) map[string]V {
	if m == nil {
		return nil
	}
	c := make(map[string]V, len(m))
	for k, v := range m {
		c[k] = v
	}
	return c
}

func (s *Server) now() time.Time { return s.opts.Now() }
