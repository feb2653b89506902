package main

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
)

// The abuse cases of docs/security.md that no room can show alone.

// inSiege is a started world with one request of Bob's, who is an approver himself.
func inSiege(t *testing.T, config string, f func(w *talkWorld)) {
	inTalk(t, config, func(w *talkWorld) {
		vendorsim.SeedDemo(w.n.Vendor)
		w.start()
		w.pass(time.Second)
		require.Contains(t, w.answered("U0BOB", "create jane@acme.example Jane because she joins my team"), "sent: ")
		f(w)
		require.Empty(t, w.logs.take(), "errors that nobody announced")
		w.check()
	})
}

func TestNobodyDecidesTheirOwnRequestOnAnyRoute(t *testing.T) {
	inSiege(t, demo.Config, func(w *talkWorld) {
		card := w.cardFor("jane@acme.example")
		own := "You asked for #1 yourself"
		for _, button := range []string{"Approve", "Deny"} {
			require.Contains(t, w.hears("U0BOB", func() *slacksim.Delivery { return w.n.Slack.Click("U0BOB", card.Channel, card.TS, button) }), own)
		}
		for _, place := range []slacksim.Forged{{Channel: card.Channel, TS: card.TS}, {Channel: "C0GENERAL", TS: "1.0"}, {Channel: w.n.Slack.DMChannel("U0BOB"), TS: "2.0"}} {
			place.ActionID, place.Value = view.ActionApprove, w.value(1)
			require.Contains(t, w.clickAs("U0BOB", place), own, place.Channel)
			w.pass(time.Minute)
		}
		out := w.formAs("U0BOB", 1).Wait()
		require.True(t, out.Acked)
		require.Contains(t, string(out.Payload), own)
		require.Empty(t, w.n.Slack.Views("U0BOB"))
		for _, action := range []string{view.ActionHappened, view.ActionNotHappened, view.ActionRetry} {
			require.Contains(t, w.clickAs("U0BOB", slacksim.Forged{Channel: card.Channel, TS: card.TS, ActionID: action, Value: w.value(1)}), "Only Usher's admins")
		}
		require.Equal(t, approvals.Pending, w.state(1))
		require.Empty(t, w.n.Vendor.Effects())
	})
}

// TestACopyOfACardGivesNoRights: whoever presses a button somewhere else has the rights they have anyway.
func TestACopyOfACardGivesNoRights(t *testing.T) {
	inSiege(t, demo.Config, func(w *talkWorld) {
		copied := slacksim.Forged{Channel: "C0GENERAL", TS: "1.0", ActionID: view.ActionApprove, Value: w.value(1)}
		require.Contains(t, w.clickAs("U0DAVE", copied), "isn't yours to decide")
		require.Contains(t, w.clickAs("U0GUEST", copied), "Only active members")
		require.Contains(t, w.clickAs("U0GONE", copied), "Only active members")
		require.Contains(t, w.clickAs("U0STRANGER", copied), "Only active members", "somebody whom Slack does not list, as through Slack Connect")
		replayed := copied
		replayed.TeamID = "T0EVIL"
		require.Contains(t, w.clickAs("U0ERIN", replayed), "a different Slack workspace")
		out := w.formAs("U0DAVE", 1).Wait()
		require.True(t, out.Acked)
		require.Contains(t, string(out.Payload), "isn't yours to decide")
		require.Equal(t, approvals.Pending, w.state(1))
		w.pass(time.Minute)
		require.Empty(t, w.clickAs("U0ERIN", copied), "she may decide, wherever the button stands")
		require.Equal(t, approvals.Done, w.state(1))
		require.Empty(t, buttons(w.cardFor("jane@acme.example")))
	})
}

// twoOf is the demo's company where two must say yes.
var twoOf = strings.Replace(demo.Config, "[U0BOB, S0LEADS]", "[U0ALICE, U0DAVE, U0ERIN]\n        need: 2", 1)

func TestAnApproverWhoLeftDoesNotCount(t *testing.T) {
	inSiege(t, twoOf, func(w *talkWorld) {
		press := func(who string) string {
			card := w.cardFor("jane@acme.example")
			return w.hears(who, func() *slacksim.Delivery { return w.n.Slack.Click(who, card.Channel, card.TS, "Approve") })
		}
		w.n.Slack.Deactivate("U0ALICE", true)
		require.Contains(t, press("U0ALICE"), "Only active members", "before voting")
		require.Empty(t, press("U0DAVE"))
		w.n.Slack.Deactivate("U0DAVE", true)
		w.pass(6 * time.Minute) // what Slack said of him is remembered for five
		require.Contains(t, press("U0ERIN"), "Not counted: <@U0DAVE> (can't approve any more). One more person must say yes before anything happens: <@U0ALICE>.")
		require.Equal(t, approvals.Pending, w.state(1), "after voting: his yes does not count any more")
		require.Empty(t, w.n.Vendor.Effects())
		w.n.Slack.Deactivate("U0ALICE", false)
		w.pass(6 * time.Minute)
		require.Empty(t, press("U0ALICE"))
		require.Equal(t, approvals.Done, w.state(1))
	})
}

// TestAnAddressIsPinnedWhenItIsAsked: who is meant by @person is looked up once. The card shows the
// address, and a profile that is changed afterwards changes nothing about it.
func TestAnAddressIsPinnedWhenItIsAsked(t *testing.T) {
	inSiege(t, demo.Config, func(w *talkWorld) {
		answer := w.answered("U0ALICE", "create @dave Dave because he audits")
		require.Contains(t, answer, "SE Ranking seat for <@U0DAVE>")
		require.NotContains(t, answer, "dave@acme.example", "who asks is not told it")
		dave, _ := w.n.Slack.User("U0DAVE")
		dave.Email = "ceo@acme.example"
		w.n.Slack.AddUser(dave)
		w.pass(10 * time.Minute)
		card := w.cardFor("dave@acme.example")
		require.NotContains(t, slacksim.PlainText(card), "ceo@")
		w.n.Slack.Click("U0BOB", card.Channel, card.TS, "Approve").Wait()
		w.pass(time.Minute)
		_, ok := w.n.Vendor.Account("dave@acme.example")
		require.True(t, ok, "what was approved is what was done")
		_, ok = w.n.Vendor.Account("ceo@acme.example")
		require.False(t, ok)
	})
}

// TestAnAddressClaimedInAProfileIsShownToWhoDecides: somebody who has put another's address into their
// profile asks for what is the other's: the card names the address, and not the person alone.
func TestAnAddressClaimedInAProfileIsShownToWhoDecides(t *testing.T) {
	inSiege(t, demo.Config, func(w *talkWorld) {
		dave, _ := w.n.Slack.User("U0DAVE")
		dave.Email = "priya.nair@acme.example"
		w.n.Slack.AddUser(dave)
		w.answered("U0DAVE", "share @dave 103 because I audit it")
		card := w.cardFor("priya.nair@acme.example")
		require.Contains(t, slacksim.PlainText(card), "priya.nair@acme.example")
		require.Contains(t, slacksim.PlainText(card), "<@U0DAVE>", "and who asks")
		require.Empty(t, w.n.Vendor.Effects())
	})
}

func TestLookAlikeAddressesAreRefused(t *testing.T) {
	inSiege(t, demo.Config, func(w *talkWorld) {
		for _, email := range []string{"jаne@acme.example", "jane@аcme.example", "jane@acme\u2024example", "ja\u200bne@acme.example", "jane@acme.example\u202e", "jane＠acme.example", "\"jane\"@acme.example", "jane@acme.example@evil.example"} {
			require.NotEmpty(t, w.answered("U0ALICE", "create "+email+" Jane because x"), email)
			w.pass(10 * time.Second)
		}
		list, err := w.app.Desk.Requests(t.Context(), approvals.Filter{Of: "U0ALICE", All: true}, 20)
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
	inSiege(t, demo.Config, func(w *talkWorld) {
		card := w.cardFor("jane@acme.example")
		w.n.Slack.Click("U0ERIN", card.Channel, card.TS, "Approve").Wait()
		w.pass(time.Minute)
		for _, typed := range []string{"accounts", "sites", "show jane@acme.example", "report weekly-seats"} {
			w.answered("U0ADMIN", typed)
		}
		require.Equal(t, approvals.Done, w.state(1))
		secrets := append(w.n.Vendor.Secrets(), "xoxb-slacksim", "xapp-slacksim")
		password, ok := w.n.Vendor.Password("jane@acme.example")
		require.True(t, ok)
		require.NotEmpty(t, password)
		secrets = append(secrets, password)
		clean := func(where string, raw []byte) {
			for _, s := range secrets {
				require.NotContains(t, string(raw), s, where)
			}
		}
		require.NoError(t, filepath.WalkDir(w.dir, func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				return err
			}
			raw, err := os.ReadFile(path)
			clean(path, raw)
			require.True(t, err != nil || len(raw) > 0, path)
			return err
		}))
		for _, c := range w.n.Slack.Calls() {
			clean(c.Method, []byte(fmt.Sprint(c.Args)))
		}
		clean("log", []byte(strings.Join(w.logs.take(), "\n")))
	})
}

// TestMessagesNeverUnfold: no message of ours makes Slack fetch or show what an address in it leads to.
func TestMessagesNeverUnfold(t *testing.T) {
	inSiege(t, demo.Config, func(w *talkWorld) {
		w.answered("U0ALICE", "create dan@acme.example Dan because https://evil.example/track?me=1 says so")
		posts := w.n.Slack.CallsOf("chat.postMessage")
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
	inSiege(t, demo.Config, func(w *talkWorld) {
		w.end()
		cfg, problems := config.Parse("usher.yml", []byte(strings.Replace(demo.Config, "[U0BOB, S0LEADS]", "[U0DAVE]", 1)))
		require.Empty(t, problems)
		w.cfg = cfg
		w.start()
		card := w.cardFor("jane@acme.example")
		require.Contains(t, w.hears("U0DAVE", func() *slacksim.Delivery { return w.n.Slack.Click("U0DAVE", card.Channel, card.TS, "Approve") }), "isn't yours to decide")
		require.Empty(t, w.hears("U0ERIN", func() *slacksim.Delivery { return w.n.Slack.Click("U0ERIN", card.Channel, card.TS, "Approve") }))
		require.Equal(t, approvals.Done, w.state(1))
	})
}

// TestOneWishIsOnTheTableOnce: who may see it hears that the same is asked already, and everybody that they have
// asked it themselves. Of somebody who may not see it the same wish is taken down beside it, which its card says; both
// approved make one account.
func TestOneWishIsOnTheTableOnce(t *testing.T) {
	inSiege(t, demo.Config, func(w *talkWorld) {
		const again = "create JANE@acme.example Jane because again"
		require.Contains(t, w.answered("U0BOB", again), "#1 already asks for this (it's")
		require.Contains(t, w.answered("U0ALICE", again), "*#2* sent")
		require.Contains(t, w.answered("U0ALICE", strings.ToLower(again)), "You've already asked for this: *#2*")
		w.pass(10 * time.Second)
		cards := w.n.Slack.Messages("C0APPROVE")
		require.Len(t, cards, 2)
		require.Contains(t, slacksim.PlainText(cards[1]), "#1")
		for _, card := range cards {
			w.n.Slack.Click("U0ERIN", card.Channel, card.TS, "Approve").Wait()
			w.pass(30 * time.Second)
		}
		require.Len(t, w.n.Vendor.Effects(), 1)
		require.Equal(t, approvals.Done, w.state(1))
		require.Equal(t, approvals.Failed, w.state(2), "she has a seat already")
	})
}

// TestWhatIsForThemIsDecidedByOthersOnAnyRoute: Alice asks for Bob, who decides otherwise: by the card's buttons,
// a click or a form made up, at the machine, and after he has changed the address in his profile.
func TestWhatIsForThemIsDecidedByOthersOnAnyRoute(t *testing.T) {
	inSiege(t, demo.Config, func(w *talkWorld) {
		require.Contains(t, w.answered("U0ALICE", "create bob@acme.example Bob because he joins"), "sent: ")
		bob, _ := w.n.Slack.User("U0BOB")
		bob.Email = "robert@acme.example"
		w.n.Slack.AddUser(bob)
		w.pass(10 * time.Minute)
		card, own := w.cardFor("bob@acme.example"), "#2 is for you"
		for _, button := range []string{"Approve", "Deny"} {
			require.Contains(t, w.hears("U0BOB", func() *slacksim.Delivery { return w.n.Slack.Click("U0BOB", card.Channel, card.TS, button) }), own)
		}
		w.pass(time.Minute)
		require.Contains(t, w.clickAs("U0BOB", slacksim.Forged{Channel: "C0GENERAL", TS: "1.0", ActionID: view.ActionApprove, Value: w.value(2)}), own)
		require.Contains(t, string(w.formAs("U0BOB", 2).Wait().Payload), own)
		for _, yes := range []bool{true, false} {
			_, err := w.app.Desk.Override(context.Background(), 2, approvals.Overridden{By: "os:bob", Yes: yes, Reason: "hurry"}, control.Surface, time.Now())
			require.Equal(t, approvals.NotAllowed, approvals.CodeOf(err))
		}
		require.Equal(t, approvals.Pending, w.state(2))
		require.Empty(t, w.n.Vendor.Effects())
		w.pass(time.Minute)
		require.Empty(t, w.hears("U0ERIN", func() *slacksim.Delivery { return w.n.Slack.Click("U0ERIN", card.Channel, card.TS, "Approve") }))
		require.Equal(t, approvals.Done, w.state(2))
	})
}
