package census

import (
	"context"
	"fmt"

	"github.com/usherbot/usher/approvals"
)

// walk goes on with the walk of a head until it is done. It ends at the first page that can't be had; what was read stays, and
// whoever comes next goes on there.
func (c *Censuses) walk(ctx context.Context, app string, h *head) error {
	seen, err := c.counted(ctx, app, *h.Walk)
	if err != nil {
		return err
	}
	var press press
	for h.Walk != nil {
		p, err := c.Vendors.Page(ctx, app, h.Walk.Next)
		if err != nil {
			return err
		}
		w := *h.Walk
		over := p.Over && len(p.Seats) > 0 && p.Seats[0].ID != ""
		moved := over && !seen.has(numberOf(p.Seats[0]))
		fresh := w.take(p, seen)
		if moved && p.Back != "" {
			w.Moved++
			p.Next = p.Back
		}
		if stuck := len(fresh) == 0 && !p.Again && (len(p.Seats) > 1 || len(p.Seats) == 1 && !over); stuck && !w.whole(len(p.Seats)) || w.Pages > w.most() {
			return c.giveUp(ctx, app, h)
		} else if stuck {
			p.Next = ""
		}
		if err := c.turn(ctx, app, h, w, p.Next, &press, fresh); err != nil {
			return err
		}
		c.turns.tell(app, w.Count, w.Total)
	}
	return nil
}

// turn keeps a page, and where the next is.
func (c *Censuses) turn(ctx context.Context, app string, h *head, w walk, next string, press *press, fresh []approvals.Seat) error {
	name, piece := "", []byte(nil)
	if len(fresh) > 0 {
		var err error
		name = w.piece(app, w.Pieces)
		if piece, err = press.pressed(fresh); err != nil {
			return err
		}
		w.Pieces++
	}
	after := *h
	if w.Next = next; next != "" {
		after.Walk = &w
	} else {
		w.Ended = c.Now().UTC()
		after.Before, after.Last, after.Walk = h.Last, &w, nil
	}
	if err := c.keep(ctx, app, after, name, piece, nil); err != nil {
		return err
	}
	*h = after
	return nil
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

// giveUp forgets a walk that leads nowhere: the next one begins anew.
func (c *Censuses) giveUp(ctx context.Context, app string, h *head) error {
	read := h.Walk.Count
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
