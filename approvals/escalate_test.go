package approvals

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/outbox"
)

// escalating is a request in three steps that escalates each after two days to Frank and the ops, and reminds after one.
func escalating() Request {
	r := inSteps()
	r.Rule.EscalateAfter, r.Rule.EscalateTo = 48*time.Hour, []string{"U0FRANK", "S0OPS"}
	return r
}

func days(n int) time.Time { return noon.Add(time.Duration(n) * 24 * time.Hour) }

// step is a request after an event, which must be its time.
func step(t *testing.T, r Request, e Event, now time.Time) (Request, []string) {
	t.Helper()
	next, changes, err := Step(r, e, now)
	require.NoError(t, err)
	return next, keys(changes)
}

// TestEachStepEscalatesOnceFromWhenItBegan: the time counts from the asking or from the yes that began the step, a step
// that is decided escalates no more, and one that is gone back to begins anew.
func TestEachStepEscalatesOnceFromWhenItBegan(t *testing.T) {
	all := member("U0BOB", "U0ERIN", "U0CAROL", "U0DAVE", "U0FRANK")
	r := escalating()
	r.State = ""
	r, promised := step(t, r, Opened{}, noon)
	require.Equal(t, []string{"expire/12", "escalate/12/1", "card/12", "approver/12/U0BOB"}, promised)
	for _, early := range []time.Time{noon, days(2).Add(-1)} {
		_, _, err := Step(r, Escalated{Step: 0}, early)
		require.ErrorIs(t, err, ErrNotNow)
	}
	_, _, err := Step(r, Escalated{Step: 1}, days(2))
	require.ErrorIs(t, err, ErrNotNow, "that step has not begun")
	raised, promised := step(t, r, Escalated{Step: 0}, days(2))
	require.Equal(t, []string{"reminder/12/1/S0OPS", "-escalate/12/1", "card/12", "approver/12/U0BOB", "approver/12/U0FRANK"}, promised, "a group hears of it in the channel")
	require.True(t, raised.Reminders.By("S0OPS", "reminder/12/1/S0OPS"))
	require.Equal(t, []string{"U0BOB", "S0LEADS", "U0FRANK", "S0OPS"}, raised.Eligible().Approvers, "those asked before still may")
	require.Empty(t, r.Raised, "Step alters no argument")
	_, _, err = Step(raised, Escalated{Step: 0}, days(3))
	require.ErrorIs(t, err, ErrNotNow, "once")
	_, _, err = Step(r, Escalated{Step: 0}, r.Expires)
	require.ErrorIs(t, err, ErrNotNow, "its time for deciding is over")

	next, promised := step(t, r, Voted{Vote: yesOn(0, "U0BOB")[0], Facts: all}, days(1))
	require.Equal(t, []string{"-escalate/12/1", "escalate/12/2"}, promised[:2])
	at, ok := next.EscalatesAt()
	require.Equal(t, []any{days(3), true}, []any{at, ok})
	gone := member("U0ERIN", "U0CAROL", "U0DAVE")
	gone.People["U0BOB"] = Person{ID: "U0BOB"}
	back, promised := step(t, next, Rejudged{Facts: gone}, days(2))
	require.Equal(t, []string{"-escalate/12/2", "escalate/12/1"}, promised[:2])
	at, _ = back.EscalatesAt()
	require.Equal(t, days(4), at)
	_, promised = step(t, next, CanceledBy{By: "U0ALICE"}, days(2))
	require.Contains(t, promised, "-escalate/12/2")
}

// TestWhoeverItEscalatesToIsJudgedAsEverybodyIs: their yes counts from then on and is not undone by going back, it takes
// as many as it took, and nobody decides what they would gain from, nor two steps that others must decide.
func TestWhoeverItEscalatesToIsJudgedAsEverybodyIs(t *testing.T) {
	f := member("U0BOB", "U0ERIN", "U0CAROL", "U0DAVE", "U0FRANK", "U0OLGA")
	f.Groups["S0OPS"] = []PersonID{"U0OLGA", "U0ALICE"}
	r := escalating()
	ruling, say := MayDecide(r, "U0FRANK", f)
	require.Equal(t, MayNot, ruling)
	require.Contains(t, say.Plain(), "If it's still waiting")
	r, _ = step(t, r, Escalated{Step: 0}, days(2))
	for who, want := range map[Actor]Ruling{"U0FRANK": May, "U0OLGA": May, "U0BOB": May, "U0ERIN": May, "U0CAROL": MayNot, "U0ALICE": MayNot} {
		ruling, _ := MayDecide(r, who, f)
		require.Equal(t, want, ruling, who)
	}
	f.People["U0ALICE"] = Person{ID: "U0ALICE", Active: true, Email: "alice@acme.example"}
	own := r
	own.Change.Person = "U0FRANK"
	ruling, _ = MayDecide(own, "U0FRANK", f)
	require.Equal(t, MayNot, ruling, "it is for them")
	own.Change.Person, own.Change.Email = "", "U0OLGA+seo@acme.example"
	ruling, _ = MayDecide(own, "U0OLGA", f)
	require.Equal(t, MayNot, ruling, "it is for them, by their address")
	require.NotContains(t, own.Eligible().Approvers, "U0ALICE")

	r, _ = step(t, r, Voted{Vote: yesOn(0, "U0FRANK")[0], Facts: f}, days(2))
	require.Equal(t, []any{1, Pending}, []any{r.Present(), r.State})
	require.Equal(t, days(2), r.Since())
	r, _ = step(t, r, Escalated{Step: 1}, days(4))
	ruling, _ = MayDecide(r, "U0FRANK", f)
	require.Equal(t, MayNot, ruling, "who decided an earlier step")
	r, _ = step(t, r, Voted{Vote: yesOn(1, "U0OLGA")[0], Facts: f}, days(4))
	require.Equal(t, []any{1, Pending}, []any{r.Present(), r.State}, "it takes two as before")
	f.People["U0FRANK"] = Person{ID: "U0FRANK"}
	r, _ = step(t, r, Rejudged{Facts: f}, days(5))
	require.Zero(t, r.Present())
	require.Equal(t, []string{"U0BOB", "S0LEADS", "U0FRANK", "S0OPS"}, r.Eligible().Approvers, "a step stays escalated")
	_, again := r.EscalatesAt()
	require.False(t, again)
}

// TestWhatEscalatesToNobodyDoesNot: no policy, too late, or nobody who is not asked already or never could.
func TestWhatEscalatesToNobodyDoesNot(t *testing.T) {
	for name, alter := range map[string]func(*Request){
		"never":                func(r *Request) { r.Rule.EscalateAfter = 0 },
		"after it expired":     func(r *Request) { r.Rule.EscalateAfter = 7 * 24 * time.Hour },
		"only who is asked":    func(r *Request) { r.Rule.EscalateTo = []string{"U0BOB", "S0LEADS"} },
		"only who asked":       func(r *Request) { r.Rule.EscalateTo = []string{"U0ALICE"} },
		"only whom it is for":  func(r *Request) { r.Rule.EscalateTo, r.Change.Person = []string{"U0FRANK"}, "U0FRANK" },
		"only who decided one": func(r *Request) { r.Rule.EscalateTo = []string{"U0FRANK"}; stepOneBy(r, "U0FRANK") },
	} {
		r := escalating()
		alter(&r)
		require.Empty(t, r.timers(), name)
		_, _, err := Step(r, Escalated{Step: r.Present()}, days(6))
		require.ErrorIs(t, err, ErrNotNow, name)
	}
}

// stepOneBy lets somebody have decided the first step.
func stepOneBy(r *Request, who Actor) {
	r.Raised = []Raise{{Step: 0, At: noon}}
	r.Votes, r.Tally = yesOn(0, who), &Tally{Counted: []Actor{who}, Steps: [][]Actor{{who}, nil, nil}, Step: 1, Reached: 1}
}

// TestTheTimerEscalatesOnce, when its time has come, and leaves alone what was decided meanwhile.
func TestTheTimerEscalatesOnce(t *testing.T) {
	now := days(1)
	d, b := deskOf(escalating(), company{})
	do := func(key string) outbox.Result {
		return d.Escalation(func() time.Time { return now }).Do(t.Context(), outbox.Job{Intent: outbox.Intent{Key: key}})
	}
	at, _, retry := do("escalate/12/1").IsRetry()
	require.Equal(t, []any{days(2), true}, []any{at, retry}, "a clock that was ahead")
	now = days(2)
	require.True(t, do("escalate/12/1").IsDone())
	require.Equal(t, []Raise{{Step: 0, At: days(2)}}, b.r.Raised)
	require.Equal(t, []string{"policy seats (9f3c), step 1 of 3: 0 of 1 said yes", "it had waited since 2026-11-23T12:00:00Z, as long as the policy gives before it escalates"}, why(b.r, Escalated{}))
	now = days(3)
	for _, key := range []string{"escalate/12/1", "escalate/12/2", "escalate/12/x", "escalate/12"} {
		require.True(t, do(key).IsDone(), key)
	}
	require.Len(t, b.r.Raised, 1)
	b.r.Raised, now = nil, b.r.Expires
	require.True(t, do("escalate/12/1").IsDone(), "what is being closed is not handed on")
	require.Empty(t, b.r.Raised)
}

// TestARequestOfBeforeNeitherRemindsNorEscalates: what was asked while policies said nothing of it.
func TestARequestOfBeforeNeitherRemindsNorEscalates(t *testing.T) {
	r := inSteps()
	require.Empty(t, r.timers())
	r.Votes, r.Tally = yesOn(0, "U0BOB"), &Tally{Counted: []Actor{"U0BOB"}, Steps: [][]Actor{{"U0BOB"}, nil, nil}, Step: 1, Reached: 1}
	r.Votes[0].At = days(1)
	require.Equal(t, days(1), r.Since(), "the step began with the vote that decided the one before")
}
