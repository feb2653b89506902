package slacksim

import (
	"net/http"
	"slices"
	"strings"

	"github.com/usherbot/usher/sim/door"
)

// pageState is all one person may see, as the page wants it.
type pageState struct {
	Team     string                   `json:"team"`
	Again    string                   `json:"again"`
	Me       string                   `json:"me"`
	Personas []pagePersona            `json:"personas"`
	People   []pagePerson             `json:"people"`
	Groups   []pageGroup              `json:"groups"`
	Channels []pageChannel            `json:"channels"`
	Messages map[string][]pageMessage `json:"messages"` // by channel, oldest first, ephemerals among them
	Views    []pageView               `json:"views"`    // modals in this window, the top one last
	Home     *pageView                `json:"home"`     // the App Home, if the app published one
	HasHome  bool                     `json:"hasHome"`  // the app publishes one when somebody opens it
	Threads  []pageThread             `json:"threads"`  // those that this person follows, the newest first
	Commands []PageCommand            `json:"commands"`
	Members  *pageMembers             `json:"members,omitempty"` // whom this person manages
	// Shortcuts are those of the installed apps.
	Shortcuts []Shortcut    `json:"shortcuts"`
	Beside    []PageLink    `json:"beside"` // other pages
	Guide     *pageProgress `json:"guide"`
	Stories   *PageTelling  `json:"stories"`
	Now       int64         `json:"now"` // Unix seconds by the workspace's clock
}

type pagePersona struct {
	ID     string    `json:"id"`
	Role   string    `json:"role"`
	Hint   string    `json:"hint"`
	Home   string    `json:"home"`
	Unread int       `json:"unread"`           // in the home channel and the direct message with the bot
	Newest *pageNews `json:"newest,omitempty"` // of those
}

type pagePerson struct {
	ID       string `json:"id"`
	Name     string `json:"name"`
	Handle   string `json:"handle"` // what stands behind an @ that is typed
	Title    string `json:"title"`
	Initials string `json:"initials"`
	Color    string `json:"color"` // of the avatar, #rrggbb
	Bot      bool   `json:"bot,omitempty"`
	Left     bool   `json:"left,omitempty"`
}

type pageGroup struct {
	ID     string `json:"id"`
	Handle string `json:"handle"`
}

type pageChannel struct {
	ID     string `json:"id"`
	Name   string `json:"name"`
	Kind   string `json:"kind"`           // channel, private or dm
	With   string `json:"with,omitempty"` // the other one of a dm
	Unread int    `json:"unread"`
	// ReadOnly conversations take neither messages nor commands.
	ReadOnly bool `json:"readOnly,omitempty"`
}

type pageMessage struct {
	TS     string  `json:"ts"`
	User   string  `json:"user"`
	Text   string  `json:"text"`
	Blocks []Block `json:"blocks,omitempty"`
	// Attachments are Slack's older form of what hangs on a message.
	Attachments []map[string]any  `json:"attachments,omitempty"`
	Edited      bool              `json:"edited,omitempty"`
	Ephemeral   bool              `json:"ephemeral,omitempty"`
	Warn        map[string]string `json:"warn,omitempty"` // action_id -> what went wrong on the last click
	Files       []pageFile        `json:"files,omitempty"`
	Thread      string            `json:"thread,omitempty"`  // the ts of the message that a reply hangs on
	Replies     []pageMessage     `json:"replies,omitempty"` // those that hang on it
	New         int               `json:"new,omitempty"`     // how many of them this person, who follows the thread, hasn't seen
}

type pageFile struct {
	Name string `json:"name"`
	Size int    `json:"size"`
}

type pageView struct {
	ID     string            `json:"id"`
	View   map[string]any    `json:"view"`
	Errors map[string]string `json:"errors,omitempty"` // block_id -> what the app said
	Note   string            `json:"note,omitempty"`   // what Slack itself says
}

func (p *Page) serveState(w http.ResponseWriter, r *http.Request) {
	as := r.URL.Query().Get("as")
	if as == "" && len(p.opts.Personas) > 0 {
		as = p.opts.Personas[0].ID
	}
	if !p.mayBe(as) {
		pageRefuse(w, http.StatusNotFound, "Nobody here has the id %s.", as)
		return
	}
	door.Answer(w, http.StatusOK, p.state(as, r.URL.Query().Get("window")))
}

// mayBe says whether one can be this user: a person who has not left.
func (p *Page) mayBe(id string) bool {
	u, ok := p.server.User(id)
	return ok && !u.Bot && !u.Deleted
}

func (p *Page) state(as, window string) pageState {
	s := p.server
	state := pageState{Team: p.opts.Team, Again: p.opts.Again, Me: as, People: p.people(), Groups: []pageGroup{}, Messages: map[string][]pageMessage{},
		Views: []pageView{}, Threads: []pageThread{}, Commands: p.commands(), Shortcuts: s.opts.Shortcuts, Beside: p.opts.Beside, Guide: p.progress(), Stories: p.stories(), Now: s.now().Unix(),
		Members: p.managed(as), HasHome: !s.opts.HomeDisabled && s.subscribed("app_home_opened")}
	for _, g := range s.Groups() {
		state.Groups = append(state.Groups, pageGroup{ID: g.ID, Handle: g.Handle})
	}
	for _, c := range p.channelsOf(as) {
		state.Messages[c.ID] = p.messages(as, c.ID)
		state.Channels = append(state.Channels, p.channel(as, c))
		state.Threads = append(state.Threads, p.threadsOf(as, c.ID)...)
	}
	slices.SortStableFunc(state.Threads, func(a, b pageThread) int { return compare(b.Latest, a.Latest) })
	for _, v := range s.ViewsIn(as, window) {
		state.Views = append(state.Views, pageView{ID: v.ID, View: v.View, Errors: v.Errors, Note: v.Warning})
	}
	if v, ok := s.Home(as); ok {
		state.Home = &pageView{ID: v.ID, View: v.View, Note: v.Warning}
	}
	for _, persona := range p.personasWith(as) {
		state.Personas = append(state.Personas, p.persona(persona))
	}
	return state
}

// personasWith are the personas, and beside them whoever else somebody is just now.
func (p *Page) personasWith(as string) []Persona {
	all := p.opts.Personas
	if slices.ContainsFunc(all, func(one Persona) bool { return one.ID == as }) {
		return all
	}
	u, _ := p.server.User(as)
	return append(slices.Clip(all), Persona{ID: as, Role: "Colleague", Hint: u.Title})
}

func (p *Page) persona(persona Persona) pagePersona {
	dm := p.server.DMChannel(persona.ID)
	home := persona.Home
	setDefault(&home, dm)
	unread := p.unread(persona.ID, dm) + p.newInThreads(persona.ID, dm)
	if home != dm {
		unread += p.unread(persona.ID, home) + p.newInThreads(persona.ID, home)
	}
	return pagePersona{ID: persona.ID, Role: persona.Role, Hint: persona.Hint, Home: home, Unread: unread, Newest: p.news(persona.ID, dm, home)}
}

// avatarColors are dark enough for white letters on them.
var avatarColors = []string{"#b4553b", "#3566ad", "#7a4fa3", "#4b772c", "#98611d", "#1f7a86", "#a23e6c", "#5d6470"}

func (p *Page) people() []pagePerson {
	people := []pagePerson{}
	for i, u := range p.server.Users() {
		person := pagePerson{ID: u.ID, Name: u.RealName, Handle: u.Name, Left: u.Deleted, Title: u.Title, Initials: initials(u.RealName), Bot: u.Bot}
		if !u.Bot {
			person.Color = avatarColors[(i+len(avatarColors)-1)%len(avatarColors)]
		}
		people = append(people, person)
	}
	return append(people, pagePerson{ID: "USLACKBOT", Name: "Slackbot", Initials: "S", Color: "#5d6470"})
}

// initials are the first letters of the first and the last word.
func initials(name string) string {
	words := strings.Fields(name)
	if len(words) > 2 {
		words = []string{words[0], words[len(words)-1]}
	}
	var letters strings.Builder
	for _, word := range words {
		letters.WriteRune([]rune(word)[0])
	}
	return strings.ToUpper(letters.String())
}

// channelsOf lists what stands in this person's sidebar: the channels they are
// in, and their own direct message with the bot.
func (p *Page) channelsOf(as string) []Channel {
	return slices.DeleteFunc(p.server.Channels(), func(c Channel) bool {
		if c.IM {
			return c.User != as
		}
		return c.Archived || !c.has(as)
	})
}

func (p *Page) channel(as string, c Channel) pageChannel {
	out := pageChannel{ID: c.ID, Name: c.Name, Kind: "channel", Unread: p.unread(as, c.ID)}
	switch {
	case c.IM:
		bot, _ := p.server.User(BotUser)
		out.Kind, out.With, out.Name, out.ReadOnly = "dm", BotUser, bot.RealName, p.opts.ReadOnlyApp
	case c.Private:
		out.Kind = "private"
	}
	return out
}

// messages are the channel's, with the ephemerals that this person got in it, and each with the replies to it.
func (p *Page) messages(as, channel string) []pageMessage {
	out := []pageMessage{}
	all := p.visibleTo(as, channel)
	threads := threadsIn(all)
	for _, m := range all {
		if m.inThread() {
			continue
		}
		one := p.message(m)
		for _, reply := range threads[m.TS] {
			one.Replies = append(one.Replies, p.message(reply))
		}
		if follows(as, m, threads[m.TS]) {
			one.New = p.newIn(as, channel, threads[m.TS])
		}
		out = append(out, one)
	}
	return out
}

func (p *Page) message(m Message) pageMessage {
	return pageMessage{TS: m.TS, User: m.User, Text: m.Text, Blocks: m.Blocks, Attachments: m.Attachments, Edited: m.Edited != nil,
		Ephemeral: m.EphemeralTo != "", Warn: m.Warnings, Files: p.files(m.Files), Thread: m.ThreadTS}
}

func (p *Page) visibleTo(as, channel string) []Message {
	all := p.server.Messages(channel)
	for _, m := range p.server.Ephemerals(as) {
		if m.Channel == channel {
			all = append(all, m)
		}
	}
	slices.SortStableFunc(all, func(a, b Message) int { return compare(a.TS, b.TS) })
	return all
}

func (p *Page) files(ids []string) []pageFile {
	if len(ids) == 0 {
		return nil
	}
	var files []pageFile
	for _, f := range p.server.Files() {
		if slices.Contains(ids, f.ID) {
			files = append(files, pageFile{Name: f.Name, Size: f.Size})
		}
	}
	return files
}

// commands are those of the options, or what the workspace has installed.
func (p *Page) commands() []PageCommand {
	if len(p.opts.Commands) > 0 {
		return p.opts.Commands
	}
	commands := []PageCommand{}
	for _, c := range p.server.Commands() {
		commands = append(commands, PageCommand{Command: c.Command, UsageHint: c.UsageHint, Description: c.Description})
	}
	return commands
}

// unread counts what others wrote outside of threads since this person last looked.
func (p *Page) unread(as, channel string) int {
	since, n := p.readTo(as, channel), 0
	for _, m := range p.visibleTo(as, channel) {
		if m.TS > since && m.User != as && !m.inThread() {
			n++
		}
	}
	return n
}

// readTo is how far somebody has read.
func (p *Page) readTo(as, channel string) string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.read[as][channel]
}

// markRead notes how far somebody has read; it never goes back.
func (p *Page) markRead(as, channel, ts string) {
	p.mu.Lock()
	if p.read[as] == nil {
		p.read[as] = map[string]string{}
	}
	p.read[as][channel] = max(p.read[as][channel], ts)
	p.mu.Unlock()
	p.tick()
}
