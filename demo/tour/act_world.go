package tour

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

// stalled is how long a vendor keeps an answer to itself of which nobody hears any more.
const stalled = 5 * time.Second

// happens is what happens beside the workspace, or is done in Slack's own admin pages.
func (p *player) happens(ctx context.Context, s stories.Step) error {
	switch s.World {
	case stories.Deactivate:
		p.Slack.Deactivate(s.Whom, true)
	case stories.Stall:
		return p.Vendor.Plan(vendorsim.Fault{Match: vendorsim.Match{Op: vendorsim.Create}, Kind: vendorsim.Slow, When: vendorsim.After, Delay: stalled})
	case stories.Kill:
		if !p.Kill() {
			return errors.New("no bot was there to be killed")
		}
	case stories.Monday:
		return p.Jump(ctx, "monday")
	case stories.Gather:
		p.gathered(s.Hands)
	case stories.Dismiss:
		p.dismissed()
	case stories.Fill:
		books := p.Vendor.State()
		for i := books.SeatsUsed; i < books.SeatsBought-1; i++ {
			email := fmt.Sprintf("agency.%02d@initech.example", i+1)
			p.Vendor.AddAccount(vendorsim.Account{Email: email, FirstName: "Agency", Type: vendorsim.TypeClient})
			p.filled = append(p.filled, email)
		}
	case stories.Empty:
		for _, email := range p.filled {
			p.Vendor.RemoveAccount(email)
		}
	default:
		return fmt.Errorf("nothing like %q can happen here", s.World)
	}
	return nil
}

// hands has many leads press a button at the same moment, by turns on each of the messages that have it.
func (p *player) hands(ctx context.Context, s stories.Step) error {
	var cards []slacksim.Message
	for _, m := range p.before("", s.In) {
		if holds(m, s.On) && has(m.Blocks, s.Press) {
			cards = append(cards, m)
		}
	}
	if len(cards) == 0 {
		return fmt.Errorf("nothing to press says %s", s.Press)
	}
	var all []*slacksim.Delivery
	for i := range s.Hands {
		m := cards[i%len(cards)]
		all = append(all, p.Slack.Click(hand(i), m.Channel, m.TS, s.Press))
	}
	for _, d := range all {
		if err := acked(ctx, d); err != nil {
			return err
		}
	}
	return nil
}

// hand is the id of one of the many.
func hand(i int) string { return fmt.Sprintf("U0HAND%02d", i+1) }

// gathered makes so many people leads, beside those who are.
func (p *player) gathered(n int) {
	group := p.group()
	for i := range n {
		p.Slack.AddUser(slacksim.User{ID: hand(i), Name: strings.ToLower(hand(i)), RealName: fmt.Sprintf("Lead %d", i+1), Email: fmt.Sprintf("lead.%02d@acme.example", i+1)})
		p.Slack.Invite("C0APPROVE", hand(i))
		group.Users = append(group.Users, hand(i))
	}
	p.Slack.AddGroup(group)
}

// dismissed has them lead nobody any more.
func (p *player) dismissed() {
	group := p.group()
	group.Users = slices.DeleteFunc(group.Users, func(id string) bool { return strings.HasPrefix(id, "U0HAND") })
	p.Slack.AddGroup(group)
}

func (p *player) group() (found slacksim.Group) {
	for _, g := range p.Slack.Groups() {
		if g.ID == leads {
			g.Users = slices.Clone(g.Users)
			return g
		}
	}
	return slacksim.Group{ID: leads}
}
