package seranking

import "slices"

// Known is what has been found out of how a vendor takes the websites of a share. It may be kept: the
// words are never renamed.
type Known string

const (
	// Lists: nothing else is known than that a list is the whole set, as the documents have it.
	Lists Known = ""
	// OneByOne: one website a request; whether the others stay is not known.
	OneByOne Known = "one"
	// Adds: one website a request, and the others stay.
	Adds Known = "adds"
	// Replaces: one website a request, and the others go.
	Replaces Known = "replaces"
)

// Cannot is why a change of shares cannot be made one website a request.
type Cannot string

const (
	// MightReplace: websites that must stay are shared, and nobody knows yet whether they would.
	MightReplace Cannot = "it might replace"
	// KeepsOne: the last one sent is all that is kept, and more than one is wanted.
	KeepsOne Cannot = "it keeps one"
	// TakesNone: what is sent is added, and some are to be taken away.
	TakesNone Cannot = "it takes none away"
	// NeverNone: there is no way to say that none shall be shared.
	NeverNone Cannot = "it cannot say none"
)

// single is the website to send alone, so that nothing which must stay can go, whatever sending it does
// to the others; or why there is none. 0 without a reason: the caller has not noted one that is missing.
func (w *rewrite) single() (int64, Cannot) {
	add, drop := without(w.want, w.before), without(w.before, w.want)
	switch {
	case len(w.want) == 0:
		return 0, NeverNone
	case w.Known == Adds && len(drop) > 0:
		return 0, TakesNone
	case len(w.want) == 1:
		return w.want[0], "" // added or left alone, it is what must be there
	case w.Known == Replaces:
		return 0, KeepsOne
	case w.Known != Adds && (len(drop) > 0 || len(without(w.before, w.Sent)) > 0):
		return 0, MightReplace
	case w.Next == 0:
		return add[0], ""
	case slices.Contains(add, w.Next):
		return w.Next, ""
	}
	return 0, ""
}

// judge fills in a result from what was read back.
func (w *rewrite) judge(r *ShareResult) {
	r.compare(w.want)
	if !w.oneByOne {
		if slices.Equal(w.want, r.After) {
			r.Known = Lists // that it was accepted alone would prove nothing
		}
		return
	}
	r.Alone, r.Known = w.alone, w.learned(r)
	// What was risked for this change is missing, and not lost to somebody.
	risked := intersect(r.Lost, w.Sent)
	r.Lost, r.Missing = without(r.Lost, risked), set(append(r.Missing, risked...))
	switch {
	case slices.Equal(w.want, r.After):
	case w.cannot != "":
		r.Cannot = w.cannot
	case r.Known == Replaces && len(w.want) > 1:
		r.Cannot = KeepsOne
	case len(r.Missing)+len(r.Remaining) == 0:
	case len(r.Remaining) > 0:
		r.Cannot = TakesNone
	case len(r.Lost) == 0:
		r.More = w.alone == 0 || slices.Contains(r.After, w.alone)
	}
}

// learned is what a website that was sent alone shows by what became of the others. That it adds is believed
// of a website that was not there before only: sending one again may be no change at all.
func (w *rewrite) learned(r *ShareResult) Known {
	others := without(r.Before, []int64{w.alone})
	stayed := intersect(others, r.After)
	known := w.Known
	if known == Lists {
		known = OneByOne
	}
	switch {
	case w.alone == 0 || len(others) == 0 || !slices.Contains(r.After, w.alone):
		return known
	case len(stayed) == 0:
		return Replaces
	case len(stayed) < len(others):
		return OneByOne // somebody else wrote meanwhile, or it does neither
	case slices.Contains(r.Before, w.alone):
		return known
	}
	return Adds
}
