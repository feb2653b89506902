package bot

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/outbox"
)

const (
	// doubtFor is how long Slack may count more connections than we have before that is believed: one
	// that has just ended may be counted for a moment.
	doubtFor = 20 * time.Second
	// recountFirst and recountMost are how often Slack is asked again while it counts too many.
	recountFirst = 5 * time.Minute
	recountMost  = time.Hour
	// breath is how long a connection that is opened anew stays closed, so that Slack has noticed.
	breath = 5 * time.Second
)

// census compares the connections that Slack counts with those that we have. Whatever is counted
// beyond ours is dead (dropped halfway, unnoticed by Slack) or another Usher with the same tokens, and
// takes its share of commands and clicks with it: clicks are lost while everything looks healthy.
//
// Slack says its count only to a connection that opens. So a count that is too high is asked for again
// by opening one of ours anew, when nothing is in hand and another one hears: once to make sure, then
// ever less often, because dead connections go away by themselves if no new ones are made.
type census struct {
	log     *slog.Logger
	now     func() time.Time
	recount func() bool
	alarm   func(counted, ours int)

	mu      sync.Mutex
	since   time.Time // when Slack first counted too many; zero: it does not
	asked   int       // recounts since then that did not help
	next    time.Time // when to recount; zero: never
	stirred chan struct{}
}

func newCensus(log *slog.Logger, now func() time.Time) *census {
	return &census{log: log, now: now, stirred: make(chan struct{}, 1)}
}

// hello hears a count. ours is how many connections we have open.
func (c *census) hello(counted, ours int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	now := c.now()
	switch {
	case counted <= ours:
		if !c.since.IsZero() {
			c.log.Info("Slack counts only our own connections again", "after", now.Sub(c.since))
		}
		c.since, c.next, c.asked = time.Time{}, time.Time{}, 0
		return
	case c.since.IsZero():
		c.since = now
	}
	c.log.Warn("Slack counts more connections than Usher has open", "counted", counted, "open", ours)
	if waited := now.Sub(c.since); waited < doubtFor {
		c.next = c.since.Add(doubtFor)
	} else {
		if c.asked == 0 {
			c.log.Error("some of what people click is lost: Slack hands it to connections that are not mine", "counted", counted, "open", ours)
		}
		c.alarm(counted, ours)
		c.next = now.Add(outbox.Backoff(c.asked, recountFirst, recountMost))
		c.asked++
	}
	select {
	case c.stirred <- struct{}{}:
	default:
	}
}

// run recounts when it is time, until ctx ends.
func (c *census) run(ctx context.Context) {
	for {
		timer := time.NewTimer(c.wait())
		select {
		case <-ctx.Done():
			timer.Stop()
			return
		case <-c.stirred:
		case <-timer.C:
			c.due()
		}
		timer.Stop()
	}
}

// wait is how long until something may be due.
func (c *census) wait() time.Duration {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.next.IsZero() {
		return recountMost
	}
	return max(c.next.Sub(c.now()), 0)
}

// due recounts if it is time. A moment that is not good for it is followed by another one soon.
func (c *census) due() {
	c.mu.Lock()
	now := c.now()
	due := !c.next.IsZero() && !now.Before(c.next)
	if due {
		c.next = now.Add(time.Second)
	}
	c.mu.Unlock()
	if due && c.recount() {
		c.mu.Lock()
		defer c.mu.Unlock()
		// The hello that answers it says when the next one is; without one it is asked for again.
		c.next = now.Add(recountFirst)
	}
}

// recount opens one of our connections anew, unless somebody would not be heard for it.
func (b *Bot) recount() bool {
	up := 0
	for _, c := range b.links {
		if c.up.Load() {
			up++
		}
	}
	if up < 2 || len(b.queue) > 0 || b.heard.inHand.Load() > 0 {
		return false
	}
	for i, c := range b.links {
		if c.up.Load() {
			b.log.Info("opening a connection anew, for Slack to count again", "connection", i+1)
			c.restart(breath)
			return true
		}
	}
	return false
}

// haunted tells the admins that part of what people click is lost.
func (b *Bot) haunted(counted, ours int) {
	if b.Alarm == nil {
		return
	}
	b.Alarm(context.Background(), "connections", approvals.Sayf(
		"Slack counts %v connections of mine, and I have %v. It hands the others their share of what people type and click, and that is lost: Slack shows them a warning, and trying again helps. Dead connections go away by themselves, and I open no more than I need meanwhile. If you read this again tomorrow, see whether a second Usher runs with the same tokens, or a firewall drops quiet connections.",
		counted, ours))
}
