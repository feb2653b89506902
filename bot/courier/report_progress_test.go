package courier

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/outbox"
	"github.com/usherbot/usher/reports"
	"github.com/usherbot/usher/sim/slacksim"
)

const reporting = "C0REPORTS"

var digest = reports.Report{Name: "weekly", At: time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)}

// longReport is a report whose reading takes long, as the reports' lane has it: it says how far it is, every ten seconds, and is
// posted, or is found not to be worth it.
type longReport struct {
	*world
	says, said int
	dropped    bool
	quiet      bool           // it isn't worth it, unless it may stand already
	before     map[int]func() // what happens before it says so for the n-th time; at says it is posted
	ends       bool           // the program ends here, at the next thing it does
}

func (l *longReport) Do(ctx context.Context, job outbox.Job) outbox.Result {
	for n := range l.says {
		<-time.After(10 * time.Second)
		if before := l.before[n]; before != nil {
			delete(l.before, n)
			before()
		}
		l.said++
		l.courier.Reading(ctx, job, "#seat-reports", approvals.Sayf("Reading, for the %v. time.", l.said))
		if l.ends {
			return outbox.Settled()
		}
	}
	if l.dropped || l.quiet && l.courier.Only(job) {
		if err := l.courier.Withdraw(ctx, job); err != nil {
			return outbox.RetryAt(time.Now().Add(time.Second), err.Error())
		}
		return outbox.DoneWith(outbox.Receipt{Digest: "dropped"})
	}
	if before := l.before[l.says]; before != nil {
		delete(l.before, l.says)
		before()
	}
	return l.courier.PostReport(ctx, job, "#seat-reports", digest)
}

// live is a life of the program in which the report is due.
func (l *longReport) live(d time.Duration) {
	worker := &outbox.Worker{Box: l.Store, Now: time.Now, Log: l.Log.Logger()}
	worker.Add(outbox.Lane{Kind: "report", Doer: l, Width: 1})
	require.NoError(l.T, l.Store.Promise(l.T.Context(), outbox.PromiseOnce("report/weekly/2026-11-23", time.Now())))
	ctx, cancel := context.WithTimeout(l.T.Context(), d)
	defer cancel()
	worker.Run(ctx)
}

// shows is what stands in the channel.
func (l *longReport) shows() (texts []string) {
	for _, m := range l.Messages(reporting) {
		texts = append(texts, m.Text)
	}
	return texts
}

// TestALongReadingSaysSoOnTheReportsOwnMessage, which is posted once and becomes the report, under every fault of each call.
func TestALongReadingSaysSoOnTheReportsOwnMessage(t *testing.T) {
	t.Run("undisturbed", func(t *testing.T) {
		inWorld(t, setup{}, func(t *testing.T, w *world) {
			l := &longReport{world: w, says: 3}
			l.before = map[int]func(){
				1: func() { require.Equal(t, []string{"Reading, for the 1. time."}, l.shows()) },
				3: func() { require.Equal(t, []string{"Reading, for the 3. time."}, l.shows()) },
			}
			l.live(time.Minute)
			require.Len(t, l.shows(), 1)
			require.Contains(t, l.shows()[0], "weekly")
			posts := 0
			for _, c := range w.Calls() {
				if c.Method == "chat.postMessage" && c.Args["channel"] == reporting {
					posts++
				}
			}
			require.Equal(t, 1, posts)
		})
	})
	for _, method := range []string{"chat.postMessage", "chat.update", "chat.delete", "conversations.history"} {
		for name, fault := range faults() {
			for before := range 4 {
				t.Run(fmt.Sprintf("%s/%s/%d", method, name, before), func(t *testing.T) {
					inWorld(t, setup{}, func(t *testing.T, w *world) {
						l := &longReport{world: w, says: 3}
						l.before = map[int]func(){before: func() {
							fault.Method = method
							w.Plan(fault)
							if method == "chat.delete" || method == "conversations.history" {
								w.Plan(slacksim.Fault{Kind: slacksim.Cut, Method: map[string]string{"chat.delete": "chat.update", "conversations.history": "chat.postMessage"}[method], After: true})
							}
						}}
						l.live(10 * time.Minute)
						require.Len(t, l.shows(), 1)
						require.Contains(t, l.shows()[0], "weekly")
					})
				})
			}
		}
	}
}

// TestALateEditDoesNotPutBackThatItIsBeingRead: Slack carries out an edit long after nobody waits for it any more.
func TestALateEditDoesNotPutBackThatItIsBeingRead(t *testing.T) {
	for _, delay := range []time.Duration{15 * time.Second, 40 * time.Second, 5 * time.Minute} {
		inWorld(t, setup{}, func(t *testing.T, w *world) {
			l := &longReport{world: w, says: 3, before: map[int]func(){1: func() { w.Plan(slacksim.Fault{Kind: slacksim.Late, Method: "chat.update", Delay: delay}) }}}
			l.live(20 * time.Minute)
			require.Len(t, l.shows(), 1)
			require.Contains(t, l.shows()[0], "weekly")
		})
	}
}

// TestAReadingOutlivesTheProgram: it ends after the message was posted, and after an edit, and its next life makes one report of it.
func TestAReadingOutlivesTheProgram(t *testing.T) {
	for end := range 3 {
		inWorld(t, setup{}, func(t *testing.T, w *world) {
			l := &longReport{world: w, says: 3}
			l.before = map[int]func(){end: func() { l.ends = true }}
			l.live(time.Minute)
			require.Len(t, l.shows(), 1)
			w.courier.readings = readings{} // what the program knew is gone
			l.ends = false
			l.live(10 * time.Minute)
			require.Len(t, l.shows(), 1)
			require.Contains(t, l.shows()[0], "weekly")
		})
	}
}

// TestAnEditOfALifeBeforeDoesNotPutBackThatItIsBeingRead: the program ended in the midst of it, and Slack carries it out once the next
// life has posted the report.
func TestAnEditOfALifeBeforeDoesNotPutBackThatItIsBeingRead(t *testing.T) {
	inWorld(t, setup{}, func(t *testing.T, w *world) {
		l := &longReport{world: w, says: 2}
		l.before = map[int]func(){1: func() {
			w.Plan(slacksim.Fault{Kind: slacksim.Late, Method: "chat.update", Delay: 3 * time.Minute})
			l.ends = true
		}}
		l.live(time.Minute)
		w.courier.readings = readings{}
		l.ends, l.says = false, 0
		l.live(10 * time.Minute)
		require.Len(t, l.shows(), 1)
		require.Contains(t, l.shows()[0], "weekly")
	})
}

// TestAReadingThatComesToNothingIsTakenAway, and one that somebody deleted is no loss.
func TestAReadingThatComesToNothingIsTakenAway(t *testing.T) {
	inWorld(t, setup{}, func(t *testing.T, w *world) {
		l := &longReport{world: w, says: 2, dropped: true}
		l.live(time.Minute)
		require.Empty(t, l.shows())
	})
	inWorld(t, setup{}, func(t *testing.T, w *world) {
		l := &longReport{world: w, says: 2}
		l.before = map[int]func(){1: func() { w.DeleteMessage(reporting, w.Messages(reporting)[0].TS) }}
		l.live(5 * time.Minute)
		require.Len(t, l.shows(), 1)
		require.Contains(t, l.shows()[0], "weekly")
	})
	inWorld(t, setup{}, func(t *testing.T, w *world) {
		w.Kick(reporting, slacksim.BotUser)
		l := &longReport{world: w, says: 2, dropped: true}
		l.live(time.Minute)
		require.Empty(t, l.shows())
	})
}

// TestAReadingAloneMakesNoReport: where nothing but how far the reading was stands, in this life or from the one before, it goes and
// no report takes its place; where it may have become the report, that stays.
func TestAReadingAloneMakesNoReport(t *testing.T) {
	for _, turned := range []bool{false, true} {
		inWorld(t, setup{}, func(t *testing.T, w *world) {
			l := &longReport{world: w, says: 2}
			l.before = map[int]func(){1: func() { l.ends = !turned }}
			if turned {
				l.before[2] = func() { w.Plan(slacksim.Fault{Kind: slacksim.Hang, Method: "chat.update"}) }
			}
			l.live(21 * time.Second)
			require.Len(t, l.shows(), 1)
			w.courier.readings = readings{}
			l.ends, l.quiet, l.says = false, true, 0
			l.live(10 * time.Minute)
			if !turned {
				require.Empty(t, l.shows())
				return
			}
			require.Len(t, l.shows(), 1)
			require.Contains(t, l.shows()[0], "weekly")
		})
	}
}
