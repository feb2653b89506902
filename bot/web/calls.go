package web

import (
	"context"
	"slices"
	"strings"

	"github.com/slack-go/slack"

	"github.com/usherbot/usher/approvals"
)

// How much is read at once, and how far at most.
const (
	historyPage  = 200
	channelsPage = 1000
	teamsPage    = 100
	mostPages    = 100
)

// Message is what a message shows: blocks, and the text that notifications and screen readers use. Plain stands in the place
// of blocks where a workspace refuses Slack's own tables and charts; without one, there is nothing else to send.
type Message struct {
	Text   string
	Blocks []slack.Block
	Plain  []slack.Block
}

// AwaitTurn waits for a conversation's clock, before a message is posted there. who is the key of what is to be posted: told to come back,
// it has one turn however often it asks; "": it has no key.
func (s *Client) AwaitTurn(ctx context.Context, place, who string) error {
	return s.pace.wait(ctx, MethodPost, place, who)
}

// Post sends a message, and answers with its ts. The caller has waited for its turn there.
func (s *Client) Post(ctx context.Context, place string, m Message, meta *slack.SlackMetadata) (ts string, err error) {
	ts, _, err = s.PostDrawn(ctx, place, m, meta)
	return ts, err
}

// PostDrawn is Post, and says whether the message was drawn plainly. A second try, in plain blocks, waits for its turn as any other
// message; the first one left nothing there.
func (s *Client) PostDrawn(ctx context.Context, place string, m Message, meta *slack.SlackMetadata) (ts string, plain bool, err error) {
	tries := 0
	plain, err = s.drawn(m, func(blocks []slack.Block) error {
		if tries++; tries > 1 {
			if err := s.AwaitTurn(ctx, place, ""); err != nil {
				return err
			}
		}
		return s.try(ctx, MethodPost, func(ctx context.Context) (err error) {
			said := ""
			said, ts, err = s.client.PostMessageContext(ctx, place, append(options(m.Text, blocks, meta), slack.MsgOptionDisableLinkUnfurl(), slack.MsgOptionDisableMediaUnfurl())...)
			if err == nil {
				err = fits(echoes(said, place) && isTS(ts))
			}
			return err
		})
	})
	return ts, plain, err
}

// Update changes a message in place; doing it twice does no harm.
func (s *Client) Update(ctx context.Context, place, ts string, m Message, meta *slack.SlackMetadata) error {
	_, err := s.UpdateDrawn(ctx, place, ts, m, meta)
	return err
}

// UpdateDrawn is Update, and says whether the message was drawn plainly.
func (s *Client) UpdateDrawn(ctx context.Context, place, ts string, m Message, meta *slack.SlackMetadata) (plain bool, err error) {
	return s.drawn(m, func(blocks []slack.Block) error {
		return s.call(ctx, methodUpdate, func(ctx context.Context) error {
			where, which, _, err := s.client.UpdateMessageContext(ctx, place, ts, options(m.Text, blocks, meta)...)
			if err == nil {
				err = fits(echoes(where, place) && echoes(which, ts))
			}
			return err
		})
	})
}

// echoes reports whether an answer repeats what was asked, or leaves it out.
func echoes(said, asked string) bool { return said == "" || said == asked }

// Remove takes a message of ours away; doing it twice does no harm.
func (s *Client) Remove(ctx context.Context, place, ts string) error {
	return s.call(ctx, methodDelete, func(ctx context.Context) error {
		where, which, err := s.client.DeleteMessageContext(ctx, place, ts)
		if err == nil {
			err = fits(echoes(where, place) && echoes(which, ts))
		}
		return err
	})
}

// Ephemeral shows a message to one person in a channel, or in a thread there, once they look.
func (s *Client) Ephemeral(ctx context.Context, place, thread, user string, m Message) error {
	_, err := s.drawn(m, func(blocks []slack.Block) error {
		return s.call(ctx, methodEphemeral, func(ctx context.Context) error {
			o := options(m.Text, blocks, nil)
			if thread != "" {
				o = append(o, slack.MsgOptionTS(thread))
			}
			ts, err := s.client.PostEphemeralContext(ctx, place, user, o...)
			if err == nil {
				err = fits(isTS(ts))
			}
			return err
		})
	})
	return err
}

// Respond posts an ephemeral answer to a response URL, which works wherever it was typed or clicked. An
// address that is not Slack's is not called.
func (s *Client) Respond(ctx context.Context, url string, m Message) error {
	if !s.ourSlack(url) {
		s.log.WarnContext(ctx, "something asks to be answered at an address that is not Slack's; it gets no answer there")
		return &Error{Method: pseudoResponseURL, Fault: Declined, Code: "not an address of Slack's"}
	}
	_, err := s.drawn(m, func(blocks []slack.Block) error {
		return s.call(ctx, pseudoResponseURL, func(ctx context.Context) error {
			return slack.PostWebhookCustomHTTPContext(ctx, url, s.hooks, &slack.WebhookMessage{
				Text: m.Text, Blocks: &slack.Blocks{BlockSet: blocks}, ResponseType: slack.ResponseTypeEphemeral, Parse: ParseNothing,
			})
		})
	})
	return err
}

// View is a form that is open: its id, and its state as Slack counts it.
type View struct{ ID, Hash string }

// OpenView shows a form; the trigger lives three seconds and opens one.
func (s *Client) OpenView(ctx context.Context, trigger string, view slack.ModalViewRequest) (opened View, err error) {
	err = s.call(ctx, methodOpenView, func(ctx context.Context) error {
		v, err := s.client.OpenViewContext(ctx, trigger, view)
		if err == nil {
			err = fits(v.ID != "" && v.CallbackID == view.CallbackID && v.PrivateMetadata == view.PrivateMetadata)
		}
		if err == nil {
			opened = View{v.ID, v.Hash}
		}
		return err
	})
	return opened, err
}

// UpdateView shows another form in the place of one. Where its state isn't v.Hash any more nothing is changed, and the
// error is Stale; without a hash it is changed whatever its state.
func (s *Client) UpdateView(ctx context.Context, v View, view slack.ModalViewRequest) (updated View, err error) {
	err = s.call(ctx, methodUpdateView, func(ctx context.Context) error {
		got, err := s.client.UpdateViewContext(ctx, view, "", v.Hash, v.ID)
		if err == nil {
			err = fits(echoes(got.ID, v.ID) && got.CallbackID == view.CallbackID && got.PrivateMetadata == view.PrivateMetadata)
		}
		if err == nil {
			updated = View{v.ID, got.Hash}
		}
		return err
	})
	return updated, err
}

// Stale reports whether a form was not changed because it had changed already.
func Stale(err error) bool { return IsCode(err, "hash_conflict") }

// openDM asks for the conversation in full, because that says whose it is; where Slack leaves it out, the id
// is enough.
func (s *Client) openDM(ctx context.Context, who approvals.PersonID) (string, error) {
	var place string
	err := s.call(ctx, methodOpenDM, func(ctx context.Context) error {
		c, _, _, err := s.client.OpenConversationContext(ctx, &slack.OpenConversationParameters{ReturnIM: true, Users: []string{string(who)}})
		if err != nil {
			return err
		}
		if err := fits(c != nil && strings.HasPrefix(c.ID, "D") && echoes(c.User, string(who))); err != nil {
			return err
		}
		place = c.ID
		return nil
	})
	return place, err
}

func (s *Client) user(ctx context.Context, id approvals.PersonID) (*slack.User, error) {
	var u *slack.User
	err := s.call(ctx, methodUser, func(ctx context.Context) (err error) {
		u, err = s.client.GetUserInfoContext(ctx, string(id))
		if err == nil {
			err = fits(u.ID == string(id))
		}
		return err
	})
	return u, err
}

// userByEmail is who bears an address; a fault NoPerson where nobody does who is not deactivated.
func (s *Client) userByEmail(ctx context.Context, email string) (*slack.User, error) {
	var u *slack.User
	err := s.call(ctx, methodByEmail, func(ctx context.Context) (err error) {
		u, err = s.client.GetUserByEmailContext(ctx, email)
		if err == nil {
			err = fits(personShape.MatchString(u.ID) && approvals.SameEmail(u.Profile.Email, email))
		}
		return err
	})
	return u, err
}

// room is a channel as the bot sees it.
func (s *Client) room(ctx context.Context, id string) (c *slack.Channel, err error) {
	err = s.call(ctx, methodChannel, func(ctx context.Context) (err error) {
		c, err = s.client.GetConversationInfoContext(ctx, &slack.GetConversationInfoInput{ChannelID: id})
		if err == nil {
			err = fits(c.ID == id)
		}
		return err
	})
	return c, err
}

// History reads one page of a conversation with the metadata of its messages.
func (s *Client) History(ctx context.Context, place, oldest, cursor string) (page []slack.Message, next string, err error) {
	err = s.call(ctx, MethodHistory, func(ctx context.Context) error {
		h, err := s.client.GetConversationHistoryContext(ctx, &slack.GetConversationHistoryParameters{
			ChannelID: place, Oldest: oldest, Cursor: cursor, Limit: historyPage, IncludeAllMetadata: true})
		if err != nil {
			return err
		}
		page, next = h.Messages, h.ResponseMetaData.NextCursor
		return fitHistory(page, oldest)
	})
	return page, next, err
}

// Thread reads one page of a thread: its first message and the answers, the oldest first.
func (s *Client) Thread(ctx context.Context, place, thread, cursor string) (page []slack.Message, next string, err error) {
	err = s.call(ctx, methodReplies, func(ctx context.Context) error {
		page, _, next, err = s.client.GetConversationRepliesContext(ctx, &slack.GetConversationRepliesParameters{
			ChannelID: place, Timestamp: thread, Cursor: cursor, Limit: historyPage, IncludeAllMetadata: true})
		if err != nil {
			return err
		}
		return fits(page != nil && !slices.ContainsFunc(page, func(m slack.Message) bool {
			return !isTS(m.Timestamp) || m.Timestamp != thread && m.ThreadTimestamp != thread
		}))
	})
	return page, next, err
}

// ParseNothing keeps Slack from making links of the bare addresses in a message's text, which it does
// unless told otherwise, and from looking for names in it, which is what chat.update does by default.
const ParseNothing = "none"

// Stands reports whether a message is still there.
func (s *Client) Stands(ctx context.Context, place, ts string) (there bool, err error) {
	err = s.call(ctx, MethodHistory, func(ctx context.Context) error {
		h, err := s.client.GetConversationHistoryContext(ctx, &slack.GetConversationHistoryParameters{
			ChannelID: place, Oldest: ts, Latest: ts, Inclusive: true, Limit: 1})
		if err != nil {
			return err
		}
		there = len(h.Messages) > 0
		return fits(h.Messages != nil && !slices.ContainsFunc(h.Messages, func(m slack.Message) bool { return m.Timestamp != ts }))
	})
	return there, err
}

// options are the parts of a message. Nothing in it is parsed anew. That links don't unfold is said where a message is posted: no other method
// takes it.
func options(text string, blocks []slack.Block, meta *slack.SlackMetadata) []slack.MsgOption {
	o := []slack.MsgOption{
		slack.MsgOptionText(text, false), slack.MsgOptionBlocks(blocks...),
		slack.MsgOptionParse(false),
	}
	if meta != nil {
		o = append(o, slack.MsgOptionMetadata(*meta))
	}
	return o
}
