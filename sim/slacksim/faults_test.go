package slacksim

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"testing"
	"time"

	"github.com/slack-go/slack"
	"github.com/slack-go/slack/socketmode"
	"github.com/stretchr/testify/require"
)

func TestFaultsStrikeBeforeOrAfterTheEffect(t *testing.T) {
	for _, kind := range []Kind{Status500, Cut, HTML, Slow, Hang} {
		for _, when := range []When{BeforeEffect, AfterEffect} {
			t.Run(fmt.Sprint(kind, when), func(t *testing.T) {
				inWorld(t, Options{}, func(t *testing.T, w *world) {
					w.FailNext("chat.postMessage", when, kind)
					_, _, err := w.api.PostMessage("C0GENERAL", slack.MsgOptionText("one", false))
					require.Error(t, err)
					want := 0
					if when == AfterEffect {
						want = 1
					}
					require.Len(t, w.Messages("general"), want)
					require.Equal(t, when == AfterEffect, w.CallsOf("chat.postMessage")[0].Applied)
					_, _, err = w.api.PostMessage("C0GENERAL", slack.MsgOptionText("two", false))
					require.NoError(t, err, "one fault strikes once")
					require.Len(t, w.Messages("general"), want+1)
				})
			})
		}
	}
}

// TestAnswersThatDoNotFit: they come as successes, and the call has taken effect.
func TestAnswersThatDoNotFit(t *testing.T) {
	inWorld(t, Options{}, func(t *testing.T, w *world) {
		for kind, want := range map[Kind][2]string{OtherID: {elsewhere, ""}, NoID: {"C0GENERAL", ""}, OtherTS: {"C0GENERAL", noSuchTS}} {
			before := len(w.Messages("general"))
			w.Plan(Fault{Method: "chat.postMessage", Kind: kind, Skip: 1})
			_, honest, err := w.api.PostMessage("C0GENERAL", slack.MsgOptionText("one", false))
			require.NoError(t, err)
			place, ts, err := w.api.PostMessage("C0GENERAL", slack.MsgOptionText("two", false))
			require.NoError(t, err)
			require.Equal(t, want[0], place)
			if kind != OtherID {
				require.Equal(t, want[1], ts)
			}
			require.NotEqual(t, honest, ts)
			require.Len(t, w.Messages("general"), before+2)
			<-time.After(10 * time.Second)
		}
		w.Plan(Fault{Method: "users.info", Kind: OtherID})
		u, err := w.api.GetUserInfo("U0BOB")
		require.NoError(t, err)
		require.Equal(t, "U0DAVE", u.ID)
		w.lenient()
		w.Plan(Fault{Method: "users.info", Kind: OtherTS})
		_, err = w.api.GetUserInfo("U0BOB")
		require.NoError(t, err)
		require.Contains(t, w.Violations()[0], "can be of the kind")
	})
}

func TestJSONThatEndsInTheMiddle(t *testing.T) {
	for _, when := range []When{BeforeEffect, AfterEffect} {
		inWorld(t, Options{}, func(t *testing.T, w *world) {
			w.FailNext("chat.postMessage", when, Torn)
			_, _, err := w.api.PostMessage("C0GENERAL", slack.MsgOptionText("one", false))
			require.ErrorContains(t, err, "unexpected EOF")
			require.Equal(t, when == AfterEffect, len(w.Messages("general")) == 1)
		})
	}
}

// TestALimitOnALaterCall: the planned call is limited, and whoever does not wait is noticed.
func TestALimitOnALaterCall(t *testing.T) {
	inWorld(t, Options{}, func(t *testing.T, w *world) {
		w.lenient()
		w.Plan(Fault{Method: "auth.test", Kind: RetryAfter, Delay: 20 * time.Second, Skip: 1})
		_, err := w.api.AuthTest()
		require.NoError(t, err)
		var limited *slack.RateLimitedError
		_, err = w.api.AuthTest()
		require.ErrorAs(t, err, &limited)
		require.Equal(t, 20*time.Second, limited.RetryAfter)
		<-time.After(20 * time.Second)
		_, err = w.api.AuthTest()
		require.NoError(t, err)
		require.Empty(t, w.Violations())
		w.Plan(Fault{Method: "auth.test", Kind: RetryAfter, Delay: 20 * time.Second})
		_, err = w.api.AuthTest()
		require.ErrorAs(t, err, &limited)
		<-time.After(time.Second)
		_, err = w.api.AuthTest()
		require.NoError(t, err)
		require.Contains(t, w.Violations()[0], "Retry-After")
	})
}

func TestASlowAnswerStillComesToThePatient(t *testing.T) {
	inWorld(t, Options{}, func(t *testing.T, w *world) {
		w.Plan(Fault{Method: "auth.test", Kind: Slow, Delay: 5 * time.Second, Times: 2, Skip: 1})
		for _, want := range []time.Duration{0, 5 * time.Second, 5 * time.Second, 0} {
			begun := time.Now()
			_, err := w.api.AuthTest()
			require.NoError(t, err)
			require.Equal(t, want, time.Since(begun))
		}
	})
}

func TestRateLimitOnDemand(t *testing.T) {
	inWorld(t, Options{}, func(t *testing.T, w *world) {
		w.lenient()
		w.RateLimit("chat.update", 2, 30*time.Second)
		_, ts, err := w.api.PostMessage("C0GENERAL", slack.MsgOptionText("x", false))
		require.NoError(t, err, "other methods are not held up")
		update := func() error {
			_, _, _, err := w.api.UpdateMessage("C0GENERAL", ts, slack.MsgOptionText("y", false))
			return err
		}
		var limited *slack.RateLimitedError
		require.ErrorAs(t, update(), &limited)
		require.Equal(t, 30*time.Second, limited.RetryAfter)
		<-time.After(30 * time.Second)
		require.ErrorAs(t, update(), &limited)
		require.ErrorAs(t, update(), &limited, "as one that was on its way already")
		require.Empty(t, w.Violations())
		<-time.After(time.Second)
		require.NoError(t, update())
		require.Contains(t, w.Violations()[0], "Retry-After")
	})
}

func TestTheJournalBearsNoToken(t *testing.T) {
	inWorld(t, Options{}, func(t *testing.T, w *world) {
		_, _, err := w.api.PostMessage("C0NONE", slack.MsgOptionText("x", false))
		require.Error(t, err)
		calls := w.Calls()
		require.Len(t, calls, 1)
		require.Equal(t, "channel_not_found", calls[0].Outcome)
		require.False(t, calls[0].Applied)
		require.Equal(t, "x", calls[0].Args["text"])
		require.NotContains(t, string(asJSON(t, calls)), "xoxb")
	})
}

// answerTo posts to a response URL and returns status and body.
func (w *world) answerTo(link string, body any) (int, string) {
	r, err := http.NewRequestWithContext(w.t.Context(), http.MethodPost, link, bytes.NewReader(asJSON(w.t, body)))
	require.NoError(w.t, err)
	r.Header.Set("Content-Type", "application/json")
	response, err := w.http.Do(r)
	require.NoError(w.t, err)
	defer response.Body.Close()
	raw, err := io.ReadAll(response.Body)
	require.NoError(w.t, err)
	return response.StatusCode, string(raw)
}

// responseURL types a command and returns the URL for its answers.
func (w *world) responseURL(a *app) string {
	require.True(w.t, w.Type("U0ALICE", "general", "/access").Wait().Acked)
	commands := a.got(socketmode.EventTypeSlashCommand)
	return commands[len(commands)-1].Data.(slack.SlashCommand).ResponseURL
}

func TestAResponseURLTakesFivePostsInHalfAnHour(t *testing.T) {
	inWorld(t, Options{}, func(t *testing.T, w *world) {
		w.lenient()
		a := w.connect(nil)
		defer a.stop()
		link := w.responseURL(a)
		require.Contains(t, link, testBase+"/commands/"+TeamID+"/")
		w.Kick("general", BotUser) // it works where the bot is no member
		for n := range 5 {
			require.NoError(t, slack.PostWebhookCustomHTTP(link, w.http, &slack.WebhookMessage{Text: fmt.Sprint("answer ", n)}))
		}
		require.Len(t, w.Ephemerals("U0ALICE"), 5)
		require.Empty(t, w.Messages("general"))
		status, body := w.answerTo(link, map[string]any{"text": "6"})
		require.Equal(t, 404, status)
		require.JSONEq(t, `{"ok":false,"error":"used_url"}`, body)
		link = w.responseURL(a)
		<-time.After(31 * time.Minute)
		_, body = w.answerTo(link, map[string]any{"text": "late"})
		require.Contains(t, body, "expired_url")
		_, body = w.answerTo(testBase+"/commands/T0ACME/1/x", map[string]any{"text": "?"})
		require.Contains(t, body, "no_service")
		require.Len(t, w.Violations(), 3)
	})
}

func TestWhatAResponseURLCanDo(t *testing.T) {
	inWorld(t, Options{}, func(t *testing.T, w *world) {
		a := w.connect(nil)
		defer a.stop()
		link := w.responseURL(a)
		status, body := w.answerTo(link, map[string]any{"text": "for all", "response_type": "in_channel"})
		require.Equal(t, "200 ok", fmt.Sprint(status, " ", body))
		require.Equal(t, "for all", last(t, w.Messages("general")).Text)
		_, err := w.api.PostEphemeral("C0GENERAL", "U0ALICE", card("sure?"))
		require.NoError(t, err)
		ts := last(t, w.Ephemerals("U0ALICE")).TS
		require.True(t, w.Click("U0ALICE", "general", ts, "Approve").Wait().Acked)
		link = a.interactions(slack.InteractionTypeBlockActions)[0].ResponseURL
		_, body = w.answerTo(link, map[string]any{"text": "sure", "blocks": []any{}, "replace_original": true})
		require.Equal(t, "ok", body)
		require.Equal(t, "sure", PlainText(last(t, w.Ephemerals("U0ALICE"))))
		_, body = w.answerTo(link, map[string]any{"delete_original": true})
		require.Equal(t, "ok", body)
		require.Empty(t, w.Ephemerals("U0ALICE"))
		_, body = w.answerTo(link, map[string]any{"text": ""})
		require.Contains(t, body, "no_text")
		w.FailNext("response_url", AfterEffect, Status500)
		status, _ = w.answerTo(link, map[string]any{"text": "lost"})
		require.Equal(t, 500, status)
		require.Equal(t, "lost", last(t, w.Ephemerals("U0ALICE")).Text)
	})
}

func TestAClickedMessageIsReplaced(t *testing.T) {
	inWorld(t, Options{}, func(t *testing.T, w *world) {
		a := w.connect(nil)
		defer a.stop()
		_, ts, err := w.api.PostMessage("C0APPROVE", card("asks"))
		require.NoError(t, err)
		require.True(t, w.Click("U0BOB", "C0APPROVE", ts, "Approve").Wait().Acked)
		link := a.interactions(slack.InteractionTypeBlockActions)[0].ResponseURL
		w.answerTo(link, map[string]any{"text": "approved", "blocks": []any{}, "replace_original": "true"})
		m, ok := w.Message("C0APPROVE", ts)
		require.True(t, ok)
		require.Equal(t, "approved", PlainText(m))
	})
}

func TestFilesGoUpInThreeSteps(t *testing.T) {
	inWorld(t, Options{}, func(t *testing.T, w *world) {
		w.lenient()
		content := "id,email\n1,jane@acme.example\n"
		upload := slack.UploadFileParameters{Channel: "C0REPORTS", Filename: "seats.csv", FileSize: len(content),
			Content: content, Title: "Seats", InitialComment: "All seats"}
		f, err := w.api.UploadFile(upload)
		require.NoError(t, err)
		require.Equal(t, "Seats", f.Title)
		require.Equal(t, content, string(w.Files()[0].Content))
		m := last(t, w.Messages("seat-reports"))
		require.Equal(t, "All seats", m.Text)
		require.Equal(t, []string{f.ID}, m.Files)
		h, err := w.api.GetConversationHistory(&slack.GetConversationHistoryParameters{ChannelID: "C0REPORTS"})
		require.NoError(t, err)
		var down bytes.Buffer
		require.NoError(t, w.api.GetFile(h.Messages[0].Files[0].URLPrivate, &down))
		require.Equal(t, content, down.String())
		require.Equal(t, "OK - 3", w.form("body", "a,b"), "@slack/web-api calls the field otherwise than slack-go")
		upload.FileSize++
		_, err = w.api.UploadFile(upload)
		require.ErrorContains(t, err, "400")
		require.Len(t, w.Violations(), 1)
		require.Equal(t, "file_not_found", w.call("files.completeUploadExternal", formType,
			`token=xoxb-slacksim&files=[{"id":"F0NONE"}]`, "")["error"])
	})
}

func TestBlocksValidate(t *testing.T) {
	inWorld(t, Options{}, func(t *testing.T, w *world) {
		ask := func(body string) map[string]any {
			return w.call("blocks.validate", "application/json; charset=utf-8", body, "")
		}
		require.Equal(t, true, ask(`{"blocks":[{"type":"divider"}]}`)["ok"])
		answer := ask(`{"blocks":[{"type":"section","text":{"type":"html","text":"x"}}]}`)
		require.Equal(t, "invalid_blocks", answer["error"])
		raw, err := json.Marshal(answer["errors"])
		require.NoError(t, err)
		require.JSONEq(t, `[{"code":"failed_constraint","message":"must be a valid enum value","pointer":"/0/text/type",
			"constraint":{"type":"enum","expected":["plain_text","mrkdwn"]}}]`, string(raw))
		require.Equal(t, "invalid_view", ask(`{"view":{"type":"modal","blocks":[]}}`)["error"])
		require.Equal(t, "invalid_message", ask(`{"message":{"blocks":[{"type":"x"}]}}`)["error"])
		require.Equal(t, "invalid_arguments", ask(`{"blocks":[],"view":{}}`)["error"])
		require.Equal(t, "invalid_arguments", ask(`{}`)["error"])
		require.Empty(t, w.Violations())
	})
}

func TestALateEffectComesWhetherOrNotAnybodyWaits(t *testing.T) {
	inWorld(t, Options{}, func(t *testing.T, w *world) {
		w.Plan(Fault{Method: "chat.postMessage", Kind: Late, Delay: 20 * time.Second})
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
		defer cancel()
		_, _, err := w.api.PostMessageContext(ctx, "C0GENERAL", slack.MsgOptionText("at last", false))
		require.ErrorIs(t, err, context.DeadlineExceeded)
		require.Empty(t, w.Messages("general"))
		<-time.After(11 * time.Second)
		require.Equal(t, "at last", last(t, w.Messages("general")).Text)
	})
}

func TestALimitMayComeWithoutSayingForHowLong(t *testing.T) {
	inWorld(t, Options{}, func(t *testing.T, w *world) {
		w.FailNext("chat.postMessage", BeforeEffect, Limited)
		_, _, err := w.api.PostMessage("C0GENERAL", slack.MsgOptionText("now", false))
		var status slack.StatusCodeError
		require.ErrorAs(t, err, &status)
		require.Equal(t, 429, status.Code)
		require.Empty(t, w.Messages("general"))
	})
}

// TestWhatPeopleAttachIsReadWithTheScopeForIt: a file that somebody added to a form can be looked up and read by a token that may
// read files; without that the call is refused, and the download shows the sign-in page.
func TestWhatPeopleAttachIsReadWithTheScopeForIt(t *testing.T) {
	inWorld(t, Options{}, func(t *testing.T, w *world) {
		id := str(object(w.Attach("U0ERIN", "members list.csv", []byte("Email\n"))[0])["id"])
		f, _, _, err := w.api.GetFileInfo(id, 0, 0)
		require.NoError(t, err)
		require.Equal(t, []any{"members list.csv", 6, "U0ERIN"}, []any{f.Name, f.Size, f.User})
		var down bytes.Buffer
		require.NoError(t, w.api.GetFile(f.URLPrivateDownload, &down))
		require.Equal(t, "Email\n", down.String())
		w.DeleteFile(id)
		_, _, _, err = w.api.GetFileInfo(id, 0, 0)
		require.EqualError(t, err, "file_deleted")
		_, _, _, err = w.api.GetFileInfo("F0NONE", 0, 0)
		require.EqualError(t, err, "file_not_found")
	})
	inWorld(t, Options{Scopes: []string{"chat:write"}}, func(t *testing.T, w *world) {
		w.lenient()
		id := str(object(w.Attach("U0ERIN", "members.csv", []byte("Email\n"))[0])["id"])
		_, _, _, err := w.api.GetFileInfo(id, 0, 0)
		require.EqualError(t, err, "missing_scope")
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, testBase+"/files-pri/"+TeamID+"-"+id+"/download/members.csv", nil)
		require.NoError(t, err)
		r.Header.Set("Authorization", "Bearer xoxb-slacksim")
		resp, err := w.http.Do(r)
		require.NoError(t, err)
		require.NoError(t, resp.Body.Close())
		require.Equal(t, http.StatusOK, resp.StatusCode)
		require.Contains(t, resp.Header.Get("Content-Type"), "text/html")
		require.Contains(t, w.Violations(), "called files.info without the scope files:read")
	})
}

// form uploads a file of three bytes as the field of a form, and tells what Slack says.
func (w *world) form(field, content string) string {
	up, err := w.api.GetUploadURLExternalContext(w.t.Context(), slack.GetUploadURLExternalParameters{FileName: "x.csv", FileSize: len(content)})
	require.NoError(w.t, err)
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	part, err := form.CreateFormFile(field, "x.csv")
	require.NoError(w.t, err)
	_, err = part.Write([]byte(content))
	require.NoError(w.t, err)
	require.NoError(w.t, form.Close())
	response, err := w.http.Post(up.UploadURL, form.FormDataContentType(), &body)
	require.NoError(w.t, err)
	defer func() { _ = response.Body.Close() }()
	said, err := io.ReadAll(response.Body)
	require.NoError(w.t, err)
	return string(said)
}
