package approvals

import (
	"errors"
	"slices"
	"time"
)

// lasting says what an edit changed about for how long something is asked; nothing: it's as it was.
func lasting(was, is *Term) []Altered {
	if was.same(is) {
		return nil
	}
	a := Altered{Field: AlteredLong, Label: "How long", Was: was.said().Plain(), Is: is.said().Plain()}
	if was != nil {
		a.WasUntil = was.Until
	}
	if is != nil {
		a.IsUntil = is.Until
	}
	return []Altered{a}
}

// same reports whether two terms are alike; nil is for good.
func (t *Term) same(o *Term) bool {
	if t == nil || o == nil {
		return t == o
	}
	return t.For == o.For && t.Until.Equal(o.Until)
}

// said says how long it is; nil is for good.
func (t *Term) said() Text {
	if t == nil {
		return Sayf("for good")
	}
	return t.Text()
}

// Bounded reports whether an edit says when it ends, or otherwise than before.
func (e Edit) Bounded() bool {
	return slices.ContainsFunc(e.Changed, func(a Altered) bool { return a.Field == AlteredLong && a.Is != (*Term)(nil).said().Plain() })
}

// lasts refuses an edit after which it would be asked for too long, or not long enough, under how long.
func (r Request) lasts(p Policy, open bool, now time.Time) error {
	if e, no := errors.AsType[*Error](r.termed(now)); no {
		return Misplaced{e, AlteredLong}
	}
	if e, no := errors.AsType[*Error](p.within(r, now)); no && !open {
		return Misplaced{Refuse(Invalid, "%v Please pick an end within that. Nothing was changed.", e.Say).Because(ErrTerm), AlteredLong}
	}
	return nil
}
