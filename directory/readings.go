package directory

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"hash/fnv"
	"log/slog"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/usherbot/usher/apiclient"
	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/outbox"
	"github.com/usherbot/usher/register/list"
)

// Kind is the kind of intent that Readings carries out: one reading of one directory, "directory/Okta/2026-11-29".
const Kind = approvals.KindDirectory

// How often what is to be read is looked over, how long one reading may take, how long after it failed it is tried again, and how often that
// may be before the admins hear of what may pass by itself.
const (
	replan   = time.Hour
	longest  = 15 * time.Minute
	again    = time.Hour
	patience = 2
)

// Memory keeps something under a name, durably; nil where nothing is kept. It is the store's Lessons,
// and conform.Store holds one to it.
type Memory interface {
	Learned(ctx context.Context, name string) ([]byte, error)
	// Relearn keeps it where what stands there is still was, nil: nothing; false: somebody else was there first.
	Relearn(ctx context.Context, name string, was, raw []byte) (kept bool, err error)
}

// Directory is one that is configured.
type Directory struct {
	// Name is what people see it called. Origin is what is read: another account under the same name is another directory.
	Name, Origin string
	Source       Source
	// Parse reads a list that somebody adds, in the place of a Source; nil: nobody adds one.
	Parse func(raw []byte, columns map[list.Column]string) (Answer, error)
	// Believe is the day on which it is believed, however much less it says than before; "": none.
	Believe string
}

// Readings reads each directory once a day. It is the outbox.Doer of Kind, in a lane of one. The order of a reading, and what a crash leaves
// after each:
//
//	promise the next day's   nothing is read; this day's is still owed, and so is the next
//	read                     it changes nothing there, and is read again
//	keep what came           the day is known as read
//	or tell the admins       once a day and directory, whatever is read again; what is kept stays as it is
type Readings struct {
	Directories []Directory
	// Few is how many people may be switched off between two readings without any doubt; 0: five.
	Few    int
	Memory Memory
	Box    outbox.Box
	Now    func() time.Time
	Log    *slog.Logger
	// Wake is called after a promise, and Alarm tells the admins of something only they can mend, once a day and topic.
	Wake  func()
	Alarm func(ctx context.Context, topic string, say approvals.Text)
}

var _ outbox.Doer = (*Readings)(nil)

// Key is the key of one day's reading.
func Key(name, slot string) string { return Kind + "/" + url.PathEscape(name) + "/" + slot }

// Run sees to it that the next reading of each directory is promised, and the last one where it was missed, at once and then every hour,
// until ctx ends. After a week without the program one reading is made, not seven.
func (r *Readings) Run(ctx context.Context) {
	if len(r.Directories) == 0 {
		return
	}
	tick := time.NewTicker(replan)
	defer tick.Stop()
	for ctx.Err() == nil {
		for _, d := range r.Directories {
			if d.Source == nil {
				continue // it is added, and not read
			}
			if err := r.plan(ctx, d); err != nil && ctx.Err() == nil {
				r.Log.ErrorContext(ctx, "cannot plan when to read a directory", "directory", d.Name, "err", err)
			}
		}
		r.Wake()
		select {
		case <-ctx.Done():
		case <-tick.C:
		}
	}
}

// hour is when in a day a directory is read, on the clock of UTC: at night, each at another time, and before apps are looked over.
func (d Directory) hour() time.Duration {
	h := fnv.New32a()
	_, _ = h.Write([]byte(d.Name)) // it never fails
	return 30*time.Minute + time.Duration(h.Sum32()%120)*time.Minute
}

// latest is the last slot that has come, and next the one behind it.
func (d Directory) latest(now time.Time) (slot string, at time.Time) {
	day := now.UTC().Add(-d.hour()).Truncate(24 * time.Hour)
	return day.Format(time.DateOnly), day.Add(d.hour())
}

func (d Directory) next(now time.Time) (slot string, at time.Time) {
	_, at = d.latest(now)
	return d.latest(at.Add(24 * time.Hour))
}

func (r *Readings) plan(ctx context.Context, d Directory) error {
	k, err := r.recall(ctx, d)
	if err != nil {
		return err
	}
	var promises []outbox.Change
	if slot, at := d.latest(r.Now()); slot > k.Slot {
		promises = append(promises, outbox.PromiseOnce(Key(d.Name, slot), at))
	}
	slot, at := d.next(r.Now())
	return r.promise(ctx, append(promises, outbox.PromiseOnce(Key(d.Name, slot), at)))
}

// Do implements outbox.Doer.
func (r *Readings) Do(ctx context.Context, job outbox.Job) outbox.Result {
	name, slot, _ := strings.Cut(strings.TrimPrefix(job.Key, Kind+"/"), "/")
	i := slices.IndexFunc(r.Directories, func(d Directory) bool { return d.Source != nil && url.PathEscape(d.Name) == name })
	if i < 0 {
		return outbox.Done() // it is configured no more
	}
	d, now := r.Directories[i], r.Now()
	latest, _ := d.latest(now)
	switch {
	case latest > slot:
		return outbox.Done() // a later one has come due
	case latest < slot:
		_, at := d.next(now)
		return outbox.RetryAt(at, "it is not time yet")
	}
	passes, err := r.read(ctx, d, slot)
	switch {
	case ctx.Err() != nil:
		return outbox.RetryAt(now, "the program is stopping")
	case err == nil:
		return outbox.Done()
	}
	if errors.Is(err, errMoved) {
		return outbox.RetryAt(r.Now().Add(time.Second), err.Error())
	}
	if !passes || job.Tries >= patience {
		r.tell(ctx, d, err)
	}
	r.Log.WarnContext(ctx, "a directory could not be read, or isn't believed; what is known stays as it is", "directory", d.Name, "err", err)
	return outbox.RetryAt(r.Now().Add(again), fmt.Sprintf("read directory: %v", err))
}

// doubted is an answer that isn't believed.
type doubted struct{ why approvals.Text }

// Error implements error.
func (d doubted) Error() string { return "the answer isn't believed: " + d.why.Plain() }

// read reads a directory and keeps what came. passes says of an error that it may be over by itself.
func (r *Readings) read(ctx context.Context, d Directory, slot string) (passes bool, err error) {
	if err := r.plan(ctx, d); err != nil {
		return true, err
	}
	k, err := r.recall(ctx, d)
	if err != nil || k.Slot >= slot {
		return true, err
	}
	limited, cancel := context.WithTimeout(ctx, longest)
	defer cancel()
	a, err := d.Source.Read(limited, k.listed(), k.from(r.Now()))
	if ctx.Err() != nil {
		return true, ctx.Err()
	}
	next := k
	if err == nil {
		if why := k.doubt(a, orDefault(r.Few, fewOff), d.Believe != "" && d.Believe == r.Now().UTC().Format(time.DateOnly)); why != nil {
			err = doubted{why}
		} else {
			next = k.With(a, r.Now())
			next.Slot = slot
		}
	}
	if err != nil {
		if k.Trouble.IsZero() {
			next.Trouble = r.Now().UTC()
			err = errors.Join(err, r.keep(ctx, d, next))
		}
		kind := apiclient.KindOf(err)
		return kind == apiclient.Temporary || kind == apiclient.RateLimited, err
	}
	r.Log.InfoContext(ctx, "read a directory", "directory", d.Name, "people", len(a.People))
	return true, r.keep(ctx, d, next)
}

// tell tells the admins, once a day.
func (r *Readings) tell(ctx context.Context, d Directory, err error) {
	k, failed := r.recall(ctx, d)
	if failed != nil {
		return // the store's trouble is told by itself
	}
	known := approvals.Sayf("I've never read it, so I know of nobody there.")
	if !k.Read.IsZero() {
		known = approvals.Sayf("I go by what it said %v, and nobody is taken for gone meanwhile.", k.Read)
	}
	if odd, ok := errors.AsType[doubted](err); ok {
		r.Alarm(ctx, Kind+" "+d.Name, approvals.Sayf("%v looks wrong: %v. I don't believe that by itself. %v I'll read it again every hour. If it's true, write %v beside it under `people.directories` and let me read my configuration again.",
			d.Name, odd.why, known, approvals.Typed("believe: "+r.Now().UTC().Format(time.DateOnly))))
		return
	}
	r.Alarm(ctx, Kind+" "+d.Name, approvals.Sayf("I can't read %v: %v. %v I'll try again every hour; `usher check` says what to do.", d.Name, err.Error(), known))
}

func nameOf(d Directory) string { return Kind + "/" + d.Name }

// recall is what is kept of a directory. What can't be read, or is of another account, is nothing, and begins anew.
func (r *Readings) recall(ctx context.Context, d Directory) (Kept, error) {
	raw, err := r.Memory.Learned(ctx, nameOf(d))
	if err != nil {
		return Kept{}, fmt.Errorf("read what is kept of %s: %w", d.Name, err)
	}
	var k Kept
	if raw != nil {
		if err := json.Unmarshal(raw, &k); err != nil {
			r.Log.ErrorContext(ctx, "what is kept of a directory is damaged; it begins anew", "directory", d.Name, "err", err)
			k = Kept{}
		}
	}
	if k.Origin != d.Origin {
		k = Kept{Origin: d.Origin}
	}
	k.line = raw
	return k, nil
}

// errMoved says that another process kept something about a directory since it was looked at: it's read again.
var errMoved = errors.New("another reading was kept meanwhile")

func (r *Readings) keep(ctx context.Context, d Directory, k Kept) error {
	raw, err := json.Marshal(k)
	if err != nil {
		return fmt.Errorf("encode what is kept of %s: %w", d.Name, err)
	}
	kept, err := r.Memory.Relearn(ctx, nameOf(d), k.line, raw)
	if err == nil && !kept {
		err = errMoved
	}
	if err != nil {
		return fmt.Errorf("keep what %s says: %w", d.Name, err)
	}
	return nil
}

func (r *Readings) promise(ctx context.Context, promises []outbox.Change) error {
	return twice(func() error { return r.Box.Promise(ctx, promises...) })
}

// twice asks once more where the store cannot tell whether a change was kept; every change here may be made twice.
func twice(change func() error) error {
	err := change()
	if errors.Is(err, approvals.ErrUnknownOutcome) {
		err = change()
	}
	return err
}

func orDefault(n, otherwise int) int {
	if n == 0 {
		return otherwise
	}
	return n
}
