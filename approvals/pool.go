package approvals

import (
	"cmp"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/usherbot/usher/catalog"
)

// Some apps have limits that one account shares out: so many of a thing for everybody together. A request may ask for a
// share of one (catalog.Field.Share). Who has how much follows from the requests that were done, the last word on each
// limit counting, and an account that is taken away gives all of its back. It is kept reckoned (Stock.Shares), so that a
// transaction need not read all that was ever done, and changes in the transaction that ends a request:
//
//	asked ──► refused, if it is more than is left and who asks may know that
//	pending ──► reserves nothing; its card says what a yes leaves
//	approved ──► refused, unless it is left: from then on it counts as promised
//	the last step of its task ──► refused, unless it is still left: the pool may have been made smaller
//	done ──► theirs; an account taken away: back in the pool
//
// What is less than somebody has is always given, so a pool that is over its size shrinks back.

// Limit is one limit of a pool, and how much of it there is.
type Limit struct {
	Key string
	Of  int64
}

// Words are what people call a limit in the middle of a sentence.
func (l Limit) Words() string { return strings.ReplaceAll(l.Key, "_", " ") }

// Label is what stands before its numbers.
func (l Limit) Label() string { return Sayf("%v", l.Words()).Capital().Plain() }

// Shares are how much somebody has of each limit.
type Shares map[string]int64

// Spread is how one limit of a pool is spread at one moment.
type Spread struct {
	Limit
	// Out is what people have by what was done, and Promised what was approved beyond that.
	Out, Promised int64
	// Of one request, Has is what whom it is for has already, or was promised; After is Out and Promised once it is done
	// too, and Others how much more the other requests ask for that nobody has decided. Asks says that it asks for some.
	Has, After, Others int64
	Asks               bool
}

// Taken is what somebody has or was promised.
func (s Spread) Taken() int64 { return s.Out + s.Promised }

// Left is what nobody has or was promised; more may be out than there is.
func (s Spread) Left() int64 { return max(s.Of-s.Taken(), 0) }

// Over is how much more is out, or promised, than there is.
func (s Spread) Over() int64 { return max(s.Taken()-s.Of, 0) }

// Fits reports whether what a request asks for is left. Less than somebody has always is.
func (s Spread) Fits() bool { return s.After <= s.Taken() || s.After <= s.Of }

// shares are what a request asks for of its app's pool, by limit.
func (r Request) shares() Shares {
	if r.Extends != nil {
		return nil
	}
	var out Shares
	form := r.Form()
	for _, v := range r.Change.Values {
		f, _ := form.Field(v.Key)
		if !v.Share && !f.Share {
			continue
		}
		if n, err := strconv.ParseInt(r.Change.Values.ID(v.Key), 10, 64); err == nil && n >= 0 {
			if out == nil {
				out = Shares{}
			}
			out[v.Key] = n
		}
	}
	return out
}

// promised reports whether a request was approved and is not over, so that its share is kept for it.
func (r Request) promised() bool {
	return slices.Contains([]State{Approved, Running, InDoubt}, r.State) && r.End == nil
}

// pool is how an app's limits are spread in one transaction.
type pool struct {
	app App
	// has is what people have, by folded address, and open are the app's requests that are not over.
	has  map[string]Shares
	open []Request
}

// after takes up what a request did to somebody's shares that was done, or is over.
func (p *pool) after(r Request) {
	who := FoldEmail(r.Change.Email)
	has := maps.Clone(p.has[who])
	switch form := r.Form(); {
	case form.Ends || r.tookSeat():
		p.give(who, nil)
		return
	case r.State == Ended:
		return
	case form.New: // what an older account had went with that
		has = nil
	}
	for key, n := range r.shares() {
		if has == nil {
			has = Shares{}
		}
		has[key] = n
	}
	maps.DeleteFunc(has, func(_ string, n int64) bool { return n == 0 })
	p.give(who, has)
}

// give makes it somebody's, in place of what they had; what was read stays as it is.
func (p *pool) give(who string, has Shares) {
	all := map[string]Shares{}
	maps.Copy(all, p.has)
	if all[who] = has; len(has) == 0 {
		delete(all, who)
	}
	p.has = all
}

// reckon is who has what by all that was done.
func (p *pool) reckon(done []Request) {
	p.has = map[string]Shares{}
	done = slices.Clone(done)
	slices.SortStableFunc(done, func(a, b Request) int { return cmp.Or(a.DoneAt().Compare(b.DoneAt()), cmp.Compare(a.Number, b.Number)) })
	for _, r := range done {
		p.after(r)
	}
}

// ofOne is what somebody has of a limit, or was promised by others than one request.
func (p *pool) ofOne(who, key string, but int64) int64 {
	n := p.has[who][key]
	for _, o := range p.open {
		if o.Number != but && o.promised() && FoldEmail(o.Change.Email) == who {
			n = max(n, o.shares()[key])
		}
	}
	return n
}

// people are all who have something, or were promised it, in the order of their addresses.
func (p *pool) people() []string {
	all := slices.Collect(maps.Keys(p.has))
	for _, o := range p.open {
		if o.promised() && len(o.shares()) > 0 {
			all = append(all, FoldEmail(o.Change.Email))
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// of is how a limit is spread, whatever one request asks.
func (p *pool) of(l Limit, but int64) Spread {
	s := Spread{Limit: l}
	for _, who := range p.people() {
		s.Out += p.has[who][l.Key]
		s.Promised += p.ofOne(who, l.Key, but) - p.has[who][l.Key]
	}
	s.After = s.Taken()
	return s
}

// before is how the limits are spread that a request is about, without it and with it.
func (p *pool) before(r Request) (out []Spread) {
	asks, who := r.shares(), FoldEmail(r.Change.Email)
	form := r.Form()
	ends := form.Ends || form.New && r.End != nil
	if ends {
		asks = nil
	}
	for _, l := range p.app.Pool {
		s := p.of(l, r.Number)
		n, asked := asks[l.Key]
		s.Asks, s.Has = asked, p.ofOne(who, l.Key, r.Number)
		switch kept := s.Has - p.has[who][l.Key]; {
		case asked && kept > 0: // another request was approved for the same account
			s.After = s.Taken() + max(n-s.Has, 0)
		case asked:
			s.After = s.Taken() - s.Has + n
		case (ends || form.New) && s.Has > 0 && kept == 0: // which gives back what the account had
			s.After = s.Taken() - s.Has
		default:
			continue
		}
		for _, o := range p.open {
			if o.Number != r.Number && o.State == Pending {
				s.Others += max(o.shares()[l.Key]-p.ofOne(FoldEmail(o.Change.Email), l.Key, o.Number), 0)
			}
		}
		out = append(out, s)
	}
	return out
}

// short are the limits of which less is left than a request asks for.
func (p *pool) short(r Request) []Spread { return short(p.before(r)) }

func short(of []Spread) []Spread {
	return slices.DeleteFunc(slices.Clone(of), func(s Spread) bool { return !s.Asks || s.Fits() })
}

// shortAtLast are those of which there is no longer as much as a request that is to be done asks for, by what people have:
// the pool may be smaller than it was when it was approved, and what others were promised is no reason to keep it from the first.
func (p *pool) shortAtLast(r Request) (out []Spread) {
	done := pool{app: p.app, has: p.has}
	return done.short(r)
}

// Grouped is a number as people read it: "100,000".
func Grouped[N int | int64](n N) string { return catalog.Grouped(n) }
