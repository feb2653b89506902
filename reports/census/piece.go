package census

import (
	"bytes"
	"compress/flate"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/reports"
)

// press makes pieces of pages: a line of JSON for each account, compressed. Its zero value is ready.
type press struct{ deflate *flate.Writer }

func (p *press) pressed(seats []approvals.Seat) ([]byte, error) {
	var out bytes.Buffer
	if p.deflate == nil {
		w, err := flate.NewWriter(&out, flate.DefaultCompression)
		if err != nil {
			return nil, fmt.Errorf("compress accounts: %w", err)
		}
		p.deflate = w
	}
	p.deflate.Reset(&out)
	lines := json.NewEncoder(p.deflate)
	for _, s := range seats {
		if err := lines.Encode(s); err != nil {
			return nil, fmt.Errorf("encode accounts: %w", err)
		}
	}
	if err := p.deflate.Close(); err != nil {
		return nil, fmt.Errorf("compress accounts: %w", err)
	}
	return out.Bytes(), nil
}

// unpressed hands over the accounts of a piece, until that is enough.
func unpressed(raw []byte, take func(approvals.Seat) bool) (more bool, err error) {
	lines := json.NewDecoder(flate.NewReader(bytes.NewReader(raw)))
	for {
		var s approvals.Seat
		if err := lines.Decode(&s); errors.Is(err, io.EOF) {
			return true, nil
		} else if err != nil {
			return false, fmt.Errorf("decode accounts: %w: %w", errDamaged, err)
		}
		if !take(s) {
			return false, nil
		}
	}
}

// errDamaged says that not all that was kept is there, or can be read.
var errDamaged = errors.New("some of it is not there any more, or can't be read")

// all gives the accounts of a walk, piece by piece.
func (c *Censuses) all(ctx context.Context, app string, w walk) iter.Seq2[approvals.Seat, error] {
	return func(yield func(approvals.Seat, error) bool) {
		given := 0
		for n := range w.Pieces {
			raw, err := c.Shelf.Piece(ctx, w.piece(app, n))
			switch {
			case err != nil:
				err = fmt.Errorf("%w: %w", reports.ErrUnkept, err)
			case raw == nil:
				err = errDamaged
			}
			more := true
			if err == nil {
				more, err = unpressed(raw, func(s approvals.Seat) bool {
					given++
					return yield(s, nil)
				})
			}
			if err != nil {
				yield(approvals.Seat{}, fmt.Errorf("go through the census of %s: %w", app, err))
			}
			if err != nil || !more {
				return
			}
		}
		if given != w.Count {
			yield(approvals.Seat{}, fmt.Errorf("go through the census of %s: %w", app, errDamaged))
		}
	}
}

// counted are the accounts that a walk has counted in an earlier life or try.
func (c *Censuses) counted(ctx context.Context, app string, w walk) (*ids, error) {
	seen := newIDs(w.Count)
	for s, err := range c.all(ctx, app, w) {
		if err != nil {
			return nil, err
		}
		seen.add(numberOf(s))
	}
	return seen, nil
}
