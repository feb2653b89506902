package commands

import (
	"context"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
)

// unlooked is an Inventory of which nothing but its words is asked.
type unlooked struct {
	approvals.Inventory
	t *testing.T
}

func (u unlooked) Remembered(string, ...approvals.List) approvals.Remembered {
	u.t.Error("what is remembered of the vendor was looked at")
	return approvals.Remembered{}
}

func (u unlooked) Items(context.Context, string, string) (approvals.ItemList, error) {
	u.t.Error("the vendor was read")
	return approvals.ItemList{}, nil
}

func (u unlooked) Renew(string, approvals.List) { u.t.Error("the vendor is to be read") }

// offers are what somebody's words come to in a menu of websites, without a look at what the vendor holds.
func (w *world) offers(who approvals.PersonID, typed string) (typing, before []string) {
	w.t.Helper()
	holds := w.Inventory
	w.Inventory = unlooked{holds, w.t}
	defer func() { w.Inventory = holds }()
	o := w.Own(w.t.Context(), who, Draft{Action: "share"}, "sites", typed)
	for _, one := range o.Typing {
		typing = append(typing, one.Typed)
	}
	for _, one := range o.Before {
		before = append(before, one.Typed)
	}
	return typing, before
}

// TestWhoMayNotReadPicksWordsOfTheirOwn: what they type, in pieces, and what they wrote before; and no word of anybody
// else's, nor of the vendor's, whatever was found out since of what they meant.
func TestWhoMayNotReadPicksWordsOfTheirOwn(t *testing.T) {
	w := newWorld(t)
	typing := func(typed string) []string { a, _ := w.offers("U0ALICE", typed); return a }
	before := func(typed string) []string { _, b := w.offers("U0ALICE", typed); return b }
	require.Empty(t, typing(""))
	require.Empty(t, typing(" , "))
	require.Equal(t, []string{"acme.example"}, typing(" acme.example"))
	require.Equal(t, []string{`a.example, "Acme Shop"`, "a.example", `"Acme Shop"`}, typing("a.example, Acme  Shop,"))
	require.Equal(t, []string{"https://acme.example/page"}, typing("https://acme.example/page?"+strings.Repeat("x", 150)))
	require.Equal(t, []string{"https://acme.example"}, typing("https://acme.example/"+strings.Repeat("x", 150)))

	require.Contains(t, w.says2("U0ALICE", "share priya@acme.example Globex, acme.example because x", "T.1"), "sent: ")
	require.Contains(t, w.says2("U0BOB", "share ann@acme.example 39 because x", "T.2"), "sent: ")
	require.Contains(t, w.says2("U0ALICE", "create sam@acme.example Sam sites=zzz,ACME.example because x", "T.3"), "sent: ")
	w.seen(1)
	require.Equal(t, []string{"zzz", "ACME.example", "Globex"}, before(""))
	require.Equal(t, []string{"Globex"}, before("zzz, glo"))
	require.Equal(t, []string{"zzz", "ACME.example"}, before("Globex,"), "behind a comma something new begins")
	require.Empty(t, before("globex.test"), "what the vendor calls it is not what they wrote")
	require.Empty(t, before("4"))
	w.Desk.Policies[0].Approvers = []string{"S0LEADS"}
	_, bobs := w.offers("U0BOB", "")
	require.Empty(t, bobs, "what he picked while he could see it")
}

// TestWhatIsPickedIsWhatWasTyped: the words of a line and those that are picked out of it ask for the same.
func TestWhatIsPickedIsWhatWasTyped(t *testing.T) {
	for _, typed := range []string{"acme.example", "Acme Shop, globex", `"Acme, the shop", b`, "https://acme.example/a;b, 39", "Acme – acme.example (#39) · paused, Globex (#41)", "because", "a=b, it's 5\"", "• a.example\n• b.example"} {
		w := newWorld(t)
		picked, _ := w.offers("U0ALICE", typed)
		for name, values := range map[string][]string{"all": picked[:min(len(picked), 1)], "each": picked[min(len(picked)/2, 1):], "both": picked} {
			want := w.speech().resourcesIn(typed)
			d := outside("share", "ann@acme.example").with(func(d *Draft) { d.Typed["sites"] = strings.Join(values, ", ") })
			c, wrong := w.fill(d, "U0ALICE")
			if len(want) == 0 {
				require.NotEmpty(t, wrong, typed)
				continue
			}
			require.Empty(t, wrong, typed)
			got, _ := c.values.Get("sites")
			require.Len(t, got.Typed, len(want), "%q, %s: %q", typed, name, values)
			for i := range want {
				require.Equal(t, approvals.FoldName(want[i]), approvals.FoldName(got.Typed[i]), "%q, %s: %q", typed, name, values)
			}
		}
	}
}

// TestWhoMayNotAskPicksNothing, and neither does who can't be found out about: not even their own words.
func TestWhoMayNotAskPicksNothing(t *testing.T) {
	w := newWorld(t)
	for _, who := range []approvals.PersonID{"U0GUEST", "U0BOT", "U0GONE", "U0NOBODY"} {
		typing, before := w.offers(who, "acme.example")
		require.Empty(t, append(typing, before...), who)
	}
	w.dir.down = true
	typing, _ := w.offers("U0ALICE", "acme.example")
	require.Empty(t, typing)
	w.dir.down = false
	require.Empty(t, w.Own(t.Context(), "U0ALICE", Draft{Action: "create"}, "type", "c"), "no resources")
	require.Empty(t, w.Own(t.Context(), "U0ALICE", Draft{Action: "fly"}, "sites", "c"))
}
