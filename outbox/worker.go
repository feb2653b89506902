package outbox

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"
)

// Box keeps promises. Its methods are durable when they return nil; an error other than ErrGone means
// that it is not known whether the change was kept, and the caller asks again. Times come back in UTC.
// Under a claim (Under), every transaction of a store is kept only while that stands: ErrTaken where somebody
// else claimed it since, ErrGone where nobody owes it, and nothing is kept.
// Package store holds one to it.
type Box interface {
	// Due lists up to limit intents of a kind that are due at now, earliest first, and the earliest
	// due time after now of the kind (zero: nothing sleeps). Claimed intents are listed like others.
	Due(ctx context.Context, kind string, now time.Time, limit int) ([]Intent, time.Time, error)
	// Claim writes that somebody begins to carry out key, and returns the intent as it was before
	// the claim, but for its token, which is the new one's. ErrGone: it is not promised any more, or sleeps.
	Claim(ctx context.Context, key string, now time.Time) (Intent, error)
	// Mark keeps a note with a claimed intent, in place of the last one, for whoever claims it next.
	// ErrGone: it was dropped, promised anew or (ErrTaken) claimed by somebody else meanwhile, and nothing is kept.
	Mark(ctx context.Context, claimed Intent, note json.RawMessage) error
	// Implies reports whether what was claimed says by itself, as it is kept, that an act may have begun at now: it was born claimed
	// less than Fresh before, and nobody has written since. No is always true; of what isn't claimed so any more it may fail as Mark does.
	Implies(ctx context.Context, claimed Intent, now time.Time) (bool, error)
	// Stands is nil while it is sure that nobody else has claimed what was claimed, and nobody will for as long as a
	// call takes; ErrTaken or ErrGone where it isn't held any more. Asked before every call, it asks no further than it must.
	Stands(ctx context.Context, claimed Intent) error
	// Finish ends a claim with a result that is not Settled, and keeps its receipt under the key.
	// Promised anew meanwhile, the intent stays owed as it was to be, or sleeps where it is to be tried
	// again; dropped meanwhile, only the receipt is kept; dropped and promised, that is another promise.
	// ErrTaken: somebody else claimed it meanwhile, whatever became of it since, and nothing is kept.
	Finish(ctx context.Context, claimed Intent, result Result, now time.Time) error
	// Promise makes or drops promises that follow from no change of state, in their order and all together.
	Promise(ctx context.Context, changes ...Change) error
	// Receipt returns what a kept promise left outside the last time; false when there is nothing.
	Receipt(ctx context.Context, key string) (Receipt, bool, error)
	// Known lists in their order the keys that begin with pre and are owed or have a receipt, each once.
	Known(ctx context.Context, pre string) ([]string, error)
}

// ErrGone is returned for an intent that is no longer promised in the form the caller knew.
var ErrGone = fmt.Errorf("it was settled or asked for anew meanwhile")

// Job is one claimed delivery.
type Job struct {
	Intent
	// Retaken says that an earlier claim has no result: the act may have happened; look before acting.
	Retaken bool
	// Life names the life of the program that carries it out (Worker.Life). What another one noted, it noted by a clock of its own.
	Life string
	box  Box
	// unwritten is the note of what the claim implies: it goes along with whatever the delivery is put off with.
	unwritten *json.RawMessage
}

// Fresh is how soon after its birth a claim implies what is begun under it.
const Fresh = 2 * time.Second

// NewJob makes the job of what was claimed.
func NewJob(in Intent, box Box) Job {
	return Job{Intent: in, Retaken: !in.Claimed.IsZero(), box: box, unwritten: new(json.RawMessage)}
}

// Implies is when the act may have begun at the latest that the claim implies of which nothing is noted; zero: it implies none.
func (j *Job) Implies() (latest time.Time) {
	if len(j.Note) > 0 || j.Implied.IsZero() {
		return latest
	}
	return j.Implied.Add(Fresh)
}

// Mark durably notes what the next owner of this claim must know; call it before an outward write.
func (j *Job) Mark(ctx context.Context, note any) error {
	raw, err := json.Marshal(note)
	if err != nil {
		return fmt.Errorf("encode note of an attempt: %w", err)
	}
	if err := j.box.Mark(ctx, j.Intent, raw); err != nil {
		return fmt.Errorf("note an attempt: %w", err)
	}
	j.Note, *j.unwritten = raw, nil
	return nil
}

// Begin is Mark for an act whose every trace can be found by the key alone: where the claim implies that it may have begun, nothing is
// written. Whoever finds such a claim without a note takes it that it began (Implies); whatever the delivery is put off with has the note.
func (j *Job) Begin(ctx context.Context, note any, now time.Time) error {
	implied, err := j.box.Implies(ctx, j.Intent, now)
	switch {
	case err != nil:
		return fmt.Errorf("ask what a claim implies: %w", err)
	case !implied:
		return j.Mark(ctx, note)
	}
	return j.Infer(note)
}

// Infer takes down what the claim implies: the note is kept with whatever the delivery is put off with.
func (j *Job) Infer(note any) error {
	raw, err := json.Marshal(note)
	if err != nil {
		return fmt.Errorf("encode note of an attempt: %w", err)
	}
	j.Note, *j.unwritten = raw, raw
	return nil
}

// Strike puts back the note there was before Begin: nothing came of the act.
func (j *Job) Strike(ctx context.Context, before any) error {
	if *j.unwritten == nil {
		return j.Mark(ctx, before)
	}
	*j.unwritten = nil
	return nil
}

// Doer carries out one kind of intent. It must bear being called again for the same intent, in this
// life of the program or the next, and must look first when job.Retaken.
type Doer interface {
	Do(ctx context.Context, job Job) Result
}

// DoerFunc is a function as a Doer.
type DoerFunc func(ctx context.Context, job Job) Result

// Do calls f.
func (f DoerFunc) Do(ctx context.Context, job Job) Result { return f(ctx, job) }

// Lane is one kind of intent with its Doer and how many of them may be under way at once, so that
// a slow kind never holds up another.
type Lane struct {
	Kind  string
	Doer  Doer
	Width int
}

// Worker carries out what is due. Wake it after every commit; it also wakes by itself for timers.
type Worker struct {
	Box Box
	Now func() time.Time
	Log *slog.Logger
	// Owed says for the log what a key is about, in the words of whoever runs this; nil: the key itself.
	Owed func(key string) slog.Attr
	// Life names this life of the program among all that there were and are; "": there is one.
	Life string
	// MaxSleep bounds how long a lane sleeps without looking; it covers clocks that are set. Default 1 min, and an hour with a Herald, which
	// covers them.
	MaxSleep time.Duration
	// Grace is how long a delivery may go on after ctx has ended. Default 8 s.
	Grace time.Duration
	// Herald tells which lanes have something to do; nil: each looks for itself whenever the Worker is woken.
	Herald Herald
	// Every is how often the Herald is asked at least; it covers clocks that are set, and what nobody told of. Default 1 min.
	Every time.Duration

	blind blindness
	mu    sync.Mutex
	lanes []*lane
	calls chan struct{}
}

type lane struct {
	Lane
	wake   chan struct{}
	mu     sync.Mutex
	flying map[string]bool
}

// Add registers a lane; call it before Run.
func (w *Worker) Add(l Lane) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.lanes = append(w.lanes, &lane{Lane: l, wake: make(chan struct{}, 1), flying: map[string]bool{}})
}

// Wake makes every lane look at once, or the Herald look for them. It never blocks.
func (w *Worker) Wake() {
	if w.Herald != nil {
		poke(w.called())
		return
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, l := range w.lanes {
		l.poke()
	}
}

func (l *lane) poke() { poke(l.wake) }

func poke(c chan struct{}) {
	select {
	case c <- struct{}{}:
	default:
	}
}

// Run carries out intents until ctx ends, then waits for what is under way (at most Grace).
// A delivery that is cut off keeps its claim, and the next start looks before it acts.
func (w *Worker) Run(ctx context.Context) {
	var loops sync.WaitGroup
	for _, l := range w.lanes {
		loops.Go(func() { w.loop(ctx, l) })
	}
	if w.Herald != nil {
		loops.Go(func() { w.heed(ctx) })
	}
	loops.Wait()
}

func (w *Worker) loop(ctx context.Context, l *lane) {
	// Deliveries outlive ctx by the grace period, so that what is in hand is finished, not torn.
	work, cut := context.WithCancel(context.WithoutCancel(ctx))
	defer cut()
	stop := context.AfterFunc(ctx, func() { time.AfterFunc(orDefault(w.Grace, 8*time.Second), cut) })
	defer stop()
	var jobs sync.WaitGroup
	defer jobs.Wait()
	for ctx.Err() == nil {
		pause := w.dispatch(ctx, work, l, &jobs)
		timer := time.NewTimer(pause)
		select {
		case <-ctx.Done():
		case <-l.wake:
		case <-timer.C:
		}
		timer.Stop()
	}
}

// asleep is how long a lane sleeps by default.
func (w *Worker) asleep() time.Duration {
	if w.Herald != nil {
		return time.Hour
	}
	return time.Minute
}

// dispatch starts what is due and free, and says how long the lane may sleep.
func (w *Worker) dispatch(ctx, work context.Context, l *lane, jobs *sync.WaitGroup) time.Duration {
	longest := orDefault(w.MaxSleep, w.asleep())
	now := w.Now()
	due, next, err := w.Box.Due(ctx, l.Kind, now, l.Width+l.busy())
	if err != nil {
		if ctx.Err() == nil {
			w.blind.cannot(ctx, w.Log, l.Kind, err, now)
		}
		return min(5*time.Second, longest)
	}
	w.blind.can(ctx, w.Log)
	for _, in := range due {
		if !l.take(in.Key) {
			continue
		}
		jobs.Go(func() {
			kept := w.deliver(work, l, in.Key)
			l.release(in.Key)
			if kept {
				l.poke()
				return
			}
			// The store has trouble: asking it again at once would only add to it.
			time.AfterFunc(time.Second, l.poke)
		})
	}
	if next.IsZero() {
		return longest
	}
	return min(max(next.Sub(now), 0), longest)
}

// deliver is the order that everything rests on: claim (durable), act, result (durable).
// A crash before the claim leaves the intent untouched; between claim and result it leaves a claim
// that makes the next owner look first; after the result there is nothing left to do.
// It reports false when the store could not keep the claim or the result.
func (w *Worker) deliver(ctx context.Context, l *lane, key string) bool {
	in, err := w.Box.Claim(ctx, key, w.Now())
	if err != nil {
		return w.kept(ctx, err, "cannot note that something is begun; it waits", key)
	}
	job := NewJob(in, w.Box)
	job.Life = w.Life
	held, hold := Under(ctx, in, w.Box)
	defer hold.cancel(nil)
	result := l.Doer.Do(held, job)
	if hold.Lost() {
		return w.left(key)
	}
	if at, why, ok := result.IsRetry(); ok {
		w.Log.Log(ctx, w.mattering(at), "put off for now", w.owed(key), "until", at, "why", why)
	}
	if result.IsSettled() {
		return true
	}
	// The result is written even while stopping: the act has happened.
	if err = w.Box.Finish(context.WithoutCancel(ctx), in, result.of(job), w.Now()); errors.Is(err, ErrTaken) {
		return w.left(key)
	}
	return w.kept(ctx, err, "cannot note that something is finished; it is looked for before it is repeated", key)
}

// left notes that somebody else has taken over what was begun here: what comes of it is theirs to say.
func (w *Worker) left(key string) bool {
	w.Log.Info("somebody else has taken over what was begun here; it's left to them", w.owed(key))
	return true
}

func (w *Worker) kept(ctx context.Context, err error, what, key string) bool {
	if err == nil || isGone(err) {
		return true
	}
	if ctx.Err() == nil {
		w.Log.ErrorContext(ctx, what, w.owed(key), "err", err)
	}
	return false
}

// moment is how long something may be put off without being an event to anybody.
const moment = 15 * time.Second

// mattering is how much it matters that something is put off until then.
func (w *Worker) mattering(until time.Time) slog.Level {
	if until.Sub(w.Now()) < moment {
		return slog.LevelDebug
	}
	return slog.LevelInfo
}

// owed says for the log what a key is about.
func (w *Worker) owed(key string) slog.Attr {
	if w.Owed == nil {
		return slog.String("key", key)
	}
	return w.Owed(key)
}

// busy is how many deliveries of the lane are under way.
func (l *lane) busy() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return len(l.flying)
}

// take reserves a place for key; false when the lane is full or key is under way.
func (l *lane) take(key string) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.flying[key] || len(l.flying) >= max(l.Width, 1) {
		return false
	}
	l.flying[key] = true
	return true
}

func (l *lane) release(key string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	delete(l.flying, key)
}
