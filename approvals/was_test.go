package approvals

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/catalog"
	"github.com/usherbot/usher/test/values"
)

func access(list ...catalog.Item) catalog.Values { return catalog.Values{{Key: "access", Items: list}} }

func was(v catalog.Values) *Was { return &Was{Values: v} }

// TestAnUpdateSaysWhatItTakesAwayFirst, then what it gives, then how it was and will be, by what people call things.
func TestAnUpdateSaysWhatItTakesAwayFirst(t *testing.T) {
	all := values.Access("audit_website", "report_manual", "hide_search_volume")
	audit, manual, hidden := all[0], all[1], all[2]
	limit := func(amount int, period string) catalog.Values {
		return values.Of{HasLimit: true, Amount: amount, Period: period}.Values()
	}
	for name, row := range map[string]struct {
		v    catalog.Values
		was  *Was
		want string
	}{
		"one for another":    {access(manual), was(access(audit)), "Takes away website audit\nGives manual reports\nPermissions website audit → manual reports"},
		"one more":           {access(manual, audit), was(access(audit)), "Gives manual reports\nPermissions website audit → manual reports, website audit"},
		"none any more":      {access(), was(access(audit)), "Takes away website audit\nPermissions website audit → none"},
		"the first":          {access(audit), was(access()), "Gives website audit\nPermissions none → website audit"},
		"a restriction more": {access(audit, hidden), was(access(audit)), "Restricts search volume hidden\nPermissions website audit → website audit, search volume hidden"},
		"a restriction less": {access(audit), was(access(hidden, audit)), "Lifts search volume hidden\nPermissions search volume hidden, website audit → website audit"},
		"the same":           {access(manual, audit), was(access(audit, manual)), "Permissions manual reports, website audit, as they are now"},
		"not read yet":       {access(audit), nil, "Permissions exactly these, all others are taken away: website audit"},
		"not readable":       {access(audit), &Was{}, "Permissions exactly these, all others are taken away: website audit"},
		"none, not read yet": {access(), nil, "Takes away every permission"},
		"nobody's name":      {access(catalog.Item{ID: "brand_new"}), was(access()), "Gives brand_new\nPermissions none → brand_new"},
		"another limit":      {limit(50, "month"), was(limit(20, "week")), "Money limit 20 a week → 50 a month, in the account's currency"},
		"a limit of nothing": {limit(0, "month"), was(limit(20, "month")), "Money limit 20 a month → 0 a month, in the account's currency. The vendor doesn't say whether 0 means no limit or nothing allowed."},
		"a first limit":      {limit(50, "month"), was(limit(0, "")), "Money limit none → 50 a month, in the account's currency"},
		"the limit it has":   {limit(50, "month"), was(limit(50, "month")), "Money limit 50 a month in the account's currency, as it is now"},
		"limit not readable": {limit(50, "month"), &Was{}, "Money limit 50 a month, in the account's currency"},
	} {
		t.Run(name, func(t *testing.T) {
			r := looking(catalog.Update)
			r.Change.Values, r.Look.Was = row.v, row.was
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
	r := looking(catalog.Update)
	r.Change.Values, r.Said = access(), &Said{Email: "jane@acme.example", Blind: true}
	seen := Seen{Change: r.Change, Look: Look{At: noon, Was: was(access(values.Access("audit_website")...))}}
	seen.Change.Account = "7"
	next, _, err := Step(r, seen, noon)
	require.NoError(t, err)
	entry, err := entryFor(r, next, seen, Usher, "usher", noon)
	require.NoError(t, err)
	require.Contains(t, string(entry.Detail), `"was":{"values":[{"key":"access","items":[{"id":"audit_website","name":"website audit"}]}]}`)
	require.Equal(t, "Takes away website audit", next.Alters()[0].Plain())
	require.Equal(t, "Takes away every permission", next.Heard().Alters()[0].Plain())
}

// TestWhoAskedIsWarnedOnce, and nobody who may not know why.
func TestWhoAskedIsWarnedOnce(t *testing.T) {
	barred := Seen{Change: Change{Email: "jane@acme.example", Account: "7"}, Look: Look{At: noon, Against: []Text{Sayf("It owns 1 website.")}, Bars: true, Was: &Was{Owns: 1}}}
	for _, said := range []*Said{nil, {Email: "jane@acme.example"}, {Email: "jane@acme.example", Blind: true}} {
		r := looking(catalog.Delete)
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
