package process

import (
	"os"
	"strings"
	"syscall"

	"github.com/stretchr/testify/require"
)

// readsAgain is SIGHUP: the configuration is taken up whole or not at all. What is on the table keeps the rule it was
// asked under, its card goes on, and the process stays the same.
func readsAgain(w *processWorld) {
	raw, err := os.ReadFile(w.config)
	require.NoError(w.t, err)
	before := string(raw)
	w.run()
	pid := w.usher.cmd.Process.Pid
	w.types("U0ALICE", "/access create jane@acme.example Jane because she starts")
	w.offers(1, "Approve", "Deny", "Edit", "Ask")

	w.configure(strings.Replace(before, "policies:\n", "policies:\n  - {name: none, aproove: auto}\n", 1))
	w.hangUp()
	w.eventually("the admin hears what is wrong", func() bool {
		return says(w.dm("U0ADMIN"), "I was asked to read my configuration again", "unknown key", "aproove", "so nothing has changed")
	})
	w.types("U0ALICE", "/access create joe@acme.example Joe because he starts")
	w.offers(2, "Approve", "Deny", "Edit", "Ask")

	w.configure(strings.Replace(before, "policies:\n", "policies:\n  - {name: nobody, actions: [delete], steps: [{approvers: [U0GONE]}]}\n", 1))
	w.hangUp()
	w.eventually("it refuses a policy that reaches nobody", func() bool { return strings.Contains(w.logs.String(), "reaches nobody: of those its step 1 names") })

	w.configure(strings.Replace(before, "policies:\n", "policies:\n  - {name: at-once, actions: [create], when: {for: external}, approve: auto}\n", 1))
	w.hangUp()
	w.eventually("it goes on under what it has read", func() bool { return strings.Contains(w.logs.String(), "the configuration that it has read again") })
	w.eventually("it hears", func() bool { return w.connections() > 0 })
	w.types("U0ALICE", "/access create lee@globex.example Lee because of the audit")
	w.shows(3, "— done", "Approved by policy “at-once”")
	w.clicks("U0BOB", 1, "Approve")
	w.shows(1, "— done", "<@U0BOB>")
	w.offers(2, "Approve", "Deny", "Edit", "Ask")
	require.Equal(w.t, pid, w.usher.cmd.Process.Pid)
	w.stop()
	require.Equal(w.t, 2, w.effects(""))
}

func (w *processWorld) hangUp() { require.NoError(w.t, w.usher.cmd.Process.Signal(syscall.SIGHUP)) }
