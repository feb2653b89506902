package simulation

import (
	"strings"
	"time"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/bot/courier"
	"github.com/usherbot/usher/bot/web"
	"github.com/usherbot/usher/outbox"
	"github.com/usherbot/usher/sim/slacksim"
	"github.com/usherbot/usher/test/world"
)

// In seeds that go on for days nobody is sent more than so many messages a day unasked.
const fill = 1

// rationed is a configuration in which they have had enough, where the seed wants that.
func (s setting) rationed(config string) string {
	const most = "messages_per_day: 1"
	switch {
	case !s.Long:
		return config
	case peopleFlow.MatchString(config):
		return peopleFlow.ReplaceAllString(config, "people: {"+most+", ")
	}
	return strings.Replace(config, "apps:\n", "people: {"+most+"}\napps:\n", 1)
}

// hadEnough: on one day of theirs nobody is sent more than they are to have, outcomes and what can't wait apart. What Slack
// took in late was sent before.
func (s *simulation) hadEnough(all []approvals.Request) {
	if !s.setting.Long {
		return
	}
	s.count("messages a day: held to it")
	if s.figures["faults: slack late, applied false"]+s.figures["faults: slack late, applied true"]+s.figures["clock: set"] > 0 {
		return
	}
	for _, u := range s.N.Slack.Users() {
		had := map[string]map[string]bool{}
		for _, m := range s.N.Slack.DM(u.ID) {
			key := world.KeyOf(m)
			day, counts := s.unasked(m, u, all)
			if !counts {
				continue
			}
			if had[day] == nil {
				had[day] = map[string]bool{}
			}
			if had[day][key] = true; len(had[day]) == fill+1 {
				s.Errorf("%s has %d messages on %s, and %s", u.ID, fill, day, key)
			}
		}
	}
}

// unasked is on which day of somebody's they were sent a message that counts; false: none does, or it came around midnight.
func (s *simulation) unasked(m slacksim.Message, u slacksim.User, all []approvals.Request) (day string, counts bool) {
	n := approvals.NumberOf(world.KeyOf(m))
	if n == 0 || int(n) > len(all) || s.lost[world.OfOf(m)] || m.User != slacksim.BotUser {
		return "", false
	}
	switch outbox.Kind(world.KeyOf(m)) {
	case approvals.KindApprover, approvals.KindAsk, approvals.KindAnswer, approvals.KindReminder, approvals.KindNudge:
	default:
		return "", false
	}
	sent := time.Unix(web.Seconds(m.TS), 0)
	day, next := approvals.Today(sent, u.TZ)
	before, _ := approvals.Today(sent.Add(-time.Minute), u.TZ)
	return day, before == day && next.Sub(sent) > time.Minute && !courier.Urgent(all[n-1], sent, next.Add(time.Minute))
}

// rest are the messages that stand for the rest of somebody's day.
func (s *simulation) rest(may map[world.Promised]*expectation) {
	if !s.setting.Long {
		return
	}
	for _, u := range s.N.Slack.Users() {
		for _, m := range s.N.Slack.DM(u.ID) {
			if b := world.BorneBy(m); outbox.Kind(b.Key) == approvals.KindNeeds && b.Of == s.database() && may[b] == nil {
				s.count("messages a day: one for the rest")
				may[b] = &expectation{in: approvals.WhoOf(b.Key)}
			}
		}
	}
}
