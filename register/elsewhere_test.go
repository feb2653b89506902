package register

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/register/list"
)

// beside is a workspace beside another directory, which has some of its people otherwise than Slack does.
func beside(people []approvals.Person) Directory {
	d := NewDirectory(people)
	d.Elsewhere.Of = map[string][]Standing{
		"elsewhere@acme.example": {{Directory: "Okta", Off: true, Since: noon.AddDate(0, 0, -26), Addresses: []string{"elsewhere@acme.example"}}},
		"slackless@acme.example": {{Directory: "Okta", Addresses: []string{"slackless@acme.example"}}},
		"two@acme.example":       {{Directory: "Okta", Addresses: []string{"two@acme.example"}}},
	}
	return d
}

// TestHowSomebodyStands is the table of what Slack and other directories say of one account, and what comes of it.
func TestHowSomebodyStands(t *testing.T) {
	since := time.Date(2026, time.November, 3, 0, 0, 0, 0, time.UTC)
	off := func(where string) Standing {
		return Standing{Directory: where, Off: true, Since: since, Addresses: []string{"ann@acme.example", "ann@old.example"}}
	}
	on := func(where string) Standing {
		return Standing{Directory: where, Addresses: []string{"ann@acme.example", "ann@old.example"}}
	}
	here, gone := approvals.Person{ID: "U0ANN", Email: "ann@acme.example", Active: true}, approvals.Person{ID: "U0ANN", Email: "ann@acme.example"}
	other := approvals.Person{ID: "U0BOB", Email: "bob@acme.example", Active: true}
	for name, row := range map[string]struct {
		slack  approvals.Person
		else_  []Standing
		listed string // the address in the app
		kind   Kind
		says   string
	}{
		"off there, active in Slack":    {here, []Standing{off("Okta")}, "ann@acme.example", OffElsewhere, "off in Okta since 2026-11-03 00:00 UTC, active in Slack, and still has it."},
		"off there, not in Slack":       {other, []Standing{off("Okta")}, "ann@acme.example", OffElsewhere, "off in Okta since 2026-11-03 00:00 UTC, not in Slack, and still has it."},
		"off in two":                    {here, []Standing{off("Okta"), {Directory: "HR list", Off: true}}, "ann@acme.example", OffElsewhere, "off in Okta since 2026-11-03 00:00 UTC and off in HR list, active in Slack, and still has it."},
		"off in one, active in another": {here, []Standing{off("Okta"), on("Entra ID")}, "ann@acme.example", OffElsewhere, "off in Okta since 2026-11-03 00:00 UTC, active in Entra ID and Slack, and still has it."},
		"the reverse":                   {gone, []Standing{on("Okta")}, "ann@acme.example", OffInSlack, "off in Slack, active in Okta, and still has it."},
		"everywhere off":                {gone, []Standing{off("Okta")}, "ann@acme.example", LeftCompany, "deactivated in Slack, and still has it."},
		"everywhere on":                 {here, []Standing{on("Okta")}, "ann@acme.example", "", ""},
		"known in Slack alone":          {here, nil, "ann@acme.example", "", ""},
		"not in Slack, active there":    {other, []Standing{on("Okta")}, "ann@acme.example", "", ""},
		"by another address of theirs":  {here, []Standing{off("Okta")}, "ann@old.example", OffElsewhere, "off in Okta since 2026-11-03 00:00 UTC, active in Slack, and still has it."},
		"gone, by another address":      {gone, []Standing{off("Okta")}, "ann@old.example", LeftCompany, "deactivated in Slack, and still has it."},
		"nobody anywhere":               {other, nil, "ann@acme.example", Orphan, "nobody in Slack has this address, and no request gave it."},
	} {
		d := NewDirectory([]approvals.Person{row.slack, {ID: "U0SELF", Email: "self@acme.example", Active: true}})
		d.Elsewhere.Of = map[string][]Standing{"ann@acme.example": row.else_, "ann@old.example": row.else_}
		seats := Seen{At: noon, How: ByAPI, Members: []list.Member{{Email: row.listed, Status: list.Active}}}
		found := Find(manual(), nil, seats, d, nil, noon)
		if row.kind == "" {
			require.Empty(t, found, name)
			continue
		}
		require.Len(t, found, 1, name)
		require.Equal(t, row.kind, found[0].Kind, name)
		require.Equal(t, row.says, found[0].Say().Plain(), name)
		_, mends := found[0].Mends(manual().Entry)
		require.True(t, mends, name)
	}
}

// TestWithoutSlackNobodyIsOffElsewhere: who is in the workspace isn't known then, so nothing differs from it.
func TestWithoutSlackNobodyIsOffElsewhere(t *testing.T) {
	seen := Seen{At: noon, How: ByAPI, Members: []list.Member{{Email: "elsewhere@acme.example", Status: list.Active}}}
	require.Empty(t, Find(manual(), nil, seen, beside(nil), nil, noon))
}

// TestADirectoryThatCantSayClosesNothing: what was found by a directory that hasn't answered for days stays as it was, and is closed once
// the directory says so.
func TestADirectoryThatCantSayClosesNothing(t *testing.T) {
	people := []approvals.Person{{ID: "U0ELSE", Email: "elsewhere@acme.example", Active: true}}
	members := []list.Member{{Email: "elsewhere@acme.example", Status: list.Active}}
	seen := Seen{At: noon, How: ByAPI, Members: members}
	k, news := Kept{}.With(Kept{Members: members}, Find(manual(), nil, seen, beside(people), nil, noon), noon)
	require.Len(t, news.New, 1)
	require.Equal(t, OffElsewhere, news.New[0].Kind)

	silent := NewDirectory(people)
	silent.Elsewhere.Unsure = []string{"Okta"}
	k, news = k.With(Kept{Members: members, Unsure: silent.Elsewhere.Unsure}, Find(manual(), nil, seen, silent, nil, noon), noon)
	require.Empty(t, news.Closed)
	require.Len(t, k.Open(manual(), nil, noon), 1)

	_, news = k.With(Kept{Members: members}, Find(manual(), nil, seen, NewDirectory(people), nil, noon), noon)
	require.Len(t, news.Closed, 1, "and closes once it can say, or isn't read any more")
}

// stands is a directory beside Slack, or why it can't be asked.
type stands struct {
	of     map[string][]Standing
	unsure []string
	err    error
}

func (s *stands) Standings(context.Context) (Standings, error) {
	return Standings{Of: s.of, Unsure: s.unsure}, s.err
}

// TestWhatRequestsGaveIsHeldToOtherDirectories: in an app that can't be read and has no list, who is off elsewhere is found by what
// requests gave them, and nothing else is; where the directories can't be asked, nothing changes.
func TestWhatRequestsGaveIsHeldToOtherDirectories(t *testing.T) {
	var p past
	p.did("invite", "ann@acme.example", "user", "U0ANN")
	p.did("invite", "ben@acme.example", "user", "U0BEN")
	s := &shelf{t: t, done: p.done, people: []approvals.Person{{ID: "U0ANN", Email: "ann@acme.example", Active: true}, {ID: "U0BEN", Email: "ben@acme.example"}}}
	g := s.joined()
	sweep := func(day int) error {
		return g.sweep(t.Context(), s.Apps()[0], noon.AddDate(0, 0, day).Format(time.DateOnly), noon.AddDate(0, 0, day))
	}
	shown := func() (kinds []Kind) {
		h, err := g.OfApp(t.Context(), "semrush")
		require.NoError(t, err)
		for _, f := range h.Findings {
			kinds = append(kinds, f.Kind)
		}
		return kinds
	}
	require.NoError(t, sweep(1))
	require.Empty(t, s.kept.Findings, "without another directory nothing is known of it")

	okta := &stands{of: map[string][]Standing{"ann@acme.example": {{Directory: "Okta", Off: true, Since: noon, Addresses: []string{"ann@acme.example"}}}}}
	g.Elsewhere = okta
	require.NoError(t, sweep(2))
	require.Equal(t, []Kind{OffElsewhere}, shown())
	require.Empty(t, s.kept.Members)
	require.True(t, s.kept.At.IsZero(), "there is no list")
	require.Len(t, s.log, 1)
	require.NoError(t, sweep(3))
	require.Len(t, s.log, 1, "what stays so is no news")

	okta.err = errors.New("the disk is gone")
	require.ErrorIs(t, sweep(4), okta.err)
	require.Equal(t, []Kind{OffElsewhere}, shown())
	okta.err, okta.of, okta.unsure = nil, nil, []string{"Okta"}
	require.NoError(t, sweep(5))
	require.Equal(t, []Kind{OffElsewhere}, shown(), "it can't say")
	s.done = append(s.done, *p.did("remove", "ann@acme.example", "", ""))
	require.Empty(t, shown(), "it was taken away")
	require.NoError(t, sweep(6))
	require.Len(t, s.log, 2)
	require.False(t, s.kept.Findings[0].Closed.IsZero())
}
