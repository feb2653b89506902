package main

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/app"
	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/config"
	"github.com/usherbot/usher/demo"
	"github.com/usherbot/usher/sim/slacksim"
	"github.com/usherbot/usher/sim/vendorsim"
)

// probe is one promise, tried hard. It returns what was wrong: nothing, unless alter puts a bug
// between the rooms (TestSeededBugs demands to be told then).
type probe func(t *testing.T, alter func(*app.Surroundings)) []string

// probes are the promises by name.
var probes = map[string]probe{
	"crashes while creating":     crashes("create"),
	"crashes while deleting":     crashes("delete"),
	"crashes while denying":      crashes("deny"),
	"crashes until expiry":       crashes("expiry"),
	"crashes around a report":    crashes("report"),
	"data that is lost":          scene("the data is lost", func(*talkWorld) {}),
	"data lost after a refusal":  scene("the data is lost after a refusal", func(*talkWorld) {}),
	"failing commits":            failingCommits("create"),
	"failing commits of a no":    failingCommits("deny"),
	"failing commits of a back":  failingCommits("cancel"),
	"failing commits of time up": failingCommits("expiry"),
	"failing commits of a doubt": failingCommits("doubt, happened"),
	"a disk that is full":        fullDisk,
	"a lost answer of a vendor": scene("create", func(w *talkWorld) {
		plan(w, vendorsim.Fault{Match: vendorsim.Match{Op: vendorsim.Create}, Kind: vendorsim.Cut, When: vendorsim.After})
	}),
	"a lost answer of Slack": scene("create", func(w *talkWorld) {
		w.n.Slack.Plan(slacksim.Fault{Method: "chat.postMessage", After: true, Kind: slacksim.Cut, Times: 1})
		w.n.Slack.Plan(slacksim.Fault{Method: "conversations.history", Kind: slacksim.Status500}) // nor can it be looked for at once
	}),
	"an answer with a wrong id":  scene("create", wrongConversation),
	"an ordinary day":            scene("create", func(*talkWorld) {}),
	"a redelivered envelope":     redelivered,
	"refreshes under load":       refreshes,
	"a connection that hangs":    hanging,
	"more than can be done":      flooded,
	"daylight saving":            daylight,
	"an error is not a no":       directoryDown,
	"a slow post":                slowPost,
	"late clicks":                lateClicks,
	"deciding one's own request": ownRequest,
}

// TestPromises holds every promise without a bug; TestCrashMatrix does so for the crashes, at more places.
func TestPromises(t *testing.T) {
	t.Parallel()
	for name, p := range probes {
		if strings.HasPrefix(name, "crashes ") {
			continue
		}
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			require.Empty(t, p(t, nil))
		})
	}
}

// crashes strikes at every place of a scenario, up to the first finding. It goes through them in strides,
// for what a bug spoils is mostly spoilt at several places near one another.
func crashes(name string) probe {
	const stride = 7
	return func(t *testing.T, alter func(*app.Surroundings)) []string {
		for first := range stride {
			for at := 1 + first; ; at += stride {
				wrong, hit, _ := crashAt(t, of(name), at, alter)
				if len(wrong) > 0 {
					return wrong
				}
				if hit == "" {
					break
				}
			}
		}
		return nil
	}
}

// scene plays a scenario once, after setup.
func scene(name string, setup func(w *talkWorld)) probe {
	return func(t *testing.T, alter func(*app.Surroundings)) []string {
		return inRecorded(t, alter, func(w *talkWorld) {
			setup(w)
			(&played{talkWorld: w, scenario: of(name)}).play()
		})
	}
}

func inRecorded(t *testing.T, alter func(*app.Surroundings), f func(w *talkWorld)) []string {
	var r recorder
	inScene(t, &r, crashConfig, func(w *talkWorld) {
		vendorsim.SeedDemo(w.n.Vendor)
		w.alter = alter
		f(w)
	})
	return r.findings()
}

// failingCommits lets each commit of a scenario fail once, kept or not, without the program dying of it.
func failingCommits(name string) probe {
	return func(t *testing.T, alter func(*app.Surroundings)) []string {
		for _, where := range []string{"before commit", "after commit"} {
			for at := 1; ; at++ {
				wrong, reached := failingFrom(t, alter, name, where, at, 0)
				if len(wrong) > 0 {
					return append(wrong, fmt.Sprintf("%s number %d failed", where, at))
				}
				if !reached {
					break
				}
			}
		}
		return nil
	}
}

// fullDisk lets every commit fail for two minutes, from each of a lifecycle's commits on: people are
// told so, nothing is asked of the vendor meanwhile that is not on disk, and afterwards all is as usual.
func fullDisk(t *testing.T, alter func(*app.Surroundings)) []string {
	for at := 1; ; at++ {
		wrong, reached := failingFrom(t, alter, "create", "before commit", at, 2*time.Minute)
		if len(wrong) > 0 {
			return append(wrong, fmt.Sprintf("every commit failed from number %d on", at))
		}
		if !reached {
			return nil
		}
	}
}

// failingFrom plays a scenario in which the at-th commit fails, and every other one for as long after it.
func failingFrom(t *testing.T, alter func(*app.Surroundings), name, where string, at int, long time.Duration) (wrong []string, reached bool) {
	wrong = inRecorded(t, func(s *app.Surroundings) {
		if alter != nil {
			alter(s)
		}
		inner, n := s.Store.Hook, 0
		var since time.Time
		s.Store.Hook = func(place string) error {
			if place != where {
				return inner(place)
			}
			if n++; n == at {
				since, reached = time.Now(), true
			}
			if reached && (n == at || time.Since(since) < long) {
				return errors.New("no space left on device")
			}
			return inner(place)
		}
	}, func(w *talkWorld) {
		p := &played{talkWorld: w, scenario: of(name)}
		p.play()
		if long > 0 && reached {
			p.toldOfTrouble()
		}
	})
	return wrong, reached
}

func redelivered(t *testing.T, alter func(*app.Surroundings)) []string {
	return inRecorded(t, alter, func(w *talkWorld) {
		w.start()
		d := w.n.Slack.Type("U0ALICE", "C0GENERAL", "/access create jane@acme.example Jane because she asked")
		d.Wait()
		w.pass(5 * time.Second)
		// The asked-for is taken back, so that only the envelope's own key can tell that this is the same.
		w.n.Slack.Type("U0ALICE", "C0GENERAL", "/access cancel 1").Wait()
		w.pass(time.Minute)
		// A restart forgets whatever is only in memory.
		w.end()
		w.start()
		require.True(w.t, w.n.Slack.Redeliver(d))
		w.pass(10 * time.Second)
		_, err := w.app.Desk.Request(context.Background(), 2)
		require.Equal(w.t, approvals.NotFound, approvals.CodeOf(err), "one envelope made two requests")
		w.check()
	})
}

func refreshes(t *testing.T, alter func(*app.Surroundings)) []string {
	return inRecorded(t, alter, func(w *talkWorld) {
		w.start()
		for i := range 60 {
			if i%3 == 0 {
				w.n.Slack.Refresh()
			}
			out := w.n.Slack.Type("U0ALICE", "C0GENERAL", "/access help").Wait()
			require.True(w.t, out.Acked, "command %d: %s", i, out.Error)
			w.pass(time.Second)
		}
	})
}

func hanging(t *testing.T, alter func(*app.Surroundings)) []string {
	return inRecorded(t, alter, func(w *talkWorld) {
		w.n.Slack.Plan(slacksim.Fault{Method: "apps.connections.open", Kind: slacksim.Hang, Times: 2})
		w.begin()
		w.pass(2 * time.Minute)
		require.GreaterOrEqual(w.t, w.n.Slack.Connections(), 2, "still waiting for an answer that does not come")
	})
}

// flooded sends far more at once than can be done in time: everybody gets an answer in time, and those
// for whom there is no room get it at once, instead of piling up.
func flooded(t *testing.T, alter func(*app.Surroundings)) []string {
	return inRecorded(t, alter, func(w *talkWorld) {
		w.start()
		w.n.Slack.Plan(slacksim.Fault{Method: "users.info", Kind: slacksim.Hang, Times: 100000})
		var all []*slacksim.Delivery
		for i := range 2000 {
			all = append(all, w.n.Slack.Type("U0ALICE", "C0GENERAL", fmt.Sprintf("/access create p%d@acme.example P because many", i)))
		}
		late, waited := 0, 0
		for _, d := range all {
			out := d.Wait()
			if !out.Acked {
				late++
			}
			if out.After > time.Second {
				waited++
			}
		}
		require.Zero(w.t, late, "of 2000 commands got no answer in time")
		require.Less(w.t, waited, 1000, "of 2000 commands were kept waiting")
	})
}

// shiftingNights are nights on which clocks change, and the hour of a daily report that it falls into.
var shiftingNights = []struct{ zone, spec, night string }{
	{"America/New_York", "30 2 * * *", "2000-04-02"},    // 02:30 is leapt over
	{"Europe/London", "30 1 * * *", "2000-10-29"},       // 01:30 comes twice
	{"Australia/Lord_Howe", "45 1 * * *", "2000-03-26"}, // only half an hour comes twice
}

// daylight holds the program's daily report to one posting for each local date around the nights on
// which clocks change at its hour.
func daylight(t *testing.T, alter func(*app.Surroundings)) (wrong []string) {
	for _, c := range shiftingNights {
		var r recorder
		config := strings.Replace(demo.Config, `schedule: "0 9 * * MON"`, `schedule: "`+c.spec+`"`, 1)
		config = strings.Replace(config, "timezone: Europe/London", "timezone: "+c.zone, 1)
		inScene(t, &r, config, func(w *talkWorld) {
			w.alter = alter
			zone, err := time.LoadLocation(c.zone)
			require.NoError(t, err)
			night, err := time.ParseInLocation(time.DateOnly, c.night, zone)
			require.NoError(t, err)
			w.pass(time.Until(night.Add(-time.Hour)))
			w.start()
			w.pass(time.Until(night.AddDate(0, 0, 1).Add(6 * time.Hour)))
			var days []string
			for _, m := range w.n.Slack.Messages("C0REPORTS") {
				seconds, err := strconv.ParseFloat(m.TS, 64)
				require.NoError(t, err)
				days = append(days, time.Unix(int64(seconds), 0).In(zone).Format(time.DateOnly))
			}
			want := []string{c.night, night.AddDate(0, 0, 1).Format(time.DateOnly)}
			require.Equal(w.t, want, days, "days of the digests, %s %s", c.spec, c.zone)
		})
		wrong = append(wrong, r.findings()...)
	}
	return wrong
}

func directoryDown(t *testing.T, alter func(*app.Surroundings)) []string {
	return inRecorded(t, alter, func(w *talkWorld) {
		w.start()
		w.n.Slack.Type("U0ALICE", "C0GENERAL", "/access create jane@acme.example Jane because she asked").Wait()
		w.pass(10 * time.Second)
		w.n.Slack.Plan(slacksim.Fault{Method: "users.info", Kind: slacksim.Status500, Times: 50})
		card := w.n.Slack.Messages("C0APPROVE")[0]
		w.n.Slack.Click("U0BOB", card.Channel, card.TS, "Approve").Wait()
		w.pass(10 * time.Second)
		said := w.n.Slack.Ephemerals("U0BOB")
		require.Len(w.t, said, 1, "sentences to who could not be looked up")
		require.Contains(w.t, slacksim.PlainText(said[0]), "couldn't check", "not knowing is told as such")
		w.n.Slack.ClearFaults()
		w.n.Slack.Click("U0BOB", card.Channel, card.TS, "Approve").Wait()
		w.pass(30 * time.Second)
		r, err := w.app.Desk.Request(context.Background(), 1)
		require.NoError(w.t, err)
		require.Equal(w.t, approvals.Done, r.State)
	})
}

// slowPost: nobody waits for Slack with a transaction open. Nobody is named, so that the card alone is posted: while a
// reader stands still the file cannot grow, and the clock of this world would stand with whoever waits for that.
func slowPost(t *testing.T, alter func(*app.Surroundings)) []string {
	return inRecorded(t, alter, func(w *talkWorld) {
		cfg, problems := config.Parse("demo.yml", []byte(strings.Replace(crashConfig, "approvers: [U0BOB, S0LEADS]", "approvers: [S0LEADS]", 1)))
		require.Empty(w.t, problems)
		w.cfg = cfg
		w.start()
		w.n.Slack.Plan(slacksim.Fault{Method: "chat.postMessage", Kind: slacksim.Slow, Delay: 8 * time.Second, Times: 1})
		w.n.Slack.Type("U0ALICE", "C0GENERAL", "/access create jane@acme.example Jane because she asked").Wait()
		for range 5 {
			w.pass(time.Second)
			synctest.Wait()
			require.Zero(w.t, w.app.Store.Reading(), "a read transaction is open around a post")
		}
		w.pass(time.Minute)
	})
}

// lateClicks presses buttons of a card that is long decided.
func lateClicks(t *testing.T, alter func(*app.Surroundings)) []string {
	return inRecorded(t, alter, func(w *talkWorld) {
		p := &played{talkWorld: w, scenario: of("create")}
		p.start()
		p.asked()
		card := p.card()
		approve(p)
		p.live(time.Minute)
		for _, action := range []string{"approve", "deny"} {
			w.n.Slack.ClickForged("U0ERIN", slacksim.Forged{Channel: card.Channel, TS: card.TS, ActionID: action, Value: w.value(1)}).Wait()
			p.live(10 * time.Second)
		}
		p.promises()
	})
}

func ownRequest(t *testing.T, alter func(*app.Surroundings)) []string {
	return inRecorded(t, alter, func(w *talkWorld) {
		w.start()
		w.n.Slack.Type("U0BOB", "C0GENERAL", "/access create jane@acme.example Jane because she asked").Wait()
		w.pass(10 * time.Second)
		card := w.n.Slack.Messages("C0APPROVE")[0]
		w.n.Slack.Click("U0BOB", card.Channel, card.TS, "Approve").Wait()
		w.pass(30 * time.Second)
		r, err := w.app.Desk.Request(context.Background(), 1)
		require.NoError(w.t, err)
		require.Equal(w.t, approvals.Pending, r.State, "who asked has decided")
		require.False(w.t, strings.Contains(fmt.Sprint(w.n.Vendor.CallsOf(vendorsim.Create)), "created"), "nothing was asked of the vendor")
	})
}
