package leavers

import (
	"context"
	"time"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/outbox"
)

// DefaultSettles is how long what somebody holds is not gathered after Slack has shown them deactivated: a directory that goes wrong
// takes many within moments, and somebody who clicked on the wrong row puts it right as soon.
const DefaultSettles = 2 * time.Minute

// Sight is what Slack shows of one person.
type Sight struct {
	Person approvals.PersonID
	Name   string
	// Off: they are deactivated. Bot: it's a program, which may hold something too but is nobody of whom too many can leave.
	Off, Bot bool
	// AsOf is when Slack last changed what it shows of them, to the second and by its own clock; zero: it doesn't say. What is older than
	// what is kept says nothing: a reading takes minutes, and an event that one replica died over is brought to another.
	AsOf time.Time
}

// Seen keeps what Slack says of somebody by itself. Of everybody of whom it is no news nothing is kept. A crash before that leaves
// nothing, and Slack says it again; after it everything follows from what is kept. Before it what waits for whoever is back is
// promised to be looked at: a process that never knew that they had left makes nothing of hearing that they are there.
func (d *Desk) Seen(ctx context.Context, s Sight, now time.Time) error {
	roster, err := d.Book.Roster(ctx)
	if err != nil {
		return err
	}
	if news, err := d.news(ctx, roster, s); err != nil || !news {
		return err
	}
	if !s.Off {
		if err := d.Requests.Watch(ctx, string(s.Person), now); err != nil {
			return err
		}
	}
	return d.take(ctx, []Sight{s}, nil, now)
}

// news reports whether what is seen of somebody differs from what is known.
func (d *Desk) news(ctx context.Context, roster Roster, s Sight) (bool, error) {
	n, known := roster.Of[s.Person]
	if !known || roster.outdates(s) {
		return s.Off && !roster.outdates(s), nil
	}
	l, err := d.Book.Leaving(ctx, n)
	return s.Off == l.Off.IsZero(), err
}

// take keeps what was seen of some people, in one transaction, and who is active by a reading of all, unless that is nil.
func (d *Desk) take(ctx context.Context, sights []Sight, all []approvals.Person, now time.Time) error {
	nonces := make([]string, len(sights))
	for i := range sights {
		nonce, err := d.Nonce()
		if err != nil {
			return err
		}
		nonces[i] = nonce
	}
	return d.alter(ctx, func(tx Tx) error {
		roster, err := tx.Roster()
		if err != nil {
			return err
		}
		roster = roster.clone()
		for i, s := range sights {
			if err := d.takeOne(tx, &roster, s, nonces[i], now); err != nil {
				return err
			}
		}
		if err := d.hold(tx, &roster, now); err != nil {
			return err
		}
		if err := keepActive(tx, all, roster, now); err != nil {
			return err
		}
		return tx.KeepRoster(roster)
	})
}

func (d *Desk) takeOne(tx Tx, roster *Roster, s Sight, nonce string, now time.Time) error {
	if roster.outdates(s) {
		return nil
	}
	roster.asOf(s)
	n, known := roster.Of[s.Person]
	if !known {
		if s.Off {
			return d.left(tx, roster, s, nonce, now)
		}
		return nil
	}
	l, err := tx.Leaving(n)
	switch {
	case err != nil:
		return err
	case s.Off && l.Off.IsZero():
		return d.gone(tx, roster, l, s, now)
	case !s.Off && !l.Off.IsZero():
		return d.returned(tx, roster, l, now)
	}
	return nil
}

// left begins the leaving of somebody of whom nobody has said that they would.
func (d *Desk) left(tx Tx, roster *Roster, s Sight, nonce string, now time.Time) error {
	roster.Last++
	roster.Of[s.Person] = roster.Last
	if !s.Bot {
		roster.Lately = append(roster.Lately, Sighting{roster.Last, now})
	}
	l := Leaving{Number: roster.Last, Nonce: nonce, Person: s.Person, Name: s.Name, By: approvals.Usher, Heard: now, Off: now}
	_, err := keep(tx, l, change{what: "somebody left", by: approvals.Usher, do: func(_ Tx, l *Leaving) ([]outbox.Change, bool, error) {
		l.State = Gathering
		return []outbox.Change{outbox.Promise(GatherKey(l.Number), now.Add(d.Settles))}, true, nil
	}}, now)
	return err
}

// gone keeps that somebody is deactivated of whom it was said that they leave: what was said for a later day is so now.
func (d *Desk) gone(tx Tx, roster *Roster, l Leaving, s Sight, now time.Time) error {
	if !s.Bot {
		roster.Lately = append(roster.Lately, Sighting{l.Number, now})
	}
	_, err := keep(tx, l, change{what: "somebody who was to leave left", by: approvals.Usher, do: func(_ Tx, l *Leaving) (owed []outbox.Change, changed bool, err error) {
		l.Off = now
		if l.State == Scheduled {
			l.State = Gathering
			owed = append(owed, outbox.Promise(GatherKey(l.Number), now.Add(d.Settles)))
		}
		if l.State == Open || l.State == Closed { // since it was said they may have got something else
			l.State, l.Ended, l.EndedBy, l.Why, l.Anew = Open, time.Time{}, "", "", true
			owed = append(owed, outbox.Promise(GatherKey(l.Number), now.Add(d.Settles)))
		}
		return owed, true, nil
	}}, now)
	return err
}

// returned keeps that somebody is active again: before anything was asked it is as if they had never left, and after that what was
// asked is taken back (back.go).
func (d *Desk) returned(tx Tx, roster *Roster, l Leaving, now time.Time) error {
	planned := l.Said() && l.Rounds == 0 && l.Day != "" && now.Before(l.Due)
	if !planned {
		if err := roster.drop(tx, l.Person); err != nil {
			return err
		}
	}
	owed := d.struck(roster, l.Number, now)
	_, err := keep(tx, l, change{what: "somebody who left is back", by: approvals.Usher, do: func(_ Tx, l *Leaving) ([]outbox.Change, bool, error) {
		l.Off = time.Time{}
		switch {
		case l.State.Over():
		case planned: // somebody clicked on the wrong row; the day stays
			l.State = Scheduled
			owed = append(owed, outbox.Promise(GatherKey(l.Number), l.Due))
		case l.Rounds == 0:
			l.State, l.Ended, l.EndedBy, l.Why = CalledOff, now, approvals.Usher, "active in Slack again"
			owed = append(owed, outbox.Forget(GatherKey(l.Number)))
		default:
			l.Back = now
			owed = append(owed, outbox.AtOnce(GatherKey(l.Number), 0, now))
		}
		return owed, true, nil
	}}, now)
	return err
}
