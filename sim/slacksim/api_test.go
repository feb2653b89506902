package slacksim

import (
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/slack-go/slack"
	"github.com/stretchr/testify/require"
)

// call makes one Web API call without any library.
func (w *world) call(method, contentType, body, bearer string) map[string]any {
	answer, _ := w.exchangeHTTP(method, contentType, body, bearer)
	return answer
}

func (w *world) exchangeHTTP(method, contentType, body, bearer string) (map[string]any, *http.Response) {
	w.t.Helper()
	r, err := http.NewRequestWithContext(w.t.Context(), http.MethodPost, testBase+"/api/"+method, strings.NewReader(body))
	require.NoError(w.t, err)
	if contentType != "" {
		r.Header.Set("Content-Type", contentType)
	}
	if bearer != "" {
		r.Header.Set("Authorization", "Bearer "+bearer)
	}
	response, err := w.http.Do(r)
	require.NoError(w.t, err)
	defer response.Body.Close()
	raw, err := io.ReadAll(response.Body)
	require.NoError(w.t, err)
	var answer map[string]any
	require.NoError(w.t, json.Unmarshal(raw, &answer), string(raw))
	return answer, response
}

const formType = "application/x-www-form-urlencoded"

func TestTokens(t *testing.T) {
	inWorld(t, Options{}, func(t *testing.T, w *world) {
		for name, c := range map[string]struct{ contentType, body, bearer, want string }{
			"form":    {formType, "token=xoxb-slacksim", "", ""},
			"header":  {"", "", "xoxb-slacksim", ""},
			"none":    {"", "", "", "not_authed"},
			"wrong":   {"", "", "xoxb-other", "invalid_auth"},
			"in JSON": {"application/json", `{"token":"xoxb-slacksim"}`, "", "not_authed"},
		} {
			answer, response := w.exchangeHTTP("auth.test", c.contentType, c.body, c.bearer)
			require.Equal(t, 200, response.StatusCode)
			require.Equal(t, c.want, str(answer["error"]), name)
			require.Equal(t, c.want == "", response.Header.Get("X-OAuth-Scopes") != "", name)
		}
		answer, response := w.exchangeHTTP("auth.test", "", "", "xoxb-slacksim")
		require.Equal(t, BotUser, answer["user_id"])
		require.Contains(t, response.Header.Get("X-OAuth-Scopes"), "chat:write")
		w.Issue("xoxb-second")
		w.IssueElsewhere("xoxb-third")
		w.Retire("xoxb-slacksim")
		require.Equal(t, "token_revoked", w.call("auth.test", "", "", "xoxb-slacksim")["error"])
		require.Equal(t, TeamID, w.call("auth.test", "", "", "xoxb-second")["team_id"])
		require.NotEqual(t, TeamID, w.call("auth.test", "", "", "xoxb-third")["team_id"])
		w.Revoke("token_revoked")
		require.Equal(t, "token_revoked", w.call("auth.test", "", "", "xoxb-second")["error"])
	})
}

func TestScopes(t *testing.T) {
	inWorld(t, Options{Scopes: []string{"commands", "users:read"}}, func(t *testing.T, w *world) {
		w.lenient()
		answer := w.call("chat.postMessage", formType, "token=xoxb-slacksim&channel=C0GENERAL&text=x", "")
		require.Equal(t, "missing_scope", answer["error"])
		require.Equal(t, "chat:write", answer["needed"])
		require.Equal(t, "commands,users:read", answer["provided"])
		require.Empty(t, w.Messages("general"))
		require.Contains(t, w.Violations()[0], "chat:write")
		u, err := w.api.GetUserInfo("U0ALICE")
		require.NoError(t, err)
		require.Empty(t, u.Profile.Email, "addresses take users:read.email")
		for method, needed := range map[string]string{
			"conversations.info?channel=C0GENERAL": "channels:read", "conversations.list?types=private_channel": "groups:read",
			"conversations.history?channel=C0GENERAL": "channels:history", "users.lookupByEmail": "users:read.email",
		} {
			require.Equal(t, needed, w.call(method, "", "", "xoxb-slacksim")["needed"], method)
		}
	})
}

func TestUnknownMethodsAndBodies(t *testing.T) {
	inWorld(t, Options{}, func(t *testing.T, w *world) {
		w.lenient()
		answer := w.call("chat.shout", "", "", "xoxb-slacksim")
		require.Equal(t, "unknown_method", answer["error"])
		require.Equal(t, "chat.shout", answer["req_method"])
		require.Equal(t, "invalid_json", w.call("auth.test", "application/json", "{", "xoxb-slacksim")["error"])
		require.Equal(t, "invalid_post_type", w.call("auth.test", "text/csv", "a", "xoxb-slacksim")["error"])
		require.Equal(t, "missing_charset", w.call("auth.test", "application/json", "{}", "xoxb-slacksim")["warning"])
		require.Nil(t, w.call("auth.test", "application/json; charset=utf-8", "{}", "xoxb-slacksim")["warning"])
	})
}

func TestJSONAndFormsSayTheSame(t *testing.T) {
	inWorld(t, Options{}, func(t *testing.T, w *world) {
		blocks := `[{"type":"section","text":{"type":"mrkdwn","text":"hello"}}]`
		form := url.Values{"token": {"xoxb-slacksim"}, "channel": {"C0GENERAL"}, "text": {"t"}, "blocks": {blocks}}
		require.Equal(t, true, w.call("chat.postMessage", formType, form.Encode(), "")["ok"])
		body := `{"channel":"C0GENERAL","text":"t","blocks":` + blocks + `}`
		require.Equal(t, true, w.call("chat.postMessage", "application/json; charset=utf-8", body, "xoxb-slacksim")["ok"])
		messages := w.Messages("C0GENERAL")
		require.Equal(t, "t\nhello", PlainText(messages[0]))
		require.Equal(t, PlainText(messages[0]), PlainText(messages[1]))
		require.Less(t, messages[0].TS, messages[1].TS)
		require.NotEmpty(t, messages[0].Blocks[0]["block_id"], "Slack fills ids in")
	})
}

func TestUsers(t *testing.T) {
	inWorld(t, Options{}, func(t *testing.T, w *world) {
		u, err := w.api.GetUserInfo("U0ADMIN")
		require.NoError(t, err)
		require.Equal(t, "Europe/Berlin", u.TZ)
		require.True(t, u.IsAdmin)
		require.Equal(t, "carol@acme.example", u.Profile.Email)
		_, err = w.api.GetUserInfo("U0NOBODY")
		require.EqualError(t, err, "user_not_found")
		_, err = w.api.GetUserByEmail("nobody@acme.example")
		require.EqualError(t, err, "users_not_found")
		u, err = w.api.GetUserByEmail("DAVE@acme.example")
		require.NoError(t, err)
		require.Equal(t, "U0DAVE", u.ID)
		_, err = w.api.GetUserByEmail("hal@acme.example")
		require.EqualError(t, err, "users_not_found", "deactivated people are not found")
		all, err := w.api.GetUsers(slack.GetUsersOptionLimit(3))
		require.NoError(t, err)
		require.Len(t, all, 9)
		guest, err := w.api.GetUserInfo("U0GUEST")
		require.NoError(t, err)
		require.True(t, guest.IsRestricted)
		members, err := w.api.GetUserGroupMembers("S0LEADS")
		require.NoError(t, err)
		require.Equal(t, []string{"U0BOB", "U0ERIN"}, members)
		_, err = w.api.GetUserGroupMembers("S0NONE")
		require.EqualError(t, err, "no_such_subteam")
		groups, err := w.api.GetUserGroups(slack.GetUserGroupsOptionIncludeUsers(true))
		require.NoError(t, err)
		require.Equal(t, "leads", groups[0].Handle)
		require.Equal(t, "invalid_cursor", w.call("users.list?cursor=zzz", "", "", "xoxb-slacksim")["error"])
	})
}

// TestATokenOfAnOrganizationNamesTheWorkspace: Slack's lists are each workspace's own.
func TestATokenOfAnOrganizationNamesTheWorkspace(t *testing.T) {
	inWorld(t, Options{}, func(t *testing.T, w *world) {
		w.lenient()
		w.AddGroup(Group{ID: "S0FAR", Handle: "far", Team: "T0FAR", Users: []string{"U0DAVE"}})
		_, err := w.api.GetUserGroupMembers("S0FAR", slack.GetUserGroupMembersOptionTeamID("T0FAR"))
		require.EqualError(t, err, "no_such_subteam", "with another token the argument is passed over")
		w.Behave(Manners{OrgWide: true})
		for _, method := range []string{"conversations.list", "users.list", "usergroups.list", "usergroups.users.list"} {
			require.Equal(t, "missing_argument", w.call(method, "", "", "xoxb-slacksim")["error"], method)
			require.Equal(t, "team_access_not_granted", w.call(method+"?team_id=T0NONE", "", "", "xoxb-slacksim")["error"], method)
		}
		require.Len(t, w.Violations(), 4)
		teams, next, err := w.api.ListTeams(slack.ListTeamsParameters{Limit: 1})
		require.NoError(t, err)
		require.Equal(t, TeamID, teams[0].ID)
		teams, next, err = w.api.ListTeams(slack.ListTeamsParameters{Cursor: next})
		require.NoError(t, err)
		require.Equal(t, "T0FAR", teams[0].ID)
		require.Empty(t, next)
		members, err := w.api.GetUserGroupMembers("S0FAR", slack.GetUserGroupMembersOptionTeamID("T0FAR"))
		require.NoError(t, err)
		require.Equal(t, []string{"U0DAVE"}, members)
	})
}

func TestConversations(t *testing.T) {
	inWorld(t, Options{}, func(t *testing.T, w *world) {
		w.AddChannel(Channel{ID: "C0SECRET", Name: "secret", Private: true, Members: []string{"U0BOB"}})
		w.AddChannel(Channel{ID: "C0OTHER", Name: "other"})
		channels, next, err := w.api.GetConversations(&slack.GetConversationsParameters{Limit: 3, Types: []string{"public_channel", "private_channel"}})
		require.NoError(t, err)
		require.Len(t, channels, 3)
		rest, next, err := w.api.GetConversations(&slack.GetConversationsParameters{Cursor: next, Types: []string{"public_channel", "private_channel"}})
		require.NoError(t, err)
		require.Empty(t, next)
		require.Equal(t, "other", rest[0].Name, "the private one is not seen")
		_, err = w.api.GetConversationInfo(&slack.GetConversationInfoInput{ChannelID: "C0SECRET"})
		require.EqualError(t, err, "channel_not_found")
		_, _, _, err = w.api.JoinConversation("C0OTHER")
		require.NoError(t, err)
		members, _, err := w.api.GetUsersInConversation(&slack.GetUsersInConversationParameters{ChannelID: "C0OTHER"})
		require.NoError(t, err)
		require.Equal(t, []string{BotUser}, members)
		im, _, _, err := w.api.OpenConversation(&slack.OpenConversationParameters{Users: []string{"U0ALICE"}})
		require.NoError(t, err)
		require.Equal(t, w.DMChannel("U0ALICE"), im.ID)
		for user, want := range map[string]string{"U0GONE": "user_disabled", "U0X": "user_not_found", "": "users_list_not_supplied"} {
			require.Equal(t, want, w.call("conversations.open", formType, "token=xoxb-slacksim&users="+user, "")["error"])
		}
	})
}

func TestHistoryAndReplies(t *testing.T) {
	inWorld(t, Options{NoPostLimit: true}, func(t *testing.T, w *world) {
		var ts []string
		for _, text := range []string{"one", "two", "three"} {
			_, at, err := w.api.PostMessage("C0GENERAL", slack.MsgOptionText(text, false),
				slack.MsgOptionMetadata(slack.SlackMetadata{EventType: "usher", EventPayload: map[string]any{"key": "card/" + text}}))
			require.NoError(t, err)
			ts = append(ts, at)
			<-time.After(time.Second)
		}
		_, _, err := w.api.PostMessage("C0GENERAL", slack.MsgOptionText("reply", false), slack.MsgOptionTS(ts[0]))
		require.NoError(t, err)
		h, err := w.api.GetConversationHistory(&slack.GetConversationHistoryParameters{ChannelID: "C0GENERAL", Limit: 2, IncludeAllMetadata: true})
		require.NoError(t, err)
		require.True(t, h.HasMore)
		require.Equal(t, "three", h.Messages[0].Text)
		require.Equal(t, "card/three", h.Messages[0].Metadata.EventPayload["key"])
		h, err = w.api.GetConversationHistory(&slack.GetConversationHistoryParameters{ChannelID: "C0GENERAL", Oldest: ts[1], Inclusive: true})
		require.NoError(t, err)
		require.Len(t, h.Messages, 2)
		require.Empty(t, h.Messages[0].Metadata.EventType, "metadata comes only when asked for")
		replies, _, _, err := w.api.GetConversationReplies(&slack.GetConversationRepliesParameters{ChannelID: "C0GENERAL", Timestamp: ts[0]})
		require.NoError(t, err)
		require.Len(t, replies, 2)
		require.Equal(t, ts[0], replies[1].ThreadTimestamp)
		replies, _, _, err = w.api.GetConversationReplies(&slack.GetConversationRepliesParameters{ChannelID: "C0GENERAL", Timestamp: ts[0], Oldest: "946770000.000000"})
		require.NoError(t, err, "a thread in which nothing was said of late is there")
		require.Empty(t, replies)
		_, _, _, err = w.api.GetConversationReplies(&slack.GetConversationRepliesParameters{ChannelID: "C0GENERAL", Timestamp: "1.000000"})
		require.EqualError(t, err, "thread_not_found")
		link, err := w.api.GetPermalink(&slack.PermalinkParameters{Channel: "C0GENERAL", Ts: ts[0]})
		require.NoError(t, err)
		require.True(t, strings.HasPrefix(link, testBase+"/archives/C0GENERAL/p"), link)
	})
}

func TestSmallMethods(t *testing.T) {
	inWorld(t, Options{}, func(t *testing.T, w *world) {
		team, err := w.api.GetTeamInfo()
		require.NoError(t, err)
		require.Equal(t, "Acme", team.Name)
		bot, err := w.api.GetBotInfo(slack.GetBotInfoParameters{Bot: BotID})
		require.NoError(t, err)
		require.Equal(t, AppID, bot.AppID)
		_, ts, err := w.api.PostMessage("#general", slack.MsgOptionText("hi", false))
		require.NoError(t, err)
		ref := slack.NewRefToMessage("C0GENERAL", ts)
		require.NoError(t, w.api.AddReaction("eyes", ref))
		require.EqualError(t, w.api.AddReaction("eyes", ref), "already_reacted")
		require.Equal(t, map[string]int{"eyes": 1}, last(t, w.Messages("general")).Reactions)
	})
}
