package conform

import (
	"fmt"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
)

// listRules are those of approvals.Book.Requests.
var listRules = []rule{
	{"its zero value lists all that are not over", func(l *life) { listed(l, approvals.Filter{}) }},
	{"All lists terminal ones as well", func(l *life) { listed(l, approvals.Filter{All: true}) }},
	{"State lists those of one state, of a terminal one too", func(l *life) {
		for _, s := range everyState {
			listed(l, approvals.Filter{State: s}, approvals.Filter{State: s, All: true})
		}
	}},
	{"Of lists what one person asked, and nobody else whose id begins so", func(l *life) {
		for _, p := range []approvals.PersonID{alice, abigail, bob, "U0"} {
			listed(l, approvals.Filter{Of: p}, approvals.Filter{Of: p, All: true})
		}
	}},
	{"Of and State together list what both do", func(l *life) {
		for _, s := range everyState {
			listed(l, approvals.Filter{Of: alice, State: s}, approvals.Filter{Of: alice, State: s, All: true})
		}
	}},
	{"For lists what is for one person, whoever asked, and nobody else whose id begins so", func(l *life) {
		for n, p := range []approvals.PersonID{alice, abigail, alice, "", bob} {
			r := request(int64(n+1), bob, fmt.Sprintf("p%d@acme.example", n), everyState[n])
			r.Change.Person = p
			l.has(r)
		}
		list, err := l.Requests(l.Context(), approvals.Filter{For: alice, All: true}, 10)
		l.must(err)
		require.Equal(l, []int64{3, 1}, numbers(list))
		again := request(3, bob, "p2@acme.example", approvals.Denied)
		again.Change.Person = bob // it was found out later whose the address is
		l.has(again)
		for p, want := range map[approvals.PersonID][]int64{alice: {1}, bob: {5, 3}, "U0": {}} {
			list, err = l.Requests(l.Context(), approvals.Filter{For: p, All: true}, 10)
			l.must(err)
			require.Equal(l, want, numbers(list), p)
		}
		list, err = l.Requests(l.Context(), approvals.Filter{For: bob, State: approvals.Done}, 10)
		l.must(err)
		require.Equal(l, []int64{5}, numbers(list))
	}},
	{"About lists what was carried out or begun about an address, however it's written, and of no other that begins so", func(l *life) {
		n, want := int64(0), []int64{}
		for _, email := range []string{"Jane@acme.example", "jane@acme.example.org", "jane@ACME.example"} {
			for _, s := range everyState {
				n++
				if l.has(request(n, alice, email, s)); request(n, alice, email, s).Undertaken() && email != "jane@acme.example.org" {
					want = append([]int64{n}, want...)
				}
			}
		}
		for _, about := range []string{"jane@acme.example", "JANE@acme.example"} {
			list, err := l.Requests(l.Context(), approvals.Filter{About: about}, 100)
			l.must(err)
			require.Equal(l, want, numbers(list), about)
		}
		page, err := l.Requests(l.Context(), approvals.Filter{About: "jane@acme.example", Below: want[2]}, 4)
		l.must(err)
		require.Equal(l, want[3:7], numbers(page), "the page below")
		l.has(request(want[0], alice, "somebody@acme.example", approvals.Done)) // its address was another
		list, err := l.Requests(l.Context(), approvals.Filter{About: "jane@acme.example"}, 100)
		l.must(err)
		require.Equal(l, want[1:], numbers(list))
	}},
	{"each page goes on under the last, whatever is listed", func(l *life) {
		many(l)
		for _, f := range []approvals.Filter{{}, {All: true}, {State: approvals.Pending}, {Of: bob}, {Of: bob, All: true}, {Of: bob, State: approvals.Done}} {
			want := expected(f)
			require.NotEmpty(l, want)
			for below := int64(1 << 40); len(want) > 0; want = want[min(7, len(want)):] {
				f.Below = below
				page, err := l.Requests(l.Context(), f, 7)
				l.must(err)
				require.Equal(l, want[:min(7, len(want))], numbers(page), fmt.Sprintf("%+v", f))
				below = page[len(page)-1].Number
			}
		}
	}},
	{"what was given for a time is listed among what is not over, until it is", func(l *life) {
		for i, s := range []approvals.State{approvals.Done, approvals.Ending, approvals.Ended} {
			r := request(1, alice, "jane@acme.example", s)
			if r.EndsAt = at(time.Hour); s == approvals.Done {
				r.Term = &approvals.Term{Until: r.EndsAt}
			}
			l.has(r)
			for _, f := range []approvals.Filter{{}, {Of: alice}} {
				list, err := l.Requests(l.Context(), f, 10)
				l.must(err)
				require.Len(l, list, []int{1, 1, 0}[i], "%s, %+v", s, f)
			}
			for _, f := range []approvals.Filter{{State: s}, {Of: alice, State: s}} {
				list, err := l.Requests(l.Context(), f, 10)
				l.must(err)
				require.Len(l, list, 1, "%s, %+v", s, f)
			}
			about := l.inTx(func(tx approvals.Tx) ([]approvals.Request, error) {
				return tx.OpenFor("seranking", "jane@acme.example")
			})
			require.Len(l, about, []int{1, 1, 0}[i], s)
		}
	}},
	{"a request is listed as it stands, and only there", func(l *life) {
		l.has(request(1, alice, "jane@acme.example", approvals.Pending))
		for _, s := range everyState {
			l.has(request(1, alice, "jane@acme.example", s))
			for _, other := range everyState {
				list, err := l.Requests(l.Context(), approvals.Filter{State: other}, 10)
				l.must(err)
				require.Equal(l, s == other, len(list) == 1, "%s, of those that are %s", s, other)
			}
			list, err := l.Requests(l.Context(), approvals.Filter{Of: alice}, 10)
			l.must(err)
			require.Equal(l, !s.Terminal(), len(list) == 1, s)
		}
	}},
}

// everyState is each state a request can be in.
var everyState = []approvals.State{approvals.Pending, approvals.Approved, approvals.Running, approvals.InDoubt, approvals.Done,
	approvals.Failed, approvals.Denied, approvals.Expired, approvals.Canceled, approvals.Ending, approvals.Ended}

// theMany are requests of three people in every state.
func theMany() (all []approvals.Request) {
	for n := range int64(99) {
		who := []approvals.PersonID{alice, abigail, bob}[n%3]
		all = append(all, request(n+1, who, fmt.Sprintf("p%d@acme.example", n), everyState[n/3%11]))
	}
	return all
}

// many keeps them, unless they are there.
func many(l *life) {
	l.Helper()
	if len(l.all()) == 0 {
		l.has(theMany()...)
	}
}

// expected are the numbers of the many that a filter picks, newest first.
func expected(f approvals.Filter) []int64 {
	out := []int64{}
	for _, r := range theMany() {
		if (f.Of == "" || r.Requester == f.Of) && (f.State == r.State || f.State == "" && (f.All || !r.State.Terminal())) {
			out = append([]int64{r.Number}, out...)
		}
	}
	return out
}

// listed holds what filters list of the many against what they must: newest first, and at most so many.
func listed(l *life, filters ...approvals.Filter) {
	l.Helper()
	many(l)
	for _, f := range filters {
		for _, limit := range []int{1, 4, 1000} {
			list, err := l.Requests(l.Context(), f, limit)
			l.must(err)
			want := expected(f)
			require.Equal(l, want[:min(limit, len(want))], numbers(list), "%+v, at most %d", f, limit)
		}
	}
}
