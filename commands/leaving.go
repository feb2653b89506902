package commands

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/leavers"
	"github.com/usherbot/usher/register"
)

// What a button about a leaving does. They stand in messages that outlive any version, so they never change their meaning.
const (
	PressMove    = "move"    // opens the form for another day
	PressOff     = "off"     // they stay
	PressGone    = "gone"    // one thing is gone
	PressStays   = "stays"   // opens the form for why one thing stays where it is
	PressLeft    = "left"    // so many really left
	PressMistake = "mistake" // they didn't
)

// Press is a button about a leaving, or about too many at once.
type Press struct {
	Label string `json:"-"`
	Does  string `json:"d"`
	// Number and Nonce name the leaving; of too many at once Number is that of the hold. Place is which thing is meant.
	Number int64  `json:"n"`
	Nonce  string `json:"o,omitempty"`
	Place  int    `json:"p,omitempty"`
	// Sure is what is asked before it counts; "": nothing. Strong says that it is drawn as what one is meant to press.
	Sure   string `json:"-"`
	Strong bool   `json:"-"`
}

// Pressed is a message that is followed: what it says now, and whether it still has something to say to who never had it.
type Pressed struct {
	Reply
	Stands bool
	// Since is a moment before which it can't have been said.
	Since time.Time
}

// Leaving is what a message about a leaving says now.
func (h *House) Leaving(ctx context.Context, key string, now time.Time) (Pressed, error) {
	about, day := leavers.AboutOf(key)
	n := leavers.NumberOf(key)
	if about == leavers.AboutHold {
		return h.held(ctx, int(n))
	}
	l, err := h.Leavers.Book.Leaving(ctx, n)
	if err != nil {
		return Pressed{}, err
	}
	switch about {
	case leavers.AboutEve:
		return h.eve(ctx, l, day)
	case leavers.AboutLoose:
		return h.loose(ctx, l)
	case leavers.AboutBack:
		return h.backAgain(ctx, l)
	case leavers.AboutOwned:
		return h.owned(l), nil
	case leavers.AboutGone:
		return h.isItGone(l), nil
	}
	return Pressed{}, errors.New("nobody knows what that message is about")
}

// held asks the admins whether so many really left.
func (h *House) held(ctx context.Context, hold int) (p Pressed, err error) {
	now, known, err := h.Leavers.Held(ctx, hold)
	if err != nil || !known {
		return p, err
	}
	p.Since, p.Stands = now.Since, now.Word.By == "" && now.Of > 0
	var names []approvals.Text
	for _, l := range now.Some {
		names = append(names, approvals.Sayf("%v", l.Person))
	}
	if more := now.Of - len(now.Some); more > 0 {
		names = append(names, approvals.Sayf("%v more", more))
	}
	who := approvals.Join(names, ", ")
	switch {
	case now.Of == 0:
		p.Head = approvals.Sayf("*All of them are back*, so there's nothing to say here any more.")
		return p, nil
	case now.Word.By != "" && now.Word.Left:
		p.Head = approvals.Sayf("*%v really left*, says %v (%v). I'm gathering what they hold, and ask about each.", plural(now.Of, "person", "people"), now.Word.By.Text(), now.Word.At)
	case now.Word.By != "":
		p.Head = approvals.Sayf("*%v deactivated by mistake*, says %v (%v). I asked nobody, and nothing was removed. Who's active again and leaves later comes up then.", plural(now.Of, "person was", "people were"), now.Word.By.Text(), now.Word.At)
	default:
		p.Head = approvals.Sayf("*%v deactivated in Slack within an hour*, since %v. Did they really leave, or has a directory gone wrong?", plural(now.Of, "person was", "people were"), now.Since)
		p.Presses = []Press{{Label: "They really left", Does: PressLeft, Number: int64(hold), Sure: "I gather what each of them holds and ask their managers and the owners about it."},
			{Label: "It's a mistake", Does: PressMistake, Number: int64(hold)}}
	}
	p.Lines = []approvals.Text{who}
	if p.Stands {
		p.Lines = append(p.Lines, approvals.Sayf("I ask nobody about what they hold until one of you says so. Who's active again comes off this list by itself."))
	}
	return p, nil
}

// eve says the day before what will happen.
func (h *House) eve(ctx context.Context, l leavers.Leaving, day string) (p Pressed, err error) {
	p.Since = l.Heard
	if strings.ReplaceAll(l.Day, "-", "") != day || l.State != leavers.Scheduled {
		p.Head = approvals.Sayf("*%v* was to leave on another day: it was moved to %v.", l.Person, l.Day)
		switch l.State {
		case leavers.CalledOff:
			p.Head = approvals.Sayf("*%v stays*: it was called off by %v.", l.Person, l.EndedBy.Text())
		case leavers.Gathering, leavers.Open, leavers.Closed, leavers.Held:
			p.Head = approvals.Sayf("*%v is leaving*: the card with what they hold is out, or comes in a moment.", l.Person)
		}
		return p, nil
	}
	p.Stands = true
	held, unread, err := h.heldOf(ctx, l)
	if err != nil {
		return p, err
	}
	p.Head = approvals.Sayf("*%v leaves on %v* (%v said so) and holds %v.", l.Person, l.Day, l.By.Text(), plural(len(held), "thing", "things"))
	if len(unread) > 0 {
		p.Head = approvals.Sayf("*%v leaves on %v* (%v said so). I can't read everything just now, so they may hold more than this:", l.Person, l.Day, l.By.Text())
	}
	for _, e := range held {
		line := approvals.Sayf("• %v in %v", e.Email, e.App.Name)
		if e.Holds != "" {
			line = approvals.Sayf("%v: %v", line, e.Holds)
		}
		p.Lines = append(p.Lines, line)
	}
	for _, id := range unread {
		p.Lines = append(p.Lines, approvals.Sayf("• I can't read %v just now, so I don't know yet what they hold there.", h.Leavers.App(id).Name))
	}
	p.Lines = append(p.Lines, approvals.Sayf("I put all of it on one card %v and ask about each thing. Nothing is removed without a yes.", l.Due))
	p.Presses = movable(l)
	return p, nil
}

// heldOf is what somebody holds now, and the apps of which that can't be read.
func (h *House) heldOf(ctx context.Context, l leavers.Leaving) (held []register.Entry, unread []string, err error) {
	who, err := h.Directory.Person(ctx, l.Person)
	if err != nil {
		return nil, nil, err
	}
	who.ID = l.Person
	all, err := h.Register.OfPerson(ctx, who)
	if err != nil {
		return nil, nil, err
	}
	for _, e := range all.Entries {
		if !e.Missing && !e.Coming && (e.Person == "" || e.Person == l.Person) {
			held = append(held, e)
		}
	}
	return held, all.Unread, nil
}

// loose lists what somebody who left had asked for and nobody has decided.
func (h *House) loose(ctx context.Context, l leavers.Leaving) (p Pressed, err error) {
	loose, err := h.Leavers.LooseOf(ctx, l.Person)
	if err != nil {
		return p, err
	}
	p.Since, p.Stands = l.Heard, len(loose.Asked) > 0
	p.Head = approvals.Sayf("*%v left* and had asked for %v that nobody has decided.", l.Person, plural(len(loose.Asked), "thing", "things"))
	if len(loose.Asked) == 0 {
		p.Head = approvals.Sayf("*%v left*; everything they'd asked for is decided by now.", l.Person)
		return p, nil
	}
	for _, r := range loose.Asked {
		p.Lines = append(p.Lines, approvals.Sayf("• *#%v* %v, since %v", r.Number, about(r), r.Asked))
		if h.Link != nil {
			if link := h.Link(ctx, approvals.CardKeyOf(r)); link != "" {
				p.Cards = append(p.Cards, Card{Number: r.Number, Link: link})
			}
		}
	}
	p.Lines = append(p.Lines, approvals.Sayf("Is it still needed? Then nothing is left to do: it goes on without them. If not, whoever decides can deny it. What was for them can only be denied."))
	return p, nil
}

// backAgain says what is under way of somebody who is back.
func (h *House) backAgain(ctx context.Context, l leavers.Leaving) (p Pressed, err error) {
	p.Since, p.Stands = l.Heard, true
	p.Head = approvals.Sayf("*%v is back*, and somebody had already said yes to taking back what they held.", l.Person)
	if l.Back.IsZero() {
		p.Head = approvals.Sayf("*%v stays*, and somebody had already said yes to taking back what they held.", l.Person)
	}
	for _, n := range l.Requests() {
		r, err := h.Desk.Request(ctx, n)
		if err != nil {
			return p, err
		}
		if r.State != approvals.Canceled && r.State != approvals.Denied {
			p.Lines = append(p.Lines, approvals.Sayf("• *#%v* %v: %v", r.Number, about(r), string(r.State)))
		}
	}
	p.Lines = append(p.Lines, approvals.Sayf("What's done can be asked for again, by them or for them. The rest I've taken off the table."))
	return p, nil
}

// owned says what of somebody who left can't be asked about, and who sees to it.
func (h *House) owned(l leavers.Leaving) (p Pressed) {
	open := l.Owned()
	p.Since, p.Stands = l.Heard, len(open) > 0
	p.Head = approvals.Sayf("*%v left %v*, and I can't ask about %v:", l.Person, l.Since(), plural(len(open), "thing they have", "things they have"))
	if len(open) == 0 {
		p.Head = approvals.Sayf("*%v left %v*; what I couldn't ask about is settled by now.", l.Person, l.Since())
		return p
	}
	for _, n := range open {
		p.Rows = append(p.Rows, Row{Say: h.itemLine(l.Items[n]), Press: []Press{{Label: "It's gone", Does: PressGone, Number: l.Number, Nonce: l.Nonce, Place: n}, {Label: "It stays…", Does: PressStays, Number: l.Number, Nonce: l.Nonce, Place: n}}})
	}
	p.Lines = []approvals.Text{approvals.Sayf("Whoever's named sees to it; it takes two to say that something's gone, or a newer member list. In two weeks I ask after it.")}
	return p
}

// isItGone asks about what nobody has seen gone.
func (h *House) isItGone(l leavers.Leaving) (p Pressed) {
	open := l.Unverified()
	p.Since, p.Stands = l.Heard, len(open) > 0
	p.Head = approvals.Sayf("*%v left %v*, and nobody has seen yet that %v gone. Is it?", l.Person, l.Since(), plural(len(open), "thing is", "things are"))
	if len(open) == 0 {
		p.Head = approvals.Sayf("*%v left %v*; everything that was asked about here is settled by now. Thanks.", l.Person, l.Since())
		return p
	}
	for _, n := range open {
		i := l.Items[n]
		line := h.itemLine(i)
		if i.SaidBy != "" {
			line = approvals.Sayf("%v. %v says it's gone; one more has to look", line, i.SaidBy.Text())
		}
		p.Rows = append(p.Rows, Row{Say: line, Press: []Press{{Label: "It's gone", Does: PressGone, Number: l.Number, Nonce: l.Nonce, Place: n}, {Label: "It stays…", Does: PressStays, Number: l.Number, Nonce: l.Nonce, Place: n}}})
	}
	p.Lines = []approvals.Text{approvals.Sayf("Please look in the app itself: it takes somebody else than who took it away. A newer member list (`/access import`) settles it too.")}
	return p
}
