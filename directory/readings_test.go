package directory_test

import (
	"bytes"
	"context"
	"log/slog"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/apiclient"
	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/directory"
	"github.com/usherbot/usher/directory/sources"
	"github.com/usherbot/usher/outbox"
	"github.com/usherbot/usher/register/list"
	"github.com/usherbot/usher/store/bolt"
	"github.com/usherbot/usher/test/stops"
)

var (
	ctx   = context.Background()
	start = time.Date(2026, time.November, 2, 12, 0, 0, 0, time.UTC)
)

// house is one installation: a store, a directory outside, and a program that can be stopped at any effect and started again.
type house struct {
	*testing.T
	now      time.Time
	store    *bolt.Store
	people   []directory.Record
	err      error
	asked    int
	dirs     []directory.Directory
	readings *directory.Readings
	alarms   []string
	log      bytes.Buffer
	stops.Stops
}

// Read implements directory.Source.
func (h *house) Read(context.Context, []directory.Record, string) (directory.Answer, error) {
	h.Effect()
	h.asked++
	return directory.Answer{People: h.people}, h.err
}

func newHouse(t *testing.T) *house {
	h := &house{T: t, now: start, store: stops.Store(t)}
	for _, id := range []string{"ann", "ben", "cid", "dee", "eve", "fay"} {
		h.people = append(h.people, directory.Record{ID: id, Addresses: []string{id + "@x.example"}})
	}
	h.dirs = []directory.Directory{{Name: "Okta", Origin: "okta acme", Source: h}}
	h.begin()
	return h
}

// begin is the program starting (again).
func (h *house) begin() {
	box := stops.Table{Store: h.store, Stops: &h.Stops}
	h.readings = &directory.Readings{Directories: h.dirs, Memory: box, Box: box, Now: func() time.Time { return h.now }, Log: slog.New(slog.NewTextHandler(&h.log, nil)), Wake: func() {},
		Alarm: func(_ context.Context, topic string, say approvals.Text) {
			h.alarms = append(h.alarms, topic+": "+say.Plain())
		}}
	plan, cancel := context.WithCancel(ctx)
	h.readings.Wake = cancel // one pass over the plan
	h.readings.Run(plan)
	h.readings.Wake = func() {}
}

// until lets time pass, carrying out what is due as the outbox's worker does.
func (h *house) until(end time.Time) {
	box := stops.Table{Store: h.store, Stops: &h.Stops}
	for {
		due, next, err := h.store.Due(ctx, directory.Kind, h.now, 1)
		require.NoError(h, err)
		switch {
		case len(due) > 0:
			in, err := box.Claim(ctx, due[0].Key, h.now)
			require.NoError(h, err)
			require.NoError(h, box.Finish(ctx, in, h.readings.Do(ctx, outbox.NewJob(in, box)), h.now))
		case next.IsZero() || next.After(end):
			h.now = end
			return
		default:
			h.now = next
		}
	}
}

// stands is how somebody stands: "on", "off", "?" where it isn't sure, "-" where nobody is known.
func (h *house) stands(address string) string {
	s, err := h.readings.Standings(ctx)
	require.NoError(h, err)
	switch of := s.Of[address]; {
	case len(s.Unsure) > 0:
		return "?"
	case len(of) == 0:
		return "-"
	case of[0].Off:
		return "off"
	}
	return "on"
}

func days(n int) time.Time { return start.Add(time.Duration(n) * 24 * time.Hour) }

func TestADirectoryIsReadOnceADayAndOnceAfterAWeekDown(t *testing.T) {
	h := newHouse(t)
	h.until(start)
	require.Equal(t, 1, h.asked, "at the first start")
	require.Equal(t, "on", h.stands("ann@x.example"))
	h.until(days(3))
	require.Equal(t, 4, h.asked)
	h.begin()
	h.until(days(3))
	require.Equal(t, 4, h.asked, "a start reads nothing anew")
	h.now = days(10)
	h.begin()
	h.until(days(10))
	require.Equal(t, 5, h.asked, "once after a week down")
	h.people[0].Off = true
	h.until(days(11))
	require.Equal(t, "off", h.stands("ann@x.example"))
	require.Empty(t, h.alarms)
}

// TestWhatCantBeReadIsNeverGone is the law of this room: a directory that fails, lists nobody, half, or switches off everybody at once
// changes nothing that is known, is told the admins once a day, and is read again every hour until it can be.
func TestWhatCantBeReadIsNeverGone(t *testing.T) {
	for name, row := range map[string]struct {
		wrong func(h *house)
		says  string
		after int // hours until the admins hear
	}{
		"refused": {func(h *house) {
			h.err = &apiclient.Error{Op: "read Okta's users", Kind: apiclient.NotAllowed, Status: 401, Words: "Invalid token provided"}
		}, "I can't read Okta: read Okta's users: not allowed (401): Invalid token provided.", 1},
		"silent": {func(h *house) {
			h.err = &apiclient.Error{Op: "read Okta's users", Kind: apiclient.Temporary, Status: 503}
		}, "I can't read Okta", 4},
		"nobody": {func(h *house) { h.people = nil }, "Okta looks wrong: it lists nobody.", 1},
		"half":   {func(h *house) { h.people = h.people[:2] }, "Okta looks wrong: it lists 2 people, and 6 the last time.", 1},
		"all off": {func(h *house) {
			for i := range h.people {
				h.people[i].Off = true
			}
		}, "Okta looks wrong: 6 of the 6 people who were active the last time are off now.", 1},
	} {
		h := newHouse(t)
		h.until(start)
		good := append([]directory.Record(nil), h.people...)
		row.wrong(h)
		h.until(time.Date(2026, time.November, 3, 5, 0, 0, 0, time.UTC).Add(time.Duration(row.after) * time.Hour))
		require.Equal(t, "on", h.stands("ann@x.example"), name)
		require.NotEmpty(t, h.alarms, name)
		require.Contains(t, h.alarms[0], row.says, name)
		require.Contains(t, h.alarms[0], "nobody is taken for gone meanwhile", name)
		h.until(days(2))
		require.Greater(t, h.asked, 20, "%s: every hour", name)
		require.Equal(t, "on", h.stands("fay@x.example"), name)
		h.until(days(4))
		require.Equal(t, "?", h.stands("ann@x.example"), "%s: after days nothing is sure", name)
		h.people, h.err = good, nil
		h.until(h.now.Add(2 * time.Hour))
		require.Equal(t, "on", h.stands("ann@x.example"), "%s: and it is again, once it could be read", name)
		before := len(h.alarms)
		h.until(days(6))
		require.Len(t, h.alarms, before, name)
	}
}

// TestAFirstAnswerThatListsNobodyIsNone: nothing is known then.
func TestAFirstAnswerThatListsNobodyIsNone(t *testing.T) {
	h := newHouse(t)
	h.people = nil
	h.until(start)
	require.Equal(t, "?", h.stands("ann@x.example"))
	require.Len(t, h.alarms, 1)
	require.Contains(t, h.alarms[0], "I've never read it, so I know of nobody there.")
}

// TestWhatSomebodySaysIsSoIsBelievedThatDay: and only that day.
func TestWhatSomebodySaysIsSoIsBelievedThatDay(t *testing.T) {
	for believe, want := range map[string]string{"2026-11-03": "off", "2026-11-02": "on", "": "on"} {
		h := newHouse(t)
		h.until(start)
		for i := range h.people {
			h.people[i].Off = true
		}
		h.dirs[0].Believe = believe
		h.begin()
		h.until(days(1))
		require.Equal(t, want, h.stands("ann@x.example"), believe)
	}
}

func TestAnotherAccountUnderTheNameIsAnotherDirectory(t *testing.T) {
	h := newHouse(t)
	h.until(start)
	h.people = []directory.Record{{ID: "zoe", Addresses: []string{"zoe@x.example"}}}
	h.dirs[0].Origin = "okta other"
	h.begin()
	h.until(start)
	require.Equal(t, "on", h.stands("zoe@x.example"))
	require.Equal(t, "-", h.stands("ann@x.example"))
	require.Empty(t, h.alarms)
	h.dirs = nil
	h.begin()
	h.until(days(2))
	left, err := h.store.Intents(ctx, directory.Kind+"/")
	require.NoError(t, err)
	require.Empty(t, left, "what is configured no more is read no more")
}

func TestWhatIsKeptAndDamagedBeginsAnew(t *testing.T) {
	h := newHouse(t)
	h.until(start)
	require.NoError(t, h.store.Learn(ctx, "directory/Okta", []byte("{")))
	h.until(days(1))
	require.Equal(t, "on", h.stands("ann@x.example"))
	require.Contains(t, h.log.String(), "begins anew")
}

// TestStruckAnywhereADirectoryIsKnownAllTheSame: at each effect of some days the program is killed and started anew.
func TestStruckAnywhereADirectoryIsKnownAllTheSame(t *testing.T) {
	live := func(h *house) {
		for n := range 3 {
			h.people[n].Off = true
			if h.Crashes(func() { h.until(days(n + 1)) }) {
				h.begin()
				h.until(days(n + 1))
			}
		}
	}
	h := newHouse(t)
	before := h.Effects
	live(h)
	require.Greater(t, h.Effects, before+20)
	for i := before + 1; i <= h.Effects; i++ {
		s := newHouse(t)
		s.Stop = i
		live(s)
		for address, want := range map[string]string{"ann@x.example": "off", "cid@x.example": "off", "dee@x.example": "on"} {
			require.Equal(t, want, s.stands(address), "stopped at %d", i)
		}
		require.Empty(t, s.alarms)
	}
}

// TestAListThatSomebodyAdds is taken as a reading is, and doubted; the same one, added once more within a day, is believed, and however often
// it is taken that was added at one time, it comes to the same.
func TestAListThatSomebodyAdds(t *testing.T) {
	h := newHouse(t)
	h.dirs = []directory.Directory{{Name: "HR list", Parse: func(raw []byte, _ map[list.Column]string) (directory.Answer, error) {
		return sources.List(raw, nil, h.now)
	}}}
	h.begin()
	take := func(file string, look bool, after time.Duration) string {
		said, err := h.readings.Take(ctx, []byte(file), nil, look, start.Add(after))
		require.NoError(t, err)
		return said.Plain()
	}
	const six, two = "Email\nann@x.example\nben@x.example\ncid@x.example\ndee@x.example\neve@x.example\nfay@x.example\n", "Email\nann@x.example\nben@x.example\n"
	require.Equal(t, "?", h.stands("ann@x.example"), "nobody added one yet")
	require.Contains(t, take(six, true, 0), "6 people, 0 of them off. Only looked at")
	require.Equal(t, "?", h.stands("ann@x.example"))
	require.Contains(t, take(six, false, 0), "6 people, 0 of them off.")
	require.Equal(t, "on", h.stands("fay@x.example"))
	for range 3 { // as after a crash
		require.Contains(t, take(two, false, time.Hour), "it lists 2 people, and 6 the last time. I don't believe that by itself, so nothing has changed")
		require.Equal(t, "on", h.stands("fay@x.example"))
	}
	require.Contains(t, take(two, true, 26*time.Hour), "I wouldn't believe it")
	require.Contains(t, take(two, false, 26*time.Hour), "I don't believe that", "after more than a day it's doubted anew")
	require.Contains(t, take(two, false, 27*time.Hour), "2 people, 0 of them off.")
	require.Equal(t, "off", h.stands("fay@x.example"))
	_, err := h.readings.Take(ctx, []byte("no list"), nil, false, start)
	require.Error(t, err)
	h.now = start.Add(27*time.Hour + 32*24*time.Hour)
	require.Equal(t, "?", h.stands("fay@x.example"), "a month later it can't say")
	h.until(h.now.Add(48 * time.Hour))
	require.Empty(t, h.alarms)
	left, err := h.store.Intents(ctx, directory.Kind+"/HR")
	require.NoError(t, err)
	require.Empty(t, left, "nothing of it is read")
}
