package reports

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/test/pace"
)

// asks is a request that waits for some people by name since a moment.
func asks(n int64, since time.Time, of ...string) approvals.Request {
	return approvals.Request{Number: n, App: seranking, State: approvals.Pending, Requester: "U0ALICE", Asked: since, Expires: since.Add(30 * 24 * time.Hour),
		Rule: approvals.Rule{Policy: "seats", Approvers: of, Need: 1}}
}

// does is a task of somebody.
func does(n int64, since time.Time, owner approvals.PersonID) approvals.Request {
	r := asks(n, since)
	r.State, r.Decided, r.Task = approvals.Running, since, &approvals.Task{Owner: owner, Since: since}
	return r
}

func needed(t *testing.T, tz string) *world {
	w := newWorld(t, monday.Add(-48*time.Hour))
	w.people.moves(bob, "Europe/London")
	w.people.moves(dave, "America/Los_Angeles")
	w.people.moves(kay, "Pacific/Kiritimati")
	w.toPeople("needs", "0 9 * * *", tz, ForNeeded)
	w.start()
	return w
}

func TestWhoIsNeededIsToldOnceADay(t *testing.T) {
	w := needed(t, "Europe/London")
	w.asked = []approvals.Request{asks(12, w.now, "U0BOB", "S0LEADS"), does(9, w.now, dave), asks(13, w.now, "S0LEADS")}
	w.until(monday.Add(time.Hour))
	require.Equal(t, []string{"report/needs/2026-11-22T09:00/U0BOB", "report/needs/2026-11-22T09:00/U0DAVE",
		"report/needs/2026-11-23T09:00/U0BOB", "report/needs/2026-11-23T09:00/U0DAVE"}, keys(w), "who has nothing is told nothing, and nobody as one of a group")
	require.EqualValues(t, 12, w.slack.owns[0].Waiting[0].Number)
	require.EqualValues(t, 9, w.slack.owns[1].Tasks[0].Number)
	w.asked = w.asked[2:]
	w.until(monday.Add(50 * time.Hour))
	require.Len(t, w.slack.posts, 4)
}

func TestWhatWasJustSaidIsNotSaidAgain(t *testing.T) {
	w := needed(t, "Europe/London")
	w.asked = []approvals.Request{asks(12, monday.Add(-25*time.Hour), "U0BOB"), does(9, monday.Add(-time.Hour), dave)}
	w.asked[0].Reminders.Of = []approvals.Reminder{{Who: "U0BOB", At: monday.Add(-time.Hour)}}
	w.now = monday.Add(-2 * time.Hour)
	w.startAt(w.now)
	before := len(w.slack.posts)
	w.until(monday.Add(time.Hour))
	require.Len(t, w.slack.posts, before, "an hour ago he was reminded, and the task was given")
	w.until(monday.Add(25 * time.Hour))
	require.Len(t, w.slack.posts, before+2)
}

func TestWhoIsNeededLaterIsToldAtTheirOwnHour(t *testing.T) {
	w := needed(t, "reader")
	w.asked = []approvals.Request{asks(12, w.now, "U0BOB")}
	w.until(monday.Add(6 * time.Hour)) // 15:00 in London, 07:00 in Los Angeles, and Kiritimati's next day
	w.asked = append(w.asked, asks(13, w.now.Add(-30*time.Hour), "U0DAVE", "U0KAY"))
	w.until(monday.Add(10 * time.Hour))
	slots, at := w.slack.heard(dave)
	require.Equal(t, []string{"2026-11-23T09:00"}, slots)
	require.Equal(t, monday.Add(8*time.Hour), at[0])
	slots, _ = w.slack.heard(kay)
	require.NotContains(t, slots, "2026-11-23T09:00", "hers was past")
	w.until(monday.Add(14 * 24 * time.Hour))
	for _, who := range []approvals.PersonID{bob, dave, kay} {
		slots, at := w.slack.heard(who)
		require.Greater(t, len(slots), 12)
		for i := range slots {
			require.Equal(t, "09:00", at[i].In(w.zone(who)).Format("15:04"), who)
			require.Equal(t, slots[i], at[i].In(w.zone(who)).Format(SlotLayout))
			require.False(t, i > 0 && slots[i] == slots[i-1])
		}
	}
}

func (w *world) zone(who approvals.PersonID) *time.Location {
	zone, err := time.LoadLocation(w.people.all[who].TZ)
	require.NoError(w, err)
	return zone
}

func TestACrashAnywhereTellsWhoIsNeededOnce(t *testing.T) {
	for stop := 1; ; stop += pace.Stride(7) {
		w := needed(t, "reader")
		w.asked = []approvals.Request{asks(12, w.now, "U0BOB", "U0DAVE")}
		w.now = monday.Add(-16 * time.Hour)
		w.Effects, w.Stop = 0, stop
		if !w.Crashes(func() { w.startAt(w.now); w.until(monday.Add(9 * time.Hour)) }) {
			return
		}
		w.Stop = 0
		w.startAt(w.now)
		w.until(monday.Add(9 * time.Hour))
		for _, who := range []approvals.PersonID{bob, dave} {
			slots, _ := w.slack.heard(who)
			require.Equal(t, []string{"2026-11-22T09:00", "2026-11-23T09:00"}, slots[len(slots)-2:], "%s, stopped at effect %d", who, stop)
		}
	}
}

// TestAManagerIsToldOfTheirPeople and of nobody else's.
func TestAManagerIsToldOfTheirPeople(t *testing.T) {
	w := newWorld(t, monday.Add(-time.Hour))
	w.people.moves(bob, "Europe/London")
	w.people.moves(dave, "Europe/London")
	w.managers = map[approvals.PersonID]approvals.PersonID{"U0ALICE": bob, "U0ERIN": dave, bob: dave}
	one := asks(12, monday.Add(-24*time.Hour), "U0BOB")
	two := asks(14, monday.Add(-24*time.Hour), "U0BOB")
	two.Change.Person = "U0ERIN"
	w.asked = []approvals.Request{two, one, does(9, monday.Add(-24*time.Hour), "U0ERIN"), asks(5, monday, "U0X")}
	w.asked[3].Requester = "U0NOBODYS"
	w.toPeople("people", "0 9 * * MON", "Europe/London", ForManagers)
	w.start()
	w.until(monday.Add(time.Hour))
	require.Equal(t, []string{"report/people/2026-11-23T09:00/U0BOB", "report/people/2026-11-23T09:00/U0DAVE"}, keys(w))
	require.Equal(t, []Mate{{Who: "U0ALICE", Waiting: []approvals.Request{one}}}, w.slack.owns[0].Team)
	require.Len(t, w.slack.owns[1].Team, 1, "hers, and not those of her people's people")
	require.Equal(t, approvals.PersonID("U0ERIN"), w.slack.owns[1].Team[0].Who)
	require.Len(t, w.slack.owns[1].Team[0].Tasks, 1)
	require.Error(t, w.manual.Post(ctx, "people", "C0ELSE", "t1", "U0CAROL"), "it's another one for each reader")
	_, _, err := w.runner.Preview(ctx, "people", When{})
	require.Error(t, err)
}
