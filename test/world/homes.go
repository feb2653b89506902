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
		p.until("the Home of "+who, func() bool { return p.N.Slack.OpenHome(who).Wait().Acked }, func() bool { return p.hasHome(who) })
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

func (p *Played) hasHome(who string) bool {
	_, has := p.N.Slack.Home(who)
	return has
}

// HomesShow holds the Home of everybody who has one, and has not left, to what is so now. It returns how many there are.
func (w *World) HomesShow() (many int) {
	for _, u := range w.N.Slack.Users() {
		v, has := w.N.Slack.Home(u.ID)
		if !has || u.Deleted {
			continue
		}
		many++
		now, err := w.homeNow(approvals.PersonID(u.ID))
		if err != nil && w.Life.Over() {
			return many // looking it up was the next place to be struck at, and nobody is left to ask
		}
		require.NoError(w.T, err)
		require.Equal(w.T, Blocks(w.T, now.View.Blocks.BlockSet), Blocks(w.T, blocksOf(v)), "what the Home of %s shows", u.ID)
	}
	return many
}

// homeNow is somebody's Home as it should be.
func (w *World) homeNow(who approvals.PersonID) (view.Home, error) {
	ctx, now := context.Background(), time.Now()
	h, err := w.App.Desk.Home(ctx, who, now)
	if err != nil {
		return view.Home{}, err
	}
	house := &commands.House{Desk: w.App.Desk, Directory: w.App.Desk.Directory}
	for _, list := range [][]approvals.Request{h.Open, h.Lately} {
		for i, r := range list {
			list[i] = house.Heard(ctx, who, r)
		}
	}
	if h.Troubles == nil {
		return view.HomeOf(h, nil), nil
	}
	health, err := w.App.Health(ctx, now)
	return view.HomeOf(h, &health), err
}
