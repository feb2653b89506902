package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/catalog"
	"github.com/usherbot/usher/outbox"
	"github.com/usherbot/usher/provision/seranking"
	"github.com/usherbot/usher/store/bolt"
)

// members are everybody, whatever they ask.
type members struct{ approvals.Directory }

// Person says that somebody is a full member.
func (members) Person(_ context.Context, id approvals.PersonID) (approvals.Person, error) {
	return approvals.Person{ID: id, Email: strings.ToLower(string(id)) + "@acme.example", Active: true}, nil
}

// Group is who leads.
func (members) Group(context.Context, approvals.GroupID) ([]approvals.PersonID, error) {
	return []approvals.PersonID{"U0BOB", "U0DAVE"}, nil
}

// ByEmail knows nobody.
func (members) ByEmail(context.Context, string) (approvals.Person, error) {
	return approvals.Person{}, nil
}

// within is a book all of whose updates are part of one transaction.
type within struct {
	approvals.Book
	tx approvals.Tx
}

// Update implements approvals.Book.
func (w within) Update(_ context.Context, fn func(approvals.Tx) error) error { return fn(w.tx) }

// perCommit is how many requests are filled in with one commit, and perPerson how many somebody has.
const perCommit, perPerson = 1000, 20

// usherFill asks through the desk, as the program does, many to a commit, and drops what is owed at once, as if it were delivered.
func usherFill(ctx context.Context, dir string, n int) error {
	s, err := bolt.Open(dir, bolt.Options{Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		return fmt.Errorf("open the database: %w", err)
	}
	err = s.VerifyLog(ctx) // as each life does at its start
	desk := newDesk(s)
	for from := 0; from < n && err == nil; from += perCommit {
		err = s.Update(ctx, func(tx approvals.Tx) error {
			desk.Book = within{s, tx}
			for i := from; i < min(from+perCommit, n); i++ {
				if err := asked(ctx, desk, tx, i); err != nil {
					return err
				}
			}
			return nil
		})
	}
	return errors.Join(err, s.Close())
}

// usherRests reports whether a life has proven the file, which the next start believes then.
func usherRests(dir string) bool {
	_, err := os.Stat(filepath.Join(dir, bolt.File+".proven"))
	return err == nil
}

// newDesk is a desk as the program has it, with limits that nobody meets and no Slack beside it.
func newDesk(book approvals.Book) *approvals.Desk {
	return &approvals.Desk{Book: book, Admins: []approvals.PersonID{"U0ADMIN"}, Apps: []approvals.App{seat()}, Directory: members{}, Log: slog.New(slog.DiscardHandler), Wake: func() {}, Nonce: func() (string, error) { return "bench", nil },
		Limits:   approvals.Limits{Pending: 1 << 30, PerMinute: 1 << 30, PerDay: 1 << 30},
		Policies: []approvals.Policy{{Name: "seats", Approvers: []string{"S0LEADS"}, Need: 1, ExpiresAfter: 7 * 24 * time.Hour, Text: "seats"}}}
}

func seat() approvals.App {
	return approvals.App{ID: "seranking", Name: "SE Ranking", Entry: seranking.Entry()}
}

// asked is the i-th request.
func asked(ctx context.Context, desk *approvals.Desk, tx approvals.Tx, i int) error {
	r, _, err := desk.Open(ctx, approvals.Ask{Origin: approvals.Origin{Key: fmt.Sprintf("fill.%d", i), Surface: "slack"}, Requester: approvals.PersonID(person(i / perPerson)),
		App: desk.Apps[0], Action: catalog.Create, Change: approvals.Change{Email: fmt.Sprintf("old%07d@acme.example", i), FirstName: "Jordan"}, Reason: "the audit of the spring"}, time.Now())
	if err != nil {
		return fmt.Errorf("ask for the %d-th: %w", i, err)
	}
	return tx.Change(outbox.Change{Drop: approvals.CardKey(r.Number)})
}
