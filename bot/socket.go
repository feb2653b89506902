package bot

import (
	"context"
	"encoding/json"
	"log/slog"
	"math/bits"
	"sync"
	"time"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/bot/web"
)

const (
	// holdOffWarn is from where on a pause before the next try is worth a word in the log.
	holdOffWarn = 4 * time.Second
	// overlap is how long a line that Slack has warned of is heard beside its successor. Slack ends it some
	// ten seconds after the warning; if it forgets to, we do.
	overlap = 15 * time.Second
)

// connection keeps one Socket Mode connection open, by one line after the other. When Slack warns that it
// will recycle a line, the next one is opened while the old one still hears: so nothing goes unheard.
type connection struct {
	bot     *Bot
	log     *slog.Logger
	after   time.Duration
	holdoff holdoff
	anew    chan struct{} // whoever sends here wants the line that is open to be opened anew
	lines   sync.WaitGroup
	closing context.Context // ends when no line is to be opened any more, and the one that is open is to leave
	close   context.CancelFunc
	done    chan struct{} // closed when nothing is open any more

	mu      sync.Mutex
	current *line     // the last one that was greeted, while it hears
	refused time.Time // since when Slack greets none of its lines, because there are too many; zero: it does
}

func newConnection(b *Bot, i int) *connection {
	c := &connection{bot: b, log: b.log.With("connection", i+1), after: time.Duration(i) * stagger,
		holdoff: holdoff{now: b.now}, anew: make(chan struct{}), done: make(chan struct{})}
	c.closing, c.close = context.WithCancel(context.Background())
	return c
}

// run keeps the connection open until it is closed, Slack refuses the app's token for good, or live ends, which cuts its lines.
func (c *connection) run(live context.Context) {
	defer close(c.done)
	defer c.lines.Wait()
	ctx, stop := context.WithCancel(live)
	defer stop()
	defer context.AfterFunc(c.closing, stop)()
	if web.Pause(ctx, c.after) != nil {
		return
	}
	var before *line // what may still hear of the line before
	defer func() {
		if before != nil {
			before.retire()
		}
	}()
	for ctx.Err() == nil && c.bot.slack.Doom() == nil {
		spaced := make(chan struct{})
		time.AfterFunc(tryEvery, func() { close(spaced) })
		l, p := c.keep(ctx, live, before)
		if p.greeted {
			if before != nil {
				before.retire() // two at a time are enough
			}
			before = l
		}
		select {
		case <-spaced:
		default:
			p.soon = true
		}
		c.rest(ctx, p)
		select {
		case <-spaced:
		case <-ctx.Done():
		}
	}
}

// keep opens a line, which lives as long as live, and returns when it needs a successor, or is to have none, with how it parted.
func (c *connection) keep(ctx, live context.Context, before *line) (*line, parting) {
	c.bot.ears.tried()
	l, err := c.open(ctx)
	if err != nil {
		return nil, parting{err: err}
	}
	l.before = before
	c.lines.Go(func() { c.serve(live, l) })
	select {
	case <-l.told:
		return l, l.parting()
	case <-l.gone:
		return l, l.parting()
	case <-ctx.Done():
		l.dismiss()
		return l, l.parting()
	case <-c.anew:
		l.dismiss()
		<-l.gone
		return l, l.parting()
	}
}

// open asks Slack for an address and opens a WebSocket there.
func (c *connection) open(ctx context.Context) (*line, error) {
	address, err := c.bot.slack.SocketAddress(ctx)
	if err != nil {
		return nil, err
	}
	ws, err := dialSocket(ctx, c.bot.cfg.Dial, address, c.bot.cfg.silence())
	if err != nil {
		return nil, err
	}
	l := newLine(ws, c.bot.cfg.PingEvery, c.heard, c.ended)
	l.over = c.bot.meter.opened()
	return l, nil
}

// serve runs a line to its end.
func (c *connection) serve(ctx context.Context, l *line) {
	l.run(ctx)
	p := l.parting()
	if p.reason == "" && !p.asked && ctx.Err() == nil {
		c.log.WarnContext(ctx, "a connection to Slack ended", "greeted", p.greeted, "err", p.err)
	}
}

// ended counts a line out. It comes before the next one is tried, so that what Slack says to that one is
// never compared with a count in which this one still stands.
func (c *connection) ended(l *line) {
	l.over()
	c.deafened(l)
}

// deafened counts a line out of those that hear. It is called by its reading goroutine alone.
func (c *connection) deafened(l *line) {
	if l.hears {
		l.hears = false
		c.bot.ears.add(-1)
		c.mu.Lock()
		if c.current == l {
			c.current = nil
		}
		c.mu.Unlock()
	}
}

// hearing is the line that hears; nil: none does.
func (c *connection) hearing() *line {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.current
}

// rest waits before the next try, by what became of the last.
func (c *connection) rest(ctx context.Context, p parting) {
	if ctx.Err() != nil || c.bot.slack.Doom() != nil {
		return
	}
	if p.asked {
		_ = web.Pause(ctx, breath) // the loop's condition sees why it ended early
		return
	}
	if p.reason == reasonOff {
		c.bot.switchedOff()
	}
	pause, why := c.holdoff.after(p)
	switch n := c.holdoff.failed; {
	case pause >= holdOffWarn:
		c.log.WarnContext(ctx, why, "pause", pause)
	case p.reason == "" && !p.greeted && bits.OnesCount(uint(n)) == 1: // the first, second, fourth …: not one a second for hours
		c.log.WarnContext(ctx, "cannot connect to Slack", "attempt", n, "again_in", pause, "err", web.Bare(p.err))
	}
	c.bot.ears.wait(ctx, pause)
}

// heard takes a frame, in the goroutine that reads the line: nothing here may wait for anybody.
func (c *connection) heard(l *line, raw []byte) {
	var f frame
	err := json.Unmarshal(raw, &f)
	switch {
	case err == nil && f.Type == "hello":
		c.greeted(l, f.NumConnections)
	case err == nil && f.Type == "disconnect":
		c.told(l, f.Reason)
	case err == nil && f.EnvelopeID != "":
		l.owes(1)
		age := c.bot.cfg.Standstill.age()
		c.bot.submit(&envelope{id: f.EnvelopeID, kind: f.Type, payload: f.Payload, via: l, heard: c.bot.now().Add(-age), late: age > 0})
	default:
		c.log.Warn("Slack sent something that cannot be read", "bytes", len(raw), "type", f.Type, "err", err)
	}
}

// greeted hears Slack's word that a line is good, and how many it counts. More than ours mean dead ones
// that take their share of envelopes, or a second Usher with the same token.
func (c *connection) greeted(l *line, counted int) {
	l.greet()
	if !l.hears {
		l.hears = true
		c.bot.ears.add(1)
	}
	if l.before != nil {
		time.AfterFunc(overlap, l.before.retire)
		l.before = nil // or each would keep all before it
	}
	c.mu.Lock()
	c.refused, c.current = time.Time{}, l
	c.mu.Unlock()
	c.bot.switchedOn()
	if counted <= 0 {
		return // it does not say
	}
	open := c.bot.meter.counted(counted) + c.bot.cfg.Others()
	c.log.Debug("connected to Slack", "connections", counted)
	c.bot.census.hello(counted, open)
}

// told hears that Slack wants a line to end, and why. One that is only warned of hears on.
func (c *connection) told(l *line, reason string) {
	greeted := l.tell(reason)
	c.log.Info("Slack ends a connection; another one is opened", "reason", reason)
	if reason == reasonWarning {
		return
	}
	c.deafened(l)
	l.retire()
	if !greeted {
		l.over() // Slack does not count it either
	}
	if reason == reasonCrowd && !greeted {
		c.crowded()
	}
}

// crowded hears that Slack greets no line because the app has too many. If that goes on, what Slack does
// not count for us is told all the same: it is as many as it allows.
func (c *connection) crowded() {
	c.mu.Lock()
	defer c.mu.Unlock()
	now := c.bot.now()
	if c.refused.IsZero() {
		c.refused = now
	}
	if now.Sub(c.refused) >= refusedFor {
		others := c.bot.cfg.Others()
		c.bot.census.refused(c.refused, tally{counted: slackMost, ours: c.bot.meter.counted(slackMost) + others, refused: true, wanted: c.bot.cfg.Connections + others})
	}
}

// switchedOff tells the log and the admins that nothing can be heard until somebody changes the app's
// settings, once for as long as that is so.
func (b *Bot) switchedOff() {
	if !b.off.CompareAndSwap(false, true) {
		return
	}
	b.log.Error("Socket Mode is turned off in the app's settings at Slack: nothing that people type or click arrives until it is turned on again")
	if b.Alarm != nil {
		b.Alarm(context.Background(), "socket-mode", approvals.Sayf(
			"Socket Mode is turned off in the app's settings at Slack, so I can't hear anything people type or click. Somebody who manages the app can turn it back on at api.slack.com/apps, under “Socket Mode”, and I'm back within seconds. What's already approved carries on meanwhile."))
	}
}

// switchedOn hears that Slack greets a line.
func (b *Bot) switchedOn() {
	if b.off.CompareAndSwap(true, false) {
		b.log.Info("Socket Mode is turned on again")
	}
}
