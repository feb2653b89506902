package world

import (
	"context"
	"slices"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/bot/view"
	"github.com/usherbot/usher/commands"
)

// People's Homes, and what stands on them.

// onHome is Alice and Erin opening their Homes, and Erin's yes on hers.
func onHome(p *Played) {
	for _, who := range []string{"U0ALICE", "U0ERIN"} {
		p.until("the Home of "+who, func() bool { return p.N.Slack.OpenHome(who).Wait().Acked }, func() bool { return p.HasHome(who) })
	}
	p.until("the approval", func() bool {
		p.Live(5 * time.Second)
		v, _ := p.N.Slack.Home("U0ERIN")
		if !slices.Contains(ButtonsOf(v), "Approve") {
			return false
		}
		out := p.N.Slack.ClickView("U0ERIN", "home", "Approve", nil).Wait()
		p.Pass(time.Second)
		refused := len(p.N.Slack.Views("U0ERIN")) > 0
		p.N.Slack.CloseAllViews("U0ERIN")
		return out.Acked && !refused
	}, p.decided)
}

// HomesShow holds the Home of everybody who has one, and has not left, to what is so now. It returns how many there are.
func (w *World) HomesShow() (many int) {
	for _, u := range w.N.Slack.Users() {
		if !u.Deleted && w.HasHome(u.ID) {
			many++
			now, shown := w.Home(u.ID)
			if now == nil {
				return many // looking it up was the next place to be struck at, and nobody is left to ask
			}
			require.Equal(w.T, now, shown, "what the Home of %s shows", u.ID)
		}
	}
	return many
}

// HasHome reports whether Slack has a Home to show somebody.
func (w *World) HasHome(who string) bool {
	_, has := w.N.Slack.Home(who)
	return has
}

// Home is somebody's Home as it should be now, and as it is shown; nil: looking it up is where the program was struck.
func (w *World) Home(who string) (now, shown any) {
	v, _ := w.N.Slack.Home(who)
	is, err := w.homeNow(approvals.PersonID(who))
	if err != nil && w.Life.Over() {
		return nil, nil
	}
	require.NoError(w.T, err)
	return Blocks(w.T, is.View.Blocks.BlockSet), Blocks(w.T, blocksOf(v))
}

// homeNow is somebody's Home as it should be.
func (w *World) homeNow(who approvals.PersonID) (view.Home, error) {
	ctx, now := context.Background(), time.Now()
	h, err := w.App.Desk.Home(ctx, who, now)
	if err != nil {
		return view.Home{}, err
	}
	house := &commands.House{Desk: w.App.Desk, Directory: w.App.Desk.Directory, Register: w.App.Register, Inventory: w.App.Register.Inventory, Reviews: w.App.Reviews}
	h.Hear(func(r approvals.Request) approvals.Request { return house.Heard(ctx, who, r) })
	held, err := house.AtHome(ctx, h, now)
	if err != nil || h.Troubles == nil {
		return view.HomeOf(h, held, nil), err
	}
	health, err := w.App.Health(ctx, now)
	return view.HomeOf(h, held, &health), err
}
