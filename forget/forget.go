package forget

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"slices"
	"time"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/outbox"
	"github.com/usherbot/usher/store/cargo"
)

// Kept is what is asked of a store.
type Kept interface {
	Unload(ctx context.Context, put cargo.Put) error
	Rewrite(ctx context.Context, all []cargo.Rewritten, also func(tx approvals.Tx, done int) error) (done int, err error)
	Scrub(ctx context.Context) error
	AuditLines(ctx context.Context, from int64, fn func(seq int64, line []byte) error) error
	AuditBeside(ctx context.Context, from int64, fn func(seq int64, beside []byte) error) error
	Learned(ctx context.Context, name string) ([]byte, error)
	Relearn(ctx context.Context, name string, was, raw []byte) (kept bool, err error)
}

// Forgetter forgets people.
type Forgetter struct {
	Store Kept
	// Holds says in words what else somebody still has, by asking who knows; nil: nobody is asked.
	Holds func(ctx context.Context, p Person) ([]string, error)
	// Wake is called once something is promised; nil: nobody waits for that.
	Wake   func()
	Random io.Reader
	Now    func() time.Time
	Log    *slog.Logger
}

// Found is what forgetting somebody takes, or took.
type Found struct {
	Person Person `json:"person"`
	// Against is why it isn't done.
	Against []string `json:"against,omitempty"`
	// Shared are addresses that are somebody else's too, and stay.
	Shared []string `json:"shared,omitempty"`
	// Counts is how many things have something of theirs, by what they are, and Sealed the entries of the log that keep it.
	Counts map[cargo.Kind]int `json:"counts,omitempty"`
	Sealed Sealed             `json:"sealed"`
	// Begun says that it was begun before and isn't whole.
	Begun bool `json:"begun,omitempty"`
	// Unread are things that can't be looked into.
	Unread []string `json:"unread,omitempty"`
}

// None reports whether nothing is kept of them.
func (f Found) None() bool { return len(f.Counts) == 0 && f.Sealed.Count == 0 && !f.Begun }

// underWay is the name under which it stands whom a forgetting is at, until it's whole: with what is learned, which every store keeps under
// names. What stands there is gone with the last step.
const (
	underWay = "forgetting"
	noted    = "learned/" + underWay
)

// begun is one that is under way. It is stored as JSON: fields may be added, never renamed.
type begun struct {
	Person  Person          `json:"person"`
	By      approvals.Actor `json:"by"`
	Surface string          `json:"surface"`
	At      time.Time       `json:"at"`
}

// same reports whether another is about the same person.
func (b begun) same(o begun) bool { return o.Person.Called == b.Person.Called }

// Look says what forgetting somebody would take, and changes nothing. who is an id of Slack's or an address.
func (f *Forgetter) Look(ctx context.Context, who string) (out Found, err error) {
	t, err := tied(ctx, f.Store)
	if err != nil {
		return out, err
	}
	if err := f.person(ctx, &out, t, who); err != nil {
		return out, err
	}
	if out.Against, err = out.Person.against(ctx, f.Store, f.Holds == nil); err != nil {
		return out, err
	}
	if f.Holds != nil {
		more, err := f.Holds(ctx, out.Person)
		if err != nil {
			return out, err
		}
		out.Against = append(out.Against, more...)
	}
	s, err := f.search(ctx, out.Person)
	out.Counts, out.Sealed, out.Unread = s.counts(), s.sealed, s.unread
	return out, err
}

// person finds whom a word means, by the pseudonym they have where that is under way already.
func (f *Forgetter) person(ctx context.Context, out *Found, t *ties, who string) error {
	_, all, err := f.under(ctx)
	if err != nil {
		return err
	}
	for _, b := range all {
		if b.Person.is(who) {
			out.Person, out.Begun = b.Person, true
			return nil
		}
	}
	out.Person, out.Shared = t.person(who)
	out.Person.Called, err = f.pseudonym()
	return err
}

// pseudonym draws what takes the place of somebody.
func (f *Forgetter) pseudonym() (string, error) {
	raw := make([]byte, 4)
	if _, err := io.ReadFull(f.Random, raw); err != nil {
		return "", fmt.Errorf("draw a pseudonym: %w", err)
	}
	return "forgotten-" + hex.EncodeToString(raw), nil
}

// Forget forgets somebody of whom Look said that nothing speaks against it. The order, and what a crash leaves after each:
//
//	keep whom it is about         the next start, or the same command, goes on from here
//	rewrite, in several pieces    the same: what is rewritten already isn't found again
//	in one transaction the audit entry, the cards that are to be drawn anew, and that it isn't under way any more
//	                              it is done; what was in the file before lies about in it until it's used again, or the next forgetting
//	overwrite that                nothing
func (f *Forgetter) Forget(ctx context.Context, found Found, by approvals.Actor, surface string) (Found, error) {
	if len(found.Against) > 0 {
		return found, errors.New("something speaks against it")
	}
	b := begun{Person: found.Person, By: by, Surface: surface, At: f.Now().UTC()}
	err := f.note(ctx, func(all []begun) []begun {
		if slices.ContainsFunc(all, b.same) {
			return all // it is under way since before a crash
		}
		return append(all, b)
	})
	if err != nil {
		return found, err
	}
	return found, f.whole(ctx, b)
}

// Resume goes on with what was under way when the program ended, and reports how many that was.
func (f *Forgetter) Resume(ctx context.Context) (n int, err error) {
	_, all, err := f.under(ctx)
	for _, b := range all {
		if err == nil {
			f.Log.InfoContext(ctx, "going on with forgetting somebody", "as", b.Person.Called)
			err = f.whole(ctx, b)
			n++
		}
	}
	return n, err
}

// under is what is under way, and how that stands in the store.
func (f *Forgetter) under(ctx context.Context) (raw []byte, all []begun, err error) {
	raw, err = f.Store.Learned(ctx, underWay)
	if err != nil || len(raw) == 0 {
		return raw, nil, err
	}
	if err := json.Unmarshal(raw, &all); err != nil {
		return raw, nil, fmt.Errorf("decode whom a forgetting is at: %w", err)
	}
	return raw, all, nil
}

// note changes what is under way.
func (f *Forgetter) note(ctx context.Context, change func([]begun) []begun) error {
	for range 10 {
		raw, all, err := f.under(ctx)
		if err != nil {
			return err
		}
		next, err := json.Marshal(change(all))
		if err != nil {
			return fmt.Errorf("encode whom a forgetting is at: %w", err)
		}
		if kept, err := f.Store.Relearn(ctx, underWay, raw, next); err != nil || kept {
			return err
		}
	}
	return errors.New("too many people are being forgotten at once; please try again")
}

// mostPasses is how often everything is gone through for what was written meanwhile.
const mostPasses = 6

// whole goes through everything until nothing of theirs is found, and ends it.
func (f *Forgetter) whole(ctx context.Context, b begun) error {
	for range mostPasses {
		s, err := f.search(ctx, b.Person)
		if err != nil {
			return err
		}
		if len(s.all) == 0 {
			err := f.end(ctx, b, s)
			if errors.Is(err, errOvertaken) {
				continue
			}
			return errors.Join(err, f.Store.Scrub(ctx))
		}
		for piece := range slices.Chunk(s.all, atOnce) {
			if _, err := f.Store.Rewrite(ctx, piece, nil); err != nil {
				return fmt.Errorf("forget somebody: %w", err)
			}
		}
	}
	return fmt.Errorf("forget somebody: each time everything was gone through something about %s had been written meanwhile", b.Person.Called)
}

// errOvertaken says that what is under way changed meanwhile: somebody else was forgotten, or another process has ended this.
var errOvertaken = errors.New("what is under way changed meanwhile")

// atOnce is how many things are rewritten in one transaction.
const atOnce = 100

// end says in the log that somebody was forgotten, and owes their cards anew. Whoever comes second finds that it isn't under way any more.
func (f *Forgetter) end(ctx context.Context, b begun, s *searched) error {
	raw, all, err := f.under(ctx)
	if err != nil {
		return err
	}
	if !slices.ContainsFunc(all, b.same) {
		return nil
	}
	left := slices.DeleteFunc(all, b.same)
	next, err := json.Marshal(left)
	if err != nil {
		return fmt.Errorf("encode whom a forgetting is at: %w", err)
	}
	detail, err := json.Marshal(struct {
		Who      string  `json:"who"`
		Requests []int64 `json:"requests,omitempty"`
		Sealed   int     `json:"sealed,omitempty"`
	}{b.Person.Called, slices.Sorted(maps.Keys(s.about)), s.sealed.Count})
	if err != nil {
		return fmt.Errorf("encode audit detail: %w", err)
	}
	now := f.Now()
	entry := approvals.Entry{At: now, Actor: b.By, What: "person forgotten", Surface: b.Surface, Detail: detail}
	is := cargo.Item{Kind: cargo.Meta, Name: noted, Line: raw}
	_, err = f.Store.Rewrite(ctx, []cargo.Rewritten{{Was: is, Line: next}}, func(tx approvals.Tx, done int) error {
		if done == 0 {
			return errOvertaken
		}
		for _, key := range slices.Sorted(maps.Keys(s.shown)) {
			if err := tx.Change(outbox.AtOnce(key, approvals.NumberOf(key), now)); err != nil {
				return err
			}
		}
		return tx.Audit(entry)
	})
	if err != nil {
		return fmt.Errorf("end forgetting somebody: %w", err)
	}
	if f.Wake != nil {
		f.Wake()
	}
	return nil
}
