package simulation

import (
	"context"
	"slices"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/bot/view"
	"github.com/usherbot/usher/outbox"
	"github.com/usherbot/usher/sim/slacksim"
	"github.com/usherbot/usher/test/world"
)

// past is what the test remembers of databases that were lost. They are owed nothing, nothing of theirs may
// change any more, and their cards still stand in the channel and may be pressed at any time.
type past struct {
	// dawn is when the present database began.
	dawn time.Time
	// former are the requests of the lost ones, as they were kept last, and forgotten what people had typed.
	former    []approvals.Request
	forgotten []*wish
	// lost is whose their messages are: the nonces of requests, and the names of databases.
	lost map[string]bool
	// left are their messages, as they stood when the next database began.
	left []slacksim.Message
}

func newPast() past { return past{lost: map[string]bool{}} }

func (p past) lossless() bool { return len(p.lost) == 0 }

// ever are all requests that there are and were.
func (p past) ever(all []approvals.Request) []approvals.Request {
	return slices.Concat(p.former, all)
}

// begun reports whether a deed may have been under way when its request was seen last.
func begun(r approvals.Request) bool {
	return r.State == approvals.Approved || r.State == approvals.Running || r.State == approvals.InDoubt
}

// database is the name of the present one.
func (s *simulation) database() string {
	l, err := s.App.Store.Life(context.Background())
	require.NoError(s.T, err)
	return l.ID
}

// losesData strikes the program dead and takes its data folder away. What begins a while later knows of
// nothing; people ask it for the first things, and press what still stands there from before.
func (s *simulation) losesData() {
	s.Points.Aim(0)
	s.failing.Store(0)
	s.spend(time.Second)
	s.observe()
	who, form := s.leavesOpen()
	s.forget()
	s.onTheDot()
	s.Pass(11*time.Minute + time.Duration(s.rng.Int64N(int64(5*time.Minute))).Truncate(time.Second)) // what was on its way, ten minutes at most, has come
	s.left = world.MessagesOf(s.N, s.lost)
	s.dawn = time.Now()
	s.wake()
	s.Pass(5 * time.Second)
	for range 1 + s.rng.IntN(2) {
		s.done(s.ask(s.rng.IntN(3) == 0))
		s.pause()
	}
	if form != "" {
		s.note("%s says why not in a form from before", who)
		s.count("acts: lost form")
		s.heard[who]++
		s.done(s.N.Slack.Submit(who, form, map[string]any{view.FieldReason: "not now"}))
		s.N.Slack.CloseAllViews(who)
	}
	s.pressesLost()
}

// leavesOpen lets somebody open the form for a reason, now and then, and leave it open.
func (s *simulation) leavesOpen() (who, form string) {
	s.done(s.ask(false))
	s.spend(10 * time.Second)
	r, ok := s.waiting()
	if !ok || s.rng.IntN(3) == 0 {
		return "", ""
	}
	who = pickOf(s, deciders)
	s.N.Slack.CloseAllViews(who)
	s.done(s.press(who, r.Number, "Deny", view.ActionDeny))
	s.Pass(4 * time.Second)
	views := s.N.Slack.Views(who)
	if len(views) == 0 {
		return "", ""
	}
	return who, views[len(views)-1].ID
}

// forget ends the present database: what was asked of it is not owed any more.
func (s *simulation) forget() {
	s.Pass(0)
	kept := s.requests()
	s.lost[s.database()] = true
	for _, r := range kept {
		s.lost[r.Nonce] = true
		s.count("requests: lost " + string(r.State))
	}
	s.note("the data folder is lost, with %d requests", len(kept))
	s.count("lives: data lost")
	s.disband((*world.Replica).Crash)
	s.Crash()
	s.asleep()
	s.Lose()
	s.share()
	s.lived = nil
	s.former, s.forgotten = append(s.former, kept...), append(s.forgotten, s.wishes...)
	s.dealings, s.last = newDealings(), nil
	clear(s.alarmed)
	clear(s.deleted)
}

// pressesLost presses a button of a card whose database is lost: one that it has, or one that it had. Nothing
// comes of it, and where Slack is well who pressed is told. Whether a vote came of it the law of votes tells.
func (s *simulation) pressesLost() {
	m, label, f, ok := s.lostButton()
	if !ok {
		return
	}
	who := pickOf(s, deciders)
	if m.Channel != "C0APPROVE" {
		who = "U0ADMIN"
	}
	s.note("%s presses %s on lost %s", who, label, world.KeyOf(m))
	s.count("acts: pressed lost " + outbox.Kind(world.KeyOf(m)))
	s.heard[who]++
	s.N.Slack.CloseAllViews(who)
	private := len(s.N.Slack.Ephemerals(who))
	well := s.slackIsFine() && !s.everLeft(who) && !s.Points.Aimed()
	var out slacksim.Outcome
	if slices.Contains(world.Buttons(m), label) {
		out = s.done(s.N.Slack.Click(who, m.Channel, m.TS, label))
	} else {
		out = s.done(s.N.Slack.ClickForged(who, f))
	}
	s.spend(4 * time.Second)
	if len(s.N.Slack.Views(who)) > 0 && well {
		s.Errorf("a form opened for %s on %s of a database that is lost", who, world.KeyOf(m))
	}
	if out.Acked && well && !s.Life.Over() && len(s.N.Slack.Ephemerals(who)) == private {
		s.Errorf("%s pressed %s on %s of a database that is lost, and was told nothing", who, label, world.KeyOf(m))
	}
}

// lostButton picks a button to press: mostly of a card that still has some, and mostly of one whose number
// has been given again.
func (s *simulation) lostButton() (m slacksim.Message, label string, f slacksim.Forged, ok bool) {
	var cards, best []slacksim.Message
	for _, m := range s.left {
		if kind := outbox.Kind(world.KeyOf(m)); kind != approvals.KindCard && kind != approvals.KindAdmins {
			continue
		}
		cards = append(cards, m)
		if len(world.Buttons(m)) > 0 && approvals.NumberOf(world.KeyOf(m)) <= int64(len(s.wishes)) {
			best = append(best, m)
		}
	}
	if len(cards) == 0 {
		return m, "", f, false
	}
	if len(best) > 0 && s.rng.IntN(5) > 0 {
		cards = best
	}
	m = pickOf(s, cards)
	if labels := world.Buttons(m); len(labels) > 0 {
		return m, pickOf(s, labels), f, true
	}
	i := slices.IndexFunc(s.former, func(r approvals.Request) bool { return r.Nonce == world.OfOf(m) })
	f = slacksim.Forged{Channel: m.Channel, TS: m.TS, ActionID: view.ActionApprove, Value: view.ButtonValue(s.former[i].Name())}
	if m.Channel != "C0APPROVE" {
		f.ActionID = pickOf(s, []string{view.ActionRetry, view.ActionHappened, view.ActionNotHappened})
	}
	return m, f.ActionID, f, true
}

// leftAlone: nothing that a lost database has said is changed, taken away or added to.
func (s *simulation) leftAlone() {
	for _, wrong := range world.LeftAlone(s.left, world.MessagesOf(s.N, s.lost)) {
		s.Errorf("%s", wrong)
	}
}

// forges presses a button that nobody posted.
func (s *simulation) forges(who string) *slacksim.Delivery {
	f := slacksim.Forged{Channel: pickOf(s, []string{"C0APPROVE", "C0GENERAL"}), TS: "946684800.000002",
		ActionID: pickOf(s, []string{view.ActionApprove, view.ActionDeny, view.ActionHappened, view.ActionRetry, "grant", ""}),
		Value:    pickOf(s, []string{"", "v1:", "v1:-1", "v2:1", "v3:1", "v1:1", "v2:1:abcdefghij234567", "v1:999", "1", "v1:1 or 1", "v1:01", "v1:99999999999999999999"})}
	if s.rng.IntN(4) == 0 {
		f.TeamID, f.Value, f.ActionID = "T0ELSEWHERE", s.bears(s.number()), view.ActionApprove
	}
	s.note("%s forges %+v", who, f)
	s.count("acts: forged")
	s.heard[who]++
	return s.N.Slack.ClickForged(who, f)
}
