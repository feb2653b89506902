package conform

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/joiners"
	"github.com/usherbot/usher/leavers"
	"github.com/usherbot/usher/outbox"
	"github.com/usherbot/usher/register"
	"github.com/usherbot/usher/reviews"
	"github.com/usherbot/usher/store"
)

// Full puts something of every sort into a store that is empty, so that whoever copies one can be held to have forgotten
// nothing. Whatever a room has kept from now on belongs here.
func Full(t testing.TB, s store.Rooms) {
	t.Helper()
	ctx := context.Background()
	states := []approvals.State{approvals.Pending, approvals.Approved, approvals.Running, approvals.Done, approvals.Failed, approvals.InDoubt, approvals.Denied, approvals.Expired, approvals.Canceled, approvals.Ended}
	for n, state := range states {
		n := int64(n + 1)
		for _, st := range []approvals.State{approvals.Pending, state} {
			r := request(n, alice, fmt.Sprintf("jane%d@acme.example", n), st)
			r.Asked = at(0).AddDate(0, int(n)%2, 0)
			r.Origin, r.Change.Person = approvals.Origin{Key: fmt.Sprintf("trigger.%d", n)}, bob
			require.NoError(t, s.Update(ctx, func(tx approvals.Tx) error { return keep(tx, r) }))
		}
	}
	everyRoom(t, ctx, s)
	promises(t, ctx, s)
	require.NoError(t, s.Update(ctx, func(tx approvals.Tx) error {
		n := int64(len(states) + 1)
		r := request(n, alice, "gone@acme.example", approvals.Denied)
		entry := approvals.Entry{At: r.Asked, Actor: approvals.Actor(alice), What: "put", Request: n, After: r.State, Detail: json.RawMessage(`{"email":"gone@acme.example","app":"seranking"}`)}
		return errors.Join(tx.Put(r), tx.Audit(entry), tx.Remove(gone(n), approvals.Traces(n)))
	}))
}

// promises are some that are owed, claimed, noted, kept and told.
func promises(t testing.TB, ctx context.Context, s store.Rooms) {
	t.Helper()
	must := func(err error) { t.Helper(); require.NoError(t, err) }
	must(s.Promise(ctx, outbox.Promise("tell/9/requester/a", at(0)), outbox.Promise("tell/9/requester/b", at(time.Hour))))
	claimed, err := s.Claim(ctx, approvals.DeedKey(2), at(time.Minute))
	must(err)
	must(s.Mark(ctx, claimed, json.RawMessage(`{"tried": true, "before": "1 < 2 & 3"}`)))
	for _, key := range []string{approvals.CardKey(2), "tell/9/requester/a"} {
		in, err := s.Claim(ctx, key, at(time.Minute))
		must(err)
		must(s.Finish(ctx, in, outbox.DoneWith(outbox.Receipt{Place: "C0APPROVE", ID: "1.1", Digest: "d"}), at(time.Minute)))
	}
}

// everyRoom has each room keep what it keeps.
func everyRoom(t testing.TB, ctx context.Context, s store.Rooms) {
	t.Helper()
	must := func(err error) { t.Helper(); require.NoError(t, err) }
	must(s.Update(ctx, func(tx approvals.Tx) error {
		return errors.Join(tx.KeepAbsences([]approvals.Absence{{Person: bob, Until: at(time.Hour)}}), tx.KeepTurn("semrush", alice), tx.KeepStock("seranking", approvals.Stock{}))
	}))
	must(s.Learn(ctx, "seranking", []byte(`{"dialect":"unified"}`)))
	must(s.KeepSnapshot(ctx, "weekly", []byte("a report, with a zero byte \x00 and one that is no text \xff")))
	must(s.KeepSnapshot(ctx, "empty", nil))
	must(s.Shelve(ctx, map[string][]byte{"seranking/1/a": []byte("\x1f\x8b\x00")}, nil))
	kept, err := s.KeepDay(ctx, "seranking", "", "2026-11-23", []byte("figures"), []byte("accounts"))
	must(err)
	require.True(t, kept)
	must(s.Record(ctx, func(tx register.Tx) error {
		return tx.KeepRegister("seranking", register.Kept{At: at(0), File: "members.csv"})
	}))
	must(s.Alter(ctx, func(tx leavers.Tx) error {
		return errors.Join(tx.KeepLeaving(leavers.Leaving{Number: 1}), tx.KeepRoster(leavers.Roster{}), tx.KeepActive(leavers.Active{}))
	}))
	must(s.Admit(ctx, func(tx joiners.Tx) error {
		return errors.Join(tx.KeepComing(joiners.Coming{Number: 1}), tx.KeepRolls(joiners.Rolls{}))
	}))
	must(s.Revise(ctx, func(tx reviews.Tx) error {
		return errors.Join(tx.KeepReview(reviews.Review{Number: 1}), tx.KeepReviews(reviews.Index{}))
	}))
}
