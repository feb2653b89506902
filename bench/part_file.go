package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/usherbot/usher/approvals"
	"github.com/usherbot/usher/bench/figure"
	"github.com/usherbot/usher/outbox"
	"github.com/usherbot/usher/store/bolt"
	"github.com/usherbot/usher/store/cargo"
)

// filed is what came of a file that was filled, of which then nine requests of ten were removed, and of one that never had more than are
// left.
type filed struct {
	bytes, payload float64 // of the full one
	purged, fresh  float64 // pages a commit
	left           float64 // bytes of the purged one once it was opened again
	kept           int     // requests that are left
}

// lives is how many requests are taken through their lives to fill a file as the program does.
const lives = 5000

// keptFor is for how long requests are kept in it.
const keptFor = 90 * 24 * time.Hour

// filePart is how much room a file takes, and what a commit writes after most of it was removed.
func filePart(ctx context.Context, b *bench) (m measured, err error) {
	n := min(b.waiting, lives)
	f, err := b.filed(ctx, n)
	if errors.Is(err, errElsewhere) {
		return absentRows(fileRows(n), err.Error()), nil
	}
	if err != nil {
		return m, err
	}
	b.say("  %d requests: %.1f MB of file for %.1f MB; %d left: %.1f pages a commit, %.1f in a fresh file, %.1f MB once it is opened again", n, f.bytes/megabyte, f.payload/megabyte, f.kept, f.purged, f.fresh, f.left/megabyte)
	m.rows = fileRows(n)
	size, pages := f.bytes/f.payload, f.purged/f.fresh
	m.rows[0].Cells = own(figure.Of(size, "%.2f times (%.1f MB for %.1f MB)", f.bytes/megabyte, f.payload/megabyte))
	m.rows[0] = m.rows[0].Judge(fmt.Sprintf("%.2f times", size), size <= 1.6, usher)
	m.rows[1].Cells = own(figure.Of(pages, "%.2f times (%.1f pages, %.1f in a fresh one)", f.purged, f.fresh))
	m.rows[1] = m.rows[1].Judge(fmt.Sprintf("%.2f times", pages), pages <= 2, usher)
	m.rows[2].Cells = own(figure.Of(f.left/megabyte, "%.1f MB"))
	return m, nil
}

func fileRows(n int) []figure.Row {
	of := figure.Short(float64(n)) + " requests that are over: "
	return []figure.Row{{Key: "filesize", What: of + "the file, to what is kept in it", Goal: "≤ 1.6 times"},
		{Key: "filepurged", What: "nine of ten removed by `keep`: written for a commit, to a fresh file", Goal: "≤ 2 times"}, {Key: "fileleft", What: "the same: the file after the next start"}}
}

// filed fills two files, removes what is old from the first, and counts.
func (b *bench) filed(ctx context.Context, n int) (f filed, err error) {
	dir, err := os.MkdirTemp(b.temp, "file-")
	if err != nil {
		return f, fmt.Errorf("make a folder: %w", err)
	}
	defer func() { _ = os.RemoveAll(dir) }() // it lies among what is temporary
	full, err := lived(ctx, filepath.Join(dir, "full"), n)
	if err != nil {
		return f, err
	}
	if err = errors.Join(f.purge(ctx, full, n), full.Close()); err != nil {
		return f, err
	}
	again, err := openHistory(full.dir, 0) // which gives back what is free
	if err != nil {
		return f, err
	}
	f.left, err = size(full.dir)
	if err = errors.Join(err, again.Close()); err != nil {
		return f, err
	}
	fresh, err := lived(ctx, filepath.Join(dir, "fresh"), n/10)
	if err != nil {
		return f, err
	}
	var g grown
	err = newHousehold(fresh).asks(ctx, &g)
	f.fresh = g.askPages
	return f, errors.Join(err, fresh.Close())
}

// lived is a file in which so many were asked and denied, one after the other.
func lived(ctx context.Context, dir string, n int) (*history, error) {
	h, err := openHistory(dir, 0)
	if err != nil {
		return nil, err
	}
	for i := range n {
		if err := h.denied(ctx, i); err != nil {
			return nil, errors.Join(err, h.Close())
		}
	}
	return h, nil
}

// purge removes nine of ten from a file, as the program does once a day.
func (f *filed) purge(ctx context.Context, h *history, n int) (err error) {
	if f.bytes, err = size(h.dir); err != nil {
		return err
	}
	if f.payload, _, err = h.payload(ctx); err != nil {
		return err
	}
	if err := h.age(ctx, int64(n-n/10)); err != nil {
		return err
	}
	k := &approvals.Keeping{Desk: h.desk, Box: h.Store, For: keptFor, Now: time.Now, Log: h.desk.Log}
	if result := k.Do(ctx, outbox.NewJob(outbox.Intent{Key: approvals.KeepKey(time.Now().Format(time.DateOnly))}, h.Store)); !result.IsDone() {
		_, why, _ := result.IsRetry()
		return fmt.Errorf("remove what is old: %s", why)
	}
	if _, f.kept, err = h.payload(ctx); err != nil {
		return err
	}
	h.n = n
	var g grown
	err = newHousehold(h).asks(ctx, &g)
	f.purged = g.askPages
	return err
}

// age has the first so many be of half a year ago.
func (h *history) age(ctx context.Context, upTo int64) error {
	for from := int64(1); from <= upTo; from += perCommit {
		err := h.Update(ctx, func(tx approvals.Tx) error {
			for n := from; n < from+perCommit && n <= upTo; n++ {
				r, err := tx.Request(n)
				if err != nil {
					return err
				}
				r.Asked, r.Decided = r.Asked.Add(-2*keptFor), r.Decided.Add(-2*keptFor)
				if err := tx.Put(r); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return fmt.Errorf("have them be of long ago: %w", err)
		}
	}
	return nil
}

// payload is how many bytes it would hand to another store, and how many requests.
func (h *history) payload(ctx context.Context) (bytes float64, requests int, err error) {
	err = h.Unload(ctx, func(i cargo.Item) error {
		bytes += float64(len(i.Name) + len(i.Month) + len(i.Line))
		if i.Kind == cargo.Request {
			requests++
		}
		return nil
	})
	if err != nil {
		return 0, 0, fmt.Errorf("read what is kept: %w", err)
	}
	return bytes, requests, nil
}

// size is how large a folder's database is.
func size(dir string) (float64, error) {
	info, err := os.Stat(filepath.Join(dir, bolt.File))
	if err != nil {
		return 0, fmt.Errorf("look at the database: %w", err)
	}
	return float64(info.Size()), nil
}
