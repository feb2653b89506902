package view

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/slack-go/slack"
	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/catalog"
	"github.com/usherbot/usher/commands"
	byapi "github.com/usherbot/usher/provision/seranking"
	wanted "github.com/usherbot/usher/test/values"
)

var update = flag.Bool("update", false, "write the golden files of rendered messages anew")

// golden compares what is sent to Slack with testdata/NAME.json.
func golden(t *testing.T, name string, raw []byte) {
	t.Helper()
	var b bytes.Buffer
	require.NoError(t, json.Indent(&b, raw, "", "  "))
	b.WriteByte('\n')
	path := filepath.Join("testdata", strings.ReplaceAll(name, " ", "-")+".json")
	if *update {
		require.NoError(t, os.WriteFile(path, b.Bytes(), 0o644))
	}
	want, err := os.ReadFile(path)
	require.NoError(t, err, "run the tests of this package with -update")
	require.Equal(t, string(want), b.String())
}

func clock(hour, minute int) time.Time { return time.Date(2026, 11, 23, hour, minute, 0, 0, time.UTC) }

// seRanking is the app that most requests here are about.
func seRanking() approvals.App {
	return approvals.App{ID: "seranking", Name: "SE Ranking", Entry: byapi.Entry()}
}

// sample is a request of an action in a state, filled as the rest of Usher fills it.
func sample(a approvals.Action, s approvals.State) approvals.Request {
	r := approvals.Request{
		Number: 12, Requester: "U0ALICE", App: seRanking(), Action: a,
		Change: sampleChange(a), Reason: "Rank tracking for the Q1 launch",
		Rule:  approvals.Rule{Policy: "seats", Hash: "9f3c", Approvers: []string{"U0BOB", "S0LEADS"}, Need: 1},
		Seats: approvals.SeatCount{Used: 18, Of: 25, At: clock(9, 10)},
		Asked: clock(9, 12), Expires: clock(9, 12).AddDate(0, 0, 7), State: s,
	}
	if was := sampleWas(a); was != nil {
		r.Look = &approvals.Look{At: clock(9, 12), Was: was}
	}
	if s == approvals.Pending {
		return r
	}
	r.Decided, r.DecidedBy = clock(9, 20), "U0BOB"
	switch s {
	case approvals.Denied:
		r.Refusal = "The agency has a seat already"
		r.Votes = []approvals.Vote{{By: "U0BOB", At: r.Decided, Reason: r.Refusal}}
		return r
	case approvals.Canceled:
		r.DecidedBy = "U0ALICE"
		return r
	case approvals.Expired:
		r.DecidedBy, r.Decided = approvals.Usher, r.Expires
		return r
	}
	r.Votes = []approvals.Vote{{By: "U0BOB", Yes: true, At: r.Decided}}
	if s != approvals.Approved {
		r.Attempt, r.Started = 1, clock(9, 20)
	}
	switch s {
	case approvals.Done:
		r.Outcome = &approvals.Outcome{At: clock(9, 21), AccountID: "36872", Text: say("Seen done at %v (id %v).", clock(9, 21), 36872)}
	case approvals.Failed:
		r.Outcome = &approvals.Outcome{At: clock(9, 21), Text: say("“%v”. Most often that means no seat is free. Free one (`/access accounts`) or raise the plan. Nothing was changed.", "Limit reached")}
		r.Escalated = true
	case approvals.InDoubt:
		r.Doubt = &approvals.Doubt{Since: clock(9, 25), Looks: 6,
			Tried: say("I asked SE Ranking at %v and its answer was lost.", clock(9, 20)), Seen: say("I can't read its list (503).")}
		r.Escalated = true
	}
	return r
}

func sampleChange(a approvals.Action) approvals.Change {
	c := approvals.Change{Email: "jane_doe@acme.example"}
	sites := []catalog.Item{{ID: "39", Name: "Acme UK", Host: "acme.example"}, {ID: "42", Host: "shop.acme.example", Paused: true}}
	switch a {
	case catalog.Create:
		c.FirstName, c.LastName, c.Values = "Jane", "Doe", wanted.Of{Type: "client", Lang: "en"}.Values()
	case catalog.Share:
		c.Values = wanted.Of{Sites: sites}.Values()
	case catalog.Unshare:
		c.Values = wanted.Of{Sites: sites[:1]}.Values()
	case catalog.Update:
		c.Values = wanted.Of{Access: []string{"report_manual", "report_scheduled"}, HasAccess: true, Amount: 50, Period: "month", HasLimit: true}.Values()
	case catalog.Delete:
		c.Person, c.Account, c.FirstName, c.LastName, c.Sort = "U0JANE", "36872", "Jane", "Doe", "client"
	}
	return c
}

// sampleWas is what was read of the account before.
func sampleWas(a approvals.Action) *approvals.Was {
	switch a {
	case catalog.Update:
		return &approvals.Was{Values: wanted.Of{HasAccess: true, Access: []string{"audit_website", "report_manual"}, HasLimit: true, Amount: 20, Period: "week"}.Values()}
	case catalog.Delete:
		return &approvals.Was{Holds: 2, Held: sampleChange(catalog.Share).Values.Items("sites")}
	}
	return nil
}

// with is a request's values with others among them.
func with(r *approvals.Request, o wanted.Of) {
	for _, v := range o.Values() {
		r.Change.Values = r.Change.Values.With(v)
	}
}

var states = []approvals.State{approvals.Pending, approvals.Approved, approvals.Running, approvals.Done, approvals.Failed,
	approvals.InDoubt, approvals.Denied, approvals.Expired, approvals.Canceled}

func TestCards(t *testing.T) {
	for _, s := range states {
		for _, a := range wanted.Verbs() {
			t.Run(fmt.Sprintf("card %s %s", s, a), func(t *testing.T) {
				m := Card(sample(a, s))
				golden(t, fmt.Sprintf("card-%s-%s", s, a), held(t, m))
				if s == approvals.Pending {
					want := []string{"Approve", "Deny", "Edit", "Ask"}
					if a == catalog.Delete { // there is nothing to change in it
						want = []string{"Approve", "Deny", "Ask"}
					}
					require.Equal(t, want, buttonsOf(t, m))
				} else {
					require.Empty(t, buttonsOf(t, m))
					require.Contains(t, m.Text, "— "+string(s))
				}
				require.True(t, strings.HasPrefix(m.Text, "#12 · "))
				require.Contains(t, m.Text, "jane_doe@acme.example")
			})
		}
	}
}

// variants are cards beyond the plain ones, each with what must stand on it.
var variants = map[string]struct {
	alter func(*approvals.Request)
	state approvals.State
	want  string
}{
	"user seat":      {func(r *approvals.Request) { with(r, wanted.Of{Type: "user"}) }, approvals.Pending, "It sees every website, and can edit and delete them."},
	"seats unread":   {func(r *approvals.Request) { r.Seats = approvals.SeatCount{Used: -1} }, approvals.Pending, "Seats couldn't be read"},
	"seats unbought": {func(r *approvals.Request) { r.Seats.Of = 0 }, approvals.Pending, "Seats 18 used → 19"},
	"seats full":     {func(r *approvals.Request) { r.Seats.Used = 25 }, approvals.Pending, "Seats 25 of 25 used: none is free. A yes puts it first in line for the next one"},
	"no reason":      {func(r *approvals.Request) { r.Reason = "" }, approvals.Pending, "no reason given"},
	"two needed":     {func(r *approvals.Request) { r.Rule.Need = 2 }, approvals.Pending, "2 of them must say yes"},
	"own policy":     {func(r *approvals.Request) { r.Requester = "U0BOB" }, approvals.Pending, "Can approve anyone in <!subteam^S0LEADS>"},
	"one of two": {func(r *approvals.Request) {
		r.Rule.Need = 2
		r.Votes = []approvals.Vote{{By: "U0BOB", Yes: true, At: clock(9, 15)}}
	}, approvals.Pending, "1 of 2 said yes: <@U0BOB>"},
	"approved by two": {func(r *approvals.Request) {
		r.Rule.Need = 2
		r.Votes = append(r.Votes, approvals.Vote{By: "U0ERIN", Yes: true, At: clock(9, 20)})
	}, approvals.Done, "Approved by <@U0BOB> and <@U0ERIN>, "},
	"override": {func(r *approvals.Request) {
		r.Override, r.DecidedBy, r.Votes = "Bob is on leave", approvals.OSUser("root"), nil
	}, approvals.Approved, "Policy overridden: “seats”.\n“Bob is on leave”"},
	"override no": {func(r *approvals.Request) {
		r.Override, r.Refusal, r.DecidedBy, r.Votes = "Budget is spent", "Budget is spent", approvals.OSUser("root"), nil
	}, approvals.Denied, "Denied by root (at the command line), "},
	"second attempt": {func(r *approvals.Request) { r.Attempt = 2 }, approvals.Running, "This is attempt 2"},
	"all access taken": {func(r *approvals.Request) {
		r.Action, r.Change.Values = catalog.Update, wanted.Of{HasAccess: true}.Values()
	}, approvals.Pending, "Takes away every permission"},
	"all access taken from some": {func(r *approvals.Request) {
		r.Action, r.Change.Values, r.Look = catalog.Update, wanted.Of{HasAccess: true}.Values(), &approvals.Look{Was: sampleWas(catalog.Update)}
	}, approvals.Pending, "Takes away website audit, manual reports\nPermissions website audit, manual reports → none"},
	"restricted": {func(r *approvals.Request) {
		r.Action, r.Change.Values = catalog.Update, wanted.Of{HasAccess: true, Access: []string{"hide_search_volume", "report_manual"}}.Values()
		r.Look = &approvals.Look{Was: sampleWas(catalog.Update)}
		r.Look.Was.Values.Items("access")[0].Takes = true
	}, approvals.Pending, "Restricts search volume hidden\nLifts website audit\n"},
	"barred": {func(r *approvals.Request) {
		r.Action, r.Change.Account, r.Change.Sort, r.Change.Values = catalog.Delete, "36876", "client", nil
		r.Look = &approvals.Look{Owed: true, At: clock(9, 13), Bars: true, Was: &approvals.Was{Owns: 1, Owned: sampleChange(catalog.Unshare).Values.Items("sites")},
			Against: []approvals.Text{say("%v owns %v, and I don't delete accounts that own any: %v. Hand them over in %v first.", r.Change.Email, "1 website", "Acme UK – acme.example (#39)", "SE Ranking")}}
	}, approvals.Pending, "In the way (SE Ranking read"},
	"removes a user seat": {func(r *approvals.Request) {
		r.Action, r.Change.Account, r.Change.Sort, r.Change.Values, r.Look = catalog.Delete, "36876", "user", nil, &approvals.Look{Was: &approvals.Was{}}
	}, approvals.Pending, "Deletes Jane Doe's account, a user seat.\nIt sees every website. They all stay.\nIt owns no websites. This can't be undone."},
	"removes an address": {func(r *approvals.Request) {
		r.Change.Sort, r.Change.Values = "client", nil
		r.Action, r.Change.Account, r.Change.FirstName, r.Change.LastName, r.Look = catalog.Delete, "36876", "", "", &approvals.Look{Was: &approvals.Was{}}
	}, approvals.Pending, "Deletes jane_doe@acme.example's account, a client seat.\nNo website is shared with it.\nIt owns no websites."},
	"lapsed": {func(r *approvals.Request) { r.Lapsed = true }, approvals.Failed, "too long ago to try again. Still needed? <@U0ALICE> can ask again."},
	"pinned": {func(r *approvals.Request) {
		r.Action, r.Change.Account, r.Change.Sort, r.Change.Values = catalog.Delete, "36876", "client", nil
	}, approvals.Pending, "Account 36876, a client seat"},
	"create with all": {func(r *approvals.Request) {
		with(r, wanted.Of{HasAccess: true, HasLimit: true, Period: "week"})
		r.Change.Values = append(r.Change.Values, sampleChange(catalog.Share).Values...)
	}, approvals.Pending, "Money limit 0 a week, in the account's currency. The vendor doesn't say whether 0 means no limit or nothing allowed."},
}

func TestCardVariants(t *testing.T) {
	for name, v := range variants {
		t.Run(name, func(t *testing.T) {
			r := sample(catalog.Create, v.state)
			v.alter(&r)
			m := Card(r)
			golden(t, "card-"+name, held(t, m))
			require.Contains(t, m.Text, v.want)
		})
	}
}

// The count of seats stands where it matters: on what changes it.
func TestOnlyCreateAndDeleteSpeakOfSeats(t *testing.T) {
	for action, want := range map[approvals.Action]string{
		catalog.Create: "Seats 18 of 25 used → 19, 6 left ·", catalog.Delete: "Seats 18 of 25 used → 17 ·",
	} {
		require.Contains(t, Card(sample(action, approvals.Pending)).Text, want, action)
	}
	for _, action := range []approvals.Action{catalog.Share, catalog.Unshare, catalog.Update} {
		require.NotContains(t, Card(sample(action, approvals.Pending)).Text, "Seats", action)
	}
}

// TestSaidOnce: what somebody reads after asking says each thing once: what was asked, who decides, what happens next.
func TestSaidOnce(t *testing.T) {
	for _, action := range wanted.Verbs() {
		r := sample(action, approvals.Pending)
		h := commands.Reply{Head: say("Request *#%v* sent: it.", r.Number), Asked: &r, Lines: []approvals.Text{say("%v decides until %v.", r.Deciders(), r.Expires), say("Changed your mind? `/access cancel %v`", r.Number)}}
		text := Reply(h).Text
		for _, once := range []string{"#12", "<@U0BOB>", "1796029920", "/access cancel"} {
			require.Equal(t, 1, strings.Count(text, once), "%s: %q in %s", action, once, text)
		}
		for _, known := range []string{"<@U0ALICE>", r.Reason, "pending", "checked"} {
			require.NotContains(t, text, known, "whoever asked knows that")
		}
	}
}

// TestOnlyARemovalAsksBack: what can be taken back is one click; an account that is deleted is gone.
func TestOnlyARemovalAsksBack(t *testing.T) {
	for _, a := range wanted.Verbs() {
		buttons := Card(sample(a, approvals.Pending)).Blocks
		row := buttons[len(buttons)-1].(*slack.ActionBlock).Elements.ElementSet
		approve, deny := row[0].(*slack.ButtonBlockElement), row[1].(*slack.ButtonBlockElement)
		require.Nil(t, deny.Confirm, "%s: a no asks for its reason", a)
		if a != catalog.Delete {
			require.Nil(t, approve.Confirm, a)
			continue
		}
		require.Equal(t, "Delete this account for good?", approve.Confirm.Title.Text)
		require.Equal(t, "This can't be undone: Jane Doe's SE Ranking account, jane_doe@acme.example, with 2 websites shared.", approve.Confirm.Text.Text)
		require.Equal(t, "Approve the removal", approve.Confirm.Confirm.Text)
		require.Equal(t, slack.StyleDanger, approve.Confirm.Style)
	}
}

// TestARemovalThatCannotBeDoneHasNoApprove, and comes to no yes.
func TestARemovalThatCannotBeDoneHasNoApprove(t *testing.T) {
	r := sample(catalog.Delete, approvals.Pending)
	variants["barred"].alter(&r)
	m := Card(r)
	require.Equal(t, []string{"Deny", "Ask"}, buttonsOf(t, m))
	require.Contains(t, m.Text, "owns 1 website, and I don't delete accounts that own any: Acme UK")
	require.Contains(t, m.Text, "It can't be approved until then.")
	require.NotContains(t, m.Text, "It owns no websites")
}

// TestWarned: who asked for what cannot be approved as it stands is told so, if they may know why, and while it is so.
func TestWarned(t *testing.T) {
	r := sample(catalog.Delete, approvals.Pending)
	variants["barred"].alter(&r)
	m, stands := Warned(r)
	require.True(t, stands)
	golden(t, "warned", held(t, m))
	require.Contains(t, m.Text, "owns 1 website")
	r.Said = &approvals.Said{Email: r.Change.Email, Blind: true}
	_, stands = Warned(r)
	require.False(t, stands, "who may not read what vendors hold")
	r.Said = nil
	r.Look.Owed = false
	_, stands = Warned(r)
	require.False(t, stands, "it was cleared up meanwhile")
	r.Look.Owed, r.State = true, approvals.Denied
	_, stands = Warned(r)
	require.False(t, stands, "somebody has decided")
}

func TestDigestChangesWithWhatIsShown(t *testing.T) {
	r := sample(catalog.Create, approvals.Pending)
	first := Card(r).Digest()
	require.Equal(t, first, Card(r).Digest())
	r.Change.FirstName = "June"
	require.NotEqual(t, first, Card(r).Digest())
}

func TestDenyForm(t *testing.T) {
	for name, n := range map[string]int64{"deny": 12, "deny far": 1<<63 - 1} {
		r := sample(catalog.Create, approvals.Pending)
		r.Number = n
		v := DenyForm(r)
		golden(t, name, heldView(t, v))
		got, err := ParseButtonValue(v.PrivateMetadata)
		require.NoError(t, err)
		require.Equal(t, r.Name(), got)
		input := v.Blocks.BlockSet[len(v.Blocks.BlockSet)-1].(*slack.InputBlock)
		require.False(t, input.Optional)
		require.Equal(t, FieldReason, input.BlockID)
	}
}

func TestButtonValues(t *testing.T) {
	for _, name := range []approvals.Name{{Number: 12}, {Number: 12, Nonce: "abcdefghij234567"}, {Number: 1<<63 - 1, Nonce: "zzzzzzzzzz777777"}} {
		got, err := ParseButtonValue(ButtonValue(name))
		require.NoError(t, err)
		require.Equal(t, name, got)
	}
	require.Equal(t, "v1:12", ButtonValue(approvals.Name{Number: 12}), "the cards of requests without a nonce stay as they are")
	for _, s := range []string{"v3:12", "v3:anything at all", "v9999:x"} {
		_, err := ParseButtonValue(s)
		require.ErrorIs(t, err, ErrOtherVersion, s)
	}
	for _, s := range []string{"", "12", "v1", "v1:", "v1:0", "v1:-1", "v1:+1", "v1:012", "v1:12 ", " v1:12", "v1:12\n", "v0:12", "v01:12",
		"v1:9223372036854775808", "v1:1e3", "V1:12", "v1:١٢", "v2:12", "v2:12:", "v2:12:abcdefghij23456", "v2:12:abcdefghij2345678",
		"v2:12:ABCDEFGHIJ234567", "v2:012:abcdefghij234567", "v1:12:abcdefghij234567", "v2:12:abcdefghij234567\n", "v2:9223372036854775808:abcdefghij234567", strings.Repeat("v1:", 9999)} {
		_, err := ParseButtonValue(s)
		require.Error(t, err, s)
		require.NotErrorIs(t, err, ErrOtherVersion, s)
	}
}
