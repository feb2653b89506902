package bolt

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"go.etcd.io/bbolt"
)

// Proving the pages of a file takes as long as reading it, and people wait meanwhile. So a start that finds that the same file was proven in an earlier
// life, and written by nobody but us since, believes it, hears people, and proves it behind them (ProveRest). What says so is a note
// beside the file. It's taken away before the file is believed and put back once it's proven, or by an orderly end: whoever dies in
// between, of a damaged page perhaps, leaves none, and the next start proves everything first.
//
//	start ──► note taken away ──► people are heard ──► proven behind ──► note put back ──► … killed ──► start
//	             └─► killed ──► start ──► proven first, as where there was never a note

// markProven ends the name of that note.
const markProven = ".proven"

// voucher is what it says: which file was proven, and with which transaction.
type voucher struct {
	File string `json:"file"`
	Tx   uint64 `json:"tx"`
}

// believed takes the note away, and reports whether it is about this file as it stands. Where it can't be taken away the file isn't believed.
func believed(file *os.File) bool {
	path := file.Name() + markProven
	raw, err := os.ReadFile(path)
	if err != nil || os.Remove(path) != nil || syncDir(filepath.Dir(path)) != nil {
		return false
	}
	var v voucher
	is, known := identified(file)
	if !known || json.Unmarshal(raw, &v) != nil || v.File != is {
		return false
	}
	info, err := file.Stat()
	if err != nil {
		return false
	}
	// What every start reads is so little that it's proven all the same.
	w, _, err := walkOnly(context.Background(), file, info.Size(), 0, bMeta, nil)
	return err == nil && w.meta.tx >= v.Tx
}

// identified is which file this is among all of this machine.
func identified(file *os.File) (string, bool) {
	info, err := file.Stat()
	if err != nil {
		return "", false
	}
	return identityOf(info)
}

// vouches puts the note beside the file. Where that can't be done the next start takes longer, which is said.
func (s *Store) vouches() {
	if err := s.vouch(); err != nil {
		s.opt.Log.Warn("cannot note that the database was proven; the next start proves it before anybody is heard", "err", err)
	}
}

// vouch does it while nobody can open the file anew, so that it says nothing of a file that is doubted.
func (s *Store) vouch() error {
	return s.view(context.Background(), func(tx *bbolt.Tx) error {
		is, known := identified(s.file)
		if !known || s.doubted.Load() {
			return nil
		}
		raw, err := json.Marshal(voucher{File: is, Tx: uint64(tx.ID())})
		if err != nil {
			return fmt.Errorf("encode it: %w", err)
		}
		note, err := NewFile(s.path, markNew)
		if err != nil {
			return err
		}
		note.to = s.path + markProven
		_, err = note.Write(raw)
		if err = errors.Join(err, note.inFolder()); err == nil {
			err = note.Replace()
		}
		if err != nil {
			return errors.Join(err, note.Discard())
		}
		return note.Close()
	})
}

// doubts takes the note away: the disk has failed, so that the next start had better look first. The caller holds mu.
func (s *Store) doubts() {
	s.believes.Store(false)
	if err := os.Remove(s.path + markProven); err != nil && !errors.Is(err, fs.ErrNotExist) {
		s.opt.Log.Warn("cannot take away what says that the database was proven", "err", err)
	}
}

// errGrows says that so much was written meanwhile that a proof had better be made at another time: what it reads can't be used again
// before it ends.
var errGrows = errors.New("the database grows too fast to be proven meanwhile")

// errDoubted says that a commit has failed, and everybody waits for the file to be opened anew, which proves it.
var errDoubted = errors.New("the file is to be opened anew")

// mostGrown is by how many bytes a file may grow while it's proven, and mapped is how many more than that bbolt maps at the start: for
// mapping more it would wait for the proof, and everybody for it.
const mostGrown, mapped = 32 << 20, 128 << 20

// ProveRest walks the pages that the start believed. An error says what isn't as it should be, as that of a start does. It reads the
// file once, beside whatever else is done; not proven and no error: it gave way to who writes, and is to be called again later.
func (s *Store) ProveRest(ctx context.Context) (proven bool, err error) {
	if !s.believes.Load() {
		return true, nil
	}
	for range 100 {
		if err = s.proveRest(ctx, mostGrown); !errors.Is(err, errMoved) {
			break
		}
	}
	switch {
	case errors.Is(err, errGrows), errors.Is(err, errMoved), errors.Is(err, errDoubted):
		s.opt.Log.InfoContext(ctx, "the database isn't proven yet", "because", err)
		return false, nil
	case err != nil && ctx.Err() != nil:
		return false, fmt.Errorf("prove the database: %w", ctx.Err())
	}
	s.believes.Store(false) // and where something is wrong, nothing vouches for it at the end
	if err != nil {
		return false, sentence(s.path, err)
	}
	s.vouches()
	return true, nil
}

func (s *Store) proveRest(ctx context.Context, most int64) error {
	return s.view(ctx, func(tx *bbolt.Tx) error {
		info, err := s.file.Stat()
		if err != nil {
			return fmt.Errorf("look at the file: %w", err)
		}
		met := 0
		_, known, err := walk(ctx, s.file, info.Size(), uint64(tx.ID()), func([]byte, []byte, []byte) error {
			met++
			switch {
			case s.doubted.Load():
				return errDoubted
			case met%4096 == 0 && s.grown(info.Size()+most):
				return errGrows
			}
			return nil
		})
		if err == nil && !known {
			return errMoved
		}
		return err
	})
}

// grown reports whether the file is larger than that.
func (s *Store) grown(most int64) bool {
	info, err := s.file.Stat()
	return err == nil && info.Size() > most
}
