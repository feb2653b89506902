package talks

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/bot/view"
	"github.com/usherbot/usher/config"
	"github.com/usherbot/usher/outbox"
	"github.com/usherbot/usher/sim/slacksim"
	"github.com/usherbot/usher/test/world"
)

// answers sets how Slack answers: that a call of it fails, what it leaves out, or who is in a group.
func (k *talk) answers(f []string) {
	k.T.Helper()
	switch f[0] {
	case "fails": // METHOD KIND [before|after] [times N]
		fault := slacksim.Fault{Method: f[1], Kind: slacksim.Kind(f[2]), After: slices.Contains(f, "after")}
		if i := slices.Index(f, "times"); i > 0 {
			fault.Times = int(k.number(f[i+1]))
		}
		k.N.Slack.Plan(fault)
	case "delays": // METHOD DURATION
		d, err := config.ParseDuration(f[2])
		require.NoError(k.T, err, k.line)
		k.N.Slack.Plan(slacksim.Fault{Method: f[1], Kind: slacksim.Late, Delay: d})
	case "empties": // GROUP: nobody is in it any more
		k.N.Slack.AddGroup(slacksim.Group{ID: f[1], Handle: "leads", Name: "Team leads"})
		k.Pass(time.Second) // Usher hears of it by a frame of its own, which a click could overtake
	case "disbands": // GROUP: Slack has no such group any more
		k.N.Slack.RemoveGroup(f[1])
		k.Pass(time.Second)
	case "joins": // GROUP PEOPLE: these are in it now
		var in []string
		for _, name := range f[2:] {
			in = append(in, person(name))
		}
		k.N.Slack.AddGroup(slacksim.Group{ID: f[1], Handle: "leads", Name: "Team leads", Users: in})
		k.Pass(time.Second)
	case "hires": // WHO FIRST LAST ADDRESS [guest|bot]: somebody new
		k.N.Slack.AddUser(slacksim.User{ID: person(f[1]), Name: f[1], RealName: f[2] + " " + f[3], Email: f[4], Guest: slices.Contains(f, "guest"), Bot: slices.Contains(f, "bot")})
		k.Pass(time.Second)
	case "kicks": // CHANNEL: the bot out of it
		k.N.Slack.Kick(f[1], slacksim.BotUser)
	case "archives": // CHANNEL
		k.N.Slack.Archive(f[1], true)
	case "moves": // WHO ZONE: what their profile says of where they are
		k.moves(person(f[1]), f[2])
	case "field": // ID TYPE LABEL [protected]
		k.N.Slack.AddProfileField(slacksim.ProfileField{ID: f[1], Type: f[2], Label: f[3], Protected: slices.Contains(f, "protected")})
	case "drops": // a field of profiles
		k.N.Slack.RemoveProfileField(f[1])
	case "names": // FIELD of SOMEBODY MANAGER, "words" or nobody
		value := strings.Trim(strings.Join(f[4:], " "), `"`)
		switch {
		case value == "nobody":
			value = ""
		case len(f) == 5 && !strings.HasPrefix(f[4], `"`):
			value = person(value)
		}
		k.N.Slack.SetProfile(person(f[3]), f[1], value)
	case "is": // org-wide, in a grid, terse, without-tables, slow-with-files, losing-files: what it answers otherwise than usual
		manners := map[string]slacksim.Manners{"org-wide": {OrgWide: true}, "grid": {Grid: true}, "without-tables": {NoData: true}, "usual": {},
			"terse": {TerseHooks: true, BareDMs: true, NoEchoes: true, NoScopes: true}, "fileless": {NoFiles: true},
			"slow-with-files": {LateFiles: 90 * time.Second}, "losing-files": {LostFiles: true}}
		m, known := manners[f[1]]
		require.True(k.T, known, k.line)
		k.N.Slack.Behave(m)
	default:
		k.T.Fatalf("%s: Slack cannot do that", k.line)
	}
}

// asking reports whether a message asks somebody to decide: one that every request owes to those who are named. It is
// held to what is so, as the card is.
func (k *talk) asking(m slacksim.Message) bool {
	if outbox.Kind(world.KeyOf(m)) != approvals.KindApprover {
		return false
	}
	if r, err := k.App.Desk.Request(context.Background(), approvals.NumberOf(world.KeyOf(m))); err == nil && r.Nonce == world.OfOf(m) {
		world.Shows(k.T, world.ApproverCardOf(k.T, k.App.Desk, r, approvals.PersonID(approvals.WhoOf(world.KeyOf(m)))), m, "what the approver has")
	}
	return true
}

// following reports whether a message shows somebody how far the task is that they asked for, and holds it to what is so.
func (k *talk) following(m slacksim.Message) bool {
	if outbox.Kind(world.KeyOf(m)) != approvals.KindProgress {
		return false
	}
	if r, err := k.App.Desk.Request(context.Background(), approvals.NumberOf(world.KeyOf(m))); err == nil && r.Nonce == world.OfOf(m) && !m.Deleted {
		world.Shows(k.T, view.Progress(r.Giving().Heard()), m, "how far a task is")
	}
	return true
}

// follows holds what shows somebody how far a task is, one message, to its words: alice follows 1 "words".
func (k *talk) follows(id, what string) {
	k.T.Helper()
	n := k.number(strings.Fields(what)[0])
	progress, _ := world.Progress(k.N.Slack.DM(id))
	progress = slices.DeleteFunc(progress, func(m slacksim.Message) bool { return approvals.NumberOf(world.KeyOf(m)) != n })
	if strings.HasSuffix(what, " nothing") {
		require.Empty(k.T, progress, k.line)
		return
	}
	require.Len(k.T, progress, 1, k.line)
	k.holds(slacksim.PlainText(progress[0]), what)
}

// questions holds a message that asks the requester something to what is so.
func (k *talk) questions(m slacksim.Message) {
	key := world.KeyOf(m)
	if outbox.Kind(key) != approvals.KindAsk || m.Deleted {
		return
	}
	r, err := k.App.Desk.Request(context.Background(), approvals.NumberOf(key))
	if err == nil && r.Nonce == world.OfOf(m) {
		world.Shows(k.T, view.Question(r, approvals.QuestionOf(key)), m, "what the requester has of a question")
	}
}

// moves has somebody's profile show another zone.
func (k *talk) moves(who, zone string) {
	u, _ := k.N.Slack.User(who)
	u.TZ = zone
	k.N.Slack.AddUser(u)
	k.Pass(time.Second)
}
