package bugs

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/robfig/cron/v3"

	"github.com/usherbot/usher/app"
	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/bot"
	"github.com/usherbot/usher/bot/web"
	"github.com/usherbot/usher/commands"
	"github.com/usherbot/usher/outbox"
	"github.com/usherbot/usher/provision"
	"github.com/usherbot/usher/reports"
	"github.com/usherbot/usher/store/bolt"
	"github.com/usherbot/usher/test/world"
)

// Each function here is one seeded bug: a decorator between two rooms that makes the mistake.

// boxWith lets a bug replace methods of the outbox's table.
type boxWith struct {
	outbox.Box
	due    func(list []outbox.Intent) []outbox.Intent
	claim  func(outbox.Intent) outbox.Intent
	mark   func() bool // whether to keep a note
	finish func(outbox.Result) outbox.Result
}

func (b boxWith) Due(ctx context.Context, kind string, now time.Time, limit int) ([]outbox.Intent, time.Time, error) {
	list, next, err := b.Box.Due(ctx, kind, now, limit)
	if b.due != nil {
		list = b.due(list)
	}
	return list, next, err
}

func (b boxWith) Claim(ctx context.Context, key string, now time.Time) (outbox.Intent, error) {
	in, err := b.Box.Claim(ctx, key, now)
	if b.claim != nil {
		in = b.claim(in)
	}
	return in, err
}

func (b boxWith) Mark(ctx context.Context, in outbox.Intent, note json.RawMessage) error {
	if b.mark != nil && !b.mark() {
		return nil
	}
	return b.Box.Mark(ctx, in, note)
}

func (b boxWith) Finish(ctx context.Context, in outbox.Intent, r outbox.Result, now time.Time) error {
	if b.finish != nil {
		r = b.finish(r)
	}
	return b.Box.Finish(ctx, in, r, now)
}

func box(bug boxWith) func(*app.Surroundings) {
	return func(s *app.Surroundings) {
		s.Between.Box = func(b outbox.Box) outbox.Box { bug.Box = b; return bug }
	}
}

func unmarked(s *app.Surroundings) { box(boxWith{mark: func() bool { return false }})(s) }

func neverLooks(s *app.Surroundings) {
	box(boxWith{claim: func(in outbox.Intent) outbox.Intent {
		if outbox.Kind(in.Key) == approvals.KindDeed {
			in.Note, in.Claimed = nil, time.Time{}
		}
		return in
	}})(s)
}

func blindPost(s *app.Surroundings) {
	box(boxWith{claim: func(in outbox.Intent) outbox.Intent {
		if outbox.Kind(in.Key) != approvals.KindDeed {
			in.Note, in.Claimed, in.Implied = nil, time.Time{}, time.Time{}
		}
		return in
	}})(s)
}

// noReceipts forgets what was posted. What posts nothing keeps its receipt: two slots of a report to people that are due at once
// would promise each other for ever, and the time of a simulated day would never pass.
func noReceipts(s *app.Surroundings) {
	box(boxWith{finish: func(r outbox.Result) outbox.Result {
		if r.Receipt() != nil && r.Receipt().ID != "" {
			return outbox.Done()
		}
		return r
	}})(s)
}

func timersInMemory(s *app.Surroundings) {
	born := time.Now()
	box(boxWith{due: func(list []outbox.Intent) []outbox.Intent {
		var mine []outbox.Intent
		for _, in := range list {
			if outbox.Kind(in.Key) != approvals.KindExpire || !in.Due.Add(-world.ExpiresAfter).Before(born) {
				mine = append(mine, in)
			}
		}
		return mine
	}})(s)
}

// hasty answers a command before it is carried out.
type hasty struct{ bot.House }

func (h hasty) Run(ctx context.Context, cmd commands.Command, c commands.Call, now time.Time) (commands.Reply, error) {
	if !cmd.Keeps() {
		return h.House.Run(ctx, cmd, c, now)
	}
	go func() {
		<-time.After(100 * time.Millisecond)
		_, _ = h.House.Run(context.WithoutCancel(ctx), cmd, c, now)
	}()
	return commands.Reply{Head: approvals.Sayf("*#1* is before your managers.")}, nil
}

func ackedBeforeAsking(s *app.Surroundings) {
	s.Between.House = func(h bot.House) bot.House { return hasty{h} }
}

// hastyDesk says that a vote counts before it is kept.
type hastyDesk struct{ bot.Desk }

func (d hastyDesk) Vote(ctx context.Context, n int64, v approvals.Vote, now time.Time) (approvals.Ballot, error) {
	go func() {
		<-time.After(100 * time.Millisecond)
		_, _ = d.Desk.Vote(context.WithoutCancel(ctx), n, v, now)
	}()
	return approvals.Ballot{}, nil
}

func ackedBeforeVoting(s *app.Surroundings) {
	s.Between.Desk = func(d bot.Desk) bot.Desk { return hastyDesk{d} }
}

// bookWith lets a bug replace how transactions are made.
type bookWith struct {
	approvals.Book
	update func(ctx context.Context, b approvals.Book, fn func(approvals.Tx) error) error
}

func (b bookWith) Update(ctx context.Context, fn func(approvals.Tx) error) error {
	return b.update(ctx, b.Book, fn)
}

func commitErrorIgnored(s *app.Surroundings) {
	s.Between.Book = func(b approvals.Book) approvals.Book {
		return bookWith{b, func(ctx context.Context, b approvals.Book, fn func(approvals.Tx) error) error {
			if err := b.Update(ctx, fn); err != nil && !errors.Is(err, approvals.ErrUnknownOutcome) {
				return err
			}
			return nil
		}}
	}
}

// frozenTx owes a card only when a request is asked.
type frozenTx struct{ approvals.Tx }

func (t frozenTx) Change(c outbox.Change) error {
	if c.Put != nil && outbox.Kind(c.Put.Key) == approvals.KindCard {
		if r, err := t.Request(approvals.NumberOf(c.Put.Key)); err == nil && r.State != approvals.Pending {
			return nil
		}
	}
	return t.Tx.Change(c)
}

func frozenCard(s *app.Surroundings) {
	s.Between.Book = func(b approvals.Book) approvals.Book {
		return bookWith{b, func(ctx context.Context, b approvals.Book, fn func(approvals.Tx) error) error {
			return b.Update(ctx, func(tx approvals.Tx) error { return fn(frozenTx{tx}) })
		}}
	}
}

// wordsOnly leaves the blocks out of every update of a message but the first, which takes the buttons
// away; Slack keeps the blocks that are not named.
type wordsOnly struct {
	http.RoundTripper
	updated *sync.Map
}

func (w wordsOnly) RoundTrip(req *http.Request) (*http.Response, error) {
	if !strings.HasSuffix(req.URL.Path, "chat.update") {
		return w.RoundTripper.RoundTrip(req)
	}
	raw, err := io.ReadAll(req.Body)
	form, bad := url.ParseQuery(string(raw))
	if err := errors.Join(err, bad); err != nil {
		return nil, err
	}
	if _, again := w.updated.LoadOrStore(form.Get("ts"), true); again {
		form.Del("blocks")
	}
	changed := req.Clone(req.Context())
	changed.Body, changed.ContentLength, changed.GetBody = io.NopCloser(strings.NewReader(form.Encode())), int64(len(form.Encode())), nil
	return w.RoundTripper.RoundTrip(changed)
}

func staleBlocks(s *app.Surroundings) {
	s.SlackHTTP.Transport = wordsOnly{s.SlackHTTP.Transport, &sync.Map{}}
}

func toldTooEarly(s *app.Surroundings) {
	s.Between.Book = func(b approvals.Book) approvals.Book {
		return bookWith{b, func(ctx context.Context, b approvals.Book, fn func(approvals.Tx) error) error {
			return b.Update(ctx, func(tx approvals.Tx) error {
				if err := fn(tx); err != nil {
					return err
				}
				r, err := tx.Request(1)
				if err != nil || r.State != approvals.Approved {
					return nil
				}
				r.State, r.Attempt, r.Outcome = approvals.Done, 1, &approvals.Outcome{At: r.Decided, Text: approvals.Sayf("It is done.")}
				return errors.Join(tx.Put(r), tx.Change(outbox.PromiseOnce(approvals.TellKey(1, approvals.Done, 1), r.Decided)))
			})
		}}
	}
}

// keyless forgets which envelope a command came in.
type keyless struct{ bot.House }

func (h keyless) Run(ctx context.Context, cmd commands.Command, c commands.Call, now time.Time) (commands.Reply, error) {
	c.Key = fmt.Sprint("heard at ", now.UnixNano())
	return h.House.Run(ctx, cmd, c, now)
}

func noDedupe(s *app.Surroundings) {
	s.Between.House = func(h bot.House) bot.House { return keyless{h} }
}

// stubborn writes again when an answer was lost.
type stubborn struct{ provision.Kind }

func (k stubborn) Write(ctx context.Context, t provision.Task, s provision.Sight) (provision.Sight, error) {
	after, err := k.Kind.Write(ctx, t, s)
	if err != nil {
		return k.Kind.Write(ctx, t, s)
	}
	return after, nil
}

func blindRetry(s *app.Surroundings) {
	s.Between.Kind = func(k provision.Kind) provision.Kind { return stubborn{k} }
}

// lateDesk lets the last click win, whatever was decided before.
type lateDesk struct {
	bot.Desk
	book approvals.Book
}

func (d lateDesk) Vote(ctx context.Context, n int64, v approvals.Vote, now time.Time) (approvals.Ballot, error) {
	ballot, err := d.Desk.Vote(ctx, n, v, now)
	if approvals.CodeOf(err) != approvals.Conflict {
		return ballot, err
	}
	return ballot, d.book.Update(ctx, func(tx approvals.Tx) error {
		r, err := tx.Request(n)
		r.State, r.DecidedBy, r.Decided = approvals.Denied, v.By, now
		return errors.Join(err, tx.Put(r), tx.Change(outbox.Promise(approvals.CardKey(n), now)))
	})
}

func terminalChanged(s *app.Surroundings) {
	var book approvals.Book
	s.Between.Book = func(b approvals.Book) approvals.Book { book = b; return b }
	s.Between.Desk = func(d bot.Desk) bot.Desk { return lateDesk{d, book} }
}

// engrossed holds a read transaction open while it waits for Slack.
type engrossed struct {
	http.RoundTripper
	kept **bolt.Store
}

func (r engrossed) RoundTrip(req *http.Request) (resp *http.Response, err error) {
	if !strings.HasSuffix(req.URL.Path, "chat.postMessage") || *r.kept == nil {
		return r.RoundTripper.RoundTrip(req)
	}
	_ = (*r.kept).AuditLines(req.Context(), 1, func(int64, []byte) error {
		resp, err = r.RoundTripper.RoundTrip(req)
		return errors.New("one line is enough")
	})
	return resp, err
}

func viewAroundPost(s *app.Surroundings) {
	var kept *bolt.Store
	s.Between.Book = func(b approvals.Book) approvals.Book { kept, _ = b.(*bolt.Store); return b }
	s.SlackHTTP.Transport = engrossed{s.SlackHTTP.Transport, &kept}
}

// guessing answers for Slack when Slack does not.
type guessing struct {
	approvals.Directory
	person approvals.Person
}

func (g guessing) Person(ctx context.Context, id approvals.PersonID) (approvals.Person, error) {
	p, err := g.Directory.Person(ctx, id)
	if err != nil {
		return g.person, nil
	}
	return p, nil
}

func errorIsNo(s *app.Surroundings) {
	s.Between.Directory = func(d approvals.Directory) approvals.Directory { return guessing{d, approvals.Person{}} }
}

func errorIsYes(s *app.Surroundings) {
	s.Between.Directory = func(d approvals.Directory) approvals.Directory {
		return guessing{d, approvals.Person{Active: true, Email: "somebody@acme.example"}}
	}
}

func oneSocket(s *app.Surroundings) { s.Between.Ear = func(c *bot.Config) { c.Connections = 1 } }

func noTimeout(s *app.Surroundings) {
	s.SlackHTTP.Timeout = 0
	s.Between.Slack = func(c *web.Config) { c.HTTP.Timeout = 0 }
}

func unboundedQueue(s *app.Surroundings) { s.Between.Ear = func(c *bot.Config) { c.Queue = 1 << 20 } }

// asCronComes takes the moments of a report as cron reckons them in its zone, and calls each slot by its
// moment: a wall time that a day leaps over is left out, and one that comes twice is two.
type asCronComes struct {
	reports.Slots
	cron cron.Schedule
}

func (s asCronComes) Next(after time.Time) (string, time.Time, bool) {
	at := s.cron.Next(after).UTC()
	return at.Format(reports.SlotLayout), at, true
}

func (s asCronComes) Latest(notAfter time.Time) (slot string, latest time.Time, ok bool) {
	for at := s.cron.Next(notAfter.Add(-49 * time.Hour)).UTC(); !at.After(notAfter); at = s.cron.Next(at).UTC() {
		slot, latest, ok = at.Format(reports.SlotLayout), at, true
	}
	return slot, latest, ok
}

func (s asCronComes) At(slot string) (time.Time, bool) {
	at, err := time.Parse(reports.SlotLayout, slot)
	return at, err == nil
}

func plainCron(s *app.Surroundings) {
	s.Between.Slots = func(plain reports.Slots) reports.Slots {
		at := strings.LastIndex(plain.String(), " ") // the zone stands behind the fields
		c, err := cron.ParseStandard("CRON_TZ=" + plain.String()[at+1:] + " " + plain.String()[:at])
		if err != nil {
			panic(err) // unreachable: it has been read once
		}
		return asCronComes{plain, c}
	}
}

// anybody votes in the name of somebody who may.
type anybody struct{ bot.Desk }

func (d anybody) Vote(ctx context.Context, n int64, v approvals.Vote, now time.Time) (approvals.Ballot, error) {
	if v.By == "U0BOB" {
		v.By = "U0ERIN"
	}
	return d.Desk.Vote(ctx, n, v, now)
}

func requesterDecides(s *app.Surroundings) {
	s.Between.Desk = func(d bot.Desk) bot.Desk { return anybody{d} }
}
