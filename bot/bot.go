// Package bot is the ear: what people type and click in Slack comes in here over Socket Mode, is handed to
// whoever knows what it means, and is acknowledged.
//
//	Socket Mode ──► connection ──► lane ──► workers ──► commands.House · approvals.Desk ──► ack
//
// The ack rule: an envelope that asks for something to be kept (a request, a vote, a form) is
// acknowledged after it is on disk, with the answer in the ack where Slack takes one; what needs no
// memory is acknowledged at once and answered through its response URL. What could not be kept in
// time is acknowledged with a sentence that says so. A lane that is full says "busy" in the ack. A
// crash before the ack leaves Slack telling the person that the command failed: if it was kept all
// the same, asking again finds it open.
//
// Clicks and forms, commands, what commands read once they are acknowledged, and answers that are said
// after an ack each have a lane of their own (lane.go), so that no click ever waits behind a command, and
// nothing at all behind a vendor or a slow answer; one person holds a share of each, and no more.
//
// What is heard twice (a redelivery, a double click) is answered once (repeat.go). That spares noise
// only: that it is done once rests on the desk.
//
// At least two connections are open (socket.go), each by one line after the other (line.go): what cuts one
// leaves the other to hear. When Slack recycles a line, the next one is open before that, and while none
// hears, the next try comes within three seconds (ears.go). Connections that Slack counts and we do not
// have take clicks with them; ghosts.go notices and tells the admins.
//
// Neighbours: commands and approvals are called from here and know nothing of Slack; view draws the answers,
// and web says them and asks where connections may be opened. What is owed, and must not be said twice, is
// no business of the ear's: courier carries it. The wiring (app) joins them.
package bot

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/bot/web"
	"github.com/usherbot/usher/commands"
)

// Desk is where clicks, forms and events go; *approvals.Desk is one. Each method is durable when it returns
// nil, and an *approvals.Error is a sentence for the person who clicked.
type Desk interface {
	// Named is asked first of whatever a card or form names: an error where it is another request.
	Named(ctx context.Context, name approvals.Name) error
	Vote(ctx context.Context, n int64, v approvals.Vote, now time.Time) (approvals.Ballot, error)
	MayDecide(ctx context.Context, n int64, by approvals.Actor, now time.Time) (approvals.Request, error)
	// VoteAll and MayDecideAny are Vote and MayDecide for all that was asked in one go with a request.
	VoteAll(ctx context.Context, n int64, v approvals.Vote, seen []approvals.Sight, now time.Time) ([]approvals.Cast, error)
	MayDecideAny(ctx context.Context, n int64, by approvals.Actor, now time.Time) ([]approvals.Request, error)
	// MayInquire and MayReply answer before a form is opened, Inquire and Reply take what was written in it.
	MayInquire(ctx context.Context, n int64, by approvals.Actor, now time.Time) (approvals.Request, error)
	Inquire(ctx context.Context, n int64, q approvals.Question, now time.Time) (approvals.Request, error)
	MayReply(ctx context.Context, n int64, question int, by approvals.Actor, now time.Time) (approvals.Request, error)
	Reply(ctx context.Context, n int64, question int, by approvals.Actor, a approvals.Answer, now time.Time) (approvals.Request, error)
	// Said keeps what was said in the thread of a card; news: it was not there.
	Said(ctx context.Context, n int64, e approvals.Event, surface string, now time.Time) (r approvals.Request, news bool, err error)
	// MayExtend answers before the form is opened in which somebody asks for longer what a request gave.
	MayExtend(ctx context.Context, n int64, by approvals.Actor, now time.Time) (approvals.Request, error)
	EndNow(ctx context.Context, n int64, by approvals.Actor, surface string, now time.Time) (approvals.Request, error)
	Follow(ctx context.Context, n int64, by approvals.Actor, surface string, now time.Time) (approvals.Request, error)
	Request(ctx context.Context, n int64) (approvals.Request, error)
	// MayWork answers before the form of a task is opened; the others are what can be done with one.
	MayWork(ctx context.Context, n int64, by approvals.Actor, now time.Time) (approvals.Request, error)
	Tick(ctx context.Context, n int64, step int, t approvals.Tick, now time.Time) (approvals.Request, error)
	Untick(ctx context.Context, n int64, step int, note approvals.Remnant, now time.Time) (approvals.Request, error)
	NoteStep(ctx context.Context, n int64, step int, note approvals.Remnant, now time.Time) (approvals.Request, error)
	HandOver(ctx context.Context, n int64, by approvals.Actor, to approvals.PersonID, surface string, now time.Time) (approvals.Request, error)
	TakeTask(ctx context.Context, n int64, by approvals.Actor, surface string, now time.Time) (approvals.Request, error)
	PutTaskBack(ctx context.Context, n int64, by approvals.Actor, surface string, now time.Time) (approvals.Request, error)
	CouldNot(ctx context.Context, n int64, by approvals.Actor, reason, surface string, now time.Time) (approvals.Request, error)
	Settle(ctx context.Context, n int64, by approvals.Actor, happened bool, surface string, now time.Time) (approvals.Request, error)
	Retry(ctx context.Context, n int64, by approvals.Actor, surface string, now time.Time) (approvals.Request, error)
	// Opened keeps that somebody has opened their Home, in which Slack shows them something in that state, and Regrouped that
	// who is in a group has changed.
	Opened(ctx context.Context, who approvals.PersonID, shown string, now time.Time) error
	Regrouped(ctx context.Context, now time.Time) error
}

// House answers slash commands; *commands.House is one.
type House interface {
	// Plan reads a call: a command, or an answer at once.
	Plan(call commands.Call) (commands.Command, *commands.Reply)
	// Run carries a command out; its errors are those of Desk.
	Run(ctx context.Context, cmd commands.Command, call commands.Call, now time.Time) (commands.Reply, error)
	// Sheet is what to draw of a form as it is filled in; its errors are those of Desk.
	Sheet(ctx context.Context, by approvals.PersonID, d commands.Draft, now time.Time) (commands.Sheet, error)
	// EditSheet is what to draw of a request's own form, for somebody who may decide it, EditSheetAgain is that with what has
	// been filled in by now, and Edit takes it.
	EditSheet(ctx context.Context, n int64, by approvals.PersonID, now time.Time) (approvals.Request, commands.Sheet, error)
	EditSheetAgain(ctx context.Context, n int64, by approvals.PersonID, d commands.Draft) (approvals.Request, commands.Sheet, error)
	Edit(ctx context.Context, d commands.Draft, e commands.Editing, now time.Time) (approvals.Request, commands.Mistakes, error)
	// MayRead is nil for who may read what vendors hold, and what others have asked for.
	MayRead(ctx context.Context, id approvals.PersonID) error
	// Extend asks for longer what a request gave, as a form says, or says what is wrong with that.
	Extend(ctx context.Context, e commands.Extending, call commands.Call, now time.Time) (commands.Reply, commands.Mistakes, error)
	// Search finds the resources of a form's field, for who may see them.
	Search(ctx context.Context, by approvals.PersonID, d commands.Draft, key, typed string) commands.Found
	Own(ctx context.Context, by approvals.PersonID, d commands.Draft, key, typed string) commands.Owns
	// MayImport is the app whose member list somebody may import, Import keeps that one is to be, and Which reads what columns it has.
	MayImport(ctx context.Context, id approvals.PersonID, app string) (approvals.App, error)
	Import(ctx context.Context, im commands.Importing, call commands.Call, now time.Time) (commands.Reply, error)
	Which(ctx context.Context, id approvals.PersonID, app, file string) (commands.Which, error)
	// Findings are what isn't as it should be in an app, and Mending is the form that would mend one.
	Findings(ctx context.Context, id approvals.PersonID, m commands.More) (commands.Reply, error)
	// MayPutOff answers before the form is opened in which somebody puts a finding off, and PutOff takes it.
	MayPutOff(ctx context.Context, id approvals.PersonID, app, key string) (commands.Finding, error)
	PutOff(ctx context.Context, id approvals.PersonID, p commands.PuttingOff, now time.Time) (commands.Reply, error)
	Mending(ctx context.Context, id approvals.PersonID, app, key string) (commands.Draft, error)
	// Press does what a button about a leaving says, LeaveForm is what the form is about that one opens, and Leave takes that form.
	Press(ctx context.Context, by approvals.PersonID, p commands.Press, now time.Time) (commands.Reply, error)
	LeaveForm(ctx context.Context, by approvals.PersonID, p commands.Press) (approvals.Text, error)
	Leave(ctx context.Context, by approvals.PersonID, f commands.LeaveFilled, now time.Time) (commands.Reply, error)
	// KeepNeeded keeps that an outsider's account is still needed, and TakingBack is the form that takes it away.
	KeepNeeded(ctx context.Context, id approvals.PersonID, app, email string, now time.Time) error
	TakingBack(ctx context.Context, id approvals.PersonID, app, email string) (commands.Draft, error)
	// Remedy looks again at an account that a report names and says what can be done about it, MayMend is the name of its app for who may do
	// something, Mend is the form for one way, and Ailings are the accounts of which one is picked.
	Remedy(ctx context.Context, id approvals.PersonID, a commands.Ailing, now time.Time) (commands.Remedy, error)
	MayMend(ctx context.Context, id approvals.PersonID, a commands.Ailing) (app string, err error)
	Mend(ctx context.Context, id approvals.PersonID, a commands.Ailing, w commands.Way) (commands.Draft, error)
	Ailings(ctx context.Context, id approvals.PersonID, a commands.Ailing, typed string) ([]approvals.Seat, error)
	// AskHolder has the holder of an account asked about it; HolderMend is the form for one way for who was asked, and LeaveIt keeps that they
	// would rather leave it.
	AskHolder(ctx context.Context, id approvals.PersonID, a commands.Ailing, now time.Time, surface string) (commands.Reply, error)
	HolderMend(ctx context.Context, id approvals.PersonID, app string, n int, w commands.Way) (commands.Draft, error)
	LeaveIt(ctx context.Context, id approvals.PersonID, app string, n int, now time.Time, surface string) error
	// PostReport has a report posted that somebody was shown alone.
	PostReport(ctx context.Context, name, channel, key string, by approvals.PersonID) (commands.Reply, error)
	// Reviewable are the apps that somebody may have reviewed, and BeginReview begins a review as a form says.
	Reviewable(ctx context.Context, id approvals.PersonID) ([]approvals.App, error)
	BeginReview(ctx context.Context, app, due string, call commands.Call, now time.Time) (commands.Reply, error)
	// Submit asks for what a form says, or says what is wrong with it.
	Submit(ctx context.Context, d commands.Draft, call commands.Call, now time.Time) (commands.Reply, commands.Mistakes, error)
}

const (
	// stagger keeps connections that were opened together from being recycled together.
	stagger = 3 * time.Second
	// turners say "busy"; their answers may need calls of their own.
	turners = 4
	// hearers take what Slack tells of by itself: one, so that a message is kept before its change is.
	hearers = 1
	// mostTurnedAway is how many envelopes may wait to be told "busy", of one person a share: a few kilobytes
	// each, and each is told within milliseconds.
	mostTurnedAway = 8192
	// stale is how long an envelope may have waited for a worker and still be handled in time.
	stale = 1500 * time.Millisecond
	// finishWithin is how long envelopes in hand may take when the bot is told to stop.
	finishWithin = 4 * time.Second
)

// Bot hears what people type and click and answers it.
type Bot struct {
	slack *web.Client
	cfg   Config
	desk  Desk
	house House
	log   *slog.Logger
	now   func() time.Time

	// clicks, with forms, and asks hold envelopes until their ack; reads what commands do after theirs; says
	// what is answered after an ack; away envelopes for which there was no room, until they are told so.
	clicks, asks, reads, says, away *lane
	// events hold what Slack tells of by itself: every message of every channel that the bot is in, and more than anybody reads.
	events *lane
	door   sync.RWMutex // closed for good before the lanes are
	shut   bool

	// missed are answers for which there was no room.
	missed leftOut

	heard *heard
	forms forms
	meter meter
	// links are the connections, ears counts those that hear, and census counts them with Slack.
	links  []*connection
	ears   *ears
	census *census
	off    atomic.Bool // Slack has said that Socket Mode is switched off, and has greeted nobody since
	// Cards finds the request whose card is a message; 0: it is nobody's. closed looks also at requests that are decided.
	Cards func(ctx context.Context, place, ts string, closed bool) (n int64, err error)
	// Reviews takes the answers to reviews; nil: nothing is reviewed.
	Reviews Reviews
	// Seen keeps that Slack says of somebody that they are deactivated, or active; nil: nobody does.
	Seen func(ctx context.Context, p web.Change, now time.Time) error
	// Came keeps that somebody has come to the workspace; nil: nobody is told.
	Came func(ctx context.Context, who approvals.PersonID, now time.Time) error
	// Alarm tells the admins of something only they can mend, once a day and topic; nil: nobody is told.
	Alarm func(ctx context.Context, topic string, say approvals.Text)
}

// New joins the ear to the rooms behind it. A Bot runs once.
func New(s *web.Client, cfg Config, desk Desk, house House) *Bot {
	among := cfg.Others != nil
	cfg = cfg.withDefaults()
	wide := func() *lane { return newLane(cfg.Workers, cfg.Queue, cfg.Log) }
	b := &Bot{
		slack: s, cfg: cfg, desk: desk, house: house, log: cfg.Log, now: cfg.Now,
		clicks: wide(), asks: newLane(asksAtOnce*cfg.Workers, cfg.Queue, cfg.Log), reads: wide(), says: wide(), away: newLane(turners, mostTurnedAway, cfg.Log), events: newLane(hearers, mostTurnedAway, cfg.Log),
		heard: newHeard(cfg.Now), ears: newEars(), census: newCensus(cfg.Log, cfg.Now),
	}
	b.census.recount, b.census.alarm = b.recount, b.haunted
	if among {
		b.census.doubt = doubtAmong
	}
	return b
}

// Run hears until ctx ends, then finishes what is in hand and returns nil. It returns an error, one
// sentence for the operator, when Slack refuses the tokens for good; everything else it outlasts.
func (b *Bot) Run(ctx context.Context) error {
	if err := b.introduce(ctx); err != nil {
		if ctx.Err() != nil {
			return nil
		}
		return err
	}
	count, uncounted := context.WithCancel(ctx)
	defer uncounted()
	live, hangUp := context.WithCancel(context.WithoutCancel(ctx))
	defer hangUp()
	var links sync.WaitGroup
	for i := range b.cfg.Connections {
		b.links = append(b.links, newConnection(b, i))
	}
	for _, l := range b.lanes() {
		l.open(live)
	}
	for _, c := range b.links {
		links.Go(func() { c.run(live) })
	}
	links.Go(func() { b.census.run(count) })
	if s := b.cfg.Standstill; s != nil {
		links.Go(func() { s.Run(live) })
	}

	select {
	case <-ctx.Done():
	case <-b.slack.Doomed():
	}
	// The order matters: the goodbyes, until which we hear, then what is in hand, then the wires.
	uncounted()
	b.finish(live, hangUp)
	links.Wait()
	return b.slack.Doom()
}

// deafen takes no envelope any more; those that wait are the last.
func (b *Bot) deafen() {
	b.door.Lock()
	defer b.door.Unlock()
	b.shut = true
}

// lanes are in the order in which they close: each may still put something into those after it.
func (b *Bot) lanes() []*lane { return []*lane{b.events, b.clicks, b.asks, b.away, b.reads, b.says} }

// introduce finds out who the bot is, as often as it takes; it fails only for good.
func (b *Bot) introduce(ctx context.Context) error {
	for pause := time.Second; ; pause = min(2*pause, deafMost) {
		who, err := b.slack.SignIn(ctx)
		if err == nil {
			b.log.InfoContext(ctx, "signed in to Slack", "team", who.TeamName, "bot", who.Name)
			return nil
		}
		if doom := b.slack.Doom(); doom != nil {
			return doom
		}
		b.log.WarnContext(ctx, "cannot sign in to Slack yet", "err", err)
		if err := web.Pause(ctx, pause); err != nil {
			return err
		}
	}
}

// submit puts an envelope into its lane without ever waiting: the reader that calls it must not stand
// still. What has waited for so long that it would be answered too late is turned away in time; nobody
// would know what was kept.
func (b *Bot) submit(e *envelope) {
	b.door.RLock()
	defer b.door.RUnlock()
	if b.shut {
		return // Slack tells whoever it is from
	}
	s, _ := hear(e.kind, e.payload) // whose it is, as far as that can be read
	if s.typ == typeEvent {         // nobody waits for it; there is no room only where thousands came at once, and Slack brings those again
		e.heard, e.late = b.now(), false
		b.events.put(approvals.PersonID(e.id), func(live context.Context) { b.handle(live, e) })
		return
	}
	l := b.clicks
	if s.typ == typeSlash {
		l = b.asks
	}
	in := l.put(s.who, func(live context.Context) {
		if b.now().Sub(e.heard) > stale {
			b.turn(live, e)
			return
		}
		b.handle(live, e)
	})
	if in == nil {
		b.turnAway(e, s.who)
		return
	}
	time.AfterFunc(stale-b.now().Sub(e.heard), func() { l.expire(in, func() { b.turnAway(e, s.who) }) })
}

// turnAway lets somebody be told that there is no room for what they sent.
func (b *Bot) turnAway(e *envelope, who approvals.PersonID) {
	if b.away.put(who, func(live context.Context) { b.turn(live, e) }) == nil {
		b.log.Error("dropped what somebody sent: more came at once than can be held", "envelope", e.id, "kind", e.kind, "user", who)
	}
}

// turn tells whoever sent an envelope that there is no time for it; nothing was taken down.
func (b *Bot) turn(live context.Context, e *envelope) {
	s, _ := hear(e.kind, e.payload) // what could be read of it is enough to say so
	if e.late {
		b.log.WarnContext(live, "somebody sent something while I stood still; they were told to try again", "envelope", e.id, "kind", e.kind, "at", e.heard)
		if s.typ == typeSlash {
			b.ack(live, e, nil) // what it would say in an ack Slack may read no more
		}
		b.refuse(live, e, s, errStill)
		return
	}
	b.log.WarnContext(live, "too busy for what somebody sent; they were told to try again", "envelope", e.id, "kind", e.kind)
	b.refuse(live, e, s, errBusy)
}

// What people are told when there was no room or no time.
var (
	errBusy  = approvals.Refuse(approvals.Busy, "Lots of requests are coming in right now, so nothing was saved. Please try again in a minute.")
	errStill = approvals.Refuse(approvals.Busy, "I wasn't running for a moment when you sent that, so nothing was saved, and Slack may have shown you an error. Please try again.")
	errLate  = approvals.Refuse(approvals.Unsure, "That took longer than Slack allows, so I can't tell whether it was saved. Nothing happens twice: please check `/access status` before you ask again.")
)

// sayable turns any error into what people may read: its own sentence, the sentence for running out
// of time, or nil when it must stay in the log.
func sayable(err error) *approvals.Error {
	var refusal *approvals.Error
	switch {
	case errors.As(err, &refusal):
		return refusal
	case errors.Is(err, approvals.ErrAway):
		return approvals.Away(err)
	case errors.Is(err, context.DeadlineExceeded):
		return errLate
	}
	return nil
}
