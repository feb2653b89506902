package main

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/app"
	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/bot/view"
	"github.com/usherbot/usher/demo"
	"github.com/usherbot/usher/sim/slacksim"
	"github.com/usherbot/usher/sim/vendorsim"
)

// scenario is one kind of request from the asking to its end, played by people who, like people, try
// again what visibly did not work.
type scenario struct {
	name   string
	before func(w *talkWorld) // what goes wrong before anybody asks
	// lost is what Alice typed to a database that is lost when it has come to a card with buttons: Bob's where the
	// request waits, Carol's where it was approved and failed. ask is the first thing that the next one hears. "" where
	// nothing is lost.
	lost string
	// ask is what Alice types; "" where nobody asks (a report on its slot).
	ask string
	// decide is what happens to the request after that.
	decide func(p *played)
	// want is the state it ends in.
	want approvals.State
	// op is the vendor's operation that must have had an effect exactly once; "" none.
	op vendorsim.Op
	// steps is how many effects of op that takes, where it is not one.
	steps int
	// form is how the vendor takes shares, and ends what solo@acme.example, who has none at first, has in the end: one
	// of these. What others have stays in any case.
	form string
	ends [][]int64
	// tells is how many direct messages Alice gets; admins how many Carol gets, maybe that she may get
	// none: a crash can come between the doubt and its telling, and looking settle it first.
	tells, admins int
	maybe         bool
	// report says that exactly one digest stands in the reports channel at the end.
	report bool
}

// scenarios are all kinds of request.
var scenarios = []scenario{
	{name: "create", ask: "create jane@acme.example Jane access=report_manual because she asked", decide: approve, want: approvals.Done, op: vendorsim.Create, tells: 1},
	{name: "create for a colleague", ask: "create dave@acme.example Dave because he asked", decide: approve, want: approvals.Done, op: vendorsim.Create, tells: 1},
	{name: "who it is for leaves", ask: "create dave@acme.example Dave because he asked", decide: leaves, want: approvals.Failed, tells: 1, admins: 1},
	{name: "whose the address is comes with the vote", before: loseWhose(1), ask: "create dave@acme.example Dave because he asked", decide: leaves, want: approvals.Failed, tells: 1, admins: 1},
	{name: "whose the address is comes before the deed", before: loseWhose(2), ask: "create dave@acme.example Dave because he asked", decide: approve, want: approvals.Done, op: vendorsim.Create, tells: 1},
	{name: "who it is for has left", ask: "create dave@acme.example Dave because he asked", decide: hasLeft, want: approvals.Denied, tells: 1},
	{name: "share", ask: "share priya.nair@acme.example 103,106 because she audits them", decide: approve, want: approvals.Done, op: vendorsim.SetShares, tells: 1},
	{name: "unshare", ask: "unshare amira.haddad@acme.example 105 because it moved", decide: approve, want: approvals.Done, op: vendorsim.SetShares, tells: 1},
	{name: "share one by one", ask: "share solo@acme.example 103,106 because of the audit", decide: approve, want: approvals.Done, op: vendorsim.SetShares, steps: 2, tells: 1,
		form: "integer-adds", ends: [][]int64{{103, 106}}},
	{name: "share, only one is kept", ask: "share solo@acme.example 103,106 because of the audit", decide: approve, want: approvals.Failed, tells: 1, admins: 1,
		form: "integer-replaces", ends: [][]int64{{103}, {106}}},
	{name: "share beside others, adding", ask: "share priya.nair@acme.example 103,106 because she audits them", decide: approve, want: approvals.Failed, tells: 1, admins: 1,
		form: "integer-adds", ends: [][]int64{{}}},
	{name: "share beside others, replacing", ask: "share priya.nair@acme.example 103,106 because she audits them", decide: approve, want: approvals.Failed, tells: 1, admins: 1,
		form: "integer-replaces", ends: [][]int64{{}}},
	{name: "unshare all but one", ask: "unshare amira.haddad@acme.example 105,106 because it moved", decide: approve, want: approvals.Done, op: vendorsim.SetShares, tells: 1,
		form: "integer-replaces", ends: [][]int64{{}}},
	{name: "update", ask: "update wei.chen@acme.example access=report_scheduled because of her new role", decide: approve, want: approvals.Done, op: vendorsim.Update, tells: 1},
	{name: "delete", ask: "delete dale@globex.example because the project ended", decide: approve, want: approvals.Done, op: vendorsim.Delete, tells: 1},
	{name: "refused", ask: "create priya.nair@acme.example Priya because she joins", decide: approve, want: approvals.Failed, tells: 1, admins: 1},
	{name: "changed hands", ask: "delete dale@globex.example because the project ended", decide: changedHands, want: approvals.Failed, tells: 1, admins: 1},
	{name: "too late", ask: "create jane@acme.example Jane because she asked", decide: tooLate, want: approvals.Failed, tells: 2, admins: 1},
	{name: "deny", ask: "create jane@acme.example Jane because she asked", decide: deny, want: approvals.Denied, tells: 1},
	{name: "cancel", ask: "create jane@acme.example Jane because she asked", decide: cancel, want: approvals.Canceled},
	{name: "expiry", ask: "create jane@acme.example Jane because she asked", decide: func(p *played) { p.live(time.Hour) }, want: approvals.Expired, tells: 1},
	{name: "retry", ask: "create jane@acme.example Jane because she asked", decide: retry, want: approvals.Done, op: vendorsim.Create, tells: 2, admins: 1},
	{name: "doubt, happened", ask: "create jane@acme.example Jane because she asked", decide: doubt(vendorsim.After, "It happened"), want: approvals.Done, op: vendorsim.Create, tells: 1, admins: 1, maybe: true},
	{name: "doubt, did not", ask: "create jane@acme.example Jane because she asked", decide: doubt(vendorsim.Before, "It did not – try again"), want: approvals.Done, op: vendorsim.Create, tells: 1, admins: 1, maybe: true},
	{name: "doubt, seen", ask: "create jane@acme.example Jane because she asked", decide: doubt(vendorsim.After, ""), want: approvals.Done, op: vendorsim.Create, tells: 1, admins: 1, maybe: true},
	{name: "a card that comes twice", before: delayThePost, ask: "create jane@acme.example Jane because she asked", decide: approve, want: approvals.Done, op: vendorsim.Create, tells: 1},
	{name: "read late", before: unreadable, ask: "share priya.nair@acme.example shop.acme.example,careers because she audits them", decide: readAndApprove, want: approvals.Done, op: vendorsim.SetShares, tells: 1},
	{name: "unclear", ask: "share priya.nair@acme.example \"Acme Shop\" because she audits it", decide: deny, want: approvals.Denied, tells: 1},
	{name: "the data is lost", lost: "create jane@acme.example Jane because she asked", ask: "delete dale@globex.example because the project ended",
		decide: approveBesideLost, want: approvals.Done, op: vendorsim.Delete, tells: 1},
	{name: "the data is lost after a refusal", lost: "create priya.nair@acme.example Priya because she joins", ask: "create priya.nair@acme.example Priya because she has joined",
		decide: refusedBesideLost, want: approvals.Failed, tells: 1, admins: 1},
	{name: "report", decide: func(p *played) { p.live(20 * time.Minute) }, report: true},
}

// crashExpires is when crashConfig closes undecided requests.
const crashExpires = 50 * time.Minute

// crashConfig closes undecided requests after 50 minutes, posts one report in the first hours, and takes one yes.
var crashConfig = strings.Replace(strings.Replace(strings.Replace(demo.Config, `schedule: "0 9 * * MON"`, `schedule: "15 0 1 1 *"`, 1),
	"  - name: seats\n", "  - name: seats\n    expires_after: 50m\n", 1), demo.Removals, "", 1)

// played is a scenario being played in a world in which the program may die at any time.
type played struct {
	*talkWorld
	scenario scenario
	deaths   int
	// shares is what everybody had before.
	shares []vendorsim.Account
	loss
}

// live lets time pass; when the program dies meanwhile it is started again, as a supervisor would.
func (p *played) live(d time.Duration) {
	step := min(max(d/20, time.Second), 10*time.Second)
	for end := time.Now().Add(d); time.Now().Before(end); p.pass(step) {
		p.revive()
	}
	p.revive()
}

func (p *played) revive() {
	if p.app != nil && !p.life.over() {
		return
	}
	if p.app != nil {
		p.deaths++
		p.crash()
	}
	p.start()
}

// request is the request as it is kept; ok is false while there is none.
func (p *played) request() (r approvals.Request, ok bool) {
	p.revive()
	r, err := p.app.Desk.Request(context.Background(), 1)
	return r, err == nil
}

// until is a person who acts, looks whether it worked, and acts again if it did not. What was
// acknowledged as kept and is not there is a broken promise.
func (p *played) until(what string, act func() (acked bool), worked func() bool) {
	for range 8 {
		acked := act()
		p.live(30 * time.Second)
		if worked() {
			return
		}
		if acked {
			p.t.Errorf("%s was acknowledged, and is not there", what)
		}
	}
	p.t.Fatalf("%s did not work in 8 tries", what)
}

// types sends a command; acked says that its answer bears the words of success.
func (p *played) types(text, success string) bool {
	p.revive()
	out := p.n.Slack.Type("U0ALICE", "C0GENERAL", "/access "+text).Wait()
	return out.Acked && strings.Contains(string(out.Payload), success)
}

func (p *played) asked() {
	p.until("the asking", func() bool { return p.types(p.scenario.ask, "*#1*") },
		func() bool { _, ok := p.request(); return ok })
}

// decided reports whether the request has left pending.
func (p *played) decided() bool {
	r, ok := p.request()
	return ok && r.State != approvals.Pending
}

// card is the newest card with buttons, waited for.
func (p *played) card() slacksim.Message {
	for range 60 {
		for _, m := range p.ours(p.n.Slack.Messages("C0APPROVE")) {
			if len(buttons(m)) > 0 {
				return m
			}
		}
		p.live(10 * time.Second)
	}
	p.t.Fatalf("there is no card to decide on")
	return slacksim.Message{}
}

// play plays a scenario to its end and holds it to the promises.
func (p *played) play() {
	p.start()
	p.live(time.Second)
	if p.scenario.lost != "" {
		p.lifeBefore()
	}
	if p.scenario.before != nil {
		p.scenario.before(p.talkWorld)
	}
	if p.scenario.ask != "" {
		p.asked()
	}
	p.scenario.decide(p)
	p.live(3 * time.Minute)
	p.promises()
	p.live(8 * time.Minute)
	p.promises()
}

// promises are what holds whatever happened on the way.
func (p *played) promises() {
	if err := p.app.Store.Check(context.Background()); err != nil {
		p.t.Errorf("the database: %v", err)
	}
	if p.scenario.ask == "" {
		require.Len(p.t, p.n.Slack.Messages("C0REPORTS"), 1, "digests of one slot")
		return
	}
	r, _ := p.request()
	p.askedOnce(r)
	if r.State == approvals.Pending && time.Now().After(r.Expires) {
		p.t.Errorf("the request is open past its time")
	}
	require.Equal(p.t, p.scenario.want, r.State, "%v", r.Outcome)
	_, second := p.app.Desk.Request(context.Background(), 2)
	require.Equal(p.t, approvals.NotFound, approvals.CodeOf(second), "there is one request")
	if p.scenario.op == "" && len(slices.Concat(p.scenario.ends...)) == 0 {
		require.Empty(p.t, p.n.Vendor.Effects(), "nothing was done")
	}
	if p.scenario.op != "" {
		effects := 0
		for _, c := range p.n.Vendor.CallsOf(p.scenario.op) {
			if c.Effect != "" {
				effects++
			}
		}
		require.Equal(p.t, max(p.scenario.steps, 1), effects, "the deed happened once")
	}
	p.sharesStand(r)
	p.leftAlone()
	cards := p.ours(p.n.Slack.Messages("C0APPROVE"))
	require.Len(p.t, cards, 1, "cards of one request")
	shows(p.t, view.Card(r), cards[0], "the card")
	require.Empty(p.t, buttons(cards[0]))
	require.Len(p.t, p.ours(p.n.Slack.DM("U0ALICE")), p.scenario.tells, "messages to who asked")
	p.adminHeard(r)
	p.approverHeard(r)
}

// approverHeard holds what Bob, who is named as an approver, has of it to what is so: one message at most, and none only
// where it was decided before he could have one.
func (p *played) approverHeard(r approvals.Request) {
	if !slices.Contains(r.Eligible().People(), "U0BOB") {
		return
	}
	for _, u := range p.n.Slack.Users() {
		if u.ID != "U0BOB" && !slices.Contains(r.Eligible().People(), approvals.PersonID(u.ID)) {
			require.Empty(p.t, toApprover(p.ours(p.n.Slack.DM(u.ID)), true), "%s is asked", u.ID)
		}
	}
	heard := toApprover(p.ours(p.n.Slack.DM("U0BOB")), true)
	if len(heard) > 0 || r.Decided.Sub(r.Asked) > 10*time.Minute {
		require.Len(p.t, heard, 1, "messages to the approver")
		shows(p.t, view.ApproverCard(r), heard[0], "what the approver has")
	}
}

// askedOnce: the vendor is not asked again for what it has done, and nothing is called done that it did not do.
func (p *played) askedOnce(r approvals.Request) {
	if p.scenario.op == "" {
		return
	}
	done, steps := 0, max(p.scenario.steps, 1)
	for _, c := range p.n.Vendor.CallsOf(p.scenario.op) {
		if done == steps {
			p.t.Errorf("the vendor was asked again for what it had done; crashes on the way: %d, answer %d", p.deaths, c.Status)
		}
		done += one(c.Effect != "")
	}
	if r.State == approvals.Done && done == 0 {
		p.t.Errorf("the request is called done, and the vendor did nothing")
	}
}

// adminHeard holds the admin's own card to what is so. Where nothing was struck, a scenario of doubt
// must have come to one.
func (p *played) adminHeard(r approvals.Request) {
	heard := toApprover(p.ours(p.n.Slack.DM("U0ADMIN")), false)
	if !p.scenario.maybe || p.points.hit == "" || len(heard) > 0 {
		require.Len(p.t, heard, p.scenario.admins, "messages to the admin")
	}
	for _, m := range heard {
		shows(p.t, view.AdminCard(r), m, "the admin's card")
		require.Equal(p.t, r.State == approvals.Failed && !r.Lapsed, len(buttons(m)) > 0, "buttons of the admin's card")
	}
}

// crashAt plays a scenario with the program struck at the n-th place (0: nowhere) and returns what was
// wrong, the name of the place, and how many places there were.
func crashAt(t *testing.T, s scenario, at int, alter func(*app.Surroundings)) (wrong []string, hit string, places int) {
	var r recorder
	inScene(t, &r, crashConfig, func(w *talkWorld) {
		vendorsim.SeedDemo(w.n.Vendor)
		if s.form != "" {
			w.n.Vendor.SetQuirks(vendorsim.Quirks{ShareForm: s.form})
			w.n.Vendor.AddAccount(vendorsim.Account{Email: "solo@acme.example", FirstName: "Solo", Type: "client"})
		}
		w.alter = alter
		w.points.at = at
		(&played{talkWorld: w, scenario: s, shares: w.n.Vendor.Accounts()}).play()
		hit, places = w.points.hit, w.points.n
	})
	return r.findings(), hit, places
}

// toldOfTrouble: whoever asked or decided while the disk was full and was answered, was not told that it worked.
func (p *played) toldOfTrouble() {
	for _, who := range []string{"U0ALICE", "U0BOB"} {
		for _, m := range p.n.Slack.Ephemerals(who) {
			said := slacksim.PlainText(m)
			require.True(p.t, strings.Contains(said, "#1") || strings.Contains(said, "disk") || strings.Contains(said, "omething went wrong"), "told %s: %s", who, said)
		}
	}
}
