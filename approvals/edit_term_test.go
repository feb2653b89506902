package approvals

import (
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// termDesk has a request for Jane for 30 days before Bob, where what's for good is refused and 60 days are the most.
func termDesk(t *testing.T) (*Desk, *oneBook) {
	steps := asks("U0BOB")
	steps.MaxDuration = 60 * oneDay
	long := Policy{Name: "long", Refusal: "Nobody gets this for so long", When: When{LongerThan: 90 * oneDay}}
	short := Policy{Name: "short", Auto: true, When: When{ShorterThan: 7 * oneDay}}
	d, b, _ := ruledDesk(long, short, steps)
	d.Apps = []App{lending()}
	_, _, err := d.Open(t.Context(), Ask{Requester: "U0ALICE", App: lending(), Action: "give", Change: Change{Email: "jane@globex.example"}, Term: &Term{For: 30 * oneDay}}, noon)
	require.NoError(t, err)
	return d, b
}

const oneDay = 24 * time.Hour

func (d *Desk) lasts(t *testing.T, form string, edition int, term *Term) (Request, error) {
	t.Helper()
	return d.Edit(t.Context(), 12, Wanted{By: "U0BOB", Surface: "slack", Why: "let's see", Form: form, Edition: edition, Term: term}, noon.Add(time.Hour))
}

// TestAnEditChangesHowLong: it shows how it was and how it is, the policy is found anew by it, and nobody decides later than
// what is asked would end.
func TestAnEditChangesHowLong(t *testing.T) {
	d, b := termDesk(t)
	now := noon.Add(time.Hour)
	until := noon.Add(20 * oneDay)
	r, err := d.lasts(t, "V1", 0, &Term{Until: until})
	require.NoError(t, err)
	require.Equal(t, []Altered{{Field: AlteredLong, Label: "How long", Was: "for 30 days", Is: "until 2026-12-13 12:00 UTC", IsUntil: until}}, r.Edits[0].Changed)
	require.Equal(t, []any{&Term{Until: until}, "seats", now.Add(3 * time.Hour)}, []any{r.Term, r.Rule.Policy, r.Expires})
	require.True(t, r.Edits[0].Bounded())

	_, err = d.lasts(t, "V2", 1, &Term{Until: until})
	require.ErrorContains(t, err, "Nothing is different", "the same end")

	r, err = d.lasts(t, "V3", 1, &Term{Until: now.Add(time.Hour)})
	require.NoError(t, err)
	require.Equal(t, now.Add(time.Hour), r.Expires, "the policy would give it two hours, and it ends in one")
	require.Equal(t, []any{"short", true}, []any{r.Rule.Policy, r.Rule.ByHand}, "it takes a click of those who decided it")
	_, err = d.Vote(t.Context(), 12, Vote{By: "U0BOB", Reason: "no", At: now}, now.Add(time.Hour))
	require.Equal(t, Conflict, CodeOf(err), "its end has passed, and so has the time to deny it")

	r, err = d.lasts(t, "V4", 2, &Term{For: 40 * oneDay})
	require.NoError(t, err)
	require.Equal(t, now.Add(3*time.Hour), r.Expires)
	require.NoError(t, d.says(t, "U0BOB", 3))
	require.Equal(t, []any{Approved, &Term{For: 40 * oneDay}}, []any{b.r.State, b.r.Term}, "what the last yes was shown")
}

// TestATermThatCannotBe is refused under how long, and leaves everything as it was.
func TestATermThatCannotBe(t *testing.T) {
	d, b := termDesk(t)
	was := b.r
	for says, term := range map[string]*Term{
		"The policy “seats” gives this for 60 days at most, and this is for 61 days. Please pick an end within that. Nothing was changed.": {For: 61 * oneDay},
		"Nobody gets this for so long. (Policy “long”.) So nothing was changed.":                                                           nil,
		"That end, 2026-11-23 12:59 UTC, is in the past. Please give a later one. Nothing was changed.":                                    {Until: noon.Add(59 * time.Minute)},
		"That's no time at all. Please say for how long, as in for=30d. Nothing was changed.":                                              {},
		"Nobody gets this for so long": {For: MostTerm + 1*oneDay},
	} {
		_, err := d.lasts(t, "V1", 0, term)
		var m Misplaced
		require.True(t, errors.As(err, &m), "%v: %v", says, err)
		require.Equal(t, AlteredLong, m.Field)
		require.ErrorContains(t, err, says)
	}
	require.Equal(t, was, b.r)
}

// TestWhatIsOpenIsJudgedByWhenItWasEdited: a policy that hangs on what the vendor says is found once that is read, and the
// time is counted from the edit.
func TestWhatIsOpenIsJudgedByWhenItWasEdited(t *testing.T) {
	r := pendingRequest()
	r.Asked, r.Term = noon, &Term{Until: noon.Add(10 * oneDay)}
	require.Equal(t, 10*oneDay, r.Situation().Lasts)
	r.Edits = []Edit{{At: noon.Add(6 * oneDay)}}
	require.Equal(t, 4*oneDay, r.Situation().Lasts)
}
