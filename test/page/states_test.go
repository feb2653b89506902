package page

import (
	"fmt"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/sim/browser"
	"github.com/usherbot/usher/sim/slacksim"
	"github.com/usherbot/usher/sim/vendorsim"
	"github.com/usherbot/usher/test/world"
)

// everyState is how the card of each state begins and what else stands on it, in the order of life's requests.
var everyState = []struct{ headline, says string }{
	{"— expired", "nobody decided in time"},
	{"— canceled", "Canceled by"},
	{"— denied", "Marco can use the blog's own reports"},
	{"— failed", "accept my key"},
	{"Change permissions of wei.chen@acme.example", "said yes"},
	{"— done", "Approved by policy “tidy”"},
	{"— running", "The websites are being shared."},
	{"— ending", "It's still there"},
	{"— ended", "ended it"},
	{"— approved", "in line"},
	{"— in doubt", "It's been in doubt since"},
}

// inEveryState reads the cards of requests in every state, and what the admin has of those that failed, are late or in doubt, at a
// desk and on a phone.
func inEveryState(t *testing.T, b *browser.Browser) {
	said := life(t)
	for _, width := range []int{1280, 390} {
		t.Run(fmt.Sprint(width), func(t *testing.T) {
			t.Parallel()
			v := &visit{Reader: b.Open(t, standing(t, said), width, 800, "persona-U0BOB"), t: t}
			v.is("U0BOB", "C0APPROVE")
			for i, state := range everyState {
				v.reads(fmt.Sprintf("#%d ·", i+1), state.headline, state.says, width)
				v.picture(strings.Trim(state.headline, "— "))
			}
			v.is("U0ADMIN", "C0APPROVE")
			v.opens("channel-D")
			for _, state := range []string{"— failed", "— ending", "— in doubt"} {
				v.reads("#", state, "", width)
				v.picture("admin " + strings.Trim(state, "— "))
			}
		})
	}
}

// reads brings the message that begins so before somebody's eyes; nothing of it is wider than the screen, nor cut off.
func (v *visit) reads(name, headline, says string, width int) {
	v.t.Helper()
	v.Holds(fmt.Sprintf(`(() => { const el = [...document.querySelectorAll('[data-testid="message"]')].find((m) => { const text = m.innerText.slice(m.innerText.indexOf("#"));
		return text.startsWith(%q) && text.includes(%q) && text.includes(%q); });
		el?.scrollIntoView({ block: "start" });
		return el && [el, ...el.querySelectorAll("*")].every((e) => e.getBoundingClientRect().right <= %d && (e.scrollWidth <= e.clientWidth + 1 || getComputedStyle(e).display === "inline")); })()`,
		name, headline, says, width))
	v.Holds(fmt.Sprintf(`document.documentElement.scrollWidth <= %d`, width))
}

// standing is a page in whose Slack these messages stand, and nobody answers.
func standing(t *testing.T, said []slacksim.Message) (address string) {
	slack := slacksim.New(slacksim.Options{})
	slack.SeedDemo()
	slack.Put(said)
	served := httptest.NewServer(slack.Page(slacksim.PageOptions{Personas: []slacksim.Persona{
		{ID: "U0ALICE", Role: "Employee"}, {ID: "U0BOB", Role: "Manager"}, {ID: "U0ADMIN", Role: "Admin"}}}))
	t.Cleanup(func() { slack.Close(); served.Close() })
	return served.URL
}

// lives is the program in which requests come into every state; each card is kept as it stood when it came to that.
type lives struct {
	*world.World
	n    int
	kept []slacksim.Message
}

// everyWay is world.Config with one seat less than are needed, policies for what goes by itself and what takes two steps.
func everyWay() string {
	return strings.NewReplacer("seats: 25", "seats: 9", "policies:\n", `policies:
  - {name: tidy, actions: [unshare], approve: auto}
  - name: permissions
    actions: [update]
    steps: [{approvers: [U0BOB, S0LEADS]}, {approvers: [U0DAVE]}]
`).Replace(world.Config)
}

// life lives it, and returns what stands in the channel and before the admin.
func life(t *testing.T) (said []slacksim.Message) {
	world.In(t, everyWay(), func(w *world.World) {
		vendorsim.SeedDemo(w.N.Vendor)
		world.LastSeatTaken(w)
		w.Start()
		l := &lives{World: w}
		l.undecided()
		l.decided()
		l.setUp()
		l.ends()
		l.waits()
		said = l.kept
		for _, m := range w.N.Slack.DM("U0ADMIN") {
			m.Channel = "D0ADMIN"
			said = append(said, m)
		}
		_ = w.Logs.Take() // what fails here is logged
	})
	return said
}

// undecided is what nobody decides, and what is taken back.
func (l *lives) undecided() {
	l.asks("create jane@acme.example Jane because she starts on Monday")
	l.Pass(51 * time.Minute)
	l.keep(0)
	l.asks("create sam@acme.example Sam because he joins the launch team")
	l.types("cancel 2")
	l.keep(1)
}

// decided is a no, a yes that the vendor refuses, the first yes of two, and one that a policy says.
func (l *lives) decided() {
	l.asks("share marco.bianchi@acme.example 104 because he audits it")
	l.press("Deny")
	l.Pass(5 * time.Second)
	views := l.N.Slack.Views("U0BOB")
	require.NotEmpty(l.T, views)
	require.True(l.T, l.N.Slack.Submit("U0BOB", views[0].ID, map[string]any{"reason": "Marco can use the blog's own reports"}).Wait().Acked)
	l.keep(2)
	l.asks("share priya.nair@acme.example 104 because she writes there")
	l.fails(vendorsim.Fault{Match: vendorsim.Match{Op: vendorsim.SetShares}, Kind: vendorsim.Status, When: vendorsim.Before, Status: 403})
	l.press("Approve")
	l.keep(3)
	l.asks("update wei.chen@acme.example access=report_scheduled because of her new role")
	l.press("Approve")
	l.keep(4)
	l.asks("unshare amira.haddad@acme.example 105 because it moved")
	l.keep(5)
}

// setUp is what is being set up.
func (l *lives) setUp() {
	l.asks("share marco.bianchi@acme.example 104,106 because he audits both shops")
	l.fails(vendorsim.Fault{Match: vendorsim.Match{Op: vendorsim.SetShares}, Kind: vendorsim.Slow, Delay: 20 * time.Second})
	l.press("Approve")
	l.keep(6)
	l.Pass(time.Minute)
}

// ends is what is past its end and still there, and what somebody ended.
func (l *lives) ends() {
	l.asks("share priya.nair@acme.example 103 for=1h because of the audit")
	l.press("Approve")
	l.Pass(30 * time.Minute)
	l.fails(vendorsim.Fault{Match: vendorsim.Match{Op: vendorsim.SetShares, Times: -1}, Kind: vendorsim.Status, When: vendorsim.Before, Status: 403})
	l.Pass(time.Hour)
	l.keep(7)
	l.N.Vendor.Heal()
	l.asks("share wei.chen@acme.example 103 for=8h because of the audit")
	l.press("Approve")
	l.Pass(time.Minute)
	l.types("end 9")
	l.keep(8)
}

// waits is what waits for a seat, and what nobody knows the outcome of.
func (l *lives) waits() {
	l.asks("create lee@globex.example Lee because of the spring audit")
	l.press("Approve")
	l.keep(9)
	l.asks("share wei.chen@acme.example 104 because she audits it")
	l.fails(vendorsim.Fault{Match: vendorsim.Match{Op: vendorsim.SetShares}, Kind: vendorsim.Cut, When: vendorsim.After})
	before := len(l.N.Vendor.CallsOf(vendorsim.SetShares))
	l.press("Approve")
	for range 600 {
		if len(l.N.Vendor.CallsOf(vendorsim.SetShares)) > before {
			break
		}
		l.Pass(50 * time.Millisecond)
	}
	l.fails(vendorsim.Fault{Match: vendorsim.Match{Method: "GET", Times: -1}, Kind: vendorsim.Status, When: vendorsim.Before, Status: 403})
	l.keep(10)
	l.Pass(time.Minute)
}

// asks is Alice's next request, until its card says all that it needs to say.
func (l *lives) asks(wish string) {
	l.n++
	l.types(wish)
	l.Pass(time.Minute)
}

// types is Alice typing what works.
func (l *lives) types(text string) {
	out := l.N.Slack.Type("U0ALICE", "C0GENERAL", "/access "+text).Wait()
	require.True(l.T, out.Acked, text)
	l.Pass(time.Second)
}

// fails plans what becomes of the vendor's next calls.
func (l *lives) fails(f vendorsim.Fault) { require.NoError(l.T, l.N.Vendor.Plan(f)) }

// press is Bob pressing a button of the newest card.
func (l *lives) press(label string) {
	m := l.card()
	require.True(l.T, l.N.Slack.Click("U0BOB", m.Channel, m.TS, label).Wait().Acked, "%s on %s", label, m.Text)
}

// keep waits until the newest card is that of a state, and keeps it.
func (l *lives) keep(state int) {
	l.kept = append(l.kept, l.card(everyState[state].headline, everyState[state].says))
}

// card is the card of the newest request, once it says so.
func (l *lives) card(words ...string) (m slacksim.Message) {
	name := fmt.Sprintf("#%d ·", l.n)
	for range 300 {
		for _, m = range l.N.Slack.Messages("C0APPROVE") {
			if strings.HasPrefix(m.Text, name) && !slices.ContainsFunc(words, func(w string) bool { return !strings.Contains(m.Text, w) }) {
				return m
			}
		}
		l.Pass(time.Second)
	}
	l.T.Fatalf("no card of %s says %q: %s", name, words, m.Text)
	return m
}
