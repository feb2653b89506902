package web

import (
	"context"
	"strings"
	"sync"
	"time"

	"github.com/usherbot/usher/approvals"
)

// Change is what Slack says of somebody whose account has changed, as far as it matters here.
type Change struct {
	Person approvals.PersonID
	// Able: an active full member by now.
	Able bool
	// Gone: deactivated; Bot: a program. Name is what they are called.
	Gone, Bot bool
	Name      string
	// AsOf is when Slack last changed what it shows of them, by its own clock and to the second; zero: it doesn't say.
	AsOf time.Time
	// Off is what their status says.
	Off approvals.Off
}

// news is what Slack tells of by itself. It says at each status, photo and huddle of everybody that they have changed, so
// what matters is told apart here, from memory, before anything is looked up, stored or logged.
type news struct {
	mu sync.Mutex
	// unable are those of whom Slack has said that they are no active full members.
	unable map[approvals.PersonID]bool
	// turn counts the changes that mattered: what was asked before one is not remembered after it.
	turn int
	// forget are the memories in which somebody may stand.
	forget []func(approvals.PersonID)
	// off are the memories in which somebody's status may stand.
	off []func(approvals.PersonID, approvals.Off)
	// heed hears who or what has changed; nil: nobody does.
	heed func(ctx context.Context, who string)
}

// Heed has somebody told of each person and user group of which Slack says something new. It is called before the client
// is used, and heed must not wait for Slack.
func (s *Client) Heed(heed func(ctx context.Context, who string)) { s.news.heed = heed }

func (n *news) tell(ctx context.Context, who string) {
	if n.heed != nil {
		n.heed(ctx, who)
	}
}

// remembers has a memory forget whoever changes, and hear what anybody's status says.
func (n *news) remembers(forget func(approvals.PersonID), off func(approvals.PersonID, approvals.Off)) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.forget, n.off = append(n.forget, forget), append(n.off, off)
}

// now is how many changes have mattered.
func (n *news) now() int {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.turn
}

// seen takes down how somebody was seen, and has it remembered, unless something has changed since that was asked.
func (n *news) seen(who approvals.Person, turn int, remember func()) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.turn == turn {
		n.put(who.ID, who.Full())
		remember()
	}
}

// put takes down whether somebody is an active full member. Those who are not are few: past the bound they are found anew.
func (n *news) put(id approvals.PersonID, able bool) {
	switch {
	case able:
		delete(n.unable, id)
	case n.unable == nil || len(n.unable) >= maxRemember:
		n.unable = map[approvals.PersonID]bool{id: true}
	default:
		n.unable[id] = true
	}
}

// PersonChanged is Slack saying that somebody has changed. Where that makes an active full member of somebody who was
// none, or the other way round, nothing that was known of them is believed any more, and whoever heeds it is told; of
// everybody else nothing is kept, but what the status says of who is remembered anyway.
func (s *Client) PersonChanged(ctx context.Context, c Change) {
	n := &s.news
	n.mu.Lock()
	for _, off := range n.off {
		off(c.Person, c.Off)
	}
	if c.Person == "" || n.unable[c.Person] == !c.Able {
		n.mu.Unlock()
		return
	}
	n.put(c.Person, c.Able)
	n.turn++
	for _, forget := range n.forget {
		forget(c.Person)
	}
	n.mu.Unlock()
	n.tell(ctx, string(c.Person))
}

// ChangedElsewhere is another replica saying that it heard of somebody, or a user group, what matters: what was known of them here is
// believed no more. Nobody who heeds changes is told: the other one was.
func (s *Client) ChangedElsewhere(who string) {
	if strings.HasPrefix(who, "S") {
		s.GroupChanged(approvals.GroupID(who))
		return
	}
	n := &s.news
	n.mu.Lock()
	defer n.mu.Unlock()
	n.turn++
	delete(n.unable, approvals.PersonID(who))
	for _, forget := range n.forget {
		forget(approvals.PersonID(who))
	}
}
