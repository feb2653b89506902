package world

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/bot/view"
	"github.com/usherbot/usher/sim/slacksim"
	"github.com/usherbot/usher/sim/vendorsim"
)

// Scenario is one kind of request from the asking to its end, played by people who, like people, try
// again what visibly did not work.
type Scenario struct {
	Name   string
	there  func(w *World) // what is so before the program begins
	before func(w *World) // what goes wrong before anybody asks
	// config is another configuration than Config; "": that.
	config string
	// lost is what Alice typed to a database that is lost when it has come to a card with buttons: Bob's where the
	// request waits, Carol's where it was approved and failed. ask is the first thing that the next one hears. "" where
	// nothing is lost.
	lost string
	// ask is what Alice types; "" where nobody asks (a report on its slot). byForm: she fills in the form with it.
	Ask    string
	byForm bool
	// decide is what happens to the request after that.
	Decide func(p *Played)
	// want is the state it ends in.
	Want approvals.State
	// op is the vendor's operation that must have had an effect exactly once; "" none.
	Op vendorsim.Op
	// steps is how many effects of op that takes, where it is not one.
	steps int
	// others is how many requests are asked in one go with the first; they end as it does.
	others int64
	more   int // requests that are asked about it later, such as to have it for longer; they have cards of their own
	// form is how the vendor takes shares, and ends what solo@acme.example, who has none at first, has in the end: one
	// of these. What others have stays in any case.
	Form string
	ends [][]int64
	// tells is how many direct messages Alice gets beside questions; admins how many Carol gets, maybe that she may get
	// none: a crash can come between the doubt and its telling, and looking settle it first.
	Tells, Admins int
	maybe         bool
	// report says that exactly one digest stands in the reports channel at the end.
	report bool
	// readers are those who each have exactly one by direct message instead.
	readers []string
	// Long says that it takes so long that most of its places lie in hours in which nothing of it happens.
	Long bool
	// warned says that one warning about units stands in the approvals channel at the end.
	warned bool
	// holds is what else is so at the end, where nobody asks; nil: nothing.
	holds func(p *Played)
}

// Scenarios are all kinds of request.
var Scenarios = []Scenario{
	{Name: "create", Ask: "create jane@acme.example Jane access=report_manual because she asked", Decide: Approve, Want: approvals.Done, Op: vendorsim.Create, Tells: 1},
	{Name: "asked by form", byForm: true, Ask: "create jane@acme.example Jane because she asked", Decide: Approve, Want: approvals.Done, Op: vendorsim.Create, Tells: 1},
	{Name: "a seat with websites", Ask: "create jane@acme.example Jane sites=103,106 because she audits them", Decide: Approve, Want: approvals.Done, Op: vendorsim.Create, Tells: 1},
	{Name: "the websites of a seat", Ask: "create jane@acme.example Jane sites=shop.acme.example,106 because she audits them", Decide: Approve, Want: approvals.Done, Op: vendorsim.SetShares, Tells: 1},
	{Name: "create for a colleague", Ask: "create dave@acme.example Dave because he asked", Decide: Approve, Want: approvals.Done, Op: vendorsim.Create, Tells: 1},
	{Name: "who it is for leaves", Ask: "create dave@acme.example Dave because he asked", Decide: leaves, Want: approvals.Failed, Tells: 1, Admins: 1},
	{Name: "whose the address is comes with the vote", before: LoseWhose(1), Ask: "create dave@acme.example Dave because he asked", Decide: leaves, Want: approvals.Failed, Tells: 1, Admins: 1},
	{Name: "whose the address is comes before the deed", before: LoseWhose(2), Ask: "create dave@acme.example Dave because he asked", Decide: Approve, Want: approvals.Done, Op: vendorsim.Create, Tells: 1},
	{Name: "who it is for has left", Ask: "create dave@acme.example Dave because he asked", Decide: hasLeft, Want: approvals.Denied, Tells: 1},
	{Name: "share", Ask: "share priya.nair@acme.example 103,106 because she audits them", Decide: Approve, Want: approvals.Done, Op: vendorsim.SetShares, Tells: 1},
	{Name: "unshare", Ask: "unshare amira.haddad@acme.example 105 because it moved", Decide: Approve, Want: approvals.Done, Op: vendorsim.SetShares, Tells: 1},
	{Name: "share one by one", Ask: "share solo@acme.example 103,106 because of the audit", Decide: Approve, Want: approvals.Done, Op: vendorsim.SetShares, steps: 2, Tells: 1,
		Form: "integer-adds", ends: [][]int64{{103, 106}}},
	{Name: "share, only one is kept", Ask: "share solo@acme.example 103,106 because of the audit", Decide: Approve, Want: approvals.Failed, Tells: 1, Admins: 1,
		Form: "integer-replaces", ends: [][]int64{{103}, {106}}},
	{Name: "share beside others, adding", Ask: "share priya.nair@acme.example 103,106 because she audits them", Decide: Approve, Want: approvals.Failed, Tells: 1, Admins: 1,
		Form: "integer-adds", ends: [][]int64{{}}},
	{Name: "share beside others, replacing", Ask: "share priya.nair@acme.example 103,106 because she audits them", Decide: Approve, Want: approvals.Failed, Tells: 1, Admins: 1,
		Form: "integer-replaces", ends: [][]int64{{}}},
	{Name: "unshare all but one", Ask: "unshare amira.haddad@acme.example 105,106 because it moved", Decide: Approve, Want: approvals.Done, Op: vendorsim.SetShares, Tells: 1,
		Form: "integer-replaces", ends: [][]int64{{}}},
	{Name: "update", Ask: "update wei.chen@acme.example access=report_scheduled because of her new role", Decide: Approve, Want: approvals.Done, Op: vendorsim.Update, Tells: 1},
	{Name: "delete", Ask: "delete dale@globex.example because the project ended", Decide: Approve, Want: approvals.Done, Op: vendorsim.Delete, Tells: 1},
	{Name: "refused", Ask: "create priya.nair@acme.example Priya because she joins", Decide: Approve, Want: approvals.Failed, Tells: 1, Admins: 1},
	{Name: "changed hands", Ask: "delete dale@globex.example because the project ended", Decide: changedHands, Want: approvals.Failed, Tells: 1, Admins: 1},
	{Name: "too late", Ask: "create jane@acme.example Jane because she asked", Decide: tooLate, Want: approvals.Failed, Tells: 2, Admins: 1},
	{Name: "two steps", config: twoSteps, Ask: "create jane@acme.example Jane because she asked", Decide: approveInSteps, Want: approvals.Done, Op: vendorsim.Create, Tells: 1},
	{Name: "a step that is undone", config: twoSteps, Ask: "create jane@acme.example Jane because she asked", Decide: undoAStep, Want: approvals.Done, Op: vendorsim.Create, Tells: 1},
	{Name: "the manager", config: managerFirst, there: GiveAManager, Ask: "create jane@acme.example Jane because she asked", Decide: approveInSteps, Want: approvals.Done, Op: vendorsim.Create, Tells: 1},
	{Name: "escalation", config: escalating, Ask: "create jane@acme.example Jane because she asked", Decide: escalated, Want: approvals.Done, Op: vendorsim.Create, Tells: 1},
	{Name: "an approver who leaves", config: leaving, Ask: "create jane@acme.example Jane because she asked", Decide: handedOn, Want: approvals.Done, Op: vendorsim.Create, Tells: 1},
	{Name: "talk in the thread", Ask: "create jane@acme.example Jane because she asked", Decide: talkedOver, Want: approvals.Done, Op: vendorsim.Create, Tells: 1},
	{Name: "quiet hours", config: sleeping, Ask: "create jane@acme.example Jane because she asked", Decide: inTheMorning, Want: approvals.Done, Op: vendorsim.Create, Tells: 1},
	{Name: "a deputy", config: alone, Ask: "create jane@acme.example Jane because she asked", Decide: byDeputy, Want: approvals.Done, Op: vendorsim.Create, Tells: 1},
	{Name: "a deputy, and back", config: alone, Ask: "create jane@acme.example Jane because she asked", Decide: backAgain, Want: approvals.Done, Op: vendorsim.Create, Tells: 1},
	{Name: "approved by its policy", config: byItself, Ask: "create jane@acme.example Jane because she asked", Decide: nobody, Want: approvals.Done, Op: vendorsim.Create, Tells: 1},
	{Name: "approved by its policy once read", config: bySeats, before: forgotten, Ask: "create jane@acme.example Jane because she asked", Decide: onceRead, Want: approvals.Done, Op: vendorsim.Create, Tells: 1},
	{Name: "refused by its policy once read", config: bySeatsRefused, before: forgotten, Ask: "create jane@acme.example Jane because she asked", Decide: onceRead, Want: approvals.Denied, Tells: 1},
	{Name: "a question", Ask: "create jane@acme.example Jane because she asked", Decide: asksFirst, Want: approvals.Done, Op: vendorsim.Create, Tells: 1},
	{Name: "edited", Ask: "create jane@acme.example Jane for=20d because she asked", Decide: editsFirst, Want: approvals.Done, Op: vendorsim.Create, Tells: 2},
	{Name: "a question without an answer", Ask: "create jane@acme.example Jane because she asked", Decide: asksInVain, Want: approvals.Denied, Tells: 1},
	{Name: "on a Home", Ask: "create jane@acme.example Jane because she asked", Decide: onHome, Want: approvals.Done, Op: vendorsim.Create, Tells: 1},
	{Name: "reminders", config: reminding, Ask: "create jane@acme.example Jane because she asked", Decide: reminded, Want: approvals.Done, Op: vendorsim.Create, Tells: 1},
	{Name: "enough for a day", config: rationed, Ask: "create jane@acme.example Jane because she asked", Decide: hadEnough, Want: approvals.Done, Op: vendorsim.Create, Tells: 1},
	{Name: "followed by another", Ask: "create jane@acme.example Jane because she asked", Decide: followed, Want: approvals.Done, Op: vendorsim.Create, Tells: 1},
	{Name: "several in one go", others: 1, Ask: "create jane@acme.example Jane, sam@acme.example Sam because they asked", Decide: approveAll, Want: approvals.Done, Op: vendorsim.Create, steps: 2, Tells: 2},
	{Name: "a bundle", config: bundling, others: 1, Ask: "bundle seo-starter jane@acme.example Jane because she asked", Decide: approveBundle, Want: approvals.Done, Op: vendorsim.Create, Tells: 2},
	{Name: "a bundle, ended early", config: bundling, others: 1, Ask: "bundle seo-starter jane@acme.example Jane for=8h because she asked", Decide: endsBundle, Want: approvals.Ended, Op: vendorsim.Create, Tells: 4},
	{Name: "for a time", Ask: "share priya.nair@acme.example 103 for=40m because of the audit", Decide: untilItEnds, Want: approvals.Ended, Op: vendorsim.SetShares, steps: 2, Tells: 3},
	{Name: "given back", Ask: "share priya.nair@acme.example 103 because of the audit", Decide: givenBack, Want: approvals.Done, Op: vendorsim.SetShares, steps: 2, more: 1, Tells: 2},
	{Name: "in line for a seat", config: queuing, there: LastSeatTaken, Ask: "create jane@acme.example Jane because she asked", Decide: queued, Want: approvals.Done, Op: vendorsim.Create, Tells: 2},
	{Name: "for longer", Ask: "share priya.nair@acme.example 103 for=40m because of the audit", Decide: untilItEndsLater, Want: approvals.Ended, Op: vendorsim.SetShares, steps: 2, more: 1, Tells: 5},
	{Name: "a person's task", config: working, Ask: "delete jane@acme.example app=hiring because she has left", Decide: worked, Want: approvals.Done, Tells: 1},
	{Name: "member lists", config: listed, Ask: "create jane@acme.example Jane because she asked", Decide: importsLists, Want: approvals.Done, Op: vendorsim.Create, Tells: 1},
	{Name: "a review", Long: true, config: reviewed, Ask: "create jane@acme.example Jane because she asked", Decide: reviewsAnApp, Want: approvals.Done, Op: vendorsim.Create, more: 1, Tells: 1},
	{Name: "a joiner", Long: true, config: joining, there: AGroup, Ask: "create jane@acme.example Jane because she asked", Decide: joins, Want: approvals.Done, Op: vendorsim.Create, steps: 2, more: 1, Tells: 1},
	{Name: lookedOver, Ask: "create pat@agency.example Pat sites=103 because she audits it", Decide: looksOver, Want: approvals.Done, Op: vendorsim.Create, Tells: 2},
	{Name: "a leaver", Long: true, config: departing, Ask: "create dave@acme.example Dave because he asked", Decide: departs, Want: approvals.Done, Op: vendorsim.Create, more: 1, Tells: 1},
	{Name: "by hand, for a time", config: working, Ask: "create jane@acme.example Jane for=40m app=hiring because she asked", Decide: lentByHand, Want: approvals.Ended, Tells: 3},
	{Name: "a share of a pool", config: pooled, Ask: "create jane@acme.example Jane keywords=1000 app=semrush because she plans", Decide: sharedOut, Want: approvals.Done, Tells: 1},
	{Name: "deny", Ask: "create jane@acme.example Jane because she asked", Decide: deny, Want: approvals.Denied, Tells: 1},
	{Name: "cancel", Ask: "create jane@acme.example Jane because she asked", Decide: cancel, Want: approvals.Canceled},
	{Name: "expiry", Ask: "create jane@acme.example Jane because she asked", Decide: func(p *Played) { p.Live(time.Hour) }, Want: approvals.Expired, Tells: 1},
	{Name: "retry", Ask: "create jane@acme.example Jane because she asked", Decide: retry, Want: approvals.Done, Op: vendorsim.Create, Tells: 2, Admins: 1},
	{Name: "doubt, happened", Ask: "create jane@acme.example Jane because she asked", Decide: doubt(vendorsim.After, "It happened"), Want: approvals.Done, Op: vendorsim.Create, Tells: 1, Admins: 1, maybe: true},
	{Name: "doubt, did not", Ask: "create jane@acme.example Jane because she asked", Decide: doubt(vendorsim.Before, "It did not – try again"), Want: approvals.Done, Op: vendorsim.Create, Tells: 1, Admins: 1, maybe: true},
	{Name: "doubt, seen", Ask: "create jane@acme.example Jane because she asked", Decide: doubt(vendorsim.After, ""), Want: approvals.Done, Op: vendorsim.Create, Tells: 1, Admins: 1, maybe: true},
	{Name: "a card that comes twice", before: DelayThePost, Ask: "create jane@acme.example Jane because she asked", Decide: Approve, Want: approvals.Done, Op: vendorsim.Create, Tells: 1},
	{Name: "read late", before: unreadable, Ask: "share priya.nair@acme.example shop.acme.example,careers because she audits them", Decide: readAndApprove, Want: approvals.Done, Op: vendorsim.SetShares, Tells: 1},
	{Name: "unclear", Ask: "share priya.nair@acme.example \"Acme Shop\" because she audits it", Decide: deny, Want: approvals.Denied, Tells: 1},
	{Name: "the data is lost", lost: "create jane@acme.example Jane because she asked", Ask: "delete dale@globex.example because the project ended",
		Decide: approveBesideLost, Want: approvals.Done, Op: vendorsim.Delete, Tells: 1},
	{Name: "the data is lost after a refusal", lost: "create priya.nair@acme.example Priya because she joins", Ask: "create priya.nair@acme.example Priya because she has joined",
		Decide: refusedBesideLost, Want: approvals.Failed, Tells: 1, Admins: 1},
	{Name: "units run low", config: watching, there: Plenty, Decide: runsLow, report: true, warned: true},
	{Name: "report", Decide: func(p *Played) { p.Live(20 * time.Minute) }, report: true},
	{Name: "a report to people", config: toPeople, Decide: func(p *Played) { p.Live(20 * time.Minute) }, readers: []string{"U0BOB", "U0ERIN"}},
	{Name: "a report of what needs people", Long: true, config: toNeeded, Decide: waitsForBob, holds: bobIsNeeded},
	{Name: "a report to managers", config: toManagers, Decide: bothAsk, holds: managersHear},
	{Name: "a report whose table is refused", there: RefuseTables, Decide: func(p *Played) { p.Live(20 * time.Minute) }, report: true},
	{Name: "a report's account is asked about", there: HireMarco, Decide: asksAHolder, report: true, holds: holderAskedOnce},
	{Name: "a report shown alone, and posted", config: noSlot, Decide: postsAReport, holds: postedOnce},
	{Name: "what is closed is removed", config: keepsAQuarter, Decide: takesBack, holds: removedOnce},
	{Name: "somebody is forgotten", config: noSlot, Decide: forgottenForGood, holds: forgottenOnce},
	{Name: "a long report", there: SlowPages, Decide: func(p *Played) { p.Live(25 * time.Minute) }, report: true},
}

// Config is the configuration under which a scenario is played.
func (s Scenario) Config() string {
	if s.config != "" {
		return s.config
	}
	return Config
}

// Played is a scenario being played in a world in which the program may die at any time.
type Played struct {
	*World
	Scenario Scenario
	deaths   int
	// shares is what everybody had before.
	Shares []vendorsim.Account
	loss
}

// Live lets time pass; when the program dies meanwhile it is started again, as a supervisor would.
func (p *Played) Live(d time.Duration) {
	step := min(max(d/20, time.Second), 10*time.Second)
	for end := time.Now().Add(d); time.Now().Before(end); p.Pass(step) {
		p.revive()
	}
	p.revive()
}

func (p *Played) revive() {
	if p.App != nil && !p.Life.Over() {
		return
	}
	if p.App != nil {
		p.deaths++
		p.Crash()
	}
	p.Start()
}

// request is the request as it is kept; ok is false while there is none.
func (p *Played) request() (r approvals.Request, ok bool) {
	p.revive()
	r, err := p.App.Desk.Request(context.Background(), 1)
	return r, err == nil
}

// until is a person who acts, looks whether it worked, and acts again if it did not. What was
// acknowledged as kept and is not there is a broken promise.
func (p *Played) until(what string, act func() (acked bool), worked func() bool) {
	for range 8 {
		acked := act()
		p.Live(30 * time.Second)
		if worked() {
			return
		}
		if acked {
			p.T.Errorf("%s was acknowledged, and is not there", what)
		}
	}
	p.T.Fatalf("%s did not work in 8 tries", what)
}

// types sends a command; acked says that its answer bears the words of success.
func (p *Played) types(text, success string) bool { return p.typesAs("U0ALICE", text, success) }

// typesAs is types by anybody.
func (p *Played) typesAs(who, text, success string) bool {
	p.revive()
	out := p.N.Slack.Type(who, "C0GENERAL", "/access "+text).Wait()
	return out.Acked && strings.Contains(string(out.Payload), success)
}

// Asked is Alice typing the scenario's wish, or filling in the form, until it is kept.
func (p *Played) Asked() {
	if p.Scenario.byForm {
		p.until("the form", p.fillsIn, func() bool { _, ok := p.request(); return ok })
		p.sendsAgain()
		return
	}
	p.until("the asking", func() bool { return p.types(p.Scenario.Ask, "*#1*") },
		func() bool { _, ok := p.request(); return ok })
}

// decided reports whether the request has left pending.
func (p *Played) decided() bool {
	r, ok := p.request()
	return ok && r.State != approvals.Pending
}

// Card is the newest card with buttons, waited for.
func (p *Played) Card() slacksim.Message {
	for range 60 {
		for _, m := range p.ours(p.N.Slack.Messages("C0APPROVE")) {
			if len(Buttons(m)) > 0 {
				return m
			}
		}
		p.Live(10 * time.Second)
	}
	p.T.Fatalf("there is no card to decide on")
	return slacksim.Message{}
}

// Play plays a scenario to its end and holds it to the promises.
func (p *Played) Play() {
	if p.Scenario.there != nil {
		p.Scenario.there(p.World)
	}
	p.Start()
	p.Live(time.Second)
	if p.Scenario.lost != "" {
		p.lifeBefore()
	}
	if p.Scenario.before != nil {
		p.Scenario.before(p.World)
	}
	if p.Scenario.Ask != "" {
		p.Asked()
	}
	p.Scenario.Decide(p)
	p.Live(3 * time.Minute)
	p.Promises()
	p.Live(8 * time.Minute)
	p.Promises()
}

// Promises are what holds whatever happened on the way.
func (p *Played) Promises() {
	p.sound()
	if p.Scenario.Ask == "" {
		if p.Scenario.report || len(p.Scenario.readers) > 0 {
			p.reported()
		}
		if p.Scenario.warned {
			p.warnedOnce()
		}
		if p.Scenario.holds != nil {
			p.Scenario.holds(p)
		}
		return
	}
	r, _ := p.request()
	p.askedOnce(r)
	if r.State == approvals.Pending && time.Now().After(r.Expires) {
		p.T.Errorf("the request is open past its time")
	}
	require.Equal(p.T, p.Scenario.Want, r.State, "%v", r.Outcome)
	p.askedTogether(r)
	_, more := p.App.Desk.Request(context.Background(), 2+p.Scenario.others+int64(p.Scenario.more))
	require.Equal(p.T, approvals.NotFound, approvals.CodeOf(more), "there is no other request")
	if p.Scenario.Op == "" && len(slices.Concat(p.Scenario.ends...)) == 0 {
		require.Empty(p.T, p.N.Vendor.Effects(), "nothing was done")
	}
	if p.Scenario.Op != "" {
		effects := 0
		for _, c := range p.N.Vendor.CallsOf(p.Scenario.Op) {
			if c.Effect != "" {
				effects++
			}
		}
		require.Equal(p.T, max(p.Scenario.steps, 1), effects, "the deed happened once")
	}
	p.sharesStand(r)
	p.leftAlone()
	cards := p.cardsIn("C0APPROVE")
	require.Len(p.T, cards, 1+p.Scenario.more, "cards of one request")
	p.closed(r, cards[0])
	p.tasksShown(r)
	progress, rest := Progress(p.ours(p.N.Slack.DM("U0ALICE")))
	require.Len(p.T, rest, p.Scenario.Tells+len(r.Questions), "messages to who asked")
	p.progressShown(r, progress)
	p.adminHeard(r)
	p.approverHeard(r)
	p.escalatedOnce(r)
	p.handedOnOnce(r)
	p.talkedOnce(r)
	p.questionsHeard(r)
	p.editsHeard(r)
	p.remindedOnce()
	p.movedOnce()
	p.ofOtherRooms()
	p.HomesShow()
}

// approverHeard holds what those who are named as approvers have of it to what is so: one message at most, none before
// their step began, and none at all only where it was decided before they could have one.
func (p *Played) approverHeard(r approvals.Request) {
	called := map[string]bool{}
	all, err := p.App.Desk.Besides(context.Background(), r)
	require.NoError(p.T, err)
	for _, o := range all {
		for i := range o.Reached() + 1 {
			for _, who := range o.EligibleOn(i).People() {
				called[string(who)] = true
			}
		}
	}
	for _, u := range p.N.Slack.Users() {
		heard := slices.DeleteFunc(ToApprover(p.ours(p.N.Slack.DM(u.ID)), true), func(m slacksim.Message) bool { return aboutSeat(KeyOf(m)) || approvals.NumberOf(KeyOf(m)) != r.Number })
		if slices.Contains(r.Gone, u.ID) {
			require.LessOrEqual(p.T, len(heard), 1, "messages to an approver who has left")
			continue
		}
		stood := r.Stood(approvals.PersonID(u.ID)) // their time may have been too short to hear of it
		if !called[u.ID] && !stood {
			require.Empty(p.T, heard, "%s is asked", u.ID)
			continue
		}
		if len(heard) > 0 || !stood && !r.Several() && r.Decided.Sub(r.Asked) > 10*time.Minute {
			require.Len(p.T, heard, 1, "messages to the approver")
			Shows(p.T, ApproverCardOf(p.T, p.App.Desk, r, approvals.PersonID(u.ID)), heard[0], "what the approver has")
		}
	}
}

// askedOnce: the vendor is not asked again for what it has done, and nothing is called done that it did not do.
func (p *Played) askedOnce(r approvals.Request) {
	if p.Scenario.Op == "" {
		return
	}
	done, steps := 0, max(p.Scenario.steps, 1)
	for _, c := range p.N.Vendor.CallsOf(p.Scenario.Op) {
		if done == steps {
			p.T.Errorf("the vendor was asked again for what it had done; crashes on the way: %d, answer %d", p.deaths, c.Status)
		}
		done += One(c.Effect != "")
	}
	if r.State == approvals.Done && done == 0 {
		p.T.Errorf("the request is called done, and the vendor did nothing")
	}
}

// adminHeard holds the admin's own card to what is so. Where nothing was struck, a scenario of doubt
// must have come to one.
func (p *Played) adminHeard(r approvals.Request) {
	heard := slices.DeleteFunc(ToApprover(p.ours(p.N.Slack.DM("U0ADMIN")), false), func(m slacksim.Message) bool { return ofReview(m) || ofLeaving(m) })
	if !p.Scenario.maybe || p.Points.Hit == "" || len(heard) > 0 {
		require.Len(p.T, heard, p.Scenario.Admins, "messages to the admin")
	}
	for _, m := range heard {
		Shows(p.T, view.AdminCard(r), m, "the admin's card")
		require.Equal(p.T, r.State == approvals.Failed && !r.Lapsed, len(Buttons(m)) > 0, "buttons of the admin's card")
	}
}
