package web

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/usherbot/usher/approvals"
)

const (
	// groupFor is how long what was read of a user group is believed at most: as long as it takes for a few readings
	// behind to fail. After that whoever needs it asks, and hears where Slack can't say.
	groupFor = 15 * time.Minute
	// groupAnew is the age at which it is read again behind. Slack tells of changes, if the app is subscribed to that,
	// and what it tells may be lost: nobody decides by a group longer than this after having been taken out of it.
	groupAnew = 5 * time.Minute
	// groupRound is how often is looked for what has reached that age, or could not be read.
	groupRound = time.Minute
)

// groups is who is in which user group, as far as it was read; all directories of a workspace share it.
type groups struct {
	kept memory[approvals.GroupID, membership]
	// changed is told when something is to be read anew.
	changed chan struct{}

	mu sync.Mutex
	// named are those to be kept fresh whoever asks, and turns counts the changes that Slack told of: what was asked
	// before one answers nobody after it.
	named []approvals.GroupID
	turns map[approvals.GroupID]int
	// last is what was read last of each, whoever asked, and told what the others were told of it: the first reading is
	// what they began with.
	last, told map[approvals.GroupID]membership
}

// membership is who is in a user group, or that Slack has no such group: then nobody is, and nobody is known not to be.
type membership struct {
	people []approvals.PersonID
	gone   bool
}

func (m membership) same(as membership) bool {
	return m.gone == as.gone && slices.Equal(m.people, as.people)
}

func newGroups(now func() time.Time) *groups {
	return &groups{kept: memory[approvals.GroupID, membership]{keep: groupFor, now: now},
		changed: make(chan struct{}, 1), turns: map[approvals.GroupID]int{},
		last: map[approvals.GroupID]membership{}, told: map[approvals.GroupID]membership{}}
}

// turn is how many changes of a group Slack has told of.
func (g *groups) turn(id approvals.GroupID) int {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.turns[id]
}

// keep remembers who is in a group, unless it has changed since that was asked. What differs from what others were told is
// news, whoever asked: KeepGroups tells it.
func (g *groups) keep(id approvals.GroupID, members membership, asked int) {
	g.mu.Lock()
	defer g.mu.Unlock()
	was, known := g.told[id]
	if !known {
		was, g.told[id] = members, members
	}
	if g.turns[id] != asked {
		return
	}
	g.kept.put(id, members)
	if g.last[id] = members; !was.same(members) {
		g.wake()
	}
}

// wake lets KeepGroups look.
func (g *groups) wake() {
	select {
	case g.changed <- struct{}{}:
	default: // it is woken already
	}
}

// news are the groups of which something else was read than was told, and are told by that.
func (g *groups) news() (ids []approvals.GroupID) {
	g.mu.Lock()
	defer g.mu.Unlock()
	for id, now := range g.last {
		if !g.told[id].same(now) {
			ids, g.told[id] = append(ids, id), now
		}
	}
	slices.Sort(ids)
	return ids
}

// due are the groups to be read now: those that are named and not known, and all that have reached the age for it.
func (g *groups) due() []approvals.GroupID {
	g.mu.Lock()
	defer g.mu.Unlock()
	due := g.kept.older(groupAnew)
	for _, id := range g.named {
		if _, known := g.kept.get(id); !known {
			due = append(due, id)
		}
	}
	slices.Sort(due)
	return slices.Compact(due)
}

// GroupChanged is Slack saying that who is in a user group has changed: what was known of it is believed no more. What it
// says of the change itself is not read, because Slack cuts that short for large groups. Groups that nobody asks about are
// passed over: then it is false.
func (s *Client) GroupChanged(id approvals.GroupID) (known bool) {
	g := s.groups
	g.mu.Lock()
	known = g.kept.drop(id) || slices.Contains(g.named, id)
	if known {
		g.turns[id]++
	}
	g.mu.Unlock()
	if !known {
		return false
	}
	g.wake()
	return true
}

// KeepGroups reads who is in some user groups, and then behind whatever has reached its age or has changed, until ctx ends:
// so that nobody who asks or decides waits for it. What can't be read is tried again every minute.
func (s *Client) KeepGroups(ctx context.Context, named []approvals.GroupID) {
	s.groups.mu.Lock()
	s.groups.named = slices.Clone(named)
	s.groups.mu.Unlock()
	for round := time.NewTicker(groupRound); ; {
		for _, id := range s.groups.due() {
			if _, err := s.readGroup(ctx, id); err != nil {
				s.log.DebugContext(ctx, "who is in a user group could not be read behind", "group", id, "err", err)
			}
		}
		for _, id := range s.groups.news() {
			if err := s.news.tell(ctx, string(id)); err != nil {
				s.log.WarnContext(ctx, "cannot keep that a user group has changed; what hangs on it is looked up again within a day", "group", id, "err", err)
			}
		}
		select {
		case <-ctx.Done():
			round.Stop()
			return
		case <-s.groups.changed:
		case <-round.C:
		}
	}
}

// members are who is in a user group, as far as is remembered, else as Slack says now.
func (s *Client) members(ctx context.Context, id approvals.GroupID) ([]approvals.PersonID, error) {
	m, known := s.groups.kept.get(id)
	if !known {
		var err error
		if m, err = s.readGroup(ctx, id); err != nil {
			return nil, err
		}
	}
	if m.gone {
		return nil, approvals.ErrNoGroup
	}
	return m.people, nil
}

// readGroup asks Slack who is in a user group.
func (s *Client) readGroup(ctx context.Context, id approvals.GroupID) (membership, error) {
	asked := s.groups.turn(id)
	return ask(ctx, s, fmt.Sprintf("group %s, %d", id, asked), func(ctx context.Context) (membership, error) {
		ids, err := s.group(ctx, id)
		m := membership{gone: IsCode(err, noSuchGroup)}
		switch {
		case m.gone:
			s.log.WarnContext(ctx, "a policy names a user group that Slack does not know", "group", id)
		case err != nil:
			return m, err
		}
		for _, id := range ids {
			m.people = append(m.people, approvals.PersonID(id))
		}
		s.groups.keep(id, m, asked)
		return m, nil
	})
}
