package approvals

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/outbox"
)

// reminding is a request in three steps that reminds after a day.
func reminding() Request {
	r := inSteps()
	r.Rule.RemindAfter = 24 * time.Hour
	return r
}

// TestRemindersGrowApart: after one, three and seven times as long as the policy says, and never once it has expired.
func TestRemindersGrowApart(t *testing.T) {
	r := reminding()
	r.Expires = days(14)
	for n, want := range map[int]int{1: 1, 2: 3, 3: 7} {
		at, _, ok := r.occasion("U0BOB", n)
		require.Equal(t, []any{days(want), true}, []any{at, ok})
	}
	_, _, ok := r.occasion("U0BOB", 4)
	require.False(t, ok, "it has expired by then")
	r.Rule.RemindAfter = 0
	require.Empty(t, r.timers(), "never")
	_, _, err := Step(r, Reminded{Who: "U0BOB"}, days(2))
	require.ErrorIs(t, err, ErrNotNow)
	r.Rule.RemindAfter = 3650 * 24 * time.Hour
	require.Empty(t, r.timers())
}

// TestWhoIsReminded: who is named on the present step and has not had their say, from when it began; the groups where
// there is nobody of that kind; nobody who asked, whom it is for, or who decided an earlier step.
func TestWhoIsReminded(t *testing.T) {
	all := member("U0BOB", "U0ERIN", "U0CAROL", "U0DAVE")
	r := reminding()
	r.State = ""
	r, promised := step(t, r, Opened{}, noon)
	require.Equal(t, []string{"expire/12", "remind/12/U0BOB", "card/12", "approver/12/U0BOB"}, promised)
	next, promised := step(t, r, Voted{Vote: yesOn(0, "U0BOB")[0], Facts: all}, days(2))
	require.Equal(t, []string{"-remind/12/U0BOB", "remind/12/U0CAROL", "remind/12/U0DAVE"}, promised[:3])
	require.Equal(t, map[string]time.Time{"remind/12/U0CAROL": days(3), "remind/12/U0DAVE": days(3)}, next.timers())
	next, promised = step(t, next, Voted{Vote: yesOn(1, "U0CAROL")[0], Facts: all}, days(2))
	require.Equal(t, "-remind/12/U0CAROL", promised[0])
	require.Equal(t, []string{"U0DAVE"}, next.Awaits())
	_, promised = step(t, next, CanceledBy{By: "U0ALICE"}, days(2))
	require.Contains(t, promised, "-remind/12/U0DAVE")

	for name, row := range map[string]struct {
		alter func(*Request)
		want  []string
	}{
		"groups alone":           {func(r *Request) { r.Rule.Approvers = []string{"S0LEADS", "S0OPS"} }, []string{"S0LEADS", "S0OPS"}},
		"who is named said yes":  {func(r *Request) { r.Rule.Need, r.Votes = 2, yesOn(0, "U0BOB") }, []string{"S0LEADS"}},
		"who is named asked":     {func(r *Request) { r.Requester = "U0BOB" }, []string{"S0LEADS"}},
		"it is for who is named": {func(r *Request) { r.Change.Person = "U0BOB" }, []string{"S0LEADS"}},
		"decided":                {func(r *Request) { r.State = Denied }, nil},
		"escalated":              {func(r *Request) { r.Rule.EscalateTo, r.Raised = []string{"U0FRANK"}, []Raise{{Step: 0, At: days(2)}} }, []string{"U0BOB", "U0FRANK"}},
	} {
		r := reminding()
		row.alter(&r)
		require.Equal(t, row.want, r.Awaits(), name)
	}
	raised := reminding()
	raised.Rule.EscalateTo, raised.Raised = []string{"U0FRANK"}, []Raise{{Step: 0, At: days(2)}}
	require.Equal(t, map[string]time.Time{"remind/12/U0BOB": days(1), "remind/12/U0FRANK": days(3)}, raised.timers(), "of whom it went to it counts from then")
}

// TestAnOccasionIsTakenOnce, also where it comes late, or is taken a little early with another's.
func TestAnOccasionIsTakenOnce(t *testing.T) {
	r := reminding()
	e := Reminded{Who: "U0BOB", Key: "reminder/12/1/U0BOB"}
	_, _, err := Step(r, e, days(1).Add(-13*time.Hour))
	require.ErrorIs(t, err, ErrNotNow, "less than half of its time is over")
	_, _, err = Step(r, Reminded{Who: "U0DAVE"}, days(2))
	require.ErrorIs(t, err, ErrNotNow, "it does not wait for him")
	_, _, err = Step(r, e, r.Expires)
	require.ErrorIs(t, err, ErrNotNow)
	r, promised := step(t, r, e, days(1))
	require.Equal(t, []string{"-remind/12/U0BOB", "remind/12/U0BOB"}, promised, "and nothing of it shows on a card")
	require.Equal(t, map[string]time.Time{"remind/12/U0BOB": days(3)}, r.timers())
	require.True(t, r.Reminders.By("U0BOB", e.Key))
	for _, again := range []time.Time{days(1), days(1).Add(23 * time.Hour)} {
		_, _, err = Step(r, e, again)
		require.ErrorIs(t, err, ErrNotNow)
	}
	early, _ := step(t, r, Reminded{Who: "U0BOB", Key: "reminder/9/3/U0BOB"}, days(2))
	require.False(t, early.Reminders.By("U0BOB", e.Key), "a later message tells of it")
	require.Empty(t, early.timers(), "the next would be on the day it expires")

	late, _ := step(t, reminding(), e, days(6))
	require.Equal(t, 2, late.Reminders.of("U0BOB").Round, "two occasions at once are one reminder")
	_, _, err = Step(late, e, days(6))
	require.ErrorIs(t, err, ErrNotNow)
}

// TestTheTimerRemindsOnce, when its time has come, and of nothing that was decided meanwhile.
func TestTheTimerRemindsOnce(t *testing.T) {
	now := noon
	d, b := deskOf(reminding(), company{})
	do := func(key string) outbox.Result {
		return d.Reminding(func() time.Time { return now }).Do(t.Context(), outbox.Job{Intent: outbox.Intent{Key: key}})
	}
	at, _, retry := do("remind/12/U0BOB").IsRetry()
	require.Equal(t, []any{days(1), true}, []any{at, retry}, "a clock that was ahead")
	for now = days(1); now.Before(days(3)); now = now.Add(6 * time.Hour) {
		do("remind/12/U0BOB")
		require.Equal(t, 1, b.r.Reminders.Count)
	}
	now = days(3)
	require.True(t, do("remind/12/U0BOB").IsDone())
	require.Equal(t, 2, b.r.Reminders.Count)
	for _, key := range []string{"remind/12/U0DAVE", "remind/12/S0LEADS", "remind/12"} {
		require.True(t, do(key).IsDone(), key)
	}
	b.r.State, b.r.Reminders = Approved, Reminders{}
	require.True(t, do("remind/12/U0BOB").IsDone())
	require.Zero(t, b.r.Reminders.Count)
}

// TestANudgeRemindsOnceADay: by who asked or an admin, those whom it waits for, while it waits.
func TestANudgeRemindsOnceADay(t *testing.T) {
	people := company{"U0CAROL": {Active: true, Email: "carol@acme.example"}}
	d, b := deskOf(reminding(), people, "U0CAROL", "U0DARK")
	nudge := func(by Actor, now time.Time) ([]string, error) {
		r, err := d.Nudge(t.Context(), 12, by, "slack", now)
		return r.nudged(), err
	}
	_, err := nudge("U0ERIN", noon)
	require.ErrorContains(t, err, "#12 isn't your request, so you can't send a reminder for it.")
	_, err = nudge("U0DARK", noon)
	require.Equal(t, CannotTell, CodeOf(err))
	who, err := nudge("U0ALICE", noon)
	require.NoError(t, err)
	require.Equal(t, []string{"U0BOB"}, who)
	require.True(t, b.r.Reminders.By("U0BOB", "nudge/12/1/U0BOB"))
	for _, by := range []Actor{"U0ALICE", "U0CAROL"} {
		_, err = nudge(by, days(1).Add(-1))
		require.ErrorContains(t, err, "@U0ALICE already sent a reminder for #12 2026-11-23 12:00 UTC, and once a day is enough. You can send the next one from 2026-11-24 12:00 UTC on. It's waiting for @U0BOB or anyone in @S0LEADS.")
	}
	who, err = nudge("U0CAROL", days(1))
	require.NoError(t, err)
	require.Equal(t, []string{"U0BOB"}, who)
	require.Equal(t, 1, b.r.Reminders.of("U0BOB").Round, "the occasion of that day is taken with it")
	_, err = nudge("U0ALICE", b.r.Expires)
	require.ErrorContains(t, err, "Time ran out for #12")
	b.r.Votes = yesOn(0, "U0BOB")
	b.r.Rule.Approvers, b.r.Rule.Need = []string{"U0BOB"}, 2
	_, err = nudge("U0ALICE", days(3))
	require.ErrorContains(t, err, "there's nobody to remind")
	b.r.State = Denied
	_, err = nudge("U0ALICE", days(3))
	require.Equal(t, Conflict, CodeOf(err))
	require.Equal(t, "@U0BOB, @U0DAVE and everyone in @S0LEADS", NudgedText([]string{"U0BOB", "U0DAVE", "S0LEADS"}).Plain())
}

// TestANewStepRemindsAnew: who was reminded at the step before counts for nothing at the next.
func TestANewStepRemindsAnew(t *testing.T) {
	r := reminding()
	r, _ = step(t, r, Reminded{Who: "U0BOB", Key: "k"}, days(1))
	r, _ = step(t, r, Voted{Vote: yesOn(0, "U0ERIN")[0], Facts: member("U0BOB", "U0ERIN", "U0CAROL", "U0DAVE")}, days(2))
	require.Equal(t, []string{"U0CAROL", "U0DAVE", "U0BOB"}, r.Awaits())
	require.Equal(t, days(3), r.timers()["remind/12/U0BOB"])
	require.False(t, r.Reminders.By("U0BOB", "k"))
}
