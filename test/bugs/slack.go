package bugs

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"net/url"
	"strings"

	"github.com/usherbot/usher/app"
	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/bot"
	"github.com/usherbot/usher/sim/slacksim"
	"github.com/usherbot/usher/test/world"
)

// credulous believes that a conversation is with whom it was asked for, whoever the answer names.
type credulous struct{ http.RoundTripper }

func (c credulous) RoundTrip(req *http.Request) (*http.Response, error) {
	resp, err := c.RoundTripper.RoundTrip(req)
	if err != nil || !strings.HasSuffix(req.URL.Path, "conversations.open") {
		return resp, err
	}
	question, err := req.GetBody()
	if err != nil {
		return nil, err
	}
	form, err := io.ReadAll(question)
	if err != nil {
		return nil, err
	}
	asked, err := url.ParseQuery(string(form))
	if err != nil {
		return nil, err
	}
	answer, err := io.ReadAll(resp.Body)
	_ = resp.Body.Close() // it has been read
	believed := bytes.ReplaceAll(answer, []byte(`"U0DAVE"`), []byte(`"`+asked.Get("users")+`"`))
	resp.Body, resp.ContentLength = io.NopCloser(bytes.NewReader(believed)), int64(len(believed))
	return resp, err
}

func wrongIDBelieved(s *app.Surroundings) { s.SlackHTTP.Transport = credulous{s.SlackHTTP.Transport} }

// WrongConversation lets Slack open a conversation with somebody else than was asked for: the second, with who asked.
func WrongConversation(w *world.World) {
	w.N.Slack.Plan(slacksim.Fault{Method: "conversations.open", Kind: slacksim.OtherID, Skip: 1})
}

// numbered takes whatever bears a number for the request that has it now.
type numbered struct{ bot.Desk }

func (d numbered) Named(ctx context.Context, name approvals.Name) error {
	if err := d.Desk.Named(ctx, name); approvals.CodeOf(err) != approvals.Conflict {
		return err
	}
	return nil
}

func numberOnly(s *app.Surroundings) {
	s.Between.Desk = func(d bot.Desk) bot.Desk { return numbered{d} }
}
