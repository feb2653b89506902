package simulation

import (
	"slices"
	"strings"

	"github.com/usherbot/usher/reports"
	"github.com/usherbot/usher/sim/slacksim"
	"github.com/usherbot/usher/test/world"
)

// postIt is the button below a report that somebody was shown alone.
const postIt = "Post to channel"

// asksForReport is an admin who asks for a report: in its own channel, or elsewhere, where they alone are shown it at first.
func (s *simulation) asksForReport() {
	if where := pickOf(s, []string{"C0GENERAL", "C0GENERAL", "C0REPORTS"}); where != "C0GENERAL" {
		s.note("U0ADMIN types report in %s", where)
		s.reported++
		s.heard["U0ADMIN"]++
		s.last, s.lastBy = s.N.Slack.Type("U0ADMIN", where, "/access report"), "U0ADMIN"
		s.done(s.last)
		return
	}
	s.isShownReport()
}

// isShownReport is an admin who asks for a report outside its channel.
func (s *simulation) isShownReport() {
	s.reported++
	s.heard["U0ADMIN"]++ // the report itself, beside the answer
	s.count("reports: shown alone")
	s.done(s.types("U0ADMIN", "report"))
}

// postsReport is an admin who has a report posted that they were shown alone; of an old one too, and more than once.
func (s *simulation) postsReport() {
	shown := slices.DeleteFunc(append(s.N.Slack.Ephemerals("U0ADMIN"), s.N.Slack.DM("U0ADMIN")...), func(m slacksim.Message) bool {
		return !slices.ContainsFunc(world.Buttons(m), func(label string) bool { return label == postIt })
	})
	if len(shown) == 0 {
		return
	}
	m := pickOf(s, shown)
	s.note("U0ADMIN presses %q", postIt)
	s.heard["U0ADMIN"]++
	s.posts = true
	s.done(s.N.Slack.Click("U0ADMIN", m.Channel, m.TS, postIt))
	s.count("reports: posted at a press")
}

// byHand are the reports that an admin asked for. Nobody else is shown one before they have it posted, in any channel but its own.
func (s *simulation) byHand(may map[world.Promised]*expectation) {
	for in, list := range map[string][]slacksim.Message{"C0GENERAL": s.N.Slack.Messages("C0GENERAL"), "C0REPORTS": s.N.Slack.Messages("C0REPORTS"), "U0ADMIN": s.N.Slack.DM("U0ADMIN")} {
		for _, m := range list {
			b := world.BorneBy(m)
			asked := strings.HasPrefix(b.Key, reports.ManualKey("daily", "")) && b.Of == s.database() && s.reported > 0
			posted := strings.HasPrefix(b.Key, reports.ManualKey("daily", "post "))
			if asked && (in != "C0GENERAL" || posted && s.posts) && !(in == "C0REPORTS" && posted) {
				may[b] = &expectation{in: in}
			}
		}
	}
}
