package courier

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"sync"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/outbox"
)

// Ration is how much one person is sent unasked on one day of theirs.
type Ration struct {
	// Most is how many messages that is, outcomes and urgent things apart; 0: as many as there are.
	Most int
	// Memory keeps what they had.
	Memory Memory
}

// Memory keeps something under a name, in place of what was kept there, and durably; nil where nothing is kept.
type Memory interface {
	Learned(ctx context.Context, name string) ([]byte, error)
	// Relearn keeps it where what stands there is still was, nil: nothing; false: somebody else was there first.
	Relearn(ctx context.Context, name string, was, raw []byte) (kept bool, err error)
}

// ration deals it out, one at a time.
type ration struct {
	Ration
	mu sync.Mutex
}

// helping is what somebody had of one of their days, by the keys of what was promised to them.
type helping struct {
	Day string `json:"day"`
	// Sent are those that may go out, and Held those that wait for the next day. A crash between the note and the message
	// finds the note, so no message counts twice.
	Sent []string `json:"sent,omitempty"`
	Held []string `json:"held,omitempty"`
}

// rationed holds a message back whose reader has had their fill of the day, until their next one begins; false: it goes
// out. What is held stays promised like what waits for a morning, and the day's one message that stands for all of it is
// owed before that, so that a crash between the two leaves the message to be held again.
func (c *Courier) rationed(ctx context.Context, job outbox.Job, r approvals.Request, who approvals.Person) (outbox.Result, bool) {
	if c.ration.Most == 0 {
		return outbox.Result{}, false
	}
	now := c.now()
	day, next := approvals.Today(now, who.TZ)
	if !calls(job.Key, r, who.ID) || r.State == approvals.Pending && Urgent(r, now, next) {
		c.follow(ctx, who) // nothing is sent of what is over
		return outbox.Result{}, false
	}
	sent, err := c.ration.take(ctx, who.ID, day, job.Key)
	if err != nil {
		return c.retry(job, fmt.Errorf("count what %s had today: %w", who.ID, err)), true
	}
	if sent {
		return outbox.Result{}, false
	}
	if err := c.box.Promise(ctx, outbox.AtOnce(approvals.NeedsKey(day, who.ID), 0, now)); err != nil {
		return c.retry(job, fmt.Errorf("promise what stands for the day: %w", err)), true
	}
	c.wake()
	return outbox.DoneUntil(next, nil), true
}

// followed has what stands for somebody's day drawn anew, because something else that they have follows its request now.
func (c *Courier) followed(ctx context.Context, job outbox.Job) {
	if c.ration.Most == 0 {
		return
	}
	if r, _, ok := c.request(ctx, job); ok {
		if p, err := c.people.Person(ctx, addressee(job.Key, r)); err == nil {
			c.follow(ctx, p)
		}
	}
}

// follow has what stands for somebody's day drawn anew, where there is such a message. It is drawn anew now and then
// anyway, so what cannot be promised is not lost.
func (c *Courier) follow(ctx context.Context, who approvals.Person) {
	day, _ := approvals.Today(c.now(), who.TZ)
	key := approvals.NeedsKey(day, who.ID)
	known, err := c.box.Known(ctx, key)
	if err == nil && len(known) > 0 {
		err = c.box.Promise(ctx, outbox.AtOnce(key, 0, c.now()))
		c.wake()
	}
	if err != nil {
		c.log.WarnContext(ctx, "what stands for somebody's day cannot be drawn anew at once", "person", who.ID, "err", err)
	}
}

// calls reports whether a message still has something to say to its reader. Where it has not, it may still be carried out,
// which sends nothing, and takes nobody's place.
func calls(key string, r approvals.Request, who approvals.PersonID) bool {
	switch outbox.Kind(key) {
	case approvals.KindApprover:
		return r.State == approvals.Pending && !r.Answered(approvals.Actor(who)) || r.Offered()
	case approvals.KindReminder, approvals.KindNudge:
		return r.State == approvals.Pending && !r.Answered(approvals.Actor(who)) && r.Reminders.By(string(who), key)
	case approvals.KindTask:
		return r.Working() && r.Task.Owner == who && approvals.Removal(key) == r.Removing()
	case approvals.KindProgress:
		return r.Progressing()
	case approvals.KindOverdue:
		return r.Working() && r.Task.Round() == roundOf(key)
	case approvals.KindAsk:
		return r.Open(approvals.QuestionOf(key))
	}
	return true
}

// errCrowded says that others kept counting what somebody had.
var errCrowded = errors.New("others count it at this moment")

// takes is how often it is counted anew where another process counted meanwhile.
const takes = 20

// take notes that somebody gets a message today, or that it is held; the same answer each time it is asked of one. Another process may
// count for the same person, so what was read must still stand when it is replaced.
func (l *ration) take(ctx context.Context, who approvals.PersonID, day, key string) (sent bool, err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for range takes {
		was, had, err := l.had(ctx, who, day)
		if err != nil || slices.Contains(had.Sent, key) {
			return err == nil, err
		}
		if slices.Contains(had.Held, key) {
			return false, nil
		}
		sent := len(had.Sent) < l.Most
		if sent {
			had.Sent = append(had.Sent, key)
		} else {
			had.Held = append(had.Held, key)
		}
		raw, err := json.Marshal(had)
		if err != nil {
			return false, fmt.Errorf("encode what %s had: %w", who, err)
		}
		if kept, err := l.Memory.Relearn(ctx, lessonOf(who), was, raw); err != nil || kept {
			return sent && err == nil, err
		}
	}
	return false, errCrowded
}

// had is what somebody had of a day, and the line in which it stands; of another day nothing is known any more.
func (l *ration) had(ctx context.Context, who approvals.PersonID, day string) (raw []byte, had helping, err error) {
	raw, err = l.Memory.Learned(ctx, lessonOf(who))
	if err != nil || len(raw) == 0 {
		return raw, helping{Day: day}, err
	}
	if err := json.Unmarshal(raw, &had); err != nil {
		return raw, had, fmt.Errorf("decode what %s had: %w", who, err)
	}
	if had.Day != day {
		return raw, helping{Day: day}, nil
	}
	return raw, had, nil
}

// lessonOf is the name under which it is kept what somebody had of their latest day.
func lessonOf(who approvals.PersonID) string { return "messages/" + string(who) }
