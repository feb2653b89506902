package app

import (
	"context"
	"log/slog"
	"net/http"
	"sync"
	"time"

	"github.com/usherbot/usher/bot"
	"github.com/usherbot/usher/outbox"
)

// clock is the time the program goes by. It is read off the wall once, at the start, and then follows
// the time that has really passed: a wall clock that is set while the program runs, forward or back,
// expires no request early and posts no report twice.
//
// Whether the wall was right at the start (or the machine slept) a witness tells: the Date header of
// Slack's answers. Two answers in a row that agree with each other and not with the clock set it. One that was long on its way, or heard
// by a process that stood still meanwhile, says what time it was, and is no witness.
// Until the first answer nothing is done that cannot be undone only because a clock says so (see sure):
// while Slack cannot be reached nobody could be told of it either. Where Slack's answers bear no date at
// all, the wall is believed after a minute.
type clock struct {
	elapsed func() time.Duration
	log     *slog.Logger

	mu sync.Mutex
	// base is what the clock showed when elapsed was zero.
	base time.Time
	// off is how far the last answer was from the clock; seen counts answers.
	off  time.Duration
	seen int
	// undated says that an answer bore no date.
	undated bool
}

const (
	// tolerance is how far Slack's time may be from ours before one of them is wrong.
	Tolerance = 90 * time.Second
	// agreement is how far two answers in a row may be from each other, and how long one may be on its way.
	agreement = 20 * time.Second
	// unwitnessed is how long the clock is doubted where answers bear no date.
	unwitnessed = time.Minute
)

func newClock(wall func() time.Time, elapsed func() time.Duration, log *slog.Logger) *clock {
	return &clock{elapsed: elapsed, log: log, base: wall().Round(0).Add(-elapsed())}
}

// Now is the present moment.
func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.base.Add(c.elapsed())
}

// witness hears what time it is elsewhere.
func (c *clock) witness(date time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	was := c.off
	c.off = date.Sub(c.base.Add(c.elapsed()))
	c.seen++
	if c.off.Abs() <= Tolerance || c.seen < 2 || (c.off-was).Abs() > agreement {
		return
	}
	c.log.Warn("this machine's clock is wrong; I go by Slack's", "off_by", c.off)
	c.base = c.base.Add(c.off)
	c.off = 0
}

// doubted reports whether nobody has confirmed the clock yet and there is still time to wait for that.
func (c *clock) doubted() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	sure := c.seen >= 1 && c.off.Abs() <= Tolerance || c.seen >= 3
	return !sure && !(c.undated && c.elapsed() >= unwitnessed)
}

// silent hears an answer that says nothing of the time.
func (c *clock) silent() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.undated = true
}

// confirmed waits until the clock is not doubted any more, or ctx ends.
func (c *clock) confirmed(ctx context.Context) {
	tick := time.NewTicker(100 * time.Millisecond)
	defer tick.Stop()
	for c.doubted() && ctx.Err() == nil {
		select {
		case <-ctx.Done():
		case <-tick.C:
		}
	}
}

// sure holds deliveries back that happen because a time has come, until the clock is confirmed.
func (c *clock) sure(d outbox.Doer) outbox.Doer {
	return outbox.DoerFunc(func(ctx context.Context, job outbox.Job) outbox.Result {
		if c.doubted() {
			return outbox.RetryAt(c.Now().Add(time.Second), "the clock is not confirmed yet")
		}
		return d.Do(ctx, job)
	})
}

// listenTo is client with the clock listening to the answers.
func (c *clock) listenTo(client *http.Client) *http.Client {
	heard := *client
	heard.Transport = witnessed{client.Transport, c}
	return &heard
}

// witnessed passes on calls and lets the clock hear the Date of the answers.
type witnessed struct {
	http.RoundTripper
	clock *clock
}

// RoundTrip implements http.RoundTripper.
func (w witnessed) RoundTrip(r *http.Request) (*http.Response, error) {
	asked := w.clock.elapsed()
	resp, err := w.RoundTripper.RoundTrip(r)
	if err != nil || w.clock.elapsed()-asked > agreement {
		return resp, err
	}
	if date, bad := http.ParseTime(resp.Header.Get("Date")); bad == nil {
		w.clock.witness(date)
	} else {
		w.clock.silent()
	}
	return resp, nil
}

// standstill watches for the machine to stop; nil: it never does.
func (w Surroundings) standstill() *bot.Standstill {
	if !w.Stops {
		return nil
	}
	return &bot.Standstill{Now: w.Wall}
}
