package badday

import (
	"context"
	"log/slog"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/bot/web"
	"github.com/usherbot/usher/register"
	"github.com/usherbot/usher/sim/slacksim"
	"github.com/usherbot/usher/sim/vendorsim"
	"github.com/usherbot/usher/test/pace"
	"github.com/usherbot/usher/test/world"
)

// slackFaults are the ways in which a call of Slack's goes wrong. Slow is slower than anybody waits.
// Three kinds of answer come as successes and do not fit the question; in says where a kind of them can
// be told, nil: everywhere.
var slackFaults = []struct {
	name  string
	fault slacksim.Fault
	in    []string
}{
	{name: "cut, not applied", fault: slacksim.Fault{Kind: slacksim.Cut}},
	{name: "cut, applied", fault: slacksim.Fault{Kind: slacksim.Cut, After: true}},
	{name: "cut three times", fault: slacksim.Fault{Kind: slacksim.Cut, Times: 3}},
	{name: "slow, not applied", fault: slacksim.Fault{Kind: slacksim.Slow}},
	{name: "slow, applied", fault: slacksim.Fault{Kind: slacksim.Slow, After: true}},
	{name: "slow, applied late", fault: slacksim.Fault{Kind: slacksim.Late}},
	{name: "slow, applied when it has been given up", fault: slacksim.Fault{Kind: slacksim.Late, Delay: 90 * time.Second}},
	{name: "HTML, not applied", fault: slacksim.Fault{Kind: slacksim.HTML}},
	{name: "HTML, applied", fault: slacksim.Fault{Kind: slacksim.HTML, After: true}},
	{name: "JSON that ends in the middle, not applied", fault: slacksim.Fault{Kind: slacksim.Torn}},
	{name: "JSON that ends in the middle, applied", fault: slacksim.Fault{Kind: slacksim.Torn, After: true}},
	{name: "500, not applied", fault: slacksim.Fault{Kind: slacksim.Status500}},
	{name: "500, applied", fault: slacksim.Fault{Kind: slacksim.Status500, After: true}},
	{name: "429 for half a minute", fault: slacksim.Fault{Kind: slacksim.RetryAfter, Delay: 30 * time.Second}},
	{name: "429 without a time", fault: slacksim.Fault{Kind: slacksim.Limited}},
	{name: "another id, applied", fault: slacksim.Fault{Kind: slacksim.OtherID}},
	{name: "no id, applied", fault: slacksim.Fault{Kind: slacksim.NoID}},
	{name: "a ts at which nothing stands, applied", fault: slacksim.Fault{Kind: slacksim.OtherTS},
		in: []string{"chat.postMessage", "chat.update", "chat.delete", "chat.postEphemeral", "conversations.history", "conversations.replies"}},
}

// When in a life a fault is planned.
const (
	beforeStart = iota
	beforeAsking
	beforeDeciding
)

// slackUse is one way in which a method comes to be called in the life of a request.
type slackUse struct {
	method, in string
	// when the fault is planned, and how many calls of the method pass before it strikes.
	when, skip int
	scenario   world.Scenario
	// before makes the calls happen that the life has only on a bad day.
	before func(w *world.World)
	config string
	// also holds what is special about this use once the life is over.
	also func(p *world.Played)
}

// slackUses stands for every method that bot calls; TestSlackFaults holds it to that.
var slackUses = []slackUse{
	{method: "auth.test", in: "the start", when: beforeStart, scenario: world.Made(world.Approve)},
	{method: "apps.connections.open", in: "the first connection", when: beforeStart, scenario: world.Made(world.Approve)},
	{method: "apps.connections.open", in: "the second connection", when: beforeStart, skip: 1, scenario: world.Made(world.Approve)},
	{method: "users.info", in: "asking", when: beforeAsking, scenario: world.Made(world.Approve), before: world.KnowNobody},
	{method: "users.info", in: "deciding", when: beforeDeciding, scenario: later(world.Made(world.Approve))},
	{method: "users.info", in: "telling an admin", when: beforeDeciding, skip: 1, scenario: later(world.Of("refused"))},
	{method: "users.info", in: "before the deed", when: beforeDeciding, skip: 1, scenario: later(world.Of("create for a colleague"))},
	{method: "usergroups.users.list", in: "deciding", when: beforeDeciding, scenario: world.Made(world.ApproveAs("U0ERIN"))},
	{method: "usergroups.list", in: "names at the command line", when: beforeDeciding, scenario: world.Made(func(p *world.Played) { readAtMachine(p); world.Approve(p) })},
	{method: "users.list", in: "a member list at the command line", when: beforeDeciding, scenario: world.Made(func(p *world.Played) { importAtMachine(p); world.Approve(p) })},
	{method: "users.list", in: "a member list that was added to a form", when: beforeDeciding, scenario: world.Of("member lists"), config: world.Of("member lists").Config()},
	{method: "users.list", in: "looking an app over", when: beforeDeciding, scenario: world.Of("an app is looked over")},
	{method: "chat.postMessage", in: "whether it's still needed", when: beforeDeciding, skip: 1, scenario: world.Of("an app is looked over")},
	{method: "files.info", in: "a member list", when: beforeDeciding, scenario: world.Of("member lists"), config: world.Of("member lists").Config()},
	{method: "users.list", in: "who is in a review", when: beforeDeciding, scenario: world.Of("a review"), config: world.Of("a review").Config()},
	{method: "chat.postMessage", in: "how far a review is, or what it asks", when: beforeDeciding, skip: 1, scenario: world.Of("a review"), config: world.Of("a review").Config()},
	{method: "chat.postMessage", in: "the reminder of a review", when: beforeDeciding, skip: 4, scenario: world.Of("a review"), config: world.Of("a review").Config()},
	{method: "chat.postMessage", in: "what nobody answered in a review", when: beforeDeciding, skip: 5, scenario: world.Of("a review"), config: world.Of("a review").Config()},
	{method: "views.open", in: "the form for a reason in a review", when: beforeDeciding, scenario: world.Of("a review"), config: world.Of("a review").Config()},
	{method: "files.getUploadURLExternal", in: "the report of a review", when: beforeDeciding, scenario: world.Of("a review"), config: world.Of("a review").Config()},
	{method: "upload", in: "the report of a review", when: beforeDeciding, scenario: world.Of("a review"), config: world.Of("a review").Config()},
	{method: "files.completeUploadExternal", in: "the report of a review", when: beforeDeciding, scenario: world.Of("a review"), config: world.Of("a review").Config()},
	{method: "file_download", in: "a member list", when: beforeDeciding, scenario: world.Of("member lists"), config: world.Of("member lists").Config()},
	{method: "views.open", in: "the form for a member list", when: beforeDeciding, scenario: world.Of("member lists"), config: world.Of("member lists").Config()},
	{method: "chat.postMessage", in: "what a member list came to", when: beforeDeciding, scenario: world.Of("member lists"), config: world.Of("member lists").Config()},
	{method: "users.list", in: "who has left", when: beforeStart, scenario: world.Of("a leaver"), config: world.Of("a leaver").Config()},
	{method: "users.lookupByEmail", in: "whose a leaver's address is now", when: beforeDeciding, skip: 1, scenario: world.Of("a leaver"), config: world.Of("a leaver").Config()},
	{method: "chat.postMessage", in: "the card of what a leaver holds", when: beforeDeciding, skip: 1, scenario: world.Of("a leaver"), config: world.Of("a leaver").Config()},
	{method: "users.lookupByEmail", in: "asking", when: beforeAsking, scenario: world.Of("create for a colleague")},
	{method: "users.lookupByEmail", in: "the vote", when: beforeDeciding, before: world.LoseWhose(1), scenario: world.Of("create for a colleague")},
	{method: "team.profile.get", in: "the start", when: beforeStart, scenario: world.Of("the manager"), before: world.GiveAManager, config: world.Of("the manager").Config()},
	{method: "users.profile.get", in: "asking", when: beforeAsking, scenario: world.Of("the manager"), before: world.GiveAManager, config: world.Of("the manager").Config()},
	{method: "conversations.list", in: "finding the channel", when: beforeAsking, scenario: world.Made(world.Approve),
		config: strings.Replace(world.Config, "approvals_channel: C0APPROVE", `approvals_channel: "#access-approvals"`, 1)},
	{method: "auth.teams.list", in: "finding the channel in an organization", when: beforeStart, scenario: world.Made(world.Approve), before: installForAll,
		config: strings.Replace(world.Config, "approvals_channel: C0APPROVE", `approvals_channel: "#access-approvals"`, 1)},
	{method: "conversations.info", in: "usher check", when: beforeDeciding, scenario: world.Made(func(p *world.Played) { lookUp(p); world.Approve(p) })},
	{method: "chat.postMessage", in: "the card", when: beforeAsking, scenario: world.Made(world.Approve)},
	{method: "chat.postMessage", in: "the message", when: beforeDeciding, scenario: world.Made(world.Approve)},
	{method: "chat.postMessage", in: "the message of a denial", when: beforeDeciding, scenario: world.Of("deny")},
	{method: "chat.postMessage", in: "the admin's card", when: beforeDeciding, scenario: world.Of("refused")},
	{method: "chat.postMessage", in: "a reminder", when: beforeDeciding, scenario: world.Of("reminders"), config: world.Of("reminders").Config()},
	{method: "chat.postMessage", in: "a nudge", when: beforeDeciding, skip: 1, scenario: world.Of("reminders"), config: world.Of("reminders").Config()},
	{method: "chat.postMessage", in: "the second step's message", when: beforeDeciding, scenario: world.Of("two steps"), config: world.Of("two steps").Config()},
	{method: "chat.postMessage", in: "an escalation's message", when: beforeDeciding, scenario: world.Of("escalation"), config: world.Of("escalation").Config()},
	{method: "chat.postMessage", in: "a deputy's message", when: beforeDeciding, scenario: world.Of("a deputy"), config: world.Of("a deputy").Config()},
	{method: "chat.postMessage", in: "a question", when: beforeDeciding, scenario: world.Of("a question")},
	{method: "chat.postMessage", in: "an answer", when: beforeDeciding, skip: 1, scenario: world.Of("a question")},
	{method: "chat.postMessage", in: "what was edited", when: beforeDeciding, scenario: world.Of("edited")},
	{method: "chat.postMessage", in: "a bundle's card", when: beforeAsking, scenario: world.Of("a bundle"), config: world.Of("a bundle").Config()},
	{method: "chat.postMessage", in: "the card of what is offered", when: beforeDeciding, skip: 1, scenario: world.Of("a joiner"), config: world.Of("a joiner").Config(), before: world.AGroup},
	{method: "chat.postMessage", in: "what is offered, to a manager", when: beforeDeciding, skip: 2, scenario: world.Of("a joiner"), config: world.Of("a joiner").Config(), before: world.AGroup},
	{method: "chat.postMessage", in: "what came of what was offered", when: beforeDeciding, skip: 3, scenario: world.Of("a joiner"), config: world.Of("a joiner").Config(), before: world.AGroup},
	{method: "usergroups.users.list", in: "who is in a group that people join", when: beforeStart, skip: 1, scenario: world.Of("a joiner"), config: world.Of("a joiner").Config(), before: world.AGroup},
	{method: "users.info", in: "who has joined", when: beforeDeciding, skip: 2, scenario: world.Of("a joiner"), config: world.Of("a joiner").Config(), before: world.AGroup},
	{method: "chat.postMessage", in: "the card of several", when: beforeAsking, scenario: world.Of("several in one go")},
	{method: "chat.postMessage", in: "what came of each of several", when: beforeDeciding, scenario: world.Of("several in one go")},
	{method: "chat.postMessage", in: "the word before an end", when: beforeDeciding, skip: 2, scenario: world.Of("for a time")},
	{method: "chat.postMessage", in: "the card of a request for longer", when: beforeDeciding, skip: 3, scenario: world.Of("for longer")},
	{method: "chat.update", in: "an end that has moved", when: beforeDeciding, skip: 7, scenario: world.Of("for longer")},
	{method: "chat.postMessage", in: "that no seat is free", when: beforeDeciding, scenario: world.InLineFor(20 * time.Minute), before: world.LastSeatTaken, config: world.Of("in line for a seat").Config()},
	{method: "chat.postMessage", in: "that a seat is free again", when: beforeDeciding, skip: 1, scenario: world.Of("in line for a seat"), before: world.LastSeatTaken, config: world.Of("in line for a seat").Config()},
	{method: "chat.postMessage", in: "a report", when: beforeStart, scenario: world.Of("report")},
	{method: "chat.postMessage", in: "a report to a person", when: beforeStart, scenario: world.Of("a report to people"), config: world.Of("a report to people").Config()},
	{method: "users.info", in: "where a reader is", when: beforeStart, scenario: world.Of("a report to people"), config: world.Of("a report to people").Config()},
	{method: "usergroups.users.list", in: "who reads a report", when: beforeStart, skip: 1, scenario: world.Of("a report to people"), config: world.Of("a report to people").Config()},
	{method: "chat.postMessage", in: "what needs somebody", when: beforeDeciding, skip: 2, scenario: world.Of("a report of what needs people"), config: world.Of("a report of what needs people").Config()},
	{method: "users.info", in: "who is needed", when: beforeDeciding, skip: 2, scenario: world.Of("a report of what needs people"), config: world.Of("a report of what needs people").Config()},
	{method: "chat.postMessage", in: "what a manager's people have", when: beforeDeciding, skip: 4, scenario: world.Of("a report to managers"), config: world.Of("a report to managers").Config()},
	{method: "users.info", in: "a manager who is told of their people", when: beforeDeciding, skip: 2, scenario: world.Of("a report to managers"), config: world.Of("a report to managers").Config()},
	{method: "chat.postMessage", in: "a report whose table is refused", when: beforeStart, scenario: world.Of("report"), before: world.RefuseTables, also: drawnPlainly},
	{method: "chat.postMessage", in: "what stands in its table's place", when: beforeStart, skip: 1, scenario: world.Of("report"), before: world.RefuseTables, also: drawnPlainly},
	{method: "chat.postMessage", in: "how far the reading for a report is", when: beforeStart, scenario: world.Of("a long report"), before: world.SlowPages},
	{method: "chat.update", in: "the report of a long reading", when: beforeStart, scenario: world.Of("a long report"), before: world.SlowPages},
	{method: "views.open", in: "what can be done about an account", when: beforeDeciding, scenario: world.Of("a report's account is asked about"), before: world.HireMarco},
	{method: "views.update", in: "what can be done about an account", when: beforeDeciding, scenario: world.Of("a report's account is asked about"), before: world.HireMarco},
	{method: "users.lookupByEmail", in: "finding an account's holder", when: beforeDeciding, scenario: world.Of("a report's account is asked about"), before: world.HireMarco},
	{method: "conversations.open", in: "the question to an account's holder", when: beforeDeciding, scenario: world.Of("a report's account is asked about"), before: world.HireMarco},
	{method: "chat.postMessage", in: "the question to an account's holder", when: beforeDeciding, skip: 1, scenario: world.Of("a report's account is asked about"), before: world.HireMarco},
	{method: "chat.postMessage", in: "what an account's holder said", when: beforeDeciding, skip: 2, scenario: world.Of("a report's account is asked about"), before: world.HireMarco},
	{method: "chat.update", in: "what an account's holder said", when: beforeDeciding, scenario: world.Of("a report's account is asked about"), before: world.HireMarco},
	{method: "chat.postEphemeral", in: "a report shown alone", when: beforeDeciding, scenario: world.Of("a report shown alone, and posted"), config: world.Of("a report shown alone, and posted").Config()},
	{method: "conversations.info", in: "whether a report can be posted", when: beforeDeciding, scenario: world.Of("a report shown alone, and posted"), config: world.Of("a report shown alone, and posted").Config()},
	{method: "chat.postMessage", in: "a report that was shown alone, posted", when: beforeDeciding, scenario: world.Of("a report shown alone, and posted"), config: world.Of("a report shown alone, and posted").Config()},
	{method: "files.getUploadURLExternal", in: "a report's files", when: beforeStart, scenario: world.Of("report")},
	{method: "upload", in: "a report's files", when: beforeStart, scenario: world.Of("report")},
	{method: "files.completeUploadExternal", in: "a report's files", when: beforeStart, scenario: world.Of("report")},
	{method: "conversations.replies", in: "looking for a report's files", when: beforeStart, scenario: world.Of("report")},
	{method: "chat.postMessage", in: "a warning that units run low", when: beforeStart, skip: 1, scenario: world.Of("units run low"), before: world.Plenty, config: world.Of("units run low").Config()},
	{method: "chat.postMessage", in: "a task", when: beforeDeciding, scenario: world.Of("a person's task"), config: world.Of("a person's task").Config()},
	{method: "chat.postMessage", in: "a task, the other message", when: beforeDeciding, skip: 1, scenario: world.Of("a person's task"), config: world.Of("a person's task").Config()},
	{method: "chat.postMessage", in: "how far a task is", when: beforeDeciding, skip: 2, scenario: world.Of("a person's task"), config: world.Of("a person's task").Config()},
	{method: "chat.postMessage", in: "a task that takes something away", when: beforeDeciding, skip: 5, scenario: world.Of("by hand, for a time"), config: world.Of("by hand, for a time").Config()},
	{method: "chat.postMessage", in: "the reminder of a task", when: beforeDeciding, skip: 3, scenario: world.LateTask(), config: world.LateTask().Config()},
	{method: "users.info", in: "finding whose turn it is", when: beforeDeciding, skip: 1, scenario: later(world.Of("a person's task")), config: world.Of("a person's task").Config()},
	{method: "conversations.open", in: "the task of the second person", when: beforeDeciding, scenario: world.Of("a person's task"), config: world.Of("a person's task").Config()},
	{method: "views.open", in: "the form for a file", when: beforeDeciding, scenario: world.TaskWithFile(), config: world.Of("a person's task").Config()},
	{method: "conversations.history", in: "looking for the card", when: beforeAsking, scenario: world.Made(world.Approve), before: world.LoseThePost},
	{method: "conversations.history", in: "looking again", when: beforeAsking, skip: 1, scenario: world.Made(world.Approve), before: world.StopThePost},
	{method: "conversations.history", in: "seeing whether the card still stands", when: beforeDeciding,
		scenario: world.Made(func(p *world.Played) { p.Live(20 * time.Minute); world.Approve(p) })},
	{method: "chat.update", in: "the decision", when: beforeDeciding, scenario: world.Made(world.Approve)},
	{method: "chat.update", in: "the outcome", when: beforeDeciding, skip: 1, scenario: world.Made(world.Approve)},
	{method: "chat.update", in: "a yes to several", when: beforeDeciding, scenario: world.Of("several in one go")},
	{method: "chat.update", in: "the place in line", when: beforeDeciding, scenario: world.Of("in line for a seat"), before: world.LastSeatTaken, config: world.Of("in line for a seat").Config()},
	{method: "chat.update", in: "a tick", when: beforeDeciding, skip: 4, scenario: world.Of("a person's task"), config: world.Of("a person's task").Config()},
	{method: "chat.update", in: "a tick, the other message", when: beforeDeciding, skip: 5, scenario: world.Of("a person's task"), config: world.Of("a person's task").Config()},
	{method: "chat.update", in: "a cancellation", when: beforeDeciding, scenario: world.Of("cancel")},
	{method: "chat.update", in: "expiry", when: beforeDeciding, scenario: world.Of("expiry")},
	{method: "chat.delete", in: "a card that came twice", when: beforeAsking, scenario: world.Made(world.Approve), before: world.DelayThePost},
	{method: "conversations.open", in: "the message", when: beforeDeciding, scenario: world.Made(world.Approve)},
	{method: "views.open", in: "the form", when: beforeDeciding, scenario: world.Of("deny")},
	{method: "views.open", in: "the form that refuses several", when: beforeDeciding, scenario: world.SeveralRefused()},
	{method: "views.open", in: "the form for asking", when: beforeAsking, scenario: world.Of("asked by form")},
	{method: "views.update", in: "the form for asking, changed", when: beforeAsking, scenario: world.Of("asked by form")},
	{method: "views.open", in: "the form of a step", when: beforeDeciding, scenario: world.Of("a person's task"), config: world.Of("a person's task").Config()},
	{method: "views.publish", in: "a Home", when: beforeDeciding, scenario: world.Of("on a Home")},
	{method: "response_url", in: "a stranger's click", when: beforeDeciding, scenario: world.Made(func(p *world.Played) { stranger(p); world.Approve(p) }), also: toldAtMostOnce},
	{method: "response_url", in: "opening one of several", when: beforeDeciding, scenario: world.SeveralOpened(), also: openedAtMostOnce},
	{method: "chat.postEphemeral", in: "a stranger's click", when: beforeDeciding, also: toldAtMostOnce,
		scenario: world.Made(func(p *world.Played) {
			p.N.Slack.RateLimit("response_url", 1, time.Second)
			stranger(p)
			world.Approve(p)
		})},
}

// later is a scenario that is decided when what was known of people at the asking is old.
func later(s world.Scenario) world.Scenario {
	decide := s.Decide
	s.Decide = func(p *world.Played) { p.Live(6 * time.Minute); decide(p) }
	return s
}

// stranger clicks, who may not decide.
func stranger(p *world.Played) {
	m := p.Card()
	out := p.N.Slack.Click("U0DAVE", m.Channel, m.TS, "Approve").Wait()
	require.True(p.T, out.Acked)
	p.Live(time.Minute)
}

// toldAtMostOnce: an answer to a click is not kept, so that it may be lost; it is not said twice.
func toldAtMostOnce(p *world.Played) {
	require.LessOrEqual(p.T, len(p.N.Slack.Ephemerals("U0DAVE"))+len(p.N.Slack.DM("U0DAVE")), 1)
}

// openedAtMostOnce: so it is with what somebody opens.
func openedAtMostOnce(p *world.Played) {
	require.LessOrEqual(p.T, len(p.N.Slack.Ephemerals("U0BOB")), 1)
}

// drawnPlainly: the one report that stands there has lines where the workspace took no table.
func drawnPlainly(p *world.Played) {
	p.T.Helper()
	require.Equal(p.T, []string{"amira.haddad@acme.example", "marco.bianchi@acme.example"}, world.InLines(p.N.Slack.Messages("C0REPORTS")))
}

// installForAll has the app work for a whole organization, of which the group is in another workspace.
func installForAll(w *world.World) {
	w.N.Slack.Behave(slacksim.Manners{OrgWide: true})
	w.N.Slack.AddGroup(slacksim.Group{ID: "S0LEADS", Handle: "leads", Name: "Team leads", Users: []string{"U0BOB", "U0ERIN"}, Team: "T0FAR"})
}

// readAtMachine reads who may decide at the command line, until the group is called by its name: never by another one's.
func readAtMachine(p *world.Played) {
	c := p.App.Control("")
	for range 40 {
		said := c.Plain(context.Background(), approvals.Sayf("%v", approvals.GroupID("S0LEADS")))
		if said == "@leads" {
			return
		}
		require.Equal(p.T, "group S0LEADS", said)
		p.Pass(time.Second)
	}
	require.Fail(p.T, "what the group is called was never found out")
}

// importAtMachine imports a list until it was compared with everybody in Slack: meanwhile it says that it wasn't, and of nobody that they
// have left.
func importAtMachine(p *world.Played) {
	raw := []byte("Email,Role\nerin@acme.example,client\nstranger@agency.example,client\n")
	for i := range 40 {
		r, err := p.App.Register.Import(context.Background(), register.Import{App: "seranking", File: "members.csv", Raw: raw}, approvals.OSUser("root"), "command line", time.Now())
		require.NoError(p.T, err)
		require.Len(p.T, r.Found(), 2)
		require.Equal(p.T, i > 0, len(r.New) == 0, "found again it is the same")
		for _, f := range r.Found() {
			require.Contains(p.T, []register.Kind{register.NeverApproved, register.Orphan}, f.Kind)
		}
		if !r.Blind {
			return
		}
		p.Pass(time.Second)
	}
	require.Fail(p.T, "who has left was never found out")
}

// lookUp looks a channel up as `usher check` does: an error is typed, and the next time it works.
func lookUp(p *world.Played) {
	client := p.N.Surroundings().SlackHTTP
	defer client.CloseIdleConnections()
	s := web.New(web.Config{BotToken: "xoxb-slacksim", APIURL: "http://slack/api/", HTTP: client, Now: time.Now, Log: slog.New(slog.DiscardHandler)})
	var typed *web.Error
	for range 40 {
		room, err := web.NewProbe(s).Room(context.Background(), "C0APPROVE")
		if err == nil {
			require.Equal(p.T, "access-approvals", room.Name)
			return
		}
		require.ErrorAs(p.T, err, &typed)
		p.Pass(time.Second)
	}
	p.T.Fatalf("the channel was never found: %v", typed)
}

// strike plans the fault of a row.
func (u slackUse) strike(w *world.World, f slacksim.Fault) {
	f.Method, f.Skip = u.method, u.skip
	w.N.Slack.Plan(f)
}

// play plays a life with one fault in it, and returns what was wrong and whether the fault was met.
func (u slackUse) play(t *testing.T, f slacksim.Fault) (wrong []string, met bool) {
	var r world.Recorder
	config := u.config
	if config == "" {
		config = world.Config
	}
	world.InScene(t, &r, config, func(w *world.World) {
		vendorsim.SeedDemo(w.N.Vendor)
		if u.before != nil {
			u.before(w)
		}
		p := &world.Played{World: w, Scenario: u.scenario}
		at := func(when int) {
			if when == u.when {
				u.strike(w, f)
			}
		}
		at(beforeStart)
		w.Begin()
		p.Live(time.Minute)
		at(beforeAsking)
		if u.scenario.Ask != "" {
			p.Asked()
			p.Live(time.Minute)
		}
		at(beforeDeciding)
		u.scenario.Decide(p)
		p.Live(3 * time.Minute)
		p.Promises()
		p.Live(15 * time.Minute)
		p.Promises()
		if u.also != nil {
			u.also(p)
		}
		require.Empty(w.T, w.Logs.Take(), "errors in the log")
		met = slices.ContainsFunc(w.N.Slack.CallsOf(u.method), func(c slacksim.Call) bool { return c.Outcome != "ok" || c.Answer != "" })
	})
	return r.Findings(), met
}

// TestSlackFaults lets each method that Usher calls go wrong in each way, at the moment the life of a
// request calls it: the request ends as it should, its card shows what is so, who asked is told once, and
// nothing is done or said twice.
func TestSlackFaults(t *testing.T) {
	t.Parallel()
	for _, method := range web.Methods() {
		require.True(t, slices.ContainsFunc(slackUses, func(u slackUse) bool { return u.method == method }), "no row for %s", method)
	}
	var lives atomic.Int64
	t.Cleanup(func() {
		t.Logf("%d lives with one fault each, in %d uses of %d methods", lives.Load(), len(slackUses), len(web.Methods()))
	})
	tired := world.Tired(t, false)
	for i, u := range slackUses {
		t.Run(u.method+" in "+u.in, func(t *testing.T) {
			t.Parallel()
			for j, row := range slackFaults {
				if !pace.Plays(i+j, 8) {
					continue // all of them are played without the detector
				}
				if row.in != nil && !slices.Contains(row.in, u.method) {
					continue // its answers bear no ts
				}
				world.Rest(t, tired)
				wrong, met := u.play(t, row.fault)
				require.Empty(t, wrong, row.name)
				require.True(t, met, "%s: the fault was not met", row.name)
				lives.Add(1)
			}
		})
	}
}
