package talks

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/sim/slacksim"
	"github.com/usherbot/usher/sim/vendorsim"
	"github.com/usherbot/usher/test/world"
)

// vendor does what a line says of the vendor: a change behind everybody's back, a fault, or a look at it.
func (k *talk) vendor(f []string) {
	k.T.Helper()
	v := k.N.Vendor
	switch f[0] {
	case "has":
		a, ok := v.Account(f[1])
		require.True(k.T, ok, k.line)
		var sites []string
		for _, id := range a.SharedSites {
			sites = append(sites, fmt.Sprint(id))
		}
		require.ElementsMatch(k.T, f[2:], sites, k.line)
	case "lacks":
		_, ok := v.Account(f[1])
		require.False(k.T, ok, k.line)
	case "adds":
		k.vendorAdds(f[1], f[2:])
	case "units":
		k.vendorUnits(strings.TrimSpace(after(k.line, "vendor units ")))
	case "seats":
		v.SetSeats(int(k.number(f[1])))
	case "grants":
		a, ok := v.Account(f[1])
		require.True(k.T, ok, k.line)
		require.ElementsMatch(k.T, f[2:], a.Access, k.line)
	case "drops", "takes":
		k.vendorQuirks(f[0], f[1:])
	case "digest":
		for _, a := range v.Accounts() {
			v.RemoveAccount(a.Email)
		}
		k.blocked = vendorsim.SeedDigest(v, int(k.number(f[1])), int(k.number(f[2])))
	case "removes":
		require.True(k.T, v.RemoveAccount(f[1]), k.line)
		k.unblocked(f[1])
	case "closes":
		require.True(k.T, v.RemoveSite(k.number(f[1])), k.line)
	case "replaces", "retypes", "rehosts", "blocks", "hands", "sets":
		k.changesHands(f)
	case "unblocks":
		require.True(k.T, v.SetBlocked(f[1], false), k.line)
		k.unblocked(f[1])
	case "heals":
		v.Heal()
	case "fails":
		k.vendorFails(f[1:])
	case "effects":
		k.vendorEffects(vendorsim.Op(f[1]), k.number(f[2]))
	default:
		k.T.Fatalf("%s: the vendor cannot do that", k.line)
	}
}

// changesHands gives an address, a type or a website's number to another, or blocks an account.
func (k *talk) changesHands(f []string) {
	k.T.Helper()
	v := k.N.Vendor
	switch f[0] {
	case "replaces":
		require.NotZero(k.T, v.ReplaceAccount(f[1]), k.line)
	case "hands":
		a, found := v.Account(f[2])
		require.Equal(k.T, f[2] != "over", found, k.line)
		require.True(k.T, v.GiveSite(k.number(f[1]), a.ID), k.line)
	case "sets":
		require.True(k.T, v.Edit(f[1], func(a *vendorsim.Account) {
			a.Access, a.Limits.Amount, a.Limits.Period = strings.Split(f[2], ","), k.number(f[3]), f[4]
		}), k.line)
	case "retypes":
		require.True(k.T, v.Edit(f[1], func(a *vendorsim.Account) { a.Type = f[2] }), k.line)
	case "blocks":
		require.True(k.T, v.SetBlocked(f[1], true), k.line)
		k.blocked = append(k.blocked, f[1])
	default:
		require.True(k.T, v.Rehost(k.number(f[1]), f[2], "https://"+f[2]+"/"), k.line)
	}
}

// has looks once more at the latest direct message that begins to say so: what it says by now, and exactly which buttons it
// has. Two that were sent at the same time come in either order.
func (k *talk) has(id, line string) {
	k.T.Helper()
	list := k.direct(id)
	if strings.HasPrefix(line, "been asked ") {
		list = world.ToApprover(k.N.Slack.DM(id), true)
	}
	require.NotEmpty(k.T, list, k.line)
	m, first := list[len(list)-1], quoted(line)
	for _, one := range slices.Backward(list) {
		if len(first) > 0 && strings.Contains(slacksim.PlainText(one), first[0]) {
			m = one
			break
		}
	}
	k.holds(slacksim.PlainText(m), line)
	require.Equal(k.T, strings.TrimPrefix(after(line, " offers "), "nothing"), strings.Join(world.Buttons(m), " "), k.line)
}

// vendorEffects counts how often an operation changed anything.
func (k *talk) vendorEffects(op vendorsim.Op, want int64) {
	n := 0
	for _, c := range k.N.Vendor.CallsOf(op) {
		n += world.One(c.Effect != "")
	}
	require.EqualValues(k.T, want, n, k.line)
}

// vendorQuirks: permissions that it drops, or the form in which it takes shares.
func (k *talk) vendorQuirks(what string, f []string) {
	q := k.N.Vendor.Quirks()
	if what == "drops" {
		q.DropAccess = append(q.DropAccess, f...)
	} else {
		q.ShareForm = f[0]
	}
	k.N.Vendor.SetQuirks(q)
}

// vendorUnits is the balance from now on, or what is answered in its place.
func (k *talk) vendorUnits(says string) {
	q := k.N.Vendor.Quirks()
	q.UnitsBody = ""
	if strings.HasPrefix(says, `"`) {
		q.UnitsBody = strings.Trim(says, `"`)
	} else {
		k.N.Vendor.SetUnits(k.number(says))
	}
	k.N.Vendor.SetQuirks(q)
}

func (k *talk) vendorAdds(email string, f []string) {
	a := vendorsim.Account{Email: email, FirstName: "Somebody"}
	for i := 0; i < len(f); i++ {
		switch f[i] {
		case "user":
			a.Type = vendorsim.TypeUser
		case "owns":
			i++
			a.OwnedSites = append(a.OwnedSites, k.number(f[i]))
		default:
			a.SharedSites = append(a.SharedSites, k.number(f[i]))
		}
	}
	k.N.Vendor.AddAccount(a)
}

func (k *talk) unblocked(email string) {
	k.blocked = slices.DeleteFunc(k.blocked, func(b string) bool { return b == email })
}

// listed are the lines and cells of a digest that name an account blocked by limits. Addresses stand elsewhere too, but
// not first in a line.
var listed = regexp.MustCompile(`(?m)^(?:• )?(\S+@\S+?)(?: · .*)?$`)

// digest expects the next message in #reports: it holds the words of the line and lists each account that is
// blocked by limits, once, by address, and no other.
func (k *talk) digest(line string) {
	k.T.Helper()
	m := k.next(k.N.Slack.Messages("C0REPORTS"), line)
	shown := slacksim.PlainText(slacksim.Message{Blocks: m.Blocks}) // the notification's text is not what people read there
	k.holds(shown, line)
	var lines []string
	for _, found := range listed.FindAllStringSubmatch(shown, -1) {
		lines = append(lines, found[1])
	}
	require.NotEmpty(k.T, k.blocked, "%s: nobody was blocked", k.line)
	require.Equal(k.T, slices.Sorted(slices.Values(k.blocked)), lines, k.line)
}

// filed reports whether a message adds files to the thread of a report that somebody expected: once, and by the report's name.
func (k *talk) filed(m slacksim.Message) bool {
	if !world.Filed(m) {
		return false
	}
	world.FiledOnce(k.T, k.N.Slack.Messages(m.Channel))
	return k.seen[m.Channel+m.ThreadTS]
}

// files holds the files that were added to the thread of the last digest, or of somebody's last report, to their names; none: there are
// no such.
func (k *talk) files(f, names []string) {
	k.T.Helper()
	all := k.N.Slack.Messages("C0REPORTS")
	digests := world.Digests(all)
	if len(f) > 1 && !strings.HasPrefix(f[1], `"`) {
		all, digests = k.N.Slack.DM(person(f[1])), k.ReportsTo(person(f[1]))
		world.FiledOnce(k.T, all)
	}
	require.NotEmpty(k.T, digests, k.line)
	var got []string
	for _, m := range all {
		if world.Filed(m) && m.ThreadTS == digests[len(digests)-1].TS {
			for _, id := range m.Files {
				for _, f := range k.N.Slack.Files() {
					if f.ID == id {
						got = append(got, f.Name)
					}
				}
			}
		}
	}
	require.Equal(k.T, names, got, k.line)
}

// vendorFails plans a fault: OP KIND [before|after] [times N].
func (k *talk) vendorFails(f []string) {
	k.T.Helper()
	fault := vendorsim.Fault{Match: vendorsim.Match{Op: vendorsim.Op(f[0])}, Kind: vendorsim.Kind(f[1])}
	if f[0] == "GET" {
		fault.Match = vendorsim.Match{Method: "GET"}
	}
	if status, err := strconv.Atoi(f[1]); err == nil {
		fault.Kind, fault.Status = vendorsim.Status, status
	}
	for i := 2; i < len(f); i++ {
		switch f[i] {
		case "times":
			i++
			fault.Match.Times = int(k.number(f[i]))
			if fault.Match.Times == 0 {
				fault.Match.Times = -1
			}
		default:
			fault.When = vendorsim.When(f[i])
		}
	}
	require.NoError(k.T, k.N.Vendor.Plan(fault), k.line)
}
