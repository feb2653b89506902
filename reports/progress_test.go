package reports

import (
	"context"
	"encoding/json"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/outbox"
)

// board is a Progress that keeps what it was told, and when.
type board struct {
	began     time.Time
	said      []string
	withdrawn []string
	fails     bool
	only      bool
}

func (b *board) Reading(_ context.Context, _ outbox.Job, channel string, say approvals.Text) {
	b.said = append(b.said, time.Since(b.began).String()+" "+channel+" "+say.Plain())
	<-time.After(3 * time.Second) // Slack takes its time, and no reading waits for it
}

func (b *board) Withdraw(_ context.Context, job outbox.Job) error {
	if b.fails {
		b.fails = false
		return context.DeadlineExceeded
	}
	b.withdrawn = append(b.withdrawn, job.Key)
	return nil
}

func (b *board) Only(outbox.Job) bool { return b.only }

// pacedWalk is a Walker that reads a page of 100 accounts every so often.
type pacedWalk struct {
	pages, about int
	each         time.Duration
	fails        error
}

func (w pacedWalk) Census(_ context.Context, app approvals.App, _ time.Time, told func(read, about int)) (Census, error) {
	for n := range w.pages {
		<-time.After(w.each)
		told((n+1)*100, w.about)
	}
	return CensusOf(approvals.SeatList{App: app}), w.fails
}

// TestALongReadingSaysHowFarItIs: from ten seconds on, every ten seconds, where there is news; a short one says nothing.
func TestALongReadingSaysHowFarItIs(t *testing.T) {
	for name, c := range map[string]struct {
		pacedWalk
		said []string
	}{
		"short": {pacedWalk{pages: 9, about: 900, each: time.Second}, nil},
		"long": {pacedWalk{pages: 135, about: 13_500, each: 230 * time.Millisecond}, []string{
			"10s C0REPORTS Reading SE Ranking: 4,300 of about 13,500 accounts. The report will be here when I'm through.",
			"20s C0REPORTS Reading SE Ranking: 8,600 of about 13,500 accounts. The report will be here when I'm through.",
			"30s C0REPORTS Reading SE Ranking: 13,000 of about 13,500 accounts. The report will be here when I'm through."}},
		"slow, by a vendor that doesn't count": {pacedWalk{pages: 2, each: 14 * time.Second}, []string{
			"20s C0REPORTS Reading SE Ranking: 100 accounts so far. The report will be here when I'm through."}},
	} {
		synctest.Test(t, func(t *testing.T) {
			b := &board{began: time.Now()}
			r := &Runner{Progress: b}
			told, stop := r.saying(t.Context(), outbox.Job{}, "C0REPORTS")
			_, err := c.Census(t.Context(), seranking, time.Now(), func(read, about int) { told(seranking, read, about) })
			require.NoError(t, err)
			stop()
			require.Equal(t, c.said, b.said, name)
		})
	}
}

// TestWhereAReadingIsShown: in the channel of the slot, or in that where somebody asked; not to people, who wait for nothing.
func TestWhereAReadingIsShown(t *testing.T) {
	reports := []Config{{Name: "weekly", Channel: "C0REPORTS"}, {Name: "mine", Channel: "C0REPORTS", People: []string{"U0BOB"}}}
	r := &Runner{Planner: &Planner{Reports: reports}}
	byHand := func(o order) json.RawMessage {
		raw, err := json.Marshal(o)
		require.NoError(t, err)
		return raw
	}
	for _, row := range []struct {
		key  string
		body json.RawMessage
		want string
	}{
		{SlotKey("weekly", "2026-11-23T09:00"), nil, "C0REPORTS"},
		{ManualKey("weekly", "17"), byHand(order{Channel: "C0GENERAL", By: "U0CAROL"}), "C0GENERAL"},
		{ManualKey("weekly", "17"), byHand(order{Channel: "C0GENERAL", By: "U0CAROL", Alone: true}), ""},
		{ManualKey("weekly", "17"), json.RawMessage(`?`), ""},
		{SlotKey("mine", "2026-11-23T09:00"), nil, ""},
		{ReaderKey("mine", "2026-11-23T09:00", "U0BOB"), nil, ""},
		{SlotKey("gone", "2026-11-23T09:00"), nil, ""},
	} {
		require.Equal(t, row.want, r.stage(outbox.Job{Intent: outbox.Intent{Key: row.key, Body: row.body}}), row.key)
	}
	told, stop := r.saying(t.Context(), outbox.Job{}, "C0REPORTS")
	require.Nil(t, told)
	stop()
}

// TestNothingOfAReadingStaysWithoutItsReport: where the report is dropped, what its reading showed is taken away, and tried again
// where that fails; where it is to be tried again, or stands, it is left alone.
func TestNothingOfAReadingStaysWithoutItsReport(t *testing.T) {
	w := newWorld(t, monday.Add(-time.Hour), weekly)
	b := &board{}
	w.runner.Progress = b
	w.vendor.dark = map[string]int{"seranking": 1}
	w.until(monday.Add(time.Hour))
	require.Len(t, w.slack.posts, 1)
	require.Empty(t, b.withdrawn)
	b.fails = true
	w.now = monday.Add(7*24*time.Hour - time.Hour)
	w.start()
	w.runner.Progress = b
	w.now = monday.Add(9 * 24 * time.Hour)
	w.until(w.now.Add(time.Hour))
	require.Equal(t, []string{"report/weekly/2026-11-30T09:00"}, b.withdrawn)
	require.Len(t, w.slack.posts, 1)
}

// TestAReadingThatWasShownIsNoNews: where a report that is to come only if something changed was read twice, and nothing has, what its
// reading showed goes, and no report takes its place; where the report itself may stand, it is looked for.
func TestAReadingThatWasShownIsNoNews(t *testing.T) {
	for name, c := range map[string]struct {
		only  bool
		posts int
	}{"only the reading stands": {true, 1}, "the report may stand": {false, 2}} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, monday.Add(-time.Hour), weekly)
			w.reports[0].OnlyIfChanged = true
			w.start()
			w.until(monday.Add(time.Hour))
			require.Len(t, w.slack.posts, 1)
			b := &board{only: c.only}
			w.runner.Progress = b
			w.now = monday.Add(7 * 24 * time.Hour)
			job := outbox.NewJob(mustClaim(w, "report/weekly/2026-11-30T09:00"), w.store)
			require.NoError(t, job.Mark(ctx, "read 100 of 900"))
			w.work()
			require.Len(t, w.slack.posts, c.posts)
			require.Len(t, b.withdrawn, 2-c.posts)
		})
	}
}
