package conform

import (
	"cmp"
	"context"
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/usherbot/usher/outbox"
)

// Due implements outbox.Box.
func (s *sloppy) Due(_ context.Context, kind string, now time.Time, limit int) (list []outbox.Intent, next time.Time, err error) {
	s.read(func(t *table) {
		all := slices.SortedFunc(maps.Values(t.intents), func(a, b outbox.Intent) int {
			if t.does == "lists what is due in the order of the keys" {
				return cmp.Compare(a.Key, b.Key)
			}
			return a.Due.Compare(b.Due)
		})
		for _, in := range all {
			if outbox.IsAtOnce(in.Due) && t.does == "lets what is owed at once wait for its clock" {
				in.Due = in.Since
			}
			switch {
			case !s.isOf(kind, in.Key) || s.elsewhere(in.Key) && t.does != "lists what another has claimed" || !in.Claimed.IsZero() && t.does == "does not list what is claimed":
			case in.Due.After(now) && t.does != "lists what sleeps", in.Due.Equal(now) && t.does == "lists what is due only after its moment":
				next = cmp.Or(next, in.Due)
			case len(list) < limit || t.does == "lists more due than it is asked for":
				list = append(list, in)
			case t.does == "says of what it cut off that it sleeps":
				next = cmp.Or(next, in.Due)
			}
		}
	})
	if s.does == "does not say what sleeps" {
		next = time.Time{}
	}
	return list, next, nil
}

// Ready implements outbox.Herald.
func (s *sloppy) Ready(_ context.Context, now time.Time) (kinds []string, next time.Time, err error) {
	s.read(func(t *table) {
		for _, in := range slices.SortedFunc(maps.Values(t.intents), func(a, b outbox.Intent) int { return a.Due.Compare(b.Due) }) {
			if outbox.IsAtOnce(in.Due) && t.does == "is not ready for what is owed at once" {
				in.Due = in.Since
			}
			kind := outbox.Kind(in.Key)
			switch {
			case in.Due.After(now):
				next = cmp.Or(next, in.Due)
				if t.does != "is ready for what sleeps" {
					continue
				}
			case slices.Contains(kinds, kind) && t.does != "names a kind as often as it is ready":
				continue
			case s.elsewhere(in.Key):
				continue
			}
			kinds = append(kinds, kind)
		}
	})
	if s.does == "does not say when the first of all wakes" {
		next = time.Time{}
	}
	return kinds, next, nil
}

// isOf says whether a key is of a kind.
func (s *sloppy) isOf(kind, key string) bool {
	if s.does == "takes one kind for another that begins so" {
		return strings.HasPrefix(key, kind)
	}
	return outbox.Kind(key) == kind
}

// Claim implements outbox.Box.
func (s *sloppy) Claim(ctx context.Context, key string, now time.Time) (was outbox.Intent, err error) {
	err = s.commit(ctx, func(t *table) error {
		in, owed := t.intents[key]
		if in.Token > 0 && s.elsewhere(key) {
			return outbox.ErrGone
		}
		if !owed && t.does != "lets claim what nobody promised" || in.Due.After(now) && t.does != "lets claim what sleeps" {
			return outbox.ErrGone
		}
		was = in
		if t.does != "keeps no claim" {
			in.Claimed = now
		}
		if t.does != "numbers claims by the key" {
			t.rev++
			in.Token = t.rev
		} else {
			in.Token++
		}
		if t.does == "returns a promise as it is after the claim" {
			was = in
		}
		was.Token = in.Token
		s.lease(key)
		if t.does == "raises the revision with a claim" {
			in.Rev++
		}
		t.intents[key] = in
		return nil
	})
	return was, err
}

// Mark implements outbox.Box.
func (s *sloppy) Mark(ctx context.Context, claimed outbox.Intent, note json.RawMessage) error {
	return s.commit(ctx, func(t *table) error {
		in, owed := t.intents[claimed.Key]
		switch {
		case owed && in.Token > claimed.Token && t.does != "asks at the end alone whose a claim is" && (t.does != "asks nobody whose a claim is that was put off" || !in.Claimed.IsZero()):
			return outbox.ErrTaken
		case !owed && t.does == "owes again what was dropped, for its note":
			in.Key = claimed.Key
		case !owed || in.Rev != claimed.Rev && t.does != "keeps a note with what was promised anew":
			return outbox.ErrGone
		case t.does == "keeps no note":
			return nil
		case len(in.Note) > 0 && t.does == "keeps the first note":
			return nil
		}
		in.Note = note
		t.intents[in.Key] = in
		if t.does != "lets a note be made without a lease" {
			s.lease(in.Key)
		}
		return nil
	})
}

// Stands implements outbox.Box.
func (s *sloppy) Stands(_ context.Context, claimed outbox.Intent) (err error) {
	s.read(func(t *table) {
		in, owed := t.intents[claimed.Key]
		switch {
		case !owed:
			err = outbox.ErrGone
		case in.Token > claimed.Token:
			err = outbox.ErrTaken
		default:
			s.lease(in.Key)
		}
	})
	if s.does == "says of every claim that it stands" {
		return nil
	}
	return err
}

// elsewhere reports whether another store holds a promise.
func (s *sloppy) elsewhere(key string) bool {
	by, held := s.leases[key]
	return held && by != s && s.does != "lets everybody claim what is claimed"
}

// lease begins the lease of a claim of this store's.
func (s *sloppy) lease(key string) { s.leases[key] = s }

// Implies implements outbox.Box.
func (s *sloppy) Implies(_ context.Context, claimed outbox.Intent, _ time.Time) (implied bool, err error) {
	s.read(func(t *table) {
		in, owed := t.intents[claimed.Key]
		switch {
		case t.does == "asks nobody what a claim implies":
			implied = true
		case owed && in.Token > claimed.Token:
			err = outbox.ErrTaken
		case !owed || in.Rev != claimed.Rev:
			err = outbox.ErrGone
		default:
			implied = t.does == "implies what the next life doesn't find" || t.does == "implies what is noted" && len(in.Note) > 0
		}
	})
	return implied, err
}

// Finish implements outbox.Box.
func (s *sloppy) Finish(ctx context.Context, claimed outbox.Intent, result outbox.Result, now time.Time) error {
	return s.commit(ctx, func(t *table) error {
		in, owed := t.intents[claimed.Key]
		if t.does != "lets everybody finish" && (owed && in.Token > claimed.Token || result.Receipt() != nil && t.receipts[claimed.Key].Token > claimed.Token && t.does != "overwrites the receipt of who took over") {
			return outbox.ErrTaken
		}
		if t.does != "holds for good what it has put off" {
			delete(s.leases, claimed.Key)
		}
		t.leave(claimed, owed, result, now)
		switch {
		case owed:
			t.finish(in, in.Rev == claimed.Rev || t.does == "minds no revision at the end", result)
		case t.does == "owes again what was dropped meanwhile":
			t.intents[claimed.Key] = claimed
		}
		return nil
	})
}

// leave keeps the receipt of what came of a promise.
func (t *table) leave(claimed outbox.Intent, owed bool, result outbox.Result, now time.Time) {
	r := result.Receipt()
	_, _, retry := result.IsRetry()
	switch {
	case r == nil && t.does == "drops the receipt where there is no new one":
		delete(t.receipts, claimed.Key)
	case r == nil, t.does == "keeps no receipt", !owed && t.does == "keeps no receipt of what was dropped", retry && t.does == "keeps no receipt of what is tried again":
	default:
		kept := *r
		if t.does != "leaves the key to the receipt" {
			kept.Key = claimed.Key
		}
		kept.At, kept.Token = now, claimed.Token
		t.receipts[kept.Key] = kept
	}
}

// finish ends a claim; current says that nothing was promised anew meanwhile.
func (t *table) finish(in outbox.Intent, current bool, result outbox.Result) {
	at, why, retry := result.IsRetry()
	again, until := result.IsDoneUntil()
	if t.does != "leaves the claim of what is finished" {
		in.Claimed = time.Time{}
	}
	switch {
	case retry:
		if in.Tries++; t.does == "counts one try" {
			in.Tries = 1
		}
		if in.Why = why; t.does == "forgets the note of what is tried again" {
			in.Note = nil
		}
		if (current || in.Due.Before(at) && t.does != "delivers at once what was promised anew") && t.does != "does not let it sleep" {
			in.Due = at
		}
	case until:
		if t.does != "remembers the tries of what was done" {
			in.Note, in.Tries, in.Why = nil, 0, ""
		}
		if current && t.does != "owes at once what is done until later" {
			in.Due = again
		}
	case current && t.does != "owes what is done":
		delete(t.intents, in.Key)
		return
	default:
		in.Note, in.Tries, in.Why = nil, 0, ""
	}
	t.intents[in.Key] = in
}

// Promise implements outbox.Box.
func (s *sloppy) Promise(ctx context.Context, changes ...outbox.Change) error {
	return s.commit(ctx, func(t *table) error {
		if s.does == "makes the last change first" {
			changes = slices.Clone(changes)
			slices.Reverse(changes)
		}
		for _, c := range changes {
			if err := t.change(c); err != nil {
				return err
			}
		}
		return nil
	})
}

// change makes or drops a promise.
func (t *table) change(c outbox.Change) error {
	if c.Put == nil {
		return t.drop(c.Drop)
	}
	if c.Where != "" && len(t.known(c.Where)) == 0 && t.does != "promises what follows nothing" {
		return nil
	}
	in := *c.Put
	old, owed := t.intents[in.Key]
	_, left := t.receipts[in.Key]
	if left && (c.Once && t.does != "promises once more what left a receipt" || t.does == "promises nothing that left a receipt") ||
		owed && c.Once && t.does != "promises once more what is owed" {
		return nil
	}
	if owed {
		in = t.merged(in, old)
	}
	if t.rev++; !owed || t.does != "leaves the revision as it was" {
		in.Rev = t.rev
	}
	if t.does == "numbers revisions by the key" {
		in.Rev = old.Rev + 1
	}
	t.intents[in.Key] = in
	return nil
}

// merged is what was owed, promised again.
func (t *table) merged(in, old outbox.Intent) outbox.Intent {
	if old.Due.Before(in.Due) && t.does != "puts off what is promised again" {
		in.Due = old.Due
	}
	if old.Due.After(in.Due) && t.does == "brings nothing forward" {
		in.Due = old.Due
	}
	if outbox.IsAtOnce(old.Due) && t.does != "forgets since when it is owed" {
		in.Since = old.Since
	}
	in.Made, in.Tries, in.Claimed, in.Token, in.Note = old.Made, old.Tries, old.Claimed, old.Token, old.Note
	if t.does == "takes what was promised anew for another's" {
		in.Token = 0
	}
	if t.does == "forgets the claim of what is promised again" {
		in.Claimed = time.Time{}
	}
	return in
}

func (t *table) drop(key string) error {
	if _, owed := t.intents[key]; !owed && t.does == "refuses to drop what nobody promised" {
		return outbox.ErrGone
	}
	for k := range t.intents {
		if k == key && t.does != "drops nothing" || t.does == "drops what begins so" && strings.HasPrefix(k, key) {
			delete(t.intents, k)
		}
	}
	return nil
}

// Receipt implements outbox.Box.
func (s *sloppy) Receipt(_ context.Context, key string) (r outbox.Receipt, ok bool, err error) {
	s.read(func(t *table) { r, ok = t.receipts[key] })
	return r, ok || s.does == "has a receipt of everything", nil
}

// Known implements outbox.Box.
func (s *sloppy) Known(_ context.Context, pre string) (keys []string, err error) {
	s.read(func(t *table) { keys = t.known(pre) })
	return keys, nil
}

// known are the keys that begin so and are owed or have a receipt.
func (t *table) known(pre string) (keys []string) {
	if t.does != "knows only what left a receipt" {
		keys = slices.Collect(maps.Keys(t.intents))
	}
	if t.does != "knows only what is owed" {
		keys = slices.AppendSeq(keys, maps.Keys(t.receipts))
	}
	keys = slices.DeleteFunc(keys, func(k string) bool { return !strings.HasPrefix(k, pre) })
	slices.Sort(keys)
	return slices.Compact(keys)
}
