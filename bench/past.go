package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"
	"sync/atomic"
	"time"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/catalog"
	"github.com/usherbot/usher/outbox"
	"github.com/usherbot/usher/store/bolt"
)

// history is a database with requests of the past, as it is used in this process: with the program's own desk beside it, and no Slack.
type history struct {
	*bolt.Store
	dir  string
	desk *approvals.Desk
	n    int // how many requests there are
	// commits is how often the file was made durable.
	commits atomic.Int64
}

// openHistory opens one in a folder, in which there are so many already.
func openHistory(dir string, n int) (h *history, err error) {
	h = &history{dir: dir, n: n}
	h.Store, err = bolt.Open(dir, bolt.Options{Log: slog.New(slog.DiscardHandler), Hook: func(place string) error {
		if place == "after commit" {
			h.commits.Add(1)
		}
		return nil
	}})
	if err != nil {
		return nil, fmt.Errorf("open the database: %w", err)
	}
	h.desk = newDesk(h.Store)
	return h, nil
}

// loaded is one in an empty folder with so many requests that are over, each asked, approved and carried out.
func loaded(ctx context.Context, dir string, n int) (*history, error) {
	h, err := openHistory(filepath.Join(dir, "model"), 0)
	if err != nil {
		return nil, err
	}
	r, err := h.ask(ctx, 0)
	if err == nil {
		err = h.vote(ctx, r.Number, true)
	}
	if err == nil {
		r, err = h.carry(ctx, r.Number)
	}
	if err = errors.Join(err, h.Close()); err != nil {
		return nil, err
	}
	to := filepath.Join(dir, "loaded")
	if err := filled(ctx, to, copies(r, n)); err != nil {
		return nil, err
	}
	return openHistory(to, n)
}

// ask is one more request, which waits.
func (h *history) ask(ctx context.Context, i int) (approvals.Request, error) {
	h.n++
	r, _, err := h.desk.Open(ctx, approvals.Ask{Origin: approvals.Origin{Key: fmt.Sprintf("ask.%d", i), Surface: "slack"}, Requester: approvals.PersonID(person(i / perPerson)), App: h.desk.Apps[0],
		Action: catalog.Create, Change: approvals.Change{Email: fmt.Sprintf("new%07d@acme.example", i), FirstName: "Jordan"}, Reason: "the audit of the spring"}, time.Now())
	if err != nil {
		return r, fmt.Errorf("ask for the %d-th: %w", i, err)
	}
	return r, nil
}

// vote is the word of somebody who may decide.
func (h *history) vote(ctx context.Context, n int64, yes bool) error {
	_, err := h.desk.Vote(ctx, n, approvals.Vote{By: "U0BOB", Yes: yes, At: time.Now(), Surface: "slack"}, time.Now())
	if err != nil {
		return fmt.Errorf("decide #%d: %w", n, err)
	}
	return nil
}

// carry has what was approved carried out.
func (h *history) carry(ctx context.Context, n int64) (r approvals.Request, err error) {
	for _, e := range []approvals.Event{approvals.Begun{}, approvals.Happened{Outcome: approvals.Outcome{At: time.Now(), Text: approvals.Sayf("The account was created."), AccountID: "36872"}}} {
		if r, err = h.desk.Record(ctx, n, e, time.Now()); err != nil {
			return r, fmt.Errorf("carry out #%d: %w", n, err)
		}
	}
	return r, nil
}

// deliver has what is owed under some keys said, each as a message with a place.
func (h *history) deliver(ctx context.Context, keys ...string) error {
	for _, key := range keys {
		in, err := h.Claim(ctx, key, time.Now())
		if err == nil {
			err = h.Finish(ctx, in, outbox.DoneWith(outbox.Receipt{Key: key, Place: "C0APPROVE", ID: "1795000000.000100"}), time.Now())
		}
		if err != nil {
			return fmt.Errorf("deliver %s: %w", key, err)
		}
	}
	return nil
}

// denied takes one more request from its asking to the last word about its denial, as the program does: a commit a step.
func (h *history) denied(ctx context.Context, i int) error {
	r, err := h.ask(ctx, i)
	if err == nil {
		err = h.deliver(ctx, approvals.CardKey(r.Number))
	}
	if err == nil {
		err = h.vote(ctx, r.Number, false)
	}
	if err == nil {
		err = h.deliver(ctx, approvals.CardKey(r.Number), approvals.TellKey(r.Number, approvals.Denied, 0))
	}
	return err
}
