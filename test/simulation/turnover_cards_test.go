package simulation

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/bot/view"
	"github.com/usherbot/usher/leavers"
	"github.com/usherbot/usher/sim/slacksim"
	"github.com/usherbot/usher/test/world"
)

// What people do about what Usher asks.

// askedByUsher is something that Usher asked and nobody has decided.
func (s *simulation) askedByUsher() (approvals.Request, bool) {
	if s.App == nil || s.Life.Over() {
		return approvals.Request{}, false
	}
	all := slices.DeleteFunc(s.requests(), func(r approvals.Request) bool { return r.State != approvals.Pending || !r.ByUsher() })
	if len(all) == 0 {
		return approvals.Request{}, false
	}
	return pickOf(s, all), true
}

// somebodyFor is who does something about a request: mostly one who may decide it, now and then anybody.
func (s *simulation) somebodyFor(r approvals.Request) string {
	if who := r.Eligible().People(); len(who) > 0 && s.rng.IntN(5) > 0 {
		return string(pickOf(s, who))
	}
	return pickOf(s, []string{"U0BOB", "U0ERIN", "U0DAVE", "U0ADMIN", "U0ALICE", "U0FRED", string(r.Occasion.Person)})
}

// decidesWhatUsherAsks lets somebody say yes or no to one thing, or to a bundle.
func (s *simulation) decidesWhatUsherAsks() {
	r, ok := s.askedByUsher()
	if !ok {
		return
	}
	who, yes := s.somebodyFor(r), s.rng.IntN(4) > 0
	action := map[bool]string{true: view.ActionApprove, false: view.ActionDeny}[yes]
	if r.Bundled() {
		action = map[bool]string{true: view.ActionApproveAll, false: view.ActionDenyAll}[yes]
	}
	s.note("%s says %v to #%d", who, yes, r.Number)
	s.says(who, r.Number, yes)
	s.onItsCard(who, r, action)
}

// takesAllBack lets somebody say yes to all of a card at once.
func (s *simulation) takesAllBack() {
	r, ok := s.askedByUsher()
	if !ok {
		return
	}
	list, err := s.App.Desk.Besides(context.Background(), r)
	if err != nil {
		return
	}
	who := s.somebodyFor(r)
	s.note("%s says yes to all of the card of #%d", who, r.Number)
	for _, o := range list {
		s.says(who, o.Number, true)
	}
	for _, o := range list {
		if s.onItsCard(who, o, view.ActionApproveAll) {
			s.count("turnover: said yes to all of a card")
			return
		}
	}
}

// onItsCard presses a button of a request's on a card that somebody sees; false: none has it.
func (s *simulation) onItsCard(who string, r approvals.Request, action string) bool {
	f, ok := buttonThat(slices.Concat(s.N.Slack.DM(who), s.N.Slack.Messages("C0APPROVE")), action, view.ButtonValue(r.Name()))
	if !ok {
		return false
	}
	s.count("turnover: pressed " + action)
	s.heard[who]++
	s.N.Slack.CloseAllViews(who)
	s.last, s.lastBy, s.lastAt = s.N.Slack.ClickForged(who, f), who, time.Now()
	s.done(s.last)
	s.spend(4 * time.Second)
	if views := s.N.Slack.Views(who); len(views) > 0 {
		s.done(s.N.Slack.Submit(who, views[len(views)-1].ID, map[string]any{view.FieldReason: "it's still used"}))
		s.N.Slack.CloseAllViews(who)
	}
	s.spend(6 * time.Second)
	return true
}

// buttonThat is a click on the button in some messages that does something to something.
func buttonThat(list []slacksim.Message, action, value string) (slacksim.Forged, bool) {
	for _, m := range list {
		for _, b := range m.Blocks {
			elements, _ := b["elements"].([]any)
			for _, e := range elements {
				if e, _ := e.(map[string]any); e["action_id"] == action && (e["value"] == value || value == "") {
					block, _ := b["block_id"].(string)
					bears, _ := e["value"].(string)
					return slacksim.Forged{Channel: m.Channel, TS: m.TS, ActionID: action, BlockID: block, Value: bears}, true
				}
			}
		}
	}
	return slacksim.Forged{}, false
}

// saysWhetherTheyLeft lets an admin say of so many at once whether they really left; a stranger's word is tried too.
func (s *simulation) saysWhetherTheyLeft() {
	admin, does := pickOf(s, turnoverAdmins), pickOf(s, []string{"left", "left", "mistake"})
	who := pickOf(s, []string{admin, admin, "U0FRED"})
	held := slices.DeleteFunc(s.N.Slack.DM(admin), func(m slacksim.Message) bool {
		about, _ := leavers.AboutOf(world.KeyOf(m))
		return about != leavers.AboutHold
	})
	slices.Reverse(held)
	if f, ok := buttonThat(held, view.ActionLeaving+does, ""); ok {
		s.note("%s says of those who left at once: %s", who, does)
		s.count("turnover: said whether they really left")
		s.heard[who]++
		s.done(s.N.Slack.ClickForged(who, f))
		s.spend(10 * time.Second)
	}
}

// saysItIsGone lets somebody answer whether something is gone that nobody has seen gone.
func (s *simulation) saysItIsGone() {
	who, does := pickOf(s, []string{"U0BOB", "U0DAVE", "U0ERIN", "U0ADMIN", "U0ALICE"}), pickOf(s, []string{"gone", "gone", "stays"})
	asks := slices.DeleteFunc(s.N.Slack.DM(who), func(m slacksim.Message) bool { return !strings.HasPrefix(world.KeyOf(m), leavers.KindLeaving+"/") })
	f, ok := buttonThat(asks, view.ActionLeaving+does, "")
	if !ok {
		return
	}
	s.note("%s says of what nobody has seen gone: %s", who, does)
	s.count("turnover: said that it's " + does)
	s.heard[who]++
	s.N.Slack.CloseAllViews(who)
	s.done(s.N.Slack.ClickForged(who, f))
	s.spend(4 * time.Second)
	if views := s.N.Slack.Views(who); len(views) > 0 {
		s.heard[who]++
		s.done(s.N.Slack.Submit(who, views[len(views)-1].ID, map[string]any{view.FieldWords: "the client keeps it"}))
		s.N.Slack.CloseAllViews(who)
	}
}
