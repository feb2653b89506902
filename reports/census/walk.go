package census

import (
	"cmp"
	"context"
	"errors"
	"fmt"

	"github.com/usherbot/usher/approvals"
)

const pagesAtOnce = 8

// walk goes on with the walk of a head until it is done. It ends at the first page that can't be had; what was read stays, and
// whoever comes next goes on there.
func (c *Censuses) walk(ctx context.Context, app string, h *head) error {
	seen, err := c.counted(ctx, app, *h.Walk)
	if err != nil {
		return err
	}
	on := stretch{walk: *h.Walk}
	for h.Walk != nil {
		p, err := c.Vendors.Page(ctx, app, on.Next)
		if err != nil {
			return c.stopped(ctx, app, h, &on, err)
		}
		w := on.walk
		over := p.Over && len(p.Seats) > 0 && p.Seats[0].ID != ""
		moved := over && !seen.has(numberOf(p.Seats[0]))
		fresh := w.take(p, seen)
		if moved && p.Back != "" {
			w.Moved++
			p.Next = p.Back
		}
		if stuck := len(fresh) == 0 && !p.Again && (len(p.Seats) > 1 || len(p.Seats) == 1 && !over); stuck && !w.whole(len(p.Seats)) || w.Pages > w.most() {
			return c.giveUp(ctx, app, h, on.Count)
		} else if stuck {
			p.Next = ""
		}
		if on.add(w, fresh, p.Next); on.pages == cmp.Or(c.AtOnce, pagesAtOnce) || on.Next == "" {
			if err := c.turn(ctx, app, h, &on); err != nil {
				return err
			}
		}
		c.turns.tell(app, on.Count, on.Total)
	}
	return nil
}

// stretch is a walk as far as it was read: further than what is kept of it by some pages, and what came on them.
type stretch struct {
	walk
	fresh []approvals.Seat
	pages int
	press press
}

func (s *stretch) add(w walk, fresh []approvals.Seat, next string) {
	s.walk, s.fresh, s.pages = w, append(s.fresh, fresh...), s.pages+1
	s.Next = next
}

// turn keeps what was read since it was kept last, and where the next page is; without one the walk is over.
func (c *Censuses) turn(ctx context.Context, app string, h *head, on *stretch) error {
	name, piece := "", []byte(nil)
	if len(on.fresh) > 0 {
		var err error
		name = on.piece(app, on.Pieces)
		if piece, err = on.press.pressed(on.fresh); err != nil {
			return err
		}
		on.Pieces++
	}
	after, w := *h, on.walk
	if w.Next != "" {
		after.Walk = &w
	} else {
		w.Ended = c.Now().UTC()
		after.Before, after.Last, after.Walk = h.Last, &w, nil
	}
	if err := c.keep(ctx, app, after, name, piece, nil); err != nil {
		return err
	}
	on.fresh, on.pages = on.fresh[:0], 0
	*h = after
	return nil
}

// stopped keeps what was read before a page that can't be had.
func (c *Censuses) stopped(ctx context.Context, app string, h *head, on *stretch, why error) error {
	if on.pages == 0 {
		return why
	}
	return errors.Join(why, c.turn(context.WithoutCancel(ctx), app, h, on)) // whoever stops waits for a commit
}

// take counts a page, and returns those of it that had not come before.
func (w *walk) take(p approvals.SeatPage, seen *ids) (fresh []approvals.Seat) {
	for i, s := range p.Seats {
		if seen.add(numberOf(s)) {
			fresh = append(fresh, s)
		} else if !p.Again && i >= p.Known {
			w.Twice++
		}
	}
	w.Pages, w.Count, w.Bought, w.Total = w.Pages+1, w.Count+len(fresh), p.Bought, p.Total
	return fresh
}

// most is more pages than any list takes of which so many accounts were counted, whatever it is gone back for.
func (w walk) most() int { return 1000 + 2*w.Count }

// whole reports whether what was counted is all there is, of a vendor that shows a page of so many again and again.
func (w walk) whole(page int) bool {
	return w.Total > 0 && w.Total <= w.Count || w.Total == 0 && w.Count > page
}

// giveUp forgets a walk that leads nowhere, after so many accounts: the next one begins anew.
func (c *Censuses) giveUp(ctx context.Context, app string, h *head, read int) error {
	h.Walk = nil
	if err := c.keep(ctx, app, *h, "", nil, nil); err != nil {
		return err
	}
	return fmt.Errorf("read the accounts of %s: it shows the same accounts again and again; %d seen", app, read)
}

// numberOf is what tells an account from others: its number, or its address where the vendor gives it none.
func numberOf(s approvals.Seat) string {
	if s.ID == "" {
		return "@" + approvals.FoldEmail(s.Email)
	}
	return s.ID
}
