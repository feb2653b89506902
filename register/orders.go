package register

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/outbox"
	"github.com/usherbot/usher/register/list"
)

// Files has what people add to forms.
type Files interface {
	// Fetch reads a file, of which fits has first said that its size is right; fits' own error is returned as it is. tries is how
	// often it was tried before. An *approvals.Error says for good why it can't be read; after any other error it may be the
	// next time.
	Fetch(ctx context.Context, id string, tries int, fits func(size int64) error) ([]byte, error)
}

// Owed lists what is owed or was carried out under keys that begin so; outbox.Box has it.
type Owed interface {
	Known(ctx context.Context, pre string) ([]string, error)
}

const (
	// importSoonest and importLatest bound the wait for the next try, and importFor is how long a file is tried for.
	importSoonest = 2 * time.Second
	importLatest  = 5 * time.Minute
	importFor     = 24 * time.Hour
	// patientFor is how many tries a list gets before it is compared without what Slack can't say.
	patientFor = 6
)

// Orders carries out the imports that were asked for by a form: it fetches the list, compares it, and keeps it in one transaction
// with its audit entry and what is owed to who asked. A crash before that has it fetched again, after it that what is
// owed shows that it was done. So one form is one import and one message.
func (g *Register) Orders(now func() time.Time) outbox.Doer {
	return outbox.DoerFunc(func(ctx context.Context, job outbox.Job) outbox.Result {
		var o Order
		if err := json.Unmarshal(job.Body, &o); err != nil {
			g.Log.ErrorContext(ctx, "an import that was asked for cannot be read, and is dropped", "what", job.Key, "err", err)
			return outbox.Done()
		}
		err := g.carryOut(ctx, o, job.Tries, now())
		if err != nil {
			return outbox.RetryAt(now().Add(outbox.Backoff(job.Tries, importSoonest, importLatest)), err.Error())
		}
		g.wake()
		return outbox.DoneWith(outbox.Receipt{ID: o.File})
	})
}

// carryOut imports a list, or tells why it can't be. An error means that it is to be tried again.
func (g *Register) carryOut(ctx context.Context, o Order, tries int, now time.Time) error {
	done, err := g.wasTold(ctx, o)
	if err != nil || done {
		return err
	}
	raw, err := g.Files.Fetch(ctx, o.File, tries, notTooLarge)
	switch {
	case err == nil && o.People:
		err = g.takePeople(ctx, o, raw, now)
	case err == nil:
		im := Import{App: o.App, File: o.Name, Raw: raw, At: o.At, Columns: o.Columns, DryRun: o.DryRun}
		_, err = g.take(ctx, intake{Import: im, by: approvals.Actor(o.By), surface: "slack", now: now, patient: tries < patientFor,
			and: func(tx Tx, r Result) error { return tell(tx, r.told(o), now) }})
	}
	if err == nil {
		return nil
	}
	t := Told{Order: o, Wrong: wrongOf(err)}
	if wrong, ok := errors.AsType[*list.Problem](err); ok {
		t.Columns = wrong.Typed != ""
	}
	if len(t.Wrong) == 0 && now.Sub(o.At) < importFor {
		return err
	}
	if len(t.Wrong) == 0 {
		g.Log.ErrorContext(ctx, "a list that somebody added to a form couldn't be read for a day, and is given up", "app", o.App, "file", o.File, "err", err)
		t.Wrong = approvals.Sayf("I couldn't get the file from Slack for a whole day, so I've stopped trying. Please add it again.")
	}
	return g.record(ctx, func(tx Tx) error { return tell(tx, t, now) })
}

// wasTold reports whether what an order came to is owed, or was told, already.
func (g *Register) wasTold(ctx context.Context, o Order) (bool, error) {
	key, err := (Told{Order: o}).key()
	if err != nil {
		return false, err
	}
	known, err := g.Box.Known(ctx, key)
	if err != nil {
		return false, fmt.Errorf("look whether a list was imported: %w", err)
	}
	return slices.Contains(known, key), nil
}

func tell(tx Tx, t Told, now time.Time) error {
	c, err := t.owed(now)
	if err != nil {
		return err
	}
	return tx.Change(c)
}

func notTooLarge(size int64) error {
	if size > list.MostBytes {
		return list.TooLarge(size)
	}
	return nil
}

// wrongOf is what people are told of why a list can't be imported; nil: that may pass.
func wrongOf(err error) approvals.Text {
	if wrong, ok := errors.AsType[*list.Problem](err); ok {
		return approvals.Sayf("%v", wrong.Say)
	}
	say, ok := errors.AsType[*approvals.Error](err)
	if !ok || slices.Contains([]approvals.Code{approvals.Unsure, approvals.Busy, approvals.CannotTell}, say.Code) {
		return nil
	}
	return say.Say
}

// TooLarge is why a file of some size isn't read; nil: it is.
func TooLarge(size int64) *approvals.Error {
	if err := notTooLarge(size); err != nil {
		return approvals.Refuse(approvals.Invalid, "%v", err.Error())
	}
	return nil
}

// Head reads which columns a list has that somebody added to a form, for whoever says which mean what.
func (g *Register) Head(ctx context.Context, file string) (list.Head, error) {
	raw, err := g.Files.Fetch(ctx, file, 0, notTooLarge)
	if err == nil {
		var h list.Head
		if h, err = list.Look(raw); err == nil {
			return h, nil
		}
	}
	if say := wrongOf(err); len(say) > 0 {
		return list.Head{}, (&approvals.Error{Code: approvals.Invalid, Say: say}).Because(err)
	}
	return list.Head{}, err
}
