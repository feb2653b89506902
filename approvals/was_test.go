package approvals

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

var (
	audit  = Permission{Code: "audit_website", Label: "website audit"}
	manual = Permission{Code: "report_manual", Label: "manual reports"}
	hidden = Permission{Code: "hide_search_volume", Label: "search volume hidden", Restricts: true}
)

// TestAnUpdateSaysWhatItTakesAwayFirst, then what it gives, then how it was and will be, by what people call things.
func TestAnUpdateSaysWhatItTakesAwayFirst(t *testing.T) {
	access := func(list ...Permission) Change {
		c := Change{HasAccess: true, Named: list}
		for _, p := range list {
			c.Access = append(c.Access, p.Code)
		}
		return c
	}
	limit := func(amount int, period string) Change { return Change{HasLimit: true, Amount: amount, Period: period} }
	for name, row := range map[string]struct {
		c    Change
		was  *Was
		want string
	}{
		"one for another":    {access(manual), &Was{HasAccess: true, Access: []Permission{audit}}, "Takes away website audit\nGives manual reports\nPermissions website audit → manual reports"},
		"one more":           {access(manual, audit), &Was{HasAccess: true, Access: []Permission{audit}}, "Gives manual reports\nPermissions website audit → manual reports, website audit"},
		"none any more":      {access(), &Was{HasAccess: true, Access: []Permission{audit}}, "Takes away website audit\nPermissions website audit → none"},
		"the first":          {access(audit), &Was{HasAccess: true}, "Gives website audit\nPermissions none → website audit"},
		"a restriction more": {access(audit, hidden), &Was{HasAccess: true, Access: []Permission{audit}}, "Restricts search volume hidden\nPermissions website audit → website audit, search volume hidden"},
		"a restriction less": {access(audit), &Was{HasAccess: true, Access: []Permission{hidden, audit}}, "Lifts search volume hidden\nPermissions search volume hidden, website audit → website audit"},
		"the same":           {access(manual, audit), &Was{HasAccess: true, Access: []Permission{audit, manual}}, "Permissions manual reports, website audit, as they are now"},
		"not read yet":       {access(audit), nil, "Permissions exactly these, all others are taken away: website audit"},
		"not readable":       {access(audit), &Was{}, "Permissions exactly these, all others are taken away: website audit"},
		"none, not read yet": {access(), nil, "Takes away every permission"},
		"nobody's name":      {Change{HasAccess: true, Access: []string{"brand_new"}}, &Was{HasAccess: true}, "Gives brand_new\nPermissions none → brand_new"},
		"another limit":      {limit(50, "month"), &Was{HasLimit: true, Amount: 20, Period: "week"}, "Money limit 20 a week → 50 a month, in the account's currency"},
		"a limit of nothing": {limit(0, "month"), &Was{HasLimit: true, Amount: 20, Period: "month"}, "Money limit 20 a month → 0 a month, in the account's currency. The vendor doesn't say whether 0 means no limit or nothing allowed."},
		"a first limit":      {limit(50, "month"), &Was{HasLimit: true}, "Money limit none → 50 a month, in the account's currency"},
		"the limit it has":   {limit(50, "month"), &Was{HasLimit: true, Amount: 50, Period: "month"}, "Money limit 50 a month in the account's currency, as it is now"},
		"limit not readable": {limit(50, "month"), &Was{}, "Money limit 50 a month, in the account's currency"},
	} {
		t.Run(name, func(t *testing.T) {
			r := looking(Update)
			r.Change, r.Look.Was = row.c, row.was
			var lines []string
			for _, l := range r.Alters() {
				lines = append(lines, l.Plain())
			}
			require.Equal(t, row.want, strings.Join(lines, "\n"))
		})
	}
}

// TestWhatWasIsAuditedAndNotForEverybody: what was read before stands in the log, and who may not read what vendors
// hold does not see it.
func TestWhatWasIsAuditedAndNotForEverybody(t *testing.T) {
	r := looking(Update)
	r.Change.HasAccess, r.Said = true, &Said{Email: "jane@acme.example", Blind: true}
	seen := Seen{Change: r.Change, Look: Look{At: noon, Was: &Was{HasAccess: true, Access: []Permission{audit}}}}
	seen.Change.Account = 7
	next, _, err := Step(r, seen, noon)
	require.NoError(t, err)
	entry, err := entryFor(r, next, seen, Usher, "usher", noon)
	require.NoError(t, err)
	require.Contains(t, string(entry.Detail), `"was":{"access":[{"code":"audit_website","label":"website audit"}],"has_access":true}`)
	require.Equal(t, "Takes away website audit", next.Alters()[0].Plain())
	require.Equal(t, "Takes away every permission", next.Heard().Alters()[0].Plain())
}

// TestWhoAskedIsWarnedOnce, and nobody who may not know why.
func TestWhoAskedIsWarnedOnce(t *testing.T) {
	barred := Seen{Change: Change{Email: "jane@acme.example", Account: 7}, Look: Look{At: noon, Against: []Text{Sayf("It owns 1 website.")}, Was: &Was{Owns: 1}}}
	for _, said := range []*Said{nil, {Email: "jane@acme.example"}, {Email: "jane@acme.example", Blind: true}} {
		r := looking(Delete)
		r.Said = said
		next, changes, err := Step(r, barred, noon)
		require.NoError(t, err)
		require.True(t, next.Barred() && next.Look.Owed)
		require.ErrorContains(t, next.unready(Voted{}), "#12 can't be done yet, so I haven't counted your yes: It owns 1 website.")
		if said == nil || said.Blind {
			require.Equal(t, []string{"card/12", "approver/12/U0BOB"}, keys(changes))
			continue
		}
		require.Equal(t, []string{"tell/12/requester/warned", "card/12", "approver/12/U0BOB"}, keys(changes))
		require.True(t, changes[0].Once)
	}
}
