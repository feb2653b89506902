package census

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/reports"
)

// head is what is known of an app's censuses. It is stored: fields may be added, never renamed.
type head struct {
	// Serial is that of the last walk that was begun.
	Serial int64 `json:"serial"`
	// Walk is the one under way, Last the last one that is done and Before the one before it.
	Walk   *walk `json:"walk,omitempty"`
	Last   *walk `json:"last,omitempty"`
	Before *walk `json:"before,omitempty"`
}

// walk is how far one walk is.
type walk struct {
	Serial int64     `json:"serial"`
	Begun  time.Time `json:"begun"`
	Ended  time.Time `json:"ended,omitzero"`
	// Next is where the next page is, as the vendor's client says it; Pages is how many were read.
	Next  string `json:"next,omitempty"`
	Pages int    `json:"pages"`
	// Pieces is how many are on the shelf, and Count how many accounts are in them.
	Pieces int `json:"pieces"`
	Count  int `json:"count"`
	// Bought is how many there may be and Total how many there are by the vendor's word; 0: not known.
	Bought int `json:"bought,omitempty"`
	Total  int `json:"total,omitempty"`
	// Twice is how often an account came that had come before.
	Twice int `json:"twice,omitempty"`
	// Moved is how often the list had moved between two pages, so that it was gone back.
	Moved int `json:"moved,omitempty"`
}

// headName is where an app's head stands; no app's id has a slash in it.
func headName(app string) string { return app }

func (w walk) shelf(app string) string { return fmt.Sprintf("%s/%08x/", app, w.Serial) }

func (w walk) piece(app string, n int) string { return fmt.Sprintf("%s%08x", w.shelf(app), n) }

// head reads what is known of an app's censuses; what cannot be read is forgotten, and the app walked over anew.
func (c *Censuses) head(ctx context.Context, app string) (h head, err error) {
	raw, err := c.Shelf.Piece(ctx, headName(app))
	if err != nil {
		return h, fmt.Errorf("read how far the census of %s is: %w: %w", app, reports.ErrUnkept, err)
	}
	if raw != nil && json.Unmarshal(raw, &h) != nil {
		c.Log.ErrorContext(ctx, "what is known of a census cannot be read; it begins anew", "app", app)
		return head{}, nil
	}
	return h, nil
}

// keep keeps the head, with a piece that belongs to it (nil: none), and drops what is named.
func (c *Censuses) keep(ctx context.Context, app string, h head, name string, piece []byte, drop []string) error {
	raw, err := json.Marshal(h)
	if err != nil {
		return fmt.Errorf("encode how far the census of %s is: %w", app, err)
	}
	keep := map[string][]byte{headName(app): raw}
	if piece != nil {
		keep[name] = piece
	}
	return c.shelve(ctx, app, keep, drop)
}

func (c *Censuses) shelve(ctx context.Context, app string, keep map[string][]byte, drop []string) error {
	err := c.Shelf.Shelve(ctx, keep, drop)
	if errors.Is(err, approvals.ErrUnknownOutcome) {
		err = c.Shelf.Shelve(ctx, keep, drop)
	}
	if err != nil {
		return fmt.Errorf("keep a page of the accounts of %s: %w: %w", app, reports.ErrUnkept, err)
	}
	return nil
}

// begin begins a walk, and clears away whatever belongs to no census that anybody may still range over.
func (c *Censuses) begin(ctx context.Context, app string, h *head, now time.Time) error {
	c.clearing.Lock()
	defer c.clearing.Unlock()
	needed, err := c.pins(ctx, app)
	if err != nil {
		return err
	}
	gone := needed.forget(c.Needs)
	names, err := c.Shelf.Pieces(ctx, "")
	if err != nil {
		return fmt.Errorf("list what is kept of censuses: %w: %w", reports.ErrUnkept, err)
	}
	var drop []string
	for _, name := range names {
		if c.left(name, app, *h) && name != pinsName(app) && !needed.keep(app, name) {
			drop = append(drop, name)
		}
	}
	h.Serial++
	h.Walk = &walk{Serial: h.Serial, Begun: now.UTC()}
	raw, err := json.Marshal(needed)
	if err != nil {
		return fmt.Errorf("encode which censuses of %s are needed: %w", app, err)
	}
	if !gone {
		raw = nil
	}
	return c.keep(ctx, app, *h, pinsName(app), raw, drop)
}

// left reports whether a piece is of an app that is configured no more, or of a walk of this one that nobody needs.
func (c *Censuses) left(name, app string, h head) bool {
	of, rest, piece := strings.Cut(name, "/")
	if of == app {
		kept := h.Last != nil && strings.HasPrefix(name, h.Last.shelf(app)) || h.Before != nil && strings.HasPrefix(name, h.Before.shelf(app))
		return piece && rest != "" && !kept
	}
	for _, a := range c.Vendors.Apps() {
		if a.ID == of {
			return false
		}
	}
	return true
}
