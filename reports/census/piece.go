package census

import (
	"bufio"
	"bytes"
	"cmp"
	"compress/flate"
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"slices"
	"strconv"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/reports"
)

// columns are the fields of an account in a piece, in the order in which they stand there. A piece names them in its first line, so that one
// may be added; none is renamed.
var columns = []string{"id", "email", "first_name", "last_name", "sort", "holds", "blocked"}

// press makes pieces of pages: a line of CSV for each account, compressed. Its zero value is ready.
type press struct{ deflate *flate.Writer }

func (p *press) pressed(seats []approvals.Seat) ([]byte, error) {
	var out bytes.Buffer
	if p.deflate == nil {
		w, err := flate.NewWriter(&out, flate.BestSpeed)
		if err != nil {
			return nil, fmt.Errorf("compress accounts: %w", err)
		}
		p.deflate = w
	}
	p.deflate.Reset(&out)
	lines, row := csv.NewWriter(p.deflate), make([]string, len(columns))
	err := lines.Write(columns)
	for _, s := range seats {
		row[0], row[1], row[2], row[3], row[4], row[5], row[6] = s.ID, s.Email, s.FirstName, s.LastName, s.Sort, strconv.Itoa(s.Holds), strconv.FormatBool(s.Blocked)
		err = cmp.Or(err, lines.Write(row))
	}
	lines.Flush()
	if err = cmp.Or(err, lines.Error(), p.deflate.Close()); err != nil {
		return nil, fmt.Errorf("compress accounts: %w", err)
	}
	return out.Bytes(), nil
}

// unpressed hands over the accounts of a piece, until that is enough. Pieces of versions before this one are lines of JSON.
func unpressed(raw []byte, take func(approvals.Seat) bool) (more bool, err error) {
	text := bufio.NewReader(flate.NewReader(bytes.NewReader(raw)))
	next := readRows(text)
	if first, err := text.Peek(1); err == nil && first[0] == '{' {
		next = readJSON(text)
	}
	for {
		s, err := next()
		if errors.Is(err, io.EOF) {
			return true, nil
		} else if err != nil {
			return false, fmt.Errorf("decode accounts: %w: %w", errDamaged, err)
		}
		if !take(s) {
			return false, nil
		}
	}
}

// readRows reads one account after the other; io.EOF: there are no more.
func readRows(text io.Reader) func() (approvals.Seat, error) {
	rows, at := csv.NewReader(text), []int(nil)
	rows.ReuseRecord = true
	return func() (s approvals.Seat, err error) {
		row, err := rows.Read()
		if err == nil && at == nil {
			if at = places(row); at == nil {
				return s, fmt.Errorf("it begins with %q", row)
			}
			row, err = rows.Read()
		}
		if err != nil {
			return s, err
		}
		s = approvals.Seat{ID: row[at[0]], Email: row[at[1]], FirstName: row[at[2]], LastName: row[at[3]], Sort: row[at[4]]}
		if s.Holds, err = strconv.Atoi(row[at[5]]); err == nil {
			s.Blocked, err = strconv.ParseBool(row[at[6]])
		}
		return s, err
	}
}

// places are where the columns stand in the rows of a piece; nil: one isn't there.
func places(first []string) (at []int) {
	for _, name := range columns {
		i := slices.Index(first, name)
		if i < 0 {
			return nil
		}
		at = append(at, i)
	}
	return at
}

func readJSON(text io.Reader) func() (approvals.Seat, error) {
	lines := json.NewDecoder(text)
	return func() (s approvals.Seat, err error) { return s, lines.Decode(&s) }
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
