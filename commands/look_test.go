package commands

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/catalog"
)

func TestStatusOfOneRequest(t *testing.T) {
	w := newWorld(t)
	w.says("U0ALICE", "create jane@acme.example Jane because x")
	const shown = "[#1 pending]\n| Waiting for @U0BOB or anyone in @S0LEADS since 2026-11-23 12:00 UTC.\n"
	require.Equal(t, shown+"| Taking too long? /access nudge 1 reminds them. Changed your mind? /access cancel 1\n", w.says("U0ALICE", "status #1"))
	for _, who := range []approvals.PersonID{"U0BOB", "U0CAROL", "U0ERIN"} {
		require.Equal(t, shown, w.says(who, "status 1"), who)
	}
	for _, who := range []approvals.PersonID{"U0DAVE", "U0GUEST", "U0BOT"} {
		require.Contains(t, w.says(who, "status 1"), "not_allowed: #1 isn't yours to see.", who)
	}
	require.Contains(t, w.says("U0ALICE", "status 2"), "not_found: There's no request #2.")
	w.dir.groupErr = errVague
	require.Contains(t, w.says("U0DAVE", "status 1"), "cannot_tell: ")
	require.Equal(t, shown, w.says("U0BOB", "status 1"), "he is named himself")
	w.dir.down = true
	require.Contains(t, w.says("U0BOB", "status 1"), "cannot_tell: ")
	require.Contains(t, w.says("U0CAROL", "status 1"), "cannot_tell: ", "being configured is not being an admin")
	require.Contains(t, w.says("U0ALICE", "status 1"), shown)
}

func TestADecidedRequestStaysHidden(t *testing.T) {
	w := newWorld(t)
	w.says("U0ALICE", "create jane@acme.example Jane because x")
	r := w.only()
	r.State = approvals.Done
	w.book.requests[1] = r
	require.Contains(t, w.says("U0DAVE", "status 1"), "not_allowed: ")
	require.Contains(t, w.says("U0ERIN", "status 1"), "[#1 done]")
}

func TestStatusOfMine(t *testing.T) {
	w := newWorld(t)
	require.Contains(t, w.says("U0ALICE", "status"), "You haven't asked for anything yet.")
	w.says("U0ALICE", "create jane@acme.example Jane because x")
	w.says("U0DAVE", "create joe@acme.example Joe because x")
	w.says("U0ALICE", "delete ann@acme.example because x")
	require.Equal(t, "You have 2 open requests:\n"+
		"| #3 · delete ann@acme.example from SE Ranking · pending · asked 2026-11-23 12:00 UTC · waiting for @U0BOB or anyone in @S0LEADS\n"+
		"| #1 · SE Ranking seat for jane@acme.example · pending · asked 2026-11-23 12:00 UTC · waiting for @U0BOB or anyone in @S0LEADS\n", w.says("U0ALICE", "status"))
	w.says("U0ALICE", "cancel 1")
	require.Contains(t, w.says("U0ALICE", "status"), "You have 1 open request:\n| #3")
	w.says("U0ALICE", "cancel 3")
	said := w.says("U0ALICE", "status")
	require.Contains(t, said, "You have no open requests. Your latest:\n| #3 · delete ann@acme.example from SE Ranking · canceled")
	require.Contains(t, said, "| #1 ")
	require.NotContains(t, said, "joe@")
}

// TestStatusCountsAllThatIsOpen: however much of somebody's is open at once, no number is less.
func TestStatusCountsAllThatIsOpen(t *testing.T) {
	w := newWorld(t)
	const many = 1_203
	for n := range int64(many) {
		w.book.requests[n+1] = approvals.Request{Number: n + 1, Requester: "U0ALICE", State: approvals.Pending, Action: catalog.Create}
	}
	for typed, says := range map[string]string{"status": "You have 1,203 open requests:", "cancel": "You have 1,203 requests waiting:", "": "You have 1,203 open requests:"} {
		said := w.says("U0ALICE", typed)
		require.Contains(t, said, says, typed)
		if typed != "" {
			require.Contains(t, said, "| #1 ·", "the oldest too")
		}
	}
}

func TestCancel(t *testing.T) {
	w := newWorld(t)
	require.Equal(t, "None of your requests is waiting, so there's nothing to cancel.\n", w.says("U0ALICE", "cancel"))
	w.says("U0ALICE", "create jane@acme.example Jane because x")
	require.Contains(t, w.says("U0ALICE", "cancel"), "Which one? You have 1 request waiting:\n| #1 ")
	require.Contains(t, w.says("U0CAROL", "cancel 1"), "not_allowed: ")
	require.Equal(t, approvals.Pending, w.only().State)
	said := w.says("U0ALICE", "cancel #1")
	require.Contains(t, said, "#1 canceled: SE Ranking seat for jane@acme.example.")
	require.Equal(t, approvals.Canceled, w.only().State)
	require.Equal(t, said, w.says("U0ALICE", "cancel 1"), "twice is once")
	for _, p := range w.book.promises {
		require.False(t, p.Put != nil && strings.Contains(p.Put.Key, "/requester/"), "the answer is all the requester hears")
	}
	require.Contains(t, w.says("U0ALICE", "cancel 9"), "not_found: ")
}

func TestPending(t *testing.T) {
	w := newWorld(t)
	require.Equal(t, "There's nothing for you to decide right now.\n", w.says("U0BOB", "pending"))
	w.says("U0ALICE", "create jane@acme.example Jane because x")
	w.says("U0BOB", "create joe@acme.example Joe because x")
	require.Equal(t, "1 request is waiting for you:\n"+
		"[#1 waits]\n| Their cards are in #C0APPROVE.\n", w.says("U0BOB", "pending"))
	require.Contains(t, w.says("U0ERIN", "pending"), "2 requests are waiting for you:\n[#1 waits]\n[#2 waits]\n")
	require.Equal(t, "There's nothing for you to decide right now.\n", w.says("U0DAVE", "pending"))
	w.dir.down = true
	said := w.says("U0BOB", "pending")
	require.Contains(t, said, "I can't tell just now what's waiting for you to decide.")
	require.Contains(t, said, "I couldn't check with Slack whether you can decide 1 request.")
}

func TestWhoMayLook(t *testing.T) {
	for typed, what := range map[string]string{
		"accounts": "who has which seat", "accounts blocked": "who has which seat", "show ann@acme.example": "what an account has", "trend": "who has which seat", "trend app=seranking": "who has which seat", "sites": "the list of websites", "sites acme": "the list of websites",
	} {
		w := newWorld(t)
		for _, who := range []approvals.PersonID{"U0BOB", "U0ERIN", "U0CAROL"} {
			require.NotContains(t, w.says(who, typed), "not_allowed", "%s by %s", typed, who)
		}
		for _, who := range []approvals.PersonID{"U0ALICE", "U0GUEST", "U0NOBODY", ""} {
			require.Contains(t, w.says(who, typed), "not_allowed: Only admins and approvers can see "+what+". /access status", "%s by %s", typed, who)
		}
		w.dir.groupErr = errVague
		require.Contains(t, w.says("U0ALICE", typed), "cannot_tell: I couldn't check with Slack whether you're an approver", "it fails closed")
		require.NotContains(t, w.says("U0BOB", typed), "cannot_tell")
	}
}

func TestAccounts(t *testing.T) {
	w := newWorld(t)
	require.Equal(t, "SE Ranking · 3 of 25 seats used · 1 blocked by limits · read 2026-11-23 11:58 UTC\n"+
		"| Ann@acme.example · Ann Lee · client · 1 website\n"+
		"| ulf@acme.example · Ulf · user · sees every website\n"+
		"| dave@acme.example · Dave · client · no website · blocked by limits\n", w.says("U0CAROL", "accounts"))
	require.Equal(t, "SE Ranking · 3 of 25 seats used · 1 blocked by limits · read 2026-11-23 11:58 UTC\n"+
		"| dave@acme.example · Dave · client · no website · blocked by limits\n", w.says("U0CAROL", "accounts blocked"))
	w.vendor.seats[2].Blocked, w.vendor.bought = false, 0
	require.Equal(t, "No SE Ranking account is blocked by limits (3 seats used, read 2026-11-23 11:58 UTC).\n", w.says("U0CAROL", "accounts blocked"))
	w.vendor.seatsErr = errVague
	require.Equal(t, "unavailable: I can't read SE Ranking just now. Please try again in a few minutes.", w.says("U0CAROL", "accounts"))
}

func TestEveryAccountHasALine(t *testing.T) {
	w := newWorld(t)
	w.vendor.seats = nil
	for i := range 250 {
		w.vendor.seats = append(w.vendor.seats, approvals.Seat{ID: fmt.Sprint(i + 1), Email: fmt.Sprintf("p%d@acme.example", i), Blocked: i%15 == 0})
	}
	reply, err := w.Do(t.Context(), Call{Text: "accounts blocked", User: "U0CAROL"}, noon)
	require.NoError(t, err)
	require.Len(t, reply.Lines, 17)
	require.Contains(t, reply.Head.Plain(), "250 of 25 seats used · 17 blocked")
}

func TestShow(t *testing.T) {
	w := newWorld(t)
	require.Equal(t, "Ann@acme.example · Ann Lee · client · 1 website\n"+
		"| Shared with it Acme – acme.example (#39)\n"+
		"| Permissions brand_new, manual reports\n"+
		"| Money limit 50 a month, in the account's currency\n"+
		"| Language en\n"+
		"| SE Ranking account 1 · list read 2026-11-23 11:58 UTC\n", w.says("U0BOB", "show ann@acme.example"))
	said := w.says("U0BOB", "show <@U0DAVE>")
	require.Contains(t, said, "blocked by limits")
	require.Contains(t, said, "| Shared with it no website\n| Owned by it Rock & Roll – “Live” – rock.example (#43)\n")
	require.NotContains(t, w.says("U0BOB", "show ulf@acme.example"), "Shared")
	require.Equal(t, "SE Ranking has no account for anne@acme.example. Did you mean Ann@acme.example?\n> /access show Ann@acme.example\n", w.says("U0BOB", "show anne@acme.example"))
	require.Equal(t, "not_found: SE Ranking has no account for someone.else@far.example. Please check the address. /access accounts shows who has one.", w.says("U0BOB", "show someone.else@far.example"))
	require.Equal(t, "not_found: SE Ranking has no account for bob@acme.example. Please check the address. /access accounts shows who has one.", w.says("U0BOB", "show <@U0BOB>"), "not somebody else of the same company")
	w.vendor.detailErr = errVague
	require.Equal(t, "unavailable: I can't read SE Ranking just now. Please try again in a few minutes.", w.says("U0BOB", "show ann@acme.example"))
	w.vendor.seatsErr = errVague
	require.Contains(t, w.says("U0BOB", "show ann@acme.example"), "unavailable: I can't read SE Ranking just now. Please")
}

func TestSites(t *testing.T) {
	w := newWorld(t)
	said := w.says("U0BOB", "sites")
	require.Contains(t, said, "SE Ranking · 6 websites · read 2026-11-23 11:59 UTC\n| Acme – acme.example (#39)\n")
	require.Contains(t, said, "| Globex – globex.test (#42) · paused\n")
	require.Equal(t, "SE Ranking · 1 of 6 websites with “ACME uk” · read 2026-11-23 11:59 UTC\n| Acme UK – https://www.acme.example/uk/ (#40)\n", w.says("U0BOB", "sites ACME uk"))
	require.Contains(t, w.says("U0BOB", "sites https://www.globex.test/"), "1 of 6 websites")
	require.Contains(t, w.says("U0BOB", "sites rok.example"), "None of the 6 websites has “rok.example”. Did you mean:\n| Rock & Roll")
	require.Equal(t, "None of the 6 websites has “zzzzzz”.\n> /access sites\n", w.says("U0BOB", "sites zzzzzz"))
	w.vendor.sitesErr = errVague
	require.Contains(t, w.says("U0BOB", "sites"), "unavailable: ")
}

func TestTheOverviewFitsThePerson(t *testing.T) {
	w := newWorld(t)
	alice := w.says("U0ALICE", "")
	require.NotContains(t, alice, "/access accounts")
	require.NotContains(t, alice, "/access report")
	require.NotContains(t, alice, "open")
	w.says("U0ALICE", "create jane@acme.example Jane because x")
	require.Contains(t, w.says("U0ALICE", ""), "| You have 1 open request: /access status.")
	bob := w.says("U0BOB", "")
	require.Contains(t, bob, "/access accounts")
	require.Contains(t, bob, "| 1 request is waiting for you: /access pending.")
	require.Contains(t, w.says("U0CAROL", ""), "/access report")
	w.dir.down = true
	require.Contains(t, w.says("U0BOB", ""), "I get people their seats.", "help never fails")
	for _, who := range []approvals.PersonID{"U0ALICE", "U0BOB", "U0CAROL"} {
		reply, err := w.Do(t.Context(), Call{User: who}, noon)
		require.NoError(t, err)
		require.LessOrEqual(t, len(reply.Lines), 7)
	}
}

// TestPendingCountsAllThatWait: however many wait, the oldest too, each is looked at, and Slack is asked about
// one person once.
func TestPendingCountsAllThatWait(t *testing.T) {
	w := newWorld(t)
	rule := approvals.Rule{Policy: "seats", Approvers: []string{"U0BOB", "S0LEADS"}, Need: 1}
	for n := int64(1); n <= 1201; n++ {
		w.book.requests[n] = approvals.Request{Number: n, Requester: "U0ALICE", Rule: rule, State: approvals.Pending, Asked: noon, Expires: noon.Add(time.Hour),
			App: w.vendor.apps[0], Action: catalog.Create, Change: approvals.Change{Email: fmt.Sprintf("p%d@acme.example", n)}}
	}
	for _, who := range []approvals.PersonID{"U0BOB", "U0ERIN"} {
		w.dir.asked = 0
		said := w.says(who, "pending")
		require.Contains(t, said, "1,201 requests are waiting for you:\n[#1 waits]\n")
		require.Contains(t, said, "\n[#1201 waits]\n")
		require.LessOrEqual(t, w.dir.asked, 2, who)
	}
	w.dir.groupErr = errVague
	require.Contains(t, w.says("U0ERIN", "pending"), "I couldn't check with Slack whether you can decide 1,201 requests.")
}

// TestHelpShowsWhatOneCanUse: what approvers or admins can stands there for them alone, also where a verb is unknown;
// where it cannot be found out it is left out, and that is said.
func TestHelpShowsWhatOneCanUse(t *testing.T) {
	w := newWorld(t)
	for who, want := range map[approvals.PersonID][3]bool{"U0ALICE": {}, "U0GUEST": {}, "U0BOB": {true, true, false}, "U0ERIN": {true, true, false}, "U0CAROL": {true, true, true}} {
		for _, typed := range []string{"help", "help quantum"} {
			said := w.says(who, typed)
			for i, verb := range []string{"| /access pending ", "| /access accounts ", "| /access report "} {
				require.Equal(t, want[i], strings.Contains(said, verb), "%s types %s and reads %s", who, typed, said)
			}
			require.Contains(t, said, "| /access create ")
			require.Equal(t, typed == "help quantum", strings.Contains(said, "I don't know quantum."))
			require.NotContains(t, said, "couldn't check")
		}
	}
	w.dir.down = true
	said := w.says("U0CAROL", "help")
	require.NotContains(t, said, "/access report")
	require.Contains(t, said, "I couldn't check with Slack just now whether you're an approver or an admin, so what only they can use is left out.")
}

// TestALimitOfNothingSaysThatNobodyKnows what it means.
func TestALimitOfNothingSaysThatNobodyKnows(t *testing.T) {
	w := newWorld(t)
	w.vendor.amount = 0
	require.Contains(t, w.says("U0BOB", "show ulf@acme.example"), "| Money limit 0 a month. The vendor doesn't say whether 0 means no limit or nothing allowed.")
}
