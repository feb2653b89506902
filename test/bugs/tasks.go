package bugs

import (
	"bytes"
	"context"
	"errors"
	"io"
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/usherbot/usher/app"
	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/bot"
	"github.com/usherbot/usher/outbox"
	"github.com/usherbot/usher/register"
)

// ByHand are mistakes about what people carry out, about lists that are compared, and about units that run low. A history of
// test/simulation must bring each to light, by the law whose words stand in Says.
var ByHand = []Bug{
	{Name: "a tick takes the place of another", Put: ticksOver("was ticked by"), Says: "and again by"},
	{Name: "whoever took it away confirms it", Put: ticksOver("somebody else must confirm it"), Says: "confirmed what they took away"},
	{Name: "a stranger's tick counts", Put: ticksOver("whoever has the task and Usher's admins"), Says: "who is a stranger"},
	{Name: "whom it is for ticks", Put: ticksOver("is for you"), Says: "for themselves"},
	{Name: "a task ends before its last step", Put: endsEarly, Says: `was done by|which is not its last|and its step .* is open`},
	{Name: "a tick is acknowledged before it is stored", Put: ackedBeforeTicking, Says: "was acknowledged, and is not there"},
	{Name: "a task stays with whoever has gone", Put: allAreThere, Says: "the task of .* is with .*, who left"},
	{Name: "reminders of a task are not counted", Put: remindsTwice, Says: "was reminded of for the 1. time after the 1. time"},
	{Name: "an end by hand is nobody's work", Put: endsNever, Says: "and its time was up|and that is nobody's task"},
	{Name: "a task's message is not brought up to date", Put: frozenTask, Says: "task/.* shows what is not so"},
	{Name: "what was found is forgotten", Put: findingsForgotten, Says: "and is new at"},
	{Name: "what is mended stays open", Put: neverClosed, Says: "is mended: true, and closed: false"},
	{Name: "an import is noted twice", Put: importNotedTwice, Says: "and the log has"},
	{Name: "what is no number is taken for none left", Put: pageIsZero, Says: "of a number that there never was"},
	{Name: "a warning is said for each reading", Put: occasionForgotten, Says: "without having been clear of it"},
	{Name: "a warning is lost", Put: warningLost, Says: "nobody was warned"},
}

// ticker keeps a tick that was refused with certain words, as if it had been taken.
type ticker struct {
	bot.Desk
	book  *approvals.Book
	words string
}

func (d ticker) Tick(ctx context.Context, n int64, step int, t approvals.Tick, now time.Time) (approvals.Request, error) {
	r, err := d.Desk.Tick(ctx, n, step, t, now)
	var why *approvals.Error
	if !errors.As(err, &why) || !strings.Contains(why.Say.Plain(), d.words) {
		return r, err
	}
	return r, (*d.book).Update(ctx, func(tx approvals.Tx) error {
		r, err := tx.Request(n)
		if err != nil || r.State != approvals.Running || step >= len(r.Task.Steps) {
			return err
		}
		task := *r.Task
		task.Steps, t.At = slices.Clone(task.Steps), now
		task.Steps[step].Tick = &t
		r.Task = &task
		return errors.Join(tx.Put(r), tx.Audit(approvals.Entry{At: now, Actor: t.By, What: "step ticked", Surface: "slack", Request: n, Before: r.State, After: r.State,
			Detail: []byte(`{"step":"` + task.Steps[step].Key + `"}`)}))
	})
}

func ticksOver(words string) func(*app.Surroundings) {
	return func(s *app.Surroundings) {
		var book approvals.Book
		s.Between.Book = also(s.Between.Book, func(b approvals.Book) approvals.Book { book = b; return b })
		s.Between.Desk = also(s.Between.Desk, func(d bot.Desk) bot.Desk { return ticker{d, &book, words} })
	}
}

// also puts one thing more between two rooms.
func also[T any](before, more func(T) T) func(T) T {
	if before == nil {
		return more
	}
	return func(x T) T { return more(before(x)) }
}

// txWith lets a bug replace what a transaction keeps.
type txWith struct {
	approvals.Tx
	change func(approvals.Tx, outbox.Change) bool // whether to keep it
}

func (t txWith) Change(c outbox.Change) error {
	if t.change != nil && !t.change(t.Tx, c) {
		return nil
	}
	return t.Tx.Change(c)
}

func keeping(bug txWith) func(*app.Surroundings) {
	return func(s *app.Surroundings) {
		s.Between.Book = also(s.Between.Book, func(b approvals.Book) approvals.Book {
			return bookWith{b, func(ctx context.Context, b approvals.Book, fn func(approvals.Tx) error) error {
				return b.Update(ctx, func(tx approvals.Tx) error { bug.Tx = tx; return fn(bug) })
			}}
		})
	}
}

// Dropping drops what is owed of a kind before it owes it again.
func Dropping(kind string) func(*app.Surroundings) {
	return keeping(txWith{change: func(tx approvals.Tx, c outbox.Change) bool {
		return c.Put == nil || outbox.Kind(c.Put.Key) != kind || tx.Change(outbox.Forget(c.Put.Key)) == nil
	}})
}

// impatient takes a task for done that has one step left.
type impatient struct {
	bot.Desk
	book *approvals.Book
}

func (d impatient) Tick(ctx context.Context, n int64, step int, t approvals.Tick, now time.Time) (approvals.Request, error) {
	r, err := d.Desk.Tick(ctx, n, step, t, now)
	if err != nil || !r.Working() {
		return r, err
	}
	if done, of := r.Progress(); done < of-1 {
		return r, nil
	}
	return r, (*d.book).Update(ctx, func(tx approvals.Tx) error {
		r, err := tx.Request(n)
		if err != nil || r.State != approvals.Running {
			return err
		}
		r.State, r.Outcome = approvals.Done, &approvals.Outcome{At: now, Text: approvals.Sayf("Done.")}
		return errors.Join(tx.Put(r), tx.Audit(approvals.Entry{At: now, Actor: t.By, What: "task finished", Surface: "slack", Request: n, Before: approvals.Running, After: r.State}),
			tx.Change(outbox.Forget(approvals.DeedKey(n))), tx.Change(outbox.Forget(approvals.DueKey(n))), tx.Change(outbox.PromiseOnce(approvals.TellKey(n, r.State, r.Attempt), now)),
			tx.Change(outbox.Promise(approvals.CardKey(n), now)), tx.Change(outbox.Promise(approvals.TaskKey(n), now)))
	})
}

func endsEarly(s *app.Surroundings) {
	var book approvals.Book
	s.Between.Book = also(s.Between.Book, func(b approvals.Book) approvals.Book { book = b; return b })
	s.Between.Desk = also(s.Between.Desk, func(d bot.Desk) bot.Desk { return impatient{d, &book} })
}

// hastyTicks says that a tick counts before it is kept.
type hastyTicks struct{ bot.Desk }

func (d hastyTicks) Tick(ctx context.Context, n int64, step int, t approvals.Tick, now time.Time) (approvals.Request, error) {
	go func() {
		<-time.After(100 * time.Millisecond)
		_, _ = d.Desk.Tick(context.WithoutCancel(ctx), n, step, t, now)
	}()
	return approvals.Request{}, nil
}

func ackedBeforeTicking(s *app.Surroundings) {
	s.Between.Desk = also(s.Between.Desk, func(d bot.Desk) bot.Desk { return hastyTicks{d} })
}

// crowded takes everybody for one who is there.
type crowded struct{ approvals.Directory }

func (d crowded) Person(ctx context.Context, id approvals.PersonID) (approvals.Person, error) {
	p, err := d.Directory.Person(ctx, id)
	p.Active = true
	return p, err
}

func allAreThere(s *app.Surroundings) {
	s.Between.Directory = func(d approvals.Directory) approvals.Directory { return crowded{d} }
}

// endsNever leaves what was given for a time where it is.
func endsNever(s *app.Surroundings) {
	s.Between.Doer = func(kind string, d outbox.Doer) outbox.Doer {
		if kind != approvals.KindEnd {
			return d
		}
		return outbox.DoerFunc(func(context.Context, outbox.Job) outbox.Result {
			return outbox.RetryAt(time.Now().Add(24*time.Hour), "not now")
		})
	}
}

// remindsTwice forgets at once that a reminder is past.
func remindsTwice(s *app.Surroundings) {
	var book approvals.Book
	s.Between.Book = also(s.Between.Book, func(b approvals.Book) approvals.Book { book = b; return b })
	s.Between.Doer = func(kind string, d outbox.Doer) outbox.Doer {
		if kind != approvals.KindDue {
			return d
		}
		return outbox.DoerFunc(func(ctx context.Context, job outbox.Job) outbox.Result {
			n, result := approvals.NumberOf(job.Key), d.Do(ctx, job)
			err := book.Update(ctx, func(tx approvals.Tx) error {
				r, err := tx.Request(n)
				if err != nil || r.Task == nil || r.Task.Rounds == 0 {
					return err
				}
				task := *r.Task
				task.Rounds, r.Task = 0, &task
				return tx.Put(r)
			})
			if err != nil {
				return result
			}
			return d.Do(ctx, job)
		})
	}
}

// frozenTask owes the message of a task only when it begins.
func frozenTask(s *app.Surroundings) {
	keeping(txWith{change: func(tx approvals.Tx, c outbox.Change) bool {
		if c.Put == nil || outbox.Kind(c.Put.Key) != approvals.KindTask {
			return true
		}
		r, err := tx.Request(approvals.NumberOf(c.Put.Key))
		done := 0
		if err == nil && r.Task != nil {
			done, _ = r.Progress()
		}
		return done == 0
	}})(s)
}

// shelf lets a bug replace what is kept of lists.
type shelf struct {
	register.Book
	keep  func(register.Kept) register.Kept
	audit int // how often an entry is written
}

type shelfTx struct {
	register.Tx
	shelf
}

func (b shelf) Record(ctx context.Context, fn func(register.Tx) error) error {
	return b.Book.Record(ctx, func(tx register.Tx) error { return fn(shelfTx{tx, b}) })
}

func (t shelfTx) KeepRegister(app string, k register.Kept) error {
	if t.keep != nil {
		k = t.keep(k)
	}
	return t.Tx.KeepRegister(app, k)
}

func (t shelfTx) Register(app string) (register.Kept, error) { return t.Tx.Register(app) }

func (t shelfTx) Audit(e approvals.Entry) error {
	for range t.audit {
		if err := t.Tx.Audit(e); err != nil {
			return err
		}
	}
	return t.Tx.Audit(e)
}

func onShelf(bug shelf) func(*app.Surroundings) {
	return func(s *app.Surroundings) {
		s.Between.Register = func(b register.Book) register.Book { bug.Book = b; return bug }
	}
}

func findingsForgotten(s *app.Surroundings) {
	onShelf(shelf{keep: func(k register.Kept) register.Kept { k.Findings = nil; return k }})(s)
}

// neverClosed keeps nothing of an import that closes something.
func neverClosed(s *app.Surroundings) {
	onShelf(shelf{keep: func(k register.Kept) register.Kept {
		k.Findings = slices.DeleteFunc(slices.Clone(k.Findings), func(f register.Finding) bool {
			return (f.Kind == register.NeverApproved || f.Kind == register.Orphan) && strings.HasPrefix(f.Email, "ghost0")
		})
		return k
	}})(s)
}

func importNotedTwice(s *app.Surroundings) { onShelf(shelf{audit: 1})(s) }

// zeroes reads whatever answers for a balance and is no number as none left.
type zeroes struct{ http.RoundTripper }

func (z zeroes) RoundTrip(r *http.Request) (*http.Response, error) {
	resp, err := z.RoundTripper.RoundTrip(r)
	if err != nil || !strings.Contains(r.URL.Path, "countapiunits") {
		return resp, err
	}
	raw, err := io.ReadAll(resp.Body)
	if err = errors.Join(err, resp.Body.Close()); err != nil {
		return nil, err
	}
	if strings.Trim(string(raw), "0123456789\r\n ") != "" {
		raw = []byte("0")
		resp.StatusCode, resp.Header = http.StatusOK, maps.Clone(resp.Header)
		resp.Header.Del("Content-Length")
		resp.ContentLength = 1
	}
	resp.Body = io.NopCloser(bytes.NewReader(raw))
	return resp, nil
}

func pageIsZero(s *app.Surroundings) { s.VendorHTTP.Transport = zeroes{s.VendorHTTP.Transport} }

// newOccasions takes each reading for an occasion of its own.
type newOccasions struct{ outbox.Box }

func (b newOccasions) Promise(ctx context.Context, changes ...outbox.Change) error {
	for i, c := range changes {
		if c.Put != nil && outbox.Kind(c.Put.Key) == approvals.KindWarning {
			in := *c.Put
			in.Key += "-" + time.Now().Format("150405")
			changes[i].Put = &in
		}
	}
	return b.Box.Promise(ctx, changes...)
}

func occasionForgotten(s *app.Surroundings) {
	s.Between.Box = also(s.Between.Box, func(b outbox.Box) outbox.Box { return newOccasions{b} })
}

func warningLost(s *app.Surroundings) {
	before := s.Between.Box
	box(boxWith{due: func(list []outbox.Intent) []outbox.Intent {
		return slices.DeleteFunc(list, func(in outbox.Intent) bool { return outbox.Kind(in.Key) == approvals.KindWarning })
	}})(s)
	s.Between.Box = also(before, s.Between.Box)
}
