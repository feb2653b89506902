package approvals

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"time"
)

// Removed is what is left of a request that was closed long ago and removed since: its number, which nobody gets again, and
// when that was. It is the error of a Book that is asked for it, and an ErrNoRequest. It is stored as JSON.
type Removed struct {
	Number int64  `json:"number"`
	Nonce  string `json:"nonce,omitempty"`
	// State is the one it was closed in, and Closed when.
	State  State     `json:"state"`
	Closed time.Time `json:"closed"`
	// At is when it was removed, and Kept how long closed requests were kept then.
	At   time.Time     `json:"at"`
	Kept time.Duration `json:"kept,omitempty"`
}

// Error implements error.
func (r Removed) Error() string { return fmt.Sprintf("store: request #%d was removed", r.Number) }

// Is has it be an ErrNoRequest.
func (r Removed) Is(err error) bool { return err == ErrNoRequest }

// noRequest is the answer about a number of which the store has no request, for the reason it gave.
func noRequest(n int64, err error) *Error {
	gone, removed := errors.AsType[Removed](err)
	if !removed {
		return NoSuch(n)
	}
	return Refuse(NotFound, "#%v was closed %v and removed %v, as your company keeps requests for %v. The audit log still has it.", n, gone.Closed, gone.At, Lasting(gone.Kept))
}

// Lasting are words for how long something is kept: whole years, or days.
func Lasting(d time.Duration) string {
	const year = 365 * 24 * time.Hour
	if n := d / year; n > 0 && d%year == 0 {
		return plural(int64(n), "year")
	}
	return plural(int64(d/(24*time.Hour)), "day")
}

func plural(n int64, word string) string {
	if n == 1 {
		return "a " + word
	}
	return fmt.Sprintf("%d %ss", n, word)
}

// Traces are the keys under which promises and receipts of a request stand: each itself, or with a slash and more behind it.
func Traces(n int64) (keys []string) {
	for _, kind := range []string{KindCard, KindAdmins, KindApprover, KindTell, KindAsk, KindAnswer, KindExpire, KindEscalate, KindRemind, KindReminder, KindNudge,
		KindAlive, KindLapse, KindEnds, KindEnd, KindDeed, KindTask, KindProgress, KindDue, KindOverdue, KindLook, KindHomes} {
		keys = append(keys, fmt.Sprintf("%s/%d", kind, n))
	}
	return keys
}

// closedAt is when the last of what a request was about was over; zero: it isn't, or somebody may still have it tried again.
func (r Request) closedAt() time.Time {
	switch {
	case r.Live() || r.State == Failed && !r.Lapsed:
		return time.Time{}
	case r.State == Ended:
		return r.End.Outcome.At
	case r.Outcome != nil:
		return r.Outcome.At
	}
	return r.Decided
}

// ties are the numbers of those that stand or fall with a request: they are on one card, or ask to have it for longer.
func (r Request) ties() (numbers []int64) {
	first, of := r.onCard()
	for n := first; n < first+int64(of); n++ {
		numbers = append(numbers, n)
	}
	if r.Extends != nil {
		numbers = append(numbers, r.Extends.Of)
	}
	for _, l := range r.Longer {
		numbers = append(numbers, l.Number)
	}
	for _, p := range r.Passed {
		numbers = append(numbers, p.To)
	}
	return numbers
}

// mostInOne is how many requests that hang together are removed in one transaction; what is more stays.
const mostInOne = 300

// Removable are those of some requests, which are all there are up to some number, that were closed before a moment and on which
// nothing rests, in groups: each can be removed in a transaction of its own, in this order. What rests on a number says so in rests.
//
// What somebody has follows from all that was done for their address, so of what was done only the oldest may go, up to where
// nobody had anything: from there on it comes to the same without them.
func Removable(all []Request, before time.Time, rests map[int64]bool) [][]Request {
	p := removing{by: map[int64]Request{}, tied: map[int64][]int64{}, stays: map[int64]bool{}}
	for _, r := range all {
		p.by[r.Number] = r
		p.last = max(p.last, r.Number)
		at := r.closedAt()
		p.stays[r.Number] = at.IsZero() || !at.Before(before) || rests[r.Number]
	}
	for _, r := range all {
		for _, n := range r.ties() {
			p.tie(r.Number, n)
		}
	}
	for again := true; again; {
		again = p.holdings(all) || p.spread()
	}
	return p.groups()
}

// removing is which requests stay, and which hang together.
type removing struct {
	by    map[int64]Request
	tied  map[int64][]int64
	stays map[int64]bool
	last  int64
}

// tie has two stand or fall together. One that is newer than all that are looked at stays; one that is gone already matters to nobody.
func (p *removing) tie(a, b int64) {
	if _, there := p.by[b]; !there {
		p.stays[a] = p.stays[a] || b > p.last
		return
	}
	if a != b {
		p.tied[a], p.tied[b] = append(p.tied[a], b), append(p.tied[b], a)
	}
}

// holdings has what was done for an address stay from where somebody has something on; true: more stays than before.
func (p *removing) holdings(all []Request) (more bool) {
	type account struct{ app, email string }
	of := map[account][]Request{}
	for _, r := range inOrder(all) {
		a := account{r.App.ID, FoldEmail(r.Change.Email)}
		of[a] = append(of[a], r)
	}
	for _, done := range of {
		free := p.free(done)
		for i, r := range done {
			switch {
			case i >= free && !p.stays[r.Number]:
				p.stays[r.Number], more = true, true
			case i > 0 && i < free && !slices.Contains(p.tied[r.Number], done[i-1].Number):
				p.tie(done[i-1].Number, r.Number)
			}
		}
	}
	return more
}

// free is how many of what was done for one address, the oldest, leave nothing that is still somebody's.
func (p *removing) free(done []Request) (n int) {
	pool := pool{}
	for i, r := range done {
		if p.stays[r.Number] || r.Formless() != nil {
			return n
		}
		pool.after(r)
		if len(Holdings(done[:i+1], ByAddress)) == 0 && len(pool.has) == 0 {
			n = i + 1
		}
	}
	return n
}

// spread has whatever hangs together with what stays stay too; true: more stays than before.
func (p *removing) spread() (more bool) {
	for n := range p.by {
		if !p.stays[n] && slices.ContainsFunc(p.tied[n], func(o int64) bool { return p.stays[o] }) {
			p.stays[n], more = true, true
		}
	}
	return more
}

// groups are those that hang together, the one first that was closed first.
func (p *removing) groups() (out [][]Request) {
	seen := map[int64]bool{}
	for n := range p.by {
		if p.stays[n] || seen[n] {
			continue
		}
		var group []Request
		for next := []int64{n}; len(next) > 0; {
			n, next = next[0], next[1:]
			if !seen[n] {
				seen[n] = true
				group, next = append(group, p.by[n]), append(next, p.tied[n]...)
			}
		}
		if len(group) <= mostInOne {
			slices.SortFunc(group, byClosing)
			out = append(out, group)
		}
	}
	slices.SortFunc(out, func(a, b []Request) int { return byClosing(a[0], b[0]) })
	return out
}

func byClosing(a, b Request) int {
	return cmp.Or(a.closedAt().Compare(b.closedAt()), cmp.Compare(a.Number, b.Number))
}
