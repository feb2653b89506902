package process

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"

	"github.com/stretchr/testify/require"
)

// readsAgain is SIGHUP: the configuration is taken up whole or not at all. What is on the table keeps the rule it was
// asked under, and of a bundle what was in it, its card goes on, and the process stays the same.
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
	w.types("U0ALICE", "/access bundle seo-starter sam@acme.example Sam because he starts too")
	w.offers(3, "Approve", "Deny")

	w.configure(strings.Replace(before, "policies:\n", "policies:\n  - {name: nobody, actions: [delete], steps: [{approvers: [U0GONE]}]}\n", 1))
	w.hangUp()
	w.eventually("it refuses a policy that reaches nobody", func() bool { return strings.Contains(w.logs.String(), "reaches nobody: of those its step 1 names") })

	const atOnce = "policies:\n  - {name: at-once, actions: [create], when: {for: external}, approve: auto}\n"
	w.configure(strings.NewReplacer("policies:\n", atOnce, "sites: [shop.acme.example, 104]", "sites: [106]").Replace(before))
	w.hangUp()
	w.eventually("it goes on under what it has read", func() bool { return strings.Contains(w.logs.String(), "the configuration that it has read again") })
	w.eventually("it hears", func() bool { return w.connections() > 0 })
	w.types("U0ALICE", "/access create lee@globex.example Lee because of the audit")
	w.shows(5, "— done", "Approved by policy “at-once”")
	w.clicks("U0BOB", 1, "Approve")
	w.shows(1, "— done", "<@U0BOB>")
	w.offers(2, "Approve", "Deny", "Edit", "Ask")
	w.types("U0ALICE", "/access bundle seo-starter kim@acme.example Kim because of the audit")
	w.bundled(3, "sam@acme.example", "2 websites", 103, 104)
	w.bundled(6, "kim@acme.example", "1 website", 106)
	w.rewords(before)
	require.Equal(w.t, pid, w.usher.cmd.Process.Pid)
	w.stop()
	require.Equal(w.t, 6, w.effects(""))
}

// rewords has the file of an app written anew while somebody works by it: the words are those of now, the steps those of then.
func (w *processWorld) rewords(before string) {
	office := func(steps string) {
		raw := "name: Office\nseat: badge\nactions:\n  create:\n    steps:\n" + steps
		require.NoError(w.t, os.WriteFile(filepath.Join(filepath.Dir(w.config), "office.yml"), []byte(raw), 0o600))
	}
	lists := func(what string, says ...string) {
		w.eventually(what, func() bool {
			out := w.command("tasks", "--data", w.data).Out
			return !slices.ContainsFunc(says, func(s string) bool { return !strings.Contains(out, s) })
		})
	}
	office("      print: Print a badge.\n      lift: Show them the lift.\n      give: Hand it over.\n")
	w.configure(strings.Replace(before, "bundles:\n", "  office: {kind: manual, template: office.yml, owners: [U0BOB]}\nbundles:\n", 1))
	w.hangUp()
	w.eventually("it goes on with an app more", func() bool { return strings.Count(w.logs.String(), "the configuration that it has read again") == 2 })
	w.eventually("it hears", func() bool { return w.connections() > 0 })
	w.types("U0ALICE", "/access create ann@acme.example Ann app=office because she starts")
	w.clicks("U0BOB", 8, "Approve")
	lists("it is Bob's task", "#8", "print", "Print a badge.", "Show them the lift.", "Hand it over.")
	require.Equal(w.t, 0, w.command("tick", "8", "print", "--data", w.data).Code)

	office("      print: Print a badge.\n      give: Hand it over, with the key.\n      sign: Have them sign.\n")
	w.hangUp()
	w.eventually("it goes on under other words", func() bool { return strings.Count(w.logs.String(), "the configuration that it has read again") == 3 })
	lists("its words are those of now", "Show them the lift.", "Hand it over, with the key.")
	for _, step := range []string{"lift", "give"} {
		require.Equal(w.t, 0, w.command("tick", "8", step, "--data", w.data).Code, step)
	}
	w.shows(8, "— done", "in 3 steps")
}

// bundled is Bob's yes to a bundle whose websites were read, and what came of it.
func (w *processWorld) bundled(n int, email, shares string, sites ...int64) {
	w.eventually("its websites are read", func() bool { return says(w.cards(n), "Shares "+shares+": ") })
	w.clicks("U0BOB", n, "Approve")
	w.eventually("exactly what was in it is there", func() bool {
		a, _ := w.account(email)
		return slices.Equal(slices.Sorted(slices.Values(a.SharedSites)), sites)
	})
	w.shows(n, "SEO starter for "+email+" — done")
}

func (w *processWorld) hangUp() { require.NoError(w.t, w.usher.cmd.Process.Signal(syscall.SIGHUP)) }
