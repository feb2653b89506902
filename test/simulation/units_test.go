package simulation

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/usherbot/usher/config"
	"github.com/usherbot/usher/reports/units"
	"github.com/usherbot/usher/test/world"
)

// Units that are used and added behind everybody's back, and answers that are no number, in every fifth seed. What is chosen
// here is drawn apart from all else, so that it changes no other seed's history.

// topped is what a vendor's balance is after units were added.
const topped = 1_000_000

// balances is what the test remembers of the balance: each number that it was, and since when.
type balances struct {
	had []balance
}

type balance struct {
	at   time.Time
	left int64
}

// watch has the units watched, of the one app there is: another would make every history another.
func (s setting) watch(cfg *config.Config) {
	if s.Units {
		cfg.Apps[0].Units = &config.UnitsConfig{Schedule: "*/5 * * * *", BaseURL: "http://127.0.0.1",
			Settings: units.Settings{WarnAt: []units.Limit{{Percent: 20}, {Percent: 5}}}}
	}
}

func (s *simulation) balanceIs(left int64) {
	s.N.Vendor.SetUnits(left)
	s.balances.had = append(s.balances.had, balance{time.Now(), left})
}

// meters lets units be used or added, or the balance be something else than a number for a while.
func (s *simulation) meters(act int) {
	if !s.setting.Units {
		return
	}
	d, q := s.draw("units", act), s.N.Vendor.Quirks()
	q.UnitsBody = ""
	switch left := s.N.Vendor.Units(); d % 6 {
	case 0, 1:
		s.balanceIs(left - left*int64(d/6%60)/100)
		s.count("units: used")
	case 2:
		s.balanceIs(topped)
		s.count("units: added")
	case 3:
		bodies := []string{"<html>Log in 2026</html>", "ERROR 132 :: API UNITS BALANCE IS ZERO", "ERROR 120 :: WRONG KEY - ID PAIR", "-", `{"meta":{"success":false},"error":{"code":401,"message":"Unauthorized"}}`}
		q.UnitsBody = bodies[d/6%uint64(len(bodies))]
		s.count("units: not a number")
	}
	s.N.Vendor.SetQuirks(q)
}

// refills lets them be added and read, and runsLow nearly all be used then.
func (s *simulation) refills() {
	if s.setting.Units {
		q := s.N.Vendor.Quirks()
		q.UnitsBody = ""
		s.N.Vendor.SetQuirks(q)
		s.balanceIs(topped)
	}
}

func (s *simulation) runsLow() {
	if s.setting.Units {
		s.balanceIs(lowest)
	}
}

// lowest is what is left in the end: less than any limit.
const lowest = 31_234

// warnings: each is of a number that there really was, low for what there had been, stands once for its arming, and after it
// rang it was clear of where it rings before the same rings again. What is left in the end was warned of.
func (s *simulation) warnings(may map[world.Promised]*expectation) {
	if !s.setting.Units {
		return
	}
	last, ended := map[string]balance{}, 0
	for _, m := range s.WarningsOf() {
		b := world.BorneBy(m)
		may[b] = &expectation{in: "C0APPROVE"}
		if b.Of != s.database() {
			continue // another life's, which knew of other readings
		}
		if strings.Contains(b.Key, "/unread/") && s.figures["units: not a number"] > 0 {
			continue // it's of no number: they weren't read for a day, for most of which the program may have been down
		}
		was, ok := s.warnedOf(m.Text)
		if !ok {
			s.Errorf("%s is of a number that there never was: %s", b.Key, m.Text)
			continue
		}
		s.count("units: warned of")
		limit := strings.Split(b.Key, "/")[2]
		if before, again := last[limit]; again && !s.clear(before, was) {
			s.Errorf("%s was said anew, of %d after %d, without having been clear of it", b.Key, was.left, before.left)
		}
		last[limit] = was
		ended += world.One(was.left == lowest)
	}
	if ended == 0 {
		s.Errorf("nobody was warned that %d units are left", lowest)
	}
}

// warnedOf is the latest time at which the balance was what a warning says, before it was said.
func (s *simulation) warnedOf(text string) (found balance, ok bool) {
	for _, b := range s.balances.had {
		if strings.Contains(text, "has only "+comma(b.left)+" units left") || b.left == 0 && strings.Contains(text, "has no units left") {
			found, ok = b, true
		}
	}
	return found, ok
}

// clear reports whether the balance was a quarter above a number at some time between two. Where both are of the same number, which
// may have been left more than once, it is enough that it was at any time between two such.
func (s *simulation) clear(from, to balance) bool {
	if from.left == to.left {
		from = s.balances.had[slices.IndexFunc(s.balances.had, func(b balance) bool { return b.left == from.left })]
	}
	for _, b := range s.balances.had {
		if !b.at.Before(from.at) && !b.at.After(to.at) && b.left >= from.left+from.left/4 && b.left > from.left {
			return true
		}
	}
	return false
}

// comma is a number below a billion as people read it.
func comma(n int64) string {
	switch {
	case n >= 1_000_000:
		return fmt.Sprintf("%d,%03d,%03d", n/1_000_000, n/1000%1000, n%1000)
	case n >= 1000:
		return fmt.Sprintf("%d,%03d", n/1000, n%1000)
	}
	return fmt.Sprint(n)
}
