package simulation

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/usherbot/usher/app"
	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/test/world"
)

// Who is away for a while, and who decides in their place.

// absent is that somebody typed that they are away, or back.
type absent struct {
	who, deputy string
	typed       time.Time
	until       time.Time // zero: they are back
	kept        bool      // it was acknowledged
}

// deputiesOf are whom those who may decide leave it to while they are away; "": nobody.
var deputiesOf = map[string][]string{"U0BOB": {"U0DAVE", "U0DAVE", "U0FRED", "U0ERIN", ""}, "U0ERIN": {"U0DAVE", "U0BOB"}, "U0DAVE": {"U0FRED", "U0BOB"}}

// goesAway lets somebody say that they are away, mostly with a deputy; now and then the program dies about then.
func (s *simulation) goesAway() {
	who := pickOf(s, []string{"U0BOB", "U0BOB", "U0BOB", "U0ERIN", "U0DAVE"})
	if s.rng.IntN(4) == 0 {
		s.aimed()
	}
	s.leavesItTo(who, pickOf(s, deputiesOf[who]))
}

// leavesItTo lets somebody say that they are away until the end of a day, where they are.
func (s *simulation) leavesItTo(who, deputy string) {
	a, zone := absent{who: who, deputy: deputy, typed: time.Now()}, time.UTC
	for _, u := range s.N.Slack.Users() {
		if where, err := time.LoadLocation(u.TZ); u.ID == who && err == nil {
			zone = where
		}
	}
	last := a.typed.In(zone).AddDate(0, 0, s.rng.IntN(3))
	a.until = time.Date(last.Year(), last.Month(), last.Day()+1, 0, 0, 0, 0, zone)
	text := "away until=" + last.Format(time.DateOnly)
	if a.deputy != "" {
		text += fmt.Sprintf(" deputy=<@%s>", a.deputy)
	}
	said := string(s.done(s.types(who, text)).Payload)
	if strings.Contains(said, "so nothing was changed") {
		return // their day was over
	}
	a.kept = strings.Contains(said, "You're away until")
	s.absences = append(s.absences, a)
}

// comesBack lets somebody who has said that they are away say that they are back.
func (s *simulation) comesBack() {
	if len(s.absences) == 0 {
		return
	}
	a := absent{who: pickOf(s, s.absences).who, typed: time.Now()}
	payload := string(s.done(s.types(a.who, "back")).Payload)
	a.kept = strings.Contains(payload, "Welcome back") || strings.Contains(payload, "You're not away")
	s.absences = append(s.absences, a)
}

// standsIn lets a deputy approve what waits for them in somebody's place; where nothing does, somebody goes away and then
// something is asked.
func (s *simulation) standsIn() {
	n, deputy := s.waitsInPlace()
	if n == 0 {
		s.leavesItTo("U0BOB", "U0DAVE")
		s.done(s.ask(false))
		s.spend(5 * time.Second)
		n, deputy = s.waitsInPlace()
	}
	if n > 0 {
		s.done(s.approves(deputy, n))
	}
}

// waitsInPlace is a request that waits for a deputy; 0: none does.
func (s *simulation) waitsInPlace() (n int64, deputy string) {
	if s.App == nil || s.Life.Over() {
		return 0, ""
	}
	for _, r := range s.requests() {
		if r.State != approvals.Pending || !r.Known() {
			continue
		}
		for _, a := range r.Absent(r.Present()) {
			if a.Deputy != "" {
				return r.Number, string(a.Deputy)
			}
		}
	}
	return 0, ""
}

// mayBeAway reports whether, by what was typed, somebody may have been away at a moment with that deputy: a moment of the
// program's clock, as far as that may be wrong. What was not acknowledged may have been kept all the same.
func (s *simulation) mayBeAway(who, deputy string, at time.Time) (may bool) {
	for _, a := range s.absences {
		switch {
		case a.who != who:
		case !a.until.IsZero() && a.deputy == deputy && a.typed.Before(at.Add(app.Tolerance)):
			may = may || at.Before(a.until.Add(2*app.Tolerance))
		case a.kept && a.typed.Before(at.Add(-app.Tolerance)) && !slices.ContainsFunc(s.absences, func(o absent) bool { return o.who == who && !o.kept }):
			may = false
		}
	}
	return may
}

// isAway is somebody's absence, where by what was acknowledged there is no doubt of it, and there has been time to move
// what waits.
func (s *simulation) isAway(who string) (last absent, is bool) {
	for _, a := range s.absences {
		if a.who != who {
			continue
		}
		if !a.kept {
			return a, false
		}
		last = a
	}
	return last, last.kept && time.Since(last.typed) > time.Minute && time.Until(last.until) > time.Minute
}

// deputized reports whether a vote was given in the place of somebody, and holds it to what a deputy may.
func (s *simulation) deputized(r approvals.Request, e approvals.Entry) bool {
	var d struct{ For approvals.PersonID }
	if err := json.Unmarshal(e.Detail, &d); err != nil || d.For == "" {
		return false
	}
	s.count("absences: decided by a deputy")
	by, of := string(e.Actor), string(d.For)
	switch {
	case !s.mayBeAway(of, by, e.At):
		s.Errorf("#%d: %s voted for %s, who was not away with them as deputy", r.Number, by, of)
	case of == string(r.Requester) || of == idOf(r.Change.Email):
		s.Errorf("#%d: %s voted for %s, who would gain from it", r.Number, by, of)
	case s.awayFor(of, e.At) > 6*time.Minute:
		s.Errorf("#%d: %s voted for %s, who had left", r.Number, by, of)
	case !slices.Contains(deciders, of) && !s.escalatedTo(r, approvals.Entry{Actor: approvals.Actor(of), At: e.At, What: "voted no"}) && !decidesAsManager(r, approvals.Actor(of)):
		s.Errorf("#%d: %s voted for %s, who is a stranger", r.Number, by, of)
	}
	return true
}

// places are how many places the yes of a request fills: who is away and their deputy have one together.
func places(r approvals.Request) int {
	filled := map[approvals.Actor]bool{}
	for _, v := range r.Votes {
		if of := v.By; v.Yes {
			if v.For != "" {
				of = approvals.Actor(v.For)
			}
			filled[of] = true
		}
	}
	return len(filled)
}

// moved: where all is well, what waits for somebody who is away is with their deputy, who has a message of it, or has been
// escalated once its time was up.
func (s *simulation) moved(all []approvals.Request) {
	for who := range deputiesOf {
		a, is := s.isAway(who)
		if !is {
			continue
		}
		for _, r := range all {
			if r.State == approvals.Pending && !r.Rule.Itself() && time.Since(r.Since()) > time.Minute && slices.Contains(r.Stages()[r.Present()].People(), approvals.PersonID(who)) {
				s.count("absences: what waits is with the deputy")
				s.isWith(r, a)
			}
		}
	}
}

func (s *simulation) isWith(r approvals.Request, a absent) {
	deputy := approvals.PersonID(a.deputy)
	if !slices.ContainsFunc(r.Away, func(o approvals.Absence) bool { return string(o.Person) == a.who && o.Deputy == deputy && !o.Over }) {
		s.Errorf("#%d waits for %s, who is away, and knows of %+v", r.Number, a.who, r.Away)
	}
	if at, ahead := r.EscalatesAt(); ahead && time.Since(at) > time.Minute+2*app.Tolerance {
		s.Errorf("#%d waits for %s, who is away, and should have been escalated at %v", r.Number, a.who, at)
	}
	for _, one := range []bool{a.deputy == "", deputy == r.Requester, string(deputy) == idOf(r.Change.Email), s.everLeft(a.deputy), s.everLeft(a.who), s.setting.sleeps(), s.setting.Long} { // in the last two it may wait, or be one with others
		if one {
			return
		}
	}
	if slices.Contains([]string{string(r.Requester), idOf(r.Change.Email)}, a.who) {
		return // nobody decides in their place
	}
	key := approvals.ApproverKeyOf(r, deputy)
	for _, m := range s.N.Slack.DM(a.deputy) {
		if world.KeyOf(m) == key && !s.lost[world.OfOf(m)] {
			return
		}
	}
	if _, err := s.App.Desk.MayDecide(context.Background(), r.Number, approvals.Actor(deputy), time.Now()); err == nil && !r.Answered(approvals.Actor(deputy)) { // who has had their say is not asked again
		s.Errorf("#%d waits for %s, who is away, and their deputy %s has no %s", r.Number, a.who, a.deputy, key)
	}
}
