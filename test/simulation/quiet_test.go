package simulation

import (
	"regexp"
	"strings"
	"time"

	"github.com/usherbot/usher/app"
	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/bot/courier"
	"github.com/usherbot/usher/bot/web"
	"github.com/usherbot/usher/outbox"
	"github.com/usherbot/usher/sim/slacksim"
	"github.com/usherbot/usher/test/world"
)

// In one seed of five people have quiet hours, which begin a quarter of an hour after the seed does in London, and after six
// in New York.
var quietHours = approvals.Quiet{From: 15 * time.Minute, To: 30 * time.Minute}

func (s setting) sleeps() bool { return s.Slot%5 == 0 }

var peopleFlow = regexp.MustCompile(`people: \{`)

// quiet is a configuration with quiet hours, where the seed wants them.
func (s setting) quiet(config string) string {
	const hours = `quiet_hours: "00:15-00:30"`
	switch {
	case !s.sleeps():
		return config
	case s.Managers:
		return peopleFlow.ReplaceAllString(config, "people: {"+hours+", ")
	}
	return strings.Replace(config, "apps:\n", "people: {"+hours+"}\napps:\n", 1)
}

// slept: in somebody's quiet hours they are sent outcomes and what can't wait, and nothing else. What Slack took in late was
// sent before.
func (s *simulation) slept(all []approvals.Request) {
	if !s.setting.sleeps() || s.figures["faults: slack late, applied false"]+s.figures["faults: slack late, applied true"]+s.figures["clock: set"] > 0 {
		return
	}
	for _, u := range s.N.Slack.Users() {
		for _, m := range s.N.Slack.DM(u.ID) {
			kind, n := outbox.Kind(world.KeyOf(m)), approvals.NumberOf(world.KeyOf(m))
			if n == 0 || int(n) > len(all) || s.lost[world.OfOf(m)] || m.User != slacksim.BotUser {
				continue
			}
			sent := time.Unix(web.Seconds(m.TS), 0)
			end, quiet := quietHours.Until(sent, u.TZ)
			_, before := quietHours.Until(sent.Add(-2*app.Tolerance), u.TZ)
			_, after := quietHours.Until(sent.Add(2*app.Tolerance), u.TZ)
			if !quiet || !before || !after {
				continue
			}
			switch kind {
			case approvals.KindApprover, approvals.KindAsk, approvals.KindAnswer, approvals.KindReminder, approvals.KindNudge:
				if r := all[n-1]; !courier.Urgent(r, sent, end.Add(2*app.Tolerance)) && sent.Before(r.Expires) {
					s.Errorf("%s has %s in their quiet hours, at %v", u.ID, world.KeyOf(m), sent)
				}
			default:
				s.count("quiet hours: not kept from an outcome")
			}
		}
	}
}
