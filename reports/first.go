package reports

import "slices"

// mostNamed is how many of a list a report holds; of the rest it knows how many there are.
const mostNamed = 1000

// firsts holds the first of a list that may be very long, and counts all of it.
type firsts[T any] struct {
	order func(a, b T) int
	kept  []T
	count int
}

func (f *firsts[T]) add(t T) {
	f.count++
	f.kept = append(f.kept, t)
	if len(f.kept) >= 2*mostNamed {
		f.kept = f.list()
	}
}

// list is the first of all that were added, in order.
func (f *firsts[T]) list() []T {
	slices.SortStableFunc(f.kept, f.order)
	return f.kept[:min(len(f.kept), mostNamed)]
}
