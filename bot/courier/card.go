package courier

import (
	"context"
	"fmt"
	"time"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/bot/view"
	"github.com/usherbot/usher/bot/web"
	"github.com/usherbot/usher/outbox"
)

// showing is a message that follows its request.
type showing struct {
	message view.Message
	// first: it is posted where it never stood; anew: also where somebody deleted it; watched: it is
	// made sure that nobody did.
	first, anew, watched bool
	// since is a moment before which it cannot have been posted.
	since time.Time
	// until then a message with the digest brief is left as it is; zero: not.
	until time.Time
	brief string
	// place finds out where it is to stand.
	place func(ctx context.Context) (string, error)
}

// How soon, and how late, it is looked whether a card that waits still stands; in between, after as long
// as it has waited.
const (
	watchSoonest = 15 * time.Minute
	watchLatest  = 24 * time.Hour
)

// atWork is how long a deed may take before a card that says "approved" says that it has begun: most are
// done by then, and the card says so at once.
const atWork = 2 * time.Second

// card makes the approval card show the request as it is now. A card that somebody deleted comes back
// only while there is something to decide; Slack tells nobody, so it is looked for now and then.
func (c *Courier) card(ctx context.Context, job outbox.Job) outbox.Result {
	r, result, ok := c.request(ctx, job)
	if !ok {
		return result
	}
	list, result, ok := c.besides(ctx, job, r)
	if !ok {
		return result
	}
	waits := pending(list)
	show := showing{
		first: true, anew: waits, watched: waits, since: r.Asked,
		place: func(ctx context.Context) (string, error) {
			place, err := c.slack.ChannelID(ctx, c.channel)
			c.places.learn(place)
			return place, web.In(c.channel, err)
		},
	}
	show.message, show.until, show.brief = cardOf(list)
	result, err := c.converge(ctx, job, show)
	if err != nil {
		return c.trouble(ctx, job, err)
	}
	if now := c.now(); waits && result.Receipt() != nil && result.IsDone() {
		waited := now.Sub(r.Asked)
		return outbox.DoneUntil(now.Add(min(max(waited, watchSoonest), watchLatest)), result.Receipt())
	}
	return result
}

// adminCard makes an admin's own card show the request as it is now. It is posted only while there is
// something for an admin to do.
func (c *Courier) adminCard(ctx context.Context, job outbox.Job) outbox.Result {
	r, result, ok := c.request(ctx, job)
	if !ok {
		return result
	}
	admin := lastPerson(job.Key)
	had, shown, err := c.box.Receipt(ctx, job.Key)
	if err != nil {
		return c.retry(job, fmt.Errorf("read receipt: %w", err))
	}
	var until time.Time // whoever never had a card needs none of what is over
	if shown && had.ID != undeliverable || forAnAdmin(r) {
		until = job.Made.Add(absentFor)
	}
	return c.toAdmin(ctx, job, admin, until, func() outbox.Result { return c.adminCardOf(ctx, job, admin, r) })
}

// absentFor is how long an admin who seems to be none is looked up again for one card.
const absentFor = 30 * 24 * time.Hour

// forAnAdmin reports whether there is something for an admin to do about a request.
func forAnAdmin(r approvals.Request) bool {
	return r.State == approvals.InDoubt || r.State == approvals.Failed || r.State == approvals.Ending && r.End.Failed != nil
}

func (c *Courier) adminCardOf(ctx context.Context, job outbox.Job, admin approvals.PersonID, r approvals.Request) outbox.Result {
	needed := forAnAdmin(r)
	result, err := c.converge(ctx, job, showing{
		message: view.AdminCard(r), first: needed, anew: needed, since: r.Asked,
		place: func(ctx context.Context) (string, error) { return c.slack.DM(ctx, admin) },
	})
	return c.reached(ctx, job, admin, result, err)
}

// converge updates the message of a job, or posts it where there is none yet.
//
// An update whose answer was lost may be carried out after the next one, and would then show what is
// past. So what a message shows counts as unknown after such an update, or after a life that ended in
// a delivery; it is updated at once all the same, and a few times more, for nobody can say how late the
// lost one comes.
func (c *Courier) converge(ctx context.Context, job outbox.Job, show showing) (outbox.Result, error) {
	had, shown, err := c.box.Receipt(ctx, job.Key)
	if err != nil {
		return outbox.Result{}, fmt.Errorf("read receipt: %w", err)
	}
	if shown && had.ID != undeliverable {
		result, gone, err := c.refresh(ctx, job, had, show)
		if !gone || err != nil {
			return result, err
		}
		at, strayed, err := c.strayed(ctx, job, had, show)
		if err != nil || !strayed && !show.anew {
			return outbox.Done(), err
		}
		if strayed {
			return c.settle(ctx, job, at, show)
		}
	}
	place, err := show.place(ctx)
	if err != nil {
		return outbox.Result{}, err
	}
	at, stands, err := c.stand(ctx, &job, place, show)
	if err != nil || !stands {
		return outbox.Done(), err
	}
	return c.settle(ctx, job, at, show)
}

// settle makes a message that was posted or found just now show what it should: what was found may show
// what was true then.
func (c *Courier) settle(ctx context.Context, job outbox.Job, at ref, show showing) (outbox.Result, error) {
	result, gone, err := c.renew(ctx, job, at, show)
	if gone {
		err = fmt.Errorf("%s was deleted just now", called(job.Key))
	}
	return result, err
}

// strayed looks for a message that does not stand where its receipt says. Somebody deleted it; or Slack
// answered the post with a wrong ts, and it stands elsewhere in the conversation. While that cannot be
// found out nothing is posted anew; what is not to be posted anew is left where it cannot be looked for.
func (c *Courier) strayed(ctx context.Context, job outbox.Job, had outbox.Receipt, show showing) (at ref, found bool, err error) {
	at, found, err = c.look(ctx, job.Key, note{Place: had.Place, At: show.since.Unix()})
	switch {
	case err == nil && !found:
		c.log.WarnContext(ctx, "a message of mine was deleted", Owed(job.Key), "place", had.Place, "again", show.anew)
	case web.FaultOf(err) == web.Misconfigured && !show.anew:
		return ref{}, false, nil
	}
	return at, found, web.In(had.Place, err)
}

// refresh makes a message that was posted before show what it should; gone is as in renew.
func (c *Courier) refresh(ctx context.Context, job outbox.Job, had outbox.Receipt, show showing) (result outbox.Result, gone bool, err error) {
	began := c.lost(job, had)
	if !began.IsZero() {
		had.Digest = ""
	}
	at := ref{had.Place, had.ID, had.Digest, had.Plain}
	if show.watched && at.digest == show.message.Digest() {
		gone, err = c.missing(ctx, at)
		return c.stands(at), gone, err
	}
	if len(job.Body) > 0 { // unproved
		at.digest = ""
	}
	if c.now().Before(show.until) && at.digest == show.brief {
		return outbox.DoneUntil(show.until, nil), false, nil
	}
	result, gone, err = c.renew(ctx, job, at, show)
	if web.FaultOf(err) == web.Unknown {
		return c.unanswered(job, had, err), false, nil
	}
	if wait := c.overwriteIn(began); wait > 0 && err == nil && result.Receipt() != nil {
		if job.Retaken {
			// The claim that told of the lost update ends with this delivery, so the receipt must tell of it.
			return outbox.DoneUntil(c.now().Add(overwrites[0]), &outbox.Receipt{Place: had.Place, ID: had.ID}), false, nil
		}
		return outbox.DoneUntil(c.now().Add(wait), nil), false, nil
	}
	return result, gone, err
}

// overwrites are the moments, after an update was lost, at which the message is updated once more.
var overwrites = []time.Duration{time.Minute, 2 * time.Minute, 8 * time.Minute, 32 * time.Minute}

// overwriteIn is how long until the message is updated once more for an update that began at a moment; 0:
// never, as where the moment lies ahead, noted by a clock that has been put back since.
func (c *Courier) overwriteIn(began time.Time) time.Duration {
	since := c.now().Sub(began)
	for _, at := range overwrites {
		if since >= 0 && at > since {
			return at - since
		}
	}
	return 0
}

// lost is when an update began of which it is not known what became; zero: there is none.
func (*Courier) lost(job outbox.Job, had outbox.Receipt) time.Time {
	if job.Retaken {
		return job.Claimed
	}
	if had.Digest == "" {
		return had.At
	}
	return time.Time{}
}

// unanswered leaves a receipt that says the message may show anything by now.
func (c *Courier) unanswered(job outbox.Job, had outbox.Receipt, err error) outbox.Result {
	again := c.now().Add(outbox.Backoff(job.Tries, soonest, latest))
	return outbox.RetryWith(again, err.Error(), outbox.Receipt{Place: had.Place, ID: had.ID})
}

// unproven sees to it that a delivery that looked into a lost one and got nowhere leaves word of that:
// the claim ends with it, and the receipt speaks of the time before.
func (c *Courier) unproven(ctx context.Context, job outbox.Job, result outbox.Result) outbox.Result {
	at, why, retry := result.IsRetry()
	if !retry || !job.Retaken || result.Receipt() != nil {
		return result
	}
	had, shown, err := c.box.Receipt(ctx, job.Key)
	if err != nil || !shown || had.ID == undeliverable {
		return result
	}
	return outbox.RetryWith(at, why, outbox.Receipt{Place: had.Place, ID: had.ID})
}

// stand finds the message of a job or posts it, if it is to be posted at all. Where it is not any more, an attempt that
// was given up is looked for as long as a stray is: it may turn up yet, with buttons on what is over.
func (c *Courier) stand(ctx context.Context, job *outbox.Job, place string, show showing) (at ref, stands bool, err error) {
	if show.first {
		at, err = c.postOnce(ctx, job, place, show.message)
		return at, true, err
	}
	at, stands, err = c.earlier(ctx, job, place)
	if n := noteOf(*job); n.Place != "" && !stands && err == nil {
		if wait := c.strayIn(n.began()); wait > 0 {
			err = &web.Error{Method: web.MethodPost, Fault: web.Limited, Code: "given up, and may turn up yet", Place: n.Place, After: wait}
		}
	}
	return at, stands, err
}

// missing reports whether somebody deleted a message that shows what it should.
func (c *Courier) missing(ctx context.Context, at ref) (bool, error) {
	there, err := c.slack.Stands(ctx, at.place, at.ts)
	return err == nil && !there, web.In(at.place, err)
}

// renew makes a message that stands show what it should. gone: it does not stand there.
func (c *Courier) renew(ctx context.Context, job outbox.Job, at ref, show showing) (result outbox.Result, gone bool, err error) {
	digest := show.message.Digest()
	if at.digest == digest {
		return c.stands(at), false, nil
	}
	meta, err := c.metadata(ctx, job.Key, digest)
	if err != nil {
		return result, false, err
	}
	at.plain, err = c.slack.UpdateDrawn(ctx, at.place, at.ts, web.Message(show.message), meta)
	at.digest = digest
	switch web.FaultOf(err) {
	case web.NoFault:
		return c.stands(at), false, nil
	case web.NoMessage:
		return outbox.Done(), true, nil
	case web.Fixed:
		c.log.WarnContext(ctx, "Slack does not let me change a message of mine", Owed(job.Key), "place", at.place, "err", err)
		return c.stands(at), false, nil
	}
	return result, false, web.In(at.place, err)
}

// stands is the receipt of a message.
func (*Courier) stands(at ref) outbox.Result {
	return outbox.DoneWith(outbox.Receipt{Place: at.place, ID: at.ts, Digest: at.digest, Plain: at.plain})
}
