//go:build linux

package bolt_test

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"time"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/outbox"
	"github.com/usherbot/usher/store/bolt"
)

// The bugs that TestPowerCuts puts into the wiring, and the disks that forget what was asked of them.

// earlyBook is a seeded bug: people hear that it is so before the commit.
type earlyBook struct {
	*bolt.Store
	o *outside
}

func (b earlyBook) Update(ctx context.Context, fn func(approvals.Tx) error) error {
	return b.Store.Update(ctx, func(tx approvals.Tx) error {
		early := &earlyTx{Tx: tx}
		err := fn(early)
		if err == nil && early.put.State == approvals.Pending {
			b.o.hear(said{What: "asked", N: early.put.Number})
		}
		return err
	})
}

type earlyTx struct {
	approvals.Tx
	put approvals.Request
}

func (t *earlyTx) Put(r approvals.Request) error {
	t.put = r
	return t.Tx.Put(r)
}

// lateMarks is a seeded bug: the mark is written a moment after its caller went on.
type lateMarks struct{ outbox.Box }

func (b lateMarks) Mark(ctx context.Context, in outbox.Intent, note json.RawMessage) error {
	time.AfterFunc(time.Millisecond, func() { _ = b.Box.Mark(context.WithoutCancel(ctx), in, note) })
	return nil
}

// lateClaims is a seeded bug: the claim is written a moment after its caller went on. The one that a promise was born with is ended
// first, for that has been on the disk as long as the promise.
type lateClaims struct{ *bolt.Store }

func (b lateClaims) Claim(ctx context.Context, key string, now time.Time) (outbox.Intent, error) {
	born, err := b.Store.Claim(ctx, key, now)
	if err == nil {
		err = b.Finish(ctx, born, outbox.RetryAt(now, "its claim is ended"), now)
	}
	if err != nil {
		return outbox.Intent{}, err
	}
	in, err := b.Intents(ctx, key)
	if err != nil || len(in) == 0 {
		return outbox.Intent{}, outbox.ErrGone
	}
	time.AfterFunc(time.Millisecond, func() { _, _ = b.Store.Claim(context.WithoutCancel(ctx), key, now) })
	return in[0], nil
}

// without is a disk on which some calls do nothing.
func without(names ...string) func([]event) []event {
	return func(all []event) []event {
		return slices.DeleteFunc(slices.Clone(all), func(e event) bool { return slices.Contains(names, e.Name) })
	}
}

func withoutSyncOf(folder string) func([]event) []event {
	return func(all []event) []event {
		return slices.DeleteFunc(slices.Clone(all), func(e event) bool { return e.Name == "fsync" && e.Path == folder })
	}
}

// withoutTheFirstSync drops the sync before each write of a meta page, withoutTheSecondSync the one after.
func withoutTheFirstSync(all []event) []event {
	return drop(all, func(i int) bool { return i+1 < len(all) && isMeta(all[i+1]) })
}

func withoutTheSecondSync(all []event) []event {
	return drop(all, func(i int) bool { return i > 0 && isMeta(all[i-1]) })
}

func isMeta(e event) bool { return e.Name == "pwrite64" && e.Off < 2*page && len(e.Data) == page }

func drop(all []event, which func(i int) bool) (out []event) {
	for i, e := range all {
		if e.Name != "fdatasync" || !which(i) {
			out = append(out, e)
		}
	}
	return out
}

// withoutRefresh is a store that believes what it reads after a sync failed.
func withoutRefresh(all []event) []event {
	return slices.DeleteFunc(slices.Clone(all), func(e event) bool { return e.Name == "pwrite64" && e.Off == 0 && len(e.Data) == 2*page })
}

// createdInPlace is the making of the file without another name.
func createdInPlace(all []event) (out []event) {
	for _, e := range all {
		if e.Name == "linkat" || e.Name == "unlinkat" {
			continue
		}
		if made, _, ok := strings.Cut(e.Path, ".new-"); ok {
			e.Path = made
		}
		out = append(out, e)
	}
	return out
}

// withoutSyncOfTheCopy gives a compacted copy its name before it is on disk, withoutSyncOfItsName goes on before the
// name is.
func withoutSyncOfTheCopy(all []event) []event {
	return slices.DeleteFunc(slices.Clone(all), func(e event) bool { return e.Name == "fdatasync" && strings.Contains(e.Path, ".compact-") })
}

func withoutSyncOfItsName(all []event) []event {
	named := slices.IndexFunc(all, func(e event) bool { return e.Name == "renameat" })
	return append(slices.Clone(all[:named+1]), withoutSyncOf("data")(all[named+1:])...)
}
