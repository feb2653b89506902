package courier

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"sync"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/bot/view"
	"github.com/usherbot/usher/bot/web"
	"github.com/usherbot/usher/outbox"
	"github.com/usherbot/usher/reports"
)

// A report whose reading takes long says so on its own message, which then becomes the report: posted once, under the job's key,
// and edited. What a crash leaves stands in the job's note:
//
//	Place            a message may stand there; whoever comes next looks for it by its key, as for any
//	Reading          it stands under this ts, and says how far the reading is
//	Reading, Turned  it may show the report already; it is made to show it (again)
//
// An edit whose answer was lost may be carried out after the report stands, and would put back what is past. So after such an edit,
// or a life that ended in the midst of one, the message is taken away and the report posted anew: what comes late finds nothing to change.

var _ reports.Progress = (*Courier)(nil)

// isReading is the digest in the metadata of a message that says how far a reading is.
const isReading = "reading"

// readings are what this life knows of the messages that say how far readings are, by the keys of their jobs: the note of each, because
// whoever posts the report was handed its job before, and whether an edit of it may still be on its way. The zero value is ready.
type readings struct {
	mu     sync.Mutex
	notes  map[string]json.RawMessage
	doubts map[string]bool
}

// keep keeps the note of a job.
func (s *readings) keep(job outbox.Job) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.notes == nil {
		s.notes, s.doubts = map[string]json.RawMessage{}, map[string]bool{}
	}
	s.notes[job.Key] = job.Note
}

func (s *readings) doubt(key string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.doubts[key] = true
}

func (s *readings) forget(key string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.notes, key)
	delete(s.doubts, key)
}

// recall gives a job the note that this life has made for it, and says whether what its message shows can be relied on.
func (s *readings) recall(job *outbox.Job) (doubt bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if raw, known := s.notes[job.Key]; known {
		job.Note = raw
		return s.doubts[job.Key]
	}
	return job.Retaken && !noteOf(*job).Turned
}

// Reading implements reports.Progress. It is said as well as it can be: the report comes whatever becomes of it.
func (c *Courier) Reading(ctx context.Context, job outbox.Job, channel string, say approvals.Text) {
	doubt := c.readings.recall(&job)
	var err error
	switch n := noteOf(job); {
	case n.Turned, n.Reading == "" && (n.Place != "" || job.Retaken):
		return // a report, or nobody knows what, may stand there: whoever posts the report sees to it
	case n.Reading == "":
		err = c.beginReading(ctx, job, channel, view.Reading(say))
	default:
		c.readings.keep(job)
		if doubt {
			c.readings.doubt(job.Key)
		}
		err = c.edit(ctx, job, n, view.Reading(say), isReading)
		if web.FaultOf(err) == web.Unknown {
			c.readings.doubt(job.Key)
		}
	}
	if err != nil && !errors.Is(err, outbox.ErrGone) {
		c.log.InfoContext(ctx, "could not say how far the reading for a report is", Owed(job.Key), "err", err)
	}
}

// beginReading posts the message, and notes where it stands.
func (c *Courier) beginReading(ctx context.Context, job outbox.Job, channel string, m view.Message) error {
	place, err := c.slack.ChannelID(ctx, channel)
	if err != nil {
		return web.In(channel, err)
	}
	at, err := c.postAs(ctx, &job, place, m, isReading)
	if err == nil {
		n := noteOf(job)
		n.Reading = at.ts
		err = job.Mark(ctx, n)
	}
	if noteOf(job).Place != "" {
		c.readings.keep(job)
	}
	return err
}

func (c *Courier) edit(ctx context.Context, job outbox.Job, n note, m view.Message, digest string) error {
	meta, err := c.metadata(ctx, job.Key, digest)
	if err != nil {
		return err
	}
	return web.In(n.Place, c.slack.Update(ctx, n.Place, n.Reading, web.Message(m), meta))
}

// overReading makes the message that says how far a job's reading is the report; stands is false where there is none (any more), and the
// report is to be posted.
func (c *Courier) overReading(ctx context.Context, job *outbox.Job, m view.Message) (result outbox.Result, stands bool, err error) {
	doubt, there, err := c.findReading(ctx, job)
	if err != nil || !there {
		return result, false, err
	}
	if doubt {
		if gone, err := c.takeBack(ctx, job); gone || err != nil {
			return result, false, err
		}
	}
	n := noteOf(*job)
	n.Turned = true
	if err := job.Mark(ctx, n); err != nil {
		return result, false, fmt.Errorf("note that a report takes its place: %w", err)
	}
	c.readings.keep(*job)
	at := ref{place: n.Place, ts: n.Reading, digest: m.Digest()}
	meta, err := c.metadata(ctx, job.Key, at.digest)
	if err != nil {
		return result, false, err
	}
	at.plain, err = c.slack.UpdateDrawn(ctx, at.place, at.ts, web.Message(m), meta)
	switch web.FaultOf(err) {
	case web.NoFault:
		c.readings.forget(job.Key)
		return c.stands(at), true, nil
	case web.NoMessage, web.Fixed: // somebody deleted it, or Slack lets nobody change it any more
		if gone, err := c.takeBack(ctx, job); gone || err != nil {
			return result, false, err
		}
		return result, false, c.forgetReading(ctx, job)
	}
	return result, false, web.In(at.place, err)
}

// findReading finds the message that says how far a job's reading is, and has it in the job's note. Where nobody knows whether there is one it
// is looked for.
func (c *Courier) findReading(ctx context.Context, job *outbox.Job) (doubt, there bool, err error) {
	if _, said, err := c.box.Receipt(ctx, job.Key); err != nil || said {
		return false, false, err
	}
	doubt = c.readings.recall(job)
	n := noteOf(*job)
	switch {
	case n.Reading != "":
		return doubt, true, nil
	case n.Place == "":
		return false, false, nil
	}
	at, found, err := c.earlier(ctx, job, n.Place)
	if err != nil {
		return false, false, err
	}
	if found && at.digest == isReading {
		n.Reading = at.ts
		return false, true, job.Mark(ctx, n)
	}
	c.readings.forget(job.Key)
	return false, false, nil
}

// takeBack takes away the message that says how far a reading is. One that Slack does not let us delete stays. Where nothing stands
// under its ts, somebody deleted it, or Slack answered the post with a wrong one: so it is looked for.
func (c *Courier) takeBack(ctx context.Context, job *outbox.Job) (gone bool, err error) {
	n := noteOf(*job)
	err = c.slack.Remove(ctx, n.Place, n.Reading)
	if web.FaultOf(err) == web.NoMessage {
		at, found, lost := c.look(ctx, job.Key, n)
		if lost != nil {
			return false, web.In(n.Place, lost)
		}
		if found {
			err = c.slack.Remove(ctx, at.place, at.ts)
		}
	}
	switch web.FaultOf(err) {
	case web.NoFault, web.NoMessage:
	case web.Fixed, web.Declined, web.Misconfigured:
		c.log.WarnContext(ctx, "Slack does not let me take away what says how far a reading is", Owed(job.Key), "place", n.Place, "err", err)
		return false, nil
	default:
		return false, web.In(n.Place, err)
	}
	return true, c.forgetReading(ctx, job)
}

// forgetReading begins a job's message anew.
func (c *Courier) forgetReading(ctx context.Context, job *outbox.Job) error {
	c.readings.forget(job.Key)
	if err := job.Mark(ctx, note{}); err != nil && !errors.Is(err, outbox.ErrGone) {
		return fmt.Errorf("note that a message was taken away: %w", err)
	}
	return nil
}

// Withdraw implements reports.Progress. Where it can't be done, and will not be, what stands there stays.
func (c *Courier) Withdraw(ctx context.Context, job outbox.Job) error {
	_, there, err := c.findReading(ctx, &job)
	if err == nil && there && !noteOf(job).Turned {
		_, err = c.takeBack(ctx, &job)
	}
	switch f := web.FaultOf(err); f {
	case web.Misconfigured, web.Unfit, web.Fixed, web.Declined:
		c.log.WarnContext(ctx, "could not take away what says how far a reading is", Owed(job.Key), "err", err)
		return nil
	}
	return err
}

// Only implements reports.Progress. The message is noted to become the report before it does.
func (c *Courier) Only(job outbox.Job) bool {
	c.readings.recall(&job)
	n := noteOf(job)
	return n.Reading != "" && !n.Turned
}
