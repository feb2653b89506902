package simulation

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/app"
	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/catalog"
	"github.com/usherbot/usher/policy"
	"github.com/usherbot/usher/test/world"
)

// laws are what holds once all is healed and time has passed, whatever happened before.
func (s *simulation) laws() {
	all := s.whole()
	s.ended(all)
	s.asked(all)
	s.forms(all)
	s.together(all)
	s.bundles(all)
	s.acknowledged(all)
	s.voted(all)
	s.replayed(all)
	s.escalations(all)
	s.handedOn(all)
	s.managers(all)
	s.questions(all)
	s.editions(all)
	s.talk(all)
	s.slept(all)
	s.hadEnough(all)
	s.followers(all)
	s.reminders(all)
	s.onceEach(all)
	s.endings(all)
	s.seats(all)
	s.lines(all)
	s.onTheCard(all)
	s.stops(all)
	s.leavers(all)
	s.messages(all)
	s.leavingsHold(all)
	s.homes()
	s.daysRemembered()
	s.leftAlone()
	s.whispers()
	s.unpanicked()
}

// whole are all requests, in the order of their numbers, in a store that is whole.
func (s *simulation) whole() []approvals.Request {
	s.Pass(0)
	require.NoError(s.T, s.App.Store.Check(context.Background()), "the store")
	wrong, err := world.Demanded(s.App.Desk)
	require.NoError(s.T, err)
	require.Empty(s.T, wrong, "the seats")
	all := s.requests()
	slices.Reverse(all)
	for _, r := range all {
		s.count("requests: " + string(r.State))
		s.note("#%d %s for %s: %s", r.Number, targetOf(r), r.Requester, r.State)
	}
	return all
}

func (s *simulation) unpanicked() {
	for _, line := range s.Logs.Take() {
		if strings.Contains(line, "panic") {
			s.Errorf("it panicked: %s", line)
		}
	}
}

func (s *simulation) requests() []approvals.Request {
	all, err := s.App.Desk.Requests(context.Background(), approvals.Filter{All: true}, 1000)
	require.NoError(s.T, err)
	return all
}

// observe follows the states of the requests: what is closed stays as it is, and nothing expires early
// (but for a clock that is so little wrong that nobody corrects it).
func (s *simulation) observe() {
	if s.App == nil || s.Life.Over() {
		return
	}
	all := s.requests()
	for _, r := range all {
		was := s.seen[r.Number]
		if was == approvals.InDoubt || r.State == approvals.InDoubt && was != r.State {
			s.count("doubts: seen")
		}
		if was.Terminal() && was != approvals.Failed && r.State != was && (was != approvals.Done || r.End == nil) {
			s.Errorf("#%d was %s and is %s", r.Number, was, r.State)
		}
		if was != r.State && r.State == approvals.Expired && r.Extends == nil {
			for _, w := range s.wishes {
				if early := s.setting.Expires - time.Since(w.at); w.target == targetOf(r) && w.who == string(r.Requester) && early > 2*app.Tolerance && s.wishesOf(r) == 1 {
					s.Errorf("#%d expired %v too early", r.Number, early)
				}
			}
		}
		s.abandoned(r)
		s.seen[r.Number] = r.State
	}
	if s.isWell() {
		s.moved(all)
	}
	s.plot.observe(s, all)
}

func (s *simulation) wishesOf(r approvals.Request) (n int) {
	for _, w := range s.wishes {
		if w.target == targetOf(r) && w.who == string(r.Requester) {
			n++
		}
	}
	return n
}

// ended: no request is left in the air, and none failed without a cause.
func (s *simulation) ended(all []approvals.Request) {
	for _, r := range all {
		if !r.State.Terminal() && r.State != approvals.Ending {
			s.Errorf("#%d is still %s", r.Number, r.State)
		}
		if r.State == approvals.Failed && !s.mayFail(r, all) {
			s.Errorf("#%d failed without a cause: %s", r.Number, r.Outcome.Text.Plain())
		}
	}
}

// leavers: nobody is given anything who had left before the deed began and did not come back before it was done.
func (s *simulation) leavers(all []approvals.Request) {
	for _, r := range all {
		who := string(r.Change.Person)
		if who != "" && r.State == approvals.Failed && strings.Contains(r.Outcome.Text.Plain(), "has left") {
			s.count("leavers: given nothing")
		}
		if who == "" || r.State != approvals.Done || !r.Gives() || r.Attempt > 1 || r.Outcome.Said != "" {
			continue
		}
		if away := s.awayFor(who, r.Outcome.At); away > 0 && r.Outcome.At.Add(-away).Before(r.Started) {
			s.Errorf("#%d gave something to %s, who had left %v before it was begun", r.Number, who, r.Started.Sub(r.Outcome.At.Add(-away)))
		}
	}
}

func (s *simulation) mayFail(r approvals.Request, all []approvals.Request) bool {
	if r.Fell != 0 { // with the item that makes its account
		return slices.ContainsFunc(all, func(o approvals.Request) bool {
			return o.Number == r.Maker() && o.Number == r.Fell && o.State == approvals.Failed
		})
	}
	if s.changed(r) || r.Outcome.Said != "" {
		return true // it was something else by then; or an admin closed it too late to try it again
	}
	if s.everLeft(idOf(r.Change.Email)) || s.refusing || s.setting.Seats < 40 || r.Change.Email == owner || r.Change.Email == holder {
		return true
	}
	if s.formForbids(r) || s.besides(r) || s.brokenOff(r) {
		return true
	}
	return slices.ContainsFunc(s.ever(all), func(o approvals.Request) bool { // it was done before, in part at least, or undone
		return o.Name() != r.Name() && o.Change.Email == r.Change.Email && (gave(o) || s.lost[o.Nonce] && begun(o) || s.partly(o))
	})
}

// asked: every request was asked by its requester, at most once for each time they did.
func (s *simulation) asked(all []approvals.Request) {
	opened := map[string]int{}
	for _, r := range all {
		if r.ByUsher() {
			s.count("leavers: asked about by Usher")
			continue
		}
		key := string(r.Requester) + " " + targetOf(r)
		if opened[key]++; opened[key] > s.wishesOf(r) {
			s.Errorf("#%d: %s asked for %s %d times, and that opened %d requests", r.Number, r.Requester, targetOf(r), s.wishesOf(r), opened[key])
		}
		if r.Requester == "U0GUEST" {
			s.Errorf("#%d was asked by a guest", r.Number)
		}
	}
}

// acknowledged: what was acknowledged is so.
func (s *simulation) acknowledged(all []approvals.Request) {
	for _, r := range all {
		if s.taken[r.Number] && r.State != approvals.Canceled {
			s.Errorf("#%d was taken back, and is %s", r.Number, r.State)
		}
	}
	for b := range s.counted {
		i := slices.IndexFunc(all, func(r approvals.Request) bool { return r.Number == b.n })
		if i < 0 {
			s.Errorf("#%d is gone, on which %s voted", b.n, b.who)
			continue
		}
		if v, ok := all[i].VoteOf(approvals.Actor(b.who)); (!ok || v.Yes != b.yes) && !voided(all[i], approvals.Actor(b.who), b.yes) {
			s.Errorf("#%d: the yes of %s was acknowledged, and is not there", b.n, b.who)
		}
	}
}

// leftToAdmins reports whether an admin says no to what its policy would approve by itself, were there nothing against it.
func leftToAdmins(r approvals.Request, b ballot) bool {
	return r.Rule.Auto && !b.yes && slices.Contains(r.Rule.Approvers, b.who)
}

// voted: every vote in the audit was pressed by somebody who may decide and had not asked, once; and
// the state of each request is what its votes amount to.
func (s *simulation) voted(all []approvals.Request) {
	cast := map[ballot]int{}
	err := s.App.Store.AuditLines(context.Background(), 1, func(_ int64, line []byte) error {
		var e approvals.Entry
		if err := json.Unmarshal(line, &e); err != nil || !strings.HasPrefix(e.What, "voted ") {
			return err
		}
		b := ballot{e.Request, string(e.Actor), e.What == "voted yes"}
		cast[b]++
		r := all[e.Request-1]
		deputy := s.deputized(r, e)
		switch {
		case !deputy && !slices.Contains(deciders, b.who) && !s.escalatedTo(r, e) && !decidesAsManager(r, e.Actor) && !voided(r, e.Actor, b.yes) && !r.Rule.ByHand && !leftToAdmins(r, b):
			s.Errorf("#%d: the vote of %s was counted, who is a stranger", b.n, b.who)
		case b.who == string(r.Requester):
			s.Errorf("#%d: its requester %s voted", b.n, b.who)
		case b.who == idOf(r.Change.Email):
			s.Errorf("#%d: %s voted, who it's for", b.n, b.who)
		case s.votes[b] == 0:
			s.Errorf("#%d: %s never pressed what was counted", b.n, b.who)
		case cast[b] > 1+len(r.Edits) || cast[ballot{b.n, b.who, !b.yes}] > len(r.Edits):
			s.Errorf("#%d: %s voted twice", b.n, b.who)
		case s.awayFor(b.who, e.At) > 6*time.Minute: // what Slack said of somebody is remembered for five
			s.Errorf("#%d: %s had left and voted", b.n, b.who)
		}
		return nil
	})
	require.NoError(s.T, err)
	for _, r := range all {
		yes, no := places(r), 0
		for _, v := range r.Votes {
			no += world.One(!v.Yes)
		}
		switch r.State {
		case approvals.Done, approvals.Failed:
			s.enough(r, yes)
			require.Zero(s.T, no, "#%d was approved", r.Number)
		case approvals.Denied:
			if r.DecidedBy == approvals.Usher {
				s.count("policies: refused once it was read")
				require.NotEmpty(s.T, r.Refusal, "#%d was refused without a word", r.Number)
				no++
			}
			if r.Fell != 0 {
				require.Zero(s.T, no, "#%d went with #%d", r.Number, r.Fell)
				break
			}
			require.Equal(s.T, 1, no, "#%d was denied", r.Number)
		case approvals.Canceled:
			if r.Extends != nil && r.DecidedBy != approvals.Actor(r.Requester) {
				require.NotNil(s.T, all[r.Extends.Of-1].End, "#%d was closed", r.Number)
				continue
			}
			require.EqualValues(s.T, r.AskedBy(), r.DecidedBy, "#%d was taken back", r.Number)
		}
	}
}

// replayed: decided anew by what was found out when it was asked, each request comes under the policy under which it is.
func (s *simulation) replayed(all []approvals.Request) {
	for _, r := range all {
		if stray := policy.Strays(s.Cfg, r); stray != "" {
			s.Errorf("%s", stray)
		}
		if r.Rule.Open {
			s.count("policies: not known in the end")
		}
	}
}

// enough: what was approved had a yes of enough people, and where it took several steps, of others on each.
func (s *simulation) enough(r approvals.Request, yes int) {
	if r.Rule.Auto {
		s.count("policies: approved by themselves")
		require.Equal(s.T, approvals.Usher, r.DecidedBy, "#%d", r.Number)
		require.True(s.T, s.setting.Rules && r.Found != nil && r.Found.Left != nil && *r.Found.Left > (s.setting.Seats-20)*2/3, "#%d was approved by a policy that didn't hold: %+v", r.Number, r.Found)
		return
	}
	if r.Rule.ByHand {
		s.count("edits: approved by a click though the policy would have")
		require.Equal(s.T, 1, yes, "#%d was approved", r.Number)
		return
	}
	if !r.Several() {
		require.NotEqual(s.T, catalog.Share, r.Action, "#%d is decided in one step", r.Number)
		require.GreaterOrEqual(s.T, yes, s.setting.Need, "#%d was approved", r.Number)
		return
	}
	s.count("steps: approved")
	counted := map[approvals.Actor]bool{}
	for i := range r.Rule.Stages() {
		require.NotEmpty(s.T, r.YesOn(i), "#%d was approved without a yes on step %d", r.Number, i+1)
		for _, who := range r.YesOn(i) {
			require.False(s.T, counted[who], "#%d: %s decided two steps", r.Number, who)
			counted[who] = true
			require.True(s.T, slices.ContainsFunc(r.Votes, func(v approvals.Vote) bool { return v.By == who && v.Yes && v.Step == i }), "#%d: %s said no such yes", r.Number, who)
		}
	}
}

// awayFor is for how long somebody had been deactivated at a moment.
func (s *simulation) awayFor(who string, at time.Time) time.Duration {
	away := time.Duration(0)
	for i, t := range s.gone[who] {
		if i%2 == 0 && at.After(t) && (i+1 == len(s.gone[who]) || at.Before(s.gone[who][i+1])) {
			away = at.Sub(t)
		}
	}
	return away
}
