package simulation

import (
	"strings"
	"time"

	"github.com/usherbot/usher/app"
	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/reports"
	"github.com/usherbot/usher/test/world"
)

// digests are the reports: one for each slot of a schedule, made up within a day where the program was
// down, and those an admin asked for. That of a channel which was archived may have gone to the admin instead; that to people
// comes to each of them once, by their own clock.
func (s *simulation) digests(may map[world.Promised]*expectation) {
	s.slots(time.UTC, func(slot string, must bool) {
		admin := world.Promised{Key: reports.ReaderKey("daily", slot, "U0ADMIN"), Of: s.database()}
		instead := false
		if s.archived {
			for _, m := range s.N.Slack.DM("U0ADMIN") {
				instead = instead || world.BorneBy(m) == admin
			}
			may[admin] = &expectation{in: "U0ADMIN"}
			must = must && !instead && !s.everLeft("U0ADMIN")
		}
		may[world.Promised{Key: reports.SlotKey("daily", slot), Of: s.database()}] = &expectation{must: must, in: "C0REPORTS"}
		s.count("reports: posted")
		if instead {
			s.count("reports: to the admin, because the channel is archived")
		}
	})
	for _, who := range s.readers() {
		u, _ := s.N.Slack.User(string(who))
		zone, err := time.LoadLocation(u.TZ)
		if err != nil {
			s.Errorf("%s is in no zone: %v", who, err)
			continue
		}
		s.slots(zone, func(slot string, must bool) {
			may[world.Promised{Key: reports.ReaderKey("theirs", slot, who), Of: s.database()}] = &expectation{must: must && !s.everLeft(string(who)), in: string(who)}
			s.count("reports: to a reader")
		})
	}
	s.byHand(may)
}

// readers are who the report to people goes to, in the company that has one.
func (s *simulation) readers() []approvals.PersonID {
	if !strings.Contains(s.plot.config(s.setting), "name: theirs") {
		return nil
	}
	return []approvals.PersonID{"U0BOB", "U0DAVE"}
}

// slots are those of a daily report in a zone, each with whether it must have been posted.
func (s *simulation) slots(zone *time.Location, each func(slot string, must bool)) {
	const day = 24 * time.Hour
	first := s.began.In(zone)
	for n := 0; ; n++ {
		slot := time.Date(first.Year(), first.Month(), first.Day()+n, 0, s.setting.Slot, 0, 0, zone)
		if time.Since(slot) <= -app.Tolerance { // a clock that is a little fast is believed (clock.go)
			return
		}
		if slot.Before(s.began) {
			continue // it was never promised to anybody
		}
		if !s.lossless() && slot.Before(s.dawn.Add(-app.Tolerance)) {
			continue // it is another database's
		}
		lived := s.awake(slot, slot.Add(day))
		if lived == 0 && s.awake(slot.Add(-app.Tolerance), slot) == 0 {
			s.count("reports: left out, too late")
			continue
		}
		must := time.Since(slot) > 0 && (lived > 2*time.Hour || time.Since(slot) < day) && (s.lossless() || slot.After(s.dawn.Add(2*app.Tolerance)))
		each(slot.Format(reports.SlotLayout), must)
	}
}
