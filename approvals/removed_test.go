package approvals

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/catalog"
	"github.com/usherbot/usher/test/values"
)

// yearOn is the moment before which what is closed may go.
func yearOn() time.Time { return noon.AddDate(1, 0, 0) }

// closed is a request as it stands at the end, closed so many hours after noon.
func closed(n int64, a Action, email string, s State, hours int, with ...func(*Request)) Request {
	at := noon.Add(time.Duration(hours) * time.Hour)
	r := Request{Number: n, App: ranked(), Action: a, Change: Change{Email: email, Values: values.Of{Type: "client"}.Values()}, State: s, Asked: noon, Decided: at}
	if s == Done || s == Failed || s == Ended {
		r.Outcome = &Outcome{At: at}
	}
	if s == Ended {
		r.End = &End{Outcome: &Outcome{At: at}}
	}
	for _, w := range with {
		w(&r)
	}
	return r
}

// ofSites is a request about these websites, onCard one that was asked with others, lent one for a time that isn't over.
func ofSites(ids ...string) func(*Request) {
	return func(r *Request) {
		var items []catalog.Item
		for _, id := range ids {
			items = append(items, catalog.Item{ID: id})
		}
		r.Change.Values = values.Of{Sites: items}.Values()
	}
}

func onCard(first int64, of int) func(*Request) {
	return func(r *Request) { r.Together = &Together{First: first, Of: of} }
}

func lent(r *Request) { r.EndsAt = yearOn().AddDate(1, 0, 0) }

// TestWhatMayBeRemoved: what is closed and old may go, but for what somebody has by it, and what that hangs together with.
func TestWhatMayBeRemoved(t *testing.T) {
	lapsed := func(r *Request) { r.Lapsed = true }
	const ann, lee = "ann@acme.example", "lee@acme.example"
	late := int(yearOn().Sub(noon)/time.Hour) + 1
	for name, c := range map[string]struct {
		all   []Request
		rests []int64
		want  string
	}{
		"nothing":                        {want: "[]"},
		"closed without a yes":           {[]Request{closed(1, catalog.Create, ann, Denied, 1), closed(2, catalog.Create, ann, Expired, 2), closed(3, catalog.Create, ann, Canceled, 3)}, nil, "[[1] [2] [3]]"},
		"not over":                       {[]Request{closed(1, catalog.Create, ann, Pending, 1), closed(2, catalog.Create, lee, Running, 1), closed(3, catalog.Create, lee, InDoubt, 1)}, nil, "[]"},
		"closed since":                   {[]Request{closed(1, catalog.Create, ann, Denied, late)}, nil, "[]"},
		"failed, and may be tried again": {[]Request{closed(1, catalog.Create, ann, Failed, 1)}, nil, "[]"},
		"failed for good":                {[]Request{closed(1, catalog.Create, ann, Failed, 1, lapsed)}, nil, "[[1]]"},
		"a seat that somebody has":       {[]Request{closed(1, catalog.Create, ann, Done, 1), closed(2, catalog.Update, ann, Done, 2)}, nil, "[]"},
		"for a time, and not over":       {[]Request{closed(1, catalog.Create, ann, Done, 1, lent)}, nil, "[]"},
		"for a time, and over":           {[]Request{closed(1, catalog.Share, ann, Ended, 1, ofSites("1"))}, nil, "[[1]]"},
		"a seat that is gone":            {[]Request{closed(1, catalog.Create, ann, Done, 1), closed(2, catalog.Delete, "Ann@acme.example", Done, 2)}, nil, "[[1 2]]"},
		"a seat that is gone since":      {[]Request{closed(1, catalog.Create, ann, Done, 1), closed(2, catalog.Delete, ann, Done, late)}, nil, "[]"},
		"a seat that is there again": {[]Request{closed(1, catalog.Create, ann, Done, 1), closed(2, catalog.Delete, ann, Done, 2), closed(3, catalog.Create, ann, Done, 3),
			closed(4, catalog.Update, ann, Done, 4)}, nil, "[[1 2]]"},
		"done late, though asked early": {[]Request{closed(1, catalog.Delete, ann, Done, 5), closed(2, catalog.Create, ann, Done, 2)}, nil, "[[2 1]]"},
		"what was shared":               {[]Request{closed(1, catalog.Share, ann, Done, 1, ofSites("1", "2")), closed(2, catalog.Unshare, ann, Done, 2, ofSites("1"))}, nil, "[]"},
		"what was shared, and taken":    {[]Request{closed(1, catalog.Share, ann, Done, 1, ofSites("1")), closed(2, catalog.Unshare, ann, Done, 2, ofSites("1"))}, nil, "[[1 2]]"},
		"a change of what nobody asked": {[]Request{closed(1, catalog.Update, ann, Done, 1)}, nil, "[[1]]"},
		"an app that is gone":           {[]Request{closed(1, catalog.Update, ann, Done, 1, func(r *Request) { r.App.Entry = nil })}, nil, "[]"},
		"on one card with what stays": {[]Request{closed(1, catalog.Create, ann, Denied, 1, onCard(1, 2)), closed(2, catalog.Create, lee, Done, 2, onCard(1, 2)),
			closed(3, catalog.Create, lee, Denied, 3)}, nil, "[[3]]"},
		"on one card with what is newer":    {[]Request{closed(1, catalog.Create, ann, Denied, 1, onCard(1, 2))}, nil, "[]"},
		"on one card, and all of it is old": {[]Request{closed(1, catalog.Create, ann, Denied, 1, onCard(1, 2)), closed(2, catalog.Create, lee, Denied, 2, onCard(1, 2))}, nil, "[[1 2]]"},
		"with one that is removed already":  {[]Request{closed(2, catalog.Create, lee, Denied, 2, onCard(1, 2)), closed(3, catalog.Create, lee, Denied, 3)}, nil, "[[2] [3]]"},
		"asked to have it for longer": {[]Request{closed(1, catalog.Create, ann, Done, 1, lent, func(r *Request) { r.Longer = []Longer{{Number: 2}} }),
			closed(2, Extend, ann, Denied, 2, func(r *Request) { r.Extends = &Extension{Of: 1} })}, nil, "[]"},
		"passed on to what stays":                          {[]Request{closed(1, catalog.Share, ann, Ended, 1, ofSites("1"), func(r *Request) { r.Passed = []Passed{{To: 2}} }), closed(2, catalog.Share, ann, Done, 2, ofSites("1"))}, nil, "[]"},
		"what rests on it stays":                           {[]Request{closed(1, catalog.Create, ann, Denied, 1), closed(2, catalog.Create, ann, Denied, 1)}, []int64{2}, "[[1]]"},
		"what hangs together with what something rests on": {[]Request{closed(1, catalog.Create, ann, Done, 1), closed(2, catalog.Delete, ann, Done, 2)}, []int64{2}, "[]"},
	} {
		rests := map[int64]bool{}
		for _, n := range c.rests {
			rests[n] = true
		}
		got := [][]int64{}
		for _, g := range Removable(c.all, yearOn(), rests) {
			var numbers []int64
			for _, r := range g {
				numbers = append(numbers, r.Number)
			}
			got = append(got, numbers)
		}
		require.Equal(t, c.want, fmt.Sprint(got), name)
	}
}

// TestRemovingChangesNothingThatSomebodyHas: whatever was asked and done, removing what may go, group by group and stopped anywhere, leaves what
// people hold as it was.
func TestRemovingChangesNothingThatSomebodyHas(t *testing.T) {
	actions := []Action{catalog.Create, catalog.Share, catalog.Unshare, catalog.Delete, catalog.Update}
	removed := 0
	for seed := range uint64(300) {
		chance := seed*2654435761 + 1
		draw := func(n int) int {
			chance = chance*6364136223846793005 + 1442695040888963407
			return int(chance >> 33 % uint64(n))
		}
		var all []Request
		for n := range int64(14) {
			r := closed(n+1, actions[draw(5)], fmt.Sprintf("p%d@acme.example", draw(3)), []State{Done, Done, Done, Ended, Denied}[draw(5)], draw(40))
			if r.Action == catalog.Share || r.Action == catalog.Unshare {
				r.Change.Values = values.Of{Sites: []catalog.Item{{ID: fmt.Sprint(draw(2))}}}.Values()
			}
			if draw(6) == 0 && n < 13 {
				r.Together = &Together{First: n + 1, Of: 2}
			}
			all = append(all, r)
		}
		want := holds(all)
		for _, group := range Removable(all, yearOn(), nil) {
			for _, r := range group {
				all = slices.DeleteFunc(all, func(o Request) bool { return o.Number == r.Number })
				removed++
			}
			require.Equal(t, want, holds(all), "seed %d", seed)
		}
	}
	require.Greater(t, removed, 500)
}

// holds is what everybody has, in words.
func holds(all []Request) (out []string) {
	for _, h := range Holdings(all, ByAddress) {
		out = append(out, fmt.Sprint(h.Email, h.Seat, h.Items))
	}
	slices.Sort(out)
	return out
}
