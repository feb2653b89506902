package slacksim

import (
	"fmt"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/slack-go/slack"
	"github.com/slack-go/slack/slackevents"
	"github.com/slack-go/slack/socketmode"
	"github.com/stretchr/testify/require"
)

// interactions are the payloads of a kind the app got.
func (a *app) interactions(kind slack.InteractionType) []slack.InteractionCallback {
	var found []slack.InteractionCallback
	for _, e := range a.got(socketmode.EventTypeInteractive) {
		if callback := e.Data.(slack.InteractionCallback); callback.Type == kind {
			found = append(found, callback)
		}
	}
	return found
}

func TestEscapingFollowsShouldEscape(t *testing.T) {
	typed := `a@b.example @bob @leads @nobody #general #secret https://x.example/?a=1&b=2 <3 @here`
	commands := []Command{{Command: "/on", ShouldEscape: true}, {Command: "/off"}}
	inWorld(t, Options{Commands: commands}, func(t *testing.T, w *world) {
		w.AddChannel(Channel{ID: "C0SECRET", Name: "secret", Private: true})
		a := w.connect(nil)
		defer a.stop()
		for _, name := range []string{"/on ", "/OFF "} {
			require.True(t, w.Type("U0ALICE", "general", name+typed).Wait().Acked)
		}
		got := a.got(socketmode.EventTypeSlashCommand)
		require.Equal(t, "<mailto:a@b.example|a@b.example> <@U0BOB|bob> <!subteam^S0LEADS|@leads> @nobody <#C0GENERAL|general> "+
			"<#C0SECRET|> <https://x.example/?a=1&amp;b=2> &lt;3 <!here>", got[0].Data.(slack.SlashCommand).Text)
		require.Equal(t, "a@b.example @bob @leads @nobody #general #secret https://x.example/?a=1&amp;b=2 &lt;3 @here",
			got[1].Data.(slack.SlashCommand).Text)
	})
}

func TestCommandsNobodyInstalled(t *testing.T) {
	inWorld(t, Options{}, func(t *testing.T, w *world) {
		require.Equal(t, "no_such_command", w.Type("U0ALICE", "general", "/acess help").Wait().Error)
		require.Contains(t, last(t, w.Ephemerals("U0ALICE")).Text, "not a valid command")
		require.Equal(t, "no_such_channel", w.Type("U0ALICE", "nowhere", "/access").Wait().Error)
	})
}

func TestACommandInADirectMessage(t *testing.T) {
	inWorld(t, Options{}, func(t *testing.T, w *world) {
		a := w.connect(func(c *socketmode.Client, e socketmode.Event) {
			_ = c.Ack(*e.Request, map[string]any{"response_type": "in_channel", "text": "for all"})
		})
		defer a.stop()
		dm := w.DMChannel("U0ALICE")
		require.True(t, w.Type("U0ALICE", dm, "/access").Wait().Acked)
		require.Equal(t, "directmessage", a.got(socketmode.EventTypeSlashCommand)[0].Data.(slack.SlashCommand).ChannelName)
		messages := w.DM("U0ALICE")
		require.Equal(t, "/access", messages[0].Text, "in_channel shows what was typed")
		require.Equal(t, "for all", messages[1].Text)
	})
}

func TestAnAckWithWrongBlocksIsCaught(t *testing.T) {
	inWorld(t, Options{}, func(t *testing.T, w *world) {
		w.lenient()
		a := w.connect(func(c *socketmode.Client, e socketmode.Event) {
			_ = c.Ack(*e.Request, map[string]any{"blocks": []any{map[string]any{"type": "sektion"}}})
		})
		defer a.stop()
		require.Equal(t, "bad_ack", w.Type("U0ALICE", "general", "/access").Wait().Error)
		require.NotEmpty(t, w.Violations())
	})
}

func TestClick(t *testing.T) {
	inWorld(t, Options{}, func(t *testing.T, w *world) {
		a := w.connect(nil)
		defer a.stop()
		_, ts, err := w.api.PostMessage("C0APPROVE", slack.MsgOptionText("asks", false), card("asks"))
		require.NoError(t, err)
		require.True(t, w.Click("U0BOB", "access-approvals", ts, "Approve").Wait().Acked)
		require.True(t, w.Click("U0BOB", "C0APPROVE", ts, "deny").Wait().Acked)
		clicks := a.interactions(slack.InteractionTypeBlockActions)
		require.Len(t, clicks, 2)
		c := clicks[0]
		require.Equal(t, "U0BOB", c.User.ID)
		require.Equal(t, TeamID, c.Team.ID)
		require.Equal(t, "C0APPROVE", c.Channel.ID)
		require.Equal(t, ts, c.Message.Timestamp)
		require.Equal(t, slack.Container{Type: "message", MessageTs: ts, ChannelID: "C0APPROVE"}, c.Container)
		action := c.ActionCallback.BlockActions[0]
		require.Equal(t, []string{"approve", "decide", "12", "Approve"}, []string{action.ActionID, action.BlockID, action.Value, action.Text.Text})
		require.Equal(t, "no_such_element", w.Click("U0BOB", "C0APPROVE", ts, "Launch").Wait().Error)
		require.Equal(t, "no_such_message", w.Click("U0BOB", "C0APPROVE", "1.0", "Approve").Wait().Error)
	})
}

// TestAClickOnAScreenThatLags: what many press at one moment each of them saw, though the first press changed it.
func TestAClickOnAScreenThatLags(t *testing.T) {
	inWorld(t, Options{}, func(t *testing.T, w *world) {
		a := w.connect(nil)
		defer a.stop()
		_, ts, err := w.api.PostMessage("C0APPROVE", card("asks"))
		require.NoError(t, err)
		shown, _ := w.Message("C0APPROVE", ts)
		require.True(t, w.ClickOld("U0BOB", shown, "Approve").Wait().Acked)
		_, _, _, err = w.api.UpdateMessage("C0APPROVE", ts, slack.MsgOptionText("approved", false), slack.MsgOptionBlocks())
		require.NoError(t, err)
		require.Equal(t, "no_such_element", w.Click("U0ALICE", "C0APPROVE", ts, "Approve").Wait().Error)
		require.True(t, w.ClickOld("U0ALICE", shown, "Approve").Wait().Acked)
		require.Equal(t, "no_such_element", w.ClickOld("U0ALICE", shown, "Launch").Wait().Error)
		clicks := a.interactions(slack.InteractionTypeBlockActions)
		require.Len(t, clicks, 2)
		require.Equal(t, []string{"U0ALICE", "12", ts}, []string{clicks[1].User.ID, clicks[1].ActionCallback.BlockActions[0].Value, clicks[1].Container.MessageTs})
		shown.TS = "1.0"
		require.Equal(t, "no_such_message", w.ClickOld("U0ALICE", shown, "Approve").Wait().Error)
	})
}

func TestAClickThatFailsLeavesAWarning(t *testing.T) {
	inWorld(t, Options{}, func(t *testing.T, w *world) {
		_, ts, err := w.api.PostMessage("C0APPROVE", card("asks"))
		require.NoError(t, err)
		require.Equal(t, "dispatch_failed", w.Click("U0BOB", "C0APPROVE", ts, "Approve").Wait().Error)
		var mute atomic.Bool
		mute.Store(true)
		a := w.connect(func(c *socketmode.Client, e socketmode.Event) {
			if !mute.Load() {
				_ = c.Ack(*e.Request)
			}
		})
		defer a.stop()
		require.Equal(t, "operation_timeout", w.Click("U0BOB", "C0APPROVE", ts, "Approve").Wait().Error)
		m, _ := w.Message("C0APPROVE", ts)
		require.Equal(t, map[string]string{"approve": "operation_timeout"}, m.Warnings)
		<-time.After(time.Hour)
		require.Len(t, a.interactions(slack.InteractionTypeBlockActions), 1, "clicks are never repeated")
		mute.Store(false)
		require.True(t, w.Click("U0BOB", "C0APPROVE", ts, "Approve").Wait().Acked)
		m, _ = w.Message("C0APPROVE", ts)
		require.Empty(t, m.Warnings)
	})
}

func TestAClickOnAnEphemeralMessage(t *testing.T) {
	inWorld(t, Options{}, func(t *testing.T, w *world) {
		a := w.connect(nil)
		defer a.stop()
		ts, err := w.api.PostEphemeral("C0GENERAL", "U0ALICE", card("sure?"))
		require.NoError(t, err)
		require.Equal(t, "no_such_message", w.Click("U0BOB", "general", ts, "Approve").Wait().Error)
		require.True(t, w.Click("U0ALICE", "general", ts, "Approve").Wait().Acked)
		c := a.interactions(slack.InteractionTypeBlockActions)[0]
		require.True(t, c.Container.IsEphemeral)
		require.Empty(t, c.Message.Timestamp, "the message itself is not told")
	})
}

func TestForgedClicks(t *testing.T) {
	inWorld(t, Options{}, func(t *testing.T, w *world) {
		a := w.connect(nil)
		defer a.stop()
		o := w.ClickForged("U0MALLORY", Forged{Channel: "C0APPROVE", TS: "1.000001", ActionID: "approve", Value: "999", TeamID: "T0OTHER"}).Wait()
		require.True(t, o.Acked)
		c := a.interactions(slack.InteractionTypeBlockActions)[0]
		require.Equal(t, "T0OTHER", c.Team.ID)
		require.Equal(t, "U0MALLORY", c.User.ID)
		require.Equal(t, "999", c.ActionCallback.BlockActions[0].Value)
	})
}

func TestSelectsInMessages(t *testing.T) {
	inWorld(t, Options{}, func(t *testing.T, w *world) {
		a := w.connect(nil)
		defer a.stop()
		option := slack.NewOptionBlockObject("w1", plain("One week"), nil)
		menu := slack.NewOptionsSelectBlockElement(slack.OptTypeStatic, plain("How long"), "length", option)
		_, ts, err := w.api.PostMessage("C0GENERAL", slack.MsgOptionBlocks(slack.NewActionBlock("b", menu)))
		require.NoError(t, err)
		require.True(t, w.Choose("U0BOB", "general", ts, "length", "One week").Wait().Acked)
		require.Equal(t, "no_such_option", w.Choose("U0BOB", "general", ts, "length", "For ever").Wait().Error)
		c := a.interactions(slack.InteractionTypeBlockActions)[0]
		require.Equal(t, "w1", c.ActionCallback.BlockActions[0].SelectedOption.Value)
		require.Equal(t, "w1", c.BlockActionState.Values["b"]["length"].SelectedOption.Value)
	})
}

func TestSayReachesTheAppWhereItListens(t *testing.T) {
	inWorld(t, Options{}, func(t *testing.T, w *world) {
		a := w.connect(nil)
		defer a.stop()
		require.True(t, w.Say("U0ALICE", w.DMChannel("U0ALICE"), "hello").Wait().Acked)
		require.True(t, w.Say("U0ALICE", "general", "@usher hello").Wait().Acked)
		require.False(t, w.Say("U0ALICE", "general", "nobody listens").Wait().Acked)
		events := a.got(socketmode.EventTypeEventsAPI)
		require.Len(t, events, 2)
		im := events[0].Data.(slackevents.EventsAPIEvent).InnerEvent.Data.(*slackevents.MessageEvent)
		require.Equal(t, []string{"hello", "im", "U0ALICE"}, []string{im.Text, im.ChannelType, im.User})
		mention := events[1].Data.(slackevents.EventsAPIEvent).InnerEvent.Data.(*slackevents.AppMentionEvent)
		require.Equal(t, "<@"+BotUser+"> hello", mention.Text)
	})
}

// TestAGroupThatChangesIsToldOf, to who is subscribed to it, as slack-go reads it; of a large one only the first members.
func TestAGroupThatChangesIsToldOf(t *testing.T) {
	inWorld(t, Options{Events: []string{"subteam_members_changed", "subteam_updated"}}, func(t *testing.T, w *world) {
		a := w.connect(nil)
		defer a.stop()
		w.AddGroup(Group{ID: "S0NEW", Users: []string{"U0BOB"}})
		many := []string{"U0ERIN"}
		for i := range 600 {
			many = append(many, fmt.Sprintf("U0MANY%d", i))
		}
		w.AddGroup(Group{ID: "S0LEADS", Handle: "leads", Users: many})
		w.AddGroup(Group{ID: "S0LEADS", Handle: "heads", Users: many})
		w.RemoveGroup("S0LEADS")
		w.RemoveGroup("S0NONE")
		synctest.Wait()
		var inner []any
		for _, e := range a.got(socketmode.EventTypeEventsAPI) {
			inner = append(inner, e.Data.(slackevents.EventsAPIEvent).InnerEvent.Data)
		}
		require.Len(t, inner, 4, "a new group has not changed, and a new name changes no members")
		require.Positive(t, inner[3].(*slackevents.SubteamUpdatedEvent).Subteam.DateDelete)
		changed := inner[0].(*slackevents.SubteamMembersChangedEvent)
		require.Equal(t, "S0LEADS", changed.SubteamID)
		require.Len(t, changed.AddedUsers, 600)
		require.Equal(t, []string{"U0BOB"}, changed.RemovedUsers)
		updated := inner[2].(*slackevents.SubteamUpdatedEvent).Subteam
		require.Equal(t, "heads", updated.Handle)
		require.Len(t, updated.Users, 500)
		require.Equal(t, 601, updated.UserCount)
	})
}

func TestSubscribersHearOfChanges(t *testing.T) {
	inWorld(t, Options{}, func(t *testing.T, w *world) {
		ticks, end := w.Subscribe()
		before := w.Rev()
		w.Say("U0ALICE", "general", "one")
		w.Say("U0ALICE", "general", "two")
		<-ticks
		require.Greater(t, w.Rev(), before)
		select {
		case <-ticks:
			t.Fatal("two changes that nobody has read yet are one tick")
		default:
		}
		end()
		w.Say("U0ALICE", "general", "three")
		synctest.Wait()
		require.Empty(t, ticks)
	})
}
