package courier

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/bot/view"
	"github.com/usherbot/usher/bot/web"
	"github.com/usherbot/usher/outbox"
)

// toldAsAdmin is the id in a receipt for an outcome that its requester reads on the card they have as an admin.
const toldAsAdmin = "told as an admin"

// undeliverable is the id in a receipt for somebody who cannot be written to any more.
const undeliverable = "undeliverable"

// outOfReach ends the delivery of a message that follows a request, to somebody who was found not to be reached; whatever it would
// say stands elsewhere too.
func (c *Courier) outOfReach(ctx context.Context, job outbox.Job) (result outbox.Result, over bool) {
	had, told, err := c.box.Receipt(ctx, job.Key)
	switch {
	case err != nil:
		return c.retry(job, fmt.Errorf("read receipt: %w", err)), true
	case told && had.ID == undeliverable:
		return outbox.Done(), true
	}
	return outbox.Result{}, false
}

// Readers says how somebody may see a request of theirs at this moment, whatever they could see when they asked;
// *commands.House is one. Where that cannot be found out, they see what they said.
type Readers interface {
	Heard(ctx context.Context, id approvals.PersonID, r approvals.Request) approvals.Request
}

// tell tells the requester of an outcome, once. An outcome that is no longer so (a failed deed that an
// admin has started again, even where that failed as well) is not told any more: the next one is.
func (c *Courier) tell(ctx context.Context, job outbox.Job) outbox.Result {
	r, result, ok := c.request(ctx, job)
	if !ok {
		return result
	}
	if result, taken := c.tellOthers(ctx, job, r); taken {
		return result
	}
	if r.Lapsed && r.State == approvals.Failed && job.Key == approvals.LapsedKey(r.Number, r.Attempt) {
		return c.message(ctx, job, r.Requester, view.TooLate(c.readers.Heard(ctx, r.Requester, r)))
	}
	for edit := range r.Edition() {
		if job.Key == approvals.EditedKey(r.Number, edit+1) {
			return c.message(ctx, job, r.Requester, view.Edited(c.readers.Heard(ctx, r.Requester, r), edit+1))
		}
	}
	if r.State == approvals.Ended && (job.Key == approvals.TellKey(r.Number, approvals.Ended, 0) || job.Key == approvals.HolderKey(r.Number, approvals.Ended)) {
		return c.ended(ctx, job, r)
	}
	if job.Key == approvals.WarnKey(r.Number) {
		if m, stands := view.Warned(c.readers.Heard(ctx, r.Requester, r)); stands {
			return c.message(ctx, job, r.Requester, m)
		}
		return outbox.Done() // it was cleared up, or decided, before it was told
	}
	if job.Key == approvals.LinedKey(r.Number) {
		if r.InLine() {
			return c.message(ctx, job, r.Requester, view.InLine(c.readers.Heard(ctx, r.Requester, r)))
		}
		return outbox.Done() // its turn came before it was told
	}
	if job.Key != approvals.TellKey(r.Number, r.State, r.Attempt) {
		c.log.InfoContext(ctx, "an outcome is past before it was told; the newer one is told", Owed(job.Key), "state", r.State, "attempt", r.Attempt)
		return outbox.Done()
	}
	if r.State == approvals.Failed && slices.Contains(c.admins, r.Requester) {
		who, err := c.people.Person(ctx, r.Requester)
		switch {
		case err != nil:
			return c.trouble(ctx, job, fmt.Errorf("look up who asked: %w", err))
		case who.Full():
			// Their own card as an admin says it, and what they can do about it: nobody else will.
			c.log.InfoContext(ctx, "who asked is an admin and has the admins' card", Owed(job.Key), "person", r.Requester)
			return outbox.DoneWith(outbox.Receipt{ID: toldAsAdmin})
		}
	}
	heard := c.readers.Heard(ctx, r.Requester, r)
	if !r.Bundled() {
		return c.message(ctx, job, r.Requester, view.Told(heard, r.State))
	}
	list, result, ok := c.besides(ctx, job, r)
	if !ok {
		return result
	}
	for i, o := range list {
		list[i] = c.readers.Heard(ctx, r.Requester, o)
	}
	return c.message(ctx, job, r.Requester, view.ToldOf(heard, r.State, list))
}

// tellOthers tells of an outcome those who hear of it though they didn't ask, once; false: it is the requester's message.
func (c *Courier) tellOthers(ctx context.Context, job outbox.Job, r approvals.Request) (result outbox.Result, taken bool) {
	switch who := lastPerson(job.Key); job.Key {
	case approvals.FollowerKey(r.Number, who):
		return c.message(ctx, job, who, view.Followed(c.readers.Heard(ctx, who, r))), true
	case approvals.OutcomeKey(r.Shown(), who):
		return c.toldOfAll(ctx, job, r, who), true
	}
	return result, false
}

// toldOfAll tells somebody what came of all that Usher asked on one card, once.
func (c *Courier) toldOfAll(ctx context.Context, job outbox.Job, r approvals.Request, who approvals.PersonID) outbox.Result {
	list, result, ok := c.besides(ctx, job, r)
	if !ok {
		return result
	}
	return c.message(ctx, job, who, view.OutcomeOfAll(list))
}

// message sends somebody a direct message, once.
func (c *Courier) message(ctx context.Context, job outbox.Job, who approvals.PersonID, m view.Message) outbox.Result {
	result, err := c.once(ctx, job, m, func(ctx context.Context) (string, error) { return c.slack.DM(ctx, who) })
	return c.reached(ctx, job, who, result, err)
}

// once posts a message that is said once: with a receipt there is nothing left to do.
func (c *Courier) once(ctx context.Context, job outbox.Job, m view.Message, find func(context.Context) (string, error)) (outbox.Result, error) {
	had, said, err := c.box.Receipt(ctx, job.Key)
	if err != nil {
		return outbox.Result{}, fmt.Errorf("read receipt: %w", err)
	}
	if said && had.ID != undeliverable {
		return outbox.Done(), nil
	}
	place, err := find(ctx)
	if err != nil {
		return outbox.Result{}, err
	}
	at, err := c.postOnce(ctx, &job, place, m)
	return c.stands(at), err
}

// reached ends a delivery to one person. Whoever has left the workspace cannot be reached any more,
// which is no reason to go on trying; a receipt says so.
func (c *Courier) reached(ctx context.Context, job outbox.Job, who approvals.PersonID, result outbox.Result, err error) outbox.Result {
	if err == nil {
		return result
	}
	if shut := web.FaultOf(err) == web.Misconfigured && !forAdmins(err); shut {
		// Slack does not say of a conversation whether its person is gone; opening it anew does.
		c.slack.ForgetDM(who)
		if _, again := c.slack.DM(ctx, who); again != nil {
			err = again
		} else if job.Tries < hopeless {
			return c.retry(job, err)
		}
	} else if web.FaultOf(err) != web.NoPerson {
		return c.trouble(ctx, job, err)
	}
	if fault := web.FaultOf(err); fault != web.NoPerson && fault != web.Misconfigured {
		return c.trouble(ctx, job, err)
	}
	c.log.WarnContext(ctx, "somebody cannot be written to", Owed(job.Key), "person", who, "err", err)
	return outbox.DoneWith(outbox.Receipt{ID: undeliverable})
}

// hopeless is how many tries a conversation gets that opens and yet takes no message.
const hopeless = 6

// lastPerson is the person at the end of a key.
func lastPerson(key string) approvals.PersonID {
	return approvals.PersonID(key[strings.LastIndexByte(key, '/')+1:])
}
