package process

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/outbox"
	"github.com/usherbot/usher/sim/slacksim"
	"github.com/usherbot/usher/sim/vendorsim"
	"github.com/usherbot/usher/store/bolt"
	"github.com/usherbot/usher/terminal"
	"github.com/usherbot/usher/test/world"
)

// plan sets the traps up to the next kill.
func (k *killRun) plan() {
	k.heard, k.served = len(k.calls(0)), len(k.asked(0))
	for _, s := range k.stages {
		switch {
		case s.slack != nil:
			k.slackFault(*s.slack)
		case s.vendor != nil:
			k.vendorFault(*s.vendor)
		}
		if !s.deafens {
			return
		}
	}
}

// strike does what the next stage says, if it is reached.
func (k *killRun) strike() {
	k.t.Helper()
	if len(k.stages) == 0 || !k.reached(k.stages[0]) {
		return
	}
	s := k.stages[0]
	k.stages = k.stages[1:]
	if s.deafens {
		for order[map[string]bool](k.processWorld, k.slack+"/sim/faults", obj{"kind": "ghost"})["done"] {
		}
		return
	}
	k.dies()
}

// dies kills the process, and starts it again over the same data.
func (k *killRun) dies() {
	k.t.Helper()
	k.usher.kill()
	k.kills++
	order[obj](k.processWorld, k.slack+"/sim/faults", obj{"kind": "bury_ghosts"})
	k.heal()
	k.plan()
	k.run()
}

func (k *killRun) reached(s killStage) bool {
	switch {
	case s.slack != nil:
		return slices.ContainsFunc(k.calls(k.heard), func(c slacksim.Call) bool {
			return c.Method == s.slack.Method && c.Answer == string(s.slack.Kind)
		})
	case s.vendor != nil:
		return slices.ContainsFunc(k.asked(k.served), func(c vendorsim.Call) bool {
			written := s.vendor.When != vendorsim.After || !c.Op.Writes() || c.Effect != ""
			return c.Op == s.vendor.Match.Op && c.Fault != "" && !c.Done && written
		})
	}
	return k.acked >= s.ack
}

// watch polls until ok, killing the process on the way where that is due.
func (k *killRun) watch(limit time.Duration, ok func() bool) bool {
	k.t.Helper()
	return world.Waited(limit, func() bool { k.strike(); return ok() })
}

func (k *killRun) until(what string, ok func() bool) {
	k.t.Helper()
	if !k.watch(world.Patience, ok) {
		k.t.Fatalf("waited in vain until %s", what)
	}
}

// tried sends what a person does and waits until it is acknowledged or shown as failed: by Slack, or by
// Usher's own answer.
func (k *killRun) tried(kind string, body obj) bool {
	k.t.Helper()
	body["wait"] = false
	d := order[delivered](k.processWorld, k.slack+"/sim/"+kind, body)
	k.until("Slack knows what became of it", func() bool {
		d = ask[delivered](k.processWorld, fmt.Sprintf("%s/sim/outcome?id=%d", k.slack, d.ID))
		return d.Done
	})
	if !d.Outcome.Acked || noTime(string(d.Outcome.Payload)) {
		return false
	}
	k.acked++
	k.strike()
	return true
}

// insists types a command until it is acknowledged.
func (k *killRun) insists(user, text string) (tries int) {
	k.t.Helper()
	taken := func() bool {
		tries++
		return k.tried("type", obj{"user": user, "channel": k.place(), "text": "/access " + text})
	}
	require.True(k.t, world.Waited(world.Patience, taken), text)
	return tries
}

// place is where commands are typed: a report is asked for in its own channel, where it's posted without a word of anybody's.
func (k *killRun) place() string {
	if k.kind.state == "" {
		return "C0REPORTS"
	}
	return "C0GENERAL"
}

func (k *killRun) asks() { k.tries = k.insists(k.kind.by, k.kind.ask) }

func (k *killRun) cancels() { k.insists(k.kind.by, "cancel 1") }

// open reports whether the card is there to be decided; it waits until there is a card.
func (k *killRun) open() bool {
	k.t.Helper()
	k.until("the card stands", func() bool { return len(k.cards(1)) > 0 })
	return k.decidable(1)
}

// approves presses the button as long as there is one: a press that is acknowledged is told to have come
// to nothing, where it has, only afterwards.
func (k *killRun) approves() {
	k.t.Helper()
	for k.open() {
		if k.tried("click", k.button("U0BOB", 1, "Approve")) {
			k.watch(4*time.Second, func() bool { return !k.open() })
		}
	}
}

// denies presses the button and fills in the form, as long as there is a button. A form that did not
// open, or did not close, is tried again.
func (k *killRun) denies() {
	k.t.Helper()
	form := func() bool { return len(k.views("U0BOB")) > 0 }
	for k.open() {
		if !form() && (!k.tried("click", k.button("U0BOB", 1, "Deny")) || !k.watch(4*time.Second, form)) {
			continue
		}
		view := k.views("U0BOB")[0].ID
		if k.tried("submit", obj{"user": "U0BOB", "view": view, "values": obj{"reason": "She has left"}}) {
			return
		}
	}
}

// doubts loses the answer to what is approved, and then all that could be looked at, until the admin has her
// card and says that it happened. A life that begins anew can look, and may settle it first.
func (k *killRun) doubts() {
	k.t.Helper()
	k.vendorFault(vendorsim.Fault{Match: vendorsim.Match{Op: vendorsim.Create}, Kind: vendorsim.Cut, When: vendorsim.After})
	k.approves()
	k.until("the vendor is asked", func() bool { return k.effects(vendorsim.Create) > 0 })
	k.vendorFault(vendorsim.Fault{Match: vendorsim.Match{Method: "GET", Times: -1}, Kind: vendorsim.Status, When: vendorsim.Before, Status: 403})
	pressable := func() bool { return len(k.dm("U0ADMIN")) > 0 && len(world.Buttons(k.dm("U0ADMIN")[0])) > 0 }
	for {
		k.until("the admin is asked, or it is settled", func() bool { return pressable() || k.settled() })
		if !pressable() {
			return
		}
		card := k.dm("U0ADMIN")[0]
		if k.tried("click", obj{"user": "U0ADMIN", "channel": card.Channel, "ts": card.TS, "button": "It happened"}) {
			k.watch(4*time.Second, func() bool { return !pressable() })
		}
	}
}

// settle waits until what was asked is so, and Usher owes nobody anything. What people see may be settled
// before the next life has begun to look, so a second kill is waited for a little. A run that has met
// none of its stages is killed when all is done.
func (k *killRun) settle(killed bool) {
	k.t.Helper()
	k.until("it is settled", k.settled)
	if k.kills > 0 {
		k.watch(2*time.Second, func() bool { return len(k.stages) == 0 })
		k.until("it is settled once more", k.settled)
		k.heal()
	}
	if killed && k.kills == 0 {
		k.stages, k.late = nil, true
		k.dies()
		k.until("it is settled again", k.settled)
	}
	k.stop()
	for range 20 {
		owed := k.owed()
		if len(owed) == 0 {
			break
		}
		// Where an answer was lost it looks once more, some seconds later, before it is content.
		last := slices.MaxFunc(owed, func(a, b outbox.Intent) int { return a.Due.Compare(b.Due) })
		k.run()
		world.Waited(max(time.Until(last.Due), 0)+3*time.Second, func() bool { return false })
		k.stop()
	}
	require.Empty(k.t, k.owed(), "it owes nothing")
	require.True(k.t, k.settled())
}

func (k *killRun) settled() bool {
	if k.kind.state == "" {
		return len(k.posted(k.place())) > 0
	}
	return k.offering(1) && says(k.cards(1), "— "+string(k.kind.state)) && len(k.tells(k.kind.by, 1)) >= k.kind.tells
}

// laterLooks is from when on a promise is no debt any more: after a lost answer a message is looked after for an hour,
// at longer and longer intervals, in case something that was given up comes after all (decision 019).
const laterLooks = 45 * time.Second

// owed is what Usher has promised and not done, but for the report's slot, which may be years away, and
// for looks after what nobody expects any more. It must have ended.
func (k *killRun) owed() []outbox.Intent {
	k.t.Helper()
	db, err := bolt.OpenReadOnly(k.data)
	require.NoError(k.t, err)
	all, err := db.Intents(context.Background(), "")
	require.NoError(k.t, errors.Join(err, db.Close()))
	return slices.DeleteFunc(all, func(in outbox.Intent) bool {
		return in.Due.After(time.Now().Add(laterLooks)) || strings.HasPrefix(in.Key, "stray/")
	})
}

// othersHeard holds what else was said by direct message: who is named as an approver has at most one, which says how it
// ended and offers nothing; an admin has a card of a doubt; nobody else has anything.
func (k *killRun) othersHeard() {
	k.t.Helper()
	bob := k.dm("U0BOB")
	require.LessOrEqual(k.t, len(bob), 1, "messages to who is named as an approver")
	for _, m := range bob {
		require.Empty(k.t, world.Buttons(m), "it was decided: %s", m.Text)
	}
	require.Empty(k.t, k.dm("U0ERIN"))
	admin := k.dm("U0ADMIN")
	if !k.kind.admin || len(admin) == 0 {
		require.Empty(k.t, admin)
		return
	}
	require.Len(k.t, admin, 1, "one card of the admin's own")
	require.True(k.t, says(admin, "— "+string(k.kind.state)))
	require.Empty(k.t, world.Buttons(admin[0]))
}

// verify holds what is left after the last life to the promises.
func (k *killRun) verify() {
	k.t.Helper()
	wantEffects := map[bool]int{true: 0, false: 1}[k.kind.op == ""]
	require.Equal(k.t, wantEffects, k.effects(""), "changes at the vendor's")
	require.Equal(k.t, wantEffects, k.effects(k.kind.op))
	if k.arrivesLater {
		writes := slices.DeleteFunc(k.asked(0), func(c vendorsim.Call) bool { return c.Op != k.kind.op })
		require.Len(k.t, writes, 1, "what may still be on its way is waited for, not asked again")
	}
	require.Len(k.t, k.dm(k.kind.by), k.kind.tells, "messages to the requester")
	k.othersHeard()
	if k.kind.state == "" {
		// An asking that Slack showed as failed may have been heard all the same.
		require.LessOrEqual(k.t, len(k.posted(k.place())), k.tries)
		require.Empty(k.t, slices.Concat(k.posted("C0APPROVE"), k.posted("C0GENERAL")))
	} else {
		require.Empty(k.t, k.posted("C0REPORTS"))
		require.Empty(k.t, k.posted(k.place()))
		require.Len(k.t, k.posted("C0APPROVE"), 1, "one card")
	}
	db, err := bolt.OpenReadOnly(k.data)
	require.NoError(k.t, err)
	require.NoError(k.t, db.Check(context.Background()))
	all, err := db.Requests(context.Background(), approvals.Filter{All: true}, 10)
	require.NoError(k.t, err)
	require.NoError(k.t, db.Close())
	if k.kind.state != "" {
		require.Len(k.t, all, 1)
		require.Equal(k.t, k.kind.state, all[0].State)
	}
	a := world.Usher(k.t, k.env, "audit", "verify", "--config", k.config, "--data", k.data)
	require.Equal(k.t, terminal.ExitDone, a.Code, a.Errors)
	require.True(k.t, strings.HasPrefix(a.Out, "ok: "), a.Out)
}
