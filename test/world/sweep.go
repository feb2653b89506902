package world

import (
	"context"
	"log/slog"
	"slices"
	"strings"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/outbox"
	"github.com/usherbot/usher/register"
	"github.com/usherbot/usher/reports/history"
	"github.com/usherbot/usher/sim/slacksim"
)

// looksOver is Bob approving an outsider's account; then the app is looked over the next morning, and once more a quarter later, when
// Alice is asked whether it's still needed. In between nobody has Usher up.
func looksOver(p *Played) {
	Approve(p)
	for _, away := range []time.Duration{30 * time.Hour, 91 * 24 * time.Hour} {
		p.revive()
		p.End()
		p.Pass(away)
		p.Live(3 * time.Minute)
	}
}

// neededOf are the questions whether something is still needed.
func neededOf(all []slacksim.Message) []slacksim.Message {
	return slices.DeleteFunc(all, func(m slacksim.Message) bool { return outbox.Kind(KeyOf(m)) != approvals.KindNeeded })
}

// lookedOverOnce: what was found is kept once, with one entry of the log, though the app was looked over twice; and who asked for the
// outsider's account was asked once about it.
func (p *Played) lookedOverOnce() {
	if p.Scenario.Name != lookedOver {
		return
	}
	entries := 0
	for line := range strings.Lines(p.log()) {
		entries += One(strings.Contains(line, `"what":"an app was looked over"`))
	}
	require.Equal(p.T, 1, entries, "looks that found something new")
	k, err := p.App.Store.Register(context.Background(), "seranking")
	require.NoError(p.T, err)
	open := map[string]register.Kind{}
	for _, f := range k.Findings {
		require.NotContains(p.T, open, f.Email, "a finding is kept once")
		open[f.Email] = f.Kind
	}
	require.Equal(p.T, register.Orphan, open["dale@globex.example"])
	require.NotContains(p.T, open, "pat@agency.example", "a request gave it")
	asked := neededOf(p.ours(p.N.Slack.DM("U0ALICE")))
	require.Len(p.T, asked, 1, "questions whether it's still needed")
	require.Contains(p.T, asked[0].Text, "pat@agency.example")
	require.Len(p.T, k.Outside, 1)
	require.Equal(p.T, []approvals.PersonID{"U0ALICE"}, k.Outside[0].Whom)
	p.daysRemembered()
}

// daysRemembered: the two days on which the app was looked over are remembered, each once, and every account of the last as the
// vendor has it.
func (p *Played) daysRemembered() {
	days := 0
	require.NoError(p.T, p.App.Store.HistoryDays(context.Background(), "seranking", "", func(string, []byte) { days++ }))
	require.Equal(p.T, 2, days)
	keeper := &history.Keeper{Memory: p.App.Store, Now: time.Now, Log: slog.New(slog.DiscardHandler)}
	day, known, err := keeper.At(context.Background(), "seranking", time.Now())
	require.NoError(p.T, err)
	require.True(p.T, known)
	var was, is []string
	for s, err := range day.All {
		require.NoError(p.T, err)
		was = append(was, s.Email)
	}
	for _, a := range p.N.Vendor.Accounts() {
		is = append(is, a.Email)
	}
	require.ElementsMatch(p.T, is, was)
	require.Len(p.T, was, day.Count)
}

// lookedOver names the scenario in which an app is.
const lookedOver = "an app is looked over"
