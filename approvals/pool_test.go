package approvals

import (
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/catalog"
)

// TestNobodyHandsOutMoreThanThereIs: not at the asking, where who asks may know it; not at the yes; not at the last step.
func TestNobodyHandsOutMoreThanThereIs(t *testing.T) {
	d := newPool(t, 100)
	jane := d.given(catalog.Create, "jane@acme.example", 70)
	require.Equal(t, Spread{Limit: Limit{"light", 100}, Out: 70, After: 70}, d.pool())

	_, err := d.ask(catalog.Create, "kim@acme.example", 31, false)
	require.ErrorContains(t, err, "Only 30 of the 100 light in The office's pool are left, and this asks for 31")
	m := Misplaced{}
	require.ErrorAs(t, err, &m)
	require.Equal(t, "light", m.Field)
	kim, err := d.ask(catalog.Create, "kim@acme.example", 31, true)
	require.NoError(t, err, "who may not read what others have is told nothing by it")
	require.ErrorContains(t, d.yes(kim), "Only 30 of the 100")
	require.Equal(t, Pending, d.read(kim).State)
	require.Empty(t, d.read(kim).Votes)
	_, err = d.Override(t.Context(), kim, Overridden{By: OSUser("root"), Yes: true, Reason: "because"}, "command line", noon)
	require.ErrorContains(t, err, "Only 30 of the 100", "nor past the policy")

	lee, err := d.ask(catalog.Create, "lee@acme.example", 30, false)
	require.NoError(t, err)
	require.NoError(t, d.yes(lee))
	require.Equal(t, int64(30), d.pool().Promised)
	require.NoError(t, d.begin(lee))
	d.Apps[0].Pool[0].Of = 99
	require.ErrorContains(t, d.last(lee), "Only 29 of the 99")
	require.Equal(t, Running, d.read(lee).State)
	d.given(catalog.Update, "jane@acme.example", 69)
	require.NoError(t, d.last(lee))
	require.Equal(t, Spread{Limit: Limit{"light", 99}, Out: 99, After: 99}, d.pool())

	d.Apps[0].Pool[0].Of = 50
	require.Equal(t, int64(49), d.pool().Over())
	require.Zero(t, d.pool().Left(), "never less than none")
	_, err = d.ask(catalog.Update, "jane@acme.example", 70, false)
	require.ErrorContains(t, err, "over by 49")
	d.given(catalog.Delete, "jane@acme.example", -1)
	require.Equal(t, int64(30), d.pool().Out)
	require.NotZero(t, jane)
}

// TestWhatComesBack: what failed or was called off is promised no more, and another try needs room.
func TestWhatComesBack(t *testing.T) {
	d := newPool(t, 100)
	first, err := d.ask(catalog.Create, "jane@acme.example", 60, false)
	require.NoError(t, err)
	require.NoError(t, d.yes(first))
	require.NoError(t, d.begin(first))
	require.Equal(t, int64(60), d.pool().Promised)
	_, err = d.CouldNot(t.Context(), first, "U0BOB", "the screen is gone", "slack", noon)
	require.NoError(t, err)
	require.Zero(t, d.pool().Promised)
	d.given(catalog.Create, "kim@acme.example", 50)
	_, err = d.Retry(t.Context(), first, "U0ADMIN", "slack", noon)
	require.ErrorContains(t, err, "Only 50 of the 100")
	require.Equal(t, Failed, d.read(first).State)
	d.given(catalog.Update, "kim@acme.example", 40)
	_, err = d.Retry(t.Context(), first, "U0ADMIN", "slack", noon)
	require.NoError(t, err)
	require.Equal(t, Spread{Limit: Limit{"light", 100}, Out: 40, Promised: 60, After: 100}, d.pool())
}

// TestWhatIsGivenForATimeComesBack once somebody took it away, and not before.
func TestWhatIsGivenForATimeComesBack(t *testing.T) {
	d := newPool(t, 100)
	r, _, err := d.Open(t.Context(), Ask{Requester: "U0ALICE", App: d.Apps[0], Action: catalog.Create, Change: Change{Email: "jane@acme.example", Values: light(60)}, Reason: "why", Term: &Term{For: time.Hour}}, noon)
	require.NoError(t, err)
	require.NoError(t, d.yes(r.Number))
	require.NoError(t, d.begin(r.Number))
	require.NoError(t, d.last(r.Number))
	kim, err := d.ask(catalog.Create, "kim@acme.example", 60, true)
	require.NoError(t, err)
	d.now = noon.Add(2 * time.Hour)
	require.NoError(t, d.begin(r.Number))
	require.Equal(t, Ending, d.read(r.Number).State)
	require.Equal(t, []Spread{{Limit: Limit{"light", 100}, Out: 60, Has: 60, Others: 60}}, d.read(r.Number).Pool)
	require.ErrorContains(t, d.yes(kim), "Only 40 of the 100")
	require.NoError(t, d.last(r.Number))
	require.Equal(t, Ended, d.read(r.Number).State)
	require.Zero(t, d.pool().Taken())
	require.NoError(t, d.yes(kim))
	d.book.stock = nil
	require.Equal(t, Spread{Limit: Limit{"light", 100}, Promised: 60, After: 60}, d.pool(), "and reckoned anew")
}

// TestAPolicyThatApprovesByItselfHandsOutNoMoreThanThereIs: somebody looks at what there isn't enough for.
func TestAPolicyThatApprovesByItselfHandsOutNoMoreThanThereIs(t *testing.T) {
	d := newPool(t, 100)
	d.Policies = []Policy{{Name: "small", Auto: true, ExpiresAfter: time.Hour}}
	n, err := d.ask(catalog.Create, "jane@acme.example", 60, true)
	require.NoError(t, err)
	require.Equal(t, Approved, d.read(n).State)
	n, err = d.ask(catalog.Create, "kim@acme.example", 60, true)
	require.NoError(t, err)
	require.Equal(t, Pending, d.read(n).State)
	require.Equal(t, []string{"U0BOB", "U0ADMIN"}, d.read(n).Rule.Approvers)
	_, err = d.Vote(t.Context(), n, Vote{By: "U0BOB", Yes: true}, noon)
	require.ErrorContains(t, err, "Only 40 of the 100")
}

// TestThePoolIsReckonedOnce from all that was done before there was one, and from then on as it changes.
func TestThePoolIsReckonedOnce(t *testing.T) {
	d := newPool(t, 100)
	d.Apps[0].Pool = nil
	first := d.given(catalog.Create, "jane@acme.example", 30)
	require.NotContains(t, string(d.book.stock), "reckoned", "there is no pool")
	running, err := d.ask(catalog.Create, "kim@acme.example", 20, false)
	require.NoError(t, err)
	require.NoError(t, d.yes(running))
	require.NoError(t, d.begin(running))
	d.Apps[0].Pool = pooling(45).Pool
	require.Equal(t, Spread{Limit: Limit{"light", 45}, Out: 30, Promised: 20, After: 50}, d.pool())
	require.ErrorContains(t, d.last(running), "Only 15 of the 45")
	d.Apps[0].Pool = pooling(100).Pool
	require.NoError(t, d.last(running))
	d.Apps[0].Pool, d.Apps[0].Entry = nil, pooling(0).Entry
	d.Apps[0].Entry.Actions[1].Fields = nil // the limit is configured no more, and comes back
	d.given(catalog.Update, "kim@acme.example", 25)
	d.given(catalog.Delete, "jane@acme.example", -1)
	d.Apps[0] = pooling(100)
	require.Equal(t, int64(25), d.pool().Out)
	require.NotZero(t, first)
}

// TestWhatTheCardShows of the pool: before and after, what whom it is for has, and what the others ask for.
func TestWhatTheCardShows(t *testing.T) {
	d := newPool(t, 100)
	d.given(catalog.Create, "jane@acme.example", 40)
	up, err := d.ask(catalog.Update, "Jane@acme.example", 50, false)
	require.NoError(t, err)
	kim, err := d.ask(catalog.Create, "kim@acme.example", 60, false)
	require.NoError(t, err)
	gone, err := d.ask(catalog.Delete, "jane@acme.example", -1, false)
	require.NoError(t, err)
	limit := Limit{"light", 100}
	require.Equal(t, []Spread{{Limit: limit, Out: 40, Has: 40, After: 50, Others: 60, Asks: true}}, d.read(up).Pool)
	require.Equal(t, []Spread{{Limit: limit, Out: 40, After: 100, Others: 10, Asks: true}}, d.read(kim).Pool)
	require.Equal(t, []Spread{{Limit: limit, Out: 40, Has: 40, After: 0, Others: 70}}, d.read(gone).Pool)
	require.Empty(t, d.read(kim).HeardBlind().Pool, "not for who may not read it")
	require.NoError(t, d.yes(up))
	require.Equal(t, []Spread{{Limit: limit, Out: 40, Promised: 10, After: 110, Asks: true}}, d.read(kim).Pool)
	require.False(t, d.read(kim).Pool[0].Fits())
	require.ErrorContains(t, d.yes(kim), "Only 50 of the 100")
}

// TestTwoYesesForTheLastShare: at one moment, from as many as like; one of them gets it.
func TestTwoYesesForTheLastShare(t *testing.T) {
	d := newPool(t, 100)
	var all []int64
	for i := range 8 {
		n, err := d.ask(catalog.Create, fmt.Sprintf("p%d@acme.example", i), 60, false)
		require.NoError(t, err)
		all = append(all, n)
	}
	var wait sync.WaitGroup
	said := make([]error, len(all))
	for i, n := range all {
		wait.Go(func() { said[i] = d.yes(n) })
	}
	wait.Wait()
	won := slices.DeleteFunc(said, func(err error) bool { return err != nil })
	require.Len(t, won, 1)
	require.Equal(t, int64(60), d.pool().Promised)
}
