package commands

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/register"
	"github.com/usherbot/usher/reviews"
)

// Held is what the register adds to somebody's Home.
type Held struct {
	// Notes are what it knows of what came by request, by the request's number: allowed by whom, until when, at what cost, and how
	// that is known.
	Notes map[int64]approvals.Text
	// Also is what lists have under their address besides.
	Also []approvals.Text
	// People are those whose manager they are, each with what they have, and MorePeople how many others have something.
	People     []approvals.Text
	MorePeople int
	// Amiss are the apps that they look after in which something isn't as it should be.
	Amiss []Amiss
	// Reviews are those that ask them something.
	Reviews []reviews.Review
	// Soon says that some of it changes unheard, or couldn't be found out: it is drawn again soon.
	Soon bool
}

// Amiss says of an app how much isn't as it should be.
type Amiss struct {
	App  approvals.App
	Many int
}

// How much of it stands on a Home.
const (
	homePeople = 10
	homeThings = 3
)

// AtHome is what the register knows for somebody's Home. An error means that it could not be found out.
func (h *House) AtHome(ctx context.Context, home approvals.Home, now time.Time) (Held, error) {
	held := Held{Notes: map[int64]approvals.Text{}}
	if h.Register == nil {
		return held, nil
	}
	entries, err := h.Register.Mine(ctx, home.Who, now)
	if err != nil {
		return held, fmt.Errorf("read what somebody has: %w", err)
	}
	for _, e := range entries {
		if e.Request != 0 {
			held.Notes[e.Request] = noteOf(e)
			continue
		}
		held.Also = append(held.Also, approvals.Join(append(sayable(approvals.Sayf("*%v*", e.App.Name), approvals.Sayf("%v", e.Holds)), verifiedText(e)), " · "))
	}
	if !home.Who.Full() {
		return held, nil
	}
	people, more, err := h.Register.People(ctx, h.Desk.Led(home.Who.ID), homePeople)
	if err != nil {
		return held, fmt.Errorf("read what their people have: %w", err)
	}
	for _, p := range people {
		held.People = append(held.People, personLine(p))
	}
	held.MorePeople = more
	if err := h.reviewed(ctx, home.Who.ID, &held); err != nil {
		return held, err
	}
	return held, h.amiss(ctx, home, &held, now)
}

// reviewed finds which reviews ask somebody something. What they answer elsewhere follows soon.
func (h *House) reviewed(ctx context.Context, who approvals.PersonID, held *Held) error {
	if h.Reviews == nil {
		return nil
	}
	live, err := h.Reviews.Live(ctx)
	if err != nil {
		return fmt.Errorf("read which reviews there are: %w", err)
	}
	held.Reviews = slices.DeleteFunc(live, func(r reviews.Review) bool { return len(r.Waits(who)) == 0 })
	held.Soon = held.Soon || len(held.Reviews) > 0
	return nil
}

// amiss finds in which apps that somebody looks after something isn't as it should be.
func (h *House) amiss(ctx context.Context, home approvals.Home, held *Held, now time.Time) error {
	for _, app := range h.Inventory.Apps() {
		many, err := h.Register.Amiss(ctx, app.ID, now)
		if err != nil {
			return fmt.Errorf("count what isn't as it should be: %w", err)
		}
		if many == 0 {
			continue
		}
		if home.Troubles == nil { // admins look after everything
			ruling := h.owns(ctx, home.Who.ID, app)
			held.Soon = held.Soon || ruling != approvals.MayNot
			if ruling != approvals.May {
				continue
			}
		}
		held.Amiss, held.Soon = append(held.Amiss, Amiss{app, many}), true
	}
	return nil
}

// owns answers whether somebody who is a full member is an owner of an app. Slack is asked who is in a group, and nothing else.
func (h *House) owns(ctx context.Context, id approvals.PersonID, app approvals.App) approvals.Ruling {
	ruling := approvals.MayNot
	for _, owner := range app.Owners {
		if owner == string(id) {
			return approvals.May
		}
		if !approvals.IsGroup(owner) {
			continue
		}
		members, err := approvals.Members(ctx, h.Directory, approvals.GroupID(owner))
		switch {
		case err != nil:
			ruling = approvals.CouldNotTell
		case slices.Contains(members, id):
			return approvals.May
		}
	}
	return ruling
}

// noteOf is what is known of an entry beside what it is and since when.
func noteOf(e register.Entry) approvals.Text {
	var parts []approvals.Text
	if len(e.Allowed) > 0 {
		parts = append(parts, approvals.Sayf("allowed by %v", actors(e.Allowed)))
	}
	if !e.Until.IsZero() {
		parts = append(parts, approvals.Sayf("until %v", e.Until))
	}
	if e.Cost != "" {
		parts = append(parts, approvals.Sayf("%v", e.Cost))
	}
	return approvals.Join(append(parts, verifiedText(e)), " · ")
}

// personLine is what one of their people has, in one line.
func personLine(p register.Holder) approvals.Text {
	var parts []approvals.Text
	for _, e := range p.Entries[:min(len(p.Entries), homeThings)] {
		one := approvals.Sayf("*%v*", e.App.Name)
		if e.Holds != "" {
			one = approvals.Sayf("%v %v", one, e.Holds)
		}
		if !e.Until.IsZero() {
			one = approvals.Sayf("%v until %v", one, e.Until)
		}
		parts = append(parts, one)
	}
	if more := len(p.Entries) - homeThings; more > 0 {
		parts = append(parts, approvals.Sayf("%v more", more))
	}
	return approvals.Sayf("%v: %v", p.Who, approvals.Join(parts, " · "))
}

// sayable are the texts that say something.
func sayable(all ...approvals.Text) (out []approvals.Text) {
	for _, t := range all {
		if t.Plain() != "" {
			out = append(out, t)
		}
	}
	return out
}
