package crash

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
	"github.com/usherbot/usher/store/bolt"
	"github.com/usherbot/usher/test/bugs"
	"github.com/usherbot/usher/test/pace"
	"github.com/usherbot/usher/test/world"
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
	"data that is lost":          scene("the data is lost", func(*world.World) {}),
	"data lost after a refusal":  scene("the data is lost after a refusal", func(*world.World) {}),
	"failing commits":            failingCommits("create"),
	"failing commits of a no":    failingCommits("deny"),
	"failing commits of asking":  failingCommits("a question"),
	"failing commits of a back":  failingCommits("cancel"),
	"failing commits of time up": failingCommits("expiry"),
	"failing commits of a doubt": failingCommits("doubt, happened"),
	"a disk that is full":        fullDisk,
	"a lost answer of a vendor": scene("create", func(w *world.World) {
		world.Plan(w, vendorsim.Fault{Match: vendorsim.Match{Op: vendorsim.Create}, Kind: vendorsim.Cut, When: vendorsim.After})
	}),
	"a lost answer of Slack": scene("create", func(w *world.World) {
		w.N.Slack.Plan(slacksim.Fault{Method: "chat.postMessage", After: true, Kind: slacksim.Cut, Times: 1})
		w.N.Slack.Plan(slacksim.Fault{Method: "conversations.history", Kind: slacksim.Status500}) // nor can it be looked for at once
	}),
	"an answer with a wrong id":  scene("create", bugs.WrongConversation),
	"an ordinary day":            scene("create", func(*world.World) {}),
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
// for what a bug spoils is mostly spoilt at several places near one another. What is spoilt at a single place may be passed
// over, because what goes on side by side reaches its places in no fixed order; so they are gone through again.
func crashes(name string) probe {
	const stride, rounds = 7, 12
	return func(t *testing.T, alter func(*app.Surroundings)) []string {
		for first := range stride * rounds {
			for at := 1 + first%stride; ; at += stride {
				wrong, hit, _ := world.StrikeAt(t, world.Of(name), at, alter)
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
func scene(name string, setup func(w *world.World)) probe {
	return func(t *testing.T, alter func(*app.Surroundings)) []string {
		return inRecorded(t, alter, func(w *world.World) {
			setup(w)
			(&world.Played{World: w, Scenario: world.Of(name)}).Play()
		})
	}
}

func inRecorded(t *testing.T, alter func(*app.Surroundings), f func(w *world.World)) []string {
	var r world.Recorder
	world.InScene(t, &r, world.Config, func(w *world.World) {
		vendorsim.SeedDemo(w.N.Vendor)
		w.Alter = alter
		f(w)
	})
	return r.Findings()
}

// failingCommits lets each commit of a scenario fail once (under the race detector a fifth of them), kept or not, without the
// program dying of it.
func failingCommits(name string) probe {
	return func(t *testing.T, alter func(*app.Surroundings)) []string {
		for _, where := range []string{"before commit", "after commit"} {
			for at := 1; ; at += pace.Stride(5) {
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
	for at := 1; ; at += pace.Stride(5) {
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
	}, func(w *world.World) {
		p := &world.Played{World: w, Scenario: world.Of(name)}
		p.Play()
		if long > 0 && reached {
			p.ToldOfTrouble()
		}
	})
	return wrong, reached
}

func redelivered(t *testing.T, alter func(*app.Surroundings)) []string {
	return inRecorded(t, alter, func(w *world.World) {
		w.Start()
		d := w.N.Slack.Type("U0ALICE", "C0GENERAL", "/access create jane@acme.example Jane because she asked")
		d.Wait()
		w.Pass(5 * time.Second)
		// The asked-for is taken back, so that only the envelope's own key can tell that this is the same.
		w.N.Slack.Type("U0ALICE", "C0GENERAL", "/access cancel 1").Wait()
		w.Pass(time.Minute)
		// A restart forgets whatever is only in memory.
		w.End()
		w.Start()
		require.True(w.T, w.N.Slack.Redeliver(d))
		w.Pass(10 * time.Second)
		_, err := w.App.Desk.Request(context.Background(), 2)
		require.Equal(w.T, approvals.NotFound, approvals.CodeOf(err), "one envelope made two requests")
		w.Check()
	})
}

func refreshes(t *testing.T, alter func(*app.Surroundings)) []string {
	return inRecorded(t, alter, func(w *world.World) {
		w.Start()
		for i := range 60 {
			if i%3 == 0 {
				w.N.Slack.Refresh()
			}
			out := w.N.Slack.Type("U0ALICE", "C0GENERAL", "/access help").Wait()
			require.True(w.T, out.Acked, "command %d: %s", i, out.Error)
			w.Pass(time.Second)
		}
	})
}

func hanging(t *testing.T, alter func(*app.Surroundings)) []string {
	return inRecorded(t, alter, func(w *world.World) {
		w.N.Slack.Plan(slacksim.Fault{Method: "apps.connections.open", Kind: slacksim.Hang, Times: 2})
		w.Begin()
		w.Pass(2 * time.Minute)
		require.GreaterOrEqual(w.T, w.N.Slack.Connections(), 2, "still waiting for an answer that does not come")
	})
}

// flooded sends far more at once than can be done in time: everybody gets an answer in time, and those
// for whom there is no room get it at once, instead of piling up.
func flooded(t *testing.T, alter func(*app.Surroundings)) []string {
	return inRecorded(t, alter, func(w *world.World) {
		for _, method := range []string{"users.info", "users.list"} { // so nobody is known, and each of them waits
			w.N.Slack.Plan(slacksim.Fault{Method: method, Kind: slacksim.Hang, Times: 100000})
		}
		w.Start()
		var all []*slacksim.Delivery
		for i := range 2000 {
			all = append(all, w.N.Slack.Type("U0ALICE", "C0GENERAL", fmt.Sprintf("/access create p%d@acme.example P because many", i)))
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
		require.Zero(w.T, late, "of 2000 commands got no answer in time")
		require.Less(w.T, waited, 1000, "of 2000 commands were kept waiting")
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
		var r world.Recorder
		config := strings.Replace(demo.Config, `schedule: "0 9 * * MON"`, `schedule: "`+c.spec+`"`, 1)
		config = strings.Replace(config, "timezone: Europe/London", "timezone: "+c.zone, 1)
		world.InScene(t, &r, config, func(w *world.World) {
			w.Alter = alter
			zone, err := time.LoadLocation(c.zone)
			require.NoError(t, err)
			night, err := time.ParseInLocation(time.DateOnly, c.night, zone)
			require.NoError(t, err)
			w.Pass(time.Until(night.Add(-time.Hour)))
			w.Start()
			w.Pass(time.Until(night.AddDate(0, 0, 1).Add(6 * time.Hour)))
			var days []string
			for _, m := range world.Digests(w.N.Slack.Messages("C0REPORTS")) {
				seconds, err := strconv.ParseFloat(m.TS, 64)
				require.NoError(t, err)
				days = append(days, time.Unix(int64(seconds), 0).In(zone).Format(time.DateOnly))
			}
			want := []string{c.night, night.AddDate(0, 0, 1).Format(time.DateOnly)}
			require.Equal(w.T, want, days, "days of the digests, %s %s", c.spec, c.zone)
		})
		wrong = append(wrong, r.Findings()...)
	}
	return wrong
}

func directoryDown(t *testing.T, alter func(*app.Surroundings)) []string {
	return inRecorded(t, alter, func(w *world.World) {
		w.Start()
		w.N.Slack.Type("U0ALICE", "C0GENERAL", "/access create jane@acme.example Jane because she asked").Wait()
		w.Pass(6 * time.Minute) // what was known of them when they were asked is old
		w.N.Slack.Plan(slacksim.Fault{Method: "users.info", Kind: slacksim.Status500, Times: 50})
		card := w.N.Slack.Messages("C0APPROVE")[0]
		w.N.Slack.Click("U0BOB", card.Channel, card.TS, "Approve").Wait()
		w.Pass(10 * time.Second)
		said := w.N.Slack.Ephemerals("U0BOB")
		require.Len(w.T, said, 1, "sentences to who could not be looked up")
		require.Contains(w.T, slacksim.PlainText(said[0]), "couldn't check", "not knowing is told as such")
		w.N.Slack.ClearFaults()
		w.N.Slack.Click("U0BOB", card.Channel, card.TS, "Approve").Wait()
		w.Pass(30 * time.Second)
		r, err := w.App.Desk.Request(context.Background(), 1)
		require.NoError(w.T, err)
		require.Equal(w.T, approvals.Done, r.State)
	})
}

// slowPost: nobody waits for Slack with a transaction open. Nobody is named, so that the card alone is posted: while a
// reader stands still the file cannot grow, and the clock of this world would stand with whoever waits for that.
func slowPost(t *testing.T, alter func(*app.Surroundings)) []string {
	return inRecorded(t, alter, func(w *world.World) {
		cfg, problems := config.Parse("demo.yml", []byte(strings.Replace(world.Config, "approvers: [U0BOB, S0LEADS]", "approvers: [S0LEADS]", 1)))
		require.Empty(w.T, problems)
		w.Cfg = cfg
		w.Start()
		// The file has room for what follows: bbolt waits for every reader before it maps a larger one, and no clock goes on
		// in a bubble while somebody waits for a lock.
		file, ok := w.App.Store.(*bolt.Store)
		require.True(w.T, ok)
		for _, size := range []int{256 << 10, 1} {
			require.NoError(w.T, file.Learn(context.Background(), "ballast", make([]byte, size)))
		}
		w.N.Slack.Plan(slacksim.Fault{Method: "chat.postMessage", Kind: slacksim.Slow, Delay: 8 * time.Second, Times: 1})
		w.N.Slack.Type("U0ALICE", "C0GENERAL", "/access create jane@acme.example Jane because she asked").Wait()
		for range 5 {
			w.Pass(time.Second)
			synctest.Wait()
			require.Zero(w.T, file.Reading(), "a read transaction is open around a post")
		}
		w.Pass(time.Minute)
	})
}

// lateClicks presses buttons of a card that is long decided.
func lateClicks(t *testing.T, alter func(*app.Surroundings)) []string {
	return inRecorded(t, alter, func(w *world.World) {
		p := &world.Played{World: w, Scenario: world.Of("create")}
		p.Start()
		p.Asked()
		card := p.Card()
		world.Approve(p)
		p.Live(time.Minute)
		for _, action := range []string{"approve", "deny"} {
			w.N.Slack.ClickForged("U0ERIN", slacksim.Forged{Channel: card.Channel, TS: card.TS, ActionID: action, Value: w.Value(1)}).Wait()
			p.Live(10 * time.Second)
		}
		p.Promises()
	})
}

func ownRequest(t *testing.T, alter func(*app.Surroundings)) []string {
	return inRecorded(t, alter, func(w *world.World) {
		w.Start()
		w.N.Slack.Type("U0BOB", "C0GENERAL", "/access create jane@acme.example Jane because she asked").Wait()
		w.Pass(10 * time.Second)
		card := w.N.Slack.Messages("C0APPROVE")[0]
		w.N.Slack.Click("U0BOB", card.Channel, card.TS, "Approve").Wait()
		w.Pass(30 * time.Second)
		r, err := w.App.Desk.Request(context.Background(), 1)
		require.NoError(w.T, err)
		require.Equal(w.T, approvals.Pending, r.State, "who asked has decided")
		require.False(w.T, strings.Contains(fmt.Sprint(w.N.Vendor.CallsOf(vendorsim.Create)), "created"), "nothing was asked of the vendor")
	})
}
