package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log"
	"net/http"
	"strconv"
	"time"

	"github.com/slack-go/slack"
	"go.etcd.io/bbolt"
)

const channel = "C0APPROVE"

// post puts up one card after the other, one a second, which is what Slack allows.
func (b *bot) post(ctx context.Context) {
	b.all(ctx, cards, b.cards, func(r request) error {
		_, ts, err := b.api.PostMessageContext(ctx, channel, slack.MsgOptionText(title(r), false), slack.MsgOptionBlocks(card(r)...))
		if err != nil {
			return fmt.Errorf("post a card: %w", err)
		}
		if _, err := b.store.change(r.N, func(tx *bbolt.Tx, r *request) error { r.Card = ts; return tx.Bucket(cards).Delete(key(r.N)) }); err != nil {
			return err
		}
		return wait(ctx, time.Second)
	})
}

// work carries out what is approved, and tells whoever asked.
func (b *bot) work(ctx context.Context) {
	b.all(ctx, deeds, b.deeds, func(r request) error {
		var err error
		if r.State == "approved" {
			if r.Account, err = b.create(ctx, r); err != nil {
				return err
			}
			if r, err = b.store.change(r.N, func(_ *bbolt.Tx, now *request) error { now.State, now.Account = "done", r.Account; return nil }); err != nil {
				return err
			}
		}
		if err := b.tell(ctx, r); err != nil {
			return err
		}
		_, err = b.store.change(r.N, func(tx *bbolt.Tx, r *request) error {
			r.State, r.Delivered = "told", time.Now()
			return tx.Bucket(deeds).Delete(key(r.N))
		})
		return err
	})
}

// all goes through a list of things to do, in order, and waits for more. What fails is tried again.
func (b *bot) all(ctx context.Context, list []byte, more chan struct{}, do func(request) error) {
	for ctx.Err() == nil {
		some, err := b.store.first(list, 100)
		for _, r := range some {
			if err = do(r); err != nil {
				break
			}
		}
		var slow *slack.RateLimitedError
		switch {
		case ctx.Err() != nil:
		case errors.As(err, &slow):
			_ = wait(ctx, slow.RetryAfter) // the end is seen above
		case err != nil:
			log.Printf("%v; it is tried again", err)
			_ = wait(ctx, time.Second) // likewise
		case len(some) == 0:
			select {
			case <-more:
			case <-ctx.Done():
			}
		}
	}
}

func wait(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// create asks the vendor for the account.
func (b *bot) create(ctx context.Context, r request) (int64, error) {
	body, err := json.Marshal([]any{map[string]any{"key": "data", "value": []any{map[string]any{"setting.account_email": r.Email},
		map[string]any{"setting.account_first_name": r.First}, map[string]any{"setting.account_password": "Aa1!" + strconv.FormatInt(r.Asked.UnixNano(), 36) + "xyz"}, map[string]any{"setting.account_type": "client"}}}})
	if err != nil {
		return 0, err
	}
	ask, err := http.NewRequestWithContext(ctx, http.MethodPost, b.vendor+"/project-management/users", bytes.NewReader(body))
	if err != nil {
		return 0, err
	}
	ask.Header.Set("Authorization", "Token "+b.key)
	ask.Header.Set("Content-Type", "application/json")
	answer, err := http.DefaultClient.Do(ask)
	if err != nil {
		return 0, fmt.Errorf("create an account: %w", err)
	}
	defer func() { _ = answer.Body.Close() }() // it was read
	var made struct{ ID json.Number }
	if err := json.NewDecoder(answer.Body).Decode(&made); err != nil || answer.StatusCode != http.StatusOK {
		return 0, fmt.Errorf("create an account: status %d: %v", answer.StatusCode, err)
	}
	return made.ID.Int64()
}

// tell changes the card, and writes to whoever asked.
func (b *bot) tell(ctx context.Context, r request) error {
	if r.Card != "" {
		if _, _, _, err := b.api.UpdateMessageContext(ctx, channel, r.Card, slack.MsgOptionText(title(r)+" — done", false), slack.MsgOptionBlocks(card(r)...)); err != nil {
			return fmt.Errorf("change a card: %w", err)
		}
	}
	dm, _, _, err := b.api.OpenConversationContext(ctx, &slack.OpenConversationParameters{Users: []string{r.By}})
	if err != nil {
		return fmt.Errorf("open a conversation: %w", err)
	}
	if _, _, err := b.api.PostMessageContext(ctx, dm.ID, slack.MsgOptionText(fmt.Sprintf("%s's seat is ready (#%d).", r.First, r.N), false)); err != nil {
		return fmt.Errorf("tell who asked: %w", err)
	}
	return nil
}

func title(r request) string { return fmt.Sprintf("#%d · A seat for %s", r.N, r.Email) }

// card is the request, with a button while it waits.
func card(r request) []slack.Block {
	text := fmt.Sprintf("*%s*\n<@%s> asks: “%s”", title(r), r.By, r.Reason)
	if r.State != "pending" {
		text += fmt.Sprintf("\nApproved by <@%s>; the account is there.", r.Approver)
		return []slack.Block{slack.NewSectionBlock(slack.NewTextBlockObject("mrkdwn", text, false, false), nil, nil)}
	}
	yes := slack.NewButtonBlockElement("approve", strconv.FormatInt(r.N, 10), slack.NewTextBlockObject("plain_text", "Approve", false, false))
	return []slack.Block{slack.NewSectionBlock(slack.NewTextBlockObject("mrkdwn", text, false, false), nil, nil), slack.NewActionBlock("decide", yes)}
}
