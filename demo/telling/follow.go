package telling

import (
	"slices"
	"strings"

	"github.com/usherbot/usher/demo/stories"
)

// Progress is how far somebody has come who lives through a story by hand.
type Progress struct {
	At   int      // the step they are at; past the last one: it's over
	Seen [][]bool // of each step, which of its sights they had
	Next *Next    // what they do next; nil: it's over
}

// Look says how far it has come by now. A step is done when its deed has happened and everything was seen once that is seen then, at
// whatever moment, whoever did it and in whichever way. Where somebody was faster than whoever looks, the next step being done says that
// this one was.
func (t *Telling) Look() Progress {
	t.anywhere = true
	arrives := t.early == nil
	t.tooLate()
	for t.at < len(t.Story.Steps) && (t.done(t.at) || t.overtaken(t.at+1)) {
		for i := range t.had[t.at] {
			t.had[t.at][i] = true
		}
		t.at++
		t.tooLate()
		arrives = true
	}
	if arrives && t.at < len(t.had) {
		t.early = slices.Clone(t.had[t.at])
	}
	p := Progress{At: t.at}
	for _, had := range t.had {
		p.Seen = append(p.Seen, slices.Clone(had))
	}
	if t.at < len(t.Story.Steps) {
		next := t.next(t.Cast(t.Story.Steps[t.at]))
		p.Next = &next
	}
	return p
}

// Over reports whether it has come to its end.
func (p Progress) Over() bool { return p.Next == nil }

// Came counts what the story has promised against what came of it.
func (t *Telling) Came() Count {
	book := *t.book
	book.deeds = t.Story.Deeds
	return book.Count(t.Stage)
}

// done reports whether a step is, and notes which of its sights there are.
func (t *Telling) done(i int) bool {
	s, all := t.Cast(t.Story.Steps[i]), true
	for n, sight := range s.Sees {
		t.had[i][n] = t.had[i][n] || (s.World == "" || t.happened(s)) && t.Seen(byHand(s, sight)) // what is there before is nothing that it brought about
		all = all && t.had[i][n]
	}
	return all && t.happened(s)
}

// overtaken reports whether everything of a step is seen at this moment, words among it that nobody could have read before the story.
func (t *Telling) overtaken(i int) bool {
	if i >= len(t.Story.Steps) {
		return false
	}
	s := t.Cast(t.Story.Steps[i])
	words := slices.ContainsFunc(s.Sees, func(one stories.Sight) bool { return len(one.Holds) > 0 })
	return words && t.happened(s) && !slices.ContainsFunc(s.Sees, func(one stories.Sight) bool { return !t.Seen(byHand(s, one)) })
}

// tooLate notes where somebody comes to a kill with nothing left that it could hit: what is seen after it is seen without it.
func (t *Telling) tooLate() {
	if t.at >= len(t.Story.Steps) || t.Story.Steps[t.at].World != stories.Kill || t.happened(t.Story.Steps[t.at]) {
		return
	}
	s := t.Story.Steps[t.at]
	t.late = t.late || !slices.ContainsFunc(s.Sees, func(one stories.Sight) bool { return !t.Seen(By(s, one)) })
}

// By is a sight with whose eyes it's seen.
func By(s stories.Step, sight stories.Sight) stories.Sight {
	if sight.As == "" {
		sight.As = s.As
	}
	return sight
}

// byHand is the same where somebody fills in the form in their own words: these aren't looked for.
func byHand(s stories.Step, sight stories.Sight) stories.Sight {
	own := func(words string) bool {
		for _, text := range s.Fill {
			if strings.Contains(text, words) {
				return true
			}
		}
		return false
	}
	sight.Holds = slices.DeleteFunc(slices.Clone(sight.Holds), own)
	return By(s, sight)
}

// happened reports whether what a step has happen beside the workspace has, by what is so now; of what people type and press what is seen says so.
func (t *Telling) happened(s stories.Step) bool {
	books := t.Vendor.State()
	switch s.World {
	case stories.Deactivate:
		u, _ := t.Slack.User(s.Whom)
		return u.Deleted
	case stories.Stall:
		return len(books.Faults) > 0
	case stories.Kill:
		return !t.late && t.Killed() > t.killed
	case stories.Monday:
		return t.Ahead() > t.ahead
	case stories.Fill:
		return books.SeatsUsed >= books.SeatsBought-1
	case stories.Empty:
		return books.SeatsUsed < books.SeatsBought-1
	case stories.Gather:
		return t.many() >= s.Hands
	case stories.Dismiss:
		return t.many() == 0
	}
	return true
}
