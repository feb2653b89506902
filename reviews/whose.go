package reviews

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/usherbot/usher/approvals"
)

// Whose a line is to answer: the manager of whom it's about; for an account of somebody outside, who asked for it; else an owner of
// the app, else an admin. Nobody answers about their own, nobody who has left, and no guest or bot. What Slack can't say is an
// error: a line is nobody's on a guess.

// whose finds it for the lines of one review.
type whose struct {
	s    *Reviews
	app  approvals.App
	now  time.Time
	seen map[approvals.PersonID]approvals.Person
	away map[approvals.PersonID]bool
	// owners are the people who own the app, once somebody had to know.
	owners []approvals.PersonID
	looked bool
}

func (s *Reviews) whose(app approvals.App, now time.Time) *whose {
	return &whose{s: s, app: app, now: now, seen: map[approvals.PersonID]approvals.Person{}, away: map[approvals.PersonID]bool{}}
}

// assign makes a line somebody's.
func (w *whose) assign(ctx context.Context, l *Line) error {
	if l.Person != "" {
		m, err := w.s.Desk.ManagerOf(ctx, l.Person)
		if err != nil {
			return fmt.Errorf("find somebody's manager: %w", err)
		}
		if m.By != "" {
			if ok, err := w.can(ctx, m.By, *l); ok || err != nil {
				l.Reviewer, l.Why = m.By, AsManager
				return err
			}
		}
	} else if ok, err := w.can(ctx, l.Asked, *l); ok || err != nil {
		l.Reviewer, l.Why = l.Asked, AsAsker
		return err
	}
	owners, err := w.all(ctx)
	if err != nil {
		return err
	}
	for _, from := range []struct {
		people []approvals.PersonID
		why    Why
	}{{owners, AsOwner}, {w.s.Desk.Admins, AsAdmin}} {
		who, err := w.first(ctx, from.people, *l)
		if who != "" || err != nil {
			l.Reviewer, l.Why = who, from.why
			return err
		}
	}
	l.Reviewer, l.Why = "", AsNobody
	return nil
}

// first is the first of some who can answer a line; who is away only where nobody else is there.
func (w *whose) first(ctx context.Context, of []approvals.PersonID, l Line) (approvals.PersonID, error) {
	var stands approvals.PersonID
	for _, id := range of {
		ok, err := w.can(ctx, id, l)
		if err != nil {
			return "", err
		}
		if !ok {
			continue
		}
		if away, err := w.isAway(ctx, id); err != nil || !away {
			return id, err
		}
		if stands == "" {
			stands = id
		}
	}
	return stands, nil
}

// can reports whether somebody is there and may answer a line.
func (w *whose) can(ctx context.Context, id approvals.PersonID, l Line) (bool, error) {
	if id == "" {
		return false, nil
	}
	p, known := w.seen[id]
	if !known {
		var err error
		if p, err = w.s.Desk.Directory.Person(ctx, id); err != nil {
			return false, fmt.Errorf("look up person %s: %w", id, err)
		}
		w.seen[id] = p
	}
	p.ID = id
	return p.Full() && !l.own(p), nil
}

func (w *whose) isAway(ctx context.Context, id approvals.PersonID) (bool, error) {
	if away, known := w.away[id]; known {
		return away, nil
	}
	_, away, err := w.s.Desk.Away(ctx, id, w.now)
	if err == nil {
		w.away[id] = away
	}
	return away, err
}

// all are the people who own the app, and the members of groups that do, each once.
func (w *whose) all(ctx context.Context) ([]approvals.PersonID, error) {
	if w.looked {
		return w.owners, nil
	}
	for _, o := range w.app.Owners {
		list := []approvals.PersonID{approvals.PersonID(o)}
		if approvals.IsGroup(o) {
			members, err := approvals.Members(ctx, w.s.Desk.Directory, approvals.GroupID(o))
			if err != nil {
				return nil, fmt.Errorf("look up group %s: %w", o, err)
			}
			list = slices.Sorted(slices.Values(members))
		}
		for _, id := range list {
			if !slices.Contains(w.owners, id) {
				w.owners = append(w.owners, id)
			}
		}
	}
	w.looked = true
	return w.owners, nil
}

// those are the owners who are there, and with them the admins who are: heirs.
func (w *whose) those(ctx context.Context) (owners, heirs []approvals.PersonID, err error) {
	if heirs, err = w.heirs(ctx); err != nil {
		return nil, nil, err
	}
	for _, id := range heirs {
		if slices.Contains(w.owners, id) {
			owners = append(owners, id)
		}
	}
	return owners, heirs, nil
}

// heirs are all owners and admins who are there, each once: they answer what nobody did.
func (w *whose) heirs(ctx context.Context) (out []approvals.PersonID, err error) {
	owners, err := w.all(ctx)
	if err != nil {
		return nil, err
	}
	for _, id := range slices.Concat(owners, w.s.Desk.Admins) {
		ok, err := w.can(ctx, id, Line{})
		if err != nil {
			return nil, err
		}
		if ok && !slices.Contains(out, id) {
			out = append(out, id)
		}
	}
	return out, nil
}
