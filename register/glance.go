package register

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/register/list"
)

// glanceFor is how long what is kept of an app is remembered for Homes: many are drawn at once, a list may be long, and to count
// open findings all requests are read. What this process imports is known at once.
const glanceFor = time.Minute

// glances are what Homes are shown of apps' lists, remembered for a moment.
type glances struct {
	mu sync.Mutex
	// writing is how many commits are under way, and turn rises with each: while one is, or over one, nothing is remembered.
	writing, turn int
	of            map[string]*glance
}

// glance is what is kept of an app, by address.
type glance struct {
	read    time.Time
	kept    Kept // with the findings that weren't closed when it was imported
	members map[string]list.Member

	counting sync.Mutex
	counted  time.Time // when open was counted; zero: it wasn't yet
	open     int
}

// suspend forgets what is remembered until the commit is over that it returns the end of.
func (g *glances) suspend() (over func()) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.writing, g.turn, g.of = g.writing+1, g.turn+1, nil
	return func() {
		g.mu.Lock()
		defer g.mu.Unlock()
		g.writing--
	}
}

func (g *glances) get(app string, now time.Time) (found *glance, turn int) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if was := g.of[app]; was != nil && !now.Before(was.read) && now.Sub(was.read) < glanceFor {
		return was, g.turn
	}
	return nil, g.turn
}

func (g *glances) put(app string, l *glance, turn int) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if turn != g.turn || g.writing > 0 {
		return
	}
	if g.of == nil {
		g.of = map[string]*glance{}
	}
	g.of[app] = l
}

// glance is what is kept of an app, as it was within the last minute.
func (g *Register) glance(ctx context.Context, app approvals.App, now time.Time) (*glance, error) {
	l, turn := g.glances.get(app.ID, now)
	if l != nil {
		return l, nil
	}
	k, err := g.Book.Register(ctx, app.ID)
	if err != nil {
		return nil, fmt.Errorf("read what is kept of %s: %w", app.ID, err)
	}
	k.Findings = slices.DeleteFunc(k.Findings, func(f Finding) bool { return !f.Closed.IsZero() })
	l = &glance{read: now, kept: k, members: indexed(k.Members)}
	g.glances.put(app.ID, l, turn)
	return l, nil
}

// of is what a list says of some addresses.
func (l *glance) of(addresses []string) Seen {
	s := Seen{At: l.kept.At, How: ByList}
	for _, a := range addresses {
		if m, ok := l.members[approvals.FoldEmail(a)]; ok && a != "" && !slices.ContainsFunc(s.Members, func(o list.Member) bool { return approvals.SameEmail(o.Email, a) }) {
			s.Members = append(s.Members, m)
		}
	}
	return s
}
