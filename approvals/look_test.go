package approvals

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/catalog"
	"github.com/usherbot/usher/test/values"
)

func looking(a Action) Request {
	r := pendingRequest()
	r.Action, r.Look = a, &Look{Owed: true}
	return r
}

// TestALookIsOwedUntilItIsKnownWhatAYesWouldDo, or until the request is decided, by whatever route.
func TestALookIsOwedUntilItIsKnownWhatAYesWouldDo(t *testing.T) {
	fresh := looking(catalog.Share)
	fresh.State = ""
	opened, changes, err := Step(fresh, Opened{}, noon)
	require.NoError(t, err)
	require.Equal(t, []string{"expire/12", "look/12", "card/12", "approver/12/U0BOB"}, keys(changes))

	unclear := Seen{Change: Change{Email: "jane@acme.example", Account: "7", Values: values.Of{Words: []string{"e"}}.Values()}, Look: Look{At: noon, Against: []Text{Sayf("“e” could be any.")}}}
	half, changes, err := Step(opened, unclear, noon)
	require.NoError(t, err)
	require.Equal(t, []string{"card/12", "approver/12/U0BOB"}, keys(changes))
	require.True(t, half.Look.Owed)
	require.True(t, opened.Look.At.IsZero(), "Step alters nothing of its argument")

	blind, changes, err := Step(half, Unread{Since: noon}, noon)
	require.NoError(t, err)
	require.Equal(t, []string{"card/12", "approver/12/U0BOB"}, keys(changes))
	require.Equal(t, noon, blind.Look.Blind)
	require.NotEmpty(t, blind.Look.Against, "what was seen before stays")

	clear := unclear
	clear.Change.Values, clear.Look.Against = nil, nil
	known, changes, err := Step(blind, clear, noon)
	require.NoError(t, err)
	require.Equal(t, []string{"-look/12", "card/12", "approver/12/U0BOB"}, keys(changes))
	require.Equal(t, Look{At: noon}, *known.Look)
	for _, e := range []Event{clear, Unread{Since: noon}} {
		_, _, err = Step(known, e, noon)
		require.ErrorIs(t, err, ErrNotNow, "it is known already")
		_, _, err = Step(pendingRequest(), e, noon)
		require.ErrorIs(t, err, ErrNotNow, "nothing was to be read of a request of before")
	}
	for _, e := range []Event{vote("U0BOB", false), CanceledBy{}, Overridden{By: "os:root", Reason: "x"}} {
		ended, changes, err := Step(half, e, noon)
		require.NoError(t, err)
		require.Contains(t, keys(changes), "-look/12", e.what())
		require.False(t, ended.Look.Owed)
		_, _, err = Step(ended, clear, noon)
		require.ErrorIs(t, err, ErrNotNow)
	}
}

// TestWhoseItIsStaysKnownWhileTheVendorIsRead: what is read of an account was begun before that was found.
func TestWhoseItIsStaysKnownWhileTheVendorIsRead(t *testing.T) {
	r := looking(catalog.Share)
	r.Unpinned = true
	read := Seen{Change: r.Change, Look: Look{At: noon}}
	found, _, err := Step(r, Pinned{Person: "U0JANE"}, noon)
	require.NoError(t, err)
	read.Change.Account = "7"
	r, _, err = Step(found, read, noon)
	require.NoError(t, err)
	require.Equal(t, PersonID("U0JANE"), r.Change.Person)
	require.Equal(t, "7", r.Change.Account)
}

// TestOnlyAYesWaitsForTheVendor, and only to what is not known by itself.
func TestOnlyAYesWaitsForTheVendor(t *testing.T) {
	for _, a := range values.Verbs() {
		r := looking(a)
		if a == catalog.Create {
			require.NoError(t, r.unready(Voted{}), "a new seat is what was typed")
			continue
		}
		require.ErrorContains(t, r.unready(Voted{}), "I'm still checking in SE Ranking what #12 would do, so I haven't counted your yes.")
		d, b := deskOf(r, company{"U0ALICE": {Active: true}, "U0BOB": {Active: true, Email: "bob@acme.example"}})
		_, err := d.Vote(t.Context(), 12, Vote{By: "U0BOB", Yes: true, At: noon}, noon)
		require.ErrorContains(t, err, "haven't counted your yes")
		require.Empty(t, b.r.Votes)
		_, err = d.Vote(t.Context(), 12, Vote{By: "U0BOB", At: noon, Reason: "not now"}, noon)
		require.NoError(t, err)
		require.Equal(t, Denied, b.r.State)
		r.Look.Against = []Text{Sayf("SE Ranking has no account for x.")}
		require.ErrorContains(t, r.unready(Voted{}), "It isn't clear yet what #12 would do, so I haven't counted your yes: SE Ranking has no account for x. Deny it and say which one you mean")
		r.Look.Blind = noon
		require.ErrorContains(t, r.unready(Voted{}), "I haven't been able to read SE Ranking since 2026-11-23 12:00 UTC")
		r.Change.Account = "7"
		require.NoError(t, r.unready(Voted{}))
		r.Look = nil
		r.Change.Account = ""
		require.NoError(t, r.unready(Voted{}), "requests of before go on as they did")
	}
	require.True(t, yes(vote("U0BOB", true)) && yes(Overridden{Yes: true}))
	require.False(t, yes(vote("U0BOB", false)) || yes(Overridden{}) || yes(CanceledBy{}))
}

// TestAYesOnACardThatDidNotSayWhatItWouldDoIsNotCounted, once that is known: they have not seen it. A no always is.
func TestAYesOnACardThatDidNotSayWhatItWouldDoIsNotCounted(t *testing.T) {
	people := company{"U0ALICE": {Active: true}, "U0BOB": {Active: true, Email: "bob@acme.example"}}
	for _, a := range values.Verbs() {
		r := looking(a)
		if *r.Look = (Look{At: noon}); a != catalog.Create {
			r.Change.Account = "7"
		}
		d, b := deskOf(r, people)
		_, err := d.Vote(t.Context(), 12, Vote{By: "U0BOB", Yes: true, At: noon, Unread: true}, noon)
		require.Equal(t, Conflict, CodeOf(err))
		require.ErrorContains(t, err, "the card you clicked didn't show it yet, so I haven't counted your yes")
		require.Equal(t, Pending, b.r.State)
		require.Empty(t, b.r.Votes)
		_, err = d.Vote(t.Context(), 12, Vote{By: "U0BOB", Yes: true, At: noon}, noon)
		require.NoError(t, err)
		require.Equal(t, Approved, b.r.State)

		d, b = deskOf(r, people)
		_, err = d.Vote(t.Context(), 12, Vote{By: "U0BOB", At: noon, Unread: true, Reason: "no"}, noon)
		require.NoError(t, err)
		require.Equal(t, Denied, b.r.State)
	}
}

// TestWhoMayNotReadHearsWhatTheySaid, and what came of exactly that.
func TestWhoMayNotReadHearsWhatTheySaid(t *testing.T) {
	for _, a := range values.Verbs() {
		for _, s := range []State{Pending, Done, Failed, Denied, InDoubt} {
			r := in(s)
			r.Action = a
			r.Change = Change{Email: "Jane.Secret@acme.example", Account: "4711", FirstName: "Janet", LastName: "Secret", Sort: "user", Values: values.Of{Type: "user", Sites: []catalog.Item{{ID: "39", Name: "Secret", Host: "secret.example"}}, Access: []string{"report_manual"}, HasAccess: true, Amount: 5, Period: "day", HasLimit: true}.Values()}
			r.Seats = SeatCount{Used: 4711, Of: 4712, At: noon}
			r.Look = &Look{At: noon, Against: []Text{Sayf("secret")}}
			r.Same = 4711
			if s == Done || s == Failed {
				r.Outcome = &Outcome{At: noon, Text: Sayf("The account sees 4711 websites, among them secret.example."), AccountID: "4711", Before: "4711", After: "4711"}
				if s == Done && (a == catalog.Create || a == catalog.Update) {
					r.Outcome.Text = Sayf("Checked in SE Ranking: it's exactly as asked.")
				}
			}
			if s == InDoubt {
				r.Doubt.Seen = Sayf("secret.example")
			}
			require.Equal(t, r, r.Heard(), "who asked before is told as before")
			r.Said = &Said{Person: "U0JANE", Typed: values.Of{Words: []string{"39", "shop"}}.Values()}
			require.Equal(t, r, r.Heard(), "who sees it all is told all")
			r.Said.Blind = true
			h := r.Heard()
			require.Equal(t, Sayf("%v", PersonID("U0JANE")), h.Change.Whom())
			if form := h.Form(); len(form.Resources()) > 0 {
				require.Equal(t, []string{"“39”", "“shop”"}, h.Names())
			}
			if _, ok := h.Form().Field("access"); ok {
				require.Equal(t, []string{"report_manual"}, h.Change.Values.IDs("access"))
			}
			require.Equal(t, a == catalog.Create, h.Change.FirstName == "Janet" && h.Change.LastName == "Secret" && h.Change.Values.ID("type") == "user")
			if a != catalog.Create {
				require.Empty(t, h.Change.FirstName+h.Change.LastName+h.Change.Sort)
			}
			h.Change.FirstName, h.Change.LastName = "", ""
			raw, err := toJSON(h)
			require.NoError(t, err)
			require.NotContains(t, raw, "4711")
			require.NotContains(t, raw, "ecret")
			require.Equal(t, s, h.State)
		}
	}
}

// TestMeantKeepsWhatItIsPinnedTo: what was found once is not found anew under the same name.
func TestMeantKeepsWhatItIsPinnedTo(t *testing.T) {
	r := looking(catalog.Share)
	r.Change.Values = values.Of{Words: []string{"acme", "39", "e"}}.Values()
	lists := Lists{Seats: SeatList{Seats: []Seat{{ID: "36876", Email: "JANE@acme.example", FirstName: "Jane", Sort: "client"}}},
		Items: map[string]ItemList{"sites": {Items: []catalog.Item{{ID: "39", Host: "acme.example"}, {ID: "40", Host: "globex.example"}}}}, Held: []string{"40"}}
	c, look := Meant(r, lists)
	require.Equal(t, Change{Email: "JANE@acme.example", Account: "36876", FirstName: "Jane", Sort: "client", Values: values.Of{Sites: []catalog.Item{{ID: "39", Host: "acme.example"}}, Words: []string{"e"}}.Values()}, c)
	require.Len(t, look.Against, 1)
	require.Equal(t, "“e” could be any of 2 websites: acme.example (#39), globex.example (#40).", look.Against[0].Plain())
	require.Equal(t, values.Of{Words: []string{"acme", "39", "e"}}.Values(), r.Change.Values, "the request stays as it was")

	r.Change, lists.Seats.Seats[0].ID = c, "36882"
	c, look = Meant(r, lists)
	require.Equal(t, "36876", c.Account)
	require.Contains(t, look.Against[0].Plain(), "SE Ranking no longer has the account this is about (id 36876).")
}

func toJSON(v any) (string, error) {
	raw, err := json.Marshal(v)
	return string(raw), err
}
