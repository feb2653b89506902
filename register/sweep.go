package register

import (
	"context"
	"errors"
	"fmt"
	"hash/fnv"
	"log/slog"
	"slices"
	"strings"
	"time"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/outbox"
	"github.com/usherbot/usher/register/list"
)

// Sweeps looks each app over once a day, for what stays in it too long. It is the outbox.Doer of approvals.KindSweep, in a lane of
// one. The order of a sweep, and what a crash leaves after each:
//
//	promise the next day's    nothing is read; this one is still owed, and so is the next
//	read app and directory    it is read again
//	remember the app's day    likewise; the day stays as it was remembered
//	keep what was found       in one transaction with the audit entry: the day is known as looked over, and isn't again
//
// A program that was down for a week finds one sweep owed, and no more: the next is promised by the one before.
type Sweeps struct {
	Register *Register
	Box      Promises
	// Alarm tells the admins, once a day for each topic.
	Alarm func(ctx context.Context, topic string, say approvals.Text)
	Now   func() time.Time
	Log   *slog.Logger
}

// Promises takes promises; outbox.Box does.
type Promises interface {
	Promise(ctx context.Context, changes ...outbox.Change) error
}

const (
	// sweepHour is when the first app is looked over, by UTC, and sweepWithin over how long the others are spread.
	sweepHour   = 3 * time.Hour
	sweepWithin = 90 * time.Minute
	resweep     = time.Hour
	// An odd answer is read so often, ever later, before the admins hear of it; what gives none is tried for most of a day.
	sweepTries   = 6
	sweepFor     = 20 * time.Hour
	sweepSoonest = time.Minute
	sweepLatest  = time.Hour
	// oldList is how old an imported list may be and still be compared with who is there today.
	oldList = 45 * 24 * time.Hour
)

// sweepAt is when an app is looked over on a day.
func sweepAt(app string, day time.Time) time.Time {
	h := fnv.New32a()
	_, _ = h.Write([]byte(app)) // it never fails
	spread := time.Duration(h.Sum32()%uint32(sweepWithin/time.Minute)) * time.Minute
	return day.UTC().Truncate(24 * time.Hour).Add(sweepHour + spread)
}

// Run sees to it that the next sweep of each app is promised, at once and then every hour, until ctx ends.
func (s *Sweeps) Run(ctx context.Context) {
	tick := time.NewTicker(resweep)
	defer tick.Stop()
	for ctx.Err() == nil {
		for _, a := range s.Register.Inventory.Apps() {
			if err := s.plan(ctx, a.ID); err != nil && ctx.Err() == nil {
				s.Log.ErrorContext(ctx, "cannot plan when to look an app over", "app", a.ID, "err", err)
			}
		}
		s.Register.wake()
		select {
		case <-ctx.Done():
		case <-tick.C:
		}
	}
}

// plan promises the next sweep of an app.
func (s *Sweeps) plan(ctx context.Context, app string) error {
	at := sweepAt(app, s.Now())
	if !at.After(s.Now()) {
		at = sweepAt(app, s.Now().AddDate(0, 0, 1))
	}
	promise := func() error {
		return s.Box.Promise(ctx, outbox.PromiseOnce(approvals.SweepKey(app, at.Format(time.DateOnly)), at))
	}
	err := promise()
	if errors.Is(err, approvals.ErrUnknownOutcome) {
		err = promise()
	}
	return err
}

// Do implements outbox.Doer.
func (s *Sweeps) Do(ctx context.Context, job outbox.Job) outbox.Result {
	id, slot, _ := strings.Cut(strings.TrimPrefix(job.Key, approvals.KindSweep+"/"), "/")
	apps := s.Register.Inventory.Apps()
	i := slices.IndexFunc(apps, func(a approvals.App) bool { return a.ID == id })
	if i < 0 {
		return outbox.Done() // it is configured no more
	}
	err := s.plan(ctx, id)
	if err == nil {
		err = s.Register.sweep(ctx, apps[i], slot, s.Now())
	}
	odd, strange := errors.AsType[*oddness](err)
	due, _ := time.Parse(time.DateOnly, slot) // a key that names no day has waited long enough
	waits := job.Tries < sweepTries || !strange && s.Now().Sub(sweepAt(id, due)) < sweepFor
	switch {
	case err == nil:
		s.Register.wake()
		return outbox.Done()
	case ctx.Err() != nil:
		return outbox.RetryAt(s.Now(), "the program is stopping")
	case waits:
		return outbox.RetryAt(s.Now().Add(outbox.Backoff(job.Tries, sweepSoonest, sweepLatest)), err.Error())
	case strange:
		err = errors.Join(err, s.Register.note(ctx, apps[i], odd.Odd))
		s.Alarm(ctx, "sweep-"+id, odd.say)
	default:
		s.Alarm(ctx, "sweep-"+id, unswept(apps[i], err))
	}
	s.Log.WarnContext(ctx, "an app wasn't looked over today; what was found before stays", "app", id, "err", err)
	return outbox.Done()
}

// unswept is what the admins hear of an app that couldn't be looked over.
func unswept(app approvals.App, err error) approvals.Text {
	why := approvals.Sayf("it has given no usable answer all day")
	if blind, ok := errors.AsType[*sightless](err); ok {
		why = approvals.Sayf("Slack didn't say who is in the workspace (%v)", blind.Error())
	} else if say, ok := errors.AsType[*approvals.Error](err); ok && len(say.Say) > 0 {
		why = approvals.Sayf("%v", say.Say)
	}
	return approvals.Sayf("I couldn't look *%v* over for what stays there too long: %v. What I found before stays as it was, and I'll look again tomorrow.", app.Name, why)
}

// sightless says that it couldn't be read who is in the workspace.
type sightless struct{ error }

func (e *sightless) Unwrap() error { return e.error }

// oddness is an answer that isn't believed.
type oddness struct {
	*Odd
	say approvals.Text
}

func (e *oddness) Error() string { return e.say.Plain() }

// sweep looks one app over and keeps what it finds. Nothing is changed where anything couldn't be read.
func (g *Register) sweep(ctx context.Context, app approvals.App, slot string, now time.Time) error {
	was, err := g.Book.Register(ctx, app.ID)
	if err != nil {
		return fmt.Errorf("read what is kept of %s: %w", app.ID, err)
	}
	if slot <= was.Slot {
		return nil // it was looked over, and a crash came before that was settled
	}
	if err := g.remember(ctx, was.imported(app).Accounts(), true); err != nil {
		return err
	}
	seen, ok, err := g.toSweep(ctx, app, was, now)
	unlisted := was.At.IsZero() && !ok && g.Elsewhere != nil
	if err == nil && !ok && !unlisted {
		return g.sweepSaid(ctx, app, was, slot, now)
	}
	if err != nil {
		return err
	}
	accounts := seen.count()
	if unlisted {
		accounts = was.Count // what requests gave isn't doubted
	}
	people, err := g.sighted(ctx, app, was, accounts, slot)
	if err == nil {
		err = g.remember(ctx, seen.answer, true) // nobody doubts it any more
	}
	if err != nil {
		return err
	}
	done, err := g.done(ctx, app.ID)
	if err != nil {
		return err
	}
	for {
		next, news := was.swept(app, seen, done, people, slot, now)
		if unlisted {
			next, news = was.weighed(app, done, people, slot, now)
		}
		from := seen
		if unlisted {
			from = held(app, done, now)
		}
		next.Outside = g.asking(ctx, app, was.outside(compare(app, done, from, people, nil, now)), people, slot, now)
		err := g.record(ctx, func(tx Tx) error { return g.keepSwept(tx, app, was, next, news) })
		if !errors.Is(err, errMoved) {
			return err
		}
		if was, err = g.Book.Register(ctx, app.ID); err != nil {
			return fmt.Errorf("read what is kept of %s: %w", app.ID, err)
		}
		if seen.How != ByAPI {
			seen, unlisted = was.Seen(), was.At.IsZero() // a newer list was imported
		}
	}
}

// sighted is who there is, unless that can't be believed.
func (g *Register) sighted(ctx context.Context, app approvals.App, was Kept, accounts int, slot string) (Directory, error) {
	everybody, err := g.Workspace.Everybody(ctx)
	if err != nil {
		return Directory{}, &sightless{fmt.Errorf("find out who is in the workspace: %w", err)}
	}
	people, err := g.known(ctx, everybody)
	if err != nil {
		return people, err
	}
	if people.active() == 0 {
		return people, &sightless{errors.New("it listed nobody")}
	}
	if odd, say := was.doubts(app, accounts, people.active(), slot); odd != nil {
		return people, &oddness{odd, say}
	}
	return people, nil
}

// toSweep is the list that is compared: what the app answers now, or the last one that was imported, while it isn't too old to say
// who is there; false: there is none.
func (g *Register) toSweep(ctx context.Context, app approvals.App, was Kept, now time.Time) (Seen, bool, error) {
	if app.Entry == nil || !app.Entry.Reads.Used {
		return was.Seen(), !was.At.IsZero() && now.Sub(was.At) < oldList, nil
	}
	all, err := g.Inventory.Walk(ctx, app.ID)
	if err != nil {
		return Seen{}, false, fmt.Errorf("read who has a seat: %w", err)
	}
	seen, err := Read(all)
	if err != nil {
		return Seen{}, false, err
	}
	return seen, true, g.remember(ctx, all, false)
}

// active is how many people are there.
func (d Directory) active() (n int) {
	for _, p := range d.ByID {
		if p.Active && !p.Bot {
			n++
		}
	}
	return n
}

// swept is what is kept after a sweep. What an app that is read can't say, as who was invited, an imported list has said: of whom it
// still lists, that stays.
func (k Kept) swept(app approvals.App, seen Seen, done []approvals.Request, people Directory, slot string, now time.Time) (Kept, News) {
	next := k
	if seen.How == ByAPI {
		next = k.carry(Kept{Imported: k.Imported, By: k.By, How: ByAPI, At: seen.At, Members: seen.Members})
	}
	next.Blind, next.Odd, next.Unsure = false, nil, people.Elsewhere.Unsure
	next.Swept, next.Slot, next.Count, next.People = now.UTC(), slot, len(seen.Members), people.active()
	found := Find(app, done, seen, people, k.invitedIn(seen.Members, now), now)
	if seen.How == ByAPI {
		found = append(found, k.unsaid(app, done, next, found)...)
	}
	next, news := k.With(next, found, now)
	if seen.How == ByAPI {
		next.Members = next.needed()
	}
	return next, news
}

// carry is a list with what is kept whatever the list is.
func (k Kept) carry(list Kept) Kept {
	list.Swept, list.Slot, list.People, list.Odd, list.Outside = k.Swept, k.Slot, k.People, k.Odd, k.Outside
	list.Count = len(list.Members)
	return list
}

// unsaid are the open findings that a list by API says nothing of, about whom it still has.
func (k Kept) unsaid(app approvals.App, done []approvals.Request, next Kept, found []Finding) []Finding {
	said := map[string]bool{}
	for _, f := range found {
		said[approvals.FoldEmail(f.Email)] = true
	}
	listed := indexed(next.Members)
	return slices.DeleteFunc(k.Open(app, done, k.looked()), func(f Finding) bool {
		_, there := listed[approvals.FoldEmail(f.Email)]
		return f.Kind != NeverApproved && f.Kind != NeverJoined || said[approvals.FoldEmail(f.Email)] || !there
	})
}

// needed are the members that open findings are about, with no more of each than they need.
func (k Kept) needed() (out []list.Member) {
	open := map[string]bool{}
	for _, f := range k.Findings {
		if f.Closed.IsZero() {
			open[approvals.FoldEmail(f.Email)] = true
		}
	}
	for _, m := range k.Members {
		if open[approvals.FoldEmail(m.Email)] {
			m.Name = ""
			out = append(out, m)
		}
	}
	return out
}

// keepSwept keeps what a sweep found, with one entry of the log where that changed anything.
func (g *Register) keepSwept(tx Tx, app approvals.App, was, next Kept, news News) error {
	is, err := tx.Register(app.ID)
	switch {
	case err != nil:
		return err
	case is.Slot == next.Slot:
		return nil // it was kept, though the store couldn't say so
	case !is.same(was):
		return errMoved
	}
	err = tx.KeepRegister(app.ID, next)
	for _, c := range owedOf(was.Outside, next.Outside, next.Slot, next.Swept) {
		err = errors.Join(err, tx.Change(c))
	}
	if err != nil || len(news.New)+len(news.Closed) == 0 {
		return err
	}
	return g.tellNews(tx, app, next, news, approvals.Entry{At: next.Swept, Actor: approvals.Usher, What: "an app was looked over", Surface: "schedule"})
}

// tellNews has the log and Homes follow which findings are open.
func (g *Register) tellNews(tx Tx, app approvals.App, next Kept, news News, e approvals.Entry) error {
	homes := tx.Change(outbox.AtOnce(approvals.EveryHome, 0, next.Swept).OnlyWhere(approvals.AnyHome))
	return errors.Join(g.audit(tx, app, next, news, e), homes)
}

// note keeps that an odd answer was seen on one more day.
func (g *Register) note(ctx context.Context, app approvals.App, odd *Odd) error {
	return g.record(ctx, func(tx Tx) error {
		is, err := tx.Register(app.ID)
		if err != nil {
			return err
		}
		is.Odd = odd
		is.Revision++
		return tx.KeepRegister(app.ID, is)
	})
}
