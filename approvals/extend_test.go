package approvals

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// askedLonger is what was given for an hour, a quarter of an hour before its end, and the request to have it for another one.
func askedLonger(t *testing.T) (of, r Request, now time.Time) {
	of, at := given(t)
	now = at.Add(50 * time.Minute)
	r = Request{Number: 13, App: of.App, Action: Extend, Requester: "U0DAVE", Change: of.Change, Term: &Term{For: time.Hour}, State: Pending, Asked: now,
		Rule:    Rule{Policy: "seats", Approvers: []string{"U0BOB", "U0ALICE", "S0LEADS"}, Need: 1},
		Extends: &Extension{Of: 12, Action: of.Action, Given: at, Was: of.EndsAt, By: "U0ALICE", Allowed: []Allied{{By: "U0ERIN"}}}}
	r.Expires = r.closes(now.Add(7 * 24 * time.Hour))
	of, _, err := Step(of, LongerAsked{Longer{Number: 13, By: "U0DAVE", At: now, Was: of.EndsAt, To: r.MovesTo(), State: Pending}}, now)
	require.NoError(t, err)
	return of, r, now
}

// TestAnEndMovesOnlyByAYes: it takes a request for longer that is open about it, a later end, and that its time is not up.
func TestAnEndMovesOnlyByAYes(t *testing.T) {
	of, r, now := askedLonger(t)
	require.Equal(t, of.EndsAt, r.Expires, "the question closes with what it is about")
	to := r.MovesTo()
	require.Equal(t, of.EndsAt.Add(time.Hour), to)
	for name, row := range map[string]struct {
		of Request
		e  Event
		at time.Time
		ok bool
	}{
		"a yes":               {of, Lengthened{Number: 13, To: to}, now, true},
		"at its end":          {of, Lengthened{Number: 13, To: to}, of.EndsAt, false},
		"another request":     {of, Lengthened{Number: 14, To: to}, now, false},
		"to no later":         {of, Lengthened{Number: 13, To: of.EndsAt}, now, false},
		"a second question":   {of, LongerAsked{Longer{Number: 14, State: Pending}}, now, false},
		"nobody asked":        {mustStep(t, of, NotLengthened{Number: 13, State: Denied}, now), Lengthened{Number: 13, To: to}, now, false},
		"asked after a no":    {mustStep(t, of, NotLengthened{Number: 13, State: Denied}, now), LongerAsked{Longer{Number: 14, State: Pending}}, now, true},
		"a yes that was used": {mustStep(t, of, Lengthened{Number: 13, To: to}, now), Lengthened{Number: 13, To: to.Add(time.Hour)}, now, false},
		"it is over":          {mustStep(t, of, EndedBy{By: "U0DAVE"}, now), Lengthened{Number: 13, To: to}, now, false},
		"and nobody can ask":  {mustStep(t, of, EndedBy{By: "U0DAVE"}, now), LongerAsked{Longer{Number: 14, State: Pending}}, now, false},
	} {
		next, _, err := Step(row.of, row.e, row.at)
		require.Equal(t, row.ok, err == nil, "%s: %v", name, err)
		if !row.ok {
			require.ErrorIs(t, err, ErrNotNow, name)
			require.Equal(t, row.of.EndsAt, next.EndsAt, name)
		}
	}
	next, out, err := Step(of, Lengthened{Number: 13, To: to}, now)
	require.NoError(t, err)
	require.Equal(t, to, next.EndsAt)
	require.Equal(t, map[string]time.Time{EndKey(12): to, EndsKey(12, 2, "U0ALICE"): next.WarnsAt, EndsKey(12, 2, "U0DAVE"): next.WarnsAt}, timed(out))
	require.Contains(t, promised(out), EndsKey(12, 1, "U0DAVE"), "what was said before loses its buttons")
	_, _, err = Step(next, BackBegun{}, of.EndsAt)
	require.ErrorIs(t, err, ErrNotNow, "its first end is none any more")
	_, _, err = Step(r, Begun{}, now)
	require.ErrorIs(t, err, ErrNotNow)
}

func mustStep(t *testing.T, r Request, e Event, now time.Time) Request {
	next, _, err := Step(r, e, now)
	require.NoError(t, err)
	return next
}

// TestNobodyExtendsWhatTheyGainFrom: not who asks for longer, nor whom it is for by any address, nor who asked first, nor
// anybody in the place of one of these.
func TestNobodyExtendsWhatTheyGainFrom(t *testing.T) {
	_, r, _ := askedLonger(t)
	r.Away = []Absence{{Person: "U0ALICE", Deputy: "U0ERIN", Until: r.Asked.Add(time.Hour)}}
	f := newFacts()
	f.Groups["S0LEADS"] = []PersonID{"U0CAROL", "U0DAVE", "U0TWIN"}
	for id, email := range map[PersonID]string{"U0ALICE": "alice", "U0BOB": "bob", "U0CAROL": "carol", "U0DAVE": "dave", "U0ERIN": "erin", "U0TWIN": "Dave+seo"} {
		f.People[id] = Person{ID: id, Active: true, Email: email + "@acme.example"}
	}
	for by, want := range map[Actor]Ruling{"U0BOB": May, "U0CAROL": May, "U0DAVE": MayNot, "U0TWIN": MayNot, "U0ALICE": MayNot, "U0ERIN": MayNot, "os:dave": MayNot, "os:alice": MayNot, "os:root": May} {
		ruling, _ := MayDecide(r, by, f)
		require.Equal(t, want, ruling, by)
	}
	require.Equal(t, []string{"U0BOB", "S0LEADS"}, r.Eligible().Approvers)
	require.ElementsMatch(t, []PersonID{"U0BOB", "U0ERIN"}, r.called(), "who allowed it is asked by direct message")
}

// TestHowLongSomethingGoesOn: what a policy gives at most counts from the asking, what its conditions ask from the grant.
func TestHowLongSomethingGoesOn(t *testing.T) {
	of, r, now := askedLonger(t)
	r.App.Entry = lending().Entry
	s := r.Situation()
	require.Equal(t, of.Action, s.Action)
	require.Equal(t, 2*time.Hour, s.Lasts)
	require.Equal(t, 70*time.Minute, s.Ahead)
	require.NoError(t, Policy{MaxDuration: 70 * time.Minute}.within(r, now))
	require.ErrorIs(t, Policy{MaxDuration: 69 * time.Minute}.within(r, now), ErrTerm)
	require.Equal(t, Fails, all(When{ShorterThan: 2 * time.Hour}.judge(s)), "two short ones are no short one")
	for says, term := range map[string]Term{"lasts until": {Until: of.EndsAt}, "no time": {}, "ten years": {For: MostTerm}} {
		r.Term = &term
		err := r.termed(now)
		require.ErrorIs(t, err, ErrTerm)
		require.ErrorContains(t, err, says)
	}
}

// TestWhatCannotGoOn hears why, and what to do instead.
func TestWhatCannotGoOn(t *testing.T) {
	of, r, now := askedLonger(t)
	lent, _ := given(t)
	require.NoError(t, lent.extendable(now))
	over := mustStep(t, of, EndedBy{By: "U0DAVE"}, now)
	gone := mustStep(t, mustStep(t, over, BackBegun{}, now), BackSeen{Outcome{At: now}}, now)
	forGood := lent
	forGood.EndsAt = time.Time{}
	pending := Request{Number: 12, State: Pending, App: lending(), Action: "give"}
	denied := pending
	denied.State = Denied
	unknown := lent
	unknown.App.Entry = nil
	for says, x := range map[string]Request{"#13 already asks": of, "/access extend 12": r, "Ask again once it's gone": over, "Still needed? Ask again; /access help give": gone,
		"is for good": forGood, "isn't set up yet": pending, "denied": denied, "isn't set up in Usher any more": unknown} {
		err := x.extendable(now)
		require.Equal(t, Conflict, CodeOf(err), says)
		require.ErrorContains(t, err, says)
	}
	require.ErrorContains(t, lent.extendable(lent.EndsAt), "it's being removed")
}
