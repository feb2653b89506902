package simulation

import (
	"fmt"
	"time"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/bot/view"
	"github.com/usherbot/usher/catalog"
)

// What was given by hand for a time is taken away by a second task of its request.

// duty is one of a request's tasks: the one that gives, or the one that takes away.
type duty struct {
	n       int64
	removes bool
}

// dutyOf is which task of a request an entry of the log is about, and the request as that task sees it.
func dutyOf(r approvals.Request, e approvals.Entry) (approvals.Request, duty) {
	if e.Before == approvals.Ending || e.After == approvals.Ending {
		return r, duty{r.Number, true}
	}
	return r.Giving(), duty{r.Number, false}
}

// worksIn is the state in which a task of a request is worked on.
func worksIn(r approvals.Request) approvals.State {
	if r.Removing() {
		return approvals.Ending
	}
	return approvals.Running
}

// over reports whether an entry says that a task was done.
func over(e approvals.Entry) bool {
	return e.After == approvals.Done && e.Before == approvals.Running || e.After == approvals.Ended && e.Before == approvals.Ending
}

// workedSince is when a task began.
func workedSince(r approvals.Request) time.Time {
	if r.Removing() {
		return r.End.Began
	}
	return r.Started
}

// endsOffice has somebody end what was given for a time: who asked for it mostly, now and then a stranger.
func (s *simulation) endsOffice() {
	for _, r := range s.requests() {
		if r.Lent() && s.rng.IntN(2) == 0 {
			who := string(r.Requester)
			if s.rng.IntN(4) == 0 {
				who = pickOf(s, append(owners, "U0FRED"))
			}
			s.count("office: ended by hand")
			s.done(s.types(who, fmt.Sprintf("end %d", r.Number)))
			return
		}
	}
}

// seesOut has about half of what was given for a time ended by who asked for it, and half of that worked off.
func (s *simulation) seesOut() {
	for _, r := range s.requests() {
		if r.Lent() && s.rng.IntN(2) == 0 {
			s.done(s.types(string(r.Requester), fmt.Sprintf("end %d", r.Number)))
			s.spend(20 * time.Second)
		}
	}
	for _, r := range s.requests() {
		if r.Removing() && s.rng.IntN(2) == 0 {
			s.worksOff(r.Number)
		}
	}
}

// holderMessages are those that an end calls for to whoever has it, where somebody else asked.
func (s *simulation) holderMessages(r approvals.Request, expect func(string, expectation)) {
	holder := string(r.Change.Person)
	if holder == "" || holder == string(r.Requester) {
		return
	}
	for round := range r.Round {
		show := view.Ends(r.HeardBlind(), round+1)
		expect(approvals.EndsKey(r.Number, round+1, r.Change.Person), expectation{in: holder, show: &show})
	}
	if r.State == approvals.Ended {
		expect(approvals.HolderKey(r.Number, approvals.Ended), expectation{must: !s.everLeft(holder), in: holder})
	}
}

// withEnds are requests with what was given for a time as given, and behind that its end, where it has come, as a removal.
func withEnds(all []approvals.Request) (out []approvals.Request) {
	for _, r := range all {
		out = append(out, r.Giving())
		if r.State == approvals.Ended {
			out[len(out)-1].State, out[len(out)-1].End = approvals.Done, nil
			r.State, r.Action, r.Outcome = approvals.Done, catalog.Delete, r.End.Outcome
			out = append(out, r)
		}
	}
	return out
}

// forATime is how long somebody is let in; "": for good.
func (s *simulation) forATime(verb approvals.Action) string {
	if verb != catalog.Create || s.rng.IntN(2) == 0 {
		return ""
	}
	return pickOf(s, []string{" for=20m", " for=1h", " for=20d"})
}

// leftOffice holds what was given for a time to be somebody's task past its end, or gone by the last step of one: in the end all is
// well, so what waits longer than a task takes to be given was given up, or waits for whoever put it back.
func (s *simulation) leftOffice(all []approvals.Request) {
	for _, r := range all {
		switch {
		case r.Lent() && time.Since(r.EndsAt) > 2*time.Minute:
			s.Errorf("#%d is there, and its time was up %v ago", r.Number, time.Since(r.EndsAt))
		case r.State == approvals.Ending && !r.Working() && r.End.Failed == nil:
			s.Errorf("#%d is to be removed since %v, and that is nobody's task", r.Number, r.End.At)
		case r.State == approvals.Ending:
			s.count("office: being removed")
		case r.State == approvals.Ended && r.End.With == 0:
			s.count("office: removed in time")
			if r.End.By == approvals.Usher && r.End.Outcome.At.Before(r.EndsAt) {
				s.Errorf("#%d was removed before its time", r.Number)
			}
		case r.State == approvals.Ended:
			s.count("office: went with an account")
		}
	}
}
