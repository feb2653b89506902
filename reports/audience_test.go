package reports

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
)

const (
	bob  approvals.PersonID = "U0BOB"
	dave approvals.PersonID = "U0DAVE"
	kay  approvals.PersonID = "U0KAY"
)

// around is a report to three people on three continents, who each read it when their own Monday begins.
func around(t *testing.T, at time.Time) *world {
	w := newWorld(t, at)
	w.people.moves(bob, "Europe/London")
	w.people.moves(dave, "America/Los_Angeles")
	w.people.moves(kay, "Pacific/Kiritimati")
	w.people.groups = map[approvals.GroupID][]approvals.PersonID{"S0LEADS": {dave, kay, bob}}
	w.toPeople("weekly", "0 9 * * MON", "reader", string(bob), "S0LEADS")
	w.start()
	return w
}

func TestEachReaderHasTheirOwnMorning(t *testing.T) {
	w := around(t, monday.Add(-48*time.Hour))
	w.until(monday.Add(8 * 24 * time.Hour))
	for who, first := range map[approvals.PersonID]string{
		bob: "2026-11-23T09:00:00Z", dave: "2026-11-23T09:00:00-08:00", kay: "2026-11-23T09:00:00+14:00",
	} {
		slots, at := w.slack.heard(who)
		require.Equal(t, []string{"2026-11-23T09:00", "2026-11-30T09:00"}, slots, who)
		require.Equal(t, moment(t, first).UTC(), at[0], who)
		require.Equal(t, 7*24*time.Hour, at[1].Sub(at[0]), who)
	}
	require.Equal(t, []string{"report/weekly/2026-12-07T09:00"}, w.intents())
}

func TestAReportThatIsNewComesToThoseWhoseHourIsStillToCome(t *testing.T) {
	w := around(t, monday.Add(-time.Hour)) // 08:00 in London, 22:00 on Kiritimati
	w.until(monday.Add(24 * time.Hour))
	require.Equal(t, []string{"report/weekly/2026-11-23T09:00/U0BOB", "report/weekly/2026-11-23T09:00/U0DAVE"}, keys(w))
}

func TestACrashAnywhereNeitherLosesNorRepeatsAReadersSlot(t *testing.T) {
	for _, away := range []time.Duration{0, 10 * time.Hour} {
		crashes := 0
		for stop := 1; ; stop++ {
			w := around(t, monday.Add(-16*time.Hour))
			w.Effects, w.Stop = 0, stop
			if !w.Crashes(func() { w.until(monday.Add(9 * time.Hour)) }) {
				break
			}
			crashes++
			w.Stop = 0
			w.startAt(w.now.Add(away))
			w.until(monday.Add(48 * time.Hour))
			for _, who := range []approvals.PersonID{bob, dave, kay} {
				slots, _ := w.slack.heard(who)
				require.Equal(t, []string{"2026-11-23T09:00"}, slots, "%s, stopped at effect %d", who, stop)
			}
			require.Equal(t, []string{"report/weekly/2026-11-30T09:00"}, w.intents())
		}
		require.Greater(t, crashes, 50)
	}
}

func TestWhoTravelsNeitherLosesNorDoublesASlot(t *testing.T) {
	for name, c := range map[string]struct {
		from, to string
		when     time.Duration // from Monday, 09:00 in London
		at       string
	}{
		"east, before the hour there":  {"America/Los_Angeles", "America/New_York", 0, "2026-11-23T09:00:00-05:00"},
		"east, past the hour there":    {"America/Los_Angeles", "Asia/Tokyo", 0, "2026-11-23T18:24:00+09:00"},
		"west, before the hour here":   {"Asia/Tokyo", "Europe/London", -10 * time.Hour, "2026-11-23T09:00:00Z"},
		"west, when it was there":      {"Asia/Tokyo", "Europe/London", -8 * time.Hour, "2026-11-23T09:00:00+09:00"},
		"over the date line and back":  {"Pacific/Kiritimati", "Pacific/Pago_Pago", -15 * time.Hour, "2026-11-23T09:00:00-11:00"},
		"to where nobody knows a zone": {"America/Los_Angeles", "Mars/Olympus", -time.Hour, "2026-11-23T09:00:00Z"},
	} {
		t.Run(name, func(t *testing.T) {
			w := around(t, monday.Add(-36*time.Hour))
			w.people.moves(dave, c.from)
			w.until(monday.Add(c.when + 23*time.Minute))
			w.people.moves(dave, c.to)
			w.until(monday.Add(48 * time.Hour))
			slots, at := w.slack.heard(dave)
			require.Equal(t, []string{"2026-11-23T09:00"}, slots)
			require.WithinDuration(t, moment(t, c.at), at[0], time.Hour)
			require.False(t, at[0].Before(moment(t, c.at).Add(-time.Hour)))
		})
	}
}

func TestWhoLeftReadsNothing(t *testing.T) {
	w := around(t, monday.Add(-36*time.Hour))
	w.until(monday.Add(-10 * time.Hour)) // Kiritimati has had it, and all are promised theirs
	w.people.leaves(dave)
	w.until(monday.Add(24 * time.Hour))
	require.Equal(t, []string{"report/weekly/2026-11-23T09:00/U0KAY", "report/weekly/2026-11-23T09:00/U0BOB"}, keys(w))
	require.Empty(t, w.alarms)
	w.people.leaves(bob)
	w.people.leaves(kay)
	w.until(monday.Add(40 * 24 * time.Hour))
	require.Len(t, w.slack.posts, 2)
	require.Equal(t, []string{"report-weekly-unread"}, w.alarms, "the admins hear of it once")
}

func TestWhoIsNoReaderAnyMoreGetsNothing(t *testing.T) {
	w := around(t, monday.Add(-36*time.Hour))
	w.until(monday.Add(-12 * time.Hour))
	w.people.groups["S0LEADS"] = []approvals.PersonID{kay}
	w.until(monday.Add(24 * time.Hour))
	heard, _ := w.slack.heard(dave)
	require.Empty(t, heard, "between the promise and the hour they left the group")
}

func TestASlackThatSaysNothingOfReadersIsAskedAgain(t *testing.T) {
	w := around(t, monday.Add(-36*time.Hour))
	w.people.mute = 12
	w.until(monday.Add(24 * time.Hour))
	require.Len(t, w.slack.posts, 3)
	w.people.mute = 12
	w.until(monday.Add(8 * 24 * time.Hour))
	require.Len(t, w.slack.posts, 6)
}

func TestReadersOfOneZoneHaveItTogether(t *testing.T) {
	w := around(t, monday.Add(-48*time.Hour))
	w.reports = nil
	w.toPeople("weekly", "0 9 * * MON", "Europe/London", string(bob), string(dave))
	w.startAt(monday.Add(-time.Hour))
	w.until(monday.Add(time.Hour))
	require.Equal(t, []string{"report/weekly/2026-11-23T09:00/U0BOB", "report/weekly/2026-11-23T09:00/U0DAVE"}, keys(w))
	for _, p := range w.slack.posts {
		require.Equal(t, monday, p.at)
	}
}

func TestWhatChangedIsSinceWhatEachReaderSaw(t *testing.T) {
	w := around(t, monday.Add(-36*time.Hour))
	w.until(monday.Add(-5 * time.Hour)) // Kiritimati has had it
	w.vendor.seats["seranking"] = append(w.vendor.seats["seranking"], seat(3, "three@acme.example", false))
	w.until(monday.Add(8 * 24 * time.Hour))
	added := map[approvals.PersonID][]string{}
	for _, p := range w.slack.posts {
		added[p.To] = append(added[p.To], p.Apps[0].Changes.Added.First...)
	}
	require.Equal(t, map[approvals.PersonID][]string{kay: {"three@acme.example"}, bob: nil, dave: nil}, added)
}

func TestOnlyWhatChangedIsPosted(t *testing.T) {
	w := newWorld(t, monday.Add(-time.Hour), "daily: 0 9 * * *")
	w.reports[0].OnlyIfChanged = true
	w.start()
	w.until(monday.Add(73 * time.Hour))
	require.Equal(t, []string{"2026-11-23T09:00"}, w.slack.said(), "the first has nothing to compare with")
	w.vendor.seats["seranking"] = append(w.vendor.seats["seranking"], seat(3, "three@acme.example", false))
	w.until(monday.Add(97 * time.Hour))
	require.Equal(t, []string{"2026-11-23T09:00", "2026-11-27T09:00"}, w.slack.said())
	require.Equal(t, monday, w.slack.posts[1].Apps[0].Since, "it's compared with what was posted last")
	w.slack.losses = 1
	w.vendor.seats["seranking"] = w.vendor.seats["seranking"][:2]
	w.until(monday.Add(121 * time.Hour))
	require.Len(t, w.slack.posts, 3)
	w.until(monday.Add(240 * time.Hour))
	require.Len(t, w.slack.posts, 3, "and what was lost on the way was found, and is what is compared with")
	w.vendor.seats["seranking"][0].Holds, w.vendor.seats["seranking"][0].Sort = 0, "client"
	w.until(monday.Add(290 * time.Hour))
	require.Len(t, w.slack.posts, 4, "an account that sees nothing any more is news, though all are there that were")
	w.reports[0].Sections = []Section{SectionOrphans}
	w.start()
	w.until(monday.Add(320 * time.Hour))
	w.vendor.seats["seranking"] = append(w.vendor.seats["seranking"], seat(4, "four@acme.example", true))
	w.until(monday.Add(340 * time.Hour))
	require.Len(t, w.slack.posts, 4, "what isn't shown is none")
}

func TestWhatWasMissedIsLeftOutWhereThatIsSaid(t *testing.T) {
	for name, c := range map[string]struct {
		down time.Duration
		want int
	}{"a restart is no miss": {10 * time.Minute, 1}, "an hour is one": {time.Hour, 0}} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, monday.Add(-time.Hour), weekly)
			w.reports[0].Skip = true
			w.startAt(monday.Add(c.down))
			require.Len(t, w.slack.posts, c.want)
			w.startAt(w.now.Add(time.Minute))
			require.Len(t, w.slack.posts, c.want)
			require.Equal(t, []string{"report/weekly/2026-11-30T09:00"}, w.intents())
			w.until(monday.Add(8 * 24 * time.Hour))
			require.Len(t, w.slack.posts, c.want+1)
		})
	}
	t.Run("a vendor that is down is no miss", func(t *testing.T) {
		w := newWorld(t, monday.Add(-time.Hour), weekly)
		w.reports[0].Skip = true
		w.slack.refusals = 3
		w.until(monday.Add(2 * time.Hour))
		require.Len(t, w.slack.posts, 1)
	})
	t.Run("nor is it one to have come from elsewhere", func(t *testing.T) {
		w := around(t, monday.Add(-36*time.Hour))
		w.reports[0].Skip = true
		w.start()
		w.until(monday)
		w.people.moves(dave, "Asia/Tokyo")
		w.until(monday.Add(24 * time.Hour))
		require.Len(t, w.slack.posts, 3)
	})
	t.Run("for each reader by their own hour", func(t *testing.T) {
		w := around(t, monday.Add(-36*time.Hour))
		w.reports[0].Skip = true
		w.startAt(monday.Add(time.Hour)) // Los Angeles is still to come
		w.until(monday.Add(24 * time.Hour))
		require.Equal(t, []string{"report/weekly/2026-11-23T09:00/U0DAVE"}, keys(w))
	})
}

func TestAScheduleOfEveryMinuteFloodsNobody(t *testing.T) {
	w := newWorld(t, monday.Add(-time.Hour), "often: * * * * *")
	w.until(monday.Add(time.Hour))
	require.Len(t, w.slack.posts, 8)
	for i, p := range w.slack.posts[1:] {
		require.GreaterOrEqual(t, p.at.Sub(w.slack.posts[i].at), Floor)
	}
}

func TestAReportIsDivertedToPeopleOnce(t *testing.T) {
	w := newWorld(t, monday.Add(-time.Hour), weekly)
	w.people.moves(bob, "Asia/Tokyo")
	w.people.moves(dave, "America/Los_Angeles")
	w.now = monday.Add(time.Minute)
	for range 2 {
		changes, err := Divert(SlotKey("weekly", "2026-11-23T09:00"), []approvals.PersonID{bob, dave}, approvals.Sayf("It's archived."), w.now)
		require.NoError(t, err)
		require.NoError(t, w.store.Promise(ctx, changes...))
	}
	require.NoError(t, w.store.Finish(ctx, mustClaim(w, SlotKey("weekly", "2026-11-23T09:00")), settle(doneWith("sent")), w.now))
	w.until(monday.Add(time.Hour))
	require.Equal(t, []string{"report/weekly/2026-11-23T09:00/U0BOB", "report/weekly/2026-11-23T09:00/U0DAVE"}, keys(w))
	require.Equal(t, "It's archived.", w.slack.posts[0].Instead.Plain())
	require.Empty(t, w.snapshot("weekly").Slot, "what comes next is compared with what stood in the channel last")
	_, err := Divert(ReaderKey("weekly", "2026-11-23T09:00", bob), nil, nil, w.now)
	require.Error(t, err)
}
