package bot

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/bot/view"
	"github.com/usherbot/usher/sim/slacksim"
)

func TestAClickThatDoesNotCountIsAnsweredOnlyToThatPerson(t *testing.T) {
	inWorld(t, setup{}, func(t *testing.T, w *world) {
		n, card := w.Asked("jane@acme.example")
		updates := w.Applied("chat.update")
		require.Contains(t, w.Clicked(alice, cards, card.TS, "Approve"), "You asked for #1 yourself")
		require.Contains(t, w.Clicked(dave, cards, card.TS, "Approve"), "isn't yours to decide")
		require.Contains(t, w.Clicked("U0GUEST", cards, card.TS, "Approve"), "Only active members")
		require.Contains(t, w.Clicked(alice, cards, card.TS, "Deny"), "You asked for #1 yourself")
		require.Empty(t, w.Views(alice), "no form for somebody who may not decide")
		require.Equal(t, approvals.Pending, w.State(n))
		require.Equal(t, updates, w.Applied("chat.update"), "nothing changed on the card")
	})
}

func TestADoubleClickIsOneVoteAndNoNoise(t *testing.T) {
	inWorld(t, setup{need: 2, approvers: []string{bob, erin}}, func(t *testing.T, w *world) {
		n, card := w.Asked("jane@acme.example")
		first := w.Click(bob, cards, card.TS, "Approve")
		second := w.Click(bob, cards, card.TS, "Approve")
		require.True(t, first.Wait().Acked)
		require.True(t, second.Wait().Acked)
		w.Redeliver(first)
		w.Pass(time.Second)
		require.Empty(t, w.Ephemerals(bob))
		r, err := w.Desk.Request(t.Context(), n)
		require.NoError(t, err)
		require.Len(t, r.Votes, 1)
		require.Equal(t, approvals.Pending, r.State)
	})
}

// TestWhoIsToldToTryAgainMayDoSoAtOnce: their next press is no second half of a double click, though it comes within two seconds of one that came
// to nothing; it's answered, and counts once Slack says who they are.
func TestWhoIsToldToTryAgainMayDoSoAtOnce(t *testing.T) {
	inWorld(t, setup{noDeeds: true}, func(t *testing.T, w *world) {
		n, card := w.Asked("jane@acme.example")
		w.Pass(10 * time.Minute) // nobody is remembered
		w.Plan(slacksim.Fault{Method: "users.info", Kind: slacksim.Status500, Times: 2})
		for i := range 2 {
			require.True(t, w.Click(bob, cards, card.TS, "Approve").Wait().Acked)
			w.Pass(100 * time.Millisecond)
			told := w.Ephemerals(bob)
			require.Len(t, told, i+1, "each press has its answer")
			require.Contains(t, told[i].Text, "try again")
		}
		require.True(t, w.Click(bob, cards, card.TS, "Approve").Wait().Acked)
		w.Pass(100 * time.Millisecond)
		r, err := w.Desk.Request(t.Context(), n)
		require.NoError(t, err)
		require.Equal(t, approvals.Approved, r.State)
		require.Len(t, w.Ephemerals(bob), 2)
	})
}

func TestTheLaterOfTwoHandsHearsWhatHappened(t *testing.T) {
	inWorld(t, setup{noDeeds: true}, func(t *testing.T, w *world) {
		_, card := w.Asked("jane@acme.example")
		forged := slacksim.Forged{Channel: cards, TS: card.TS, ActionID: view.ActionApprove, Value: w.value(1)}
		require.Empty(t, w.Clicked(bob, cards, card.TS, "Approve"))
		out := w.ClickForged(erin, forged).Wait()
		require.True(t, out.Acked)
		w.Pass(time.Second)
		require.Contains(t, w.Whispered(erin, 0), "<@U0BOB> approved #1")
	})
}

func TestDenyAsksForAReasonInAForm(t *testing.T) {
	inWorld(t, setup{}, func(t *testing.T, w *world) {
		n, card := w.Asked("jane@acme.example")
		require.Empty(t, w.Clicked(bob, cards, card.TS, "Deny"))
		require.Len(t, w.Views(bob), 1)
		require.Equal(t, approvals.Pending, w.State(n))
		out := w.Submit(bob, "", map[string]any{view.FieldReason: "We have no budget this quarter"}).Wait()
		require.True(t, out.Acked, out.Error)
		w.Pass(5 * time.Second)
		require.Empty(t, w.Views(bob))
		require.Equal(t, approvals.Denied, w.State(n))
		require.Contains(t, w.Card(cards, "jane@acme.example"), "no budget")
		require.Len(t, w.DM(alice), 1)
		require.Contains(t, slacksim.PlainText(w.DM(alice)[0]), "no budget")
	})
}

func TestAReasonOfBlanksIsAskedForAgain(t *testing.T) {
	inWorld(t, setup{}, func(t *testing.T, w *world) {
		n, card := w.Asked("jane@acme.example")
		w.Clicked(bob, cards, card.TS, "Deny")
		require.True(t, w.Submit(bob, "", map[string]any{view.FieldReason: "  \n "}).Wait().Acked)
		w.Pass(time.Second)
		require.Len(t, w.Views(bob), 1)
		require.Contains(t, w.Views(bob)[0].Errors[view.FieldReason], "a few words")
		require.Equal(t, approvals.Pending, w.State(n))
	})
}

func TestAFormThatComesTooLateSaysWhatHappened(t *testing.T) {
	inWorld(t, setup{noDeeds: true}, func(t *testing.T, w *world) {
		_, card := w.Asked("jane@acme.example")
		w.Clicked(bob, cards, card.TS, "Deny")
		w.Clicked(erin, cards, card.TS, "Approve")
		require.True(t, w.Submit(bob, "", map[string]any{view.FieldReason: "No"}).Wait().Acked)
		w.Pass(time.Second)
		require.Len(t, w.Views(bob), 1)
		require.Contains(t, slacksim.ViewText(w.Views(bob)[0]), "<@U0ERIN> approved #1")
		require.Equal(t, approvals.Approved, w.State(1))
	})
}

func TestAFormThatCannotBeOpenedIsSaid(t *testing.T) {
	for name, break_ := range map[string]func(w *world){
		"cut":     func(w *world) { w.FailNext("views.open", slacksim.BeforeEffect, slacksim.Cut) },
		"hanging": func(w *world) { w.FailNext("views.open", slacksim.BeforeEffect, slacksim.Hang) },
		"limited": func(w *world) { w.RateLimit("views.open", 1, 10*time.Second) },
	} {
		t.Run(name, func(t *testing.T) {
			inWorld(t, setup{}, func(t *testing.T, w *world) {
				n, card := w.Asked("jane@acme.example")
				break_(w)
				out := w.Click(bob, cards, card.TS, "Deny").Wait()
				require.True(t, out.Acked)
				w.Pass(4 * time.Second)
				require.Contains(t, w.Whispered(bob, 0), "ress *Deny* again")
				require.Equal(t, approvals.Pending, w.State(n))
			})
		})
	}
}

func TestWhetherSomebodyMayDecideCannotBeFoundOut(t *testing.T) {
	inWorld(t, setup{}, func(t *testing.T, w *world) {
		n, card := w.Asked("jane@acme.example")
		w.Plan(slacksim.Fault{Method: "users.info", Kind: slacksim.Hang, Times: 2})
		require.Contains(t, w.Clicked(bob, cards, card.TS, "Approve"), "couldn't check with Slack who you are")
		require.Contains(t, w.Clicked(bob, cards, card.TS, "Deny"), "couldn't check with Slack who you are")
		require.Equal(t, approvals.Pending, w.State(n))
		w.Pass(10 * time.Second)
		require.Empty(t, w.Clicked(bob, cards, card.TS, "Approve"))
		require.Equal(t, approvals.Done, w.State(n))
	})
}

func TestForgedClicksChangeNothing(t *testing.T) {
	rows := map[string]struct {
		click slacksim.Forged
		says  string
	}{
		"another version":    {slacksim.Forged{ActionID: view.ActionApprove, Value: "v3:1"}, "another version of Usher"},
		"garbage":            {slacksim.Forged{ActionID: view.ActionApprove, Value: "1; drop"}, "which request this button belongs to"},
		"no value":           {slacksim.Forged{ActionID: view.ActionDeny}, "which request this button belongs to"},
		"a number too large": {slacksim.Forged{ActionID: view.ActionApprove, Value: "v1:99999999999999999999"}, "which request"},
		"a number alone":     {slacksim.Forged{ActionID: view.ActionApprove, Value: "v1:1"}, "belongs to a different #1"},
		"another's nonce":    {slacksim.Forged{ActionID: view.ActionApprove, Value: "v2:1:abcdefghij234567"}, "belongs to a different #1"},
		"another's no":       {slacksim.Forged{ActionID: view.ActionDeny, Value: "v2:1:abcdefghij234567"}, "belongs to a different #1"},
		"another's doubt":    {slacksim.Forged{ActionID: view.ActionHappened, Value: "v2:1:abcdefghij234567"}, "belongs to a different #1"},
		"another's failure":  {slacksim.Forged{ActionID: view.ActionRetry, Value: "v2:1:abcdefghij234567"}, "belongs to a different #1"},
		"nobody's request":   {slacksim.Forged{ActionID: view.ActionApprove, Value: "v1:77"}, "There's no request #77"},
		"unknown button":     {slacksim.Forged{ActionID: "explode", Value: "#1"}, "I can't tell what that was"},
		"another workspace":  {slacksim.Forged{ActionID: view.ActionApprove, Value: "#1", TeamID: "T0EVIL"}, "a different Slack workspace"},
		"settling no doubt":  {slacksim.Forged{ActionID: view.ActionHappened, Value: "#1"}, "Only Usher's admins"},
		"retrying":           {slacksim.Forged{ActionID: view.ActionRetry, Value: "#1"}, "Only Usher's admins"},
	}
	for name, row := range rows {
		t.Run(name, func(t *testing.T) {
			inWorld(t, setup{}, func(t *testing.T, w *world) {
				n, card := w.Asked("jane@acme.example")
				row.click.Channel, row.click.TS = cards, card.TS
				if row.click.Value == "#1" {
					row.click.Value = w.value(n)
				}
				require.True(t, w.ClickForged(bob, row.click).Wait().Acked)
				w.Pass(2 * time.Second)
				require.Contains(t, w.Whispered(bob, 0), row.says)
				require.Equal(t, approvals.Pending, w.State(n))
				require.Empty(t, w.Views(bob))
			})
		})
	}
}

func TestAnAdminSettlesADoubt(t *testing.T) {
	inWorld(t, setup{noDeeds: true}, func(t *testing.T, w *world) {
		n, card := w.Asked("jane@acme.example")
		w.Clicked(bob, cards, card.TS, "Approve")
		now := time.Now()
		_, err := w.Desk.Record(t.Context(), n, approvals.Begun{}, now)
		require.NoError(t, err)
		_, err = w.Desk.Record(t.Context(), n, approvals.Lost{Doubt: approvals.Doubt{Tried: approvals.Sayf("I asked."), Seen: approvals.Sayf("Nothing (503)."), Looks: 6}}, now)
		require.NoError(t, err)
		w.Pass(5 * time.Second)
		require.Len(t, w.DM(carol), 1)
		dm := w.DM(carol)[0]
		require.Empty(t, w.Clicked(carol, dm.Channel, dm.TS, "It happened"))
		w.Pass(5 * time.Second)
		require.Equal(t, approvals.Done, w.State(n))
		require.Len(t, w.DM(carol), 1, "her card was changed, not sent again")
		require.NotContains(t, slacksim.PlainText(w.DM(carol)[0]), "try again")
		require.Len(t, w.DM(alice), 1)
	})
}

// TestSomebodyElsesRightsAreNotTaken: the answer about a guest is one about a lead, and nobody's vote counts.
func TestSomebodyElsesRightsAreNotTaken(t *testing.T) {
	inWorld(t, setup{approvers: []string{"U0GUEST", bob}}, func(t *testing.T, w *world) {
		n, card := w.Asked("jane@acme.example")
		forged := slacksim.Forged{Channel: cards, TS: card.TS, ActionID: view.ActionApprove, Value: w.value(n)}
		w.FailNext("users.info", slacksim.AfterEffect, slacksim.OtherID)
		require.True(t, w.ClickForged("U0GUEST", forged).Wait().Acked)
		w.Pass(10 * time.Second)
		require.Equal(t, approvals.Pending, w.State(n))
		require.Contains(t, slacksim.PlainText(w.Ephemerals("U0GUEST")[0]), "couldn't check")
	})
}

// TestCardsFromBeforeThereWereNoncesWork: a request without one keeps its card as it was drawn.
func TestCardsFromBeforeThereWereNoncesWork(t *testing.T) {
	inWorld(t, setup{}, func(t *testing.T, w *world) {
		w.Desk.Nonce = func() (string, error) { return "", nil } // as an earlier version asked
		n, card := w.Asked("jane@acme.example")
		require.Contains(t, string(view.JSON(card.Blocks)), `"v1:1"`)
		require.Contains(t, w.whispersTo(dave, slacksim.Forged{Channel: cards, TS: card.TS, ActionID: view.ActionApprove, Value: "v2:1:abcdefghij234567"}), "belongs to a different #1")
		require.Empty(t, w.Clicked(bob, cards, card.TS, "Approve"))
		w.Pass(5 * time.Second)
		require.Equal(t, approvals.Done, w.State(n))
	})
}

// whispersTo is what somebody reads of a click that was made up.
func (w *world) whispersTo(who string, f slacksim.Forged) string {
	w.T.Helper()
	before := len(w.Ephemerals(who))
	require.True(w.T, w.ClickForged(who, f).Wait().Acked)
	w.Pass(2 * time.Second)
	return w.Whispered(who, before)
}

// TestAClickOnAListIsAnswered, since the list itself stays as it is.
func TestAClickOnAListIsAnswered(t *testing.T) {
	inWorld(t, setup{approvers: []string{bob, "S0LEADS"}}, func(t *testing.T, w *world) {
		n, _ := w.Asked("jane@acme.example")
		said := w.Typed(erin, "/access pending")
		require.Contains(t, said, "1 request is waiting for you")
		require.Contains(t, said, "#1 · SE Ranking seat for jane@acme.example")
		list := w.Ephemerals(erin)
		before := len(w.Ephemerals(erin))
		w.ClickForged(erin, slacksim.Forged{Channel: general, TS: list[len(list)-1].TS, ActionID: view.ActionApprove, Value: w.value(n), BlockID: fmt.Sprint(view.BlockWaiting, n)}).Wait()
		w.Pass(time.Second)
		require.Contains(t, w.Whispered(erin, before), "approved #1")
		require.NotEqual(t, approvals.Pending, w.State(n))
	})
}

// TestAReminderOpensWhatItIsAbout as it stands now: with its buttons to who may decide it, and to others why not.
func TestAReminderOpensWhatItIsAbout(t *testing.T) {
	inWorld(t, setup{approvers: []string{bob, "S0LEADS"}}, func(t *testing.T, w *world) {
		n, card := w.Asked("jane@acme.example")
		opens := func(who string) string {
			before := len(w.Ephemerals(who))
			require.True(t, w.ClickForged(who, slacksim.Forged{Channel: general, TS: card.TS, ActionID: view.ActionOpen, Value: w.value(n)}).Wait().Acked)
			w.Pass(time.Second)
			return w.Whispered(who, before)
		}
		require.Contains(t, opens(alice), "You asked for #1 yourself")
		require.Contains(t, opens(dave), "isn't yours to decide")
		require.Contains(t, opens(bob), "#1 · SE Ranking seat for jane@acme.example")
		shown := w.Ephemerals(bob)[len(w.Ephemerals(bob))-1]
		require.True(t, w.Click(bob, shown.Channel, shown.TS, "Approve").Wait().Acked)
		w.Pass(time.Minute)
		require.Equal(t, approvals.Done, w.State(n))
		require.Contains(t, opens(erin), "Nothing is left to decide here.")
	})
}
