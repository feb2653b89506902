package world

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/bot/view"
	"github.com/usherbot/usher/sim/slacksim"
)

// joining is Config with a bundle for whoever joins a user group, and with Bob as Dave's manager.
var joining = strings.Replace(strings.Replace(Config, "bundles:\n", `bundles:
  newcomer:
    joiners: [S0SEO]
    items: [{app: seranking, action: create, type: client}]
`, 1), "apps:\n", "people: {managers: {U0DAVE: U0BOB}}\napps:\n", 1)

// AGroup has Erin in the group whose new members are offered something.
func AGroup(w *World) { joinsGroup(w, "U0ERIN") }

func joinsGroup(w *World, people ...string) {
	w.N.Slack.AddGroup(slacksim.Group{ID: "S0SEO", Handle: "seo", Name: "SEO", Users: people})
}

// joins is a life in which Dave joins a group, too, and Bob gives him what he is offered.
func joins(p *Played) {
	Approve(p)
	p.until("the first reading of the group", func() bool { return false }, func() bool {
		rolls, err := p.App.Store.Rolls(context.Background())
		return err == nil && len(rolls.Of["S0SEO"].People) == 1
	})
	joinsGroup(p.World, "U0ERIN", "U0DAVE")
	for range 20 {
		if p.Live(time.Minute); len(p.offered()) > 0 {
			break
		}
	}
	p.until("giving it", func() bool {
		list := p.cardsIn("C0APPROVE")
		if len(list) < 2 {
			return false
		}
		return p.N.Slack.Click("U0BOB", list[1].Channel, list[1].TS, "Give it").Wait().Acked
	}, func() bool { return len(p.offered()) == 1 && p.offered()[0].State != approvals.Pending })
	p.until("the seat", func() bool { return false }, func() bool { return p.offered()[0].State == approvals.Done })
}

// offered are the requests that nobody asked.
func (p *Played) offered() []approvals.Request {
	p.revive()
	all, err := p.App.Desk.Every(context.Background(), approvals.Filter{All: true})
	require.NoError(p.T, err)
	return slices.DeleteFunc(all, func(r approvals.Request) bool { return !r.ByUsher() })
}

// joinedOnce holds what follows from a joining to once: one coming in the log, one card that shows what is so, one message to Bob
// that asks and one that tells, and nothing to Dave.
func (p *Played) joinedOnce() {
	if p.Scenario.config != joining {
		return
	}
	list := p.offered()
	require.Len(p.T, list, 1)
	r := list[0]
	require.Equal(p.T, 1, strings.Count(p.log(), `"what":"somebody came"`), "comings in the log")
	require.Equal(p.T, 1, strings.Count(p.log(), `"what":"somebody who came was welcomed"`))
	cards := p.cardsIn("C0APPROVE")
	require.Len(p.T, cards, 2)
	Shows(p.T, view.Together(list), cards[1], "the card of what is offered")
	heard := p.ours(p.N.Slack.DM("U0BOB"))
	about := func(m slacksim.Message) bool { return approvals.NumberOf(KeyOf(m)) != r.Number }
	asked := slices.DeleteFunc(ToApprover(heard, true), about)
	require.LessOrEqual(p.T, len(asked), 1, "messages that ask: none where he gave it before he could have one")
	for _, m := range asked {
		Shows(p.T, ApproverCardOf(p.T, p.App.Desk, r, "U0BOB"), m, "what the manager has")
	}
	told := slices.DeleteFunc(ToApprover(heard, false), about)
	require.Len(p.T, told, 1, "messages that tell")
	Shows(p.T, view.OutcomeOfAll(list), told[0], "what the manager is told")
	require.Empty(p.T, p.ours(p.N.Slack.DM("U0DAVE")))
}

// ofOtherRooms holds what is about no single request to once: lists, reviews, joinings, sweeps and leavings.
func (p *Played) ofOtherRooms() {
	p.importedOnce()
	p.reviewedOnce()
	p.joinedOnce()
	p.lookedOverOnce()
	p.leftOnce()
}
