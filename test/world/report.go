package world

import (
	"strings"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/outbox"
	"github.com/usherbot/usher/reports"
	"github.com/usherbot/usher/sim/slacksim"
	"github.com/usherbot/usher/sim/vendorsim"
)

// SlowPages is a vendor that shows two accounts on a page and takes four seconds for each: a report that is read from it says how far it is
// on its own message, before that becomes the report.
func SlowPages(w *World) {
	w.N.Vendor.SetQuirks(vendorsim.Quirks{MaxPage: 2})
	require.NoError(w.T, w.N.Vendor.Plan(vendorsim.Fault{Match: vendorsim.Match{Op: vendorsim.List, Times: -1}, Kind: vendorsim.Slow, Delay: 4 * time.Second}))
}

// TheReport is the one message that stands in the reports channel, which is a report and says each account that is blocked; its files stand in
// its thread, once.
func (w *World) TheReport() slacksim.Message {
	there := Digests(w.N.Slack.Messages("C0REPORTS"))
	require.Len(w.T, there, 1, "digests of one slot")
	FiledOnce(w.T, w.N.Slack.Messages("C0REPORTS"))
	w.filed(there[0])
	require.NotContains(w.T, there[0].Text, "Reading")
	for _, email := range []string{"amira.haddad@acme.example", "marco.bianchi@acme.example"} {
		require.Contains(w.T, there[0].Text, email)
	}
	return there[0]
}

// toPeople is Config with the report going to people, each by their own clock: Bob in London, who is named and in the group beside,
// and Erin in Stockholm, where it is an hour later.
var toPeople = strings.Replace(strings.Replace(Config, "timezone: Europe/London\n", "timezone: reader\n    people: [U0BOB, S0LEADS]\n", 1), `"15 0 1 1 *"`, `"15 0,1 1 1 *"`, 1)

// reported holds a scenario's report to where it goes: once into its channel, or once to each of its readers.
func (p *Played) reported() {
	if len(p.Scenario.readers) == 0 {
		p.TheReport()
		return
	}
	require.Empty(p.T, p.N.Slack.Messages("C0REPORTS"))
	for _, who := range p.Scenario.readers {
		had := p.ReportsTo(who)
		require.Len(p.T, had, 1, "digests of one slot for %s", who)
		require.Contains(p.T, had[0].Text, "amira.haddad@acme.example")
	}
}

// ReportsTo are the reports that somebody has by direct message.
func (w *World) ReportsTo(who string) (out []slacksim.Message) {
	for _, m := range w.N.Slack.DM(who) {
		if outbox.Kind(KeyOf(m)) == reports.Kind {
			out = append(out, m)
		}
	}
	return out
}
