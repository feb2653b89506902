package bot

import (
	"context"
	"sync"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/bot/view"
)

// leftOut counts the answers to each person for which there was no room, so that one sentence in their place says so:
// nobody is left without a word. It holds a number and the latest place to answer for each, and no more people than a
// flood can bring.
type leftOut struct {
	mu sync.Mutex
	of map[approvals.PersonID]*missed
}

// missed are the answers that one person did not get since they were last told.
type missed struct {
	count  int
	latest said
}

// add counts an answer; first: nobody has promised to tell them yet. ok is false where there is no room for one more.
func (l *leftOut) add(s said) (first, ok bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	m := l.of[s.who]
	if m == nil {
		if len(l.of) >= mostTurnedAway {
			return false, false
		}
		if l.of == nil {
			l.of = map[approvals.PersonID]*missed{}
		}
		m, first = &missed{}, true
		l.of[s.who] = m
	}
	m.count, m.latest = m.count+1, s
	return first, true
}

// take is what somebody missed, and begins anew.
func (l *leftOut) take(who approvals.PersonID) missed {
	l.mu.Lock()
	defer l.mu.Unlock()
	m := l.of[who]
	delete(l.of, who)
	if m == nil {
		return missed{}
	}
	return *m
}

// leaveOut lets somebody hear that an answer to them was left out: once for all of them, when those before it are said.
func (b *Bot) leaveOut(s said) {
	b.log.Warn("too many answers to one person at once; one was left out", "user", s.who, "type", s.typ)
	first, ok := b.missed.add(s)
	if !ok {
		b.log.Error("too many people miss answers; one of them is not told", "user", s.who)
	}
	if !first {
		return
	}
	last := b.says.putLast(s.who, func(live context.Context) {
		m := b.missed.take(s.who)
		b.say(live, m.latest, view.LeftOut(m.count))
	})
	if last == nil {
		b.missed.take(s.who) // the lane has closed: nobody is told anything any more
	}
}
