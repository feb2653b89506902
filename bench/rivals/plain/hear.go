package main

import (
	"context"
	"errors"
	"fmt"
	"log"
	"strconv"
	"strings"
	"time"

	"github.com/slack-go/slack"
	"github.com/slack-go/slack/socketmode"
	"go.etcd.io/bbolt"
)

// bot hears in one loop, posts cards in another, and carries out in a third.
type bot struct {
	store        *store
	api          *slack.Client
	socket       *socketmode.Client
	vendor, key  string
	cards, deeds chan struct{} // there may be something to do
}

// listen takes one event after the other: it is kept, then acknowledged.
func (b *bot) listen(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case e := <-b.socket.Events:
			b.hear(e)
		}
	}
}

func (b *bot) hear(e socketmode.Event) {
	switch data := e.Data.(type) {
	case slack.SlashCommand:
		b.ack(e, map[string]any{"response_type": "ephemeral", "text": b.command(data)})
	case slack.InteractionCallback:
		text := b.click(data)
		b.ack(e, nil)
		if text != "" {
			go b.whisper(data, text)
		}
	default:
		if e.Request != nil && e.Request.EnvelopeID != "" {
			b.ack(e, nil)
		}
	}
}

func (b *bot) ack(e socketmode.Event, payload any) {
	var err error
	if payload == nil {
		err = b.socket.Ack(*e.Request)
	} else {
		err = b.socket.Ack(*e.Request, payload)
	}
	if err != nil {
		log.Printf("acknowledge: %v", err)
	}
}

// command keeps a request, and says so.
func (b *bot) command(c slack.SlashCommand) string {
	words, reason, _ := strings.Cut(c.Text, " because ")
	f := strings.Fields(words)
	if len(f) < 3 || f[0] != "create" || !strings.Contains(f[1], "@") {
		return "Try /access create EMAIL FIRST because …"
	}
	r, err := b.store.ask(request{By: c.UserID, Email: address(f[1]), First: f[2], Reason: reason, Asked: time.Now()})
	switch {
	case errors.Is(err, errAsked):
		return "Somebody has asked for that already."
	case err != nil:
		log.Printf("keep a request: %v", err)
		return "That couldn't be saved. Please try again."
	}
	wake(b.cards)
	return fmt.Sprintf("Request #%d sent: a seat for %s.", r.N, r.Email)
}

// address takes <mailto:a@b|a@b> for a@b.
func address(s string) string {
	s = strings.TrimSuffix(strings.TrimPrefix(s, "<mailto:"), ">")
	s, _, _ = strings.Cut(s, "|")
	return s
}

// click keeps a yes; what it says is for whoever clicked, if anything is.
func (b *bot) click(c slack.InteractionCallback) string {
	if len(c.ActionCallback.BlockActions) == 0 {
		return ""
	}
	n, err := strconv.ParseInt(c.ActionCallback.BlockActions[0].Value, 10, 64)
	if err != nil {
		return "That button is broken."
	}
	_, err = b.store.change(n, func(tx *bbolt.Tx, r *request) error {
		if r.State != "pending" {
			return errDecided
		}
		r.State, r.Approver, r.Decided = "approved", c.User.ID, time.Now()
		return errors.Join(tx.Bucket(emails).Delete([]byte(r.Email)), tx.Bucket(deeds).Put(key(n), nil))
	})
	switch {
	case errors.Is(err, errDecided):
		return "That is decided already."
	case err != nil:
		log.Printf("keep a decision: %v", err)
		return "That couldn't be saved. Please try again."
	}
	wake(b.deeds)
	return ""
}

func (b *bot) whisper(c slack.InteractionCallback, text string) {
	if _, err := b.api.PostEphemeral(c.Channel.ID, c.User.ID, slack.MsgOptionText(text, false)); err != nil {
		log.Printf("whisper: %v", err)
	}
}

// wake says once more that there may be something to do.
func wake(c chan struct{}) {
	select {
	case c <- struct{}{}:
	default:
	}
}
