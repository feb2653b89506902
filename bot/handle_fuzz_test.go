package bot

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/bot/bottest"
	"github.com/usherbot/usher/bot/view"
	"github.com/usherbot/usher/bot/web"
	"github.com/usherbot/usher/commands"
)

// FuzzHandle: whatever an envelope bears, it is acknowledged exactly once and in time, nothing panics,
// nothing is called but Slack's own addresses, and a vote or a command reaches the rooms behind
// only with a person of our workspace and a number above zero. And nobody is met with silence: a form is
// committed or answered, never closed bare; whoever clicks or types gets what they asked for, or is told.
func FuzzHandle(f *testing.F) {
	for _, kind := range []string{"slash_commands", "interactive", "events_api", "hello", ""} {
		for _, payload := range envelopesSeen {
			f.Add(kind, []byte(payload))
		}
	}
	f.Fuzz(func(t *testing.T, kind string, payload []byte) {
		if acks := heldByTheRooms(t, kind, payload); acks != 1 {
			t.Fatalf("%d acks: %s %q", acks, kind, payload)
		}
	})
}

// heldByTheRooms lets a bot handle an envelope between rooms that let nothing wrong through, and counts the acks
// that came in time.
func heldByTheRooms(t *testing.T, kind string, payload []byte) (acks int) {
	synctest.Test(t, func(t *testing.T) {
		rooms := &strictRooms{t: t, payload: payload, began: time.Now()}
		log := slog.New(strictLog{slog.DiscardHandler, t})
		slack := web.New(web.Config{APIURL: "https://slack.com/api/", BotToken: "xoxb-x", HTTP: &http.Client{Transport: rooms}, Now: time.Now, Log: log})
		b := New(slack, Config{Now: time.Now, Log: log}, rooms, rooms)
		b.Reviews = strictReviews{rooms}
		_, err := slack.Identity(t.Context())
		require.NoError(t, err)
		rooms.calls = 0
		for _, l := range b.lanes() {
			l.open(t.Context())
		}
		b.handle(t.Context(), &envelope{id: "e-1", kind: kind, payload: payload, via: rooms, heard: rooms.began})
		for _, l := range b.lanes() {
			l.close()
		}
		rooms.silent(kind)
		if rooms.ackedAfter <= 3*time.Second {
			acks = rooms.acks
		}
	})
	return acks
}

var envelopesSeen = []string{
	``, `null`, `{}`, `[]`, `"x"`, "\xff", `{"type":7}`, `{"type":"block_actions"}`,
	`{"team_id":"T0ACME","user_id":"U1","channel_id":"C1","text":"create a@b.example Jane because","response_url":"https://hooks.slack.com/commands/T/1/x","trigger_id":"1.2.3"}`,
	`{"team_id":"T0ACME","user_id":"U1","channel_id":"C1","text":"sites","response_url":"https://evil.example/x"}`,
	`{"team_id":"T0EVIL","user_id":"U1","text":"cancel 1","response_url":"http://169.254.169.254/latest/"}`,
	`{"team_id":"T0ACME","user_id":"U1","text":"\u0000\u202e<!channel>"}`,
	`{"type":"block_actions","team":{"id":"T0ACME"},"user":{"id":"U1"},"actions":[{"action_id":"approve","value":"v1:1"}]}`,
	`{"type":"block_actions","team":{"id":"T0ACME"},"user":{"id":"U1"},"actions":[{"action_id":"deny","value":"v1:1"}],"trigger_id":"1.2.3","response_url":"https://hooks.slack.com/actions/T/1/x"}`,
	`{"type":"block_actions","team":{"id":"T0ACME"},"user":{"id":"U1"},"actions":[{"action_id":"happened","value":"v1:-1"}]}`,
	`{"type":"block_actions","team":{"id":"T0ACME"},"user":{"id":"U1"},"actions":[{"action_id":"retry","value":"v2:1"}]}`,
	`{"type":"block_actions","team":{"id":"T0ACME"},"user":{"id":"U1"},"actions":[{"action_id":"approve","value":{"a":[]}}]}`,
	`{"type":"view_submission","team":{"id":"T0ACME"},"user":{"id":"U1"},"view":{"callback_id":"deny","private_metadata":"v1:1","state":{"values":{"reason":{"reason":{"value":"no"}}}}}}`,
	`{"type":"view_submission","team":{"id":"T0ACME"},"user":{"id":"U1"},"view":{"callback_id":"deny","private_metadata":"v1:1","state":{"values":{"reason":{"reason":{"value":[]}}}}}}`,
	`{"type":"view_submission","team":{"id":"T0ACME"},"user":{"id":"U1"},"view":{"callback_id":"other"}}`,
	`{"type":"view_submission","team":{"id":"T0ACME"},"user":{"id":"U1"},"view":{"id":"V1","callback_id":"ask","private_metadata":"v1:1","state":{"values":{"words":{"words":{"value":"why?"}}}}}}`,
	`{"type":"view_submission","team":{"id":"T0ACME"},"user":{"id":"U1"},"view":{"id":[],"callback_id":"answer","private_metadata":"v1:1/2","state":{"values":{"words":{"words":{"value":"so"}}}}}}`,
	`{"type":"block_actions","team":{"id":"T0ACME"},"user":{"id":"U1"},"actions":[{"action_id":"answer","value":"v1:1/1"}],"trigger_id":"1.2.3","response_url":"https://hooks.slack.com/actions/T/1/x"}`,
	`{"type":"block_actions","team":{"id":"T0ACME"},"user":{"id":"U1"},"actions":[{"action_id":"answer","value":"v1:1/99999999999999999999"}]}`,
	`{"type":"view_submission","team":{"id":"T0ACME"},"user":{"id":"U1"},"view":{"callback_id":"deny","private_metadata":"v1:1","state":{"values":[]}}}`,
	`{"type":"view_submission","team":{"id":"T0ACME"},"user":{"id":"U1"},"view":{"callback_id":"deny","private_metadata":"v2:1:abcdefghij234567","state":[]}}`,
	`{"type":"view_submission","team":{"id":"T0ACME"},"user":[],"view":[]}`, `{"type":"view_submission"}`,
	`{"type":"block_actions","team":{"id":"T0ACME"},"user":{"id":"U1"},"actions":{}}`, `{"type":"block_actions","team":[],"user":{"id":"U1"},"actions":[[]],"view":7}`,
	`{"team_id":"T0ACME","user_id":"U1","text":[]}`, `{"team_id":"T0ACME","user_id":"U1","text":null}`,
	`{"type":"view_closed","team":{"id":"T0ACME"},"user":{"id":"U1"}}`, `{"type":"block_suggestion","user":{"id":"U1"},"team":{"id":"T0ACME"}}`,
	`{"type":"shortcut","callback_id":"request","trigger_id":"1.2.3","user":{"id":"U1"},"team":{"id":"T0ACME"}}`,
	`{"type":"message_action","callback_id":"request_for_author","trigger_id":"1.2.3","user":{"id":"U1"},"team":{"id":"T0ACME"},"channel":{"id":"C1"},"message":{"user":"U2","text":"x"}}`,
	`{"type":"message_action","callback_id":"request_for_author","user":{"id":"U1"},"team":{"id":"T0ACME"},"message":[]}`,
	`{"type":"block_suggestion","user":{"id":"U1"},"team":{"id":"T0ACME"},"action_id":"x","block_id":"f:sites:find-resources0:seranking","value":"acme","view":{"id":"V1","callback_id":"request","private_metadata":"{\"v\":1}"}}`,
	`{"type":"block_suggestion","user":{"id":"U1"},"team":{"id":"T0ACME"},"action_id":"x","block_id":"f:sites:own-resources0:seranking","value":"acme, é","view":{"id":"V1","callback_id":"request","private_metadata":"{\"v\":1}"}}`,
	`{"type":"view_submission","team":{"id":"T0ACME"},"user":{"id":"U1"},"view":{"id":"V1","callback_id":"request","private_metadata":"{\"v\":1}","state":{"values":{"reason":{"reason":{"value":"no"}},"for":{"for":{"selected_option":{"value":"me"}}}}}}}`,
	`{"type":"view_submission","team":{"id":"T0ACME"},"user":{"id":"U1"},"view":{"id":"V1","callback_id":"request","private_metadata":"{\"v\":9}","state":{"values":{"reason":{"reason":{"value":"no"}}}}}}`,
	`{"type":"view_submission","team":{"id":"T0ACME"},"user":{"id":"U1"},"view":{"callback_id":"request","private_metadata":"{\"v\":1}","state":{"values":{"reason":{"reason":{"value":"no"}}}}}}`,
	`{"type":"block_actions","team":{"id":"T0ACME"},"user":{"id":"U1"},"actions":[{"action_id":"for","selected_option":{"value":"me"},"action_ts":"1.2"}],"view":{"id":"V1","hash":"1.a","callback_id":"request","private_metadata":"{\"v\":1}","state":{"values":{"for":{"for":{"selected_option":{"value":"me"}}}}}}}`,
	`{"type":"block_actions","team":{"id":"T0ACME"},"user":{"id":"U1"},"actions":[{"action_id":"for"}],"view":{"id":"V1","callback_id":"other"}}`,
	`{"type":"block_actions","team":{"id":"T0ACME"},"user":{"id":"U1"},"actions":[{"action_id":"form","value":"v1:{}"}],"trigger_id":"1.2.3"}`,
	`{"type":"block_actions","team":{"id":"T0ACME"},"user":{"id":"U1"},"actions":[{"action_id":"form","value":"v9:"}]}`,
	`{"type":"block_actions","team":{"id":"T0ACME"},"user":{"id":"U1"},"channel":{"id":"D1"},"actions":[{"action_id":"review_keep","value":"v1:{\"n\":3,\"x\":\"a\"}"}],"trigger_id":"1.2.3","response_url":"https://hooks.slack.com/actions/T/1/x"}`,
	`{"type":"block_actions","team":{"id":"T0ACME"},"user":{"id":"U1"},"channel":{"id":"D1"},"actions":[{"action_id":"review_keep","value":"v1:{\"n\":3,\"x\":\"a\",\"l\":1}"}],"trigger_id":"1.2.3","response_url":"https://hooks.slack.com/actions/T/1/x"}`,
	`{"type":"block_actions","team":{"id":"T0ACME"},"user":{"id":"U1"},"channel":{"id":"D1"},"actions":[{"action_id":"review_keep","value":"v1:{\"n\":3,\"x\":\"a\",\"l\":-1}"}],"trigger_id":"1.2.3","response_url":"https://hooks.slack.com/actions/T/1/x"}`,
	`{"type":"block_actions","team":{"id":"T0ACME"},"user":{"id":"U1"},"channel":{"id":"D1"},"actions":[{"action_id":"review_take","value":"v1:{\"n\":3,\"x\":\"a\",\"l\":1,\"t\":true}"}],"trigger_id":"1.2.3","response_url":"https://hooks.slack.com/actions/T/1/x"}`,
	`{"type":"block_actions","team":{"id":"T0ACME"},"user":{"id":"U1"},"channel":{"id":"D1"},"actions":[{"action_id":"review_take","value":"v1:{\"n\":3,\"l\":99}"}],"trigger_id":"1.2.3","response_url":"https://hooks.slack.com/actions/T/1/x"}`,
	`{"type":"block_actions","team":{"id":"T0ACME"},"user":{"id":"U1"},"channel":{"id":"D1"},"actions":[{"action_id":"review_usual","value":"v1:{\"n\":3,\"x\":\"a\"}"}],"trigger_id":"1.2.3","response_url":"https://hooks.slack.com/actions/T/1/x"}`,
	`{"type":"block_actions","team":{"id":"T0ACME"},"user":{"id":"U1"},"channel":{"id":"D1"},"actions":[{"action_id":"review_rest","value":"v1:{\"n\":3,\"x\":\"a\"}"}],"trigger_id":"1.2.3","response_url":"https://hooks.slack.com/actions/T/1/x"}`,
	`{"type":"block_actions","team":{"id":"T0ACME"},"user":{"id":"U1"},"channel":{"id":"D1"},"actions":[{"action_id":"review_rest","value":"v1:{\"n\":3,\"f\":9999999}"}],"trigger_id":"1.2.3","response_url":"https://hooks.slack.com/actions/T/1/x"}`,
	`{"type":"block_actions","team":{"id":"T0ACME"},"user":{"id":"U1"},"channel":{"id":"D1"},"actions":[{"action_id":"review_rest_change","value":"v1:{\"n\":3,\"c\":true}"}],"trigger_id":"1.2.3","response_url":"https://hooks.slack.com/actions/T/1/x"}`,
	`{"type":"block_actions","team":{"id":"T0ACME"},"user":{"id":"U1"},"channel":{"id":"D1"},"actions":[{"action_id":"review_file","value":"v1:{\"n\":3}"}],"trigger_id":"1.2.3","response_url":"https://hooks.slack.com/actions/T/1/x"}`,
	`{"type":"block_actions","team":{"id":"T0ACME"},"user":{"id":"U1"},"channel":{"id":"D1"},"actions":[{"action_id":"review_file","value":"v1:[]"}],"trigger_id":"1.2.3","response_url":"https://hooks.slack.com/actions/T/1/x"}`,
	`{"type":"view_submission","team":{"id":"T0ACME"},"user":{"id":"U1"},"view":{"id":"V1","callback_id":"review_why","private_metadata":"v1:{\"n\":3,\"l\":1}","state":{"values":{"why":{"why":{"value":"x"}}}}}}`,
	`{"type":"view_submission","team":{"id":"T0ACME"},"user":{"id":"U1"},"view":{"id":"V1","callback_id":"review_why","private_metadata":"v1:{\"n\":3,\"t\":true}","state":{"values":{"why":{"why":{"value":null}}}}}}`,
	`{"type":"view_submission","team":{"id":"T0ACME"},"user":{"id":"U1"},"view":{"id":"V1","callback_id":"review_rest","private_metadata":"v1:{\"n\":3}","state":{"values":{"answer:0":{"answer:":{"selected_option":{"value":"keep"}}},"why:1":{"why:":{"value":"x"}},"answer:1":{"answer:":{"selected_option":{"value":"elsewhere"}}}}}}}`,
	`{"type":"view_submission","team":{"id":"T0ACME"},"user":{"id":"U1"},"view":{"id":"V1","callback_id":"review_rest","private_metadata":"v9:","state":{"values":[]}}}`,
	`{"type":"view_submission","team":{"id":"T0ACME"},"user":{"id":"U1"},"view":{"id":"V1","callback_id":"review_begin","private_metadata":"v1:{\"c\":\"C1\"}","state":{"values":{"app":{"app":{"selected_option":{"value":"seranking"}}},"due":{"due":{"value":"14d"}}}}}}`,
	`{"type":"view_submission","team":{"id":"T0ACME"},"user":{"id":"U1"},"view":{"id":"V1","callback_id":"review_begin","private_metadata":"v1:{}","state":{"values":[]}}}`,
	`{"type":"shortcut","user":{"id":"U1"},"team":{"id":"T0ACME"}}`, `{"type":"event_callback","event":{"type":"message"}}`,
}

// strictRooms are the rooms behind the ear and the wire before it. They fail the test when anything
// comes through that must not.
type strictRooms struct {
	t       *testing.T
	payload []byte

	mu         sync.Mutex
	acks       int
	ackedAfter time.Duration
	began      time.Time
	// committed is a vote that was kept, said what the ack bore, calls how often Slack was asked for anything.
	committed bool
	said      any
	calls     int
}

// silent fails the test where somebody who can be told has got neither what they wanted nor a word.
func (r *strictRooms) silent(kind string) {
	payload := objectOf(r.payload)
	typ := payload.text("type")
	told := r.committed || r.said != nil
	switch {
	case kind == "interactive" && typ == typeSubmit && !told:
		r.t.Errorf("a form was closed as if it had been taken: %q", r.payload)
	case kind == "interactive" && typ != typeClosed && payload.in("user").text("id") != "" && !told && r.calls == 0:
		r.t.Errorf("who clicked hears nothing: %q", r.payload)
	case kind == "slash_commands" && !told && r.calls == 0:
		r.t.Errorf("who typed hears nothing: %q", r.payload)
	}
}

func (r *strictRooms) AckCtx(_ context.Context, _ string, payload any) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.said = payload
	r.acks++
	r.ackedAfter = time.Since(r.began)
	return nil
}

func (r *strictRooms) RoundTrip(req *http.Request) (*http.Response, error) {
	if req.URL.Scheme != "https" || req.URL.Host != "slack.com" && req.URL.Host != "hooks.slack.com" {
		r.t.Errorf("called %s for %q", req.URL, r.payload)
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.calls++
	answer := `{"ok":false,"error":"not_in_channel"}`
	if strings.HasSuffix(req.URL.Path, "/auth.test") {
		answer = `{"ok":true,"team_id":"T0ACME","user_id":"U0USHER","bot_id":"B0USHER"}`
	}
	return &http.Response{StatusCode: 200, Header: http.Header{"Content-Type": {"application/json"}}, Request: req,
		Body: io.NopCloser(strings.NewReader(answer))}, nil
}

func (r *strictRooms) person(n int64, who string) error {
	if n < 1 || who == "" || !strings.Contains(string(r.payload), "T0ACME") && json.Valid(r.payload) && !strings.Contains(string(r.payload), `\u`) {
		r.t.Errorf("%q acts on #%d for %q", who, n, r.payload)
	}
	return approvals.NoSuch(n)
}

func (r *strictRooms) Named(_ context.Context, name approvals.Name) error {
	if name.Number < 1 {
		r.t.Errorf("#%d is asked for by %q", name.Number, r.payload)
	}
	return nil
}

func (r *strictRooms) Opened(_ context.Context, who approvals.PersonID, _ string, _ time.Time) error {
	_ = r.person(1, string(who))
	return nil
}

func (r *strictRooms) Regrouped(context.Context, time.Time) error {
	r.t.Error("who is in a group that nobody asks about has not changed for us")
	return nil
}

func (r *strictRooms) Vote(_ context.Context, n int64, v approvals.Vote, _ time.Time) (approvals.Ballot, error) {
	if err := r.person(n, string(v.By)); n%2 == 0 {
		return approvals.Ballot{}, err
	}
	r.committed = true
	return approvals.Ballot{}, nil
}

func (r *strictRooms) MayDecide(_ context.Context, n int64, by approvals.Actor, _ time.Time) (approvals.Request, error) {
	return approvals.Request{Number: n}, nil
}

func (r *strictRooms) VoteAll(_ context.Context, n int64, v approvals.Vote, _ []approvals.Sight, _ time.Time) ([]approvals.Cast, error) {
	if err := r.person(n, string(v.By)); n%2 == 0 {
		return nil, err
	}
	r.committed = true
	return []approvals.Cast{{Ballot: approvals.Ballot{Request: approvals.Request{Number: n}}}}, nil
}

func (r *strictRooms) MayDecideAny(_ context.Context, n int64, by approvals.Actor, _ time.Time) ([]approvals.Request, error) {
	return []approvals.Request{{Number: n}}, nil
}

func (r *strictRooms) Said(context.Context, int64, approvals.Event, string, time.Time) (approvals.Request, bool, error) {
	return approvals.Request{}, false, nil
}

func (r *strictRooms) MayInquire(_ context.Context, n int64, _ approvals.Actor, _ time.Time) (approvals.Request, error) {
	return approvals.Request{Number: n}, nil
}

func (r *strictRooms) Inquire(_ context.Context, n int64, q approvals.Question, _ time.Time) (approvals.Request, error) {
	return approvals.Request{}, r.person(n, string(q.By))
}

func (r *strictRooms) MayReply(_ context.Context, n int64, question int, _ approvals.Actor, _ time.Time) (approvals.Request, error) {
	if question != 1 {
		return approvals.Request{}, approvals.NoSuch(n)
	}
	return approvals.Request{Number: n, Questions: make([]approvals.Question, 1)}, nil
}

func (r *strictRooms) Reply(_ context.Context, n int64, _ int, by approvals.Actor, _ approvals.Answer, _ time.Time) (approvals.Request, error) {
	return approvals.Request{}, r.person(n, string(by))
}

func (r *strictRooms) MayExtend(_ context.Context, n int64, by approvals.Actor, _ time.Time) (approvals.Request, error) {
	return approvals.Request{Number: n}, r.person(n, string(by))
}

func (r *strictRooms) Extend(_ context.Context, e commands.Extending, c commands.Call, _ time.Time) (commands.Reply, commands.Mistakes, error) {
	if err := r.person(e.Request, string(c.User)); e.Request%2 == 0 {
		return commands.Reply{}, nil, err
	}
	r.committed = true
	return commands.Reply{}, nil, nil
}

func (r *strictRooms) EndNow(_ context.Context, n int64, by approvals.Actor, _ string, _ time.Time) (approvals.Request, error) {
	return r.Settle(context.Background(), n, by, false, "", time.Time{})
}

func (r *strictRooms) Follow(_ context.Context, n int64, by approvals.Actor, _ string, _ time.Time) (approvals.Request, error) {
	return r.Settle(context.Background(), n, by, false, "", time.Time{})
}

func (r *strictRooms) MayRead(context.Context, approvals.PersonID) error { return nil }

func (r *strictRooms) Settle(_ context.Context, n int64, by approvals.Actor, _ bool, _ string, _ time.Time) (approvals.Request, error) {
	return approvals.Request{}, r.person(n, string(by))
}

func (r *strictRooms) Retry(_ context.Context, n int64, by approvals.Actor, _ string, _ time.Time) (approvals.Request, error) {
	return approvals.Request{}, r.person(n, string(by))
}

func (r *strictRooms) Plan(c commands.Call) (commands.Command, *commands.Reply) {
	return commands.Parse(bottest.Inventory{}.Apps(), c.Text)
}

func (r *strictRooms) Run(_ context.Context, cmd commands.Command, c commands.Call, _ time.Time) (commands.Reply, error) {
	if c.User == "" {
		r.t.Errorf("nobody typed %q", r.payload)
	}
	if cmd.Keeps() {
		return commands.Reply{}, errors.New("the disk is gone")
	}
	return commands.Reply{Head: approvals.Sayf("%v", c.Text)}, nil
}

func (r *strictRooms) Sheet(_ context.Context, by approvals.PersonID, d commands.Draft, _ time.Time) (commands.Sheet, error) {
	if by == "" {
		r.t.Errorf("nobody asked for the form of %q", r.payload)
	}
	app := bottest.Inventory{}.Apps()[0]
	return commands.Sheet{Draft: d, Apps: bottest.Inventory{}.Apps(), App: app, Action: app.Entry.Actions[0]}, nil
}

func (r *strictRooms) EditSheet(_ context.Context, n int64, by approvals.PersonID, _ time.Time) (approvals.Request, commands.Sheet, error) {
	app := bottest.Inventory{}.Apps()[0]
	return approvals.Request{Number: n, App: app, Action: app.Entry.Actions[0].Key}, commands.Sheet{App: app, Action: app.Entry.Actions[0]}, r.person(n, string(by))
}

func (r *strictRooms) EditSheetAgain(ctx context.Context, n int64, by approvals.PersonID, _ commands.Draft) (approvals.Request, commands.Sheet, error) {
	return r.EditSheet(ctx, n, by, time.Time{})
}

func (r *strictRooms) Edit(_ context.Context, _ commands.Draft, e commands.Editing, _ time.Time) (approvals.Request, commands.Mistakes, error) {
	if err := r.person(e.Request, string(e.By)); e.Request%2 == 0 {
		return approvals.Request{}, nil, err
	}
	r.committed = true
	return approvals.Request{Number: e.Request}, nil, nil
}

func (r *strictRooms) Search(context.Context, approvals.PersonID, commands.Draft, string, string) commands.Found {
	return commands.Found{}
}

func (r *strictRooms) Own(_ context.Context, _ approvals.PersonID, _ commands.Draft, _, typed string) commands.Owns {
	return commands.Owns{Typing: []commands.Own{{Typed: typed, Words: []string{typed}}}}
}

func (r *strictRooms) Submit(_ context.Context, d commands.Draft, c commands.Call, _ time.Time) (commands.Reply, commands.Mistakes, error) {
	if c.User == "" || c.Key == "" {
		r.t.Errorf("nobody sent %q", r.payload)
	}
	r.committed = true
	return commands.Reply{Head: approvals.Sayf("sent")}, nil, nil
}

// strictLog fails the test for a handler that panicked.
type strictLog struct {
	slog.Handler
	t *testing.T
}

// Enabled implements slog.Handler.
func (strictLog) Enabled(context.Context, slog.Level) bool { return true }

// WithAttrs implements slog.Handler.
func (l strictLog) WithAttrs([]slog.Attr) slog.Handler { return l }

// Handle implements slog.Handler.
func (l strictLog) Handle(_ context.Context, r slog.Record) error {
	if strings.Contains(r.Message, "went wrong and was caught") {
		r.Attrs(func(a slog.Attr) bool { l.t.Log(a); return true })
		l.t.Error(r.Message)
	}
	return nil
}

// TestWhatFuzzingFoundInTheEar: each row stands as a seed of the same name in testdata/fuzz/FuzzHandle.
func TestWhatFuzzingFoundInTheEar(t *testing.T) {
	rows := []struct {
		seed, kind, payload, wrong string
		now                        said
	}{
		{"kind_called_like_a_type_of_ours", "slash_command",
			`{"type":"view_submission","team":{"id":"T0ACME"},"user":{"io":"U1"},"view":{"callback_id":"deny","private_metadata":"v1:1","state":{"values":{"reason":{"reason":{"value":"nd"}}}}}}`,
			"an envelope of an unknown kind that is called as we call a slash command was carried out as one, typed by nobody",
			said{typ: "unknown slash_command", team: "T0ACME", form: "deny", bears: "v1:1", inputs: []view.Input{{Block: "reason", Values: []string{"nd"}}}}},
	}
	for _, row := range rows {
		t.Run(row.seed, func(t *testing.T) {
			raw, err := os.ReadFile(filepath.Join("testdata", "fuzz", "FuzzHandle", row.seed))
			require.NoError(t, err)
			require.Equal(t, fmt.Sprintf("go test fuzz v1\nstring(%q)\n[]byte(%q)\n", row.kind, row.payload), string(raw))
			heard, err := hear(row.kind, []byte(row.payload))
			require.NoError(t, err)
			require.Equal(t, row.now, heard, "before: %s", row.wrong)
			acks := heldByTheRooms(t, row.kind, []byte(row.payload))
			require.Equal(t, 1, acks)
		})
	}
	seeds, err := os.ReadDir(filepath.Join("testdata", "fuzz", "FuzzHandle"))
	require.NoError(t, err)
	require.Len(t, seeds, len(rows), "every seed has its row")
}
