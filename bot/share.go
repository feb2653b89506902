package bot

import (
	"sync"

	"github.com/usherbot/usher/approvals"
)

// shares counts what workers still do for each person after the ack: reading a vendor, giving an answer
// through Slack. That may take long and nobody waits for it with a stopwatch, so one person may hold
// half of the workers with it, and the other half stays free for what everybody else asks. Its zero
// value is ready.
type shares struct {
	mu    sync.Mutex
	count map[approvals.PersonID]int
}

// take counts one more for a person, unless they have as many as most already.
func (s *shares) take(who approvals.PersonID, most int) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.count == nil {
		s.count = map[approvals.PersonID]int{}
	}
	if s.count[who] >= most {
		return false
	}
	s.count[who]++
	return true
}

// free ends what a successful take began.
func (s *shares) free(who approvals.PersonID) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.count[who]--; s.count[who] == 0 {
		delete(s.count, who)
	}
}

// half is one person's share of the workers.
func (b *Bot) half() int { return max(b.slack.cfg.Workers/2, 1) }
