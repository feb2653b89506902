package register

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/outbox"
)

// roster is Slack's directory as a register asks it; unknown are the groups that can't be read.
type roster struct {
	approvals.Directory
	people  []approvals.Person
	groups  map[approvals.GroupID][]approvals.PersonID
	unknown bool
}

func (r roster) Person(_ context.Context, id approvals.PersonID) (approvals.Person, error) {
	if r.unknown {
		return approvals.Person{}, errors.New("ratelimited")
	}
	return NewDirectory(r.people).ByID[id], nil
}

func (r roster) Group(_ context.Context, id approvals.GroupID) ([]approvals.PersonID, error) {
	if r.unknown {
		return nil, errors.New("ratelimited")
	}
	return r.groups[id], nil
}

// TestWhenAnAccountIsAskedAbout: after a quarter; then a reminder, then the owners; and a quarter after it was asked or answered.
func TestWhenAnAccountIsAskedAbout(t *testing.T) {
	day := func(n int) time.Time { return noon.AddDate(0, 0, n) }
	for name, c := range map[string]struct {
		o    Outsider
		want map[int]int
	}{
		"given":               {Outsider{Since: noon}, map[int]int{0: 0, 89: 0, 90: 1, 400: 1}},
		"asked":               {Outsider{Since: noon, Asked: day(90), Round: 1}, map[int]int{90: 0, 103: 0, 104: 2}},
		"reminded":            {Outsider{Since: noon, Asked: day(90), Round: 2}, map[int]int{104: 0, 117: 0, 118: 3}},
		"the owners asked":    {Outsider{Since: noon, Asked: day(90), Round: 3}, map[int]int{118: 0, 179: 0, 180: 1}},
		"down in between":     {Outsider{Since: noon, Asked: day(90), Round: 1}, map[int]int{179: 2, 180: 1}},
		"answered after that": {Outsider{Since: day(120)}, map[int]int{180: 0, 209: 0, 210: 1}},
	} {
		for n, want := range c.want {
			require.Equal(t, want, c.o.due(day(n)), "%s, day %d", name, n)
		}
	}
	o := Outsider{Since: noon, Said: &Said{By: "U0ALICE"}}.asks(roundFirst, []approvals.PersonID{"U0ALICE"}, "2027-02-24", day(90))
	require.Equal(t, day(90), o.Asked)
	require.Nil(t, o.Said)
	o = o.asks(roundReminder, []approvals.PersonID{"U0BOB"}, "2027-03-10", day(104))
	require.Equal(t, day(90), o.Asked, "since when it's asked stays")
}

// TestWhoIsAnOutsider: whom a request gave an account for good, who has it still and is nobody in Slack.
func TestWhoIsAnOutsider(t *testing.T) {
	var p past
	p.did("invite", "pat@agency.example", "user", "").Requester = "U0A"
	p.did("invite", "a@acme.example", "user", "U0A")
	p.did("invite", "b@acme.example", "user", "")
	p.did("invite", "lent@agency.example", "user", "").EndsAt = noon.AddDate(1, 0, 0)
	p.did("invite", "gone@agency.example", "user", "")
	p.did("invite", "removed@agency.example", "user", "")
	p.did("remove", "removed@agency.example", "", "")
	l := approvals.SeatList{App: readable(), At: noon, Seats: seatsOf("PAT@agency.example", "pat@agency.example", "a@acme.example", "b@acme.example", "lent@agency.example",
		"removed@agency.example", "nobodys@agency.example")}
	out := Kept{}.outside(compare(readable(), p.done, read(t, l), NewDirectory(staff), nil, noon))
	require.Len(t, out, 1)
	require.Equal(t, Outsider{Email: "PAT@agency.example", As: "User", Request: 1, By: "U0A", Given: p.done[0].Outcome.At, Since: p.done[0].Outcome.At}, out[0])
	asked := out[0].asks(roundFirst, []approvals.PersonID{"U0A"}, "2026-11-26", noon)
	require.Equal(t, []Outsider{asked}, Kept{Outside: []Outsider{asked}}.outside(compare(readable(), p.done, read(t, l), NewDirectory(staff), nil, noon)))
}

// TestWhoIsAsked: whoever asked for it; who has left is stood for by their manager, or the app's owners, or the admins; and where that
// can't be found out, nobody is asked yet.
func TestWhoIsAsked(t *testing.T) {
	gone := append(slices.Clone(staff), approvals.Person{ID: "U0GONE", Email: "gone@acme.example"}, approvals.Person{ID: "U0GUEST", Active: true, Guest: true})
	for name, c := range map[string]struct {
		asker    approvals.PersonID
		managers map[approvals.PersonID]approvals.PersonID
		owners   []string
		unknown  bool
		want     []approvals.PersonID
	}{
		"who asked":                            {asker: "U0A", managers: map[approvals.PersonID]approvals.PersonID{"U0A": "U0B"}, want: []approvals.PersonID{"U0A"}},
		"has left, their manager":              {asker: "U0GONE", managers: map[approvals.PersonID]approvals.PersonID{"U0GONE": "U0B"}, owners: []string{"U0C"}, want: []approvals.PersonID{"U0B"}},
		"so has the manager":                   {asker: "U0GONE", managers: map[approvals.PersonID]approvals.PersonID{"U0GONE": "U0GONE"}, owners: []string{"U0C", "U0GONE"}, want: []approvals.PersonID{"U0C"}},
		"no manager, and a group owns it":      {asker: "U0GONE", owners: []string{"S0OPS", "U0C"}, want: []approvals.PersonID{"U0C", "U0D"}},
		"nobody owns it":                       {asker: "U0GONE", owners: []string{"U0GONE"}, want: []approvals.PersonID{"U0E"}},
		"a guest asks nobody":                  {asker: "U0GUEST", owners: []string{"U0C"}, want: []approvals.PersonID{"U0C"}},
		"Usher asked":                          {asker: "", owners: []string{"U0C"}, want: []approvals.PersonID{"U0C"}},
		"who is in the group isn't known":      {asker: "U0GONE", owners: []string{"S0OPS"}, unknown: true},
		"whether the manager is there neither": {asker: "U0GONE", managers: map[approvals.PersonID]approvals.PersonID{"U0GONE": "U0B"}, unknown: true},
	} {
		g := (&shelf{t: t}).joined()
		g.Desk.Managers, g.Desk.Admins = c.managers, []approvals.PersonID{"U0E", "U0GONE"}
		g.Desk.Directory = roster{people: gone, groups: map[approvals.GroupID][]approvals.PersonID{"S0OPS": {"U0D", "U0C"}}, unknown: c.unknown}
		app := manual()
		app.Owners = c.owners
		require.Equal(t, c.want, g.heirs(t.Context(), app, c.asker, NewDirectory(gone)), name)
	}
}

// quarterly is an app with outsiders whom U0A and U0B asked for, who are all due.
func quarterly(t *testing.T, fails ...bool) (*shelf, *Register, func(day int) outbox.Result) {
	s := &shelf{t: t, people: staff, fails: fails}
	var p past
	emails := []string{"a@acme.example"}
	for i, by := range []approvals.PersonID{"U0A", "U0A", "U0B"} {
		emails = append(emails, fmt.Sprintf("p%d@agency.example", i))
		p.did("invite", emails[i+1], "user", "").Requester = by
	}
	s.done, s.seats = p.done, seatsOf(emails...)
	_, sweep := sweeping(t, s)
	return s, s.joined(), sweep
}

// questions are the messages that are owed, by their keys.
func (s *shelf) questions() (keys []string) {
	for _, c := range s.owed {
		if outbox.Kind(c.Put.Key) == approvals.KindNeeded && c.Where == "" {
			keys = append(keys, c.Put.Key)
		}
	}
	return keys
}

// TestOneQuestionForAllOfTheirs: whoever asked for several is asked in one message, once, whatever the disk says; and what is answered is
// kept once, with its entry of the log, and is not asked again for a quarter.
func TestOneQuestionForAllOfTheirs(t *testing.T) {
	for name, fails := range map[string][]bool{"no trouble": nil, "kept": {true}, "not kept": {false}} {
		s, g, sweep := quarterly(t, fails...)
		sweep(0)
		require.ElementsMatch(t, []string{"needed/2026-11-26/U0A", "needed/2026-11-26/U0B"}, s.questions(), name)
		sweep(1)
		require.Len(t, s.questions(), 2, name)
		theirs, err := g.Needed(t.Context(), "2026-11-26", "U0A")
		require.NoError(t, err)
		require.Len(t, theirs, 2)
		require.Empty(t, s.log)

		s.fails = fails
		said := Said{By: "U0A", At: noon.AddDate(0, 0, 2)}
		for range 2 {
			require.NoError(t, g.Keep(t.Context(), "semrush", "P0@agency.example", said, "slack"), name)
		}
		require.Len(t, s.log, 1, name)
		require.Equal(t, []any{"an account is still needed", approvals.Actor("U0A")}, []any{s.log[0].What, s.log[0].Actor})
		require.JSONEq(t, `{"app":"semrush","email":"p0@agency.example","given_by":1}`, string(s.log[0].Detail))
		require.Equal(t, approvals.Conflict, approvals.CodeOf(g.Keep(t.Context(), "semrush", "p0@agency.example", Said{By: "U0B", At: noon}, "slack")))
		require.Equal(t, approvals.Conflict, approvals.CodeOf(g.Keep(t.Context(), "semrush", "who@agency.example", said, "slack")))

		sweep(16)
		again := slices.DeleteFunc(s.questions(), func(k string) bool { return !strings.Contains(k, "2026-12-12") })
		require.ElementsMatch(t, []string{"needed/2026-12-12/U0A", "needed/2026-12-12/U0B"}, again, "reminded of what nobody answered")
		theirs, err = g.Needed(t.Context(), "2026-12-12", "U0A")
		require.NoError(t, err)
		require.Len(t, theirs, 1)
		require.Equal(t, "p1@agency.example", theirs[0].Email)
		m, ok := theirs[0].TakeBack()
		require.True(t, ok)
		require.Equal(t, "/access remove p1@agency.example app=semrush because it isn't needed any more", m.Typed())
	}
}

// TestWhereNoListSaysWhoIsThere: who is asked about follows from requests alone, nothing is found by that, and where nobody is due nobody
// is read.
func TestWhereNoListSaysWhoIsThere(t *testing.T) {
	s, g, sweep := quarterly(t)
	s.read, s.kept.Findings = false, []Finding{{Kind: Orphan, App: "semrush", Email: "nobodys@agency.example"}}
	s.mute = errors.New("nobody is to be read")
	s.done[0].Outcome.At, s.done[1].Outcome.At, s.done[2].Outcome.At = noon, noon, noon.AddDate(0, 0, -91)
	s.kept.Outside = nil
	s.done[2].State = approvals.Denied
	require.True(t, sweep(0).IsDone())
	require.Empty(t, s.questions())
	s.mute, s.done[2].State = nil, approvals.Done
	require.True(t, sweep(1).IsDone())
	require.Equal(t, []string{"needed/2026-11-27/U0B"}, s.questions())
	require.Equal(t, []string{"nobodys@agency.example"}, s.open())
	theirs, err := g.Needed(t.Context(), "2026-11-27", "U0B")
	require.NoError(t, err)
	require.Len(t, theirs, 1)
}
