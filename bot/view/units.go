package view

import (
	"math"
	"strconv"
	"time"

	"github.com/usherbot/usher/approvals"
)

// Warning is what is said once of the units an app's calls are paid from, to whoever looks after it, or else the admins:
// what is so, how it is reckoned, and what happens next.
func Warning(w approvals.Warning, admins []approvals.PersonID) Message {
	p := newPage()
	p.section(warningHead(w))
	p.section(append(warningBody(w), toOwners(w, admins))...)
	return p.message()
}

func warningHead(w approvals.Warning) approvals.Text {
	name, b := clip(w.Name, nameLength), w.Balance
	switch {
	case len(w.Say) > 0:
		return say("*%v units: something changes*", name)
	case w.Unread:
		return say("*%v units: I can't read how many are left*", name)
	case b.Left == 0:
		return say("*%v has no units left*", name)
	case w.Limit == "":
		return say("*%v units run out in about %v*", name, days(b.Out.Sub(w.At)))
	}
	return say("*%v has only %v left*", name, unitsCount(b.Left))
}

func warningBody(w approvals.Warning) []approvals.Text {
	b := w.Balance
	switch {
	case len(w.Say) > 0:
		return []approvals.Text{say("%v", w.Say)}
	case w.Unread:
		lines := []approvals.Text{say("It hasn't worked since %v: %v.", b.Blind, b.Why)}
		if b.Known() {
			return append(lines, say("The last I know is %v, read %v.", unitsCount(b.Left), b.Read))
		}
		return append(lines, say("I've never read a number, so I don't know whether they are running low."))
	}
	const short = "Calls that take more than are left fail, or come back cut short."
	if b.Left == 0 {
		return []approvals.Text{say("Read %v. %v", b.Read, short)}
	}
	left := say("That's %v, read %v.", unitsCount(b.Left), b.Read)
	if of := part(b); of != "" {
		left = say("That's %v of %v, the most since the last top-up. Read %v.", of, grouped(b.Full), b.Read)
	}
	return []approvals.Text{left, sentence(pace(b, w.At)), say("%v", short)}
}

// toOwners is who is asked to do something, and what comes of it.
func toOwners(w approvals.Warning, admins []approvals.PersonID) approvals.Text {
	var who []approvals.Text
	for _, o := range w.Owners[:min(len(w.Owners), someNames)] {
		if approvals.IsGroup(o) {
			who = append(who, say("%v", approvals.GroupID(o)))
		} else {
			who = append(who, say("%v", approvals.PersonID(o)))
		}
	}
	if len(w.Owners) == 0 {
		for _, a := range admins[:min(len(admins), someNames)] {
			who = append(who, say("%v", a))
		}
	}
	to := approvals.Join(who, ", ")
	switch {
	case len(w.Say) > 0:
		return say("%v, that's for you to know. I won't say it again.", to)
	case w.Unread:
		return say("%v, can you see to it? I keep trying, and say this once.", to)
	}
	return say("%v, please top them up, or use fewer. I only say this again if they run low anew after a top-up.", to)
}

// unitsLeft is what is known of an app's units, in a line: how many, how long they last, and how old that is.
func unitsLeft(b approvals.Balance, now time.Time) approvals.Text {
	var line approvals.Text
	switch of := part(b); {
	case !b.Known():
		line = say("not known yet")
	case of != "":
		line = say("%v left (%v of %v) · %v · read %v (%v)", grouped(b.Left), of, grouped(b.Full), pace(b, now), b.Read, readAgo(now.Sub(b.Read)))
	default:
		line = say("%v left · %v · read %v (%v)", grouped(b.Left), pace(b, now), b.Read, readAgo(now.Sub(b.Read)))
	}
	if !b.Blind.IsZero() {
		line = say("%v · can't be read since %v: %v", line, b.Blind, b.Why)
	}
	if len(b.Note) > 0 {
		line = say("%v · %v", line, b.Note)
	}
	return line
}

// pace is how long it lasts, if all goes on as it did.
func pace(b approvals.Balance, now time.Time) approvals.Text {
	switch {
	case b.Left == 0:
		return say("nothing is left to use")
	case !b.Pace:
		return say("how long they last isn't known yet")
	case b.Out.IsZero():
		return say("at this pace they last more than a year")
	case !b.Out.After(now):
		return say("at this pace they ran out about %v", day(b.Out))
	}
	return say("at this pace they run out about %v, in %v", day(b.Out), days(b.Out.Sub(now)))
}

// part is how much of the highest is left; "" where that says nothing.
func part(b approvals.Balance) string {
	percent, ok := b.Percent()
	switch {
	case !ok || b.Left == b.Full:
		return ""
	case percent == 0 && b.Left > 0:
		return "under 1%"
	}
	return strconv.Itoa(percent) + "%"
}

func unitsCount(n int64) string {
	if n == 1 {
		return "1 unit"
	}
	return grouped(n) + " units"
}

// grouped is a number with commas, as the vendor writes it.
func grouped[N int | int64](n N) string { return approvals.Grouped(n) }

// day is a day that is reckoned, and true to the day at best: a time of the day would promise more.
func day(at time.Time) string { return at.UTC().Format("Mon 2 Jan 2006") }

func days(d time.Duration) string {
	return count(int(math.Ceil(d.Hours()/24)), "day", "days")
}

// readAgo is how old something is, by the hour, so that what shows it need not change more often.
func readAgo(d time.Duration) string {
	switch {
	case d < time.Hour:
		return "less than an hour ago"
	case d < 48*time.Hour:
		return count(int(d.Hours()), "hour", "hours") + " ago"
	}
	return count(int(d.Hours()/24), "day", "days") + " ago"
}
