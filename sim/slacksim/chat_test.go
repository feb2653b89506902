package slacksim

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/slack-go/slack"
	"github.com/stretchr/testify/require"
)

func TestWhereTheBotMayPost(t *testing.T) {
	inWorld(t, Options{Scopes: []string{"chat:write", "im:write"}}, func(t *testing.T, w *world) {
		w.AddChannel(Channel{ID: "C0OTHER", Name: "other"})
		w.AddChannel(Channel{ID: "C0SECRET", Name: "secret", Private: true})
		w.Archive("C0REPORTS", true)
		post := func(channel string) error {
			_, _, err := w.api.PostMessage(channel, slack.MsgOptionText("x", false))
			return err
		}
		require.NoError(t, post("C0GENERAL"))
		require.NoError(t, post("U0ALICE"))
		require.Equal(t, "x", last(t, w.DM("U0ALICE")).Text)
		for channel, want := range map[string]string{"C0OTHER": "not_in_channel", "C0SECRET": "channel_not_found", "C0NONE": "channel_not_found",
			"C0REPORTS": "is_archived", "U0GONE": "channel_not_found"} {
			require.EqualError(t, post(channel), want, channel)
		}
		w.Kick("general", BotUser)
		require.EqualError(t, post("C0GENERAL"), "not_in_channel")
		w.Invite("general", BotUser)
		require.NoError(t, post("C0GENERAL"))
		w.Deactivate("U0ALICE", true)
		require.EqualError(t, post(w.DMChannel("U0ALICE")), "is_archived")
	})
}

func TestWritePublicLetsTheBotPostWhereItIsNoMember(t *testing.T) {
	inWorld(t, Options{}, func(t *testing.T, w *world) {
		w.AddChannel(Channel{ID: "C0OTHER", Name: "other"})
		_, _, err := w.api.PostMessage("C0OTHER", slack.MsgOptionText("x", false))
		require.NoError(t, err)
		_, err = w.api.PostEphemeral("C0OTHER", "U0ALICE", slack.MsgOptionText("x", false))
		require.EqualError(t, err, "not_in_channel")
	})
}

func TestTexts(t *testing.T) {
	inWorld(t, Options{NoPostLimit: true}, func(t *testing.T, w *world) {
		w.lenient()
		_, _, err := w.api.PostMessage("C0GENERAL", slack.MsgOptionText("", false))
		require.EqualError(t, err, "no_text")
		_, ts, err := w.api.PostMessage("C0GENERAL", slack.MsgOptionText(strings.Repeat("é", 40010), false))
		require.NoError(t, err)
		require.Len(t, []rune(last(t, w.Messages("general")).Text), 40000, "Slack cuts silently; the simulator tells")
		require.Len(t, w.Violations(), 1)
		_, _, _, err = w.api.UpdateMessage("C0GENERAL", ts, slack.MsgOptionText(strings.Repeat("x", 4001), false))
		require.EqualError(t, err, "msg_too_long")
		_, _, err = w.api.PostMessage("C0GENERAL", slack.MsgOptionText("see https://acme.example/a?b=c now", false))
		require.NoError(t, err)
		require.Equal(t, "see <https://acme.example/a?b=c> now", last(t, w.Messages("general")).Text)
	})
}

func TestUpdateAndDelete(t *testing.T) {
	inWorld(t, Options{}, func(t *testing.T, w *world) {
		_, ts, err := w.api.PostMessage("C0APPROVE", slack.MsgOptionText("asks", false), card("asks"),
			slack.MsgOptionMetadata(slack.SlackMetadata{EventType: "usher", EventPayload: map[string]any{"key": "card/1"}}))
		require.NoError(t, err)
		_, _, _, err = w.api.UpdateMessage("C0APPROVE", ts, slack.MsgOptionText("done", false),
			slack.MsgOptionBlocks(slack.NewSectionBlock(mrkdwn("done"), nil, nil)))
		require.NoError(t, err)
		m := last(t, w.Messages("C0APPROVE"))
		require.Equal(t, "done\ndone", PlainText(m))
		require.NotNil(t, m.Edited)
		require.Equal(t, "usher", m.Metadata.EventType, "metadata stays unless replaced")
		_, _, _, err = w.api.UpdateMessage("C0APPROVE", "1.000001", slack.MsgOptionText("x", false))
		require.EqualError(t, err, "message_not_found")
		w.Say("U0BOB", "access-approvals", "hello")
		_, _, _, err = w.api.UpdateMessage("C0APPROVE", last(t, w.Messages("C0APPROVE")).TS, slack.MsgOptionText("x", false))
		require.EqualError(t, err, "cant_update_message")
		w.Archive("C0APPROVE", true)
		_, _, _, err = w.api.UpdateMessage("C0APPROVE", ts, slack.MsgOptionText("x", false))
		require.EqualError(t, err, "is_inactive")
		w.Archive("C0APPROVE", false)
		require.True(t, w.DeleteMessage("C0APPROVE", ts))
		_, _, err = w.api.DeleteMessage("C0APPROVE", ts)
		require.EqualError(t, err, "message_not_found")
	})
}

func TestEphemeralMessages(t *testing.T) {
	inWorld(t, Options{}, func(t *testing.T, w *world) {
		ts, err := w.api.PostEphemeral("C0GENERAL", "U0ALICE", slack.MsgOptionText("only you", false))
		require.NoError(t, err)
		require.Equal(t, "only you", last(t, w.Ephemerals("U0ALICE")).Text)
		require.Empty(t, w.Ephemerals("U0BOB"))
		require.Empty(t, w.Messages("general"))
		_, _, _, err = w.api.UpdateMessage("C0GENERAL", ts, slack.MsgOptionText("x", false))
		require.EqualError(t, err, "message_not_found")
		_, err = w.api.PostEphemeral("C0GENERAL", "U0GONE", slack.MsgOptionText("x", false))
		require.EqualError(t, err, "user_not_in_channel")
	})
}

func TestOneMessageASecondAndChannel(t *testing.T) {
	inWorld(t, Options{}, func(t *testing.T, w *world) {
		w.lenient()
		post := func(channel string) error {
			_, _, err := w.api.PostMessage(channel, slack.MsgOptionText("x", false))
			return err
		}
		for range 3 {
			require.NoError(t, post("C0GENERAL"))
		}
		var limited *slack.RateLimitedError
		require.True(t, errors.As(post("C0GENERAL"), &limited))
		require.Equal(t, time.Second, limited.RetryAfter)
		require.NoError(t, post("C0REPORTS"), "each channel has its own second")
		<-time.After(time.Second)
		require.NoError(t, post("C0GENERAL"))
		require.Len(t, w.Violations(), 1)
		require.Len(t, w.Messages("general"), 4)
	})
}

func TestInvalidBlocksAreRefusedWithReasons(t *testing.T) {
	inWorld(t, Options{}, func(t *testing.T, w *world) {
		w.lenient()
		_, _, err := w.api.PostMessage("C0GENERAL", slack.MsgOptionBlocks(slack.NewHeaderBlock(plain(strings.Repeat("x", 151)))))
		var refused slack.SlackErrorResponse
		require.True(t, errors.As(err, &refused))
		require.Equal(t, "invalid_blocks", refused.Err)
		require.Equal(t, []string{"[ERROR] must be less than 151 characters [json-pointer:/blocks/0/text/text]"}, refused.ResponseMetadata.Messages)
		require.Len(t, w.Violations(), 1)
		require.Empty(t, w.Messages("general"))
		var many []slack.Block
		for range 5 {
			many = append(many, slack.NewSectionBlock(mrkdwn(strings.Repeat("x", 2900)), nil, nil))
		}
		_, _, err = w.api.PostMessage("C0GENERAL", slack.MsgOptionBlocks(many...))
		require.ErrorContains(t, err, "msg_blocks_too_long")
		require.Equal(t, "invalid_blocks_format", w.call("chat.postMessage", formType, "token=xoxb-slacksim&channel=C0GENERAL&blocks=nonsense", "")["error"])
	})
}

func TestMetadataHasASchema(t *testing.T) {
	inWorld(t, Options{}, func(t *testing.T, w *world) {
		for body, want := range map[string]string{`"x"`: "invalid_metadata_format", `{"event_type":"a"}`: "invalid_metadata_schema",
			`{"event_type":"a","event_payload":[]}`: "invalid_metadata_schema"} {
			got := w.call("chat.postMessage", "application/json; charset=utf-8", `{"channel":"C0GENERAL","text":"x","metadata":`+body+`}`, "xoxb-slacksim")
			require.Equal(t, want, got["error"], body)
		}
	})
}
