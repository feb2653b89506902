package telling

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/usherbot/usher/demo/stories"
	"github.com/usherbot/usher/sim/slacksim"
	"github.com/usherbot/usher/sim/vendorsim"
)

// leads is the user group whose members may say yes.
const leads = "S0LEADS"

// stalled is how long a vendor keeps an answer to itself, unless whoever asked is killed: as long as a reader may need, and less than the
// bot waits for it.
const stalled = 50 * time.Second

// stall is how a vendor does what it's asked for and keeps the answer to itself.
func stall() vendorsim.Fault {
	return vendorsim.Fault{Match: vendorsim.Match{Op: vendorsim.Create}, Kind: vendorsim.Slow, When: vendorsim.After, Delay: stalled}
}

// Happen is what happens beside the workspace, or is done in Slack's own admin pages, or by many at the same moment.
func (t *Telling) Happen(ctx context.Context, s stories.Step) error {
	if s.Hands > 0 && s.Press != "" {
		return t.press(ctx, s)
	}
	switch s.World {
	case stories.Deactivate:
		t.Slack.Deactivate(s.Whom, true)
	case stories.Stall:
		return t.Vendor.Plan(stall())
	case stories.Kill:
		if !t.Kill() {
			return errors.New("no bot was there to be killed")
		}
	case stories.Monday:
		return t.Jump(ctx, "monday")
	case stories.Gather:
		t.gathered(s.Hands)
	case stories.Dismiss:
		t.dismissed()
	case stories.Fill:
		t.fill()
	case stories.Empty:
		t.empty()
	default:
		return fmt.Errorf("nothing like %q can happen here", s.World)
	}
	return nil
}

// fill has others take the vendor's seats, all but one, and empty has them free again.
func (t *Telling) fill() {
	books := t.Vendor.State()
	for i := books.SeatsUsed; i < books.SeatsBought-1; i++ {
		email := fmt.Sprintf("agency.%02d@initech.example", i+1)
		t.Vendor.AddAccount(vendorsim.Account{Email: email, FirstName: "Agency", Type: vendorsim.TypeClient})
		t.filled = append(t.filled, email)
	}
}

func (t *Telling) empty() {
	for _, email := range t.filled {
		t.Vendor.RemoveAccount(email)
	}
	t.filled = nil
}

// Tidy takes back what a story that nobody tells to its end would leave in the next one's way.
func (t *Telling) Tidy() {
	t.empty()
	if t.many() > 0 {
		t.dismissed()
	}
	if faults := t.Vendor.Faults(); slices.Contains(faults, stall()) {
		t.Vendor.Heal()
		// They were planned before, so they can be planned.
		_ = t.Vendor.Plan(slices.DeleteFunc(faults, func(f vendorsim.Fault) bool { return f == stall() })...)
	}
}

// late is what Slack says of a click that the bot has been sent and took its time for. It answers it all the same; whether it did is seen.
const late = "operation_timeout"

// answered is how long the many wait for what becomes of their press, at most. Whoever's word comes later has nobody to press again.
const answered = time.Minute

// press has many leads press a button at the same moment, by turns on each of the messages that have it. The bot may have answered the first
// before the last has pressed: that one's screen shows what it showed them all. Whoever is told that there was no room, or that nobody
// knows whether their press was kept, presses again, as they were asked to.
func (t *Telling) press(ctx context.Context, s stories.Step) error {
	var cards []slacksim.Message
	for _, m := range t.Before("", s.In) {
		if holds(m, s.On) && has(m.Blocks, s.Press) {
			cards = append(cards, m)
		}
	}
	if len(cards) == 0 {
		return fmt.Errorf("nothing to press says %s", s.Press)
	}
	var many []int
	for i := range s.Hands {
		many = append(many, i)
	}
	for len(many) > 0 {
		var all []*slacksim.Delivery
		had := map[int]int{}
		for _, i := range many {
			had[i] = len(t.Slack.Ephemerals(hand(i)))
			all = append(all, t.Slack.ClickOld(hand(i), cards[i%len(cards)], s.Press))
		}
		for _, d := range all {
			if err := Acked(ctx, d); err != nil && d.Outcome().Error != late {
				return err
			}
		}
		many = t.turnedAway(ctx, had, s.In)
	}
	return nil
}

// turnedAway are those of the many who were asked to press again, once each has an answer: a word, or their name on a card. had is how many words
// each had before. Nobody waits for an answer for ever.
func (t *Telling) turnedAway(ctx context.Context, had map[int]int, in string) (again []int) {
	changed, stop := t.Slack.Subscribe()
	defer stop()
	ctx, cancel := context.WithTimeout(ctx, answered)
	defer cancel()
	for {
		silent, cards := false, t.Before("", in)
		again = nil
		for i, before := range had {
			switch list := t.Slack.Ephemerals(hand(i)); {
			case len(list) > before && asksAgain(slacksim.PlainText(list[len(list)-1])):
				again = append(again, i)
			case len(list) <= before:
				named := func(m slacksim.Message) bool { return strings.Contains(slacksim.PlainText(m), "<@"+hand(i)+">") }
				silent = silent || !slices.ContainsFunc(cards, named)
			}
		}
		if !silent {
			return again
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return again
		}
	}
}

// asksAgain reports whether somebody was told to press once more.
func asksAgain(told string) bool {
	return strings.Contains(told, "Please try again") || strings.Contains(told, "please press again")
}

// hand is the id of one of the many.
func hand(i int) string { return fmt.Sprintf("U0HAND%02d", i+1) }

// gathered makes so many people leads, beside those who are.
func (t *Telling) gathered(n int) {
	group := t.group()
	for i := range n {
		t.Slack.AddUser(slacksim.User{ID: hand(i), Name: strings.ToLower(hand(i)), RealName: fmt.Sprintf("Lead %d", i+1), Email: fmt.Sprintf("lead.%02d@acme.example", i+1)})
		t.Slack.Invite("C0APPROVE", hand(i))
		group.Users = append(group.Users, hand(i))
	}
	t.Slack.AddGroup(group)
}

// many is how many of them are leads.
func (t *Telling) many() (n int) {
	for _, id := range t.group().Users {
		if isHand(id) {
			n++
		}
	}
	return n
}

func isHand(id string) bool { return strings.HasPrefix(id, "U0HAND") }

// dismissed has them lead nobody any more.
func (t *Telling) dismissed() {
	group := t.group()
	group.Users = slices.DeleteFunc(group.Users, isHand)
	t.Slack.AddGroup(group)
}

func (t *Telling) group() (found slacksim.Group) {
	for _, g := range t.Slack.Groups() {
		if g.ID == leads {
			g.Users = slices.Clone(g.Users)
			return g
		}
	}
	return slacksim.Group{ID: leads}
}

// Acked waits until the bot has heard of something.
func Acked(ctx context.Context, d *slacksim.Delivery) error {
	select {
	case <-d.Done():
	case <-ctx.Done():
		return context.Cause(ctx)
	}
	switch out := d.Outcome(); {
	case out.Error != "":
		return fmt.Errorf("told %s by Slack", out.Error)
	case len(out.Errors) > 0:
		return fmt.Errorf("the form wasn't taken: %v", out.Errors)
	}
	return nil
}
