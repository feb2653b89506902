package approvals

import (
	"context"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/catalog"
	"github.com/usherbot/usher/outbox"
)

// shelf is a Book of several requests and of the promises about their deeds.
type shelf struct {
	oneTx
	list map[int64]Request
	owed map[string]bool
}

func (b *shelf) Update(_ context.Context, fn func(Tx) error) error              { return fn(b) }
func (b *shelf) Request(n int64) (Request, error)                               { return b.read(n) }
func (b *shelf) Next() (int64, error)                                           { return int64(len(b.list)) + 1, nil }
func (b *shelf) Put(r Request) error                                            { b.list[r.Number] = r; return nil }
func (b *shelf) OpenIn(string) (out []Request, err error)                       { return nil, nil }
func (b *shelf) Requests(context.Context, Filter, int) (all []Request, _ error) { return nil, nil }

func (b *shelf) read(n int64) (Request, error) {
	r, ok := b.list[n]
	if !ok {
		return r, ErrNoRequest
	}
	return r, nil
}

func (b *shelf) Change(c outbox.Change) error {
	if c.Put != nil {
		b.owed[c.Put.Key] = true
	}
	if c.Drop != "" {
		delete(b.owed, c.Drop)
	}
	return nil
}

// onShelf is a shelf as a Book.
type onShelf struct{ *shelf }

func (b onShelf) Request(_ context.Context, n int64) (Request, error) { return b.read(n) }
func (b onShelf) Keyed(context.Context, string) (Request, error)      { return Request{}, ErrNoRequest }

// starter is a bundle on the table: a seat, a website for it, and one in another app that needs neither.
func starter(t *testing.T, policies ...Policy) (*Desk, *shelf) {
	b := &shelf{oneTx{&oneBook{}}, map[int64]Request{}, map[string]bool{}}
	other := ranked()
	other.ID = "other"
	if len(policies) == 0 {
		policies = []Policy{{Name: "websites", Actions: []Action{catalog.Share}, Approvers: []string{"U0ERIN"}, Need: 1, ExpiresAfter: time.Hour},
			{Name: "seats", Approvers: []string{"U0BOB"}, Need: 1, ExpiresAfter: 2 * time.Hour}}
	}
	people := company{}
	for _, id := range []PersonID{"U0ALICE", "U0BOB", "U0ERIN"} {
		people[id] = Person{Active: true, Email: strings.ToLower(string(id[2:])) + "@acme.example"}
	}
	d := &Desk{Apps: []App{ranked(), other}, Book: onShelf{b}, Directory: people, Policies: policies, Log: slog.New(slog.DiscardHandler), Wake: func() {}, Nonce: func() (string, error) { return "n", nil }}
	ask := func(app App, a Action, needs int) Ask {
		c := Change{Email: "jane@acme.example"}
		if a == catalog.Share {
			c.Values = catalog.Values{{Key: "sites", Items: []catalog.Item{{ID: "103"}}}}
		}
		return Ask{Requester: "U0ALICE", App: app, Action: a, Change: c, Needs: needs, Reason: "she starts"}
	}
	list, _, err := d.OpenBundle(t.Context(), Bundle{ID: "starter", Name: "Starter"}, []Ask{ask(ranked(), catalog.Create, 0), ask(ranked(), catalog.Share, 1), ask(other, catalog.Create, 0)}, noon)
	require.NoError(t, err)
	require.Len(t, list, 3)
	return d, b
}

// stands is how the items of a shelf stand, with a * where a deed is owed.
func (b *shelf) stands() string {
	var all []string
	for n := int64(1); n <= int64(len(b.list)); n++ {
		s := string(b.list[n].State)
		if b.owed[DeedKey(n)] {
			s += "*"
		}
		all = append(all, s)
	}
	return strings.Join(all, ", ")
}

// TestABundleIsDecidedAsOneAndCarriedOutItemByItem plays what may happen to a bundle, event by event: a deed is owed (*) only
// once all is approved and what stands before it is over.
func TestABundleIsDecidedAsOneAndCarriedOutItemByItem(t *testing.T) {
	bob, erin := func(n int64) string { return fmt.Sprint("bob yes ", n) }, "erin yes 2"
	all := []string{bob(1), erin, bob(3)}
	for name, row := range map[string]struct {
		plays []string
		want  string
	}{
		"nothing is begun by one yes":                       {[]string{bob(1)}, "approved, pending, pending"},
		"nor by two":                                        {[]string{bob(1), bob(3)}, "approved, pending, approved"},
		"all: the first":                                    {all, "approved*, approved, approved"},
		"in whatever order they were given":                 {[]string{bob(3), erin, bob(1)}, "approved*, approved, approved"},
		"while the first runs, nothing else is":             {append(all, "begin 1"), "running*, approved, approved"},
		"nor while it is in doubt":                          {append(all, "begin 1", "lose 1"), "in doubt*, approved, approved"},
		"once it is done, the second":                       {append(all, "begin 1", "do 1"), "done, approved*, approved"},
		"and then the third":                                {append(all, "begin 1", "do 1", "begin 2", "do 2"), "done, done, approved*"},
		"what needs the first isn't tried once that failed": {append(all, "begin 1", "fail 1"), "failed, failed, approved*"},
		"and follows once it's done after all":              {append(all, "begin 1", "fail 1", "begin 3", "do 3", "again 1", "do 1"), "done, approved*, done"},
		"what fails later stops nothing":                    {append(all, "begin 1", "do 1", "begin 2", "fail 2"), "done, failed, approved*"},
		"a no to one is a no to all":                        {[]string{bob(1), "erin no 2"}, "denied, denied, denied"},
		"also of what waits":                                {[]string{"bob no 3"}, "denied, denied, denied"},
		"taken back is taken back whole":                    {[]string{bob(1), "cancel 1"}, "canceled, canceled, canceled"},
		"by any of them":                                    {[]string{bob(1), "cancel 3"}, "canceled, canceled, canceled"},
		"what closes itself closes all":                     {[]string{bob(1), bob(3), "time 2"}, "expired, expired, expired"},
		"what is approved closes with the others only":      {[]string{bob(1), "time 1"}, "approved, pending, pending"},
	} {
		t.Run(name, func(t *testing.T) {
			d, b := starter(t)
			for _, act := range row.plays {
				play(t, d, act)
			}
			require.Equal(t, row.want, b.stands())
		})
	}
}

// play lets one thing happen to one item.
func play(t *testing.T, d *Desk, act string) {
	var who, word string
	var n int64
	if _, err := fmt.Sscanf(act, "%s %s %d", &who, &word, &n); err == nil {
		r, _ := d.Request(t.Context(), n)
		_, err = d.Vote(t.Context(), n, Vote{By: Actor("U0" + strings.ToUpper(who)), Yes: word == "yes", Step: r.Present(), At: noon, Reason: "no"}, noon)
		require.NoError(t, err, act)
		return
	}
	_, err := fmt.Sscanf(act, "%s %d", &word, &n)
	require.NoError(t, err)
	if word == "cancel" {
		_, err = d.Cancel(t.Context(), n, "U0ALICE", "slack", noon)
		require.NoError(t, err, act)
		return
	}
	at := noon.Add(time.Minute)
	e := map[string]Event{"begin": Begun{}, "do": Happened{Outcome{At: at, AccountID: "36872"}}, "fail": Refused{Outcome{At: at}}, "lose": Lost{}, "again": RetriedBy{By: "U0CAROL"}, "time": TimeUp{}}[word]
	if word == "time" {
		at = noon.Add(time.Hour)
	}
	if _, err = d.Record(t.Context(), n, e, at); word != "time" {
		require.NoError(t, err, act)
	}
}

// TestAnItemGetsTheAccountThatWasMade: what is shared is shared with exactly the account that the item before it has made,
// and no deed begins before its turn, whoever tries.
func TestAnItemGetsTheAccountThatWasMade(t *testing.T) {
	d, b := starter(t)
	require.True(t, b.list[2].Known(), "whose account it is needs no reading")
	for _, act := range []string{"bob yes 1", "erin yes 2", "bob yes 3"} {
		play(t, d, act)
	}
	for _, n := range []int64{2, 3} {
		_, err := d.Record(t.Context(), n, Begun{}, noon)
		require.ErrorIs(t, err, ErrNotNow, "#%d isn't its turn", n)
	}
	play(t, d, "begin 1")
	play(t, d, "do 1")
	require.Equal(t, "36872", b.list[2].Change.Account)
	require.Empty(t, b.list[3].Change.Account)
	require.Equal(t, "approved", string(b.list[2].State))
}

// TestWhatDependsIsTriedByNobody: its failing is that of another item, which is what can be tried again.
func TestWhatDependsIsTriedByNobody(t *testing.T) {
	d, b := starter(t)
	for _, act := range []string{"bob yes 1", "erin yes 2", "bob yes 3", "begin 1", "fail 1"} {
		play(t, d, act)
	}
	require.Equal(t, int64(1), b.list[2].Fell)
	require.Contains(t, b.list[2].Outcome.Text.Plain(), "It needs #1, which failed")
	require.False(t, b.owed[TellKey(2, Failed, 0)], "it is told with #1")
	require.False(t, b.owed[LapseKey(2)])
	_, err := d.Record(t.Context(), 2, RetriedBy{By: "U0CAROL"}, noon.Add(time.Minute))
	require.ErrorIs(t, err, ErrNotNow)
	require.Contains(t, standingAfter(b.list[2], RetriedBy{}).Plain(), "needs #1, which failed. Try that one again")
}

// TestABundleThatApprovesItselfBeginsAtOnce: with its first item alone; and one of which a part is refused isn't asked.
func TestABundleThatApprovesItselfBeginsAtOnce(t *testing.T) {
	_, b := starter(t, Policy{Name: "own", Auto: true, ExpiresAfter: time.Hour})
	require.Equal(t, "approved*, approved, approved", b.stands())
}

// TestABundleIsNotEdited: it is decided as it is.
func TestABundleIsNotEdited(t *testing.T) {
	d, b := starter(t)
	_, err := d.MayEdit(t.Context(), 1, "U0BOB", 0, "V1", noon)
	require.ErrorContains(t, err, "#1 is part of “Starter”, which is approved or denied as it is")
	require.False(t, b.list[1].Editable())
}

// TestAYesToABundleCountsForAllOrNone is a yes on the card of a bundle of which one item isn't known yet, or wasn't when it was drawn.
func TestAYesToABundleCountsForAllOrNone(t *testing.T) {
	bobs := Policy{Name: "all", Approvers: []string{"U0BOB"}, Need: 1, ExpiresAfter: time.Hour}
	all := []Sight{{Waits: true}, {Waits: true}, {Waits: true}}
	late := []Sight{{Waits: true}, {Waits: true, Unread: true}, {Waits: true}}
	for name, row := range map[string]struct {
		policies []Policy
		reading  bool
		seen     []Sight
		want     string
		because  string
	}{
		"all of it is known":              {[]Policy{bobs}, false, all, "approved*, approved, approved", ""},
		"one is being read":               {[]Policy{bobs}, true, all, "pending, pending, pending", "I'm still checking in SE Ranking what #2 would do, so I haven't counted your yes."},
		"one was read since it was drawn": {[]Policy{bobs}, false, late, "pending, pending, pending", "the card you clicked didn't show it yet, so I haven't counted your yes."},
		"somebody else decides it":        {nil, true, all, "approved, pending, approved", "#2 isn't yours to decide"},
	} {
		t.Run(name, func(t *testing.T) {
			d, b := starter(t, row.policies...)
			if row.reading {
				r := b.list[2]
				r.Look, r.Needs, r.Change.Account = &Look{}, 0, ""
				b.list[2] = r
			}
			casts, err := d.VoteAll(t.Context(), 1, Vote{By: "U0BOB", Yes: true}, row.seen, noon)
			require.NoError(t, err)
			require.Equal(t, row.want, b.stands())
			require.Len(t, casts, 3)
			var said string
			for _, c := range casts {
				if c.Err != nil {
					require.Equal(t, int64(2), c.Request.Number)
					said = c.Err.Say.Plain()
				}
			}
			require.Contains(t, said, row.because)
			require.Equal(t, row.because == "", said == "")
		})
	}
}
