package world

import (
	"strings"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/outbox"
	"github.com/usherbot/usher/sim/slacksim"
)

// watching is Config with an app whose units are read every five minutes.
var watching = strings.Replace(Config, "    seats: 25\n", `    seats: 25
  semrush:
    kind: manual
    template: semrush
    name: Semrush
    owners: [U0DAVE]
    units: {schedule: "*/5 * * * *", base_url: "http://127.0.0.1"}
`, 1)

// Plenty is so many units that none are missed.
func Plenty(w *World) { w.N.Vendor.SetUnits(100_000) }

// runsLow is most of the units used at once, after they were read.
func runsLow(p *Played) {
	p.Live(16 * time.Minute)
	p.N.Vendor.SetUnits(15_000)
	p.Live(10 * time.Minute)
	p.N.Vendor.SetUnits(14_000)
	p.Live(10 * time.Minute)
}

// WarningsOf are what was said of the units of apps, in the order in which it was.
func (w *World) WarningsOf() (out []slacksim.Message) {
	for _, m := range w.N.Slack.Messages("C0APPROVE") {
		if outbox.Kind(KeyOf(m)) == approvals.KindWarning {
			out = append(out, m)
		}
	}
	return out
}

// warnedOnce: the warning stands once, and says what was read first.
func (p *Played) warnedOnce() {
	said := p.ours(p.WarningsOf())
	require.Len(p.T, said, 1, "warnings")
	require.Contains(p.T, said[0].Text, "Semrush has only 15,000 units left")
	require.Contains(p.T, said[0].Text, "<@U0DAVE>")
}
