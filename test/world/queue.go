package world

import (
	"strings"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/sim/vendorsim"
)

// queuing is Config with as many seats as are taken, and a policy that asks before it gives one that was waited for.
var queuing = strings.Replace(strings.Replace(Config, "seats: 25", "seats: 9", 1), "approvers: [U0BOB, S0LEADS]\n", "approvers: [U0BOB, S0LEADS]\n    queue: ask\n", 1)

// LastSeatTaken is somebody who has the last seat, and gives it up later.
func LastSeatTaken(w *World) {
	w.N.Vendor.AddAccount(vendorsim.Account{Email: "last@globex.example", FirstName: "Last", Type: "client"})
	w.N.Vendor.SetSeats(9)
}

// InLineFor is standing in line for so long before a seat becomes free.
func InLineFor(d time.Duration) Scenario {
	s := Of("in line for a seat")
	s.Decide = func(p *Played) { queuedFor(p, d) }
	return s
}

// queued is Bob's yes while no seat is free, a seat that becomes free, and his word that it is still needed.
func queued(p *Played) { queuedFor(p, 0) }

func queuedFor(p *Played, wait time.Duration) {
	p.Live(time.Minute) // by then its card says that none is free
	Approve(p)
	r, _ := p.request()
	require.True(p.T, r.InLine(), "it stands in line: %s", r.State)
	require.Equal(p.T, 1, r.Line.Place)
	require.Empty(p.T, p.N.Vendor.Effects(), "nothing was asked of the vendor")
	p.Live(wait)
	require.True(p.T, p.N.Vendor.RemoveAccount("last@globex.example"))
	p.until("the seat", func() bool { p.Live(5 * time.Minute); return false }, func() bool { r, _ := p.request(); return r.Offered() })
	p.until("the word that it is needed", func() bool {
		m := p.Card()
		return p.N.Slack.Click("U0BOB", m.Channel, m.TS, "Give the seat").Wait().Acked
	}, func() bool { r, _ := p.request(); return r.State != approvals.Approved || !r.Line.Served.IsZero() })
	r, _ = p.request()
	require.EqualValues(p.T, "U0BOB", r.Line.By, "whoever said so is kept")
	require.Len(p.T, p.seatMessages("U0BOB"), 1, "messages about the seat")
}

// seatMessages are the keys of the messages that ask somebody about a seat.
func (p *Played) seatMessages(who string) (keys []string) {
	for _, m := range p.ours(p.N.Slack.DM(who)) {
		if aboutSeat(KeyOf(m)) {
			keys = append(keys, KeyOf(m))
		}
	}
	return keys
}

func aboutSeat(key string) bool { return strings.Contains(key, "/seat/") }
