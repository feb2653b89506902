package directory

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/usherbot/usher/approvals"
)

// Record is somebody in one directory. It is stored as JSON: fields may be added, never renamed.
type Record struct {
	// ID is by what they are the same person there.
	ID string `json:"id"`
	// Addresses are theirs by the directory, and Former those that were, folded.
	Addresses []string `json:"addresses,omitempty"`
	Former    []string `json:"former,omitempty"`
	// Off says that they can't sign in, or aren't listed any more (Gone), since Since; zero: it isn't known since when.
	Off   bool      `json:"off,omitempty"`
	Gone  bool      `json:"gone,omitempty"`
	Since time.Time `json:"since,omitzero"`
	// Created is when the directory got them; zero: it doesn't say.
	Created time.Time `json:"created,omitzero"`
}

// Answer is what a directory says: everybody.
type Answer struct {
	People []Record
	// Bookmark is what the next reading goes on from, where it is one that tells what changed.
	Bookmark string
}

// Source reads one directory. package sources has one for each kind, and a test that holds each to this contract.
type Source interface {
	// Read is everybody whom the directory lists, once each, those who were switched off too. was are those of the last reading with its
	// bookmark, for a directory that tells what changed since. An answer that isn't whole is an error, and never fewer people.
	Read(ctx context.Context, was []Record, bookmark string) (Answer, error)
}

// Kept is what is kept of a directory. It is stored as JSON: fields may be added, never renamed.
type Kept struct {
	// Origin is what was read: where it is another now, nothing of what is kept is about it.
	Origin string `json:"origin"`
	// Slot is the last that was read for, and Read when.
	Slot     string    `json:"slot,omitempty"`
	Read     time.Time `json:"read,omitzero"`
	Bookmark string    `json:"bookmark,omitempty"`
	// Whole is when everybody was read last, and not only who changed.
	Whole  time.Time `json:"whole,omitzero"`
	People []Record  `json:"people,omitempty"`
	// Doubted tells an added list that wasn't believed from every other, and At when that was.
	Doubted string    `json:"doubted,omitempty"`
	At      time.Time `json:"doubted_at,omitzero"`
	// Trouble is since when it could not be read, or wasn't believed; zero: it was the last time.
	Trouble time.Time `json:"trouble,omitzero"`

	// line is how it stood in the store when it was read.
	line []byte
}

// How long somebody is remembered who isn't listed any more, how many of their earlier addresses are, and how often everybody is read.
const (
	remembers  = 400 * 24 * time.Hour
	mostFormer = 20
	wholeEvery = 7 * 24 * time.Hour
)

// from is what the next reading goes on from; "": everybody is read, as every week: a change that a directory forgot to tell would
// never be known otherwise.
func (k Kept) from(now time.Time) string {
	if now.Sub(k.Whole) >= wholeEvery {
		return ""
	}
	return k.Bookmark
}

// listed are those whom the last reading listed.
func (k Kept) listed() []Record {
	return slices.DeleteFunc(slices.Clone(k.People), func(r Record) bool { return r.Gone })
}

// With is what is kept after an answer. Who isn't listed any more is off from now on; an address that is somebody's no more stays with
// them as a former one. Since when somebody is off is what the directory says, else when it was seen first; in a first reading it isn't known.
func (k Kept) With(a Answer, now time.Time) Kept {
	was := map[string]Record{}
	for _, r := range k.People {
		was[r.ID] = r
	}
	next := Kept{Origin: k.Origin, Slot: k.Slot, Read: now.UTC(), Bookmark: a.Bookmark, Whole: k.Whole, line: k.line}
	if k.from(now) == "" {
		next.Whole = now.UTC()
	}
	for _, r := range tidy(a.People) {
		old, known := was[r.ID]
		delete(was, r.ID)
		r.Former = former(old, r)
		r.Gone = false
		switch {
		case !r.Off:
			r.Since = time.Time{}
		case r.Since.IsZero() && known && old.Off:
			r.Since = old.Since
		case r.Since.IsZero() && !k.Read.IsZero():
			r.Since = now.UTC()
		}
		next.People = append(next.People, r)
	}
	for _, r := range k.People {
		if _, missing := was[r.ID]; !missing {
			continue
		}
		if !r.Off || r.Since.IsZero() {
			r.Since = now.UTC()
		}
		if r.Off, r.Gone = true, true; now.Sub(r.Since) < remembers {
			next.People = append(next.People, r)
		}
	}
	slices.SortFunc(next.People, func(a, b Record) int { return cmp.Compare(a.ID, b.ID) })
	return next
}

// tidy are people once each, the later of two, with their addresses folded and each once.
func tidy(people []Record) (out []Record) {
	at := map[string]int{}
	for _, r := range people {
		var addresses []string
		for _, a := range r.Addresses {
			if a = approvals.FoldEmail(a); a != "" && !slices.Contains(addresses, a) {
				addresses = append(addresses, a)
			}
		}
		r.Addresses = addresses
		if i, twice := at[r.ID]; twice {
			out[i] = r
			continue
		}
		at[r.ID], out = len(out), append(out, r)
	}
	return out
}

// former are the addresses that somebody had and has no more, the latest last.
func former(old, now Record) (out []string) {
	for _, a := range slices.Concat(old.Former, old.Addresses) {
		if !slices.Contains(now.Addresses, a) && !slices.Contains(out, a) {
			out = append(out, a)
		}
	}
	return out[max(0, len(out)-mostFormer):]
}
