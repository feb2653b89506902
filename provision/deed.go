package provision

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"time"

	"github.com/usherbot/usher/apiclient"
	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/outbox"
)

// Desk is where deeds are read and recorded; approvals.Desk is one.
type Desk interface {
	Request(ctx context.Context, n int64) (approvals.Request, error)
	// Record keeps what became of a deed; approvals.ErrNotNow says that the request is past that.
	Record(ctx context.Context, n int64, e approvals.Event, now time.Time) (approvals.Request, error)
	// Whose is whom a request is for, as Slack says now; "": nobody whom it shows. false: it doesn't say.
	Whose(ctx context.Context, r approvals.Request) (approvals.PersonID, bool)
}

// Alarm tells the admins, at most once a day for each topic, of something only they can mend.
type Alarm func(ctx context.Context, topic string, say approvals.Text)

// Kind carries out the deeds of one app. Its methods are called under a lock for the address.
type Kind interface {
	// Look reads whether the request's change is so already. It returns an error when it cannot see.
	Look(ctx context.Context, t Task) (Sight, error)
	// Write asks the vendor for the change, once, and reads it back. Its errors are apiclient errors.
	Write(ctx context.Context, t Task, s Sight) (Sight, error)
}

// Task is what a Kind needs to know of a deed.
type Task struct {
	Request approvals.Request
	// Tried says that the vendor may have been asked before; Before is what was noted then.
	Tried  bool
	Before string
	// Steps are the steps that this attempt has taken, or may have taken, the present one included (Sight.Step).
	Steps []string
	// Made is the vendor's id of the account that this deed has made, once it was seen; "" until then.
	Made string
	Now  time.Time
}

// Over reports whether the deed takes back what was given for a time.
func (t Task) Over() bool { return !t.Request.EndsAt.IsZero() }

// Account is the vendor's id of the account that a deed is about: the one on the card; where none was known when
// it was asked, the one that was found when the vendor was first asked (Sight.State names it); "" while only the address is known.
func (t Task) Account() string {
	var before struct {
		ID json.RawMessage `json:"id"`
	}
	if t.Request.Change.Account != "" || json.Unmarshal([]byte(t.Before), &before) != nil {
		return t.Request.Change.Account // nothing was noted: the address decides
	}
	return strings.Trim(string(before.ID), `"`)
}

// Sight is what was seen of a request's change.
type Sight struct {
	// Done: the change is so. Text says what is so, for people.
	Done bool
	Text approvals.Text
	// Stop, when set, says why the change must not be made; nothing was asked.
	Stop approvals.Text
	// Step names what the next Write is about to ask for, where a deed takes several; it is kept with the mark. From
	// Write it is the step that was taken; none was where somebody else has changed what the step was for.
	Step string
	// More, from Write: what was asked for is so, and the deed takes another step.
	More bool
	// Had is what of the request there is, its account and those of its resources; nil: it was not read.
	Had *approvals.Had
	// Account is the vendor's id of the account concerned; State what was read, as JSON, for the audit: its "id" is
	// the account's.
	Account string
	State   string
}

// Deeds carries out intents of kind "deed".
type Deeds struct {
	Desk  Desk
	Kinds map[string]Kind // by app id
	// ByHand sees to what a person carries out.
	ByHand outbox.Doer
	// People says whether whoever is given something has left.
	People People
	// Changed is called after a write, so that cached lists are read anew.
	Changed func(app string)
	// Locks hold an address among all processes; nil: there is no other.
	Locks apiclient.Locks
	Alarm Alarm
	Now   func() time.Time
	Log   *slog.Logger

	// beside is whose addresses are busy for this one too; nil: its own.
	beside *Deeds
	mu     sync.Mutex
	busy   map[string]bool
}

// note is what is kept with a deed's promise. It is stored: fields may be added, never renamed.
type note struct {
	// Tried is set before the vendor is asked, and cleared where it surely refused to act.
	Tried bool `json:"tried,omitempty"`
	// At is when it was asked; Answered whether an answer came back, whatever it said. Without one,
	// GivenUp is since when nobody waits for it any more, and Adrift that this is so of an earlier try.
	At       time.Time `json:"at,omitzero"`
	Answered bool      `json:"answered,omitempty"`
	GivenUp  time.Time `json:"given_up,omitzero"`
	Adrift   bool      `json:"adrift,omitempty"`
	Before   string    `json:"before,omitempty"`
	// Had is what was there before the first try that may have changed anything.
	Had *approvals.Had `json:"had,omitempty"`
	// Steps are the steps of a deed that takes several, each noted with the mark before it; Made is the account that
	// one of them has made, so that the next does not take another for it.
	Steps []string `json:"steps,omitempty"`
	Made  string   `json:"made,omitempty"`
	// Refused is how the vendor refused a later try than one that is adrift, and when: after that there is
	// only looking.
	Refused   string    `json:"refused,omitempty"`
	RefusedAt time.Time `json:"refused_at,omitzero"`
	// By is the life of the program by whose clock the times are (outbox.Job.Life).
	By string `json:"by,omitempty"`
	// Adopted stands for At by the clock of a life that took it over.
	Adopted time.Time `json:"adopted,omitzero"`
	// Looks counts the looks since At that could not see; Since is when looking first failed.
	Looks int       `json:"looks,omitempty"`
	Since time.Time `json:"since,omitzero"`
}

const (
	// looksToDoubt is how many failed looks after a lost answer make a doubt.
	looksToDoubt = 4
	// settling is how long after an unanswered write was given up "not done" is not believed at least;
	// of a vendor that is slow it takes longer, until longestAfloat after the asking (late.go).
	settling, longestAfloat = 8 * time.Second, 3 * time.Minute
	// looksAfterRefusal is how long a deed that was refused is looked for, while an earlier try of it is
	// adrift; then it is in doubt. Still unseen after refusalBelieved, the doubt settles itself: it failed.
	looksAfterRefusal, refusalBelieved = 2 * time.Minute, 15 * time.Minute
	// stuckAfter is when the admins hear of a deed that cannot even begin.
	stuckAfter = 10 * time.Minute
	// longestLook bounds one look while a doubt is not yet declared; a long list gets more time later.
	longestLook, patientLook = 8 * time.Second, 45 * time.Second
)

// Do implements outbox.Doer.
func (d *Deeds) Do(ctx context.Context, job outbox.Job) outbox.Result {
	r, err := d.begin(ctx, job)
	switch {
	case errors.Is(err, errByHand):
		return d.ByHand.Do(ctx, job)
	case errors.Is(err, approvals.ErrNotNow), approvals.CodeOf(err) == approvals.NotFound:
		return outbox.Done()
	case errors.Is(err, approvals.ErrBeside):
		return d.queue(ctx, job, r)
	case err != nil:
		return d.later(job, err)
	}
	a := &act{Deeds: d, job: job, r: r}
	if len(job.Note) > 0 {
		if err := json.Unmarshal(job.Note, &a.note); err != nil {
			// An unreadable note may hide that the vendor was asked, so it counts as that.
			a.note = note{Tried: true}
		}
	}
	var ok bool
	if a.kind, ok = d.Kinds[r.App.ID]; !ok {
		return a.homeless(ctx)
	}
	key := r.App.ID + "/" + approvals.FoldEmail(r.Change.Email)
	if !d.enter(key) {
		return d.waits(errBeside)
	}
	defer d.leave(key)
	if a.lock, err = d.locked(ctx, key); err != nil {
		return d.waits(err)
	}
	defer a.lock.free(ctx)
	return a.run(ctx)
}

// errByHand says that a person carries out the request.
var errByHand = errors.New("a person carries it out")

// begin makes the request running, unless it is so already.
func (d *Deeds) begin(ctx context.Context, job outbox.Job) (approvals.Request, error) {
	n := approvals.NumberOf(job.Key)
	r, err := d.Desk.Request(ctx, n)
	if err == nil && r.ByHand() && d.ByHand != nil {
		return r, errByHand
	}
	if err != nil || r.State == approvals.Running || r.State == approvals.InDoubt {
		return r, err
	}
	r, err = d.Desk.Record(ctx, n, approvals.Begun{}, d.Now())
	if errors.Is(err, approvals.ErrNotNow) && r.State == approvals.Running {
		return r, nil // a commit that seemed to fail had been kept
	}
	return r, err
}

func (d *Deeds) enter(key string) bool {
	if d.beside != nil {
		return d.beside.enter(key)
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.busy[key] {
		return false
	}
	if d.busy == nil {
		d.busy = map[string]bool{}
	}
	d.busy[key] = true
	return true
}

func (d *Deeds) leave(key string) {
	if d.beside != nil {
		d.beside.leave(key)
		return
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	delete(d.busy, key)
}

func (d *Deeds) later(job outbox.Job, err error) outbox.Result {
	return outbox.RetryAt(d.Now().Add(outbox.Backoff(job.Tries, time.Second, 30*time.Second)), err.Error())
}

// record keeps an outcome. Step forgets the deed in the same transaction, so there is nothing left
// to finish; a request that is past it was settled by an admin meanwhile.
func (d *Deeds) record(ctx context.Context, job outbox.Job, r approvals.Request, e approvals.Event) outbox.Result {
	_, err := d.Desk.Record(context.WithoutCancel(ctx), r.Number, e, d.Now())
	if err != nil && !errors.Is(err, approvals.ErrNotNow) {
		return d.later(job, fmt.Errorf("record outcome of #%d: %w", r.Number, err))
	}
	return outbox.Settled()
}

// KindOf is the kind of a client's error; an error of another origin says nothing about the vendor.
func KindOf(err error) apiclient.Kind {
	if err == nil {
		return ""
	}
	if k := apiclient.KindOf(err); k != "" {
		return k
	}
	return apiclient.Temporary
}
