package check

import (
	"fmt"
	"net/http"
	"sync"
	"time"

	"github.com/usherbot/usher/terminal"
)

// clockMayBeOff is how far this machine's clock may be from Slack's before somebody should set it: times that people read are by it until
// Slack has answered, and so is what a log says.
const clockMayBeOff = 10 * time.Second

// witness hears by the Date of answers what time it is elsewhere.
type witness struct {
	mu  sync.Mutex
	off time.Duration
	// least is how long the quickest answer took: the date of it is good to that.
	least time.Duration
}

// hearing is a client whose answers it hears.
func (w *witness) hearing(c *http.Client) *http.Client {
	heard := *c
	next := heard.Transport
	if next == nil {
		next = http.DefaultTransport
	}
	heard.Transport = roundTrip(func(r *http.Request) (*http.Response, error) {
		asked := time.Now()
		answer, err := next.RoundTrip(r)
		if err == nil {
			w.hear(asked, time.Now(), answer.Header.Get("Date"))
		}
		return answer, err
	})
	return &heard
}

type roundTrip func(*http.Request) (*http.Response, error)

// RoundTrip implements http.RoundTripper.
func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// hear takes the date of one answer. Dates are whole seconds, so the middle of that one is meant.
func (w *witness) hear(asked, answered time.Time, date string) {
	at, err := http.ParseTime(date)
	took := answered.Sub(asked)
	w.mu.Lock()
	defer w.mu.Unlock()
	if err != nil || w.least > 0 && took >= w.least {
		return
	}
	w.least = max(took, 1)
	w.off = asked.Add(took / 2).Sub(at.Add(500 * time.Millisecond))
}

// clock says how far this machine's clock is from Slack's.
func (t *Table) clock(w *witness) {
	const thing = "clock"
	w.mu.Lock()
	defer w.mu.Unlock()
	off := w.off.Round(time.Second)
	switch {
	case w.least == 0:
		t.warn(thing, "Slack didn't say what time it is there", "see whether it can be reached from here")
	case off.Abs() <= clockMayBeOff:
		t.ok(thing, "within %s of Slack's", terminal.Plural(max(1, int(off.Abs().Seconds())), "second", "seconds"))
	default:
		way := "ahead of"
		if off < 0 {
			way = "behind"
		}
		t.warn(thing, fmt.Sprintf("this machine's is %s %s Slack's", off.Abs(), way), "have it set by a time server (NTP); a running Usher goes by Slack's")
	}
}
