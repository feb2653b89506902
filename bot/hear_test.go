package bot

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"

	"github.com/usherbot/usher/bot/view"
	"github.com/usherbot/usher/bot/web"
)

func TestWhatWasTypedIsHeard(t *testing.T) {
	s, err := hear("slash_commands", json.RawMessage(`{"team_id":"T1","channel_id":"C1","user_id":"U1","command":"/access",
		"text":"create <mailto:a@b.example|a@b.example>","response_url":"https://x/y","trigger_id":"1.2.3","is_enterprise_install":"false"}`))
	require.NoError(t, err)
	require.Equal(t, said{typ: typeSlash, who: "U1", team: "T1", channel: "C1", responseURL: "https://x/y", trigger: "1.2.3",
		text: "create <mailto:a@b.example|a@b.example>"}, s)
	call := s.call()
	require.Equal(t, "1.2.3", call.Key, "a redelivery bears the same")
	require.Equal(t, "C1", call.Channel)
}

func TestAClickIsHeardWhateverItsMessageLooksLike(t *testing.T) {
	s, err := hear("interactive", json.RawMessage(`{"type":"block_actions","team":{"id":"T1"},"user":{"id":"U1"},"channel":{"id":"C1"},
		"message":{"blocks":[{"type":"from_the_future","elements":7}]},"response_url":"https://x/y","trigger_id":"1.2.3",
		"actions":[{"action_id":"approve","block_id":"b","type":"button","value":"v1:12"}]}`))
	require.NoError(t, err)
	require.Equal(t, "approve", s.action)
	require.Equal(t, "b", s.block)
	require.Equal(t, "v1:12", s.value)
}

func TestAFormIsHeard(t *testing.T) {
	s, err := hear("interactive", json.RawMessage(`{"type":"view_submission","team":{"id":"T1"},"user":{"id":"U1"},
		"view":{"callback_id":"deny","private_metadata":"v1:12","state":{"values":{"reason":{"reason":{"type":"plain_text_input","value":" no budget "}}}}}}`))
	require.NoError(t, err)
	require.Equal(t, []view.Input{{Block: "reason", Values: []string{" no budget "}}}, s.inputs)
	require.Equal(t, "no budget", s.words())
	require.Equal(t, "v1:12", s.bears)
}

// TestAChangedGroupIsHeard, and of an event nothing else.
func TestAChangedGroupIsHeard(t *testing.T) {
	for payload, want := range map[string]approvals.GroupID{
		`{"event":{"type":"subteam_members_changed","subteam_id":"S0LEADS","removed_users":["U1"],"removed_users_count":1}}`:   "S0LEADS",
		`{"event":{"type":"subteam_updated","subteam":{"id":"S0LEADS","users":[],"user_count":"0","date_delete":1700000000}}}`: "S0LEADS",
		`{"event":{"type":"user_change","user":{"id":"U1","profile":{"fields":[]}}}}`:                                          "",
		`{"event":{"type":"subteam_updated","subteam":"S0LEADS"}}`:                                                             "", `{"event":7}`: "", `{}`: "", `[]`: "", ``: "",
	} {
		s, err := hear(kindEvent, json.RawMessage(payload))
		require.NoError(t, err)
		require.Equal(t, said{typ: typeEvent, changed: want}, s, payload)
	}
}

// FuzzHandle found this: an envelope of the kind "slash_command" was taken for a slash command that
// nobody had typed.
func TestAKindCalledLikeATypeOfOursIsNotOne(t *testing.T) {
	for _, kind := range []string{typeSlash, typeClick, typeSubmit, typeEvent, typeClosed} {
		s, err := hear(kind, json.RawMessage(`{"type":"block_actions","team":{"id":"T1"},"user":{"io":"U1"},"actions":[{"action_id":"approve","value":"v1:1"}]}`))
		require.NoError(t, err)
		require.Equal(t, typeUnknown+kind, s.typ)
	}
}

func TestAReferenceIsShort(t *testing.T) {
	require.Equal(t, "1a2b3c4d", (&envelope{id: "1a2b3c4d-0000-4000-8000-123456789abc"}).reference())
}

func FuzzHear(f *testing.F) {
	for _, kind := range []string{"slash_commands", "interactive", "events_api", "hello", ""} {
		for _, payload := range []string{``, `null`, `{}`, `[]`, `"x"`, `{"type":"block_actions","user":{"id":"U1"},"actions":[{"value":{}}]}`,
			`{"user_id":"U1","text":"\u0000"}`, `{"type":"view_submission","user":{"id":"U1"},"view":{"state":{"values":{"a":{"b":{"value":[]}}}}}}`} {
			f.Add(kind, []byte(payload))
		}
	}
	f.Fuzz(func(t *testing.T, kind string, payload []byte) {
		s, err := hear(kind, payload)
		if err == nil && (kind == "slash_commands" || kind == "interactive") && s.who == "" {
			t.Errorf("heard without an author: %q", payload)
		}
		if _, err := view.ParseButtonValue(s.value); err == nil && s.value == "" {
			t.Errorf("a button without a value was read as one: %q", payload)
		}
	})
}

// TestAnEventIsReadNoFurther than what somebody is called, whether they are an active full member or deactivated, and whether they say that they're away, also in the
// shapes that slack-go can't read; what doesn't say so is nobody's.
func TestAnEventIsReadNoFurther(t *testing.T) {
	for payload, want := range map[string]web.Change{
		`{"event":{"type":"user_change","user":{"id":"U1","deleted":true,"profile":{"status_text":"At the dentist","fields":[]}}}}`:          {Person: "U1", Gone: true},
		`{"event":{"type":"user_change","user":{"id":"U1","deleted":false,"is_bot":false,"is_restricted":false,"profile":{"fields":null}}}}`: {Person: "U1", Able: true},
		`{"event":{"type":"user_change","user":{"id":"U1","deleted":false,"profile":{"status_emoji":":palm_tree:","status_text":"On Crete","status_expiration":1800000000}}}}`: {
			Person: "U1", Able: true, Off: approvals.Off{Says: true, Until: time.Unix(1_800_000_000, 0).UTC()}},
		`{"event":{"type":"user_change","user":{"id":"U1","deleted":false,"profile":{"status_emoji":":palm_tree:","status_expiration":"soon"}}}}`: {
			Person: "U1", Able: true, Off: approvals.Off{Says: true}},
		`{"event":{"type":"user_change","user":{"id":"U1","deleted":false,"is_restricted":true}}}`: {Person: "U1"},
		`{"event":{"type":"user_change","user":{"id":"U1","deleted":false,"is_bot":true}}}`:        {Person: "U1", Bot: true},
		`{"event":{"type":"user_change","user":{"id":"U1","deleted":true,"real_name":"Sam Field","name":"sam","updated":1800000000}}}`: {
			Person: "U1", Gone: true, Name: "Sam Field", AsOf: time.Unix(1_800_000_000, 0).UTC()},
		`{"event":{"type":"user_change","user":{"id":"U1"}}}`:                        {},
		`{"event":{"type":"user_change","user":{"id":7,"deleted":"no"}}}`:            {},
		`{"event":{"type":"user_status_changed","user":{"id":"U1","deleted":true}}}`: {},
		`{"event":{"type":"user_change","user":[]}}`:                                 {},
	} {
		s, err := hear(kindEvent, json.RawMessage(payload))
		require.NoError(t, err)
		require.Equal(t, said{typ: typeEvent, person: want}, s, payload)
	}
}

// TestWhoHasComeIsReadNoFurther than that they are an active full member; of anybody else it is only known that they are none.
func TestWhoHasComeIsReadNoFurther(t *testing.T) {
	for payload, want := range map[string]said{
		`{"event":{"type":"team_join","user":{"id":"U1","deleted":false,"profile":{"real_name":"Jane"}}}}`: {person: web.Change{Person: "U1", Name: "Jane", Able: true}, came: "U1"},
		`{"event":{"type":"team_join","user":{"id":"U1","deleted":false,"is_restricted":true}}}`:           {person: web.Change{Person: "U1"}},
		`{"event":{"type":"team_join","user":{"id":"U1","deleted":false,"is_bot":true}}}`:                  {person: web.Change{Person: "U1", Bot: true}},
		`{"event":{"type":"team_join","user":{"id":"U1"}}}`:                                                {},
		`{"event":{"type":"user_change","user":{"id":"U1","deleted":false}}}`:                              {person: web.Change{Person: "U1", Able: true}},
	} {
		want.typ = typeEvent
		s, err := hear(kindEvent, json.RawMessage(payload))
		require.NoError(t, err)
		require.Equal(t, want, s, payload)
	}
}

// TestOfMessagesOnlyTalkInThreadsIsRead: what is said in a thread, changed or deleted; nothing of any other message, by
// whomever, and nothing of what bots say.
func TestOfMessagesOnlyTalkInThreadsIsRead(t *testing.T) {
	const in = `"channel":"C1","thread_ts":"1700000000.000100","ts":"1700000009.000200","user":"U1","text":"hm","parent_user_id":"U0BOT"`
	one := talk{place: "C1", thread: "1700000000.000100", ts: "1700000009.000200", by: "U1", words: "hm", parent: "U0BOT", how: howSaid}
	deleted, changed := one, one
	deleted.words, deleted.how, changed.how = "", howDeleted, howChanged
	for event, want := range map[string]talk{
		`{"type":"message",` + in + `}`:                              one,
		`{"type":"message","subtype":"thread_broadcast",` + in + `}`: one,
		`{"type":"message","subtype":"message_changed","channel":"C1","message":{` + in + `},"previous_message":{}}`:                       changed,
		`{"type":"message","subtype":"message_deleted","channel":"C1","deleted_ts":"1","previous_message":{` + in + `}}`:                   deleted,
		`{"type":"message","subtype":"message_changed","channel":"C1","message":{"subtype":"tombstone"},"previous_message":{` + in + `}}`:  deleted,
		`{"type":"message","channel":"C1","ts":"1700000009.000200","user":"U1","text":"lunch?"}`:                                           {},
		`{"type":"message","channel":"C1","ts":"1700000009.000200","thread_ts":"1700000009.000200","user":"U1","text":"a thread of mine"}`: {},
		`{"type":"message","bot_id":"B1",` + in + `}`:                                                                                      {},
		`{"type":"message","app_id":"A1",` + in + `}`:                                                                                      {},
		`{"type":"message","subtype":"bot_message",` + in + `}`:                                                                            {},
		`{"type":"message","subtype":"channel_join",` + in + `}`:                                                                           {},
		`{"type":"message","channel":"C1","thread_ts":7,"ts":[],"user":{},"text":null}`:                                                    {},
		`{"type":"message","subtype":"message_changed","message":"x"}`:                                                                     {},
		`{"type":"app_mention",` + in + `}`:                                                                                                {},
	} {
		s, err := hear(kindEvent, json.RawMessage(`{"event":`+event+`}`))
		require.NoError(t, err)
		require.Equal(t, said{typ: typeEvent, talk: want}, s, event)
	}
	require.Equal(t, int64(1700000009), one.at().Unix())
}
