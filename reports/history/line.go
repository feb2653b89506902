package history

import (
	"bytes"
	"cmp"
	"compress/gzip"
	"encoding/json"
	"errors"
	"fmt"
	"hash/fnv"
	"io"
	"iter"
	"strconv"
	"time"

	"github.com/usherbot/usher/approvals"
)

// line is one account as it is stored: fields may be added, never renamed. Of a day that isn't kept whole there are lines of what
// changed alone.
type line struct {
	ID    string `json:"i"`
	Email string `json:"e,omitempty"`
	Sort  string `json:"s,omitempty"`
	Holds int    `json:"h,omitempty"`
	// Blocked is since when it is blocked by limits; nil: it isn't.
	Blocked *stretch `json:"b,omitempty"`
	// Gone says that it isn't there any more.
	Gone bool `json:"x,omitempty"`
}

// stretch is when something was first seen to be so, and when it was last seen not to be, in seconds; 0: it never was.
type stretch struct {
	At    int64 `json:"a"`
	After int64 `json:"n,omitempty"`
}

// since is the same for whoever asks.
func (s stretch) since() Since {
	out := Since{At: time.Unix(s.At, 0).UTC()}
	if s.After != 0 {
		out.After = time.Unix(s.After, 0).UTC()
	}
	out.Before = s.After == 0 || out.At.Sub(out.After) > nearly
	return out
}

// lineOf is an account as it is kept, but for since when it is blocked.
func lineOf(s approvals.Seat) line {
	return line{ID: cmp.Or(s.ID, approvals.FoldEmail(s.Email)), Email: s.Email, Sort: s.Sort, Holds: s.Holds}
}

// seat is an account as it was.
func (l line) seat() approvals.Seat {
	return approvals.Seat{ID: l.ID, Email: l.Email, Sort: l.Sort, Holds: l.Holds, Blocked: l.Blocked != nil}
}

// sum tells whether anything about an account has changed.
func (l line) sum() uint64 {
	return hashed(l.Email + "\x00" + l.Sort + "\x00" + strconv.Itoa(l.Holds) + "\x00" + strconv.FormatBool(l.Blocked != nil))
}

func hashed(s string) uint64 {
	h := fnv.New64a()
	_, _ = h.Write([]byte(s)) // it never fails
	return h.Sum64()
}

// errDamaged says that what is kept of a day can't be read.
var errDamaged = errors.New("what is kept of a day is damaged")

// press writes lines compressed, one by one.
type press struct {
	out bytes.Buffer
	zip *gzip.Writer
	in  *json.Encoder
}

func newPress() (*press, error) {
	p := &press{}
	zip, err := gzip.NewWriterLevel(&p.out, gzip.BestCompression)
	if err != nil {
		return nil, fmt.Errorf("begin to compress: %w", err)
	}
	p.zip, p.in = zip, json.NewEncoder(zip)
	return p, nil
}

func (p *press) add(l line) error {
	if err := p.in.Encode(l); err != nil {
		return fmt.Errorf("encode an account: %w", err)
	}
	return nil
}

// done is all of it.
func (p *press) done() ([]byte, error) {
	if err := p.zip.Close(); err != nil {
		return nil, fmt.Errorf("compress accounts: %w", err)
	}
	return p.out.Bytes(), nil
}

// lines are those that a press wrote. After an error nothing follows.
func lines(raw []byte) iter.Seq2[line, error] {
	return func(yield func(line, error) bool) {
		zip, err := gzip.NewReader(bytes.NewReader(raw))
		if err != nil {
			yield(line{}, fmt.Errorf("%w: %w", errDamaged, err))
			return
		}
		for in := json.NewDecoder(zip); ; {
			var l line
			switch err := in.Decode(&l); {
			case errors.Is(err, io.EOF):
				return
			case err != nil:
				yield(line{}, fmt.Errorf("%w: %w", errDamaged, err))
				return
			}
			if !yield(l, nil) {
				return
			}
		}
	}
}
