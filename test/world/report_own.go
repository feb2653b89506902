package world

import (
	"context"
	"strings"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/sim/slacksim"
)

// waitsLong is Config under which what is asked waits for long. toNeeded has the report go to whoever something waits for, at a quarter past
// five by their own clock, and toManagers to each manager at a quarter past midnight.
var (
	waitsLong  = strings.Replace(Config, "    expires_after: 50m\n", "    expires_after: 30d\n    remind_after: 0\n", 1)
	toNeeded   = strings.Replace(strings.Replace(waitsLong, "timezone: Europe/London\n", "timezone: reader\n    people: [needed]\n", 1), `"15 0 1 1 *"`, `"15 5 1 1 *"`, 1)
	toManagers = strings.Replace(strings.Replace(waitsLong, "timezone: Europe/London\n", "timezone: Europe/London\n    people: [managers]\n", 1),
		"apps:\n", "people: {managers: {U0ALICE: U0BOB, U0DAVE: U0ERIN}}\napps:\n", 1)
)

// waitsForBob is a request that Bob heard of more than four hours before he is told again that it waits. Most of them the program is down.
func waitsForBob(p *Played) {
	p.wants("U0ALICE", "create jane@acme.example Jane because she asked")
	p.Live(2 * time.Minute)
	p.down(4 * time.Hour)
	p.sleep(85*time.Minute, func() bool { return false })
}

// bobIsNeeded: Bob is told once of what waits for him, who is named on it; nobody of his group is, nor anybody else.
func bobIsNeeded(p *Played) {
	p.toldOwn(map[string][]string{"U0BOB": {"1 request waits for your decision", "#1"}})
}

// bothAsk is a request of Alice's and one of Dave's, whose managers are told of them when it's time.
func bothAsk(p *Played) {
	p.wants("U0ALICE", "create jane@acme.example Jane because she asked")
	p.wants("U0DAVE", "create ivo@acme.example Ivo because he asked")
	p.Live(20 * time.Minute)
}

// wants is somebody asking for something until one request of theirs is there.
func (p *Played) wants(who, text string) {
	p.until("the asking", func() bool { return p.typesAs(who, text, " sent: ") }, func() bool {
		p.revive()
		list, err := p.App.Desk.Requests(context.Background(), approvals.Filter{Of: approvals.PersonID(who)}, 2)
		require.NoError(p.T, err)
		return len(list) == 1
	})
}

// managersHear: each of the two hears once of whoever is theirs, and of nobody else's.
func managersHear(p *Played) {
	p.toldOwn(map[string][]string{"U0BOB": {"<@U0ALICE>", "jane@acme.example"}, "U0ERIN": {"<@U0DAVE>", "ivo@acme.example"}})
	require.NotContains(p.T, p.ReportsTo("U0BOB")[0].Text, "U0DAVE")
	require.NotContains(p.T, p.ReportsTo("U0ERIN")[0].Text, "U0ALICE")
}

// toldOwn holds that those people have one message each of what is theirs, with these words, and nobody else has any.
func (p *Played) toldOwn(want map[string][]string) {
	require.Empty(p.T, p.N.Slack.Messages("C0REPORTS"))
	for _, u := range p.N.Slack.Users() {
		had, words := p.ReportsTo(u.ID), want[u.ID]
		if words == nil {
			require.Empty(p.T, had, "%s is told", u.ID)
			continue
		}
		require.Len(p.T, had, 1, "what %s is told of what is theirs", u.ID)
		for _, one := range words {
			require.Contains(p.T, slacksim.PlainText(had[0]), one)
		}
	}
}
