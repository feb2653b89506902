package joiners_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/joiners"
)

// TestTheFirstReadingOffersNothing, however many are in a group; who joins later is offered its bundle, once, however often it is read
// and whatever the disk does.
func TestTheFirstReadingOffersNothing(t *testing.T) {
	for name, fails := range map[string][]bool{"no trouble": nil, "kept": {true}, "not kept": {false}} {
		t.Run(name, func(t *testing.T) {
			h := newHouse(t)
			h.groups[seo], h.groups[ads] = some(1, 2, 3, 4, 5, 6, 7, 8, 9), nil
			h.read()
			h.welcome()
			require.Empty(t, h.order)
			require.Zero(t, h.logged())
			h.groups[seo] = append(h.groups[seo], id(10))
			h.fails = fails
			h.read()
			h.fails = nil
			h.read()
			require.EqualValues(t, 1, h.rolls().Last)
			h.welcome()
			h.welcome()
			require.Len(t, h.order, 1)
			o := h.order[0]
			require.Equal(t, approvals.OccasionJoined, o.Kind)
			require.Equal(t, id(10), o.Person)
			require.Equal(t, seo, o.Into)
			require.Equal(t, []approvals.PersonID{"U0BOB"}, o.Told)
			require.Equal(t, joiners.Offered, h.coming(1).State)
			require.EqualValues(t, 2, h.logged())
		})
	}
}

// TestWhatCannotBeReadSaysNothingOfAnybody: a group that isn't read, or isn't there, is as it was.
func TestWhatCannotBeReadSaysNothingOfAnybody(t *testing.T) {
	h := newHouse(t)
	h.groups[seo], h.groups[ads] = some(1, 2), some(3)
	h.read()
	h.mute = true
	_, _, retry := h.read().IsRetry()
	require.True(t, retry)
	h.mute = false
	delete(h.groups, seo)
	h.read()
	require.Equal(t, []string{"joiners of S0SEO"}, h.alarms)
	h.groups[seo] = some(1, 2)
	h.read()
	h.welcome()
	require.Empty(t, h.order, "they were never gone")
	require.Zero(t, h.rolls().Last)
}

// TestTooManyAtOnceNeedASecondReading, an hour later, that says the same; the admins hear of it once. What is put right before
// that was nothing.
func TestTooManyAtOnceNeedASecondReading(t *testing.T) {
	h := newHouse(t)
	h.groups[seo], h.groups[ads] = some(1), nil
	h.read()
	h.groups[seo] = some(1, 2, 3, 4, 5, 6, 7)
	h.read()
	h.now = h.now.Add(59 * time.Minute)
	h.read()
	require.Equal(t, []string{"many in S0SEO"}, h.alarms)
	require.Zero(t, h.rolls().Last)
	h.now = h.now.Add(time.Minute)
	h.read()
	require.EqualValues(t, 6, h.rolls().Last)
	h.groups[seo] = nil
	h.read()
	h.groups[seo] = some(1, 2, 3, 4, 5, 6, 7)
	h.now = h.now.Add(2 * time.Hour)
	h.read()
	require.EqualValues(t, 6, h.rolls().Last, "nobody was gone")
	require.Len(t, h.alarms, 2)
}

// TestWhoIsOfferedNothing: bots, guests, who was deactivated or taken out again before it settled, and who has it all.
func TestWhoIsOfferedNothing(t *testing.T) {
	h := newHouse(t)
	h.groups[seo], h.groups[ads] = nil, nil
	h.read()
	h.people[id(1)] = approvals.Person{ID: id(1), Active: true, Bot: true}
	h.people[id(2)] = approvals.Person{ID: id(2), Active: true, Guest: true}
	h.people[id(3)] = approvals.Person{ID: id(3)}
	h.has["seo"+string(id(5))] = true
	h.groups[seo] = some(1, 2, 3, 4, 5)
	h.read()
	h.groups[seo] = some(1, 2, 3, 5)
	h.welcome()
	require.Empty(t, h.order)
	for n, want := range map[int64]joiners.State{1: joiners.CalledOff, 2: joiners.CalledOff, 3: joiners.CalledOff, 4: joiners.CalledOff, 5: joiners.Nothing} {
		require.Equal(t, want, h.coming(n).State, n)
	}
	require.Equal(t, "they have it already", h.coming(5).Why)
}

// TestAMoveIsOneCard: whichever side is seen first, within a day; where the offer stands already it is taken back. After a day, or where
// they have nothing that came with the old group, it is a joining.
func TestAMoveIsOneCard(t *testing.T) {
	for name, row := range map[string]struct {
		first, second func(h *house)
		between       time.Duration
		has           bool
		kinds         []approvals.OccasionKind
		withdrawn     []int64
	}{
		"left, then joined":             {leave, join, time.Minute, true, []approvals.OccasionKind{approvals.OccasionMoved}, nil},
		"joined, then left":             {join, leave, time.Minute, true, []approvals.OccasionKind{approvals.OccasionMoved}, nil},
		"left long before":              {leave, join, 25 * time.Hour, true, []approvals.OccasionKind{approvals.OccasionJoined}, nil},
		"joined, offered, then left":    {join, leave, 3 * time.Hour, true, []approvals.OccasionKind{approvals.OccasionJoined, approvals.OccasionMoved}, []int64{1}},
		"joined, and left long after":   {join, leave, 25 * time.Hour, true, []approvals.OccasionKind{approvals.OccasionJoined}, nil},
		"has nothing of the old one's":  {leave, join, time.Minute, false, []approvals.OccasionKind{approvals.OccasionJoined}, nil},
		"left alone, and joined nobody": {leave, func(*house) {}, time.Minute, true, nil, nil},
	} {
		t.Run(name, func(t *testing.T) {
			h := newHouse(t)
			h.groups[seo], h.groups[ads] = nil, some(1)
			h.has["ads"+string(id(1))] = row.has
			h.read()
			row.first(h)
			h.read()
			if row.between > time.Hour {
				h.welcome()
			}
			h.now = h.now.Add(row.between)
			row.second(h)
			h.read()
			h.welcome()
			var kinds []approvals.OccasionKind
			for _, o := range h.order {
				kinds = append(kinds, o.Kind)
			}
			require.Equal(t, row.kinds, kinds)
			require.Equal(t, row.withdrawn, h.withdrawn)
			if n := len(h.order); n > 0 && h.order[n-1].Kind == approvals.OccasionMoved {
				require.Equal(t, ads, h.order[n-1].From)
				require.Equal(t, 2, h.asks[h.order[n-1].ID])
			}
		})
	}
}

// TestWhoLeavesTheGroupAgainIsOfferedNothingAnyMore: what nobody has decided is taken back, once; who stays keeps their offer.
func TestWhoLeavesTheGroupAgainIsOfferedNothingAnyMore(t *testing.T) {
	h := newHouse(t)
	h.groups[seo], h.groups[ads] = nil, nil
	h.read()
	h.groups[seo] = some(1, 2)
	h.read()
	h.welcome()
	require.Len(t, h.order, 2)
	h.now = h.now.Add(72 * time.Hour)
	h.groups[seo] = some(2)
	h.read()
	h.welcome()
	h.welcome()
	require.Equal(t, []int64{1}, h.withdrawn)
	require.Equal(t, joiners.CalledOff, h.coming(1).State)
	require.Equal(t, joiners.Offered, h.coming(2).State)
	h.groups[seo] = some(1, 2)
	h.read()
	h.welcome()
	require.Len(t, h.order, 3, "and in again they are offered it again")
}

func join(h *house)  { h.groups[seo] = some(1) }
func leave(h *house) { h.groups[ads] = nil }

// TestWhoIsNewInTheWorkspace is found by the reading of everybody, or told of by Slack; once either way. Nobody is new before the
// first reading, and who isn't in one hasn't left.
func TestWhoIsNewInTheWorkspace(t *testing.T) {
	h := newHouse(t)
	all := func(places ...int) (out []approvals.Person) {
		for _, i := range places {
			out = append(out, approvals.Person{ID: id(i), Active: true})
		}
		return out
	}
	require.NoError(t, h.Came(t.Context(), id(1), h.now))
	require.NoError(t, h.Everybody(t.Context(), all(1, 2, 3, 4, 5, 6, 7), h.now))
	require.Zero(t, h.rolls().Last)
	require.NoError(t, h.Came(t.Context(), id(8), h.now))
	require.NoError(t, h.Came(t.Context(), id(8), h.now))
	require.NoError(t, h.Everybody(t.Context(), all(1, 2, 8, 9), h.now))
	require.NoError(t, h.Everybody(t.Context(), all(1, 2, 3, 4, 5, 6, 7, 8, 9), h.now))
	require.EqualValues(t, 2, h.rolls().Last)
	h.welcome()
	require.Len(t, h.order, 2)
	require.Equal(t, approvals.GroupID(""), h.order[0].Into)
	gone := all(9)
	gone[0].Active = false
	require.NoError(t, h.Everybody(t.Context(), gone, h.now))
	require.NoError(t, h.Everybody(t.Context(), all(9), h.now))
	require.EqualValues(t, 3, h.rolls().Last, "who comes back is new again")
}
