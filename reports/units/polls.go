package units

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"time"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/outbox"
)

// Kind is the kind of intent that Polls carries out: one reading of one app, "units/ID/2026-11-23T06:00".
const Kind = "units"

// Late is how old a slot may be and still be read for.
const Late = 24 * time.Hour

// How often what is to be read is looked over; and how often, and after how long, a reading is tried again for one slot.
const (
	replan    = time.Hour
	tries     = 3
	firstWait = time.Minute
)

// Meter asks one app's vendor for the number that is left. Asking costs nothing of it, and changes nothing. Its words for
// people bear no key and no address with one.
type Meter interface {
	// Read asks once. What is no number is not known, and says why.
	Read(ctx context.Context) Reading
	// Notices are what is to be said of the vendor, each from a moment on, and Note what of it stands beside the number at a
	// moment, or nil.
	Notices() []Notice
	Note(now time.Time) approvals.Text
}

// Slots say when an app is read, on the clock of UTC; reports.Slots says what each has to answer.
type Slots interface {
	Next(after time.Time) (slot string, at time.Time, ok bool)
	Latest(notAfter time.Time) (slot string, at time.Time, ok bool)
	At(slot string) (at time.Time, ok bool)
}

// Memory keeps something under a name, durably; nil where nothing is kept. It is
// the store's Lessons, and conform.Store holds one to it.
type Memory interface {
	Learned(ctx context.Context, name string) ([]byte, error)
	// Relearn keeps it where what stands there is still was, nil: nothing; false: somebody else was there first.
	Relearn(ctx context.Context, name string, was, raw []byte) (kept bool, err error)
}

// App is one app whose units are watched.
type App struct {
	ID, Name string
	Owners   []string
	Slots    Slots
	Settings
	Meter Meter
}

// Polls reads each app on its slots. It is the outbox.Doer of Kind, in a lane of one: a record is read, changed and kept. The
// order of a reading, and what a crash leaves after each:
//
//	promise the next slot     nothing is read; this slot is still owed, and so is the next
//	promise what is owed      what an earlier reading gave cause to say, should a crash have come before it was promised
//	read                      it costs nothing, and is read again
//	keep the record           the slot is known as read; what it gave cause to say is in the record, and owed as above. Where
//	                          another process has kept one since this one was read, nothing is kept, and it begins again
//	promise what is owed      the courier says it once: the key names the occasion
type Polls struct {
	Apps   []App
	Memory Memory
	Box    outbox.Box
	Now    func() time.Time
	Log    *slog.Logger
	// Wake is called after a promise, so that what is due is carried out at once.
	Wake func()
}

var _ outbox.Doer = (*Polls)(nil)

// Key is the key of one slot of an app.
func Key(app, slot string) string { return Kind + "/" + app + "/" + slot }

// Run sees to it that the next slot of each app is promised, and the last one where it was missed, at once and then every
// hour, until ctx ends.
func (p *Polls) Run(ctx context.Context) {
	tick := time.NewTicker(replan)
	defer tick.Stop()
	for ctx.Err() == nil {
		for _, a := range p.Apps {
			if err := p.plan(ctx, a); err != nil && ctx.Err() == nil {
				p.Log.ErrorContext(ctx, "cannot plan when to read what is left", "app", a.ID, "err", err)
			}
		}
		p.Wake()
		select {
		case <-ctx.Done():
		case <-tick.C:
		}
	}
}

// plan promises the next slot, and the one that should have been read for last.
func (p *Polls) plan(ctx context.Context, a App) error {
	now := p.Now()
	r, err := p.recall(ctx, a.ID)
	if err != nil {
		return err
	}
	var promises []outbox.Change
	if slot, at, ok := a.Slots.Latest(now); ok && slot > r.Slot && now.Sub(at) < Late {
		promises = append(promises, outbox.PromiseOnce(Key(a.ID, slot), at))
	}
	if slot, at, ok := a.Slots.Next(now); ok {
		promises = append(promises, outbox.PromiseOnce(Key(a.ID, slot), at))
	}
	return p.promise(ctx, promises)
}

// Do implements outbox.Doer.
func (p *Polls) Do(ctx context.Context, job outbox.Job) outbox.Result {
	id, slot, _ := strings.Cut(strings.TrimPrefix(job.Key, Kind+"/"), "/")
	i := slices.IndexFunc(p.Apps, func(a App) bool { return a.ID == id })
	if i < 0 {
		return outbox.Done() // it is configured no more
	}
	now := p.Now()
	at, ok := p.Apps[i].Slots.At(slot)
	switch {
	case !ok:
		return outbox.Done() // the schedule is another one now
	case at.After(now):
		return outbox.RetryAt(at, "it is not time yet")
	}
	again, err := p.poll(ctx, job, p.Apps[i], slot)
	switch {
	case ctx.Err() != nil:
		return outbox.RetryAt(now, "the program is stopping")
	case err != nil:
		return outbox.RetryAt(p.Now().Add(outbox.Backoff(job.Tries, time.Second, time.Minute)), fmt.Sprintf("read units: %v", err))
	case !again.IsZero():
		return outbox.RetryAt(again, "the number could not be read")
	}
	return outbox.Done()
}

// poll reads an app for a slot. again is when to try once more; zero: it is through.
func (p *Polls) poll(ctx context.Context, job outbox.Job, a App, slot string) (again time.Time, err error) {
	if err := p.plan(ctx, a); err != nil {
		return again, err
	}
	r, err := p.recall(ctx, a.ID)
	if err != nil {
		return again, err
	}
	if err := p.owed(ctx, a, r); err != nil {
		return again, err
	}
	if latest, _, ok := a.Slots.Latest(p.Now()); slot <= r.Slot || ok && latest > slot {
		return again, nil // it was read for, or a later one has come due
	}
	in := a.Meter.Read(ctx)
	if ctx.Err() != nil {
		return again, fmt.Errorf("read units of %s: %w", a.ID, ctx.Err())
	}
	if again = p.soon(job, a, in); !again.IsZero() {
		return again, nil
	}
	r = r.Take(in, slot, a.Settings, a.Meter.Notices()...)
	p.tell(a, r, in)
	if err := p.keep(ctx, a.ID, r); err != nil {
		return again, err
	}
	return again, p.owed(ctx, a, r)
}

// soon is when a number that could not be read is asked for once more, where it may be there in a minute, and before the
// next slot.
func (p *Polls) soon(job outbox.Job, a App, in Reading) time.Time {
	at := p.Now().Add(outbox.Backoff(job.Tries, firstWait, time.Hour))
	if _, next, ok := a.Slots.Next(p.Now()); in.Known() || !in.Soon || job.Tries >= tries || ok && !at.Before(next) {
		return time.Time{}
	}
	return at
}

func (p *Polls) tell(a App, r Record, in Reading) {
	if in.Known() {
		p.Log.Info("read what is left", "app", a.ID, "slot", r.Slot, "units", in.Left)
	} else {
		p.Log.Warn("what is left could not be read", "app", a.ID, "slot", r.Slot, "since", r.Blind, "why", in.Why.Plain())
	}
}

// owed promises what the last reading gave cause to say, each once.
func (p *Polls) owed(ctx context.Context, a App, r Record) error {
	var promises []outbox.Change
	for _, o := range r.Owed {
		o.Warning.App, o.Warning.Name, o.Warning.Owners = a.ID, a.Name, a.Owners
		body, err := json.Marshal(o.Warning)
		if err != nil {
			return fmt.Errorf("encode warning of %s: %w", a.ID, err)
		}
		c := outbox.AtOnce(approvals.WarningKey(a.ID, o.Key[0], o.Key[1]), 0, p.Now()).ButOnce()
		c.Put.Body = body
		promises = append(promises, c)
	}
	if len(promises) == 0 {
		return nil
	}
	defer p.Wake()
	return p.promise(ctx, promises)
}

// Balance is what is known of an app's units; ok is false where nobody watches them.
func (p *Polls) Balance(ctx context.Context, app string) (b approvals.Balance, ok bool, err error) {
	i := slices.IndexFunc(p.Apps, func(a App) bool { return a.ID == app })
	if i < 0 {
		return b, false, nil
	}
	r, err := p.recall(ctx, app)
	b = r.Balance()
	b.Note, b.Lately = p.Apps[i].Meter.Note(p.Now()), r.lately(p.Now())
	return b, true, err
}

func nameOf(app string) string { return Kind + "/" + app }

// recall reads the record of an app. One that cannot be read is none, and begins anew.
func (p *Polls) recall(ctx context.Context, app string) (Record, error) {
	raw, err := p.Memory.Learned(ctx, nameOf(app))
	if err != nil {
		return Record{}, fmt.Errorf("read record of %s: %w", app, err)
	}
	r, err := decode(raw)
	if err != nil {
		p.Log.ErrorContext(ctx, "the record of an app's units is damaged; it begins anew", "app", app, "err", err)
	}
	r.line = raw
	return r.asOf(p.Now()), nil
}

// errMoved says that another process kept a record that was read before: this reading is judged anew, by that.
var errMoved = errors.New("another reading was kept meanwhile")

func (p *Polls) keep(ctx context.Context, app string, r Record) error {
	raw, err := json.Marshal(r)
	if err != nil {
		return fmt.Errorf("encode record of %s: %w", app, err)
	}
	kept, err := p.Memory.Relearn(ctx, nameOf(app), r.line, raw)
	if err == nil && !kept {
		err = errMoved
	}
	if err != nil {
		return fmt.Errorf("keep record of %s: %w", app, err)
	}
	return nil
}

func (p *Polls) promise(ctx context.Context, promises []outbox.Change) error {
	return again(func() error { return p.Box.Promise(ctx, promises...) })
}

// again asks once more where the store cannot tell whether a change was kept; every change here may be made twice.
func again(change func() error) error {
	err := change()
	if errors.Is(err, approvals.ErrUnknownOutcome) {
		err = change()
	}
	return err
}
