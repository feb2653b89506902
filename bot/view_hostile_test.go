package bot

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/commands"
	"github.com/usherbot/usher/reports"
)

// hostile is what people and vendors might put in any field.
var hostile = map[string]string{
	"enormous":  strings.Repeat("ten thousand characters of it ", 334),
	"unbroken":  strings.Repeat("x", 10000),
	"ampersand": strings.Repeat("&", 10000),
	"quotes":    strings.Repeat(`"\`, 5000),
	"emoji":     strings.Repeat("👩‍👩‍👧🏽", 800),
	"accents":   "e" + strings.Repeat("\u0301", 10000),
	"rtl":       "\u202egnp.\u202cexe\u2066\u2069 שלום\u200f",
	"broadcast": "<!channel> <!here> <!everyone> @channel <@U0BOB> <!subteam^S0LEADS>",
	"link":      "<https://evil.example|SE Ranking> https://evil.example",
	"controls":  "a\x00b\x07c\r\nd\te\u2028f\u0085g\x7f",
	"markup":    "*bold* _italic_ ~gone~ `code` ```block``` > quote\n> quote :tada: &lt;!channel&gt;",
	"broken":    "a\xff\xfe\xc3(",
	"nothing":   " \u200b\u00ad\t ",
	"ideograms": strings.Repeat("席", 10000),
}

// stuffed is a request with s wherever somebody else's words go.
func stuffed(a approvals.Action, st approvals.State, s string) approvals.Request {
	r := sample(a, st)
	r.App.Name, r.Reason, r.Rule.Policy = s, s, s
	c := &r.Change
	c.Email, c.FirstName, c.LastName, c.Lang, c.Period = s, s, s, s, s
	if c.HasAccess {
		c.Access = []string{s, s, s}
	}
	for i := range c.Sites {
		c.Sites[i].Name, c.Sites[i].Host = s, s
	}
	if r.Refusal != "" {
		r.Refusal = s
	}
	if r.Outcome != nil {
		r.Outcome.Text = say("SE Ranking says “%v”. %v", s, approvals.Typed(s))
	}
	if r.Doubt != nil {
		r.Doubt.Tried, r.Doubt.Seen = say("%v", s), say("%v", s)
	}
	r.Requester = approvals.PersonID(s)
	r.Rule.Approvers = append(r.Rule.Approvers, s, "S"+s)
	r.Override = s
	return r
}

func TestHostileInput(t *testing.T) {
	for name, s := range hostile {
		t.Run(name, func(t *testing.T) {
			golden(t, "hostile-"+name, held(t, Card(stuffed(approvals.Share, approvals.Pending, s))))
			for i, st := range states {
				r := stuffed(approvals.Actions[i%len(approvals.Actions)], st, s)
				for _, m := range []Message{Card(r), AdminCard(r), Told(r, st)} {
					held(t, m)
				}
			}
			everyView(t, stuffed(approvals.Create, approvals.Pending, s))
		})
	}
}

// everyView holds everything that is ever drawn of a request to the limits, and its buttons in their place.
func everyView(t *testing.T, r approvals.Request) {
	t.Helper()
	card := Card(r)
	held(t, card)
	held(t, AdminCard(r))
	held(t, Told(r, r.State))
	held(t, ReplyMessage(commands.Reply{Head: say("%v", r.Reason), Asked: &r, Lines: []approvals.Text{say("%v", r.Reason)}}))
	held(t, ReplyMessage(commands.Reply{Head: say("%v", r.Reason), Request: &r, Lines: []approvals.Text{say("%v", r.Reason)}, Examples: []string{r.Reason}}))
	held(t, RefusalMessage(&approvals.Error{Say: say("%v", r.Reason)}))
	held(t, AlarmMessage(say("*%v*", r.Reason)))
	held(t, InternalMessage(r.Reason))
	held(t, ReportMessage(reports.Report{Name: r.Reason, Slot: r.Reason, At: r.Asked, Waiting: []approvals.Request{r, r}, Stuck: []approvals.Request{r, r},
		Apps: []reports.AppReport{{App: r.App, Used: 1, Blocked: []approvals.Seat{{Email: r.Change.Email}}, NoSite: []approvals.Seat{{Email: r.Change.Email}}, Since: r.Asked,
			Changes: reports.Changes{Added: []string{r.Reason, r.Reason}}}, {App: r.App, Unreadable: say("%v", r.Reason)}}}))
	form := encode(DenyForm(r))
	for _, s := range texts(t, form) {
		safe(t, s)
	}
	want := map[approvals.State]int{approvals.Pending: 2}[r.State]
	require.Len(t, buttonsOf(t, card), want)
}

// Five hundred websites, three hundred votes and approvers: cut, counted, and the buttons still there.
func TestEnormousRequests(t *testing.T) {
	r := sample(approvals.Share, approvals.Pending)
	for i := range 498 {
		r.Change.Sites = append(r.Change.Sites, approvals.Site{ID: int64(100 + i), Name: "Site", Host: fmt.Sprintf("site%d.acme.example", i)})
	}
	r.Rule.Need = 301
	for i := range 300 {
		id := fmt.Sprintf("U%05d", i)
		r.Rule.Approvers = append(r.Rule.Approvers, id)
		r.Votes = append(r.Votes, approvals.Vote{By: approvals.Actor(id), Yes: true})
	}
	m := Card(r)
	golden(t, "enormous-pending", held(t, m))
	require.Contains(t, m.Text, "Shares 500 websites:")
	require.Contains(t, m.Text, "and 440 more")
	require.Contains(t, m.Text, "300 of 301 said yes:")
	require.Len(t, buttonsOf(t, m), 2)
	r.State, r.Outcome = approvals.Done, sample(approvals.Share, approvals.Done).Outcome
	golden(t, "enormous-done", held(t, Card(r)))
	golden(t, "enormous-told", held(t, Told(r, approvals.Done)))
}

// Random words in every field, in every state: whatever comes, what is sent is within the limits
// and its only markup is ours.
func TestRandomInput(t *testing.T) {
	const seed, rounds = 20261122, 150
	rng := rand.New(rand.NewPCG(seed, 0))
	pieces := []string{"<", ">", "&", "*", "_", "~", "`", "|", "@", "#", ":", "!", "^", " ", "\n", "\r", "\x00", "\u202e", "\u200d", "\u2060",
		"\u0301", "é", "席", "👩", "🏽", "<!channel>", "<@U0BOB>", "&lt;", "https://e.example", "U0BOB", "a", "z", "0", "“", "\"", "\\", "\xff"}
	for round := range rounds {
		var b strings.Builder
		for range rng.IntN(1 << rng.IntN(12)) {
			b.WriteString(pieces[rng.IntN(len(pieces))])
		}
		st, a := states[rng.IntN(len(states))], approvals.Actions[rng.IntN(len(approvals.Actions))]
		everyView(t, stuffed(a, st, b.String()))
		if t.Failed() {
			t.Fatalf("seed %d, round %d, %s %s: %q", seed, round, st, a, b.String())
		}
	}
}
