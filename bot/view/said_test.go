package view

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/catalog"
	"github.com/usherbot/usher/commands"
	wanted "github.com/usherbot/usher/test/values"
)

func TestAdminCards(t *testing.T) {
	settled := func(s approvals.State, by approvals.Actor) approvals.Request {
		r := sample(catalog.Create, s)
		r.Escalated, r.Doubt = true, sample(catalog.Create, approvals.InDoubt).Doubt
		r.Outcome.Said = by
		return r
	}
	again := sample(catalog.Create, approvals.Running)
	again.Attempt, again.Started = 2, clock(9, 40)
	worked := sample(catalog.Delete, approvals.Done)
	worked.Attempt = 2
	bare := sample(catalog.Share, approvals.InDoubt)
	bare.Doubt = nil
	lapsed := func(s approvals.State) approvals.Request {
		r := sample(catalog.Create, s)
		r.Lapsed = true
		return r
	}
	for name, c := range map[string]struct {
		r       approvals.Request
		buttons []string
		want    string
	}{
		"failed, lapsed":   {lapsed(approvals.Failed), nil, "too long ago to try again. Still needed? <@U0ALICE> can ask again."},
		"in doubt, lapsed": {lapsed(approvals.InDoubt), []string{"It happened", "It did not"}, "press It did not: that closes it, and <@U0ALICE> can ask again."},
		"in doubt":         {sample(catalog.Create, approvals.InDoubt), []string{"It happened", "It did not – try again"}, ", looked 6 times"},
		"in doubt bare":    {bare, []string{"It happened", "It did not – try again"}, "I won't ask SE Ranking twice on a guess."},
		"failed":           {sample(catalog.Create, approvals.Failed), []string{"Try again"}, "Limit reached"},
		"settled itself":   {settled(approvals.Done, ""), nil, "Settled by itself: I could read SE Ranking again, and it had happened. Seen done"},
		"settled as no":    {settled(approvals.Failed, ""), []string{"Try again"}, "Settled by itself"},
		"seen not":         {seenNot(approvals.Running), nil, "and it hadn't happened, so I'm asking once more. The account is being created. Nothing left to do here."},
		"seen not, done":   {seenNot(approvals.Done), nil, "and it hadn't happened, so I asked once more. Seen done"},
		"seen not, no":     {seenNot(approvals.Failed), []string{"Try again"}, "and it hadn't happened, so I asked once more.\n“Limit reached”"},
		"settled by":       {settled(approvals.Done, "U0ADMIN"), nil, "Seen done"},
		"trying again":     {again, nil, "This is attempt 2"},
		"again worked":     {worked, nil, "Attempt 2 worked."},
	} {
		t.Run(name, func(t *testing.T) {
			m := AdminCard(c.r)
			raw := held(t, m)
			golden(t, "admin-"+strings.ReplaceAll(name, ",", ""), raw)
			require.Equal(t, c.buttons, buttonsOf(t, m))
			require.Contains(t, m.Text, c.want)
			require.Equal(t, len(c.buttons), strings.Count(string(raw), `"confirm":{"title"`), "every button asks back")
		})
	}
}

// seenNot is a request in a state after a doubt that settled itself: it had not happened.
func seenNot(s approvals.State) approvals.Request {
	r := sample(catalog.Create, s)
	r.Escalated, r.SeenNot = true, clock(9, 31)
	return r
}

// TestTheCardTellsHowADoubtSettledItself: in the channel too, in both directions, and of one that an admin
// settled it says no such thing.
func TestTheCardTellsHowADoubtSettledItself(t *testing.T) {
	happened := sample(catalog.Create, approvals.Done)
	happened.Doubt = sample(catalog.Create, approvals.InDoubt).Doubt
	said := happened
	said.Outcome = &approvals.Outcome{At: clock(9, 40), Said: "U0ADMIN", Text: say("It happened.")}
	for name, row := range map[string]struct {
		r    approvals.Request
		want string
	}{
		"happened":       {happened, "Settled by itself: I could read SE Ranking again, and it had happened. Seen done"},
		"seen not":       {seenNot(approvals.Running), "and it hadn't happened, so I'm asking once more. The account is being created."},
		"seen not, done": {seenNot(approvals.Done), "and it hadn't happened, so I asked once more. Seen done"},
		"seen not, no":   {seenNot(approvals.Failed), "and it hadn't happened, so I asked once more. “Limit reached”"},
		"by an admin":    {said, "It happened."},
	} {
		t.Run(name, func(t *testing.T) {
			m := Card(row.r)
			golden(t, "card-settled-"+strings.ReplaceAll(name, ",", ""), held(t, m))
			require.Contains(t, m.Text, row.want)
			require.Equal(t, name != "by an admin", strings.Contains(m.Text, "Settled by itself"))
		})
	}
}

func TestAdminCardNeverSettlesItselfBySomebodysWord(t *testing.T) {
	r := sample(catalog.Create, approvals.Done)
	r.Doubt, r.Outcome.Said = &approvals.Doubt{}, "U0ADMIN"
	require.NotContains(t, AdminCard(r).Text, "Settled by itself")
}

func TestTold(t *testing.T) {
	for _, s := range []approvals.State{approvals.Done, approvals.Failed, approvals.Denied, approvals.Expired} {
		for _, a := range wanted.Verbs() {
			t.Run(fmt.Sprintf("told %s %s", s, a), func(t *testing.T) {
				m := Told(sample(a, s), s)
				golden(t, fmt.Sprintf("told-%s-%s", s, a), held(t, m))
				require.Contains(t, m.Text, "#12")
				require.Contains(t, m.Text, "jane_doe@acme.example")
				require.Empty(t, buttonsOf(t, m))
			})
		}
	}
	late := Told(sample(catalog.Share, approvals.Expired), approvals.Expired).Text
	require.True(t, strings.HasPrefix(late, "#12 · Share 2 websites with jane_doe@acme.example · SE Ranking — expired\nNobody decided in time, "), late)
	require.Contains(t, late, "You can ask again any time; /access help share shows how.")
	m := Told(sample(catalog.Create, approvals.Done), approvals.Done)
	require.True(t, strings.HasPrefix(m.Text, "Jane's SE Ranking seat is ready (#12)."))
	require.Contains(t, m.Text, "SE Ranking has emailed jane_doe@acme.example")
	require.Contains(t, m.Text, "“Forgot password”")
}

// A message about a failure may be delivered when an admin has started the deed again already.
func TestToldOfWhatIsPast(t *testing.T) {
	r := sample(catalog.Create, approvals.Running)
	r.Attempt = 2
	m := Told(r, approvals.Failed)
	golden(t, "told-past", held(t, m))
	require.Contains(t, m.Text, "#12 (SE Ranking seat for jane_doe@acme.example) was approved but couldn't be done.")
	held(t, Told(r, approvals.Running))
}

func TestReplies(t *testing.T) {
	pending, denied := sample(catalog.Share, approvals.Pending), sample(catalog.Create, approvals.Denied)
	full := sample(catalog.Create, approvals.Pending)
	full.Seats.Used = full.Seats.Of
	next := []approvals.Text{say("%v decides until %v. I'll message you.", full.Deciders(), full.Expires), say("Changed your mind? `/access cancel 12`")}
	var accounts []approvals.Text
	for i := range 500 {
		accounts = append(accounts, say("• person_%v@acme.example · client · 3 websites", i))
	}
	for name, r := range map[string]commands.Reply{
		"asked":    {Head: say("Request *#12* sent: SE Ranking seat for %v.", full.Change.Email), Asked: &full, Lines: next},
		"help":     {Head: say("*What you can do*"), Lines: []approvals.Text{say("Ask for a seat:")}, Examples: []string{"/access create jane@acme.example Jane because “why” & <what>", "/access status"}},
		"status":   {Request: &pending, Lines: next[1:]},
		"denied":   {Request: &denied},
		"accounts": {Head: say("*500 accounts*"), Lines: accounts, Examples: []string{"/access show EMAIL"}},
		"empty":    {},
	} {
		t.Run(name, func(t *testing.T) {
			m := Reply(r)
			golden(t, "reply-"+name, held(t, m))
			require.Empty(t, buttonsOf(t, m))
		})
	}
}

// What does not fit is counted: lines shown and lines left out make the whole.
func TestLongReplySaysHowManyMore(t *testing.T) {
	var lines []approvals.Text
	for i := range 2000 {
		lines = append(lines, say("• line %v", i))
	}
	raw := string(held(t, Reply(commands.Reply{Head: say("Many"), Lines: lines})))
	shown := strings.Count(raw[strings.Index(raw, `"blocks"`):], "• line ")
	require.Greater(t, shown, 300)
	require.True(t, strings.Contains(raw, fmt.Sprintf("and %d more", 2000-shown)), shown)
}

func TestShortMessages(t *testing.T) {
	golden(t, "refusal", held(t, Refusal(approvals.Refuse(approvals.Conflict, "%v approved #12 at %v; the account is being created. Nothing is left to decide here.", approvals.PersonID("U0BOB"), clock(9, 20)))))
	golden(t, "internal", held(t, Internal("k3v9")))
	golden(t, "alarm", held(t, Alarm(say("I cannot post in %v. Invite me there: `/invite @usher`.", approvals.ChannelID("C0APPROVE")))))
	held(t, Refusal(&approvals.Error{}))
	require.Contains(t, Internal("k3v9").Text, "omething went wrong on my side, reference k3v9")
}

// TestWhoAskedHearsThatItIsTooLateToTryAgain: in the outcome where it is so by then, else by a message of its own,
// which takes back that there is nothing to do.
func TestWhoAskedHearsThatItIsTooLateToTryAgain(t *testing.T) {
	r := sample(catalog.Create, approvals.Failed)
	require.Contains(t, Told(r, approvals.Failed).Text, "You don't need to do anything")
	r.Lapsed = true
	for name, m := range map[string]Message{"told-failed-lapsed": Told(r, approvals.Failed), "told-lapsed": TooLate(r)} {
		golden(t, name, held(t, m))
		require.Contains(t, m.Text, "Still need it? Ask again; /access help create shows how.")
		require.NotContains(t, m.Text, "You don't need to do anything")
	}
	require.Contains(t, approvals.Standing(r).Plain(), "Still needed? @U0ALICE can ask again.")
}

// TestThatItIsTooLateIsToldAsItMayBeRead: the last word about a failed deed says no more than the others.
func TestThatItIsTooLateIsToldAsItMayBeRead(t *testing.T) {
	r := sample(catalog.Share, approvals.Failed)
	r.Said = &approvals.Said{Person: "U0JANE", Typed: wanted.Of{Words: []string{"uk"}}.Values(), Blind: true}
	m := TooLate(r)
	require.Contains(t, m.Text, "<@U0JANE>")
	require.NotContains(t, m.Text, r.Change.Email)
	require.NotContains(t, m.Text, "acme")
}
