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

// Proving the pages of a file takes as long as reading it, and people wait meanwhile. So a start that finds that the same file was proven
// in an earlier life believes it, hears people, and proves it behind them (ProveRest). What says so is a note beside the file. It's taken away before the file is believed and put back once it's proven, or by an orderly end: whoever dies in
// between, of a damaged page perhaps, leaves none, and the next start proves everything first.
//
//	start ──► note taken away ──► people are heard ──► proven behind ──► note put back ──► … killed ──► start
//	             └─► killed ──► start ──► proven first, as where there was never a note

// markProven ends the name of that note.
const markProven = ".proven"

// voucher is what it says: which file was proven, since when this machine has been up, with which transaction, and how many lives in a
// row have believed it since. After a power cut, or where a disk was taken to be read only, nothing is believed.
type voucher struct {
	File    string `json:"file"`
	Boot    string `json:"boot"`
	Tx      uint64 `json:"tx"`
	Beliefs int    `json:"beliefs,omitempty"`
}

// mostBeliefs is how many lives in a row may believe a file before one proves it first: each of them may have been too short for that, or
// have written too much meanwhile.
const mostBeliefs = 10

// believed takes the note away, and returns how many lives in a row have believed the file, this one with them; 0: the note isn't about
// this file as it stands, or can't be taken away, so it isn't believed.
func believed(file *os.File) int {
	path := file.Name() + markProven
	raw, err := os.ReadFile(path)
	if err != nil || os.Remove(path) != nil || syncDir(filepath.Dir(path)) != nil {
		return 0
	}
	var v voucher
	is, known := identified(file)
	boot, up := bootID()
	if !known || !up || json.Unmarshal(raw, &v) != nil || v.File != is || v.Boot != boot || v.Beliefs >= mostBeliefs {
		return 0
	}
	info, err := file.Stat()
	if err != nil {
		return 0
	}
	// What every start reads of the tree is so little that it's proven all the same, and the list of free pages, by which it's written.
	w, _, err := walkOnly(context.Background(), file, info.Size(), 0, bMeta, nil)
	if err != nil || w.meta.tx < v.Tx {
		return 0
	}
	return v.Beliefs + 1
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

// vouch does it unless something was met in this life that says otherwise; what is met while it's at it is looked for once more.
func (s *Store) vouch() error {
	return s.view(context.Background(), func(tx *bbolt.Tx) error {
		is, known := identified(s.file)
		boot, up := bootID()
		if !known || !up || s.doubted.Load() {
			return nil
		}
		v := voucher{File: is, Boot: boot, Tx: uint64(tx.ID())}
		if s.believes.Load() {
			v.Beliefs = s.beliefs
		}
		raw, err := json.Marshal(v)
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
		if err = note.Close(); s.doubted.Load() {
			s.doubts()
		}
		return err
	})
}

// doubts takes the note away, for the rest of this life: the next start had better look first.
func (s *Store) doubts() {
	s.doubted.Store(true)
	err := os.Remove(s.path + markProven)
	if err == nil {
		err = syncDir(filepath.Dir(s.path))
	}
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		s.opt.Log.Warn("cannot take away what says that the database was proven", "err", err)
	}
}

// met is err; where that says that a page isn't what it should be, nothing vouches for the file any more.
func (s *Store) met(err error) error {
	if errors.Is(err, ErrDamaged) || errors.Is(err, errPanic) {
		s.doubts()
	}
	return err
}

// errGrows says that so much was written meanwhile that a proof had better be made at another time: what it reads can't be used again
// before it ends.
var errGrows = errors.New("the database grows too fast to be proven meanwhile")

// errWanted says that somebody waits for the file alone, and everybody behind them.
var errWanted = errors.New("somebody waits for the file alone")

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
	case errors.Is(err, errGrows), errors.Is(err, errMoved), errors.Is(err, errWanted):
		s.opt.Log.InfoContext(ctx, "the database isn't proven yet", "because", err)
		return false, nil
	case errors.Is(err, ErrDamaged):
		return false, sentence(s.path, err)
	case err != nil && ctx.Err() != nil:
		return false, nil
	case err != nil:
		return false, fmt.Errorf("prove %s: %w", s.path, err)
	}
	s.believes.Store(false)
	s.vouches()
	return true, nil
}

func (s *Store) proveRest(ctx context.Context, most int64) error {
	return s.view(ctx, func(tx *bbolt.Tx) error {
		info, err := s.file.Stat()
		if err != nil {
			return fmt.Errorf("look at the file: %w", err)
		}
		if s.mapped > 0 && info.Size()+most > s.mapped {
			return errGrows
		}
		met := 0
		_, known, err := walk(ctx, s.file, info.Size(), uint64(tx.ID()), func([]byte, []byte, []byte) error {
			met++
			switch {
			case s.wanted.Load() > 0:
				return errWanted
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
