package view

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/catalog"
	"github.com/usherbot/usher/commands"
	"github.com/usherbot/usher/reports"
	testpace "github.com/usherbot/usher/test/pace"
	wanted "github.com/usherbot/usher/test/values"
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
	c.Email, c.FirstName, c.LastName = s, s, s
	for _, v := range c.Values {
		switch v.Key {
		case "lang", "period":
			v.Items[0] = catalog.Item{ID: s}
		case "access":
			v.Items = []catalog.Item{{ID: s}, {ID: s}, {ID: s}}
		}
		for i := range v.Items {
			if v.Key == "sites" {
				v.Items[i].Name, v.Items[i].Host = s, s
			}
		}
		c.Values = c.Values.With(v)
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
	r.Questions = []approvals.Question{{By: "U0BOB", At: r.Asked, Words: s, Answer: &approvals.Answer{At: r.Asked, Words: s}}, {By: approvals.Actor(s), At: r.Asked, Words: s}}
	return r
}

// stuffedReply is an answer that shows r and has the words of it in its head, its lines and its examples.
func stuffedReply(r approvals.Request) commands.Reply {
	return commands.Reply{Head: say("%v", r.Reason), Request: &r, Lines: []approvals.Text{say("%v", r.Reason), say("• %v", approvals.Typed(r.Change.Email))}, Examples: []string{r.Reason}}
}

// stuffedReport is a digest with the words of r as every name and address.
func stuffedReport(r approvals.Request) reports.Report {
	seat, names := approvals.Seat{Email: r.Change.Email}, names(r.Reason, r.Reason)
	stuck := r
	stuck.State, stuck.Decided = approvals.InDoubt, r.Asked
	late := r
	late.State, late.End = approvals.Ending, &approvals.End{By: r.DecidedBy, At: r.Asked, Failed: &approvals.Outcome{Text: say("%v", r.Reason)}}
	return reports.Report{Name: r.Reason, Slot: r.Reason, At: r.Asked, Late: []approvals.Request{late}, Waiting: []approvals.Request{r, r}, Stuck: []approvals.Request{stuck, stuck},
		Apps: []reports.AppReport{
			{App: r.App, Used: 1, Blocked: []reports.BlockedAccount{{Seat: seat}}, BlockedCount: 1, Idle: []approvals.Seat{seat}, IdleCount: 1, Since: r.Asked, At: r.Asked, BySort: []reports.SortCount{{Sort: r.Reason, Count: 1}},
				Changes: reports.Changes{Added: names, Removed: names, NewlyBlocked: names, Unblocked: names}},
			{App: r.App, Unreadable: say("%v", r.Reason)}}}
}

// drawn is everything beside the approvers' card that bears the words of people and vendors.
func drawn(t *testing.T, s string) map[string][]byte {
	t.Helper()
	r, doubt := stuffed(catalog.Create, approvals.Pending, s), AdminCard(stuffed(catalog.Share, approvals.InDoubt, s))
	require.Equal(t, []string{"It happened", "It did not – try again"}, buttonsOf(t, doubt))
	return map[string][]byte{
		"reply":       held(t, Reply(stuffedReply(r))),
		"report":      held(t, Report(stuffedReport(r), nil)),
		"told-denied": held(t, Told(stuffed(catalog.Update, approvals.Denied, s), approvals.Denied)),
		"told-failed": held(t, Told(stuffed(catalog.Delete, approvals.Failed, s), approvals.Failed)),
		"doubt":       held(t, doubt),
		"deny":        heldView(t, DenyForm(r)),
		"question":    held(t, Question(r, 2)),
	}
}

func TestHostileInput(t *testing.T) {
	testpace.Apart(t, "drawing is a pure function")
	for name, s := range hostile {
		t.Run(name, func(t *testing.T) {
			golden(t, "hostile-"+name, held(t, Card(stuffed(catalog.Share, approvals.Pending, s))))
			for what, raw := range drawn(t, s) {
				golden(t, "hostile-"+name+"-"+what, raw)
			}
			for i, st := range states {
				r := stuffed(wanted.Verbs()[i%len(wanted.Verbs())], st, s)
				for _, m := range []Message{Card(r), AdminCard(r), Told(r, st)} {
					held(t, m)
				}
			}
			everyView(t, stuffed(catalog.Create, approvals.Pending, s))
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
	held(t, Reply(commands.Reply{Head: say("%v", r.Reason), Asked: &r, Lines: []approvals.Text{say("%v", r.Reason)}}))
	held(t, Reply(stuffedReply(r)))
	held(t, Refusal(&approvals.Error{Say: say("%v", r.Reason)}))
	held(t, Alarm(say("*%v*", r.Reason)))
	held(t, Internal(r.Reason))
	held(t, Report(stuffedReport(r), nil))
	heldView(t, DenyForm(r))
	heldView(t, AskForm(r))
	heldView(t, AnswerForm(r, 2))
	held(t, Question(r, 1))
	held(t, Answered(r, 1))
	heldView(t, EditForm(r, commands.Sheet{App: r.App, Action: r.Form(), Draft: commands.Draft{For: commands.ForOutside, First: r.Change.FirstName, Last: r.Change.LastName}}, "C0APPROVE"))
	want := map[approvals.State]int{approvals.Pending: 3}[r.State]
	if want > 0 && r.Editable() {
		want++
	}
	require.Len(t, buttonsOf(t, card), want)
}

// Five hundred websites, three hundred votes and approvers: cut, counted, and the buttons still there.
func TestEnormousRequests(t *testing.T) {
	r := sample(catalog.Share, approvals.Pending)
	sites := r.Change.Values.Items("sites")
	for i := range 498 {
		sites = append(sites, catalog.Item{ID: fmt.Sprint(100 + i), Name: "Site", Host: fmt.Sprintf("site%d.acme.example", i)})
	}
	r.Change.Values = wanted.Of{Sites: sites}.Values()
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
	require.Len(t, buttonsOf(t, m), 4)
	r.State, r.Outcome = approvals.Done, sample(catalog.Share, approvals.Done).Outcome
	golden(t, "enormous-done", held(t, Card(r)))
	golden(t, "enormous-told", held(t, Told(r, approvals.Done)))
	r.State, r.Outcome, r.Doubt = approvals.InDoubt, nil, sample(catalog.Share, approvals.InDoubt).Doubt
	m = AdminCard(r)
	golden(t, "enormous-doubt", held(t, m))
	require.Equal(t, []string{"It happened", "It did not – try again"}, buttonsOf(t, m))
	r.State, r.Doubt = approvals.Pending, nil
	golden(t, "enormous-deny", heldView(t, DenyForm(r)))
	golden(t, "enormous-reply-asked", held(t, Reply(commands.Reply{Head: say("*#%v* sent.", r.Number), Asked: &r})))
}

// An answer and a digest of 5,000 accounts, all of them worth a line: cut, and what is left out is counted.
func TestEnormousLists(t *testing.T) {
	const accounts = 5000
	var lines []approvals.Text
	var emails []string
	for _, s := range someSeats(accounts, "blocked") {
		lines, emails = append(lines, say("• %v · client · no website", s.Email)), append(emails, s.Email)
	}
	raw := string(held(t, Reply(commands.Reply{Head: say("*%v accounts*", accounts), Lines: lines, Examples: []string{"/access show EMAIL"}})))
	golden(t, "enormous-reply", []byte(raw))
	require.Contains(t, raw, fmt.Sprintf("and %d more", accounts-strings.Count(raw[strings.Index(raw, `"blocks"`):], "• blocked_")))

	r := sampleReport()
	for range 139 {
		r.Waiting, r.Stuck = append(r.Waiting, r.Waiting[0]), append(r.Stuck, r.Stuck[0])
		late := r.Stuck[0]
		late.End = &approvals.End{By: approvals.Usher, At: r.At.Add(-time.Hour)}
		r.Late = append(r.Late, late)
	}
	a := &r.Apps[0]
	a.Used, a.Bought, a.Blocked, a.Idle = accounts, accounts, someBlocked(1000), someSeats(1000, "idle")
	a.BlockedCount, a.IdleCount = accounts, accounts
	a.BySort = []reports.SortCount{{Sort: "client", Count: 4990}, {Sort: "user", Count: 10}}
	a.Changes = reports.Changes{UsedBefore: 21, Added: names(emails...), Removed: names(emails...), NewlyBlocked: names(emails...), Unblocked: names(emails...)}
	m := Report(r, nil)
	raw = string(held(t, m))
	golden(t, "enormous-report", []byte(raw))
	_, plain := blockedIn(t, m)
	for _, says := range []string{fmt.Sprintf("and %v more: `/access accounts blocked`", grouped(accounts-plain)),
		"5,000 of 5,000 used (+4,979)", "*Without a website: 5,000 accounts*", "• 5,000 new: ", "• 5,000 gone: ", "• 5,000 newly blocked: ", "• 5,000 no longer blocked: ",
		"140 requests are waiting", "*Waiting for a decision*", "*Stuck: the admins have a card for each*", "*Past its end, and not seen gone yet*", "By type: 4,990 client, 10 user", "Audit log up to `412:"} {
		require.Contains(t, raw, says)
	}
}

// Random words in every field, in every state: whatever comes, what is sent is within the limits
// and its only markup is ours.
func TestRandomInput(t *testing.T) {
	testpace.Apart(t, "drawing is a pure function")
	const seed, rounds = 20261122, 150
	rng := rand.New(rand.NewPCG(seed, 0))
	pieces := []string{"<", ">", "&", "*", "_", "~", "`", "|", "@", "#", ":", "!", "^", " ", "\n", "\r", "\x00", "\u202e", "\u200d", "\u2060",
		"\u0301", "é", "席", "👩", "🏽", "<!channel>", "<@U0BOB>", "&lt;", "https://e.example", "U0BOB", "a", "z", "0", "“", "\"", "\\", "\xff"}
	for round := range rounds {
		var b strings.Builder
		for range rng.IntN(1 << rng.IntN(12)) {
			b.WriteString(pieces[rng.IntN(len(pieces))])
		}
		st, a := states[rng.IntN(len(states))], wanted.Verbs()[rng.IntN(len(wanted.Verbs()))]
		everyView(t, stuffed(a, st, b.String()))
		if t.Failed() {
			t.Fatalf("seed %d, round %d, %s %s: %q", seed, round, st, a, b.String())
		}
	}
}
