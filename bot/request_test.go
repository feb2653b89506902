package bot

import (
	"os"
	"strings"
	"testing"
	"time"

	"github.com/goccy/go-yaml"
	"github.com/slack-go/slack"
	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/bot/bottest"
	"github.com/usherbot/usher/bot/view"
	"github.com/usherbot/usher/sim/slacksim"
)

// form is the one form on somebody's screen.
func (w *world) form(who string) slacksim.View {
	w.T.Helper()
	views := w.Views(who)
	require.Len(w.T, views, 1)
	return views[0]
}

// opened types /access request as somebody.
func (w *world) opened(who string) slacksim.View {
	w.T.Helper()
	require.True(w.T, w.Type(who, general, "/access request").Wait().Acked)
	w.Pass(time.Second)
	return w.form(who)
}

// TestTheFormIsOpenInTimeHoweverSlowSlackIs: the trigger lives three seconds. What takes longer is drawn into it afterwards.
func TestTheFormIsOpenInTimeHoweverSlowSlackIs(t *testing.T) {
	inWorld(t, setup{}, func(t *testing.T, w *world) {
		w.Plan(slacksim.Fault{Method: "users.info", Kind: slacksim.Slow, Delay: 1800 * time.Millisecond})
		out := w.Type(alice, general, "/access request").Wait()
		require.True(t, out.Acked)
		require.Less(t, out.After, 100*time.Millisecond, "the command is acknowledged at once")
		<-time.After(1700 * time.Millisecond)
		require.Contains(t, slacksim.ViewText(w.form(alice)), "One moment")
		w.Pass(3 * time.Second)
		require.Contains(t, slacksim.ViewText(w.form(alice)), "Who is it for?")
		require.Len(t, w.CallsOf("views.open"), 1)
		require.Empty(t, w.Ephemerals(alice))
	})
	inWorld(t, setup{}, func(t *testing.T, w *world) {
		w.Plan(slacksim.Fault{Method: "users.info", Kind: slacksim.Slow, Delay: 1800 * time.Millisecond})
		w.Type("U0GUEST", general, "/access request").Wait()
		w.Pass(5 * time.Second)
		v := w.form("U0GUEST")
		require.Contains(t, slacksim.ViewText(v), "Only full members of this workspace can ask")
		require.Nil(t, v.View["submit"], "there is nothing to send")
	})
	inWorld(t, setup{}, func(t *testing.T, w *world) {
		w.Plan(slacksim.Fault{Method: "users.info", Kind: slacksim.Hang, Times: 9})
		w.Type(alice, general, "/access request").Wait()
		w.Pass(15 * time.Second)
		require.Contains(t, slacksim.ViewText(w.form(alice)), "couldn't check with Slack who you are")
	})
}

// TestAccessAloneSaysWhatOneCanDoAndOpensTheForm: the words come whatever becomes of the form, and bear the button for it.
func TestAccessAloneSaysWhatOneCanDoAndOpensTheForm(t *testing.T) {
	bad := map[string]func(w *world){
		"fine":    func(*world) {},
		"refused": func(w *world) { w.Plan(slacksim.Fault{Method: "views.open", Kind: slacksim.Status500, Times: 2}) },
		"hanging": func(w *world) { w.FailNext("views.open", slacksim.BeforeEffect, slacksim.Hang) },
		"slow about them": func(w *world) {
			w.Plan(slacksim.Fault{Method: "users.info", Kind: slacksim.Slow, Delay: 1800 * time.Millisecond})
		},
	}
	for name, plan := range bad {
		for _, who := range []string{alice, "U0GUEST"} {
			inWorld(t, setup{}, func(t *testing.T, w *world) {
				plan(w)
				out := w.Type(who, general, "/access").Wait()
				require.True(t, out.Acked)
				require.Less(t, out.After, 100*time.Millisecond, "acknowledged at once")
				w.Pass(8 * time.Second)
				require.Equal(t, name == "fine" && who == alice, len(w.Views(who)) > 0, "%s: a form of %s", name, who)
				said := w.Ephemerals(who)
				require.Len(t, said, 1, "%s: what %s reads", name, who)
				require.Contains(t, slacksim.PlainText(said[0]), "I get people their seats")
				require.Contains(t, string(view.JSON(said[0].Blocks)), "Open the form")
			})
		}
	}
}

// TestTheLastChoiceCounts: several choices in a row are heard on two connections and drawn by several workers.
func TestTheLastChoiceCounts(t *testing.T) {
	for range 5 {
		inWorld(t, setup{}, func(t *testing.T, w *world) {
			v := w.opened(alice)
			w.Plan(slacksim.Fault{Method: "views.update", Kind: slacksim.Slow, Delay: time.Second})
			var all []*slacksim.Delivery
			for _, choice := range [][2]string{{view.FieldFor, "outside"}, {view.FieldAction, "share"}, {view.FieldFor, "colleague"}, {view.FieldAction, "delete"}, {view.FieldFor, "outside"}} {
				all = append(all, w.ClickView(alice, v.ID, choice[0], choice[1]))
				<-time.After(30 * time.Millisecond)
			}
			w.Pass(8 * time.Second)
			for _, d := range all {
				require.True(t, d.Wait().Acked)
			}
			text := slacksim.ViewText(w.form(alice))
			require.Contains(t, text, "E-mail address")
			require.NotContains(t, text, "Websites")
			require.NotContains(t, text, "First name")
		})
	}
}

// TestAFormThatAnEarlierLifeDrewIsChangedAllTheSame: its state is another than the one we know of.
func TestAFormThatAnEarlierLifeDrewIsChangedAllTheSame(t *testing.T) {
	inWorld(t, setup{}, func(t *testing.T, w *world) {
		v := w.opened(alice)
		w.Plan(slacksim.Fault{Method: "views.update", Kind: slacksim.Late, Delay: time.Second})
		require.True(t, w.ClickView(alice, v.ID, view.FieldFor, "outside").Wait().Acked)
		<-time.After(500 * time.Millisecond)
		other := slack.New(bottest.BotToken, slack.OptionAPIURL(bottest.APIURL), slack.OptionHTTPClient(w.HTTP()))
		_, err := other.UpdateViewContext(t.Context(), view.OpeningForm(view.Borne{}), "", "", v.ID)
		require.NoError(t, err)
		w.Pass(3 * time.Second)
		require.Contains(t, slacksim.ViewText(w.form(alice)), "E-mail address")
	})
}

// TestWhereNoFormOpensTheLineIsAnsweredInWords, with the button that opens it later.
func TestWhereNoFormOpensTheLineIsAnsweredInWords(t *testing.T) {
	inWorld(t, setup{}, func(t *testing.T, w *world) {
		w.Plan(slacksim.Fault{Method: "views.open", Kind: slacksim.Status500, Times: 2})
		said := w.Typed(alice, "/access create jane@acme.example because she asked")
		require.Contains(t, said, "What's the person's first name?")
		require.Empty(t, w.Views(alice))
		m := w.Ephemerals(alice)[0]
		w.Clicked(alice, m.Channel, m.TS, "Open the form")
		require.Contains(t, w.Whispered(alice, 1), "didn't let me open the form")
		w.Pass(2 * time.Second)
		require.Empty(t, w.Clicked(alice, m.Channel, m.TS, "Open the form"))
		v := w.form(alice)
		require.Equal(t, "jane@acme.example", v.State[view.FieldEmail].(map[string]any)[view.FieldEmail].(map[string]any)["value"])
	})
}

// TestTheAnswerToAFormIsWhereItWasAskedFor: in the channel, to that person alone; where Usher isn't, or there is none, by
// direct message.
func TestTheAnswerToAFormIsWhereItWasAskedFor(t *testing.T) {
	send := func(w *world, v slacksim.View) {
		require.NoError(w.T, w.Fill(alice, v.ID, map[string]any{view.FieldReason: "I run the launch"}))
		require.Nil(w.T, w.Submit(alice, v.ID, nil).Wait().Payload)
		w.Pass(3 * time.Second)
		require.Empty(w.T, w.Views(alice))
	}
	inWorld(t, setup{}, func(t *testing.T, w *world) {
		send(w, w.opened(alice))
		require.Contains(t, w.Whispered(alice, 0), "Request *#1* sent")
		require.Empty(t, w.DM(alice))
	})
	inWorld(t, setup{}, func(t *testing.T, w *world) {
		v := w.opened(alice)
		w.Kick(general, slacksim.BotUser)
		send(w, v)
		require.Contains(t, slacksim.PlainText(w.DM(alice)[0]), "Request *#1* sent")
	})
	inWorld(t, setup{}, func(t *testing.T, w *world) {
		require.True(t, w.Shortcut(alice, "Ask for access").Wait().Acked)
		w.Pass(time.Second)
		send(w, w.form(alice))
		require.Contains(t, slacksim.PlainText(w.DM(alice)[0]), "Request *#1* sent")
		require.Equal(t, "", w.Request(1).Origin.Channel)
	})
}

// TestTheShortcutsAreThoseOfTheManifest, and of the simulated Slack.
func TestTheShortcutsAreThoseOfTheManifest(t *testing.T) {
	raw, err := os.ReadFile("../manifest.yml")
	require.NoError(t, err)
	var m slack.Manifest
	require.NoError(t, yaml.Unmarshal(raw, &m))
	ids := map[string]string{}
	for _, s := range m.Features.Shortcuts {
		require.LessOrEqual(t, len(s.Name), 24)
		ids[s.CallbackID] = string(s.Type)
	}
	require.Equal(t, map[string]string{shortcutAsk: "global", shortcutAuthor: "message"}, ids)
	inWorld(t, setup{}, func(t *testing.T, w *world) {
		w.Slack.Say(bob, general, "Dave needs rank tracking")
		said := w.Messages(general)[0]
		require.True(t, w.ShortcutOn(alice, general, said.TS, "Ask for their access").Wait().Acked)
		w.Pass(time.Second)
		state := w.form(alice).State
		require.Equal(t, []any{bob}, state[view.FieldPersons].(map[string]any)[view.FieldPersons].(map[string]any)["selected_users"])
		require.True(t, w.ShortcutOn(alice, cards, "1.2", "Ask for their access").Wait().Error != "", "no such message")
	})
}

// TestAFormThatAnEarlierVersionDrewIsRead: it had a menu of one colleague where there is now one of several.
func TestAFormThatAnEarlierVersionDrewIsRead(t *testing.T) {
	inWorld(t, setup{}, func(t *testing.T, w *world) {
		v := w.opened(alice)
		w.Garbled(alice, v.ID, func(p map[string]any) {
			values := p["view"].(map[string]any)["state"].(map[string]any)["values"].(map[string]any)
			values[view.FieldFor] = map[string]any{view.FieldFor: map[string]any{"type": "radio_buttons", "selected_option": map[string]any{"value": "colleague"}}}
			values[view.FieldPerson] = map[string]any{view.FieldPerson: map[string]any{"type": "users_select", "selected_user": dave}}
			values["first:"+dave] = map[string]any{"first:" + dave: map[string]any{"type": "plain_text_input", "value": "Dave"}}
			values[view.FieldReason] = map[string]any{view.FieldReason: map[string]any{"type": "plain_text_input", "value": "He audits it"}}
		}).Wait()
		w.Pass(time.Second)
		r := w.Request(1)
		require.Equal(t, approvals.PersonID(dave), r.Change.Person)
		require.Equal(t, "Dave", r.Change.FirstName)
	})
}

// TestAMenuNeverHoldsMoreThanAnAck, and tells who may not read nothing, whatever a forged menu asks.
func TestAMenuNeverHoldsMoreThanAnAck(t *testing.T) {
	inWorld(t, setup{}, func(t *testing.T, w *world) {
		v := w.opened(bob)
		site := ""
		for _, b := range v.View["blocks"].([]any) {
			if id, _ := b.(map[string]any)["block_id"].(string); strings.HasPrefix(id, "f:sites:find") {
				site = id
			}
		}
		require.NotEmpty(t, site)
		out := w.Suggest(bob, v.ID, site, "x").Wait()
		require.True(t, out.Acked)
		require.Contains(t, string(out.Payload), `"options":[`)
		require.NotContains(t, slacksim.ViewText(w.opened(alice)), "Search websites")
	})
}
