package courier

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/outbox"
	"github.com/usherbot/usher/reports"
	"github.com/usherbot/usher/sim/slacksim"
)

// posted runs PostReport as the reports' lane would.
func (w *world) posted(channel string, r reports.Report) {
	w.T.Helper()
	lane := outbox.DoerFunc(func(ctx context.Context, job outbox.Job) outbox.Result {
		return w.courier.PostReport(ctx, job, channel, r)
	})
	worker := &outbox.Worker{Box: w.Store, Now: time.Now, Log: w.Log.Logger()}
	worker.Add(outbox.Lane{Kind: "report", Doer: lane, Width: 1})
	require.NoError(w.T, w.Store.Promise(w.T.Context(), outbox.PromiseOnce("report/weekly/2026-11-23", time.Now())))
	ctx, cancel := context.WithTimeout(w.T.Context(), 5*time.Minute)
	defer cancel()
	worker.Run(ctx)
}

func TestAReportIsPostedOnce(t *testing.T) {
	r := reports.Report{Name: "weekly", At: time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)}
	for name, fault := range faults() {
		t.Run(name, func(t *testing.T) {
			inWorld(t, setup{}, func(t *testing.T, w *world) {
				fault.Method = "chat.postMessage"
				w.Plan(fault)
				w.posted("#seat-reports", r)
				require.Len(t, w.Messages("C0REPORTS"), 1)
			})
		})
	}
	t.Run("asked for where the bot may not write", func(t *testing.T) {
		inWorld(t, setup{}, func(t *testing.T, w *world) {
			w.Kick(general, slacksim.BotUser)
			r := r
			r.AskedBy = carol
			w.posted(general, r)
			require.Empty(t, w.Messages(general))
			require.Len(t, w.DM(carol), 1)
			require.Contains(t, w.said(carol)[0], "You asked for this in <#C0GENERAL>. I'm not in there, so it comes to you here.")
		})
	})
	t.Run("asked for by somebody who is no admin any more", func(t *testing.T) {
		for _, who := range []approvals.PersonID{dave, "U0GONE"} {
			inWorld(t, setup{}, func(t *testing.T, w *world) {
				w.admins(carol, "U0GONE")
				r := r
				r.AskedBy = who
				w.posted(general, r)
				require.Empty(t, w.Messages(general))
				require.Empty(t, w.DM(dave))
				require.Contains(t, w.Log.String(), "is no admin any more and gets none")
			})
		}
	})
}

// wants runs PostReport for a report that carol asked for so long ago, in a place, and is to see alone.
func (w *world) wants(channel string, ago time.Duration) {
	w.T.Helper()
	r := reports.Report{Name: "weekly", At: time.Now(), AskedBy: carol, Alone: true}
	w.admins(carol)
	lane := outbox.DoerFunc(func(ctx context.Context, job outbox.Job) outbox.Result {
		job.Made = job.Made.Add(-ago)
		return w.courier.PostReport(ctx, job, channel, r)
	})
	worker := &outbox.Worker{Box: w.Store, Now: time.Now, Log: w.Log.Logger()}
	worker.Add(outbox.Lane{Kind: "report", Doer: lane, Width: 1})
	require.NoError(w.T, w.Store.Promise(w.T.Context(), outbox.PromiseOnce("report/weekly/now/1", time.Now())))
	ctx, cancel := context.WithTimeout(w.T.Context(), 5*time.Minute)
	defer cancel()
	worker.Run(ctx)
}

// TestAReportIsShownAlone, beside the messages where it was asked for. What can't be shown there, or may not have been, comes by direct
// message: once, and nobody else is shown it.
func TestAReportIsShownAlone(t *testing.T) {
	for name, fault := range faults() {
		t.Run(name, func(t *testing.T) {
			inWorld(t, setup{}, func(t *testing.T, w *world) {
				fault.Method = "chat.postEphemeral"
				w.Plan(fault)
				w.wants(general, 0)
				require.Empty(t, w.Messages(general))
				direct, beside := len(w.DM(carol)), len(w.Ephemerals(carol))
				require.LessOrEqual(t, direct, 1)
				require.LessOrEqual(t, beside, 1)
				require.GreaterOrEqual(t, direct+beside, 1)
			})
		})
	}
	for name, row := range map[string]struct {
		ago            time.Duration
		before         func(w *world)
		direct, beside int
		says           string
	}{
		"at once":           {0, func(*world) {}, 0, 1, ""},
		"to a rate limit":   {0, func(w *world) { w.RateLimit("chat.postEphemeral", 1, 10*time.Second) }, 0, 1, ""},
		"long after":        {10 * time.Minute, func(*world) {}, 1, 0, "You asked for this in <#C0GENERAL>, and only you have it. Post to channel"},
		"where the bot not": {0, func(w *world) { w.Kick(general, slacksim.BotUser) }, 1, 0, "I'm not in there: add me with"},
	} {
		t.Run(name, func(t *testing.T) {
			inWorld(t, setup{}, func(t *testing.T, w *world) {
				row.before(w)
				w.wants(general, row.ago)
				require.Empty(t, w.Messages(general))
				require.Equal(t, []int{row.direct, row.beside}, []int{len(w.DM(carol)), len(w.Ephemerals(carol))})
				for _, said := range append(w.DM(carol), w.Ephemerals(carol)...) {
					require.Contains(t, said.Text, row.says)
				}
			})
		})
	}
}

func TestAReportOfASlotComesToItsReaderAndToTheAdminsWhereItsChannelIsArchived(t *testing.T) {
	r := reports.Report{Name: "weekly", At: time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)}
	t.Run("whose channel is archived", func(t *testing.T) {
		inWorld(t, setup{}, func(t *testing.T, w *world) {
			w.Archive("C0REPORTS", true)
			w.posted("#seat-reports", r)
			require.Empty(t, w.Messages("C0REPORTS"))
			owed, err := w.Store.Intents(t.Context(), "report/weekly/2026-11-23/")
			require.NoError(t, err)
			require.Len(t, owed, 1, "it is the admins' now")
			require.Equal(t, "report/weekly/2026-11-23/"+string(carol), owed[0].Key)
			require.Contains(t, string(owed[0].Body), "is archived, so it comes to you admins")
		})
	})
	t.Run("to a person", func(t *testing.T) {
		for name, fault := range faults() {
			t.Run(name, func(t *testing.T) {
				inWorld(t, setup{}, func(t *testing.T, w *world) {
					fault.Method = "chat.postMessage"
					w.Plan(fault)
					r := r
					r.To, r.Instead = dave, approvals.Sayf("It belongs elsewhere.")
					w.posted("", r)
					require.Len(t, w.DM(dave), 1)
					require.Contains(t, w.said(dave)[0], "It belongs elsewhere.")
				})
			})
		}
	})
}
