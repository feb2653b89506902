package app

import (
	"fmt"
	"slices"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/bot/courier"
	"github.com/usherbot/usher/outbox"
	"github.com/usherbot/usher/provision"
	"github.com/usherbot/usher/store/postgres"
)

// surviving are the same surroundings, in which a database may go on from a copy of itself.
func (w Surroundings) surviving(admins []approvals.PersonID) Surroundings {
	w.Database.Failover, w.Database.Note = failover(admins), provision.MayHaveHappened
	return w
}

// failover tells the admins that the database goes on from a copy of itself and what is known to be gone, and each person what of
// theirs that is.
func failover(admins []approvals.PersonID) func(postgres.Failover) ([]outbox.Change, error) {
	return func(f postgres.Failover) ([]outbox.Change, error) {
		l := lossesOf(f)
		name := fmt.Sprintf("failover-%d", f.At.UnixNano())
		if !f.First && len(l.requests)+len(l.behind) == 0 {
			admins = nil // they know
		}
		owed, err := courier.Alarms(name, l.toAdmins(), admins, f.At)
		for _, who := range l.people {
			if err != nil {
				return nil, err
			}
			var c outbox.Change
			c, err = courier.Gone(name, l.toPerson(who), who, f.At)
			owed = append(owed, c)
		}
		return owed, err
	}
}

// losses are what is known to be gone, by what people can do about it.
type losses struct {
	postgres.Failover
	// people did something that is gone, requests are gone wholly, and behind are those of which the last is gone.
	people           []approvals.PersonID
	requests, behind []int64
}

func lossesOf(f postgres.Failover) losses {
	l := losses{Failover: f}
	for _, e := range f.Gone {
		if who := e.Actor.Person(); who != "" && !slices.Contains(l.people, who) {
			l.people = append(l.people, who)
		}
		switch {
		case slices.Contains(f.Told, e.Request): // by another process
		case e.Request > f.Number:
			l.requests = append(l.requests, e.Request)
		case e.Request > 0:
			l.behind = append(l.behind, e.Request)
		}
	}
	return l
}

func (l losses) toAdmins() approvals.Text {
	what := approvals.Sayf("My database has gone on from a copy of itself, as it does when a standby takes over. The last thing in it is from %v.", l.Since)
	if !l.First {
		what = approvals.Sayf("My database went on from a copy of itself a while ago, and I know of more that got lost with that.")
	}
	lines := []approvals.Text{what}
	if len(l.requests) > 0 {
		lines = append(lines, approvals.Sayf("• Gone altogether: %v. I've told whoever asked.", inARow(l.requests)))
	}
	if len(l.behind) > 0 {
		lines = append(lines, approvals.Sayf("• Set back: %v. The cards show where they stand now, and I've told whoever did something that's gone.", inARow(l.behind)))
	}
	switch {
	case len(l.Gone) > 0:
	case l.Seen:
		lines = append(lines, approvals.Sayf("All that I've seen in it before is still there."))
	default:
		lines = append(lines, approvals.Sayf("I wasn't there to see what came after that, so I can't tell whether something is missing. If somebody misses a request, please have them ask again."))
	}
	if l.First {
		lines = append(lines, approvals.Sayf("Before I do anything I still owe, I'll check whether it's been done already, so nothing happens twice. The next request's number is higher than any that may be gone."))
	}
	return approvals.Join(lines, "\n")
}

// theirs is what one person did that is gone: asked for, done with a request that is there, and with one that isn't. apart: and what is about none.
type theirs struct {
	asked, done, others []int64
	apart               bool
}

func (l losses) of(who approvals.PersonID) (t theirs) {
	for _, e := range l.Gone {
		switch {
		case e.Actor.Person() != who:
		case e.Request > l.Number && e.Before == "":
			t.asked = append(t.asked, e.Request)
		case e.Request > l.Number:
			t.others = append(t.others, e.Request)
		case e.Request > 0:
			t.done = append(t.done, e.Request)
		default:
			t.apart = true
		}
	}
	t.others = slices.DeleteFunc(t.others, func(n int64) bool { return slices.Contains(t.asked, n) })
	return t
}

// toPerson says what of theirs is gone, and what to do about it.
func (l losses) toPerson(who approvals.PersonID) approvals.Text {
	t := l.of(who)
	lines := []approvals.Text{approvals.Sayf("Sorry, some of what you did got lost: my database switched to a copy of itself that didn't have the last moments yet.")}
	if len(t.asked) > 0 {
		lines = append(lines, approvals.Sayf("• You asked for %v: please ask again. Whatever was already set up stays.", inARow(t.asked)))
	}
	if len(t.done) > 0 {
		lines = append(lines, approvals.Sayf("• What you did with %v: the card shows where it stands now, so please look at it again.", inARow(t.done)))
	}
	if len(t.others) > 0 {
		lines = append(lines, approvals.Sayf("• What you did with %v, which is gone altogether. I've told whoever asked, so you don't need to do anything.", inARow(t.others)))
	}
	if t.apart {
		lines = append(lines, approvals.Sayf("• What you told me apart from requests, after %v: please tell me again.", l.Since))
	}
	return approvals.Join(lines, "\n")
}

// inARow are requests, each once: "#3, #4, #7".
func inARow(list []int64) approvals.Text {
	var all []approvals.Text
	for _, n := range slices.Compact(slices.Sorted(slices.Values(list))) {
		all = append(all, approvals.Sayf("#%v", n))
	}
	return approvals.Join(all, ", ")
}
