package bot

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/bot/view"
	"github.com/usherbot/usher/bot/web"
	"github.com/usherbot/usher/commands"
)

// envelope is one thing Slack wants acknowledged. One goroutine at a time has it.
type envelope struct {
	id      string
	kind    string // kindSlash and the like, or one that nobody knows
	payload json.RawMessage
	via     acker // the connection it came on: an ack on another one may not count
	heard   time.Time
	// late: it may have come while the whole program stood still.
	late   bool
	acked  bool
	passed bool // an ack was tried on another connection
	// first is what a repetition of it waits for; nil where nothing can repeat it.
	first *hearing
	// with gives a context what the log goes by; nil: nothing.
	with func(context.Context) context.Context
}

// about is a context for lines of the log that are about an envelope where none is at hand.
func (e *envelope) about() context.Context {
	if e.with == nil {
		return context.Background()
	}
	return e.with(context.Background())
}

// acker sends acks; *line is one. A nil error means that it is on its way, not that Slack has it.
type acker interface {
	AckCtx(ctx context.Context, envelopeID string, payload any) error
}

// The kinds of envelope that Slack has.
const (
	kindSlash       = "slash_commands"
	kindInteractive = "interactive"
	kindEvent       = "events_api"
)

// reference is what people are told and the log bears, so that the two can be brought together.
func (e *envelope) reference() string {
	id, _, _ := strings.Cut(e.id, "-")
	return id
}

// The types of what is heard, beside Slack's own types of interaction.
const (
	typeSlash  = "slash_command"
	typeEvent  = "event"
	typeClick  = "block_actions"
	typeSubmit = "view_submission"
	typeClosed = "view_closed"
	// typeHome is what Slack calls the view that a Home is.
	typeHome = "home"
	// typeOverflow is the menu of an element that holds nothing but what was chosen just now.
	typeOverflow = "overflow"
	// typeSuggest asks for the options of a menu, as somebody types into it.
	typeSuggest = "block_suggestion"
	// typeShortcut is used anywhere, and typeMessage on a message.
	typeShortcut = "shortcut"
	typeMessage  = "message_action"
	// typeUnknown precedes the kind of an envelope that nobody knows.
	typeUnknown = "unknown "
)

// said is an envelope's content as far as Usher cares; what does not belong to its type is empty.
type said struct {
	typ         string
	who         approvals.PersonID
	team        string
	enterprise  string // the organization, on a Grid
	channel     string
	responseURL string
	trigger     string

	changed approvals.GroupID  // the user group that an event is about
	person  web.Change         // or the person
	came    approvals.PersonID // or who has just come, an active full member
	talk    talk               // or what was said in a thread
	home    bool               // it is about the Home of who

	text   string // of a slash command
	action string // the button that was clicked, what it bears, and the block it stands in
	value  string
	block  string
	form   string // the callback id of a form, or of a shortcut; what we gave the form, and what was filled in
	bears  string
	inputs []view.Input
	files  []approvals.Attached // what fields for files hold
	wrong  string               // the field under which it is said why a form was not taken
	opened string               // which opening of the form it is, and when something in it was clicked or chosen
	hash   string               // the state that the form, or the Home, was in
	acted  string
	author approvals.PersonID // who wrote the message that a shortcut was used on

	// with gives a context what goes along with all that is done about it; nil: nothing does.
	with func(context.Context) context.Context
}

// along is do for another lane, in which it goes on as part of the same.
func (s said) along(do func(live context.Context)) func(live context.Context) {
	if s.with == nil {
		return do
	}
	return func(live context.Context) { do(s.with(live)) }
}

// call is what was typed, for commands.
func (s said) call() commands.Call {
	return commands.Call{Text: s.text, User: s.who, Key: s.trigger, Team: s.team, Channel: s.channel}
}

// hear decodes an envelope's payload; it holds no rules. It reads the JSON itself, field by field of
// what is needed, because slack-go refuses a whole click for a message it cannot read, and encoding/json
// a whole struct for one field. With an error comes what could be read all the same, so that somebody can
// still be told.
func hear(kind string, payload json.RawMessage) (said, error) {
	switch kind {
	case kindSlash:
		return hearSlash(payload)
	case kindInteractive:
		return hearInteraction(payload)
	case kindEvent:
		return hearEvent(payload), nil
	}
	s, _ := hearInteraction(payload) // whoever it was may be in the usual places
	s.typ = typeUnknown + kind       // a kind that is called like one of our types is not one
	return s, nil
}

// hearEvent reads an event. All that is looked at is who has opened their Home, which user group has changed, who has come, and of a person
// what they are called, whether they are an active full member or deactivated, whether their status says that they're away, and as of when that is; whatever else an event says is
// left unread, and is not logged. slack-go reads no user_change in which the fields of the profile are empty, which Slack
// writes as a list.
func hearEvent(payload json.RawMessage) said {
	p := objectOf(payload)
	s, event := said{typ: typeEvent}, p.in("event")
	switch event.text("type") {
	case "message":
		s.talk = talkOf(event)
	case web.EventHome:
		if event.text("tab") == "home" {
			s.home, s.who, s.hash = true, approvals.PersonID(event.text("user")), event.in("view").text("hash")
			s.team, s.enterprise = p.text("team_id"), p.text("context_enterprise_id")
		}
	case web.EventMembers:
		s.changed = approvals.GroupID(event.text("subteam_id"))
	case web.EventGroup:
		s.changed = approvals.GroupID(event.in("subteam").text("id"))
	case web.EventPerson:
		s.person = changeOf(event.in("user"))
	case web.EventCame:
		if s.person = changeOf(event.in("user")); s.person.Able {
			s.came = s.person.Person
		}
	}
	return s
}

// changeOf is who has changed, and to what, and what their status says; nobody where it doesn't say whether they are deactivated.
func changeOf(user object) web.Change {
	if deleted, says := user.truth("deleted"); says {
		gone := deleted
		bot, _ := user.truth("is_bot")
		for _, flaw := range []string{"is_bot", "is_restricted", "is_ultra_restricted", "is_stranger"} {
			is, _ := user.truth(flaw)
			deleted = deleted || is
		}
		p := user.in("profile")
		return web.Change{Person: approvals.PersonID(user.text("id")), Able: !deleted, Gone: gone, Bot: bot, Name: cmp.Or(user.text("real_name"), p.text("real_name"), user.text("name")),
			AsOf: web.MomentOf(user.whole("updated")), Off: web.OffOf(p.text("status_emoji"), p.text("status_text"), p.whole("status_expiration"))}
	}
	return web.Change{}
}

func hearSlash(payload json.RawMessage) (said, error) {
	p := objectOf(payload)
	s := said{typ: typeSlash, who: approvals.PersonID(p.text("user_id")), team: p.text("team_id"), enterprise: p.text("enterprise_id"), channel: p.text("channel_id"),
		responseURL: p.text("response_url"), trigger: p.text("trigger_id"), text: p.text("text")}
	if raw, given := p["text"]; given && !isText(raw) {
		return s, errors.New("decode payload: what was typed is no text")
	}
	return s, complete(s)
}

func hearInteraction(payload json.RawMessage) (said, error) {
	p := objectOf(payload)
	form := p.in("view")
	s := said{typ: p.text("type"), who: approvals.PersonID(p.in("user").text("id")), team: p.in("team").text("id"), enterprise: p.in("enterprise").text("id"), channel: p.in("channel").text("id"),
		responseURL: p.text("response_url"), trigger: p.text("trigger_id"), form: form.text("callback_id"), bears: form.text("private_metadata"),
		inputs: inputsOf(form.in("state").in("values")), files: filesOf(form.in("state").in("values")), opened: form.text("id"), hash: form.text("hash")}
	if actions := listOf(p["actions"]); len(actions) > 0 {
		first := objectOf(actions[0])
		s.action, s.value, s.block, s.acted = view.ActionOf(first.text("action_id")), first.text("value"), first.text("block_id"), first.text("action_ts")
		if first.text("type") == typeOverflow || s.action == view.ActionRemedyOne {
			s.value = first.in("selected_option").text("value")
		}
	}
	if form.text("type") == typeHome { // what is clicked there is no choice in a form
		s.home, s.opened, s.form, s.bears, s.inputs = true, "", "", "", nil
	}
	switch s.typ {
	case typeSuggest:
		s.action, s.value, s.block = p.text("action_id"), p.text("value"), p.text("block_id")
	case typeShortcut, typeMessage:
		s.form, s.author = p.text("callback_id"), approvals.PersonID(p.in("message").text("user"))
		if p.in("message").text("bot_id") != "" {
			s.author = ""
		}
	}
	return s, complete(s)
}

// inputsOf are the fields of a form that could be read, by their blocks. A field that is left empty has no values.
func inputsOf(values object) (out []view.Input) {
	for _, block := range slices.Sorted(maps.Keys(values)) {
		fields := values.in(block)
		for _, name := range slices.Sorted(maps.Keys(fields)) {
			if list, ok := valuesOf(objectOf(fields[name])); ok {
				out = append(out, view.Input{Block: block, Values: list})
			}
		}
	}
	return out
}

// filesOf are the files in a form's fields for files: what they are called, how large they are and where they stay.
func filesOf(values object) (out []approvals.Attached) {
	for _, block := range slices.Sorted(maps.Keys(values)) {
		fields := values.in(block)
		for _, name := range slices.Sorted(maps.Keys(fields)) {
			for _, one := range listOf(fields.in(name)["files"]) {
				if f := objectOf(one); f.text("id") != "" {
					out = append(out, approvals.Attached{ID: f.text("id"), Name: cmp.Or(f.text("name"), f.text("title"), f.text("id")), Size: f.whole("size"), Link: f.text("permalink")})
				}
			}
		}
	}
	return out
}

// valuesOf is what one element holds, whichever it is; false: that cannot be read.
func valuesOf(o object) (list []string, ok bool) {
	put := func(s string) {
		if s != "" {
			list = append(list, s)
		}
	}
	for _, key := range []string{"value", "selected_user", "selected_date"} {
		if raw, given := o[key]; given && isText(raw) {
			put(text(raw))
			return list, true
		}
	}
	if _, given := o["selected_option"]; given {
		put(o.in("selected_option").text("value"))
		return list, true
	}
	if _, given := o["selected_users"]; given {
		for _, one := range listOf(o["selected_users"]) {
			put(text(one))
		}
		return list, true
	}
	if _, given := o["files"]; given {
		for _, one := range listOf(o["files"]) {
			put(objectOf(one).text("id"))
		}
		return list, true
	}
	if _, given := o["selected_options"]; !given {
		return nil, false
	}
	for _, one := range listOf(o["selected_options"]) {
		put(objectOf(one).text("value"))
	}
	return list, true
}

// complete says what is missing of what every command and click has.
func complete(s said) error {
	switch {
	case s.who == "":
		return errors.New("decode payload: it names no user")
	case s.typ == "":
		return errors.New("decode payload: it names no type")
	}
	return nil
}

// object is a JSON object of which each field is read by itself: one of another type than it should be
// is as good as missing, and spoils nothing beside it.
type object map[string]json.RawMessage

func objectOf(raw json.RawMessage) object {
	var o object
	if json.Unmarshal(raw, &o) != nil {
		return nil
	}
	return o
}

func (o object) in(name string) object   { return objectOf(o[name]) }
func (o object) text(name string) string { return text(o[name]) }

// whole is a whole number; 0 where there is none.
func (o object) whole(name string) (n int64) {
	if json.Unmarshal(o[name], &n) != nil {
		return 0
	}
	return n
}

// truth is a JSON boolean; says: there is one.
func (o object) truth(name string) (is, says bool) {
	var b *bool
	if json.Unmarshal(o[name], &b) != nil || b == nil {
		return false, false
	}
	return *b, true
}

func listOf(raw json.RawMessage) []json.RawMessage {
	var list []json.RawMessage
	if json.Unmarshal(raw, &list) != nil {
		return nil
	}
	return list
}

// isText reports whether a JSON value is text, or null, which is none.
func isText(raw json.RawMessage) bool {
	var s *string
	return json.Unmarshal(raw, &s) == nil
}

// text is a JSON string, or "" for anything else.
func text(raw json.RawMessage) string {
	var s string
	if json.Unmarshal(raw, &s) != nil {
		return ""
	}
	return s
}
