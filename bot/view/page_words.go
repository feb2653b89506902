package view

import (
	"slices"

	"github.com/usherbot/usher/approvals"
)

// wordList is a list among the lines of a page, from one of them to before another: so many of all, and then what more says of the others,
// where there are any.
type wordList struct {
	from, to, shown, all int
	more                 func(left int) approvals.Text
}

// leastTold is how many lines of a list are said at least: what it lists, and the first.
const leastTold = 2

// tells takes over what another page says in words.
func (p *page) tells(other *page) {
	for _, l := range other.lists {
		l.from, l.to = l.from+len(p.lines), l.to+len(p.lines)
		p.lists = append(p.lists, l)
	}
	p.lines = append(p.lines, other.lines...)
}

// inWords is the page in words. Where these are too long, the longest of its lists are said shorter, each with how many more there are, so
// that what follows them is said too.
func (p *page) inWords() string {
	if all := fallback(2*maxAll, p.lines...); size(all) <= maxFallback {
		return all
	}
	var lines []approvals.Text
	at := 0
	for _, l := range p.shortened() {
		lines = append(lines, p.lines[at:l.from+l.shown]...)
		if l.shown < l.all {
			lines = append(lines, l.more(l.all-l.shown))
		}
		at = l.to
	}
	return fallback(maxFallback, append(lines, p.lines[at:]...)...)
}

// shortened are the lists with as many lines as the words have room for, taken from the end of whichever is longest.
func (p *page) shortened() []wordList {
	lists, long := slices.Clone(p.lists), make([]int, len(p.lines))
	over := -maxFallback
	for i, l := range p.lines {
		long[i] = spokenSize(l)
		over += long[i]
	}
	lengths := make([]int, len(lists)) // of what could go
	for i, l := range lists {
		for n := leastTold; n < l.shown; n++ {
			lengths[i] += long[l.from+n]
		}
	}
	for over > 0 && slices.ContainsFunc(lengths, func(n int) bool { return n > 0 }) {
		i := slices.Index(lengths, slices.Max(lengths))
		l := &lists[i]
		if l.shown == p.lists[i].shown {
			over += spokenSize(l.more(l.all))
			for n := l.from + l.shown; n < l.to; n++ {
				over -= long[n]
			}
		}
		l.shown--
		over, lengths[i] = over-long[l.from+l.shown], lengths[i]-long[l.from+l.shown]
	}
	return lists
}

// spokenSize is how much of the words a line takes, with its end.
func spokenSize(l approvals.Text) int { return size(fallback(maxFallback, l)) + size("\n") }
