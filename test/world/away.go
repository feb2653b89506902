package world

import (
	"context"
	"strings"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
)

// alone is Config with Bob as the only one who is named.
var alone = strings.Replace(Config, "approvers: [U0BOB, S0LEADS]\n", "approvers: [U0BOB]\n", 1)

// byDeputy is Dave's yes in the place of Bob, who has gone away since it was asked.
func byDeputy(p *Played) {
	p.goesAway()
	p.approves("U0DAVE", p.decided)
	r, _ := p.request()
	require.Equal(p.T, []approvals.PersonID{"U0BOB"}, []approvals.PersonID{r.Votes[0].For})
}

// backAgain is Bob's own yes, who was away and is back.
func backAgain(p *Played) {
	p.goesAway()
	p.until("the return", func() bool { return p.typesAs("U0BOB", "back", "Welcome back") }, func() bool { return !p.away() })
	p.approves("U0BOB", p.decided)
	r, _ := p.request()
	require.Empty(p.T, r.Votes[0].For)
}

// goesAway is Bob going away, with Dave as his deputy, until it is kept.
func (p *Played) goesAway() {
	p.until("the absence", func() bool { return p.typesAs("U0BOB", "away until=2000-01-20 deputy=<@U0DAVE>", "decides for you") }, p.away)
}

func (p *Played) away() bool {
	p.revive()
	_, is, err := p.App.Desk.Away(context.Background(), "U0BOB", time.Now())
	return err == nil && is
}

// movedOnce holds the log to one entry of each coming and going, and of each moving.
func (p *Played) movedOnce() {
	count := map[string]int{}
	require.NoError(p.T, p.App.Store.AuditLines(context.Background(), 1, func(_ int64, line []byte) error {
		for _, what := range []string{"went away", "came back", "moved by an absence"} {
			if strings.Contains(string(line), `"what":"`+what+`"`) {
				count[what]++
			}
		}
		return nil
	}))
	for what, n := range count {
		if what != "moved by an absence" {
			require.Equal(p.T, 1, n, what)
		}
	}
	require.LessOrEqual(p.T, count["moved by an absence"], count["went away"]+count["came back"])
}
