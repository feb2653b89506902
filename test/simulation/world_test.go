package simulation

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"hash/fnv"
	"io"
	"math/rand/v2"
	"net/http"
	"os"
	"regexp"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/app"
	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/bot"
	"github.com/usherbot/usher/bot/web"
	"github.com/usherbot/usher/config"
	"github.com/usherbot/usher/demo"
	"github.com/usherbot/usher/outbox"
	"github.com/usherbot/usher/sim/slacksim"
	"github.com/usherbot/usher/sim/vendorsim"
	"github.com/usherbot/usher/test/world"
)

// simulation is the whole program in a world that a seed makes up as it goes.
//
// That a seed means one history takes three things. Everything chosen comes from rng, and people act
// one after the other with synctest.Wait between. Everything the program does outside itself or in its
// store takes a moment of its own length, drawn from the seed and from what is done (delayed, slowBook,
// slowBox), so that of two things under way at once the simulated clock, not the scheduler, says which
// comes first. And the program's own randomness is a stream of the seed.
type simulation struct {
	*world.World
	*world.Recorder
	setting setting
	plot    plot
	seed    uint64
	rng     *rand.Rand
	began   time.Time
	lasted  time.Duration
	diary   []string
	figures map[string]int

	// wall is how far the machine's clock is off.
	wall time.Duration
	// lives is how many lives of the program there were, lived from when to when; reborn is when the
	// present one began, if it is not the first (Unix nanoseconds).
	lives  int
	lived  []stretch
	reborn atomic.Int64
	// failing is how many more commits the disk fails.
	failing atomic.Int64
	turns   sync.Mutex
	moments map[int64]bool

	memory
	past
	balances
	errands
	turning
	digested
	among
}

// simulate plays a seed from beginning to end; alter, if any, changes every life of the program.
func simulate(t *testing.T, seed uint64, alter func(*app.Surroundings)) *simulation {
	t.Helper()
	dir, err := os.MkdirTemp(inMemory(), "usher-simulation-")
	require.NoError(t, err)
	defer func() { require.NoError(t, os.RemoveAll(dir)) }()
	s := &simulation{Recorder: &world.Recorder{}, seed: seed, rng: rand.New(rand.NewPCG(seed, 0x5eed)), figures: map[string]int{}, moments: map[int64]bool{}, past: newPast()}
	s.setting = settingOf(s.rng)
	s.plot = plotOf(seed)
	s.setting.Managers, s.setting.Units = seed%3 == 0 && s.plot.pings == 0 && !s.plot.byHand, seed%5 == 2 && s.plot.pings == 0 && !s.plot.byHand
	synctest.Test(t, func(t *testing.T) {
		cfg, problems := config.Parse("usher.yml", []byte(s.plot.config(s.setting)))
		require.Empty(t, problems)
		s.setting.watch(cfg)
		s.began = time.Now()
		s.dawn = s.began
		s.World = &world.World{T: s.Recorder, Cfg: cfg, Dir: dir, Logs: &world.ErrorLog{}}
		s.share()
		s.N = demo.NewNeighbours(slacksim.Options{Violation: s.violation, Seed: seed, PingEvery: s.plot.pings, Scopes: web.Scopes(), Events: web.Events()},
			vendorsim.Options{Seats: s.setting.Seats, Violation: s.violation, LegacyKey: vendorsim.DefaultUnifiedKey, Quirks: vendorsim.Quirks{ShareForm: s.setting.Form}})
		s.Alter = func(w *app.Surroundings) {
			s.surround(w)
			if alter != nil {
				alter(w)
			}
		}
		defer func() {
			s.lasted = time.Since(s.began)
			s.Points.Aim(0)
			s.disband((*world.Replica).End)
			s.End()
			require.NoError(t, s.N.Close())
			<-time.After(time.Minute) // a call that nobody waits for any more may be on its way still
			synctest.Wait()
		}()
		defer world.Forgive()
		s.play()
	})
	return s
}

// inMemory is a folder that lies in memory, where the system has one: nothing here asks a disk to keep
// anything, and thousands of seeds sync often.
func inMemory() string {
	const shm = "/dev/shm"
	if info, err := os.Stat(shm); err == nil && info.IsDir() {
		return shm
	}
	return ""
}

// play is the whole history: people and misfortunes in turn, then calm, then the laws.
func (s *simulation) play() {
	s.plot.furnish(s)
	s.wake()
	s.Pass(5 * time.Second)
	if s.plot.begin != nil {
		s.plot.begin(s)
	}
	for act := range s.setting.Acts {
		s.meters(act)
		s.something()
		s.mishap()
		s.pause()
		s.observe()
	}
	s.plot.calm(s)
	s.plot.laws(s)
	if s.outlives() {
		before := s.whole()
		s.quarter()
		s.isKept(before)
	}
}

var toWait = regexp.MustCompile(`^called \S+ (\S+) before its Retry-After had passed$`)

// violation is a breach of Slack's or the vendor's rules. A life that has just begun cannot know what
// the one before was told about pacing, nor a call that was on its way when Slack told it to another.
func (s *simulation) violation(text string) {
	wait := toWait.FindStringSubmatch(text)
	pacing := wait != nil || strings.Contains(text, "faster than one message a second")
	if s.replicas > 1 && (pacing || strings.Contains(text, "with a trigger id that was used before")) {
		// What one was told another learns of a database, which the one in memory has no table for; and an envelope may come to another once
		// the first has opened what it asks for.
		return
	}
	if pacing && time.Since(time.Unix(0, s.reborn.Load())) < time.Minute {
		return
	}
	if wait != nil {
		left, err := time.ParseDuration(wait[1])
		if told := (time.Second - left%time.Second) % time.Second; err == nil && told <= onTheWay {
			return // Slack counts in whole seconds
		}
	}
	s.Errorf("violation at %v: %s", time.Since(s.began), text)
}

// shakes notes that a try may come to nothing now.
func (s *simulation) shakes() { s.shaken = append(s.shaken, time.Now()) }

// note writes a line into the diary.
func (s *simulation) note(format string, args ...any) {
	s.diary = append(s.diary, fmt.Sprintf("%12v  ", time.Since(s.began).Truncate(time.Microsecond))+fmt.Sprintf(format, args...))
}

func (s *simulation) count(what string) { s.figures[what]++ }

// wake begins a life of the program.
func (s *simulation) wake() {
	if s.lives++; s.lives > 1 {
		s.reborn.Store(time.Now().UnixNano())
	}
	if s.alone() || len(s.lived) == 0 {
		s.lived = append(s.lived, stretch{from: time.Now()})
	}
	s.Begin()
	s.breathes(s.Life.Last)
	s.joins()
}

// changing is what differs in every path of a kind.
var changing = regexp.MustCompile(`T0ACME\S*|/\d+`)

// spend lets time pass. A program that dies meanwhile is started again, as a supervisor would, a
// little later.
func (s *simulation) spend(d time.Duration) {
	for end := time.Now().Add(d); ; {
		if s.App != nil && s.Life.Over() {
			s.note("it has died at %s", s.Points.Hit)
			s.count("deaths: " + changing.ReplaceAllString(s.Points.Hit, "…"))
			s.Crash()
			s.asleep()
			s.onTheDot()
			s.Pass(time.Duration(s.draw("downtime", s.lives) % uint64(20*time.Second)))
			s.wake()
		}
		s.tend()
		left := time.Until(end)
		if left <= 0 {
			return
		}
		if next := s.ends(); !next.IsZero() {
			left = min(left, time.Until(next))
		}
		if s.Points.Aimed() {
			left = min(left, 5*time.Second)
		}
		s.Pass(left)
	}
}

// onTheDot waits for the next ten seconds to be full: how long a dying program takes to let go of
// everything is the scheduler's affair, and is not to tell in what follows.
func (s *simulation) onTheDot() {
	const ten = 10 * time.Second
	s.Pass(ten - time.Since(s.began)%ten)
}

// draw is a number of the seed's for a purpose, whatever else was drawn before.
func (s *simulation) draw(what string, n int) uint64 {
	h := fnv.New64a()
	fmt.Fprint(h, s.seed, what, n)
	return h.Sum64()
}

// surround puts the seed's chance, clock and delays around a life of the program.
func (s *simulation) surround(w *app.Surroundings) {
	wall := s.wall + s.off
	w.Wall = func() time.Time { return time.Now().Add(wall) }
	places := w.Store.Hook
	w.Store.Hook = func(place string) error {
		if err := places(place); err != nil {
			return err
		}
		if s.failing.Add(-1) >= 0 {
			return errors.New("the disk has trouble")
		}
		return nil
	}
	if s.plot.pings > 0 {
		s.surroundTurnover(w)
	}
	w.Random = &chance{r: rand.NewChaCha8([32]byte{byte(s.seed), byte(s.seed >> 8), byte(s.seed >> 16), byte(s.lives)})}
	w.SlackHTTP.Transport = delayed{w.SlackHTTP.Transport, s.one()}
	w.VendorHTTP.Transport = delayed{w.VendorHTTP.Transport, s.one()}
	w.Between.Desk = func(d bot.Desk) bot.Desk { return named{d} }
	one := s.one()
	w.Between.Book = func(b approvals.Book) approvals.Book { return slowBook{b, one} }
	w.Between.Box = func(b outbox.Box) outbox.Box { return slowBox{b, one} }
}

// onTheWay is how long a call takes at most to where it goes.
const onTheWay = 80 * time.Millisecond

// linger waits for up to most, by the seed, the moment and what is about to be done. No two wait for
// the same moment.
func (s *simulation) linger(most time.Duration, what ...any) {
	h := fnv.New64a()
	fmt.Fprint(h, s.seed, time.Now().UnixNano())
	fmt.Fprint(h, what...)
	at := time.Now().Add(1 + time.Duration(h.Sum64()%uint64(most*3/4)))
	s.turns.Lock()
	for s.moments[at.UnixNano()] {
		at = at.Add(most / 40)
	}
	s.moments[at.UnixNano()] = true
	s.turns.Unlock()
	<-time.After(time.Until(at))
}

// delayed is a way out on which every call takes a moment of its own.
type delayed struct {
	http.RoundTripper
	s one
}

// RoundTrip implements http.RoundTripper.
func (d delayed) RoundTrip(r *http.Request) (*http.Response, error) {
	var body []byte
	if r.GetBody != nil {
		if b, err := r.GetBody(); err == nil {
			body, _ = io.ReadAll(b) // what cannot be read makes two calls alike, no more
		}
	}
	d.s.linger(onTheWay, r.Method, r.URL.Path, r.URL.RawQuery, body)
	return d.RoundTripper.RoundTrip(r)
}

// whose is the key in a context under which it says on whose behalf something is done.
type whose struct{}

// named is a desk that says on whose behalf it writes, so that of two who have waited for one and the same
// answer it is clear who comes first.
type named struct{ bot.Desk }

// Vote implements bot.Desk.
func (d named) Vote(ctx context.Context, n int64, v approvals.Vote, now time.Time) (approvals.Ballot, error) {
	return d.Desk.Vote(context.WithValue(ctx, whose{}, v.By), n, v, now)
}

// Tick implements bot.Desk.
func (d named) Tick(ctx context.Context, n int64, step int, t approvals.Tick, now time.Time) (approvals.Request, error) {
	return d.Desk.Tick(context.WithValue(ctx, whose{}, t.By), n, step, t, now)
}

// TakeTask implements bot.Desk.
func (d named) TakeTask(ctx context.Context, n int64, by approvals.Actor, surface string, now time.Time) (approvals.Request, error) {
	return d.Desk.TakeTask(context.WithValue(ctx, whose{}, by), n, by, surface, now)
}

// slowBook is a book whose transactions take a moment of their own.
type slowBook struct {
	approvals.Book
	s one
}

// Update implements approvals.Book.
func (b slowBook) Update(ctx context.Context, fn func(approvals.Tx) error) error {
	b.s.linger(3*time.Millisecond, "update", ctx.Value(whose{}))
	return b.Book.Update(ctx, func(tx approvals.Tx) error { return fn(unheld{tx, b.s.simulation, map[string]bool{}}) })
}

// slowBox is a box whose writes take a moment of their own.
type slowBox struct {
	outbox.Box
	s one
}

// Claim implements outbox.Box.
func (b slowBox) Claim(ctx context.Context, key string, now time.Time) (outbox.Intent, error) {
	b.s.linger(3*time.Millisecond, "claim", key)
	in, err := b.Box.Claim(ctx, key, now)
	if err == nil {
		b.s.claims(in, now)
	}
	return in, err
}

// Mark implements outbox.Box.
func (b slowBox) Mark(ctx context.Context, in outbox.Intent, note json.RawMessage) error {
	b.s.linger(3*time.Millisecond, "mark", in.Key)
	return b.Box.Mark(ctx, in, note)
}

// Promise implements outbox.Box.
func (b slowBox) Promise(ctx context.Context, changes ...outbox.Change) error {
	b.s.linger(3*time.Millisecond, "promise", len(changes))
	dropped := map[string]bool{}
	for _, c := range changes {
		b.s.stayHeld(dropped, c)
	}
	return b.Box.Promise(ctx, changes...)
}

// Finish implements outbox.Box.
func (b slowBox) Finish(ctx context.Context, claimed outbox.Intent, result outbox.Result, now time.Time) error {
	b.s.linger(3*time.Millisecond, "finish", claimed.Key)
	err := b.Box.Finish(ctx, claimed, result, now)
	if err == nil {
		b.s.finishes(claimed)
	}
	return err
}
