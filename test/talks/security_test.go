package talks

import (
	"context"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/bot/view"
	"github.com/usherbot/usher/config"
	"github.com/usherbot/usher/control"
	"github.com/usherbot/usher/demo"
	"github.com/usherbot/usher/sim/slacksim"
	"github.com/usherbot/usher/sim/vendorsim"
	"github.com/usherbot/usher/test/world"
)

// The abuse cases of docs/security.md that no room can show alone.

// inSiege is a started world with one request of Bob's, who is an approver himself.
func inSiege(t *testing.T, config string, f func(w *world.World)) {
	world.In(t, config, func(w *world.World) {
		vendorsim.SeedDemo(w.N.Vendor)
		w.Start()
		w.Pass(time.Second)
		require.Contains(t, w.Answered("U0BOB", "create jane@acme.example Jane because she joins my team"), "sent: ")
		f(w)
		require.Empty(t, w.Logs.Take(), "errors that nobody announced")
		w.Check()
	})
}

func TestNobodyDecidesTheirOwnRequestOnAnyRoute(t *testing.T) {
	inSiege(t, demo.Config, func(w *world.World) {
		card := w.CardFor("jane@acme.example")
		own := "You asked for #1 yourself"
		for _, button := range []string{"Approve", "Deny"} {
			require.Contains(t, w.Hears("U0BOB", func() *slacksim.Delivery { return w.N.Slack.Click("U0BOB", card.Channel, card.TS, button) }), own)
		}
		for _, place := range []slacksim.Forged{{Channel: card.Channel, TS: card.TS}, {Channel: "C0GENERAL", TS: "1.0"}, {Channel: w.N.Slack.DMChannel("U0BOB"), TS: "2.0"}} {
			place.ActionID, place.Value = view.ActionApprove, w.Value(1)
			require.Contains(t, w.ClickAs("U0BOB", place), own, place.Channel)
			w.Pass(time.Minute)
		}
		out := w.FormAs("U0BOB", 1).Wait()
		require.True(t, out.Acked)
		require.Contains(t, string(out.Payload), own)
		require.Empty(t, w.N.Slack.Views("U0BOB"))
		for _, action := range []string{view.ActionHappened, view.ActionNotHappened, view.ActionRetry} {
			require.Contains(t, w.ClickAs("U0BOB", slacksim.Forged{Channel: card.Channel, TS: card.TS, ActionID: action, Value: w.Value(1)}), "Only Usher's admins")
		}
		require.Equal(t, approvals.Pending, w.State(1))
		require.Empty(t, w.N.Vendor.Effects())
	})
}

// TestACopyOfACardGivesNoRights: whoever presses a button somewhere else has the rights they have anyway.
func TestACopyOfACardGivesNoRights(t *testing.T) {
	inSiege(t, demo.Config, func(w *world.World) {
		copied := slacksim.Forged{Channel: "C0GENERAL", TS: "1.0", ActionID: view.ActionApprove, Value: w.Value(1)}
		require.Contains(t, w.ClickAs("U0DAVE", copied), "isn't yours to decide")
		require.Contains(t, w.ClickAs("U0GUEST", copied), "Only active members")
		require.Contains(t, w.ClickAs("U0GONE", copied), "Only active members")
		require.Contains(t, w.ClickAs("U0STRANGER", copied), "Only active members", "somebody whom Slack does not list, as through Slack Connect")
		replayed := copied
		replayed.TeamID = "T0EVIL"
		require.Contains(t, w.ClickAs("U0ERIN", replayed), "a different Slack workspace")
		out := w.FormAs("U0DAVE", 1).Wait()
		require.True(t, out.Acked)
		require.Contains(t, string(out.Payload), "isn't yours to decide")
		require.Equal(t, approvals.Pending, w.State(1))
		w.Pass(time.Minute)
		require.Empty(t, w.ClickAs("U0ERIN", copied), "she may decide, wherever the button stands")
		require.Equal(t, approvals.Done, w.State(1))
		require.Empty(t, world.Buttons(w.CardFor("jane@acme.example")))
	})
}

// twoOf is the demo's company where two must say yes.
var twoOf = strings.Replace(demo.Config, "[U0BOB, S0LEADS]", "[U0ALICE, U0DAVE, U0ERIN]\n        need: 2", 1)

func TestAnApproverWhoLeftDoesNotCount(t *testing.T) {
	inSiege(t, twoOf, func(w *world.World) {
		press := func(who string) string {
			card := w.CardFor("jane@acme.example")
			return w.Hears(who, func() *slacksim.Delivery { return w.N.Slack.Click(who, card.Channel, card.TS, "Approve") })
		}
		w.N.Slack.Deactivate("U0ALICE", true)
		w.Pass(time.Minute) // Slack says so, and her place is handed on
		require.Contains(t, press("U0ALICE"), "Only active members", "before voting")
		require.Empty(t, press("U0DAVE"))
		w.N.Slack.Deactivate("U0DAVE", true)
		w.Pass(6 * time.Minute) // what Slack said of him is remembered for five
		require.Contains(t, press("U0ERIN"), "Not counted: <@U0DAVE> (can't approve any more). One more person must say yes before anything happens: <@U0ADMIN>.")
		require.Equal(t, approvals.Pending, w.State(1), "after voting: his yes does not count any more")
		require.Empty(t, w.N.Vendor.Effects())
		w.N.Slack.Deactivate("U0ALICE", false)
		w.Pass(6 * time.Minute)
		require.Empty(t, press("U0ALICE"))
		require.Equal(t, approvals.Done, w.State(1))
	})
}

// TestAnAddressIsPinnedWhenItIsAsked: who is meant by @person is looked up once. The card shows the
// address, and a profile that is changed afterwards changes nothing about it.
func TestAnAddressIsPinnedWhenItIsAsked(t *testing.T) {
	inSiege(t, demo.Config, func(w *world.World) {
		answer := w.Answered("U0ALICE", "create @dave Dave because he audits")
		require.Contains(t, answer, "SE Ranking seat for <@U0DAVE>")
		require.NotContains(t, answer, "dave@acme.example", "who asks is not told it")
		dave, _ := w.N.Slack.User("U0DAVE")
		dave.Email = "ceo@acme.example"
		w.N.Slack.AddUser(dave)
		w.Pass(10 * time.Minute)
		card := w.CardFor("dave@acme.example")
		require.NotContains(t, slacksim.PlainText(card), "ceo@")
		w.N.Slack.Click("U0BOB", card.Channel, card.TS, "Approve").Wait()
		w.Pass(time.Minute)
		_, ok := w.N.Vendor.Account("dave@acme.example")
		require.True(t, ok, "what was approved is what was done")
		_, ok = w.N.Vendor.Account("ceo@acme.example")
		require.False(t, ok)
	})
}

// TestAnAddressClaimedInAProfileIsShownToWhoDecides: somebody who has put another's address into their
// profile asks for what is the other's: the card names the address, and not the person alone.
func TestAnAddressClaimedInAProfileIsShownToWhoDecides(t *testing.T) {
	inSiege(t, demo.Config, func(w *world.World) {
		dave, _ := w.N.Slack.User("U0DAVE")
		dave.Email = "priya.nair@acme.example"
		w.N.Slack.AddUser(dave)
		w.Answered("U0DAVE", "share @dave 103 because I audit it")
		card := w.CardFor("priya.nair@acme.example")
		require.Contains(t, slacksim.PlainText(card), "priya.nair@acme.example")
		require.Contains(t, slacksim.PlainText(card), "<@U0DAVE>", "and who asks")
		require.Empty(t, w.N.Vendor.Effects())
	})
}

func TestLookAlikeAddressesAreRefused(t *testing.T) {
	inSiege(t, demo.Config, func(w *world.World) {
		for _, email := range []string{"jаne@acme.example", "jane@аcme.example", "jane@acme\u2024example", "ja\u200bne@acme.example", "jane@acme.example\u202e", "jane＠acme.example", "\"jane\"@acme.example", "jane@acme.example@evil.example"} {
			require.NotEmpty(t, w.Answered("U0ALICE", "create "+email+" Jane because x"), email)
			w.Pass(10 * time.Second)
		}
		list, err := w.App.Desk.Requests(t.Context(), approvals.Filter{Of: "U0ALICE", All: true}, 20)
		require.NoError(t, err)
		for _, r := range list {
			require.Regexp(t, `^[ -~]+$`, r.Change.Email)
			require.Equal(t, "jane@acme.example", r.Change.Email, "where only what cannot be seen was dropped")
		}
	})
}

// TestNoSecretIsKeptOrSaid: after an account was made, neither the data folder, nor anything that
// went to Slack, nor the log bears a token, a key, a password or a guest link.
func TestNoSecretIsKeptOrSaid(t *testing.T) {
	inSiege(t, demo.Config, func(w *world.World) {
		card := w.CardFor("jane@acme.example")
		w.N.Slack.Click("U0ERIN", card.Channel, card.TS, "Approve").Wait()
		w.Pass(time.Minute)
		for _, typed := range []string{"accounts", "sites", "show jane@acme.example", "report weekly-seats"} {
			w.Answered("U0ADMIN", typed)
		}
		require.Equal(t, approvals.Done, w.State(1))
		secrets := append(w.N.Vendor.Secrets(), "xoxb-slacksim", "xapp-slacksim")
		password, ok := w.N.Vendor.Password("jane@acme.example")
		require.True(t, ok)
		require.NotEmpty(t, password)
		secrets = append(secrets, password)
		clean := func(where string, raw []byte) {
			for _, s := range secrets {
				require.NotContains(t, string(raw), s, where)
			}
		}
		require.NoError(t, filepath.WalkDir(w.Dir, func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				return err
			}
			raw, err := os.ReadFile(path)
			clean(path, raw)
			require.True(t, err != nil || len(raw) > 0, path)
			return err
		}))
		for _, c := range w.N.Slack.Calls() {
			clean(c.Method, []byte(fmt.Sprint(c.Args)))
		}
		clean("log", []byte(strings.Join(w.Logs.Take(), "\n")))
	})
}

// TestMessagesNeverUnfold: no message of ours makes Slack fetch or show what an address in it leads to.
func TestMessagesNeverUnfold(t *testing.T) {
	inSiege(t, demo.Config, func(w *world.World) {
		w.Answered("U0ALICE", "create dan@acme.example Dan because https://evil.example/track?me=1 says so")
		posts := w.N.Slack.CallsOf("chat.postMessage")
		require.NotEmpty(t, posts)
		for _, c := range posts {
			require.Equal(t, "false", fmt.Sprint(c.Args["unfurl_links"]))
			require.Equal(t, "false", fmt.Sprint(c.Args["unfurl_media"]))
			require.Equal(t, "none", fmt.Sprint(c.Args["parse"]))
		}
	})
}

// TestThePolicyOfARequestStays: another configuration rules what is asked from then on, and nothing before.
func TestThePolicyOfARequestStays(t *testing.T) {
	inSiege(t, demo.Config, func(w *world.World) {
		w.End()
		cfg, problems := config.Parse("usher.yml", []byte(strings.Replace(demo.Config, "[U0BOB, S0LEADS]", "[U0DAVE]", 1)))
		require.Empty(t, problems)
		w.Cfg = cfg
		w.Start()
		card := w.CardFor("jane@acme.example")
		require.Contains(t, w.Hears("U0DAVE", func() *slacksim.Delivery { return w.N.Slack.Click("U0DAVE", card.Channel, card.TS, "Approve") }), "isn't yours to decide")
		require.Empty(t, w.Hears("U0ERIN", func() *slacksim.Delivery { return w.N.Slack.Click("U0ERIN", card.Channel, card.TS, "Approve") }))
		require.Equal(t, approvals.Done, w.State(1))
	})
}

// TestOneWishIsOnTheTableOnce: who may see it hears that the same is asked already, and everybody that they have
// asked it themselves. Of somebody who may not see it the same wish is taken down beside it, which its card says; both
// approved make one account.
func TestOneWishIsOnTheTableOnce(t *testing.T) {
	inSiege(t, demo.Config, func(w *world.World) {
		const again = "create JANE@acme.example Jane because again"
		require.Contains(t, w.Answered("U0BOB", again), "#1 already asks for this (it's")
		require.Contains(t, w.Answered("U0ALICE", again), "*#2* sent")
		require.Contains(t, w.Answered("U0ALICE", strings.ToLower(again)), "You've already asked for this: *#2*")
		w.Pass(10 * time.Second)
		cards := w.N.Slack.Messages("C0APPROVE")
		require.Len(t, cards, 2)
		require.Contains(t, slacksim.PlainText(cards[1]), "#1")
		for _, card := range cards {
			w.N.Slack.Click("U0ERIN", card.Channel, card.TS, "Approve").Wait()
			w.Pass(30 * time.Second)
		}
		require.Len(t, w.N.Vendor.Effects(), 1)
		require.Equal(t, approvals.Done, w.State(1))
		require.Equal(t, approvals.Failed, w.State(2), "she has a seat already")
	})
}

// TestWhatIsForThemIsDecidedByOthersOnAnyRoute: Alice asks for Bob, who decides otherwise: by the card's buttons,
// a click or a form made up, at the machine, and after he has changed the address in his profile.
func TestWhatIsForThemIsDecidedByOthersOnAnyRoute(t *testing.T) {
	inSiege(t, demo.Config, func(w *world.World) {
		require.Contains(t, w.Answered("U0ALICE", "create bob@acme.example Bob because he joins"), "sent: ")
		bob, _ := w.N.Slack.User("U0BOB")
		bob.Email = "robert@acme.example"
		w.N.Slack.AddUser(bob)
		w.Pass(10 * time.Minute)
		card, own := w.CardFor("bob@acme.example"), "#2 is for you"
		for _, button := range []string{"Approve", "Deny"} {
			require.Contains(t, w.Hears("U0BOB", func() *slacksim.Delivery { return w.N.Slack.Click("U0BOB", card.Channel, card.TS, button) }), own)
		}
		w.Pass(time.Minute)
		require.Contains(t, w.ClickAs("U0BOB", slacksim.Forged{Channel: "C0GENERAL", TS: "1.0", ActionID: view.ActionApprove, Value: w.Value(2)}), own)
		require.Contains(t, string(w.FormAs("U0BOB", 2).Wait().Payload), own)
		for _, yes := range []bool{true, false} {
			_, err := w.App.Desk.Override(context.Background(), 2, approvals.Overridden{By: "os:bob", Yes: yes, Reason: "hurry"}, control.Surface, time.Now())
			require.Equal(t, approvals.NotAllowed, approvals.CodeOf(err))
		}
		require.Equal(t, approvals.Pending, w.State(2))
		require.Empty(t, w.N.Vendor.Effects())
		w.Pass(time.Minute)
		require.Empty(t, w.Hears("U0ERIN", func() *slacksim.Delivery { return w.N.Slack.Click("U0ERIN", card.Channel, card.TS, "Approve") }))
		require.Equal(t, approvals.Done, w.State(2))
	})
}
