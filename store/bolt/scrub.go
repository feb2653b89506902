package bolt

import (
	"context"
	"fmt"
	"os"
)

// Scrub overwrites what of the file holds nothing, so that what was replaced can't be read from it either. Two commits come first: of the
// two states that the file's first pages lead to, the older one might still have it. It is done where commits are made, while nobody reads;
// a crash meanwhile leaves the file as whole as it was, and some of what is free as it was too.
func (s *Store) Scrub(ctx context.Context) error {
	for range 2 {
		if err := s.queue(ctx, func(t *txn) error { return t.put(bMeta, kVersion, t.tx.Bucket(bMeta).Get(kVersion)) }); err != nil {
			return fmt.Errorf("commit before what is free is overwritten: %w", err)
		}
	}
	err := s.queue(ctx, func(*txn) error {
		s.wanted.Add(1)
		s.mu.Lock()
		s.wanted.Add(-1)
		defer s.mu.Unlock()
		return scrub(ctx, s.file)
	})
	if err != nil {
		return fmt.Errorf("overwrite what is free in the database: %w", err)
	}
	return nil
}

// scrub overwrites every page of a file that neither of its two states needs.
func scrub(ctx context.Context, file *os.File) error {
	metas, err := metasOf(file)
	if err != nil {
		return err
	}
	info, err := file.Stat()
	if err != nil {
		return fmt.Errorf("look at the file: %w", err)
	}
	size := metas[0].page
	pages := uint64(info.Size()) / size
	needed := make([]uint64, pages/64+1)
	for _, m := range metas {
		w := &walker{ctx: ctx, file: file, meta: m, seen: make([]uint64, m.top/64+1)}
		if m.free != noFreelist {
			_, err = w.read(m.free, 0)
		}
		if err == nil {
			err = w.tree(m.root, nil, nil, 0)
		}
		if err != nil {
			return err
		}
		for i := range min(len(w.seen), len(needed)) {
			needed[i] |= w.seen[i]
		}
	}
	empty := make([]byte, size)
	for id := uint64(2); id < pages; id++ {
		if needed[id/64]&(1<<(id%64)) != 0 {
			continue
		}
		if _, err := file.WriteAt(empty, int64(id*size)); err != nil {
			return fmt.Errorf("overwrite page %d: %w", id, err)
		}
	}
	return file.Sync()
}
