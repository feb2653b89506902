package simulation

import (
	"fmt"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/sim/slacksim"
	"github.com/usherbot/usher/sim/vendorsim"
	"github.com/usherbot/usher/test/world"
)

// misfortunes is what the test remembers of what it did to the world.
type misfortunes struct {
	// foul is until when faults of Slack's may still be about. hiding are methods that have a fault, limited
	// those that have a limit: no method has both, for a fault could hide from the program that it was told to wait.
	foul            time.Time
	hiding, limited map[string]bool
	// swaps is what changed hands at the vendor's.
	swaps []swapped
	// refusing: the vendor has refused something that was in order.
	refusing bool
	// blocked are channels the bot could not write to for a while, alarmed topics the admins must hear of.
	blocked, alarmed map[string]bool
	// archived says that the channel of reports was archived at some time.
	archived bool
	// gone is when people left and came back.
	gone map[string][]time.Time
	// deleted are cards that somebody deleted.
	deleted map[string]bool
}

func newMisfortunes() misfortunes {
	return misfortunes{hiding: map[string]bool{}, limited: map[string]bool{}, blocked: map[string]bool{}, alarmed: map[string]bool{}, gone: map[string][]time.Time{}, deleted: map[string]bool{}}
}

func (s *simulation) slackIsFine() bool        { return time.Now().After(s.foul) }
func (s *simulation) everLeft(who string) bool { return len(s.gone[who]) > 0 }

// something is one thing that happens, picked by weight.
func (s *simulation) something() {
	total := 0
	for _, h := range s.plot.happenings {
		total += h.weight
	}
	pick := s.rng.IntN(total)
	for _, h := range s.plot.happenings {
		if pick -= h.weight; pick < 0 {
			h.do(s)
			return
		}
	}
}

// pause is the time between two things; now and then a long one.
func (s *simulation) pause() {
	most := pickOf(s, []time.Duration{0, 100 * time.Millisecond, 2 * time.Second, 2 * time.Second, 20 * time.Second, 20 * time.Second, 2 * time.Minute, 2 * time.Minute, 6 * time.Minute})
	if s.setting.Long {
		most = pickOf(s, []time.Duration{2 * time.Second, time.Minute, time.Hour, 12 * time.Hour})
	}
	if most > 0 {
		most = time.Duration(s.rng.Int64N(int64(most)))
	}
	s.spend(most)
}

// atOnce lets several people act on one request in the same moment.
func (s *simulation) atOnce() {
	n := s.number()
	s.note("all at once on #%d", n)
	s.count("acts: at once")
	var all []*slacksim.Delivery
	for range 2 + s.rng.IntN(3) {
		switch s.rng.IntN(4) {
		case 0:
			all = append(all, s.approves("U0BOB", n))
		case 1:
			all = append(all, s.approves("U0ERIN", n))
		case 2:
			all = append(all, s.types(pickOf(s, askers), fmt.Sprintf("cancel %d", n)))
		default:
			all = append(all, s.approves(pickOf(s, strangers), n))
		}
		<-time.After(time.Duration(1 + s.rng.IntN(1e6)))
	}
	for _, d := range all {
		s.done(d)
	}
}

// again delivers the last envelope once more, as Slack is known to do.
func (s *simulation) again() {
	if s.last == nil || time.Since(s.lastAt) > 10*time.Minute || !s.N.Slack.Redeliver(s.last) {
		return
	}
	s.note("Slack delivers the last envelope to %s once more", s.lastBy)
	s.count("faults: slack redelivers")
	s.heard[s.lastBy]++
	s.spend(5 * time.Second)
}

var slackMethods = []string{"auth.test", "chat.postMessage", "chat.postMessage", "chat.postMessage", "chat.update", "chat.update", "chat.delete", "chat.postEphemeral",
	"conversations.history", "conversations.open", "users.info", "users.lookupByEmail", "usergroups.users.list", "views.open", "views.publish", "apps.connections.open", "response_url", "link"}

func (s *simulation) slackFault() {
	s.shakes()
	method := pickOf(s, s.methods())
	s.foul = time.Now().Add(24 * time.Hour) // it may wait long for its call
	if limited := s.rng.IntN(4) == 0; limited && method != "link" && !s.hiding[method] {
		n, after := 1+s.rng.IntN(3), time.Duration(1+s.rng.IntN(20))*time.Second
		s.note("Slack limits %s %d times for %v", method, n, after)
		s.count("faults: slack 429")
		s.N.Slack.RateLimit(method, n, after)
		s.limited[method] = true
		return
	}
	if s.limited[method] {
		return
	}
	f := slacksim.Fault{Method: method, After: s.rng.IntN(2) == 0, Times: 1 + s.rng.IntN(3), Skip: s.rng.IntN(2),
		Kind:  pickOf(s, []slacksim.Kind{slacksim.Status500, slacksim.Cut, slacksim.Slow, slacksim.HTML, slacksim.Hang, slacksim.Torn, slacksim.OtherID, slacksim.NoID}),
		Delay: time.Duration(1+s.rng.IntN(15)) * time.Second}
	if method == "chat.postMessage" && s.rng.IntN(4) == 0 {
		f.Kind, f.After, f.Delay = slacksim.Late, false, time.Duration(1+s.rng.IntN(600))*time.Second // and stands twice for a while
	}
	if method == "auth.test" && f.Kind == slacksim.OtherID { // who the bot is, is believed when two answers agree
		if f.Times, f.Skip = 1, 0; s.hiding[method] {
			return
		}
	}
	s.note("Slack: %+v", f)
	s.count(fmt.Sprintf("faults: slack %s, applied %v", f.Kind, f.After))
	s.hiding[method] = true
	s.N.Slack.Plan(f)
}

// slackAway lets nothing through to Slack for a while; its connections may stand. Meanwhile the machine's
// clock is right: a program that starts under a wrong one and has nobody to ask goes by it (clock.go).
func (s *simulation) slackAway() {
	s.shakes()
	s.wall = 0
	d := time.Duration(5+s.rng.IntN(400)) * time.Second
	kind := pickOf(s, []slacksim.Kind{slacksim.Status500, slacksim.Cut, slacksim.HTML})
	s.note("Slack's API is away for %v (%s)", d, kind)
	s.count("faults: slack away")
	for _, method := range s.methods() {
		s.N.Slack.Plan(slacksim.Fault{Method: method, Kind: kind, Times: 1e6})
	}
	s.spend(d)
	s.clearsUp()
	s.foul = time.Now().Add(10 * time.Minute)
}

// clearsUp ends all faults of Slack's.
func (s *simulation) clearsUp() {
	s.N.Slack.ClearFaults()
	clear(s.hiding)
	clear(s.limited)
}

func (s *simulation) connections() {
	what := pickOf(s, []string{"refresh", "refresh all", "warning", "drop", "ghost"})
	s.note("Slack's connections: %s", what)
	s.count("faults: slack " + what)
	switch what {
	case "refresh":
		s.N.Slack.Refresh()
	case "refresh all":
		s.N.Slack.RefreshAll()
	case "warning":
		s.N.Slack.Disconnect("warning")
	case "drop":
		s.N.Slack.Drop()
	case "ghost":
		s.N.Slack.Ghost()
	}
}

var vendorOps = []vendorsim.Op{vendorsim.List, vendorsim.List, vendorsim.Details, vendorsim.Create, vendorsim.Create, vendorsim.Create, vendorsim.Update,
	vendorsim.Delete, vendorsim.Delete, vendorsim.Shared, vendorsim.Owned, vendorsim.SetShares, vendorsim.SetShares, vendorsim.SetShares, vendorsim.Sites}

// vendorFault plans a fault at the vendor's. What it never does is lie: it does not say no to what it
// has done, and what it does late it does within the time that a look waits for.
func (s *simulation) vendorFault() {
	s.shakes()
	op := pickOf(s, vendorOps)
	f := vendorsim.Fault{Match: vendorsim.Match{Op: op, Nth: 1 + s.rng.IntN(2), Times: 1 + s.rng.IntN(3)},
		Kind: pickOf(s, []vendorsim.Kind{vendorsim.Cut, vendorsim.Cut, vendorsim.Status, vendorsim.Status, vendorsim.Slow, vendorsim.Late, vendorsim.HTML,
			vendorsim.RateLimited, vendorsim.Redirect, vendorsim.WrongID, vendorsim.Garbage, vendorsim.Truncated}),
		When: pickOf(s, []vendorsim.When{vendorsim.Before, vendorsim.After})}
	switch f.Kind {
	case vendorsim.Status:
		f.Status = pickOf(s, []int{500, 502, 503, 504})
		if f.When == vendorsim.Before && s.rng.IntN(4) == 0 {
			f.Status, s.refusing = pickOf(s, []int{400, 401, 403, 404, 422}), true
		}
	case vendorsim.Redirect, vendorsim.Garbage:
		s.refusing = true // a redirected read counts as a refusal, as does a write that was accepted and is not seen
	case vendorsim.Slow:
		f.Delay = time.Duration(1+s.rng.IntN(90)) * time.Second
	case vendorsim.Late:
		f.When, f.Delay = vendorsim.Before, time.Duration(1+s.rng.IntN(7000))*time.Millisecond
	case vendorsim.RateLimited:
		f.When, f.RetryAfter = vendorsim.Before, pickOf(s, []string{"", "3", "30"})
	case vendorsim.WrongID:
		f.When, f.Match.Op = vendorsim.After, pickOf(s, []vendorsim.Op{vendorsim.Create, vendorsim.Details})
	case vendorsim.Truncated:
		f.When = vendorsim.After
	}
	s.note("the vendor: %+v", f)
	s.count("faults: vendor " + string(f.Kind) + " " + string(f.When))
	require.NoError(s.T, s.N.Vendor.Plan(f))
}

// vendorAway lets every call to the vendor fail for a while, or every read.
func (s *simulation) vendorAway() {
	d := time.Duration(10+s.rng.IntN(900)) * time.Second
	f := vendorsim.Fault{Match: vendorsim.Match{Times: -1, Method: pickOf(s, []string{"", "GET"})}, Kind: pickOf(s, []vendorsim.Kind{vendorsim.Cut, vendorsim.Status, vendorsim.HTML, vendorsim.Garbage})}
	s.note("the vendor is away for %v: %+v", d, f)
	s.count("faults: vendor away")
	require.NoError(s.T, s.N.Vendor.Plan(f))
	if s.rng.IntN(2) == 0 {
		s.done(s.approves(pickOf(s, deciders), s.number()))
	}
	s.spend(d)
	s.N.Vendor.Heal()
}

// vendorSilent lets the vendor do what it is asked next, lose its answer, and not be read for a while:
// whether it happened is in doubt.
func (s *simulation) vendorSilent() {
	s.note("the vendor loses an answer and cannot be read")
	s.count("faults: vendor silent")
	for _, op := range []vendorsim.Op{vendorsim.Create, vendorsim.Update, vendorsim.Delete, vendorsim.SetShares} {
		require.NoError(s.T, s.N.Vendor.Plan(vendorsim.Fault{Match: vendorsim.Match{Op: op}, Kind: vendorsim.Cut,
			When: pickOf(s, []vendorsim.When{vendorsim.Before, vendorsim.After})}))
	}
	blind := vendorsim.Fault{Match: vendorsim.Match{Method: "GET", Nth: 2 + s.rng.IntN(3), Times: -1}, Kind: vendorsim.Status, Status: 503}
	require.NoError(s.T, s.N.Vendor.Plan(blind))
	n := s.number()
	for k := range s.wishes {
		if r, ok := s.request(int64(k + 1)); ok && r.State == approvals.Pending {
			n = r.Number
		}
	}
	for _, who := range deciders {
		s.decides(who, n)
	}
	s.spend(time.Duration(60+s.rng.IntN(600)) * time.Second)
	s.observe()
	if s.rng.IntN(2) == 0 {
		s.settles("U0ADMIN")
	}
	s.spend(time.Duration(10+s.rng.IntN(60)) * time.Second)
	s.N.Vendor.Heal()
}

// channelShut takes a channel away from the bot for a while, mostly in good weather: nothing keeps it from telling the
// admins then.
func (s *simulation) channelShut() {
	if s.rng.IntN(3) > 0 {
		s.Points.Aim(0)
		s.clearsUp()
		s.spend(10 * time.Minute) // what faults have put off is made up for
		s.foul = time.Now().Add(-1)
	}
	channel, archived := pickOf(s, []string{"C0APPROVE", "C0APPROVE", "C0REPORTS"}), s.rng.IntN(2) == 0
	s.note("%s is shut to the bot (archived %v)", channel, archived)
	s.count("faults: channel shut")
	s.blocked[channel] = true
	s.archived = s.archived || archived && channel == "C0REPORTS"
	s.shut(channel, archived, true)
	asked := false
	if s.rng.IntN(4) > 0 {
		asked = asksFor.Match(s.done(s.ask(false)).Payload)
	}
	d := time.Duration(s.rng.IntN(900)) * time.Second
	if asked && channel == "C0APPROVE" && d > time.Minute && s.slackIsFine() && !s.Points.Aimed() {
		s.alarmed["channel-"+channel] = true
		s.count("alarms: must be heard")
	}
	s.spend(d)
	s.shut(channel, archived, false)
}

func (s *simulation) shut(channel string, archived, yes bool) {
	switch {
	case archived:
		s.N.Slack.Archive(channel, yes)
	case yes:
		s.N.Slack.Kick(channel, slacksim.BotUser)
	default:
		s.N.Slack.Invite(channel, slacksim.BotUser)
	}
}

func (s *simulation) cardDeleted() {
	n := s.number()
	if m, ok := s.cardOf(n); ok {
		s.note("somebody deletes the card of #%d", n)
		s.count("faults: card deleted")
		s.deleted[world.KeyOf(m)] = true
		s.N.Slack.DeleteMessage(m.Channel, m.TS)
	}
}

// calm heals everything and lets what is owed be done.
func (s *simulation) calm() {
	s.heals()
	s.refills()
	s.spend(15 * time.Minute)
	s.runsLow()
	s.settles("U0ADMIN")
	s.spend(s.setting.Expires + 2*time.Minute)
}

// heals ends all that is wrong.
func (s *simulation) heals() {
	s.note("all is healed")
	s.Points.Aim(0)
	s.failing.Store(0)
	s.N.Slack.ClearFaults()
	s.N.Vendor.Heal()
	s.N.Slack.BuryGhosts()
	s.wall = 0
	for _, who := range []string{"U0ERIN", "U0DAVE"} {
		if len(s.gone[who])%2 == 1 {
			s.comesOrGoes(who, false)
		}
	}
}
