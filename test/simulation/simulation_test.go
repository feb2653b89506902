package simulation

import (
	"flag"
	"fmt"
	"iter"
	"maps"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/test/bugs"
	"github.com/usherbot/usher/test/pace"
	"github.com/usherbot/usher/test/values"
	"github.com/usherbot/usher/test/world"
)

func TestMain(m *testing.M) { world.Main(m) }

var (
	simSeeds = flag.Int("seeds", 0, "how many seeds TestSimulation runs; 0: as many as fit its time")
	simSeed  = flag.Uint64("seed", 0, "run this seed of TestSimulation alone and print its diary")
)

// simulating is how long TestSimulation goes on, and how many seeds it runs at least.
func simulating() (d time.Duration, least int) {
	switch {
	case *simSeeds > 0:
		return 0, *simSeeds
	case testing.Short():
		return 5 * time.Second, 60
	case pace.UnderRace:
		return 0, 25
	}
	return 10 * time.Second, 100
}

// TestSimulation lets a seed choose everything: what people ask, click and type, rightly and wrongly,
// what Slack, the vendor and the network do to them, where the program is struck dead, how long it is
// down, and what the machine's clock shows. At the end all faults are healed, time passes, and the laws
// of laws_test.go are held against what the test itself remembers of what was acknowledged.
//
// A seed that fails prints itself and its diary; go test -run 'TestSimulation$' -seed N plays it again.
func TestSimulation(t *testing.T) {
	if *simSeed != 0 {
		s := simulate(t, *simSeed, nil)
		t.Logf("seed %d, %+v\n%s", *simSeed, s.setting, strings.Join(s.diary, "\n"))
		require.Empty(t, s.Findings(), "seed %d", *simSeed)
		return
	}
	t.Parallel()
	began := time.Now()
	sum := tally{tired: world.Tired(t, *simSeeds > 0)}
	t.Run("seeds", func(t *testing.T) {
		for i := range runtime.GOMAXPROCS(0) {
			t.Run(fmt.Sprint("shard", i), func(t *testing.T) {
				t.Parallel()
				for seed, ok := sum.next(began); ok; seed, ok = sum.next(began) {
					s := simulate(t, seed, nil)
					sum.add(s)
					if wrong := s.Findings(); len(wrong) > 0 {
						t.Errorf("seed %d (play it again with -run 'TestSimulation$' -seed %d), %+v\n%s\n\nWRONG:\n%s",
							seed, seed, s.setting, strings.Join(s.diary, "\n"), strings.Join(wrong, "\n"))
					}
				}
			})
		}
	})
	t.Logf("%v in %v", &sum, time.Since(began).Round(time.Second))
	sum.covers(t)
}

// tally is what all seeds together have exercised.
type tally struct {
	tired   time.Time
	mu      sync.Mutex
	seeds   int
	passed  time.Duration
	figures map[string]int
}

// next gives out the seeds from 1 on, until there have been enough and the time is over.
func (c *tally) next(began time.Time) (seed uint64, ok bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	d, least := simulating()
	if c.seeds >= least && time.Since(began) >= d || time.Now().After(c.tired) {
		return 0, false
	}
	c.seeds++
	return uint64(c.seeds), true
}

func (c *tally) add(s *simulation) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.passed += s.lasted
	if c.figures == nil {
		c.figures = map[string]int{}
	}
	for what, n := range s.figures {
		c.figures[what] += n
	}
}

// String is the figures: first the sums, then each of them.
func (c *tally) String() string {
	var sums, each []string
	total := map[string]int{}
	for _, what := range slices.Sorted(maps.Keys(c.figures)) {
		kind, _, _ := strings.Cut(what, ": ")
		total[kind] += c.figures[what]
		each = append(each, fmt.Sprintf("%s %d", what, c.figures[what]))
	}
	for _, kind := range slices.Sorted(maps.Keys(total)) {
		sums = append(sums, fmt.Sprintf("%s %d", kind, total[kind]))
	}
	return fmt.Sprintf("%d seeds, %v of simulated time: %s\n  %s\n", c.seeds, c.passed.Round(time.Hour), strings.Join(sums, ", "), strings.Join(each, "\n  "))
}

// covers holds that the seeds reached what they are there to reach.
func (c *tally) covers(t *testing.T) {
	if c.seeds < 500 && *simSeeds == 0 && !testing.Short() || c.seeds < 50 {
		return // the machine had no time for enough of them
	}
	for _, s := range []approvals.State{approvals.Done, approvals.Failed, approvals.Denied, approvals.Expired, approvals.Canceled} {
		require.NotZero(t, c.figures["requests: "+string(s)], "requests that ended %s", s)
	}
	for _, a := range values.Verbs() {
		require.NotZero(t, c.figures["effects: "+string(a)], "seats of which an effect was seen by %s", a)
	}
	for _, what := range []string{"crashes: at a place", "crashes: at once", "crashes: with a pause", "crashes: stopped in order",
		"doubts: seen", "reports: posted", "clock: set", "disk: commit failed", "alarms: must be heard",
		"faults: vendor changes hands", "stops: not what was approved", "stops: too late to try again", "leavers: given nothing",
		"lives: data lost", "acts: pressed lost card", "seats: given with websites", "seats: given in part",
		"escalations: happened",
		"policies: approved by themselves", "edits: made", "questions: asked", "reminders: said", "approvers: handed on", "talk: kept", "endings: seen", "endings: moved",
		"homes: held to what is so", "absences: decided by a deputy", "absences: what waits is with the deputy",
		"forms: taken", "forms: sent with a mistake", "units: warned of", "units: not a number",
		"tasks: done", "tasks: in a form", "tasks: undo", "tasks: at the command line", "tasks: several at once", "tasks: acknowledged", "tasks: reminded of",
		"tasks: confirmed by a second person", "tasks: held to be somebody's", "tasks: shown to whose it is or was", "lists: imported", "lists: found again", "lists: closed"} {
		require.NotZero(t, c.figures[what], what)
	}
	if c.seeds >= 400 { // rare are a life that is lost with a form open, or an admin's card with buttons, and that both who decide are left
		require.NotZero(t, c.figures["acts: pressed lost admin"])
		require.NotZero(t, c.figures["acts: lost form"])
		require.NotZero(t, c.figures["steps: approved"])
		require.NotZero(t, c.figures["escalations: decided by whom it went to"])
		require.NotZero(t, c.figures["acts: nudged"])
		require.NotZero(t, c.figures["bundles: set up"])
		require.NotZero(t, c.figures["lines: stood in"])
		require.NotZero(t, c.figures["requests: asked in one go"])
		require.NotZero(t, c.figures["edits: carried out"])
		require.NotZero(t, c.figures["managers: decided"])
		require.NotZero(t, c.figures["questions: answered"])
		require.NotZero(t, c.figures["faults: a website vanishes"])
		require.NotZero(t, c.figures["faults: a website has a namesake"])
		require.NotZero(t, c.figures["acts: pressed Approve at home"])
		require.NotZero(t, c.figures["forms: sent as another version drew it"])
		for _, what := range []string{"left, done", "joined, done", "seen gone", "left where it is", "with somebody", "many left at once", "came back", "said whether they really left", "said yes to all of a card"} {
			require.NotZero(t, c.figures["turnover: "+what], what)
		}
		require.NotZero(t, c.figures["faults: an answer about everybody is cut"])
		require.NotZero(t, c.figures["kept: removed"])
		for _, what := range []string{"of changed", "of skipped", "of people", "of needs", "told what was known before", "pressed Mend…", "a press opened what fits", "Extend… opened the form"} {
			require.NotZero(t, c.figures["digests: "+what], what)
		}
	}
	if c.seeds >= 1400 { // who reads them is every thirty-second
		for _, what := range []string{"a holder was asked", "what is mended is said to be", "Extend… said that it's over"} {
			require.NotZero(t, c.figures["digests: "+what], what)
		}
	}
}

// TestSimulationReplays plays some seeds twice: a seed must mean one history, or a failing one could
// not be looked into. With -seeds N it plays that many. Two threads may order what happens at one moment in two ways; one has one.
func TestSimulationReplays(t *testing.T) {
	pace.Apart(t, "the race detector shuffles on purpose what happens at one moment, and without it a seed is one history")
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	for seed := uint64(1); seed <= uint64(max(12, *simSeeds)); seed++ {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			once, twice := simulate(t, seed, nil), simulate(t, seed, nil)
			assert.Equal(t, strings.Join(once.diary, "\n"), strings.Join(twice.diary, "\n"))
			assert.Equal(t, once.figures, twice.figures)
		})
	}
}

// simulatedBugs are the seeded bugs (test/bugs) that a history of this kind can bring to light, each with the seed from which on
// it is looked for: what few histories show is found sooner near one that does.
var simulatedBugs = map[string]uint64{
	"the vendor is asked before the intent is durable": 1, "a vote is acknowledged before it is stored": 9, "a failed commit is taken for a success": 8,
	"a post is repeated without looking": 41, "receipts are forgotten": 1, "a card is not brought up to date": 1, "a terminal state is changed": 1,
	"timers are kept in memory": 1, "the requester may decide": 1, "the outcome is told before it is known": 1, "a button names only a number": 81,
}

// TestSimulationCanFail puts a bug into every life of the program and demands that one of the first
// seeds finds it.
func TestSimulationCanFail(t *testing.T) {
	pace.Apart(t, "what races in a program with a bug in it says nothing of ours")
	tired := world.Tired(t, *simSeeds > 0)
	for _, b := range bugs.All {
		first := simulatedBugs[b.Name]
		if first == 0 {
			continue
		}
		t.Run(b.Name, func(t *testing.T) {
			t.Parallel()
			for seed := first; seed < first+150; seed++ {
				world.Rest(t, tired)
				if wrong := simulate(t, seed, b.Put).Findings(); len(wrong) > 0 {
					t.Logf("caught by seed %d: %.300s", seed, wrong[0])
					return
				}
			}
			t.Error("no seed finds it")
		})
	}
}

// canFail puts each mistake into every life of the program, and demands that the law which is about that tells of it in one of its
// seeds. Without -seeds it does so with one mistake in a few.
func canFail(t *testing.T, mistakes []bugs.Bug, oneIn int, seeds func(name string) iter.Seq[uint64]) {
	pace.Apart(t, "what races in a program with a bug in it says nothing of ours")
	tired := world.Tired(t, *simSeeds > 0)
	for i, b := range mistakes {
		if *simSeeds == 0 && i%oneIn != 0 {
			continue // .ci/run puts in the others too
		}
		t.Run(b.Name, func(t *testing.T) {
			t.Parallel()
			tells := regexp.MustCompile(b.Says)
			for seed := range seeds(b.Name) {
				world.Rest(t, tired)
				wrong := simulate(t, seed, b.Put).Findings()
				if i := slices.IndexFunc(wrong, tells.MatchString); i >= 0 {
					t.Logf("caught by seed %d: %.300s", seed, wrong[i])
					return
				}
			}
			t.Error("no seed finds it")
		})
	}
}

// every is thirty seeds from one on, so many apart.
func every(first, apart uint64) func(string) iter.Seq[uint64] {
	return func(string) iter.Seq[uint64] {
		return func(yield func(uint64) bool) {
			for seed := first; seed < first+30*apart && yield(seed); seed += apart {
			}
		}
	}
}

// TestSimulationByHandCanFail is about tasks, lists and units.
func TestSimulationByHandCanFail(t *testing.T) {
	late := map[string]uint64{"a task stays with whoever has gone": 367, "an end by hand is nobody's work": 23} // few histories show it, and from here on one soon does
	canFail(t, bugs.ByHand, 3, func(name string) iter.Seq[uint64] {
		return func(yield func(uint64) bool) {
			for seed := max(1, late[name]); seed < late[name]+160; seed++ {
				if (plotOf(seed).byHand || seed%5 == 2) && !yield(seed) { // in the others nothing of it is there
					return
				}
			}
		}
	})
}

// TestSimulationOfLeaversCanFail is about people who leave or come.
func TestSimulationOfLeaversCanFail(t *testing.T) { canFail(t, bugs.Turning, 3, every(5, 16)) }

// TestSimulationOfReadersCanFail is about reports and what is pressed on them.
func TestSimulationOfReadersCanFail(t *testing.T) { canFail(t, bugs.Reading, 4, every(13, 32)) }
