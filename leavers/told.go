package leavers

import (
	"context"
	"errors"
	"time"

	"github.com/usherbot/usher/approvals"
)

// Named is the leaving that a button names; one of another database, or that nobody has, is refused.
func (d *Desk) Named(ctx context.Context, n int64, nonce string) (Leaving, error) {
	l, err := d.Book.Leaving(ctx, n)
	if errors.Is(err, ErrNone) || err == nil && l.Nonce != nonce {
		return l, approvals.Refuse(approvals.NotFound, "I can't tell any more whom that's about, so nothing was changed. `/access leave @person` shows how things stand.")
	}
	return l, err
}

// mostNamed is how many of those who left at once are named.
const mostNamed = 20

// HeldNow is how a hold stands: who waits, or what was said of them.
type HeldNow struct {
	Number int
	Since  time.Time
	// Of is how many there are, and Some the first of them.
	Of   int
	Some []Leaving
	// Word is what an admin said; its zero value: nothing yet.
	Word Word
}

// Held is how a hold stands; false: nobody knows any more.
func (d *Desk) Held(ctx context.Context, hold int) (h HeldNow, known bool, err error) {
	roster, err := d.Book.Roster(ctx)
	if err != nil {
		return h, false, err
	}
	h = HeldNow{Number: hold, Word: roster.word(hold)}
	list := h.Word.Leavings
	switch {
	case roster.Hold != nil && roster.Hold.Number == hold:
		h.Since, list = roster.Hold.Since, roster.Hold.Leavings
	case h.Word.By != "":
		h.Since = h.Word.Since
	default:
		return h, false, nil
	}
	h.Of = len(list)
	for _, n := range list[:min(len(list), mostNamed)] {
		l, err := d.Book.Leaving(ctx, n)
		if err != nil {
			return h, false, err
		}
		h.Some = append(h.Some, l)
	}
	return h, true, nil
}

// Unverified are the places of what nobody has seen gone and was asked after.
func (l Leaving) Unverified() (places []int) {
	for n, i := range l.Items {
		if !i.Settled() && !i.Again.IsZero() {
			places = append(places, n)
		}
	}
	return places
}

// IsApp reports whether what couldn't be read is an app; else it's a directory beside Slack.
func (d *Desk) IsApp(id string) bool { return d.app(id).Entry != nil }

// App is an app as it is configured now.
func (d *Desk) App(id string) approvals.App { return d.app(id) }
