package talks

import (
	"slices"
	"strings"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/sim/slacksim"
	"github.com/usherbot/usher/test/world"
)

// report is the first report in its channel.
func (k *talk) report() slacksim.Message {
	k.T.Helper()
	list := k.N.Slack.Messages("C0REPORTS")
	require.NotEmpty(k.T, list, k.line)
	return list[0]
}

// presses presses a button: LABEL on card N · LABEL on task N · LABEL on old card N · LABEL on his message · LABEL on his request ·
// LABEL on home [of N] · LABEL on old home of N · LABEL on the report.
func (k *talk) presses(id, what string) *slacksim.Delivery {
	k.T.Helper()
	label, where, _ := strings.Cut(what, " on ")
	label = strings.Trim(label, `"`)
	f := strings.Fields(where)
	switch f[0] {
	case "card":
		m := k.cardOf(k.number(f[1]))
		return k.N.Slack.Click(id, m.Channel, m.TS, label)
	case "task":
		m := k.taskOf(k.number(f[1]))
		return k.N.Slack.Click(id, m.Channel, m.TS, label)
	case "the":
		m := k.report()
		return k.N.Slack.Click(id, m.Channel, m.TS, label)
	case "home":
		return k.onHome(id, label, f[1:])
	case "old", "lost":
		if f[1] == "home" {
			return k.N.Slack.ClickOldHome(id, k.oldHomes[id], label+", request "+f[3])
		}
		m := map[string]map[int64]slacksim.Message{"old": k.old, "lost": k.lost}[f[0]][k.number(f[2])]
		return k.N.Slack.ClickForged(id, slacksim.Forged{Channel: m.Channel, TS: m.TS, ActionID: strings.ToLower(label), Value: world.Borne(m, label)})
	default:
		switch f[1] {
		case "answer":
			return k.onAnswer(id, label)
		case "form":
			return k.N.Slack.ClickView(id, "", label, nil)
		}
		list := world.ToApprover(k.N.Slack.DM(id), f[1] == "request")
		if len(f) == 4 {
			n := k.number(f[3])
			list = slices.DeleteFunc(list, func(m slacksim.Message) bool { return approvals.NumberOf(world.KeyOf(m)) != n })
		}
		require.NotEmpty(k.T, list, k.line)
		for _, m := range slices.Backward(list) { // which of two messages came last is Slack's affair
			if d := k.N.Slack.Click(id, m.Channel, m.TS, label); d.Outcome().Error != noElement {
				return d
			}
		}
		k.T.Fatalf("%s: none of these messages has that", k.line)
		return nil
	}
}

// noElement is what our Slack says of a press on what isn't there.
const noElement = "no_such_element"

// pressed waits for a press that hit something.
func (k *talk) pressed(d *slacksim.Delivery) {
	k.T.Helper()
	require.False(k.T, strings.HasPrefix(d.Wait().Error, "no_such_"), "%s: there is nothing to press: %s", k.line, d.Wait().Error)
}

// types sends a slash command: in #general, or where it says.
func (k *talk) types(id string, f []string, line string) {
	switch {
	case f[1] != "in":
		k.N.Slack.Type(id, "C0GENERAL", strings.ReplaceAll(after(line, " types "), "⏎", "\n")).Wait()
	case f[2] == "dm":
		k.N.Slack.Type(id, k.N.Slack.DMChannel(id), after(line, " dm ")).Wait()
	default:
		k.N.Slack.Type(id, f[2], after(line, f[2]+" ")).Wait()
	}
}
