package view

import (
	"github.com/slack-go/slack"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/catalog"
)

// goesWith says what an account sees that is taken away, as far as it was read.
func goesWith(r approvals.Request, most int) []approvals.Text {
	held, holds := r.App.Entry.Held()
	sort, _ := r.Sort()
	switch was := r.Was(); {
	case was == nil || !holds || !r.App.Entry.Reads.Holds:
		return nil
	case sort.All:
		return []approvals.Text{say("%v", sort.Stays)}
	case was.Holds == 0:
		return []approvals.Text{held1(r, held.HeldNone, was.Holds)}
	case was.Holds == 1:
		return listed(held1(r, held.HeldOne, 1), inLines(labels(was.Held, most), was.Holds))
	default:
		return listed(held1(r, held.Held, was.Holds), inLines(labels(was.Held, most), was.Holds))
	}
}

// hasByRequest is what requests gave to whoever's account a person takes away: no list has it, so that is where they begin.
func hasByRequest(r approvals.Request) approvals.Text {
	var names []approvals.Text
	for _, s := range r.Shared[:min(len(r.Shared), allItems/inline)] {
		if s.As == "" {
			names = append(names, say("%v (#%v)", clip(s.Short(), nameLength), s.Number))
			continue
		}
		names = append(names, say("%v (%v, #%v)", clip(s.Short(), nameLength), s.As, s.Number))
	}
	if more := len(r.Shared) - len(names); more > 0 {
		names = append(names, say("%v more", more))
	}
	if len(names) == 0 {
		return nil
	}
	return say("*Has by request* %v", approvals.Join(names, ", "))
}

// forGood is what somebody should know of a removal before it is decided. What an account owns stands against its
// removal (against).
func forGood(r approvals.Request) []approvals.Text {
	var lines []approvals.Text
	final := approvals.Text(nil)
	if r.Form().Final {
		final = say("*This can't be undone.*")
	}
	held, _ := r.App.Entry.Held()
	switch was := r.Was(); {
	case r.App.Entry == nil || !r.App.Entry.Reads.Owns:
	case was == nil && r.Form().Spares:
		lines = append(lines, held1(r, held.OwnsAny, 0))
	case was != nil && was.Owns == 0:
		return filled([]approvals.Text{say("%v %v", held1(r, held.OwnsNone, 0), final)})
	}
	return filled(append(lines, final))
}

// held1 is a sentence about so many resources that an account holds.
func held1(r approvals.Request, w catalog.Words, n int) approvals.Text {
	held, _ := r.App.Entry.Held()
	return approvals.Fill(w, func(place string) any {
		if place == catalog.PlaceCount {
			return held.Noun.Count(n)
		}
		return placed(r, place)
	})
}

// approving is the button that approves; what nobody can take back asks once more.
func approving(r approvals.Request) slack.BlockElement {
	b := button(ActionApprove, "Approve", r.Name(), slack.StylePrimary)
	if !r.Form().Final {
		return b
	}
	says := r.Says()
	confirmed(b, worded(r, says.Sure).Plain(), "This can't be undone: "+doomed(r)+".", worded(r, says.Yes).Plain())
	b.Confirm.Style = slack.StyleDanger
	return b
}

// doomed is what an approval deletes, in plain words: a dialog shows no mentions.
func doomed(r approvals.Request) string {
	r.Change.Person = "" // their address or name says it
	says, email := r.Says(), clip(r.Change.Email, 120)
	fill := func(w catalog.Words) string {
		return approvals.Fill(w, func(place string) any {
			switch place {
			case catalog.PlaceEmail:
				return email
			case catalog.PlaceHolder:
				return person(r.Change)
			}
			return placed(r, place)
		}).Plain()
	}
	what := fill(says.Doomed)
	if person(r.Change) != "" {
		what = fill(says.DoomedNamed)
	}
	if was := r.Was(); was != nil && was.Holds > 0 {
		what += held1(r, says.DoomedHeld, was.Holds).Plain()
	}
	return what
}
