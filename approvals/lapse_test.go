package approvals

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/catalog"
)

// lapsing is a request in a state, decided a day after it was asked under a policy that gives a week.
func lapsing(s State) Request {
	r := in(s)
	r.Decided = noon.Add(24 * time.Hour)
	return r
}

// TestTryingAgainEndsAsLongAfterTheDecisionAsThePolicyGave: whatever failed since, and however often.
func TestTryingAgainEndsAsLongAfterTheDecisionAsThePolicyGave(t *testing.T) {
	r := lapsing(Running)
	end := noon.Add(8 * 24 * time.Hour)
	require.Equal(t, end, r.Until())
	for range 3 {
		failed, changes, err := Step(r, Refused{}, end.Add(-time.Hour))
		require.NoError(t, err)
		require.False(t, failed.Lapsed)
		for _, c := range changes {
			if c.Put != nil && c.Put.Key == LapseKey(12) {
				require.Equal(t, end, c.Put.Due, "a failure does not begin it anew")
			}
		}
		require.Contains(t, keys(changes), LapseKey(12))
		_, _, err = Step(failed, RetriedBy{By: "U0ADMIN"}, end)
		require.ErrorIs(t, err, ErrNotNow)
		r, _, err = Step(failed, RetriedBy{By: "U0ADMIN"}, end.Add(-time.Nanosecond))
		require.NoError(t, err)
	}
	late, changes, err := Step(r, Refused{}, end)
	require.NoError(t, err)
	require.True(t, late.Lapsed, "what fails after the end is over at once")
	require.NotContains(t, keys(changes), LapseKey(12))
}

// TestTheEndOfTryingAgainIsNotedOnceAndTold: of a failed deed its requester hears; of a doubt they were told nothing.
func TestTheEndOfTryingAgainIsNotedOnceAndTold(t *testing.T) {
	end := lapsing(Failed).Until()
	for state, want := range map[State][]string{
		Failed:  {"-lapse/12", "tell/12/requester/lapsed", "card/12"},
		InDoubt: {"-lapse/12", "card/12"},
	} {
		_, _, err := Step(lapsing(state), TooLate{}, end.Add(-time.Nanosecond))
		require.ErrorIs(t, err, ErrNotNow)
		r, changes, err := Step(lapsing(state), TooLate{}, end)
		require.NoError(t, err)
		require.True(t, r.Lapsed)
		require.Equal(t, state, r.State)
		require.Equal(t, want, keys(changes))
		_, _, err = Step(r, TooLate{}, end.Add(time.Hour))
		require.ErrorIs(t, err, ErrNotNow)
	}
	for _, state := range []State{Pending, Approved, Running, Done, Denied, Expired, Canceled} {
		_, _, err := Step(lapsing(state), TooLate{}, end)
		require.ErrorIs(t, err, ErrNotNow, state)
	}
}

// TestADoubtIsSettledAlsoAfterTheEndButNothingIsAskedAgain on an admin's word.
func TestADoubtIsSettledAlsoAfterTheEndButNothingIsAskedAgain(t *testing.T) {
	end := lapsing(InDoubt).Until()
	r, changes, err := Step(lapsing(InDoubt), AdminSays{By: "U0ADMIN"}, end)
	require.NoError(t, err)
	require.Equal(t, Failed, r.State)
	require.True(t, r.Lapsed)
	require.True(t, r.Outcome.Tried, "the vendor was asked once, and nobody saw what it did")
	require.Equal(t, []string{"-deed/12", "-lapse/12", "tell/12/requester/failed", "-lapse/12", "card/12"}, keys(changes))
	require.True(t, saidBefore(r, AdminSays{By: "U0ADMIN"}), "a double click is no noise")
	r, _, err = Step(lapsing(InDoubt), AdminSays{By: "U0ADMIN", Happened: true}, end)
	require.NoError(t, err)
	require.Equal(t, Done, r.State)
	r, _, err = Step(lapsing(InDoubt), Resumed{}, end)
	require.NoError(t, err, "what looking saw goes on")
	require.Equal(t, Running, r.State)
}

// TestAnAttemptKeepsToTheAccountOfTheOneBefore where none was known when it was asked.
func TestAnAttemptKeepsToTheAccountOfTheOneBefore(t *testing.T) {
	for name, row := range map[string]struct {
		action  Action
		pinned  string
		outcome *Outcome
		doubt   *Doubt
		want    string
	}{
		"failed":             {action: catalog.Delete, outcome: &Outcome{AccountID: "7"}, want: "7"},
		"in doubt":           {action: catalog.Delete, doubt: &Doubt{Account: "7"}, want: "7"},
		"known when asked":   {action: catalog.Delete, pinned: "5", outcome: &Outcome{AccountID: "7"}, want: "5"},
		"somebody else's":    {action: catalog.Create, outcome: &Outcome{AccountID: "7"}, want: ""},
		"none was found yet": {action: catalog.Share, outcome: &Outcome{}, want: ""},
	} {
		t.Run(name, func(t *testing.T) {
			r, e := lapsing(Failed), Event(RetriedBy{By: "U0ADMIN"})
			if row.doubt != nil {
				r, e = lapsing(InDoubt), AdminSays{By: "U0ADMIN"}
			}
			r.Action, r.Change.Account, r.Outcome, r.Doubt = row.action, row.pinned, row.outcome, row.doubt
			next, _, err := Step(r, e, r.Decided)
			require.NoError(t, err)
			require.Equal(t, Running, next.State)
			require.Equal(t, row.want, next.Change.Account)
		})
	}
}
