// Package courier is the mouth: it carries what Usher owes people to Slack, once, and remembers where it stands.
//
//	outbox.Worker ──► Courier ──► view: the request as it is now ──► web: look, post or update ──► receipt: place and ts
//
// There are two kinds of message, and people's Homes (home.go), which follow all that they show. What follows its request (the card, an admin's card, an approver's message, a
// question) is drawn anew at each delivery and updated where it differs from what the receipt says is shown (card.go). What is
// said once (an outcome, a reminder, an alarm, a report) is not said again where there is a receipt (tell.go).
//
// Both are first posted in one way (post.go): a crash or a lost answer in the midst of it makes whoever comes next
// look for the message in the channel (look.go), by whose it is (owner.go), before it is posted again; what turns
// up twice all the same is taken away (stray.go). What only a person can put right is told to an admin (alarm.go),
// as long as they are one (admin.go).
//
// Neighbours: outbox calls the Courier and keeps its receipts, reports hands it reports; approvals and commands say
// how a request stands and what its reader may see of it, through interfaces that stand here; view draws, web calls.
package courier

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"time"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/bot/web"
	"github.com/usherbot/usher/leavers"
	"github.com/usherbot/usher/outbox"
	"github.com/usherbot/usher/reviews"
)

// Requests reads requests as they are now; *approvals.Desk is one. A number nobody has is an
// *approvals.Error NotFound.
type Requests interface {
	Request(ctx context.Context, n int64) (approvals.Request, error)
	// MayDecide is nil where somebody may decide a request now, and else an *approvals.Error that says why not: NotAllowed,
	// Conflict (nothing is left to decide), or CannotTell.
	MayDecide(ctx context.Context, n int64, by approvals.Actor, now time.Time) (approvals.Request, error)
	// Besides are a request and all that were asked with it in one go, in their order.
	Besides(ctx context.Context, r approvals.Request) ([]approvals.Request, error)
	// Awaiting lists what waits for somebody, or for a user group, what has waited longest first.
	Awaiting(ctx context.Context, who string, now time.Time) ([]approvals.Request, error)
}

// Courier carries what Usher owes people to Slack. It is the outbox.Doer of the kinds card, admin,
// approver, ask, ends, answer, tell, reminder, nudge, needs, task, progress, overdue, home, homes, imported, review, reviewer, recall, reviewfile, warning, leaving, alarm and stray, and reports.Poster.
//
// Cards converge: an intent holds no text, and at delivery the request is drawn as it is then. What
// Slack shows already is not sent again (the receipt bears its digest). A first message is marked in
// the outbox before it is sent, and a mark without a receipt makes the next delivery look in the
// channel's history, by the intent's key in the message's metadata, before it sends anything:
//
//	mark ──► post ──► receipt      a crash or a lost answer after the mark: look, then post or adopt
//
// Nothing is ever posted on a guess: while the history cannot be read, the intent waits. What was looked
// for in vain, posted again, and arrives after all is taken away (stray.go).
type Courier struct {
	slack    *web.Client
	box      outbox.Box
	requests Requests
	channel  string
	admins   []approvals.PersonID
	people   People
	readers  Readers
	home     Homes
	holds    Holds
	imports  Imports
	// outsiders says what is asked about accounts of people outside.
	outsiders Outsiders
	reviews   Reviews
	leavings  Leavings
	health    Health
	wake      func()
	open      func(ctx context.Context, closed bool) ([]approvals.Request, error)
	log       *slog.Logger
	now       func() time.Time
	life      Life
	quiet     approvals.Quiet
	ration    ration
	places    *Places
	// readings are those that reports wait for.
	readings readings
}

// Config joins a Courier to its neighbours.
type Config struct {
	Box      outbox.Box
	Requests Requests
	// Channel is where approval cards go: an id or a #name.
	Channel string
	// Admins are told of what only they can put right.
	Admins []approvals.PersonID
	// People says whether an admin is one still, and Readers what somebody may see of what they asked by now.
	People  People
	Readers Readers
	// Open lists the requests that wait, and with closed the latest of all, for whose card a message is.
	Open func(ctx context.Context, closed bool) ([]approvals.Request, error)
	// Quiet is when people are sent nothing but outcomes and what can't wait.
	Quiet approvals.Quiet
	// Ration is how much one person is sent unasked on one day.
	Ration Ration
	// Homes says what stands on people's Homes, and Health what admins read there of Usher itself.
	Homes  Homes
	Health Health
	// Holds says what the register knows for people's Homes.
	Holds Holds
	// Imports says what came of a member list.
	Imports Imports
	// Outsiders says what is asked about accounts of outsiders.
	Outsiders Outsiders
	// Reviews reads reviews; nil: there are none.
	Reviews Reviews
	// Leavings says what there is to say about people who leave.
	Leavings Leavings
	// Wake is called after the courier itself has promised something.
	Wake func()
	// Places learns where cards go; nil: nobody asks.
	Places *Places
	// Life names the database that the messages are owed by.
	Life Life
	Now  func() time.Time
	Log  *slog.Logger
}

// New makes a courier for a workspace.
func New(s *web.Client, c Config) *Courier {
	return &Courier{slack: s, box: c.Box, requests: c.Requests, channel: c.Channel, admins: c.Admins, people: c.People, readers: c.Readers, home: c.Homes, holds: c.Holds, imports: c.Imports, outsiders: c.Outsiders, reviews: c.Reviews, leavings: c.Leavings, health: c.Health,
		wake: c.Wake, open: c.Open, log: c.Log, now: c.Now, life: c.Life, places: c.Places, quiet: c.Quiet, ration: ration{Ration: c.Ration}}
}

// Kinds lists the kinds of intent that a Courier carries out.
func (*Courier) Kinds() []string {
	return []string{approvals.KindCard, approvals.KindAdmins, approvals.KindApprover, approvals.KindAsk, approvals.KindAnswer, approvals.KindTell, approvals.KindReminder, approvals.KindNudge, approvals.KindNeeds, approvals.KindEnds, approvals.KindHome, approvals.KindHomes, approvals.KindTask, approvals.KindProgress, approvals.KindOverdue, approvals.KindImported, approvals.KindNeeded, approvals.KindHolder, approvals.KindHeld, reviews.KindReview, reviews.KindReviewer, reviews.KindRecall, reviews.KindFile, approvals.KindWarning, leavers.KindLeaving, KindAlarm, KindGone, kindStray}
}

// How long an intent sleeps before it is tried again.
const (
	soonest   = 2 * time.Second  // after a lost answer; doubles
	latest    = 5 * time.Minute  // of that doubling
	configure = 10 * time.Minute // until somebody may have put a channel or scope right
	unfit     = time.Hour        // where only another version of Usher helps
)

// Do implements outbox.Doer.
func (c *Courier) Do(ctx context.Context, job outbox.Job) outbox.Result {
	if result, waits := c.hushed(ctx, job); waits {
		return result
	}
	switch outbox.Kind(job.Key) {
	case approvals.KindCard:
		return c.unproven(ctx, job, c.card(ctx, job))
	case approvals.KindAdmins:
		return c.unproven(ctx, job, c.adminCard(ctx, job))
	case approvals.KindApprover:
		return c.unproven(ctx, job, c.approver(ctx, job))
	case approvals.KindAsk:
		return c.unproven(ctx, job, c.question(ctx, job))
	case approvals.KindEnds:
		return c.unproven(ctx, job, c.ends(ctx, job))
	case approvals.KindTask:
		return c.unproven(ctx, job, c.task(ctx, job))
	case approvals.KindProgress:
		return c.unproven(ctx, job, c.progress(ctx, job))
	case approvals.KindOverdue:
		return c.overdue(ctx, job)
	case approvals.KindAnswer:
		return c.answer(ctx, job)
	case approvals.KindTell:
		return c.tell(ctx, job)
	case approvals.KindReminder:
		return c.reminder(ctx, job)
	case approvals.KindNudge:
		return c.nudge(ctx, job)
	case approvals.KindNeeds:
		return c.unproven(ctx, job, c.needs(ctx, job))
	case approvals.KindHome:
		return c.publish(ctx, job)
	case approvals.KindHomes:
		return c.homes(ctx, job)
	case approvals.KindImported:
		return c.imported(ctx, job)
	case reviews.KindReview:
		return c.unproven(ctx, job, c.reviewed(ctx, job))
	case reviews.KindReviewer:
		return c.unproven(ctx, job, c.reviewer(ctx, job))
	case reviews.KindRecall:
		return c.recall(ctx, job)
	case reviews.KindFile:
		return c.handsOut(ctx, job)
	case approvals.KindNeeded, approvals.KindHolder, approvals.KindHeld:
		return c.aboutAccounts(ctx, job)
	case approvals.KindWarning:
		return c.warning(ctx, job)
	case leavers.KindLeaving:
		return c.unproven(ctx, job, c.leaving(ctx, job))
	case KindAlarm, KindGone:
		return c.alarm(ctx, job)
	case kindStray:
		return c.stray(ctx, job)
	}
	c.log.ErrorContext(ctx, "something is owed that this version cannot deliver", Owed(job.Key))
	return outbox.Done()
}

// request reads the request of a job. ok is false where there is none to speak of: then result stands.
func (c *Courier) request(ctx context.Context, job outbox.Job) (r approvals.Request, result outbox.Result, ok bool) {
	r, err := c.requests.Request(ctx, approvals.NumberOf(job.Key))
	switch {
	case approvals.CodeOf(err) == approvals.NotFound:
		c.log.ErrorContext(ctx, "a message is owed for a request that does not exist", Owed(job.Key))
		return r, outbox.Done(), false
	case err != nil:
		return r, c.retry(job, fmt.Errorf("read request: %w", err)), false
	}
	return r, outbox.Done(), true
}

// retry lets a job sleep, longer each time.
func (c *Courier) retry(job outbox.Job, err error) outbox.Result {
	return outbox.RetryAt(c.now().Add(outbox.Backoff(job.Tries, soonest, latest)), err.Error())
}

// trouble is what becomes of a job whose call failed: when to try again, and who hears of it.
func (c *Courier) trouble(ctx context.Context, job outbox.Job, err error) outbox.Result {
	now := c.now()
	var e *web.Error
	if !errors.As(err, &e) {
		return c.retry(job, err)
	}
	c.misfit(ctx, job, e)
	switch e.Fault {
	case web.Limited:
		return outbox.RetryAt(now.Add(max(e.After, time.Second)), err.Error())
	case web.Misconfigured:
		c.log.WarnContext(ctx, "Slack does not let me write", Owed(job.Key), "place", e.Place, "err", err)
		c.raise(ctx, job, topicOf(e), c.remedy(ctx, e))
		return outbox.RetryAt(now.Add(configure), err.Error())
	case web.Unfit:
		c.log.ErrorContext(ctx, "Slack refuses a message of mine", Owed(job.Key), "reference", job.Key, "place", e.Place, "err", err)
		c.raise(ctx, job, "unfit", approvals.Sayf("Slack refused one of my messages (`%v`), so somebody hasn't seen it. That's a bug in Usher: please report it with the line in its log that names `%v`.", e.Code, job.Key))
		return outbox.RetryAt(now.Add(unfit), err.Error())
	}
	return c.retry(job, err)
}

// misfitsBorne is how many tries an answer gets that does not fit its question before somebody hears of it.
const misfitsBorne = 6

// misfit tells of an answer that goes on not fitting its question: what waits for it waits for ever.
func (c *Courier) misfit(ctx context.Context, job outbox.Job, e *web.Error) {
	if job.Tries < misfitsBorne || !errors.Is(e, web.ErrMisfit) {
		return
	}
	c.log.WarnContext(ctx, "Slack keeps answering what I cannot read", Owed(job.Key), "reference", job.Key, "method", e.Method, "err", e)
	c.raise(ctx, job, "answers-"+e.Method, approvals.Sayf("Slack keeps answering `%v` in a way I can't read, so a message I owe somebody has to wait. Is there a proxy between Slack and me that changes answers? If not, that's a bug in Usher: please report it with the line in its log that names `%v`. I'll keep trying.", e.Method, job.Key))
}

// forAdmins reports whether what is wrong is the app as a whole, not one conversation.
func forAdmins(err error) bool {
	return web.IsCode(err, "missing_scope") || web.IsCode(err, "messages_tab_disabled")
}

// topicOf names what is wrong, so that it is said once: the app's settings, or a channel.
func topicOf(e *web.Error) string {
	if forAdmins(e) {
		return strings.TrimSuffix(e.Code+"-"+e.Needed, "-")
	}
	return "channel-" + strings.TrimPrefix(e.Place, "#")
}

// remedy says what an admin can do about a channel or the app's settings.
func (c *Courier) remedy(ctx context.Context, e *web.Error) approvals.Text {
	switch e.Code {
	case "missing_scope":
		return approvals.Sayf("Slack refused a call because my token is missing a scope (`%v`). Compare the app's scopes with Usher's `manifest.yml`, reinstall the app and restart me. Messages I owe people wait until then.", e.Needed)
	case "messages_tab_disabled":
		return approvals.Sayf("I can't send direct messages: the app's Messages tab is off. Turn it on under App Home in the app's settings, as in Usher's `manifest.yml`. Messages I owe people wait until then.")
	case web.TwoChannels:
		return approvals.Sayf("More than one workspace of your organization has a channel called %v, so I can't tell which one you mean and post in neither. Put the channel's id in usher.yml instead (open the channel's details in Slack: it's at the bottom) and restart me. Messages I owe people there wait until then.", channelText(e.Place))
	case web.NoWorkspace:
		return approvals.Sayf("I can't look for %v: the app hasn't been added to any workspace of your organization. Add it to the one that has the channel, and invite me there. Messages I owe people there wait until then.", channelText(e.Place))
	case "is_archived", "is_inactive":
		return approvals.Sayf("I can't post in %v: the channel is archived. Unarchive it, or put another channel in usher.yml (slack.approvals_channel, or the report's channel) and restart me. Messages I owe people there wait until then.", channelText(e.Place))
	}
	name := "usher"
	if who, err := c.slack.Identity(ctx); err == nil && who.Name != "" {
		name = who.Name
	}
	return approvals.Sayf("I can't post in %v (Slack says `%v`). Invite me there with `/invite @%v`, or put another channel in usher.yml (slack.approvals_channel, or the report's channel) and restart me. Messages I owe people there wait until then.",
		channelText(e.Place), e.Code, name)
}

// channelText names a channel that may be configured by id or by name.
func channelText(place string) any {
	if strings.HasPrefix(place, "#") {
		return place
	}
	return approvals.ChannelID(place)
}
