package units_test

import (
	"bytes"
	"context"
	"encoding/json"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/outbox"
	"github.com/usherbot/usher/reports"
	"github.com/usherbot/usher/reports/units"
	"github.com/usherbot/usher/store/bolt"
	"github.com/usherbot/usher/test/stops"
)

var (
	ctx   = context.Background()
	start = time.Date(2027, time.January, 4, 0, 30, 0, 0, time.UTC)
)

// house is one installation: a store, a vendor outside, and a program that can be stopped at any effect and started again.
type house struct {
	*testing.T
	now   time.Time
	store *bolt.Store
	meter meter
	apps  []units.App
	polls *units.Polls
	log   bytes.Buffer
	said  []string
	stops.Stops
}

// meter answers what it is told to, and counts.
type meter struct {
	h     *house
	left  int64
	why   string
	soon  bool
	asked int
}

func (m *meter) Read(context.Context) units.Reading {
	m.h.Effect()
	m.asked++
	if m.why != "" {
		return units.Reading{At: m.h.now, Why: approvals.Sayf("%v", m.why), Soon: m.soon}
	}
	return units.Reading{At: m.h.now, Left: m.left}
}

func (m *meter) Notices() []units.Notice       { return nil }
func (m *meter) Note(time.Time) approvals.Text { return nil }

func newHouse(t *testing.T, schedule string) *house {
	t.Helper()
	h := &house{T: t, now: start}
	slots, err := reports.ParseSchedule(schedule, "")
	require.NoError(t, err)
	h.store, h.meter = stops.Store(t), meter{h: h, left: 1000}
	h.apps = []units.App{{ID: "planner", Name: "Planner", Owners: []string{"U0DAVE"}, Slots: slots,
		Settings: units.Settings{WarnAt: []units.Limit{{Percent: 20}, {Percent: 5}}}, Meter: &h.meter}}
	h.begin()
	return h
}

// begin is the program starting (again): everything it knows it reads from the store.
func (h *house) begin() {
	box := stops.Table{Store: h.store, Stops: &h.Stops}
	h.polls = &units.Polls{Apps: h.apps, Memory: box, Box: box, Now: func() time.Time { return h.now },
		Log: slog.New(slog.NewTextHandler(&h.log, nil)), Wake: func() {}}
	plan, cancel := context.WithCancel(ctx)
	h.polls.Wake = cancel // one pass over the plan
	h.polls.Run(plan)
	h.polls.Wake = func() {}
}

// work carries out what is due now, as the outbox's worker does; a warning is said by writing it down.
func (h *house) work() {
	box := stops.Table{Store: h.store, Stops: &h.Stops}
	for _, kind := range []string{units.Kind, approvals.KindWarning} {
		for {
			due, _, err := h.store.Due(ctx, kind, h.now, 1)
			require.NoError(h, err)
			if len(due) == 0 {
				break
			}
			in, err := box.Claim(ctx, due[0].Key, h.now)
			require.NoError(h, err)
			result := outbox.DoneWith(outbox.Receipt{ID: "said"})
			if kind == units.Kind {
				result = h.polls.Do(ctx, outbox.NewJob(in, box))
			}
			if kind == approvals.KindWarning && !slices.Contains(h.said, in.Key) { // the courier looks before it says anything again
				var w approvals.Warning
				require.NoError(h, json.Unmarshal(in.Body, &w))
				require.Equal(h, "Planner", w.Name)
				h.said = append(h.said, in.Key)
			}
			require.NoError(h, box.Finish(ctx, in, result, h.now))
		}
	}
}

// until lets time pass, stopping at each due time.
func (h *house) until(end time.Time) {
	for {
		h.work()
		_, next, err := h.store.Due(ctx, units.Kind, h.now, 1)
		require.NoError(h, err)
		if next.IsZero() || next.After(end) {
			h.now = end
			return
		}
		h.now = next
	}
}

func at(hour int) time.Time { return time.Date(2027, time.January, 4, hour, 0, 0, 0, time.UTC) }

func TestItIsReadOnItsScheduleAndAtTheStart(t *testing.T) {
	h := newHouse(t, "0 */6 * * *")
	h.until(at(17))
	require.Equal(t, 3, h.meter.asked, "what was missed before the start, 06:00 and 12:00")
	b, ok, err := h.polls.Balance(ctx, "planner")
	require.NoError(t, err)
	require.True(t, ok)
	require.Equal(t, at(12), b.Read)
	require.EqualValues(t, 1000, b.Left)
	_, ok, err = h.polls.Balance(ctx, "other")
	require.NoError(t, err)
	require.False(t, ok)
	h.begin()
	h.until(at(17))
	require.Equal(t, 3, h.meter.asked, "a start reads nothing anew")
}

// TestStruckAnywhereAWarningIsSaidOnce: at each effect of a day on which it falls below two limits, is topped up and falls
// again, the program is killed and started anew.
func TestStruckAnywhereAWarningIsSaidOnce(t *testing.T) {
	day := func(h *house) {
		for i, left := range []int64{1000, 190, 185, 40, 900, 170} {
			h.meter.left = left
			if h.Crashes(func() { h.until(at(i).Add(45 * time.Minute)) }) {
				h.begin()
				h.until(at(i).Add(45 * time.Minute))
			}
		}
	}
	want := []string{"warning/planner/20%/2027-01-04T00:00", "warning/planner/5%/2027-01-04T00:00", "warning/planner/20%/2027-01-04T04:00"}
	h := newHouse(t, "0 * * * *")
	before := h.Effects
	day(h)
	require.Equal(t, want, h.said)
	total := h.Effects
	require.Greater(t, total, 50)
	for i := before + 1; i <= total; i++ {
		h := newHouse(t, "0 * * * *")
		h.Stop = i
		day(h)
		require.Equal(t, want, h.said, "stopped at %d", i)
	}
}

func TestWhatMayBeOverInAMinuteIsAskedAgain(t *testing.T) {
	h := newHouse(t, "0 */6 * * *")
	h.meter.why, h.meter.soon = "no answer", true
	h.until(at(5))
	require.Equal(t, 4, h.meter.asked, "and then no more until the next slot")
	b, _, err := h.polls.Balance(ctx, "planner")
	require.NoError(t, err)
	require.False(t, b.Known())
	require.Equal(t, start.Add(7*time.Minute), b.Blind)
	require.Contains(t, h.log.String(), "what is left could not be read")
	h.meter.soon = false
	h.until(at(11))
	require.Equal(t, 5, h.meter.asked, "what stays so is asked on the schedule")
	h.meter.why = ""
	h.until(at(13))
	b, _, err = h.polls.Balance(ctx, "planner")
	require.NoError(t, err)
	require.True(t, b.Known())
	require.True(t, b.Blind.IsZero())
	require.Empty(t, h.said)
}

func TestAnAppThatIsConfiguredNoMoreIsLeftAlone(t *testing.T) {
	h := newHouse(t, "0 * * * *")
	h.until(at(2))
	asked := h.meter.asked
	h.apps = nil
	h.begin()
	h.until(at(8))
	require.Equal(t, asked, h.meter.asked)
	left, err := h.store.Intents(ctx, units.Kind+"/")
	require.NoError(t, err)
	require.Empty(t, left)
}

func TestAnotherScheduleTakesOver(t *testing.T) {
	h := newHouse(t, "0 * * * *")
	h.until(at(2))
	slots, err := reports.ParseSchedule("30 */12 * * *", "")
	require.NoError(t, err)
	h.apps[0].Slots = slots
	h.begin()
	h.until(at(12))
	asked := h.meter.asked
	h.until(at(13))
	require.Equal(t, asked+1, h.meter.asked)
	left, err := h.store.Intents(ctx, units.Kind+"/")
	require.NoError(t, err)
	require.Len(t, left, 1)
	require.True(t, strings.HasSuffix(left[0].Key, "T00:30"), left[0].Key)
}

func TestADamagedRecordBeginsAnew(t *testing.T) {
	h := newHouse(t, "0 * * * *")
	h.until(at(2))
	require.NoError(t, h.store.Learn(ctx, "units/planner", []byte("{")))
	h.until(at(3))
	b, _, err := h.polls.Balance(ctx, "planner")
	require.NoError(t, err)
	require.Equal(t, at(3), b.Read)
	require.Contains(t, h.log.String(), "begins anew")
}

// TestNoReadingIsShownForLongerThanAMonth: not where nothing has been read since either, so that nothing has taken its place.
func TestNoReadingIsShownForLongerThanAMonth(t *testing.T) {
	h := newHouse(t, "0 * * * *")
	h.until(at(2))
	for _, row := range []struct {
		now  time.Time
		want int
	}{{at(2), 3}, {at(1).AddDate(0, 0, 30), 2}, {at(2).AddDate(0, 0, 30), 1}, {at(3).AddDate(0, 0, 30), 0}} {
		h.now = row.now
		b, _, err := h.polls.Balance(ctx, "planner")
		require.NoError(t, err)
		require.Len(t, b.Lately, row.want, row.now)
		raw, err := json.Marshal(b)
		require.NoError(t, err)
		require.NotContains(t, string(raw), "Lately", "it's kept nowhere else")
	}
}
