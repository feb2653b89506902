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
	// doubtAmong is that where others open connections too: one that opens its own anew has more than it says for as long.
	doubtAmong = time.Minute
	// recountWithin is how long a good moment to ask Slack again is waited for; then its last count is believed.
	recountWithin = 20 * time.Second
	// refusedFor is how long Slack must have greeted no connection, for there are too many, before anybody is told.
	refusedFor = 30 * time.Second
	// slackMost is how many connections Slack allows an app. It greets no eleventh one.
	slackMost = 10
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
// ever less often, because dead connections go away by themselves if no new ones are made. Where there is
// no such moment, its last word is believed. And where it greets no new connection at all, it is taken to
// count as many as it allows: it says so on the wire, and slack-go does not pass that on.
type census struct {
	log *slog.Logger
	now func() time.Time
	// recount has Slack asked again, unless this is no moment for it; open is how many connections we have.
	recount func() (asked bool, open int)
	alarm   func(t tally)
	doubt   time.Duration

	mu      sync.Mutex
	last    tally
	since   time.Time // when Slack first counted too many; zero: it does not
	asked   int       // recounts since then that did not help
	next    time.Time // when to recount; zero: never
	over    time.Time // until when it isn't said again that we are too many
	tried   time.Time // since when there was no moment for the recount that is due; zero: none is due
	tell    []tally   // what the admins are yet to be told
	stirred chan struct{}
}

// tally is what Slack counts beside what we have.
type tally struct {
	counted, ours int
	// refused says that Slack did not tell: it greets none of the connections that are opened.
	refused bool
	// wanted is how many all of us would have; more than Slack allows where that is why.
	wanted int
}

// overdrawn reports whether Slack greets no more of ours because it has greeted as many: nothing is lost then.
func (t tally) overdrawn() bool { return t.wanted > slackMost }

func newCensus(log *slog.Logger, now func() time.Time) *census {
	return &census{log: log, now: now, doubt: doubtFor, stirred: make(chan struct{}, 1)}
}

// hello hears a count. ours is how many connections we have open.
func (c *census) hello(counted, ours int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	now := c.now()
	if counted <= ours {
		if !c.since.IsZero() {
			c.log.Info("Slack counts only our own connections again", "after", now.Sub(c.since))
		}
		c.since, c.next, c.tried, c.asked = time.Time{}, time.Time{}, time.Time{}, 0
		return
	}
	if c.since.IsZero() {
		c.since = now
	}
	c.last, c.tried = tally{counted: counted, ours: ours}, time.Time{}
	c.log.Warn("Slack counts more connections than Usher has open", "counted", counted, "open", ours)
	if now.Sub(c.since) < c.doubt {
		c.next = c.since.Add(c.doubt)
	} else {
		c.believe(now)
	}
	c.stir()
}

// refused hears that Slack has greeted none of the connections opened since then, because there are too many.
func (c *census) refused(since time.Time, t tally) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if t.overdrawn() {
		c.overdraw(t)
		return
	}
	if c.last.counted < slackMost || c.since.IsZero() {
		c.last = t
	}
	if c.since.IsZero() {
		c.log.Warn("Slack greets no new connection, as when an app has ten", "since", since, "open", t.ours)
		c.since = since
	}
	if c.next.IsZero() {
		c.next, c.tried = c.now(), since
		c.stir()
	}
}

// overdraw says, now and then, that there are too many of us. Slack need not be asked again for that. The caller holds mu.
func (c *census) overdraw(t tally) {
	now := c.now()
	if now.Before(c.over) {
		return
	}
	c.log.Error("not every connection to Slack can be opened: all replicas together want more than Slack allows an app", "wanted", t.wanted, "most", slackMost)
	c.over, c.tell = now.Add(recountMost), append(c.tell, t)
	c.stir()
}

// believe takes Slack's last word for true. The caller holds mu.
func (c *census) believe(now time.Time) {
	if c.asked == 0 {
		c.log.Error("some of what people click is lost: Slack hands it to connections that are not mine", "counted", c.last.counted, "open", c.last.ours)
	}
	c.tell = append(c.tell, c.last)
	c.next, c.tried = now.Add(outbox.Backoff(c.asked, recountFirst, recountMost)), time.Time{}
	c.asked++
}

// stir has run look anew at when something is due.
func (c *census) stir() {
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
		c.speak()
	}
}

// speak tells the admins, in the goroutine that may wait for the disk: those who bring counts read lines.
func (c *census) speak() {
	c.mu.Lock()
	tell := c.tell
	c.tell = nil
	c.mu.Unlock()
	for _, t := range tell {
		c.alarm(t)
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

// due recounts if it is time. A moment that is not good for it is followed by another one soon, and after
// some of them it has to be believed what Slack said last.
func (c *census) due() {
	c.mu.Lock()
	now := c.now()
	due := !c.next.IsZero() && !now.Before(c.next)
	c.mu.Unlock()
	if !due {
		return
	}
	asked, open := c.recount()
	c.mu.Lock()
	defer c.mu.Unlock()
	switch {
	case c.next.IsZero(): // a hello has settled it meanwhile
	case asked:
		// The hello that answers it says when the next one is; without one it is asked for again.
		c.next, c.tried = now.Add(recountFirst), time.Time{}
	case c.tried.IsZero():
		c.next, c.tried = now.Add(time.Second), now
	case now.Sub(c.tried) < recountWithin:
		c.next = now.Add(time.Second)
	default:
		c.last.ours = open
		c.believe(now)
	}
}

// recount opens one of our connections anew, unless somebody would not be heard for it.
func (b *Bot) recount() (asked bool, open int) {
	open = b.meter.open()
	if b.ears.count() < 2 || !b.clicks.idle() || !b.asks.idle() || b.heard.inHand.Load() > 0 {
		return false, open
	}
	for i, c := range b.links {
		select {
		case c.anew <- struct{}{}:
			b.log.Info("opening a connection anew, for Slack to count again", "connection", i+1)
			return true, open
		default: // it is not open at this moment
		}
	}
	return false, open
}

// haunted tells the admins that part of what people click is lost.
func (b *Bot) haunted(t tally) {
	if b.Alarm == nil {
		return
	}
	says := approvals.Sayf("Slack counts %v connections for me, and I have %v. It sends the others part of what people type and click, and that part is lost: people see a warning in Slack, and trying again helps.", t.counted, t.ours)
	if t.refused {
		says = approvals.Sayf("Slack closes every connection I open right away, as it does when an app already has %v. I have %v of them open. The others get part of what people type and click, and that part is lost: people see a warning in Slack.", t.counted, t.ours)
	}
	if t.overdrawn() {
		b.Alarm(context.Background(), "connections", approvals.Sayf("All of me together want %v connections to Slack, and Slack allows %v, so some of mine stay closed. What people click still arrives, but I have none to spare. Whoever runs me can lower `slack.connections` in usher.yml, or run one Usher less.", t.wanted, slackMost))
		return
	}
	b.Alarm(context.Background(), "connections", approvals.Sayf(
		"%v Dead connections go away by themselves, and I open no more than I need meanwhile. If you see this again tomorrow, check whether a second Usher is running with the same tokens, or a firewall drops quiet connections.", says))
}
