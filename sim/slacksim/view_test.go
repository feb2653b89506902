package slacksim

import (
	"strings"
	"testing"
	"time"

	"github.com/slack-go/slack"
	"github.com/slack-go/slack/slackevents"
	"github.com/slack-go/slack/socketmode"
	"github.com/stretchr/testify/require"
)

// form is a modal with one required text and one optional choice.
func form(title string) slack.ModalViewRequest {
	reason := slack.NewInputBlock("reason", plain("Why"), nil, slack.NewPlainTextInputBlockElement(nil, "text"))
	weeks := slack.NewOptionsSelectBlockElement(slack.OptTypeStatic, plain("How long"), "weeks",
		slack.NewOptionBlockObject("w1", plain("One week"), nil), slack.NewOptionBlockObject("w2", plain("Two weeks"), nil))
	length := slack.NewInputBlock("length", plain("For"), nil, weeks)
	length.Optional = true
	return slack.ModalViewRequest{Type: slack.VTModal, Title: plain(title), Submit: plain("Send"), Close: plain("Back"),
		CallbackID: "deny", PrivateMetadata: "12", NotifyOnClose: true, Blocks: slack.Blocks{BlockSet: []slack.Block{reason, length}}}
}

// formApp opens a form on each click and answers forms with what replies gives.
func (w *world) formApp(reply func(slack.InteractionCallback) any) *app {
	return w.connect(func(c *socketmode.Client, e socketmode.Event) {
		callback, _ := e.Data.(slack.InteractionCallback)
		switch callback.Type {
		case slack.InteractionTypeBlockActions:
			_, err := w.api.OpenView(callback.TriggerID, form("Deny"))
			require.NoError(w.t, err)
		case slack.InteractionTypeViewSubmission:
			if answer := reply(callback); answer != nil {
				_ = c.Ack(*e.Request, answer)
				return
			}
		}
		_ = c.Ack(*e.Request)
	})
}

// openForm posts a card and clicks it.
func (w *world) openForm() View {
	_, ts, err := w.api.PostMessage("C0APPROVE", card("asks"))
	require.NoError(w.t, err)
	require.True(w.t, w.Click("U0BOB", "C0APPROVE", ts, "Deny").Wait().Acked)
	views := w.Views("U0BOB")
	require.NotEmpty(w.t, views)
	return views[len(views)-1]
}

func TestAFormGoesRoundAndCloses(t *testing.T) {
	inWorld(t, Options{}, func(t *testing.T, w *world) {
		a := w.formApp(func(slack.InteractionCallback) any { return nil })
		defer a.stop()
		v := w.openForm()
		require.Equal(t, "Deny\nWhy\nFor\nHow long\nOne week\nTwo weeks\nSend", ViewText(v))
		o := w.Submit("U0BOB", v.ID, map[string]any{})
		require.Equal(t, "Please complete this required field.", o.Wait().Errors["reason"])
		require.True(t, w.Submit("U0BOB", "", map[string]any{"reason": "no seat free", "weeks": "Two weeks"}).Wait().Acked)
		require.Empty(t, w.Views("U0BOB"))
		sent := a.interactions(slack.InteractionTypeViewSubmission)
		require.Len(t, sent, 1)
		values := sent[0].View.State.Values
		require.Equal(t, "no seat free", values["reason"]["text"].Value)
		require.Equal(t, "w2", values["length"]["weeks"].SelectedOption.Value)
		require.Equal(t, []string{"12", "deny", v.ID}, []string{sent[0].View.PrivateMetadata, sent[0].View.CallbackID, sent[0].View.ID})
	})
}

func TestErrorsStandBesideInputs(t *testing.T) {
	inWorld(t, Options{}, func(t *testing.T, w *world) {
		a := w.formApp(func(c slack.InteractionCallback) any {
			return slack.NewErrorsViewSubmissionResponse(map[string]string{"reason": "Say more"})
		})
		defer a.stop()
		w.openForm()
		o := w.Submit("U0BOB", "", map[string]any{"reason": "x"}).Wait()
		require.Equal(t, map[string]string{"reason": "Say more"}, o.Errors)
		require.Equal(t, map[string]string{"reason": "Say more"}, w.Views("U0BOB")[0].Errors)
		require.Equal(t, "x", object(object(w.Views("U0BOB")[0].State["reason"])["text"])["value"])
	})
}

func TestErrorsForWhatIsNoInputAreCaught(t *testing.T) {
	inWorld(t, Options{}, func(t *testing.T, w *world) {
		w.lenient()
		a := w.formApp(func(slack.InteractionCallback) any {
			return slack.NewErrorsViewSubmissionResponse(map[string]string{"resaon": "Say more"})
		})
		defer a.stop()
		w.openForm()
		require.Equal(t, "bad_ack", w.Submit("U0BOB", "", map[string]any{"reason": "x"}).Wait().Error)
	})
}

func TestUpdatePushAndClear(t *testing.T) {
	inWorld(t, Options{}, func(t *testing.T, w *world) {
		next, sure := form("Sure?"), form("Really?")
		replies := []*slack.ViewSubmissionResponse{slack.NewUpdateViewSubmissionResponse(&next),
			slack.NewPushViewSubmissionResponse(&sure), slack.NewClearViewSubmissionResponse()}
		a := w.formApp(func(slack.InteractionCallback) any {
			reply := replies[0]
			replies = replies[1:]
			return reply
		})
		defer a.stop()
		first := w.openForm()
		require.True(t, w.Submit("U0BOB", "", map[string]any{"reason": "kept"}).Wait().Acked)
		v := w.Views("U0BOB")[0]
		require.Equal(t, first.ID, v.ID)
		require.NotEqual(t, first.Hash, v.Hash)
		require.Contains(t, ViewText(v), "Sure?")
		require.Equal(t, "kept", object(object(v.State["reason"])["text"])["value"], "values stay where the ids do")
		require.True(t, w.Submit("U0BOB", "", nil).Wait().Acked)
		views := w.Views("U0BOB")
		require.Len(t, views, 2)
		require.Equal(t, []string{first.ID, first.ID}, []string{views[1].Root, views[1].Previous})
		require.True(t, w.Submit("U0BOB", "", map[string]any{"reason": "y"}).Wait().Acked)
		require.Empty(t, w.Views("U0BOB"))
	})
}

func TestAFormWithoutAnAckStaysOpen(t *testing.T) {
	inWorld(t, Options{}, func(t *testing.T, w *world) {
		a := w.formApp(func(slack.InteractionCallback) any { return nil })
		w.openForm()
		a.stop()
		<-time.After(time.Second)
		require.Equal(t, "dispatch_failed", w.Submit("U0BOB", "", map[string]any{"reason": "x"}).Wait().Error)
		b := w.connect(silent)
		defer b.stop()
		require.Equal(t, "operation_timeout", w.Submit("U0BOB", "", map[string]any{"reason": "x"}).Wait().Error)
		require.Equal(t, trouble, w.Views("U0BOB")[0].Warning)
	})
}

func TestClosingAForm(t *testing.T) {
	inWorld(t, Options{}, func(t *testing.T, w *world) {
		a := w.formApp(func(slack.InteractionCallback) any { return nil })
		defer a.stop()
		v := w.openForm()
		require.True(t, w.CloseView("U0BOB", "").Wait().Acked)
		require.Empty(t, w.Views("U0BOB"))
		closed := a.interactions(slack.InteractionTypeViewClosed)[0]
		require.Equal(t, v.ID, closed.View.ID)
		require.False(t, closed.IsCleared)
		w.openForm()
		require.True(t, w.CloseAllViews("U0BOB").Wait().Acked)
		require.True(t, a.interactions(slack.InteractionTypeViewClosed)[1].IsCleared)
		require.Equal(t, "no_such_view", w.CloseView("U0BOB", "").Wait().Error)
	})
}

// trigger clicks a button and returns the trigger id.
func (w *world) trigger(a *app) string {
	<-time.After(time.Second) // a message a second
	_, ts, err := w.api.PostMessage("C0APPROVE", card("asks"))
	require.NoError(w.t, err)
	require.True(w.t, w.Click("U0BOB", "C0APPROVE", ts, "Deny").Wait().Acked)
	clicks := a.interactions(slack.InteractionTypeBlockActions)
	return clicks[len(clicks)-1].TriggerID
}

func TestTriggersLiveThreeSecondsAndOnce(t *testing.T) {
	inWorld(t, Options{}, func(t *testing.T, w *world) {
		w.lenient()
		a := w.connect(nil)
		defer a.stop()
		id := w.trigger(a)
		_, err := w.api.OpenView(id, form("One"))
		require.NoError(t, err)
		_, err = w.api.OpenView(id, form("Two"))
		require.EqualError(t, err, "exchanged_trigger_id")
		_, err = w.api.OpenView("1.2.abc", form("Two"))
		require.EqualError(t, err, "invalid_trigger_id")
		require.Len(t, w.Violations(), 2)
		id = w.trigger(a)
		<-time.After(3100 * time.Millisecond)
		_, err = w.api.OpenView(id, form("Two"))
		require.EqualError(t, err, "expired_trigger_id")
	})
}

func TestTheStackIsThreeHigh(t *testing.T) {
	inWorld(t, Options{}, func(t *testing.T, w *world) {
		a := w.connect(nil)
		defer a.stop()
		_, err := w.api.OpenView(w.trigger(a), form("1"))
		require.NoError(t, err)
		for _, title := range []string{"2", "3"} {
			_, err = w.api.PushView(w.trigger(a), form(title))
			require.NoError(t, err)
		}
		_, err = w.api.PushView(w.trigger(a), form("4"))
		require.EqualError(t, err, "push_limit_reached")
		require.Len(t, w.Views("U0BOB"), 3)
	})
}

func TestViewsUpdateHoldsTheHash(t *testing.T) {
	inWorld(t, Options{}, func(t *testing.T, w *world) {
		w.lenient()
		a := w.connect(nil)
		defer a.stop()
		opened, err := w.api.OpenView(w.trigger(a), form("1"))
		require.NoError(t, err)
		_, err = w.api.UpdateView(form("2"), "", opened.Hash, opened.View.ID)
		require.NoError(t, err)
		_, err = w.api.UpdateView(form("3"), "", opened.View.Hash, opened.View.ID)
		require.EqualError(t, err, "hash_conflict")
		_, err = w.api.UpdateView(form("3"), "", "", "V0NONE")
		require.EqualError(t, err, "not_found")
		_, err = w.api.UpdateView(form(strings.Repeat("x", 25)), "", "", opened.View.ID)
		require.ErrorContains(t, err, "invalid_arguments")
		require.Contains(t, ViewText(w.Views("U0BOB")[0]), "2")
	})
}

func TestHome(t *testing.T) {
	inWorld(t, Options{}, func(t *testing.T, w *world) {
		a := w.connect(nil)
		defer a.stop()
		require.True(t, w.OpenHome("U0ALICE").Wait().Acked)
		home := slack.HomeTabViewRequest{Type: slack.VTHomeTab, Blocks: slack.Blocks{BlockSet: []slack.Block{
			slack.NewSectionBlock(mrkdwn("Your seats"), nil, nil), slack.NewActionBlock("b", button("ask", "Ask", ""))}}}
		published, err := w.api.PublishView("U0ALICE", home, "")
		require.NoError(t, err)
		v, ok := w.Home("U0ALICE")
		require.True(t, ok)
		require.Contains(t, ViewText(v), "Your seats")
		require.True(t, w.OpenHome("U0ALICE").Wait().Acked)
		events := a.got(socketmode.EventTypeEventsAPI)
		opened := events[1].Data.(slackevents.EventsAPIEvent).InnerEvent.Data.(*slackevents.AppHomeOpenedEvent)
		require.Equal(t, published.View.ID, opened.View.ID)
		require.True(t, w.ClickView("U0ALICE", "home", "Ask", nil).Wait().Acked)
		click := a.interactions(slack.InteractionTypeBlockActions)[0]
		require.Equal(t, published.View.ID, click.View.ID)
		require.Equal(t, slack.ViewType("home"), click.View.Type)
		_, err = w.api.PublishView("U0ALICE", home, "1.1")
		require.EqualError(t, err, "hash_conflict")
	})
	inWorld(t, Options{HomeDisabled: true}, func(t *testing.T, w *world) {
		home := slack.HomeTabViewRequest{Type: slack.VTHomeTab, Blocks: slack.Blocks{BlockSet: []slack.Block{slack.NewDividerBlock()}}}
		_, err := w.api.PublishView("U0ALICE", home, "")
		require.EqualError(t, err, "not_enabled")
	})
}

func TestSuggestionsComeWithTheAck(t *testing.T) {
	inWorld(t, Options{}, func(t *testing.T, w *world) {
		a := w.connect(func(c *socketmode.Client, e socketmode.Event) {
			if callback, _ := e.Data.(slack.InteractionCallback); callback.Type == slack.InteractionTypeBlockSuggestion {
				_ = c.Ack(*e.Request, slack.OptionsResponse{Options: []*slack.OptionBlockObject{
					slack.NewOptionBlockObject("1", plain("found "+callback.Value), nil)}})
				return
			}
			_ = c.Ack(*e.Request)
		})
		defer a.stop()
		site := slack.NewOptionsSelectBlockElement(slack.OptTypeExternal, plain("Site"), "site")
		view := slack.ModalViewRequest{Type: slack.VTModal, Title: plain("Share"), Submit: plain("Send"),
			Blocks: slack.Blocks{BlockSet: []slack.Block{slack.NewInputBlock("b", plain("Site"), nil, site)}}}
		_, err := w.api.OpenView(w.trigger(a), view)
		require.NoError(t, err)
		o := w.Suggest("U0BOB", "", "site", "acm").Wait()
		require.Contains(t, string(o.Payload), "found acm")
	})
}

func TestEveryKindOfInputIsFilled(t *testing.T) {
	options := []any{map[string]any{"text": map[string]any{"type": "plain_text", "text": "One"}, "value": "1"},
		map[string]any{"text": map[string]any{"type": "plain_text", "text": "Two"}, "value": "2"}}
	for kind, c := range map[string]struct {
		input any
		key   string
		want  any
	}{
		"plain_text_input": {"x", "value", "x"}, "number_input": {12, "value", "12"}, "email_text_input": {"a@b.c", "value", "a@b.c"},
		"static_select": {"Two", "selected_option", options[1]}, "radio_buttons": {"1", "selected_option", options[0]},
		"multi_static_select": {[]string{"1", "Two"}, "selected_options", options}, "checkboxes": {"1,2", "selected_options", options},
		"users_select": {"U1", "selected_user", "U1"}, "multi_users_select": {[]any{"U1", "U2"}, "selected_users", []string{"U1", "U2"}},
		"conversations_select": {"C1", "selected_conversation", "C1"}, "channels_select": {"C1", "selected_channel", "C1"},
		"datepicker": {"2026-11-22", "selected_date", "2026-11-22"}, "timepicker": {"09:00", "selected_time", "09:00"},
		"datetimepicker": {1763802000, "selected_date_time", 1763802000},
	} {
		filled, err := fill(map[string]any{"type": kind, "options": options}, c.input)
		require.NoError(t, err, kind)
		require.Equal(t, map[string]any{"type": kind, c.key: c.want}, filled)
		empty := emptyValue(kind)
		require.Contains(t, empty, c.key, kind)
	}
	require.Nil(t, emptyValue("button"))
}

// TestAMenuTakesNoMoreThanItSays: its client lets nobody pick more.
func TestAMenuTakesNoMoreThanItSays(t *testing.T) {
	e := map[string]any{"type": "multi_users_select", "max_selected_items": 2.0}
	filled, err := fill(e, []string{"U1", "U2"})
	require.NoError(t, err)
	require.Equal(t, []string{"U1", "U2"}, filled["selected_users"])
	_, err = fill(e, []string{"U1", "U2", "U3"})
	require.EqualError(t, err, "no more than 2 can be picked")
}

func TestSlackItselfRefusesWrongInput(t *testing.T) {
	for _, c := range []struct {
		element map[string]any
		value   any
		want    string
	}{
		{map[string]any{"type": "plain_text_input", "min_length": 3.0}, "xy", "Please write at least 3 characters."},
		{map[string]any{"type": "plain_text_input", "max_length": 3.0}, "wxyz", "Please write at most 3 characters."},
		{map[string]any{"type": "email_text_input"}, "x", "Please enter a valid email address."},
		{map[string]any{"type": "number_input", "is_decimal_allowed": false}, "1.5", "Please enter a whole number."},
		{map[string]any{"type": "number_input", "max_value": "5"}, "6", "Please enter a number in the allowed range."},
		{map[string]any{"type": "number_input", "is_decimal_allowed": true}, "1.5", ""},
	} {
		filled, err := fill(c.element, c.value)
		require.NoError(t, err)
		require.Equal(t, c.want, complaint(Block{"element": c.element}, filled))
	}
}
