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

// standing is whether somebody is an active full member, as far as is known. Only what was heard here was told to whoever heeds it: what a
// look-up shows, the event says later, perhaps because the replica that heard it first died over it.
type standing struct{ able, heard bool }

// news is what Slack tells of by itself. It says at each status, photo and huddle of everybody that they have changed, so
// what matters is told apart here, from memory, before anything is looked up, stored or logged.
type news struct {
	mu sync.Mutex
	// of are those who were no active full member when they were last heard of or looked up, and whoever has only been found to be one again.
	of map[approvals.PersonID]standing
	// turn counts the changes that mattered: what was asked before one is not remembered after it.
	turn int
	// forget are the memories in which somebody may stand.
	forget []func(approvals.PersonID)
	// off are the memories in which somebody's status may stand.
	off []func(approvals.PersonID, approvals.Off)
	// heed hears who or what has changed; nil: nobody does.
	heed func(ctx context.Context, who string) error
}

// Heed has somebody told of each person and user group of which Slack says something new. It is called before the client
// is used, and heed must not wait for Slack. An error says that it wasn't kept: of a person, Slack is to say it again.
func (s *Client) Heed(heed func(ctx context.Context, who string) error) { s.news.heed = heed }

func (n *news) tell(ctx context.Context, who string) error {
	if n.heed == nil {
		return nil
	}
	return n.heed(ctx, who)
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
		n.looked(who.ID, who.Full())
		remember()
	}
}

// listed has somebody remembered as a reading of everybody shows them, unless something has changed since that was asked, or of them it is
// known better. How they were seen isn't taken down: most of those who are no members any more left long ago.
func (n *news) listed(who approvals.Person, turn int, remember func()) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if is, known := n.of[who.ID]; n.turn == turn && (!known || is.able) {
		remember()
	}
}

// looked takes down how somebody was found: heard of it is not told yet.
func (n *news) looked(id approvals.PersonID, able bool) {
	if is, known := n.of[id]; known && is.able != able || !known && !able {
		n.put(id, standing{able: able})
	}
}

// hears takes down what Slack says of somebody; false: that is no news.
func (n *news) hears(id approvals.PersonID, able bool) bool {
	is, known := n.of[id]
	switch {
	case !known && able, known && is.heard && is.able == able:
		return false
	case able:
		delete(n.of, id)
	default:
		n.put(id, standing{heard: true})
	}
	return true
}

// put takes down somebody who is no active full member, or of whom that isn't certain. Those are few: past the bound they are found anew.
func (n *news) put(id approvals.PersonID, is standing) {
	if n.of == nil || len(n.of) >= maxRemember {
		n.of = map[approvals.PersonID]standing{}
	}
	n.of[id] = is
}

// PersonChanged is Slack saying that somebody has changed. Where that makes an active full member of somebody who was
// none, or the other way round, nothing that was known of them is believed any more, and whoever heeds it is told; of
// everybody else nothing is kept, but what the status says of who is remembered anyway. After an error it is news again.
func (s *Client) PersonChanged(ctx context.Context, c Change) error {
	n := &s.news
	n.mu.Lock()
	for _, off := range n.off {
		off(c.Person, c.Off)
	}
	if c.Person == "" || !n.hears(c.Person, c.Able) {
		n.mu.Unlock()
		return nil
	}
	n.forgets(c.Person)
	n.mu.Unlock()
	err := n.tell(ctx, string(c.Person))
	if err != nil {
		n.mu.Lock()
		n.put(c.Person, standing{})
		n.mu.Unlock()
	}
	return err
}

// forgets has nothing believed any more of what was known of somebody.
func (n *news) forgets(who approvals.PersonID) {
	n.turn++
	for _, forget := range n.forget {
		forget(who)
	}
}

// ChangedElsewhere is another replica saying that it heard of somebody, or a user group, what matters: what was known of them here is
// believed no more. Nobody who heeds changes is told: the other one was. What this one hears of them next is news, whatever it says.
func (s *Client) ChangedElsewhere(who string) {
	if strings.HasPrefix(who, "S") {
		s.GroupChanged(approvals.GroupID(who))
		return
	}
	n := &s.news
	n.mu.Lock()
	defer n.mu.Unlock()
	n.put(approvals.PersonID(who), standing{})
	n.forgets(approvals.PersonID(who))
}
