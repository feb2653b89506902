package process

import (
	"fmt"
	"syscall"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
)

// stoodStill stops the process and lets it go on. What was sent meanwhile Slack has shown as failed by then; nothing comes of it,
// whoever sent it is told so, and may do it again.
func stoodStill(w *processWorld) {
	w.run()
	w.types("U0ALICE", "/access create jane@acme.example Jane Smith because she tracks rankings")
	w.eventually("the card can be decided", func() bool { return w.decidable(1) })
	signal := func(s syscall.Signal) { require.NoError(w.t, w.usher.cmd.Process.Signal(s)) }
	told := map[string]int{"U0BOB": w.noTimeFor("U0BOB"), "U0ALICE": w.noTimeFor("U0ALICE")}

	signal(syscall.SIGSTOP)
	click := w.button("U0BOB", 1, "Approve")
	click["wait"] = false
	ids := []int{order[delivered](w, w.slack+"/sim/click", click).ID, order[delivered](w, w.slack+"/sim/type",
		obj{"user": "U0ALICE", "channel": "C0GENERAL", "text": "/access create max@acme.example Max Mole because he asked twice", "wait": false}).ID}
	for _, id := range ids {
		var d delivered
		w.eventually("Slack has given up waiting", func() bool {
			d = ask[delivered](w, fmt.Sprintf("%s/sim/outcome?id=%d", w.slack, id))
			return d.Done
		})
		require.False(w.t, d.Outcome.Acked)
	}
	signal(syscall.SIGCONT)

	for who, before := range told {
		w.eventually(who+" is told", func() bool { return w.noTimeFor(who) > before })
	}
	require.Equal(w.t, approvals.Pending, w.state(1), "the click decided nothing")
	w.clicks("U0BOB", 1, "Approve")
	w.shows(1, "— done", "<@U0BOB>")
	w.types("U0ALICE", "/access create max@acme.example Max Mole because he asked twice")
	w.eventually("the second card stands there", func() bool { return w.decidable(2) })
	w.stop()
	require.Empty(w.t, w.cards(3), "what was typed while it stood still made no request")
}
