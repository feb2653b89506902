package forget

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/store/cargo"
)

// Sealed counts the entries of the log that have words of somebody's in them for good: they were written before such words were kept beside.
type Sealed struct {
	Count     int       `json:"count"`
	From, To  time.Time `json:"-"`
	FromEntry int64     `json:"from,omitempty"`
}

func (s *Sealed) add(e approvals.Entry) {
	if s.Count++; s.Count == 1 {
		s.From, s.FromEntry = e.At, e.Seq
	}
	s.To = e.At
}

// logPage is how many entries are read at a time; no transaction is open while they are looked at.
const logPage = 500

// eachEntry calls fn with each entry of the log and what is kept beside it.
func eachEntry(ctx context.Context, s Kept, fn func(e approvals.Entry, beside []byte) error) error {
	full := errors.New("the page is full")
	for from := int64(1); ; {
		var page []approvals.Entry
		err := s.AuditLines(ctx, from, func(_ int64, line []byte) error {
			if len(page) == logPage {
				return full
			}
			var e approvals.Entry
			if err := json.Unmarshal(line, &e); err != nil {
				return fmt.Errorf("decode an audit entry: %w", err)
			}
			page = append(page, e)
			return nil
		})
		if err != nil && !errors.Is(err, full) || len(page) == 0 {
			return err
		}
		beside, err := besides(ctx, s, from, page[len(page)-1].Seq)
		if err != nil {
			return err
		}
		for _, e := range page {
			if err := fn(e, beside[e.Seq]); err != nil {
				return err
			}
		}
		from = page[len(page)-1].Seq + 1
	}
}

// besides is what is kept beside the entries from one up to and with another.
func besides(ctx context.Context, s Kept, from, to int64) (map[int64][]byte, error) {
	all, over := map[int64][]byte{}, errors.New("that is all")
	err := s.AuditBeside(ctx, from, func(seq int64, beside []byte) error {
		if seq > to {
			return over
		}
		all[seq] = slices.Clone(beside)
		return nil
	})
	if err != nil && !errors.Is(err, over) {
		return nil, err
	}
	return all, nil
}

// asked reports whether an entry is that of a request about them.
func (p *Person) asked(e approvals.Entry, beside []byte) (bool, error) {
	if e.Request == 0 || len(e.Detail) == 0 {
		return false, nil
	}
	e, err := e.Together(beside)
	if err != nil {
		return false, fmt.Errorf("audit entry %d: %w", e.Seq, err)
	}
	trees, err := parsed(e.Detail)
	about := false
	for _, n := range trees {
		n.each(func(n *node) {
			theirs, _ := p.says(n, []string{"email", "person"})
			about = about || theirs
		})
	}
	return about, err
}

// beside is what is kept beside an entry, without what is theirs: all of it where the entry is about a request about them. sealed says that
// the entry itself has words of theirs, which it keeps.
func (p *Person) beside(e approvals.Entry, raw []byte, about bool) (out []byte, some, sealed bool, err error) {
	b, err := e.Holds(raw)
	if err != nil {
		return nil, false, false, fmt.Errorf("audit entry %d: %w", e.Seq, err)
	}
	is, err := e.Together(raw)
	if err != nil {
		return nil, false, false, fmt.Errorf("audit entry %d: %w", e.Seq, err)
	}
	theirs, sealed, err := p.entry(e, is, about)
	if err != nil || e.Personal == "" {
		return nil, false, sealed, err
	}
	left, err := b.Forget(p.Called, func(n int, _ string) bool { return about || theirs[n] })
	if err != nil || left.Forgotten() == b.Forgotten() {
		return nil, false, sealed, err
	}
	out, err = json.Marshal(left)
	return out, true, sealed, err
}

// entry is which of the words beside an entry are theirs, and whether some are in it.
func (p *Person) entry(e, is approvals.Entry, about bool) (theirs map[int]bool, sealed bool, err error) {
	theirs = map[int]bool{}
	note := func(was, kept string, differs bool) {
		n, placed := placed(kept)
		switch {
		case differs && placed:
			theirs[n] = true
		case differs && was == kept:
			sealed = true
		}
	}
	at := place{about: about, theirs: p.is(string(e.Actor))}
	kept, err := parsed(e.Detail)
	if err != nil {
		return nil, false, fmt.Errorf("decode audit entry %d: %w", e.Seq, err)
	}
	was, err := parsed(is.Detail)
	now, again := parsed(is.Detail)
	if err := errors.Join(err, again); err != nil {
		return nil, false, fmt.Errorf("decode audit entry %d: %w", e.Seq, err)
	}
	for i := range now {
		p.redact(now[i], at)
		leaves(kept[i], was[i], now[i], func(kept, was, now string) { note(was, kept, was != now) })
	}
	for i, s := range is.Why {
		_, words, typed := is.Typed(s)
		_, kept, apart := e.Typed(e.Why[i])
		if !apart {
			kept = e.Why[i]
		}
		differs := typed && words != "" && (at.about || at.theirs) || p.text(s, at.about) != s
		if !typed {
			words = s
		}
		note(words, kept, differs && !strings.Contains(s, "forgotten-"))
	}
	return theirs, sealed, nil
}

// leaves calls fn with each text of three trees of one form.
func leaves(a, b, c *node, fn func(a, b, c string)) {
	if a.kind == '"' {
		fn(a.text, b.text, c.text)
	}
	for i := range min(len(a.kids), len(b.kids), len(c.kids)) {
		leaves(a.kids[i], b.kids[i], c.kids[i], fn)
	}
}

// placed is the number of the word for which a text stands, as approvals.Apart writes it; false: it stands for itself.
func placed(s string) (int, bool) {
	digits, is := strings.CutPrefix(s, "~")
	n, err := strconv.Atoi(digits)
	return n, is && err == nil && n >= 0
}

// entries goes through the log, and gives to put what is beside it without what is theirs. numbers are the requests that are about them.
func (p *Person) entries(ctx context.Context, s Kept, numbers map[int64]bool, put func(cargo.Rewritten)) (sealed Sealed, err error) {
	err = eachEntry(ctx, s, func(e approvals.Entry, beside []byte) error {
		about, err := p.asked(e, beside)
		if err == nil && about {
			numbers[e.Request] = true
		}
		return err
	})
	if err != nil {
		return sealed, err
	}
	err = eachEntry(ctx, s, func(e approvals.Entry, beside []byte) error {
		out, some, inside, err := p.beside(e, beside, e.Request != 0 && numbers[e.Request])
		if inside {
			sealed.add(e)
		}
		if some {
			put(cargo.Rewritten{Was: cargo.Item{Kind: cargo.Beside, N: e.Seq, Line: beside}, Line: out})
		}
		return err
	})
	return sealed, err
}
