package bot

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/slack-go/slack"
	"github.com/slack-go/slack/socketmode"
)

// impatience is the longest pause between tries to open a connection. slack-go would go up to five
// minutes, and be that late when Slack is back.
const impatience = 15 * time.Second

// connection is one Socket Mode connection, kept open: a socketmode.Client, its loop, and a reader of
// its events that never stands still, because the client's own reading waits for it.
type connection struct {
	bot    *Bot
	client *socketmode.Client
	gate   *gate
	log    *slog.Logger
	after  time.Duration

	up atomic.Bool // Slack has greeted it, and it has not ended since

	// Of the reader of the client's events alone.
	met     time.Time // when the connection was made that Slack has yet to greet; zero: there is none
	refused time.Time // since when each one has ended before it was greeted; zero: the last one was greeted

	mu    sync.Mutex
	end   context.CancelFunc // of the client's present run
	pause time.Duration      // before the next one
}

func newConnection(b *Bot, i int) *connection {
	log := b.log.With("connection", i+1)
	g := &gate{http: b.slack.cfg.HTTP, log: log, now: b.now, pace: b.slack.pace, others: b.slack.meter.open, ours: b.slack.ourSocket}
	opened := func(c net.Conn) net.Conn {
		g.dialed()
		return b.slack.meter.around(c)
	}
	return &connection{
		bot: b, gate: g, log: log, after: time.Duration(i) * stagger, end: func() {},
		client: socketmode.New(b.slack.socketClient(g), socketmode.OptionDialer(dialer(b.slack.cfg.Dial, opened, g.silenced))),
	}
}

// run keeps the connection open until ctx ends or Slack refuses the app's token for good.
func (c *connection) run(ctx context.Context) {
	if sleep(ctx, c.after) != nil {
		return
	}
	for ctx.Err() == nil && c.bot.slack.Doom() == nil {
		err := c.once(ctx)
		if code := fatalCode(err); code != "" {
			c.bot.slack.doomWith(refusal("app", "SLACK_APP_TOKEN", code))
			return
		}
		if ctx.Err() == nil {
			pause := c.pausing()
			if !errors.Is(err, context.Canceled) {
				c.log.Warn("trying anew to connect to Slack", "in", pause, "err", err)
			}
			_ = sleep(ctx, pause) // the loop's condition sees why it ended early
		}
	}
}

// once is one run of the client; it ends when ctx does, when the client gives up, or by restart.
func (c *connection) once(ctx context.Context) error {
	ctx, end := context.WithCancel(ctx)
	defer end()
	defer c.up.Store(false)
	c.mu.Lock()
	c.end, c.pause = end, impatience
	c.mu.Unlock()
	return c.client.RunContext(ctx)
}

// restart ends the client's run; the next one begins after a pause.
func (c *connection) restart(pause time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.pause = pause
	c.end()
}

func (c *connection) pausing() time.Duration {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.pause
}

// listen reads the client's events until ctx ends; the channel is never closed.
func (c *connection) listen(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case e := <-c.client.Events:
			c.event(e)
		}
	}
}

func (c *connection) event(e socketmode.Event) {
	switch e.Type {
	case socketmode.EventTypeConnecting:
		c.up.Store(false)
		c.ended()
	case socketmode.EventTypeConnected:
		c.met = c.bot.now()
	case socketmode.EventTypeHello:
		c.up.Store(true)
		c.hello(e.Request)
	case socketmode.EventTypeSlashCommand, socketmode.EventTypeInteractive, socketmode.EventTypeEventsAPI:
		c.envelope(e.Request)
	case socketmode.EventTypeErrorBadMessage:
		c.unread(e.Data)
	case socketmode.EventTypeConnectionError:
		c.failed(e.Data)
	case socketmode.EventTypeErrorWriteFailed:
		if lost, ok := e.Data.(*socketmode.ErrorWriteFailed); ok && lost.Response != nil {
			c.log.Warn("an ack was lost with its connection", "envelope", lost.Response.EnvelopeID, "err", lost.Cause)
		}
	default:
		c.log.Debug("socket", "event", e.Type)
	}
}

// hello is Slack's word that the connection is good. More connections than ours mean dead ones that
// take their share of envelopes, or a second Usher with the same token.
func (c *connection) hello(r *socketmode.Request) {
	c.gate.greeted()
	c.met, c.refused = time.Time{}, time.Time{}
	if r == nil {
		return
	}
	open := c.bot.slack.meter.counted(r.NumConnections)
	c.log.Debug("connected to Slack", "connections", r.NumConnections)
	c.bot.census.hello(r.NumConnections, open)
}

// ended hears that the connection before is gone. One that ended at once and was not even greeted is one
// too many for Slack, if that goes on.
func (c *connection) ended() {
	now, met := c.bot.now(), c.met
	c.met = time.Time{}
	if met.IsZero() || now.Sub(met) >= lasting {
		return
	}
	if c.refused.IsZero() {
		c.refused = now
	}
	if now.Sub(c.refused) >= refusedFor {
		c.bot.census.refused(c.refused, c.bot.slack.meter.counted(slackMost))
	}
}

func (c *connection) envelope(r *socketmode.Request) {
	if r == nil || r.EnvelopeID == "" {
		return
	}
	c.bot.submit(&envelope{id: r.EnvelopeID, kind: r.Type, payload: r.Payload, via: c.client, heard: c.bot.now()})
}

// unread takes a frame that slack-go could not read: of an unknown type, or stricter in its eyes than
// in ours. Whatever has an envelope id is queued like any other.
func (c *connection) unread(data any) {
	bad, ok := data.(*socketmode.ErrorBadMessage)
	if !ok {
		return
	}
	var r socketmode.Request
	if err := json.Unmarshal(bad.Message, &r); err != nil || r.EnvelopeID == "" {
		c.log.Warn("unreadable frame from Slack", "bytes", len(bad.Message), "err", bad.Cause)
		return
	}
	c.log.Warn("envelope that slack-go cannot read", "envelope", r.EnvelopeID, "kind", r.Type, "err", bad.Cause)
	c.envelope(&r)
}

// failed hears why no connection could be opened. Some reasons slack-go would try for ever although
// they never change, and some it would wait out for too long.
func (c *connection) failed(data any) {
	problem, ok := data.(*slack.ConnectionErrorEvent)
	if !ok {
		return
	}
	err := bare(problem.ErrorObj)
	if code := fatalCode(err); code != "" {
		c.bot.slack.doomWith(refusal("app", "SLACK_APP_TOKEN", code))
		c.restart(impatience)
		return
	}
	c.log.Warn("cannot connect to Slack", "attempt", problem.Attempt, "again_in", problem.Backoff, "err", err)
	var limit *slack.RateLimitedError
	if problem.Backoff > impatience && !errors.As(problem.ErrorObj, &limit) {
		c.restart(impatience)
	}
}

// fatalCode is Slack's word when opening a connection can never work with this token, else "".
func fatalCode(err error) string {
	var answer slack.SlackErrorResponse
	if !errors.As(err, &answer) {
		return ""
	}
	fatal := append([]string{"missing_scope"}, faultByCode[Refused]...)
	if slices.Contains(fatal, answer.Err) {
		return answer.Err
	}
	return ""
}
