package approvals

import (
	"context"
	"log/slog"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/catalog"
	"github.com/usherbot/usher/outbox"
)

// occasions is a Book of what Usher asks: requests, by which keys they were opened, and what is promised.
type occasions struct {
	oneTx
	list map[int64]Request
	keys map[string]int64
	owed map[string]bool
	log  []Entry
}

func (b *occasions) Update(_ context.Context, fn func(Tx) error) error {
	tx := &occasions{b.oneTx, maps.Clone(b.list), maps.Clone(b.keys), maps.Clone(b.owed), b.log}
	if err := fn(tx); err != nil {
		return err
	}
	*b = *tx
	return nil
}

func (b *occasions) Request(n int64) (Request, error) {
	r, ok := b.list[n]
	if !ok {
		return r, ErrNoRequest
	}
	return r, nil
}

func (b *occasions) Keyed(key string) (int64, error) { return b.keys[key], nil }
func (b *occasions) Next() (int64, error)            { return int64(len(b.list)) + 1, nil }
func (b *occasions) Audit(e Entry) error             { b.log = append(b.log, e); return nil }

func (b *occasions) Put(r Request) error {
	b.list[r.Number] = r
	if r.Origin.Key != "" {
		b.keys[r.Origin.Key] = r.Number
	}
	return nil
}

func (b *occasions) OpenFor(app, email string) (out []Request, err error) {
	for _, n := range slices.Sorted(maps.Keys(b.list)) {
		if r := b.list[n]; r.App.ID == app && FoldEmail(r.Change.Email) == FoldEmail(email) && r.Live() {
			out = append(out, r)
		}
	}
	return out, nil
}

func (b *occasions) Change(c outbox.Change) error {
	if c.Put != nil {
		b.owed[c.Put.Key] = true
	}
	if c.Drop != "" {
		delete(b.owed, c.Drop)
	}
	return nil
}

// onTable is them as a Book.
type onTable struct{ *occasions }

func (b onTable) Request(_ context.Context, n int64) (Request, error) { return b.occasions.Request(n) }
func (b onTable) Keyed(context.Context, string) (Request, error)      { return Request{}, ErrNoRequest }
func (b onTable) Requests(context.Context, Filter, int) ([]Request, error) {
	return nil, nil
}

// usherDesk is a desk where Erin owns SE Ranking, Carol is the admin and Bob is Dave's manager.
func usherDesk(policies ...Policy) (*Desk, *occasions) {
	b := &occasions{oneTx{&oneBook{}}, map[int64]Request{}, map[string]int64{}, map[string]bool{}, nil}
	app := ranked()
	app.Owners = []string{"U0ERIN"}
	d := &Desk{Apps: []App{app}, Book: onTable{b}, Directory: staff(), Policies: policies, Admins: []PersonID{"U0CAROL"},
		Managers: map[PersonID]PersonID{"U0DAVE": "U0BOB"}, Log: slog.New(slog.DiscardHandler), Wake: func() {}, Nonce: func() (string, error) { return "n", nil }}
	return d, b
}

// daveLeft is that Dave left, whom Bob and Erin hear of.
func daveLeft() Occasion {
	return Occasion{Kind: OccasionLeft, ID: "left/7", Person: "U0DAVE", Name: "Dave", Email: "dave@acme.example", At: noon, Source: "deactivated in Slack", Told: []PersonID{"U0BOB", "U0ERIN", "U0DAVE", "U0BOB"}}
}

// takes asks that an account of Dave's be removed.
func takes(d *Desk, email string) Ask {
	return Ask{App: d.Apps[0], Action: catalog.Delete, Change: Change{Email: email, Account: "7"}}
}

// TestWhoDecidesWhatUsherAsks: whoever the policy says, as if the manager of whom it is about had asked; a person always, and
// never whom it is about or who said so.
func TestWhoDecidesWhatUsherAsks(t *testing.T) {
	auto := Policy{Name: "small", Auto: true, ExpiresAfter: time.Hour}
	for name, row := range map[string]struct {
		policies []Policy
		person   PersonID
		by       Actor
		want     []string
		refused  string
	}{
		"a policy's approvers":                 {[]Policy{{Name: "all", Approvers: []string{"U0ALICE"}, Need: 1, ExpiresAfter: time.Hour}}, "U0DAVE", "", []string{"U0ALICE"}, ""},
		"the manager of whom it is about":      {[]Policy{{Name: "all", Approvers: []string{Manager}, Need: 1, ExpiresAfter: time.Hour}}, "U0DAVE", "", []string{"U0BOB"}, ""},
		"who has none: the owners":             {[]Policy{{Name: "all", Approvers: []string{Manager}, Need: 1, ExpiresAfter: time.Hour}}, "U0GONE", "", []string{"U0ERIN"}, ""},
		"by itself: the manager":               {[]Policy{auto}, "U0DAVE", "", []string{"U0BOB"}, ""},
		"by itself, without a manager: owners": {[]Policy{auto}, "U0GONE", "", []string{"U0ERIN"}, ""},
		"the only owner left: admins":          {[]Policy{auto}, "U0ERIN", "", []string{"U0CAROL"}, ""},
		"the manager said so: owners":          {[]Policy{auto}, "U0DAVE", "U0BOB", []string{"U0ERIN"}, ""},
		"no policy foresaw it: owners":         {nil, "U0DAVE", "", []string{"U0ERIN"}, ""},
		"the only approver left: owners":       {[]Policy{{Name: "all", Approvers: []string{"U0DAVE"}, Need: 1, ExpiresAfter: time.Hour}}, "U0DAVE", "", []string{"U0ERIN"}, ""},
		"the manager's wish":                   {[]Policy{{Name: "bob's", When: When{RequesterIn: []string{"U0BOB"}}, Approvers: []string{"U0ALICE"}, Need: 1, ExpiresAfter: time.Hour}}, "U0DAVE", "", []string{"U0ALICE"}, ""},
		"nobody's wish":                        {[]Policy{{Name: "bob's", When: When{RequesterIn: []string{"U0BOB"}}, Approvers: []string{"U0ALICE"}, Need: 1, ExpiresAfter: time.Hour}}, "U0GONE", "", []string{"U0ERIN"}, ""},
		"never for oneself":                    {[]Policy{{Name: "self", When: When{For: ForSelf}, Approvers: []string{"U0ALICE"}, Need: 1, ExpiresAfter: time.Hour}}, "U0DAVE", "", []string{"U0ERIN"}, ""},
		"a policy refuses":                     {[]Policy{{Name: "never", Refusal: "Nobody is ever removed", ExpiresAfter: time.Hour}}, "U0DAVE", "", nil, "Policy “never” refuses it: Nobody is ever removed."},
	} {
		t.Run(name, func(t *testing.T) {
			d, b := usherDesk(row.policies...)
			o := daveLeft()
			o.Person, o.By = row.person, row.by
			list, _, err := d.OpenOccasion(t.Context(), o, []Ask{takes(d, "dave@acme.example")}, noon)
			if row.refused != "" {
				var not *NotAll
				require.ErrorAs(t, err, &not)
				require.Equal(t, row.refused, not.Each[0].Say.Plain())
				require.Empty(t, b.list)
				return
			}
			require.NoError(t, err)
			require.Len(t, list, 1)
			r := list[0]
			require.Equal(t, Pending, r.State, "a person says yes")
			require.Equal(t, row.want, r.Eligible().Approvers)
			for _, id := range []PersonID{row.person, row.by.Person()} {
				if id != "" {
					ruling, _ := MayDecide(r, Actor(id), Facts{People: map[PersonID]Person{id: {ID: id, Active: true, Email: "x@acme.example"}}})
					require.Equal(t, MayNot, ruling, id)
				}
			}
		})
	}
}

// TestAnOccasionAsksOnce: of one occasion things are asked once; what is asked already isn't asked again, and keeps nothing else
// from being asked. Nobody but those whom it names has the card or hears of it, and whom it is about never does.
func TestAnOccasionAsksOnce(t *testing.T) {
	d, b := usherDesk(Policy{Name: "all", Approvers: []string{"U0ALICE"}, Need: 1, ExpiresAfter: time.Hour})
	_, _, err := d.Open(t.Context(), Ask{Requester: "U0BOB", App: d.Apps[0], Action: catalog.Delete, Change: Change{Email: "dave@acme.example", Account: "7"}}, noon)
	require.NoError(t, err)
	asks := []Ask{takes(d, "dave@acme.example"), takes(d, "dave.field@acme.example"), takes(d, "dave.field@acme.example")}
	list, existing, err := d.OpenOccasion(t.Context(), daveLeft(), asks, noon)
	require.NoError(t, err)
	require.False(t, existing)
	require.Len(t, list, 1)
	skipped := list[0].Occasion.Skipped
	require.Len(t, skipped, 2)
	require.Equal(t, int64(1), skipped[0].Beside)
	require.Contains(t, skipped[0].Why.Plain(), "#1 already asks for this (it's pending, asked by @U0BOB")
	require.Equal(t, 2, skipped[1].Place)
	again, existing, err := d.OpenOccasion(t.Context(), daveLeft(), asks, noon.Add(time.Hour))
	require.NoError(t, err)
	require.True(t, existing)
	require.Equal(t, list[0].Number, again[0].Number)
	require.Len(t, b.list, 2)
	for key, want := range map[string]bool{"card/2": true, "approver/2/U0ALICE": true, "approver/2/U0BOB": true, "approver/2/U0ERIN": true, "approver/2/U0DAVE": false, "approver/2/": false} {
		require.Equal(t, want, b.owed[key], key)
	}
}

// TestMoreThanACardHolds: several cards, each with the requests that stand on it.
func TestMoreThanACardHolds(t *testing.T) {
	d, b := usherDesk()
	var asks []Ask
	for i := range 2*MostTogether + 1 {
		asks = append(asks, takes(d, strings.Repeat("d", i+1)+"@acme.example"))
	}
	list, _, err := d.OpenOccasion(t.Context(), daveLeft(), asks, noon)
	require.NoError(t, err)
	require.Len(t, list, len(asks))
	var firsts []int64
	for _, r := range list {
		if !slices.Contains(firsts, r.Shown()) {
			firsts = append(firsts, r.Shown())
		}
		beside, err := d.Besides(t.Context(), r)
		require.NoError(t, err)
		require.Len(t, beside, r.Occasion.Of)
	}
	require.Equal(t, []int64{1, 11, 21}, firsts)
	again, existing, err := d.OpenOccasion(t.Context(), daveLeft(), asks, noon)
	require.NoError(t, err)
	require.True(t, existing)
	require.Len(t, again, len(asks))
	require.Len(t, b.list, len(asks))
}

// TestWhatUsherAsksOfALeaverIsAskedAgain, of the admins too, and never expires; what it offers somebody who joined does.
func TestWhatUsherAsksOfALeaverIsAskedAgain(t *testing.T) {
	for kind, want := range map[OccasionKind]State{OccasionLeft: Pending, OccasionJoined: Expired} {
		d, b := usherDesk(Policy{Name: "all", Approvers: []string{"U0ALICE"}, Need: 1, ExpiresAfter: time.Hour})
		o := daveLeft()
		o.Kind = kind
		_, _, err := d.OpenOccasion(t.Context(), o, []Ask{takes(d, "dave@acme.example")}, noon)
		require.NoError(t, err)
		for i := range 2 {
			at := noon.Add(time.Duration(i+1) * time.Hour)
			d.Expiry(func() time.Time { return at }).Do(t.Context(), outbox.Job{Intent: outbox.Intent{Key: ExpireKey(1)}})
		}
		r := b.list[1]
		require.Equal(t, want, r.State)
		if want == Pending {
			require.Equal(t, noon.Add(3*time.Hour), r.Expires)
			require.Equal(t, []string{"U0ALICE", "U0CAROL"}, r.Eligible().Approvers)
			require.True(t, b.owed["approver/1/U0CAROL"])
			require.Len(t, r.Raised, 1, "they are asked once more, and not once more each time")
		}
		require.Equal(t, want == Pending, b.owed[ExpireKey(1)])
	}
}

// TestTakenBackByUsher: what nobody has decided is, and why is said; what is decided stays. Those whom it names hear once, when all is
// over; a requester hears of nothing, for there is none.
func TestTakenBackByUsher(t *testing.T) {
	d, b := usherDesk(Policy{Name: "all", Approvers: []string{"U0ALICE"}, Need: 1, ExpiresAfter: time.Hour})
	list, _, err := d.OpenOccasion(t.Context(), daveLeft(), []Ask{takes(d, "dave@acme.example"), takes(d, "d@acme.example"), takes(d, "e@acme.example")}, noon)
	require.NoError(t, err)
	_, err = d.Vote(t.Context(), 2, Vote{By: "U0ALICE", Reason: "it's the team's"}, noon)
	require.NoError(t, err)
	require.False(t, b.owed[OutcomeKey(1, "U0BOB")], "it isn't over yet")
	why := Sayf("%v is back", PersonID("U0DAVE"))
	var numbers []int64
	for _, r := range list {
		numbers = append(numbers, r.Number)
	}
	for range 2 { // a second time changes nothing
		list, err = d.Withdraw(t.Context(), numbers, why, noon.Add(time.Minute))
		require.NoError(t, err)
	}
	require.Equal(t, []State{Canceled, Denied, Canceled}, []State{list[0].State, list[1].State, list[2].State})
	require.Contains(t, Standing(list[0]).Plain(), "I took #1 back 2026")
	require.Contains(t, Standing(list[0]).Plain(), "because @U0DAVE is back.")
	require.True(t, b.owed[OutcomeKey(1, "U0BOB")])
	require.True(t, b.owed[OutcomeKey(1, "U0ERIN")])
	for key := range b.owed {
		require.NotContains(t, key, "/requester/")
	}
	for _, e := range b.log {
		require.Contains(t, []Actor{Usher, "U0ALICE"}, e.Actor)
	}
}

// TestABundleOfferedIsOneThing: what of it is asked already is left out, and so is what needs that; the rest is approved as one.
func TestABundleOfferedIsOneThing(t *testing.T) {
	d, b := usherDesk(Policy{Name: "all", Approvers: []string{"U0ALICE"}, Need: 1, ExpiresAfter: time.Hour})
	starter := Bundle{ID: "starter", Name: "Starter"}
	site := func(id string) Change {
		return Change{Email: "dave@acme.example", Values: catalog.Values{{Key: "sites", Items: []catalog.Item{{ID: id}}}}}
	}
	o := daveLeft()
	o.Kind = OccasionMoved
	list, _, err := d.OpenOccasion(t.Context(), o, []Ask{
		{App: d.Apps[0], Action: catalog.Create, Change: Change{Email: "dave@acme.example"}, Bundle: starter, Item: 1},
		{App: d.Apps[0], Action: catalog.Share, Change: site("1"), Bundle: starter, Item: 2, Needs: 1},
		takes(d, "old@acme.example"),
	}, noon)
	require.NoError(t, err)
	require.Equal(t, []int64{1, 1, 1}, []int64{list[0].Shown(), list[1].Shown(), list[2].Shown()}, "one card")
	require.Equal(t, int64(1), list[1].Maker())
	casts, err := d.VoteAll(t.Context(), 1, Vote{By: "U0ALICE", Yes: true}, []Sight{{Waits: true}, {Waits: true}}, noon)
	require.NoError(t, err)
	require.Len(t, casts, 2, "a word on the bundle is none on what stands beside it")
	require.Equal(t, []State{Approved, Approved, Pending}, []State{b.list[1].State, b.list[2].State, b.list[3].State})

	o.ID = "moved/2"
	list, _, err = d.OpenOccasion(t.Context(), o, []Ask{
		{App: d.Apps[0], Action: catalog.Create, Change: Change{Email: "dave@acme.example"}, Bundle: starter, Item: 1},
		{App: d.Apps[0], Action: catalog.Share, Change: site("2"), Bundle: starter, Item: 2, Needs: 1},
		{App: d.Apps[0], Action: catalog.Create, Change: Change{Email: "new@acme.example"}, Bundle: starter, Item: 3},
		{App: d.Apps[0], Action: catalog.Share, Change: Change{Email: "new@acme.example", Values: site("2").Values}, Bundle: starter, Item: 4, Needs: 3},
	}, noon)
	require.NoError(t, err)
	require.Len(t, list, 2)
	require.Equal(t, list[0].Number, list[1].Maker(), "whose account it is is found in what is asked")
	require.Contains(t, list[0].Occasion.Skipped[1].Why.Plain(), "It needs another part of “Starter”")
}
