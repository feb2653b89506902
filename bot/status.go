package bot

import (
	"slices"
	"sync"
	"time"
)

// AckBounds are the upper bounds of the buckets in which Status counts acks; Slack gives up after 3 s.
var AckBounds = []time.Duration{10 * time.Millisecond, 50 * time.Millisecond, 100 * time.Millisecond, 250 * time.Millisecond,
	500 * time.Millisecond, time.Second, 2 * time.Second, 3 * time.Second}

// Status is how the ear is doing, for operators.
type Status struct {
	// Open is how many Socket Mode connections are open here; Counted how many Slack said there were
	// when it last said so, or how many it allows while it greets no new one. More of those are dead ones,
	// or another Usher with the same token.
	Open, Counted int
	// Acks counts acknowledged envelopes by how long after they were heard: one number for each of
	// AckBounds, and one for all that took longer. Total is their time together.
	Acks  []int
	Total time.Duration
}

// meter gathers Status; its zero value is ready.
type meter struct {
	mu     sync.Mutex
	status Status
}

// Status is how the ear is doing at this moment.
func (b *Bot) Status() Status {
	m := &b.meter
	m.mu.Lock()
	defer m.mu.Unlock()
	out := m.status
	out.Acks = slices.Clone(out.Acks)
	if out.Acks == nil {
		out.Acks = make([]int, len(AckBounds)+1)
	}
	return out
}

// Wanted is how many connections are to be open.
func (b *Bot) Wanted() int { return b.cfg.Connections }

// opened counts a connection until it is said to be over, which may be said again.
func (m *meter) opened() (over func()) {
	m.add(1)
	return sync.OnceFunc(func() { m.add(-1) })
}

// open is how many connections are open here.
func (m *meter) open() int { m.mu.Lock(); defer m.mu.Unlock(); return m.status.Open }

func (m *meter) add(n int) { m.mu.Lock(); m.status.Open += n; m.mu.Unlock() }

// counted keeps what Slack said in a hello, or showed by its silence, and answers how many are open here: one reading of both, so
// that what is logged and told of them is what the metric shows.
func (m *meter) counted(n int) (open int) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.status.Counted = n
	return m.status.Open
}

// acked counts one ack.
func (m *meter) acked(took time.Duration) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.status.Acks == nil {
		m.status.Acks = make([]int, len(AckBounds)+1)
	}
	i := slices.IndexFunc(AckBounds, func(b time.Duration) bool { return took <= b })
	if i < 0 {
		i = len(AckBounds)
	}
	m.status.Acks[i]++
	m.status.Total += took
}
