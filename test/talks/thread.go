package talks

import (
	"strings"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/sim/slacksim"
)

// thread is somebody writing in the thread of a card, or changing what they wrote.
func (k *talk) thread(id string, f, q []string) {
	k.T.Helper()
	if f[0] == "writes" {
		m := k.cardOf(k.number(f[3]))
		k.N.Slack.Reply(id, m.Channel, m.TS, q[0], f[4] == "to").Wait()
		return
	}
	m := k.wrote(id, q[0])
	if f[0] == "deletes" {
		require.True(k.T, k.N.Slack.DeleteMessage(m.Channel, m.TS), k.line)
	} else {
		k.N.Slack.EditMessage(id, m.Channel, m.TS, q[len(q)-1]).Wait()
	}
	k.Pass(0)
}

// wrote is the message that somebody wrote and that begins with some words.
func (k *talk) wrote(id, words string) slacksim.Message {
	k.T.Helper()
	for _, m := range k.N.Slack.Messages("C0APPROVE") {
		if m.User == id && strings.HasPrefix(m.Text, words) {
			return m
		}
	}
	require.FailNow(k.T, k.line, "nobody wrote that")
	return slacksim.Message{}
}
