package reports

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"time"

	"github.com/usherbot/usher/approvals"
)

// Told is what each section of a report told, as a sum of it: two that are alike told the same. It is stored: sections may be added.
// What differs from week to week by itself, such as for how long something has waited, is no part of it.
type Told map[Section]string

// News reports whether a report tells anything, in the sections that it shows, that the one before didn't. Where there was none before,
// or an app could not be read, nobody can say that nothing changed: that is news as well.
func (r Report) News() bool {
	if r.Since.IsZero() {
		return true
	}
	told := r.told()
	return slices.ContainsFunc(Sections(), func(s Section) bool {
		return r.Shows(s) && (r.happened(s) || told[s] != r.before[s])
	})
}

// happened reports whether a section tells of something that came about since the report before, or can't know that nothing has.
func (r Report) happened(s Section) bool {
	some := func(is func(AppReport) bool) bool { return slices.ContainsFunc(r.Apps, is) }
	unread := func(a AppReport) bool { return a.Unreadable != nil }
	switch s {
	case SectionSeats, SectionBlocked, SectionIdle:
		return some(unread)
	case SectionChanges:
		return r.EventCount > 0 || some(func(a AppReport) bool {
			return unread(a) || !a.Changes.None() || a.Reads().Used && a.Since.IsZero()
		})
	case SectionCost:
		return some(unread) || slices.ContainsFunc(r.Cost, func(c Cost) bool { return c.SavedSeats+c.FreedSeats > 0 })
	}
	return false
}

// told is what a report tells in each section that it shows.
func (r Report) told() Told {
	out := Told{}
	for section, tell := range map[Section]func(tell tell){
		SectionSeats: r.tellSeats, SectionBlocked: r.tellBlocked, SectionIdle: r.tellIdle, SectionOrphans: r.tellOrphans,
		SectionWaiting: r.tellWaiting, SectionEnding: r.tellEnding, SectionUnits: r.tellUnits, SectionCost: r.tellCost,
	} {
		if !r.Shows(section) {
			continue
		}
		sum := sha256.New()
		tell(func(what ...any) { fmt.Fprintf(sum, "%q\n", fmt.Sprintln(what...)) })
		out[section] = hex.EncodeToString(sum.Sum(nil)[:16])
	}
	return out
}

// tell takes in one thing that is told.
type tell func(what ...any)

func (r Report) tellSeats(tell tell) {
	for _, a := range r.Apps {
		tell(a.App.ID, a.Used, a.Bought, a.BySort)
	}
}

func (r Report) tellBlocked(tell tell) {
	for _, a := range r.Apps {
		tell(a.App.ID, a.BlockedCount)
		for _, b := range a.Blocked {
			tell(b.ID)
		}
	}
}

func (r Report) tellIdle(tell tell) {
	for _, a := range r.Apps {
		tell(a.App.ID, a.IdleCount, len(a.Unused))
		for _, s := range a.Idle {
			tell(s.ID)
		}
		for _, u := range a.Unused {
			tell(u.Email, u.Listed)
		}
		for _, i := range a.Stayed.Idle {
			tell(i.Email, i.Never)
		}
	}
}

func (r Report) tellOrphans(tell tell) {
	for _, a := range r.Apps {
		tell(a.App.ID, len(a.Stayed.Orphans))
		for _, o := range a.Stayed.Orphans {
			tell(o.Email, o.As)
		}
		for _, k := range r.Others(a) {
			tell(k.Of, k.Many, k.Who)
		}
	}
}

func (r Report) tellWaiting(tell tell) {
	tell(r.WaitingMore)
	for _, q := range r.Waiting {
		tell("waits", q.Number, q.Deciders().Plain())
	}
	for _, q := range r.Tasks {
		tell("task", q.Number, q.Task.Owner, q.Task.Due.UTC())
	}
	for _, q := range r.Stuck {
		tell("stuck", q.Number, q.State)
	}
}

func (r Report) tellEnding(tell tell) {
	for _, q := range r.Late {
		tell("late", q.Number)
	}
	for _, q := range r.Ending {
		tell("ends", q.Number, q.EndsAt.UTC())
	}
}

func (r Report) tellUnits(tell tell) {
	for _, a := range r.Apps {
		if a.Balance != nil {
			b := *a.Balance
			tell(a.App.ID, b.Known(), level(b), b.Blind.IsZero(), !b.Out.IsZero() && b.Out.Sub(r.At) <= shortly)
		}
	}
}

// shortly is how soon units must be gone for that to be news.
const shortly = 14 * 24 * time.Hour

// level is about how much is left, in tenths and below one tenth in hundredths of the most there was: a number of units that differs by a
// few is no news, and isn't kept for longer than its vendor allows.
func level(b approvals.Balance) string {
	percent, ok := b.Percent()
	switch {
	case !ok || b.Left == 0:
		return "none"
	case percent >= 10:
		percent -= percent % 10
	}
	return fmt.Sprint(percent)
}

func (r Report) tellCost(tell tell) {
	for _, c := range r.Cost {
		tell(c.All, c.Idle)
	}
	for _, a := range r.Costless {
		tell(a.ID)
	}
}
