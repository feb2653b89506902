package bot

import (
	"errors"
	"time"

	"github.com/usherbot/usher/outbox"
)

const (
	// tryEvery is the least time between two tries of one connection, whatever they are for.
	tryEvery = time.Second
	// The pause after tries that led to nothing. It never grows beyond what may pass while nobody hears.
	failedFirst = 500 * time.Millisecond
	failedMost  = deafMost
	// The hold-off while Slack says that the app has too many connections.
	crowdFirst = 5 * time.Second
	crowdMost  = time.Minute
	// The hold-off after connections that fell silent within an hour of each other: each leaves a dead
	// one at Slack, which goes away by itself if they do not become too many.
	silenceFirst = 15 * time.Second
	silenceMost  = 5 * time.Minute
	silenceCount = time.Hour
)

// holdoff says how long one connection waits before its next try, by how the last line ended. Two things
// alone make it wait for longer than a moment, because each try makes them worse: that Slack says there are
// too many, and lines that fall silent, which stay registered at Slack for a while and take their share of
// envelopes. That Slack recycles a line is no fault, and neither is a cut: the next one is opened at once.
type holdoff struct {
	now func() time.Time

	failed  int // tries in a row that led to nothing
	crowded int // lines in a row of which Slack said that they were too many
	quiet   int // lines that fell silent, each within an hour of the one before
	since   time.Time
}

// after is how long to wait; why is a word for the log where it is long.
func (h *holdoff) after(p parting) (pause time.Duration, why string) {
	if p.reason == reasonCrowd {
		h.crowded++
		return outbox.Backoff(h.crowded-1, crowdFirst, crowdMost), "Slack says that too many connections are open"
	}
	h.crowded = 0
	switch {
	case errors.Is(p.err, errSilent):
		return h.hush(), "connections to Slack keep falling silent, and leave dead ones behind"
	case p.reason == reasonWarning, p.reason == reasonRefresh, p.greeted && !p.soon && p.reason == "":
		h.failed = 0
		return 0, ""
	}
	h.failed++
	return outbox.Backoff(h.failed-1, failedFirst, failedMost), ""
}

// hush is how long to hold off after silence: not at all the first time.
func (h *holdoff) hush() time.Duration {
	now := h.now()
	if now.Sub(h.since) > silenceCount {
		h.quiet = 0
	}
	h.since = now
	h.quiet++
	if h.quiet < 2 {
		return 0
	}
	return outbox.Backoff(h.quiet-2, silenceFirst, silenceMost)
}
