package approvals

import (
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/catalog"
	"github.com/usherbot/usher/outbox"
)

// lending is an app whose seats can be taken back, and whose updates cannot.
func lending() App {
	return App{ID: "seats", Name: "Seats", Entry: &catalog.Entry{Kind: "seats", Seat: catalog.Noun{One: "seat", Many: "seats"}, Actions: []catalog.Action{
		{Key: "give", Effect: catalog.Gives, New: true, Undo: "take"}, {Key: "take", Effect: catalog.Takes, Ends: true}, {Key: "change", Effect: catalog.Changes},
	}}}
}

func TestHowLongMayBeAsked(t *testing.T) {
	now := time.Date(2026, 11, 28, 12, 0, 0, 0, time.UTC)
	month := Policy{Name: "seats", MaxDuration: 30 * 24 * time.Hour}
	for name, row := range map[string]struct {
		action Action
		term   *Term
		policy Policy
		says   string // "": it may be
	}{
		"for good":             {"give", nil, Policy{}, ""},
		"for a time":           {"give", &Term{For: time.Hour}, Policy{}, ""},
		"until a date":         {"give", &Term{Until: now.Add(time.Hour)}, month, ""},
		"no time":              {"give", &Term{}, Policy{}, "no time at all"},
		"backwards":            {"give", &Term{For: -time.Hour}, Policy{}, "no time at all"},
		"the past":             {"give", &Term{Until: now}, Policy{}, "in the past"},
		"ever":                 {"give", &Term{For: MostTerm + 1}, Policy{}, "ten years"},
		"nothing takes it":     {"change", &Term{For: time.Hour}, Policy{}, "for good"},
		"good, and too long":   {"give", nil, month, "for 30 days at most (policy “seats”), and this is for good. Please add an end within that: for=30d"},
		"too long":             {"give", &Term{For: 31 * 24 * time.Hour}, month, "this is for 31 days"},
		"until too late":       {"give", &Term{Until: now.Add(31 * 24 * time.Hour)}, month, "this is until"},
		"exactly":              {"give", &Term{For: 30 * 24 * time.Hour}, month, ""},
		"a change has no end":  {"change", nil, month, ""},
		"nor has a taking":     {"take", nil, month, ""},
		"an app that is gone":  {"gone", nil, month, ""},
		"a time for what isnt": {"gone", &Term{For: time.Hour}, month, "for good"},
	} {
		r := Request{App: lending(), Action: row.action, Term: row.term, Asked: now}
		err := r.termed(now)
		if err == nil {
			err = row.policy.within(r, now)
		}
		if row.says == "" {
			require.NoError(t, err, name)
			continue
		}
		var e *Error
		require.ErrorAs(t, err, &e, name)
		require.Contains(t, e.Say.Plain(), row.says, name)
		require.Equal(t, Invalid, e.Code, name)
		require.ErrorIs(t, err, ErrTerm, name)
	}
}

// TestHowLongIsACondition: what is asked for good is longer than everything, and a date counts from the asking.
func TestHowLongIsACondition(t *testing.T) {
	asked := time.Date(2026, 11, 28, 12, 0, 0, 0, time.UTC)
	day := 24 * time.Hour
	for _, row := range []struct {
		when When
		term *Term
		want Held
	}{
		{When{ShorterThan: 7 * day}, nil, Fails},
		{When{ShorterThan: 7 * day}, &Term{For: 6 * day}, Holds},
		{When{ShorterThan: 7 * day}, &Term{For: 7 * day}, Fails},
		{When{ShorterThan: 7 * day}, &Term{Until: asked.Add(6 * day)}, Holds},
		{When{LongerThan: 7 * day}, nil, Holds},
		{When{LongerThan: 7 * day}, &Term{Until: asked.Add(8 * day)}, Holds},
		{When{LongerThan: 7 * day}, &Term{For: 7 * day}, Fails},
	} {
		r := Request{App: lending(), Action: "give", Term: row.term, Asked: asked}
		require.Equal(t, row.want, all(row.when.judge(r.Situation())), "%+v %+v", row.when, row.term)
	}
}

// given is a request that was given for an hour, as Step makes it.
func given(t *testing.T) (Request, time.Time) {
	now := time.Date(2026, 11, 28, 12, 0, 0, 0, time.UTC)
	r := Request{Number: 12, App: lending(), Action: "give", Requester: "U0ALICE", Change: Change{Email: "dave@acme.example", Person: "U0DAVE"}, Term: &Term{For: time.Hour}, State: Running, Attempt: 1}
	r, out, err := Step(r, Happened{Outcome{At: now, AccountID: "7", Had: &Had{}}}, now)
	require.NoError(t, err)
	require.True(t, r.Lent())
	require.Equal(t, now.Add(time.Hour), r.EndsAt)
	require.Equal(t, map[string]time.Time{EndKey(12): now.Add(time.Hour), EndsKey(12, 1, "U0ALICE"): now.Add(45 * time.Minute), EndsKey(12, 1, "U0DAVE"): now.Add(45 * time.Minute)}, timed(out))
	return r, now
}

// timed are the promises that sleep.
func timed(out []outbox.Change) map[string]time.Time {
	at := map[string]time.Time{}
	for _, c := range out {
		if c.Put != nil && !outbox.IsAtOnce(c.Put.Due) {
			at[c.Put.Key] = c.Put.Due
		}
	}
	return at
}

// TestWhichWordCountsWhen: each word about an end has its time, and no word about a deed is taken for one about its end.
func TestWhichWordCountsWhen(t *testing.T) {
	lent, at := given(t)
	step := func(r Request, e Event, now time.Time) Request {
		next, _, err := Step(r, e, now)
		require.NoError(t, err, "%s, %T", r.State, e)
		return next
	}
	due := at.Add(time.Hour)
	begun := step(lent, BackBegun{}, due)
	failed := step(begun, BackRefused{Outcome{At: due, Text: Sayf("It owns something.")}}, due)
	doubted := step(begun, BackLost{Doubt{Looks: 4}}, due)
	over := step(begun, BackSeen{Outcome{At: due}}, due)
	byHand := step(lent, EndedBy{By: "U0DAVE"}, at.Add(time.Minute))
	require.Equal(t, []State{Ending, Ending, InDoubt, Ended, Ending}, []State{begun.State, failed.State, doubted.State, over.State, byHand.State})
	require.Equal(t, Actor("U0DAVE"), byHand.End.By)
	require.True(t, over.State.Terminal())
	require.True(t, begun.Busy())
	require.False(t, failed.Busy())
	words := map[string]Event{"end": EndedBy{By: "U0ALICE"}, "begin": BackBegun{}, "seen": BackSeen{}, "refused": BackRefused{}, "lost": BackLost{}, "resumed": BackResumed{},
		"admin": AdminSays{By: "U0ADMIN", Happened: true}, "retry": RetriedBy{By: "U0ADMIN"}, "passed": PassedOn{To: 13},
		"deed begun": Begun{}, "deed seen": Happened{}, "deed refused": Refused{}, "deed lost": Lost{}, "deed resumed": Resumed{}}
	for name, row := range map[string]struct {
		r   Request
		at  time.Time
		may []string
	}{
		"before its end":   {lent, due.Add(-time.Second), []string{"end", "passed"}},
		"at its end":       {lent, due, []string{"end", "passed", "begin"}},
		"ended by hand":    {byHand, at.Add(2 * time.Minute), []string{"begin"}},
		"taken back":       {begun, due, []string{"seen", "refused", "lost"}},
		"it failed":        {failed, due, []string{"begin", "retry"}},
		"it is in doubt":   {doubted, due, []string{"seen", "refused", "lost", "resumed", "admin"}},
		"over":             {over, due, nil},
		"given for good":   {Request{Number: 12, State: Done, App: lending(), Action: "give"}, due, nil},
		"not given at all": {Request{Number: 12, State: Failed, App: lending(), Action: "give", Term: lent.Term}, due.Add(time.Hour), nil},
	} {
		for word, e := range words {
			_, _, err := Step(row.r, e, row.at)
			want := false
			for _, m := range row.may {
				want = want || m == word
			}
			require.Equal(t, want, err == nil, "%s: %s (%v)", name, word, err)
			require.True(t, err == nil || errors.Is(err, ErrNotNow), "%s: %s (%v)", name, word, err)
		}
	}
}

// TestAnEndIsSaidOnce: both who asked and who has it hear of it, before and after; ended sooner, nobody hears that it will.
func TestAnEndIsSaidOnce(t *testing.T) {
	lent, at := given(t)
	early, out, err := Step(lent, EndedBy{By: "U0ALICE"}, at.Add(time.Minute))
	require.NoError(t, err)
	require.Empty(t, timed(out))
	require.NotContains(t, promised(out), EndsKey(12, 1, "U0DAVE"))
	require.Contains(t, promised(out), EndKey(12))
	late, out, err := Step(lent, EndedBy{By: "U0ALICE"}, at.Add(50*time.Minute))
	require.NoError(t, err)
	require.Contains(t, promised(out), EndsKey(12, 1, "U0DAVE"), "its buttons go")
	require.NotContains(t, out, outbox.Forget(EndsKey(12, 1, "U0DAVE")), "who is just saying it goes on to hold it")
	for _, r := range []Request{early, late} {
		r, _, err := Step(r, BackBegun{}, at.Add(time.Hour))
		require.NoError(t, err)
		_, out, err = Step(r, BackSeen{Outcome{At: at.Add(time.Hour)}}, at.Add(time.Hour))
		require.NoError(t, err)
		require.Contains(t, promised(out), TellKey(12, Ended, 0))
		require.Contains(t, promised(out), HolderKey(12, Ended))
	}
}

// promised are the keys that are owed.
func promised(out []outbox.Change) (keys []string) {
	for _, c := range out {
		if c.Put != nil {
			keys = append(keys, c.Put.Key)
		}
	}
	return keys
}
