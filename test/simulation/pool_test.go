package simulation

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strconv"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/catalog"
)

// The office has so many boxes for what people keep there, which some ask for with their badge.

// boxes is how many there are: too few for all.
const boxes = 9

// boxed is a seat that is asked with boxes, the i-th of its kind.
func boxed(extra string, i int) string {
	if i%4 == 0 {
		return extra
	}
	return fmt.Sprintf("%s boxes=%d", extra, 3+i%5)
}

// shared: at no time anybody has more boxes than there are, by what was done, in the order in which it was; and what Usher
// says of them is that, kept or reckoned.
func (s *simulation) shared(all []approvals.Request) {
	has, most := map[string]int{}, 0
	done := slices.DeleteFunc(withEnds(all), func(r approvals.Request) bool { return r.State != approvals.Done })
	slices.SortStableFunc(done, func(a, b approvals.Request) int {
		return cmp.Or(a.Outcome.At.Compare(b.Outcome.At), cmp.Compare(a.Number, b.Number))
	})
	for _, r := range done {
		n, _ := strconv.Atoi(r.Change.Values.ID("boxes"))
		if has[r.Change.Email] = n; r.Action == catalog.Delete {
			delete(has, r.Change.Email)
		}
		sum := 0
		for _, n := range has {
			sum += n
		}
		if most = max(most, sum); sum > boxes {
			s.Errorf("with #%d %d boxes are handed out, and there are %d", r.Number, sum, boxes)
		}
	}
	s.count("pool: held to what there is")
	if most > boxes/2 {
		s.count("pool: more than half was handed out")
	}
	for _, r := range all {
		if n, _ := strconv.Atoi(r.Change.Values.ID("boxes")); r.State == approvals.Expired && n > 0 {
			s.count("pool: expired beside others")
		}
	}
	s.spread(has)
}

// spread holds what Usher says of the boxes to what was done, and to what there is.
func (s *simulation) spread(has map[string]int) {
	if s.App == nil || s.Life.Over() {
		return
	}
	now, err := s.App.Desk.Pool(context.Background(), "office")
	require.NoError(s, err)
	if l := now.Limits[0]; l.Taken() > boxes || l.Promised < 0 {
		s.Errorf("%d boxes are handed out and %d promised, of %d", l.Out, l.Promised, boxes)
	}
	for _, p := range now.People {
		if int(p.Has["boxes"]) != has[p.Email] {
			s.Errorf("%s has %d boxes by what was done, and Usher says %d", p.Email, has[p.Email], p.Has["boxes"])
		}
		delete(has, p.Email)
	}
	for email, n := range has {
		if n > 0 {
			s.Errorf("%s has %d boxes by what was done, and Usher says none", email, n)
		}
	}
}

// pooled is a request with how the boxes are spread, as what shows it says it.
func (s *simulation) pooled(r approvals.Request) approvals.Request {
	r, err := s.App.Desk.Request(context.Background(), r.Number)
	require.NoError(s, err)
	return r
}
